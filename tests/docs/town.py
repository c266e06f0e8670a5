"""A small town for the pictures of the calendar: what is drawn is asked of the calendar itself.

A Tuesday, ten o'clock in Chengdu; the day drawn is the Wednesday. A visit takes its minutes and a buffer of fifteen.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import bindparam, select

from core import calendar
from core.calendar import Free, Rule, Slot, Wish, occupations
from core.calendar.board import empty_board
from core.calendar.occupations import Occupation
from core.calendar.refusing import why_not
from core.calendar.tables import claim
from core.catalog import Region, Service
from core.db import Database, Tx
from core.geo import Point
from core.ids import new_id
from core.technicians import RotaSpan, Sex, Technician
from core.travel import TRAVEL
from tests.builders import CENTRE, NOW, a_customer, a_database, a_region, a_service, a_store, a_technician

MIDNIGHT = datetime(2026, 3, 10, 16, 0, tzinfo=UTC)
"""Wednesday 11 March 2026 begins in Chengdu."""
CELL = 15
_CLAIMS = select(claim.c.cell_start).where(claim.c.technician_id == bindparam("b_technician"))
_EPOCH_MINUTE = int(MIDNIGHT.timestamp()) // 60
_KM_A_DEGREE = 111.2

PLACES: Mapping[str, tuple[float, float]] = {
    "base": (0.0, 0.0),
    "A": (-2.9, 3.1),
    "B": (2.6, 2.3),
    "C": (-2.2, -1.9),
    "hold": (1.0, -3.0),
    "wish": (3.6, -0.4),
    "Ben's base": (6.4, 2.6),
    "D": (5.6, -2.2),
}
"""Kilometres east and north of Mia's base."""


class Mark(StrEnum):
    """What a start is to the wish that asks for it."""

    FREE = "free"
    TAKEN = "taken"  # its cells, or some of them, are somebody's
    WAY = "way"  # its cells are nobody's, but there is no time for the way there or onwards
    OFF = "off"  # outside the working time


@dataclass(frozen=True, slots=True)
class Block:
    """A hold or a visit, in minutes of the day drawn; `leg_from` is the name of where its way begins."""

    name: str
    held: bool
    starts: int
    ends: int
    free: int
    leg_minutes: int
    leg_from: str


@dataclass(frozen=True, slots=True)
class Day:
    """One technician's day as the tables have it, and what a wish finds in it."""

    name: str
    works: tuple[tuple[int, int], ...]
    blocks: tuple[Block, ...]
    cells: frozenset[int]
    marks: Mapping[int, Mark]


@dataclass(frozen=True, slots=True)
class Town:
    """Two technicians, what they do and where, and the orders of the day drawn by name."""

    service: Service
    region: Region
    mia: Technician
    ben: Technician
    guests: tuple[int, int]
    """Customers who have nothing yet."""
    orders: Mapping[str, int]
    names: Mapping[tuple[float, float], str]

    def wish(self, place: str, technician: Technician | None = None, minutes: int = 60, crew: int = 1) -> Wish:
        """A visit of this service at a place of the town."""
        at = point(place)
        return Wish(
            service_id=self.service.id,
            minutes=minutes,
            buffer_minutes=self.service.buffer_minutes,
            region_id=self.region.id,
            lat=at.lat,
            lng=at.lng,
            technician_id=None if technician is None else technician.id,
            crew=crew,
        )


@contextmanager
def a_town() -> Iterator[tuple[Database, Town]]:
    """The town on a database of its own."""
    with TemporaryDirectory() as folder:
        database = a_database(Path(folder))
        try:
            yield database, database.run(_built)
        finally:
            database.close()


def point(place: str) -> Point:
    """Where a place of the town is."""
    east, north = PLACES[place]
    return Point(CENTRE.lat + north / _KM_A_DEGREE, CENTRE.lng + east / (_KM_A_DEGREE * 0.8602))


def minutes_between(one: str, other: str) -> int:
    """The way between two places as the calendar reckons it."""
    ends = [Point(round(at.lat, 3), round(at.lng, 3)) for at in (point(one), point(other))]
    return TRAVEL.minutes(*ends)


def local(minute: int) -> datetime:
    """The instant of a minute of the day drawn."""
    return MIDNIGHT + timedelta(minutes=minute)


def minute_of(at: datetime) -> int:
    """The minute of the day drawn at an instant."""
    return (at - MIDNIGHT) // timedelta(minutes=1)


