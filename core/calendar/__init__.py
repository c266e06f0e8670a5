"""The calendar: rules, slots, holds, claims. A slot is sold once."""

from core.calendar.holds import give_to_order, held_for, hold, live_hold, release_hold, renew_hold, sweep_holds
from core.calendar.occupations import Occupation, guard
from core.calendar.search import alternatives, free_slots, nearest, offers_at
from core.calendar.visits import occupation_of, release_order, take_for_order
from core.calendar.wishes import CELL, Hold, NotBookable, Rule, Slot, SlotTaken, Wish

__all__ = [
    "CELL",
    "Hold",
    "NotBookable",
    "Occupation",
    "Rule",
    "Slot",
    "SlotTaken",
    "Wish",
    "alternatives",
    "free_slots",
    "give_to_order",
    "guard",
    "held_for",
    "hold",
    "live_hold",
    "nearest",
    "occupation_of",
    "offers_at",
    "release_hold",
    "release_order",
    "renew_hold",
    "sweep_holds",
    "take_for_order",
]
