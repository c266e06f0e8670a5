"""Rehearsal: whole conversations played in through the real doors, on a throw-away database, with a clock of its own.

docs/rehearsal.md is its manual.
"""

from menling.rehearsal.person import Person
from menling.rehearsal.shapes import Link, NotPossible, OrderSeen, Reply
from menling.rehearsal.world import DOORS, NOW, World
from simulators.screen import NotOnScreen

__all__ = ["DOORS", "NOW", "Link", "NotOnScreen", "NotPossible", "OrderSeen", "Person", "Reply", "World"]
