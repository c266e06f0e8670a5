"""The calendar: rules, slots, holds, claims. A slot is sold once."""

from core.calendar.cells import CELL
from core.calendar.holds import (
    give_to_change,
    give_to_order,
    held_for,
    hold,
    live_holds,
    release_hold,
    renew_hold,
    sweep_holds,
)
from core.calendar.occupations import Occupation, guard
from core.calendar.search import alternatives, best_slots, free_starts, offers_at
from core.calendar.visits import (
    crew_of,
    drop_change,
    guard_order,
    occupation_of,
    release_order,
    settle_change,
    take_for_order,
)
from core.calendar.wishes import (
    CouldNotCheck,
    Fact,
    Free,
    Full,
    Hold,
    NotBookable,
    Rule,
    Slot,
    SlotTaken,
    Wish,
)

__all__ = [
    "CELL",
    "CouldNotCheck",
    "Fact",
    "Free",
    "Full",
    "Hold",
    "NotBookable",
    "Occupation",
    "Rule",
    "Slot",
    "SlotTaken",
    "Wish",
    "alternatives",
    "best_slots",
    "crew_of",
    "drop_change",
    "free_starts",
    "give_to_change",
    "give_to_order",
    "guard",
    "guard_order",
    "held_for",
    "hold",
    "live_holds",
    "occupation_of",
    "offers_at",
    "release_hold",
    "release_order",
    "renew_hold",
    "settle_change",
    "sweep_holds",
    "take_for_order",
]
