"""Dispatch: asking technicians one by one, their answers, an operator's word, the customer's when nobody is left."""

from core.dispatch.answering import accept, explain_refusal, refusal_words, refuse
from core.dispatch.assigning import assign
from core.dispatch.choosing import wait
from core.dispatch.offering import ask_crew, close_offers, offer_next, open_offer, open_offers
from core.dispatch.offers import NobodyFree, Offer, OfferGone, OfferState, is_near, offers_of, to_answer
from core.orders.reasons import RefusalReason

__all__ = [
    "NobodyFree",
    "Offer",
    "OfferGone",
    "OfferState",
    "RefusalReason",
    "accept",
    "ask_crew",
    "assign",
    "close_offers",
    "explain_refusal",
    "is_near",
    "offer_next",
    "offers_of",
    "open_offer",
    "open_offers",
    "refusal_words",
    "refuse",
    "to_answer",
    "wait",
]
