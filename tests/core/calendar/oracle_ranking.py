"""Who is asked first, as somebody patient would reckon it: in whole tenths of a point, from the oracle's own book."""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from core.calendar import Fact, Wish
from tests.core.calendar.oracle import Oracle, Worker

TENTHS = {Fact.NEAR: -1, Fact.RATED: 2, Fact.LIGHT_DAY: -5, Fact.TURN: -1}
USUAL_STARS = 45


@dataclass(frozen=True)
class Offered:
    """Who would come, the lead first, and the two facts that speak most for the lead."""

    crew: tuple[int, ...]
    facts: tuple[tuple[Fact, int], ...]


def offers(oracle: Oracle, wish: Wish, start: datetime, now: datetime, *, person: int) -> list[Offered]:
    """Return everybody who could lead at a start, best first, each with the best companion where two come."""
    if not oracle.free(wish, [start], now, person=person):
        return []
    coming = oracle.comers(wish, [start], now, person=person)[start]
    everybody = _ranked(oracle, wish, coming, start, now, person=person)
    found = []
    for lead, facts in _ranked(oracle, wish, coming & oracle.leads(wish), start, now, person=person):
        others = [one for one, _ in everybody if one != lead]
        found.append(Offered((lead, *others[: wish.crew - 1]), facts))
    return found


def _ranked(
    oracle: Oracle, wish: Wish, comers: set[int], start: datetime, now: datetime, *, person: int
) -> list[tuple[int, tuple[tuple[Fact, int], ...]]]:
    figures = {one: _figures(oracle, oracle.staff[one], wish, start, now, person=person) for one in comers}
    points = {one: sum(TENTHS[fact] * what for fact, what in each.items()) for one, each in figures.items()}
    order = sorted(comers, key=lambda one: (-points[one], figures[one][Fact.NEAR], one))
    return [(one, _two_facts(oracle.staff[one], figures[one], list(figures.values()))) for one in order]


def _figures(
    oracle: Oracle, one: Worker, wish: Wish, start: datetime, now: datetime, *, person: int
) -> dict[Fact, int]:
    """Return the way, the tenths of a star, the visits on that day and those to come, from the hour on."""
    total, count = one.stars
    visits = [kept.starts for kept in oracle.visits.values() if one.id in kept.crew]
    day, hour = one.shop.local_day(start), now.replace(minute=0, second=0, microsecond=0)
    return {
        Fact.NEAR: oracle.leg(one, wish.point, start, oracle.taken(one.id, now, person=person)),
        Fact.RATED: round(Fraction(10 * total, count)) if count else USUAL_STARS,
        Fact.LIGHT_DAY: sum(one.shop.local_day(at) == day for at in visits),
        Fact.TURN: sum(at >= hour for at in visits),
    }


def _two_facts(who: Worker, mine: dict[Fact, int], all_of: list[dict[Fact, int]]) -> tuple[tuple[Fact, int], ...]:
    """Return where somebody is farthest above the mean; stars that nobody gave are not told."""

    def advantage(fact: Fact) -> Fraction:
        return TENTHS[fact] * (mine[fact] - Fraction(sum(each[fact] for each in all_of), len(all_of)))

    told = sorted((fact for fact in Fact if fact is not Fact.RATED or who.stars[1]), key=advantage, reverse=True)
    return tuple((fact, mine[fact]) for fact in told[:2])


__all__ = ["Offered", "offers"]
