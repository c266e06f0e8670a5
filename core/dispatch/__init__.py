"""Dispatch: asking technicians one by one, their answers, what the customer may choose when nobody is left."""

from core.dispatch.answering import accept, refusal_words, refuse
from core.dispatch.choosing import retime, wait
from core.dispatch.offering import close_offers, offer_next, open_offer, open_offers
from core.dispatch.offers import NobodyFree, Offer, OfferGone, OfferState, RefusalReason, offers_of

__all__ = [
    "NobodyFree",
    "Offer",
    "OfferGone",
    "OfferState",
    "RefusalReason",
    "accept",
    "close_offers",
    "offer_next",
    "offers_of",
    "open_offer",
    "open_offers",
    "refusal_words",
    "refuse",
    "retime",
    "wait",
]
