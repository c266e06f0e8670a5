"""Dispatch: asking technicians one by one, their answers, an operator's word, the customer's when nobody is left."""

from core.dispatch.answering import accept, refusal_words, refuse
from core.dispatch.assigning import assign
from core.dispatch.choosing import hold_time, retime, wait
from core.dispatch.offering import ask_crew, close_offers, offer_next, open_offer, open_offers
from core.dispatch.offers import NobodyFree, Offer, OfferGone, OfferState, RefusalReason, is_near, offers_of

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
    "hold_time",
    "is_near",
    "offer_next",
    "offers_of",
    "open_offer",
    "open_offers",
    "refusal_words",
    "refuse",
    "retime",
    "wait",
]
