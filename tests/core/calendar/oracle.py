"""The calendar as somebody patient would reckon it: datetimes, clocks looked at by the minute, a book.

It follows the rules as people are told them and shares nothing with the calendar but the values of its answers and the
travel model. It never looks into the database: what is taken it knows from the answers it has seen.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import accumulate
from zoneinfo import ZoneInfo

from core.calendar import Rule, Wish
from core.geo import Point
from core.travel import TRAVEL

MINUTE, QUARTER, DAY = timedelta(minutes=1), timedelta(minutes=15), timedelta(days=1)
FOUR_HOURS = timedelta(hours=4)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MOST_HOLDS = 2

Spans = list[tuple[int, int]]


@dataclass
class Wall:
    """A clock on a wall, looked at every minute for some weeks."""

    zone: str
    begin: datetime
    days: int

    def __post_init__(self) -> None:
        seen = ((self.begin + n * MINUTE).astimezone(self._hung) for n in range(self.days * 1440))
        self.latest = list(accumulate(seen, max))
        """The latest time the clock has shown by each minute; times of one zone compare as the wall shows them."""

    @property
    def _hung(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    def reached(self, day: date, minute: int) -> int:
        """Return the number of the minute in which the clock first shows this time or a later one."""
        return bisect_left(self.latest, datetime.combine(day, time(), self._hung) + minute * MINUTE)

    def local_days(self) -> Iterator[date]:
        day = self.latest[0].date() - DAY
        while day <= self.latest[-1].date():
            yield day
            day += DAY

    def minutes_in(self, spans_on: Callable[[date], Iterable[tuple[int, int]]]) -> bytearray:
        """Return for each minute whether it lies in one of the spans of a local day."""
        found = bytearray(self.days * 1440)
        for day in self.local_days():
            for start, end in spans_on(day):
                first, last = self.reached(day, start), self.reached(day, end)
                found[first:last] = b"\x01" * (last - first)
        return found


@lru_cache(maxsize=64)
def wall(zone: str, begin: datetime, days: int) -> Wall:
    return Wall(zone, begin, days)


@dataclass
class Shop:
    """A store: its clock and its opening hours, which may run past midnight."""

    clock: Wall
    opens: int
    closes: int

    def __post_init__(self) -> None:
        self.open = self.clock.minutes_in(lambda _: [(self.opens, self.closes)])

    def local_day(self, at: datetime) -> date:
        """Return what day it is there."""
        return at.astimezone(ZoneInfo(self.clock.zone)).date()


@dataclass
class Worker:
    """A technician as a colleague would describe them; `week`, `special` and `leave` change through `set_times`."""

    id: int
    shop: Shop
    base: Point
    sex: str
    years: int
    certified: bool
    services: frozenset[int]
    regions: frozenset[int]
    stars: tuple[int, int]
    week: dict[int, Spans]
    special: dict[date, Spans] = field(default_factory=dict)
    leave: set[date] = field(default_factory=set)
    on_duty: bool = True
    approved: bool = True
    worked: bytearray = field(default_factory=bytearray)

    def __post_init__(self) -> None:
        self.set_times()

    def set_times(self) -> None:
        """Reckon anew which minutes are worked."""
        self.worked = self.shop.clock.minutes_in(self.spans_on)

    def spans_on(self, day: date) -> Spans:
        if day in self.leave:
            return []
        return self.special.get(day, self.week.get(day.weekday(), []))

    def liked(self, wish: Wish) -> bool:
        """Whether stars, years and certificate are as wished."""
        total, count = self.stars
        wanted = wish.preferences
        return (
            self.years >= wanted.least_years
            and (self.certified or not wanted.certified)
            and (wanted.least_stars is None or (count > 0 and round(total / count, 1) >= wanted.least_stars))
        )

    def near_enough(self, wish: Wish) -> bool:
        """Whether the fare of their way may be charged: only who leads has to be."""
        return wish.most_metres is None or TRAVEL.metres(self.base, Point(wish.lat, wish.lng)) <= wish.most_metres


@dataclass(frozen=True)
class Kept:
    """A hold (it expires) or a visit (it does not) of one technician or of two together, the lead first."""

    key: int
    person: int
    crew: tuple[int, ...]
    starts: datetime
    minutes: int
    buffer: int
    point: Point
    expires: datetime | None = None
    first_held: datetime | None = None

    @property
    def free(self) -> datetime:
        return self.starts + (self.minutes + self.buffer) * MINUTE

    def lapsed(self, now: datetime) -> bool:
        return self.expires is not None and self.expires <= now


@dataclass
class Oracle:
    """Who works, what is taken, and what follows from it."""

    begin: datetime
    staff: dict[int, Worker]
    holds: list[Kept] = field(default_factory=list)
    visits: dict[int, Kept] = field(default_factory=dict)
    notice: int = 60
    horizon: int = 14
    hold_minutes: int = 5
    hold_most: int = 15

    # who could come

    def able(self, wish: Wish) -> list[Worker]:
        """Return everybody against whom nothing speaks but time."""
        people = list(self.staff.values())
        for _, suits in self._suiting(wish):
            people = [one for one in people if suits(one)]
        return people

    @staticmethod
    def _suiting(wish: Wish) -> list[tuple[Rule, Callable[[Worker], bool]]]:
        return [
            (Rule.TECHNICIAN, lambda one: one.approved and one.on_duty),
            (Rule.SKILL, lambda one: wish.service_id in one.services),
            (Rule.REGION, lambda one: wish.region_id in one.regions),
            (Rule.SEX, lambda one: wish.preferences.sex in (None, one.sex)),
            (Rule.PREFERENCES, lambda one: one.liked(wish)),
        ]

    def leads(self, wish: Wish) -> set[int]:
        """Return who of the able could lead."""
        named = wish.technician_id
        return {one.id for one in self.able(wish) if named in (None, one.id) and one.near_enough(wish)}

    # what is free

    def taken(
        self, technician: int, now: datetime, *, person: int | None = None, without: int | None = None
    ) -> list[Kept]:
        """Return what a technician has, in order, but for a person's own holds and for one order."""
        holds = [one for one in self.holds if not one.lapsed(now) and one.person != person]
        visits = [one for one in self.visits.values() if one.key != without]
        return sorted((one for one in holds + visits if technician in one.crew), key=lambda one: one.starts)

    def works(self, one: Worker, wish: Wish, start: datetime) -> bool:
        return self._within(one.worked, wish, start) and self._within(one.shop.open, wish, start)

    def _within(self, minutes: bytearray, wish: Wish, start: datetime) -> bool:
        """Whether every minute of the service is one of these."""
        first = (start - self.begin) // MINUTE
        return 0 not in minutes[first : first + wish.minutes]

    def in_time(self, wish: Wish, start: datetime, now: datetime, *, notice: bool = True) -> bool:
        """Whether a start is on the grid, not too soon and not too far ahead."""
        soonest = now + self.notice * MINUTE if notice else now
        return not (start - EPOCH) % QUARTER and soonest <= start <= now + self.horizon * DAY

    def leg(self, one: Worker, point: Point, start: datetime, taken: list[Kept]) -> int:
        """Return the minutes of the way there: from the visit before, or from home after four hours without one."""
        before = [kept for kept in taken if kept.starts < start]
        at_home = not before or start - before[-1].free >= FOUR_HOURS
        return TRAVEL.minutes(one.base if at_home else before[-1].point, point)

    def leg_of(self, kept: Kept, now: datetime) -> int:
        """Return the minutes of the lead's way to what is in the book."""
        return self.leg(self.staff[kept.crew[0]], kept.point, kept.starts, self.taken(kept.crew[0], now))

    def reaches(self, one: Worker, wish: Wish, start: datetime, taken: list[Kept], now: datetime) -> bool:
        """Whether the visit meets no other and both ways fit."""
        done = start + wish.whole_time
        if any(start < kept.free and kept.starts < done for kept in taken):
            return False
        way = self.leg(one, wish.point, start, taken) * MINUTE
        before = [kept for kept in taken if kept.starts < start]
        after = [kept for kept in taken if kept.starts >= start]
        if now + way > start:
            return False
        if before and start - before[-1].free < FOUR_HOURS and before[-1].free + way > start:
            return False
        if not after or after[0].starts - done >= FOUR_HOURS:
            return True
        return done + TRAVEL.minutes(wish.point, after[0].point) * MINUTE <= after[0].starts

    def can_come(self, one: Worker, wish: Wish, start: datetime, taken: list[Kept], now: datetime) -> bool:
        return self.works(one, wish, start) and self.reaches(one, wish, start, taken, now)

    def comers(
        self, wish: Wish, starts: Iterable[datetime], now: datetime, *, person: int | None = None, empty: bool = False
    ) -> dict[datetime, set[int]]:
        """Return who of the able can come at each start, for one person; `empty`: if nothing were taken."""
        able = [(one, [] if empty else self.taken(one.id, now, person=person)) for one in self.able(wish)]
        return {at: {one.id for one, taken in able if self.can_come(one, wish, at, taken, now)} for at in starts}

    def free(
        self, wish: Wish, starts: Iterable[datetime], now: datetime, *, person: int | None = None, empty: bool = False
    ) -> list[datetime]:
        """Return the starts at which the wish can be booked."""
        asked = [at for at in starts if self.in_time(wish, at, now)]
        coming, leads = self.comers(wish, asked, now, person=person, empty=empty), self.leads(wish)
        return [at for at, who in coming.items() if len(who) >= wish.crew and who & leads]

    def judged(self, wish: Wish, new: Kept, now: datetime, *, notice: bool) -> bool:
        """Whether an order can have the one wished for: neither its own time nor its person's holds hinder."""
        who = next((one for one in self.able(wish) if one.id == wish.technician_id), None)
        if who is None or not self.in_time(wish, new.starts, now, notice=notice):
            return False
        taken = self.taken(who.id, now, person=new.person, without=new.key)
        return self.can_come(who, wish, new.starts, taken, now)

    # which rule forbids

    def rule(self, wish: Wish, starts: list[datetime], now: datetime, *, notice: bool = True) -> Rule | None:
        """Return the first rule after which none of these starts is left, whatever is taken."""
        soonest = now + self.notice * MINUTE if notice else now
        bounds: list[tuple[Rule, Callable[[datetime], bool]]] = [
            (Rule.OFF_GRID, lambda at: not (at - EPOCH) % QUARTER),
            (Rule.PAST, lambda at: at > now),
            (Rule.NOTICE, lambda at: at >= soonest),
            (Rule.HORIZON, lambda at: at <= now + self.horizon * DAY),
        ]
        for rule, keeps in bounds:
            starts = [at for at in starts if keeps(at)]
            if not starts:
                return rule
        named = wish.technician_id
        people = [one for one in self.staff.values() if named in (None, one.id)]
        enough = (Rule.PREFERENCES, lambda one: one.near_enough(wish))
        for rule, suits in (*self._suiting(wish), enough):
            people = [one for one in people if suits(one)]
            if not people:
                return rule
        if len(self.able(wish)) < wish.crew:
            return Rule.CREW
        return self._no_time(wish, people, starts, now)

    def _no_time(self, wish: Wish, people: list[Worker], starts: list[datetime], now: datetime) -> Rule | None:
        pairs = [(one, at) for one in people for at in starts]
        possible: list[tuple[Rule, Callable[[Worker, datetime], bool]]] = [
            (Rule.HOURS, lambda one, at: self._within(one.shop.open, wish, at)),
            (Rule.ROTA, lambda one, at: self.works(one, wish, at)),
            (Rule.LEG, lambda one, at: self.reaches(one, wish, at, [], now)),
        ]
        for rule, holds in possible:
            pairs = [pair for pair in pairs if holds(*pair)]
            if not pairs:
                return rule
        together = self.comers(wish, {at for _, at in pairs}, now, empty=True)
        return None if any(len(who) >= wish.crew for who in together.values()) else Rule.CREW

    # the book

    def held_before(self, person: int, wish: Wish, start: datetime, now: datetime) -> Kept | None:
        """Return the person's live hold of this very wish."""
        return next(
            (
                one
                for one in self.holds
                if one.person == person and not one.lapsed(now) and self._is_for(one, wish, start)
            ),
            None,
        )

    def _is_for(self, one: Kept, wish: Wish, start: datetime) -> bool:
        same = (one.starts, one.minutes, one.buffer, one.point) == (
            start,
            wish.minutes,
            wish.buffer_minutes,
            wish.point,
        )
        able = {who.id for who in self.able(wish)}
        return same and len(one.crew) == wish.crew and one.crew[0] in self.leads(wish) and able.issuperset(one.crew)

    def longer(self, one: Kept, now: datetime) -> Kept:
        """Return a hold renewed: to the usual length from now, up to its most, unless that adds less than a minute."""
        assert one.expires is not None
        assert one.first_held is not None
        until = min(now + self.hold_minutes * MINUTE, one.first_held + self.hold_most * MINUTE)
        return one if until - one.expires < MINUTE else replace(one, expires=until)

    def in_the_way(self, wish: Wish, crew: Iterable[int], start: datetime, now: datetime, person: int) -> list[Kept]:
        """Return the live holds of a person beside which these technicians could not take their visit at a start."""
        found = []
        for kept in self.live(person, now):
            for one in set(crew) & set(kept.crew):
                beside = sorted([*self.taken(one, now, person=person), kept], key=lambda each: each.starts)
                if not self.reaches(self.staff[one], wish, start, beside, now) and kept not in found:
                    found.append(kept)
        return found

    def live(self, person: int, now: datetime) -> list[Kept]:
        """Return what a person holds, the oldest first."""
        return [one for one in self.holds if one.person == person and not one.lapsed(now)]

    def put_hold(self, new: Kept, in_the_way: list[Kept], now: datetime, replacing: int | None) -> Kept:
        """Write a new hold with its end; the one replaced, those in its way and the oldest of many are struck out.

        Another time with one technician is no new beginning of the most that a hold may last.
        """
        mine = self.live(new.person, now)
        kept = [one for one in mine if one.key != replacing and one not in in_the_way]
        staying = kept[max(0, len(kept) - (MOST_HOLDS - 1)) :]
        gone = [one for one in mine if one not in staying]
        began = min([now, *(one.first_held for one in gone if one.first_held and set(one.crew) & set(new.crew))])
        until = min(now + self.hold_minutes * MINUTE, began + self.hold_most * MINUTE)
        new = replace(new, expires=max(until, now + MINUTE), first_held=began)
        self.strike(gone)
        self.holds.append(new)
        return new

    def strike(self, holds: list[Kept]) -> None:
        """Strike out holds."""
        self.holds = [one for one in self.holds if one not in holds]

    def replace_hold(self, old: Kept, new: Kept | None) -> None:
        """Write a hold anew, or strike it out."""
        self.holds = [new if one is old else one for one in self.holds if one is not old or new is not None]  # type: ignore[misc]

    def worse_off(self, gone: Kept, now: datetime) -> set[int]:
        """Return the orders whose way is too long now that a visit, already struck out, no longer comes before them."""
        late = set()
        for one in gone.crew:
            taken = self.taken(one, now)
            after = next((kept for kept in taken if kept.starts >= gone.starts), None)
            if after is None or after.expires is not None or after.starts <= now:
                continue
            before = [kept for kept in taken if kept.starts < after.starts]
            way = self.leg(self.staff[one], after.point, after.starts, taken) * MINUTE
            if max([now, *(kept.free for kept in before[-1:])]) + way > after.starts:
                late.add(after.key)
        return late


__all__ = ["DAY", "EPOCH", "MINUTE", "QUARTER", "Kept", "Oracle", "Shop", "Wall", "Worker", "wall"]
