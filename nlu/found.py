"""A find in the folded text, before it is told in places of the original."""

from typing import NamedTuple

from nlu.understanding import EntityValue


class Found(NamedTuple):
    """Something named at [start, end) of the folded text."""

    start: int
    end: int
    kind: str
    value: EntityValue
