"""What the calendar costs in statements, counted while it answers and writes in the town of the pictures."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from core import calendar
from core.calendar import Wish
from core.db import Database, Tx
from core.ids import new_id
from tests.builders import NOW
from tests.docs.town import Town, a_town, local

Verb = Callable[..., Any]


def statements_table() -> str:
    """Return how many statements each question and each verb runs, as a table of the manual."""
    lines = ["| what | statements |", "| --- | --- |"]
    with a_town() as (database, town):
        lines += [f"| {what} | {count} |" for what, count in _counted(database, town)]
    return "\n".join(lines)


def _counted(database: Database, town: Town) -> Iterator[tuple[str, int]]:
    def read(verb: Verb, **how: Any) -> int:
        return _count(database.read, partial(verb, town=town, **how))

    def write(verb: Verb, **how: Any) -> int:
        return _count(database.run, partial(verb, town=town, **how))

    named, anyone, pair = town.wish("wish", town.mia), town.wish("wish"), town.wish("wish", crew=2)
    yield "the starts of a day with anyone, when no diary is remembered yet", read(_day)
    yield "the same again, when nobody's diary has changed", read(_day)
    database.run(lambda tx: calendar.guard(tx, [town.mia.id]))
    yield "the same, after a diary has changed in another process", read(_day)
    yield "who can come at one start, ranked", read(_offers)
    yield "three alternatives to a start", read(_alternatives)
    yield "holding a start with a technician, a visit after it", write(_hold, wish=named, minute=930)
    yield "the starts of a day, after this process's own hold", read(_day)
    yield "giving that hold to an order", write(_give)
    yield "holding with anyone, whoever is best", write(_hold, wish=anyone, minute=660)
    yield "holding for two together", write(_hold, wish=pair, minute=840, guest=1)
    yield "cancelling a visit, with the next one's leg rewritten", write(_cancel)


def _count(run: Callable[[Verb], Any], verb: Verb) -> int:
    def counted(tx: Tx) -> int:
        before = tx.statements_run
        verb(tx)
        return tx.statements_run - before

    return int(run(counted))


def _day(tx: Tx, town: Town) -> object:
    wish = town.wish("wish")
    return calendar.free_starts(tx, wish, person_id=0, now=NOW, from_at=local(0), until_at=local(1440))


def _offers(tx: Tx, town: Town) -> object:
    return calendar.offers_at(tx, town.wish("wish"), person_id=0, now=NOW, at=local(900), most=5)


def _alternatives(tx: Tx, town: Town) -> object:
    return calendar.alternatives(tx, town.wish("wish"), person_id=0, now=NOW, at=local(900))


def _hold(tx: Tx, town: Town, wish: Wish, minute: int, guest: int = 0) -> object:
    who = town.guests[guest]
    return calendar.hold(tx, who, wish, technician_id=wish.technician_id, starts_at=local(minute), now=NOW)


def _give(tx: Tx, town: Town) -> object:
    held = calendar.live_holds(tx, town.guests[0], NOW)[0]
    return calendar.give_to_order(tx, held, new_id(), NOW, person_id=town.guests[0])


def _cancel(tx: Tx, town: Town) -> object:
    return calendar.release_order(tx, town.orders["A"], NOW)