def clock(minute: int) -> str:
    """A minute of the day as a clock shows it."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def day_of(tx: Tx, town: Town, technician: Technician, name: str) -> Day:
    """Read one technician's day from the tables, and ask for every start of it."""
    wish = town.wish("wish", technician)
    taken = occupations.near(tx, technician.id, local(0), local(1440)).taken
    names = {one.id: town.names[one.lat, one.lng] for one in taken}
    cells = frozenset(row.cell_start * CELL - _EPOCH_MINUTE for row in tx.all(_CLAIMS, {"b_technician": technician.id}))
    return Day(
        name=name,
        works=_rota_of(technician, town),
        blocks=tuple(_block(one, names) for one in taken),
        cells=cells,
        marks=_marks(tx, wish, cells),
    )


def anyone(tx: Tx, town: Town, *, crew: int = 1) -> dict[int, Slot]:
    """The best slot at every start of the day at which anyone, or two together, can come."""
    wish = town.wish("wish", crew=crew)
    asked = calendar.free_starts(tx, wish, person_id=0, now=NOW, from_at=local(0), until_at=local(1440))
    starts = asked.starts if isinstance(asked, calendar.Free) else ()
    found = calendar.best_slots(tx, wish, person_id=0, now=NOW, starts=starts)
    return {minute_of(slot.starts_at): slot for slot in found}


def offers(tx: Tx, town: Town, minute: int) -> tuple[Slot, ...]:
    """Who can come at one start, best first, with the facts that ranked each."""
    return calendar.offers_at(tx, town.wish("wish"), person_id=0, now=NOW, at=local(minute), most=9)


_MIA_WORKS = ((9 * 60, 13 * 60), (14 * 60, 21 * 60))
_BEN_WORKS = ((11 * 60, 20 * 60),)


def _built(tx: Tx) -> Town:
    store, region = a_store(tx), a_region(tx)
    service = a_service(tx, store)
    mia, ben = (
        a_technician(
            tx,
            store=store,
            services=[service],
            regions=[region],
            rota=[RotaSpan(weekday, *span) for weekday in range(7) for span in works],
            base=point(base),
            sex=sex,
            stars=stars,
        )
        for works, base, sex, stars in (
            (_MIA_WORKS, "base", Sex.FEMALE, (49, 10)),
            (_BEN_WORKS, "Ben's base", Sex.MALE, (44, 10)),
        )
    )
    customer = a_customer(tx)
    guests = a_customer(tx).id, a_customer(tx).id
    names = {(round(at.lat, 3), round(at.lng, 3)): name for name in PLACES for at in (point(name),)}
    town = Town(service, region, mia, ben, guests, {}, names)
    visits = (("A", mia, 570, 60), ("B", mia, 720, 60), ("C", mia, 1050, 60), ("D", ben, 1020, 90))
    orders = {}
    for name, technician, minute, minutes in visits:
        orders[name] = new_id()
        wish = town.wish(name, technician, minutes)
        calendar.take_for_order(tx, orders[name], customer.id, wish, starts_at=local(minute), now=NOW)
    wish = town.wish("hold", mia)
    calendar.hold(tx, customer.id, wish, technician_id=mia.id, starts_at=local(1185), now=NOW)
    return replace(town, orders=orders)


def _rota_of(technician: Technician, town: Town) -> tuple[tuple[int, int], ...]:
    return _BEN_WORKS if technician.id == town.ben.id else _MIA_WORKS


def _block(one: Occupation, names: Mapping[int, str]) -> Block:
    return Block(
        name=names[one.id],
        held=one.order_id is None,
        starts=minute_of(one.starts_at),
        ends=minute_of(one.ends_at),
        free=minute_of(one.free_at),
        leg_minutes=one.leg_minutes,
        leg_from=one.leg_from if one.leg_from == "base" else names[int(one.leg_from)],
    )


def _marks(tx: Tx, wish: Wish, cells: frozenset[int]) -> dict[int, Mark]:
    found = calendar.free_starts(tx, wish, person_id=0, now=NOW, from_at=local(0), until_at=local(1440))
    free = {minute_of(at) for at in found.starts} if isinstance(found, Free) else set()
    board = empty_board(tx, NOW)
    marks = {}
    for minute in range(0, 1440, CELL):
        rule = why_not(board, wish, local(minute))
        whole = range(minute, minute + wish.whole_minutes, CELL)
        if minute in free:
            marks[minute] = Mark.FREE
        elif rule in (Rule.HOURS, Rule.ROTA):
            marks[minute] = Mark.OFF
        else:
            marks[minute] = Mark.TAKEN if cells.intersection(whole) else Mark.WAY
    return marks
