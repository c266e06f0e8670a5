"""Dividing what a visit earns among those who made it."""

from collections.abc import Sequence


def shares(minor: int, crew: Sequence[int]) -> dict[int, int]:
    """Divide an amount equally among technicians; what cannot be divided goes to the first, who leads."""
    each, rest = divmod(minor, len(crew))
    return {technician_id: each + (rest if place == 0 else 0) for place, technician_id in enumerate(crew)}


def share_of(minor: int, technician_id: int, crew: Sequence[int]) -> int:
    """Return one technician's part of an amount; all of it for somebody who is not one of the crew any more."""
    return shares(minor, crew).get(technician_id, minor)
