"""Positions of technicians on the way to a visit: one write a minute, shown to its customer, gone at the door."""

from core.positions.ending import Over, ended, forget, over, sweep
from core.positions.reading import Position, minutes_left, where
from core.positions.sharing import Map, Taken, awaited, map_of, take

__all__ = [
    "Map",
    "Over",
    "Position",
    "Taken",
    "awaited",
    "ended",
    "forget",
    "map_of",
    "minutes_left",
    "over",
    "sweep",
    "take",
    "where",
]
