"""When a platform lets us write to somebody: windows a person opened, calls left today, permits given."""

from core.windows.lines import Line, Opening, bounced, line_to, opening_of
from core.windows.menus import note_menu
from core.windows.permits import forget_permit, permit, return_permit, use_permit
from core.windows.pushes import ALLOWED, Spent, Trigger, give_back, grant, left, shut, spend
from core.windows.quotas import count, day_ends_at, figures, used_up

__all__ = [
    "ALLOWED",
    "Line",
    "Opening",
    "Spent",
    "Trigger",
    "bounced",
    "count",
    "day_ends_at",
    "figures",
    "forget_permit",
    "give_back",
    "grant",
    "left",
    "line_to",
    "note_menu",
    "opening_of",
    "permit",
    "return_permit",
    "shut",
    "spend",
    "use_permit",
    "used_up",
]
