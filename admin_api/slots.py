"""Free slots for the operator at the phone: the calendar's own answers, each with the price an order would have."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Self, TypeVar
from zoneinfo import ZoneInfo

from fastapi import Query
from pydantic import Field, model_validator

from admin_api.acting import Act, Acting
from admin_api.order_shapes import QuoteItemOut
from admin_api.shapes import Id, Model, Moment, Money, Names, shown
from core import calendar, catalog, technicians
from core.calendar import CouldNotCheck, Fact, Free, Full, Rule, Slot, Wish
from core.catalog import Catalogue, Region
from core.db import DatabaseBusy, Tx
from core.errors import InvalidInput
from core.geo import Point
from core.money import pricing
from core.money.pricing import Quote
from core.orders.placing import wish_for
from core.settings import Rules, rules
from core.stores import Store, store
from core.technicians import Preferences, Roster, Sex
from core.wall import day_starts, local_day

Out = TypeVar("Out")

LONGEST_SEARCH = timedelta(days=31)
MOST_SLOTS = 50
_USUAL_SEARCH = timedelta(days=7)
_DAY = timedelta(days=1)
_FARTHEST_METRES = 1_000_000
_SOMEBODY = 0
"""Whom the search is for is not known: no person has this id, so nobody's holds are looked through."""

_MIA = {"id": "112365899124084736", "number": 7, "names": {"zh-Hans": "王师傅", "en": "Mia"}}
_PRICE = {
    "items": [
        {"code": "base", "amount": {"minor": 19800, "currency": "CNY"}},
        {"code": "fare", "amount": {"minor": 900, "currency": "CNY"}},
    ],
    "total": {"minor": 20700, "currency": "CNY"},
}
_SLOT = {
    "starts_at": "2026-03-11T07:00:00Z",
    "ends_at": "2026-03-11T08:00:00Z",
    "technician": _MIA,
    "companions": [],
    "facts": [{"fact": "near", "figure": 8}, {"fact": "rated", "figure": 48}],
    "leg_minutes": 8,
    "leg_metres": 950,
    "price": _PRICE,
}


class Somebody(Model):
    """A technician as the operator names them on the phone."""

    id: Id
    number: int | None
    names: Names


class FactOut(Model):
    """What speaks for a technician: minutes of the way, tenths of a star, visits that day, visits in the days ahead."""

    fact: Fact
    figure: int


class PriceOut(Model):
    """The price an order of this slot would be quoted at, before a coupon: fare and night fee are in it."""

    items: list[QuoteItemOut]
    total: Money


class SlotOut(Model):
    """A start that can be booked with one technician, and the two facts that ranked this technician among others."""

    starts_at: Moment
    ends_at: Moment
    technician: Somebody
    companions: list[Somebody]
    facts: list[FactOut]
    leg_minutes: int
    leg_metres: int
    price: PriceOut


class FullOut(Model):
    """Nothing is free, and that was looked up: `rule` forbids every start; null when others have them all."""

    rule: Rule | None
    nearest: SlotOut | None


class SlotsOut(Model):
    """Free slots, earliest first; `full` says why there are none. `zone` is the clock on the store's wall."""

    model_config = shown({"zone": "Asia/Shanghai", "slots": [_SLOT], "full": None})

    zone: str
    slots: list[SlotOut]
    full: FullOut | None


class MonthDay(Model):
    """A local day and at how many starts the technician is free on it."""

    day: date
    free_starts: int


class MonthOut(Model):
    """Every day of a month on the store's wall; `full` says why there is no free start on any of them."""

    model_config = shown({"zone": "Asia/Shanghai", "days": [{"day": "2026-03-11", "free_starts": 49}], "full": None})

    zone: str
    days: list[MonthDay]
    full: FullOut | None


class Visit(Model):
    """What shall be done where: `region_id` (its centre when no point is given), or a point (WGS84), or both."""

    option_id: Annotated[Id, Field(description="The option of a service; length and crew follow from it.")]
    quantity: Annotated[int, Field(ge=1, le=100, description="How many of the option, as far as it comes in many.")] = 1
    region_id: Id | None = None
    lat: Annotated[float | None, Field(ge=-90, le=90, allow_inf_nan=False)] = None
    lng: Annotated[float | None, Field(ge=-180, le=180, allow_inf_nan=False)] = None

    @model_validator(mode="after")
    def _somewhere(self) -> Self:
        if (self.lat is None) != (self.lng is None) or (self.lat is None and self.region_id is None):
            raise ValueError("a visit takes place in a region or at a point")
        return self

    @property
    def point(self) -> Point | None:
        """The point, if one was given."""
        return None if self.lat is None or self.lng is None else Point(self.lat, self.lng)


class Search(Visit):
    """What the customer on the phone would like; what is left out is open."""

    from_at: Annotated[Moment | None, Field(description="Starts from here on; now when left out.")] = None
    until_at: Annotated[
        Moment | None, Field(description="Starts before this, a month after `from_at` at most; a week when left out.")
    ] = None
    technician_id: Id | None = None
    sex: Sex | None = None
    least_stars: Annotated[float | None, Field(ge=0, le=5, allow_inf_nan=False)] = None
    least_years: Annotated[int, Field(ge=0, le=80)] = 0
    certified: bool = False
    most_minor: Annotated[
        int | None, Field(ge=0, le=1_000_000_000, description="The whole price at most, fare and night fee in it.")
    ] = None
    each: Annotated[int, Field(ge=1, le=10, description="How many technicians to name at each start, best first.")] = 1
    most: Annotated[int, Field(ge=1, le=MOST_SLOTS, description="How many slots there are at most.")] = 20


class Month(Visit):
    """What the month is looked through for."""

    month: Annotated[str, Field(pattern="^20[0-9]{2}-(0[1-9]|1[0-2])$", examples=["2026-12"])]

    @property
    def days(self) -> tuple[date, ...]:
        """Every day of it."""
        first = date.fromisoformat(f"{self.month}-01")
        return tuple(day for n in range(31) if (day := first + n * _DAY).month == first.month)


async def list_slots(act: Acting, asked: Annotated[Search, Query()]) -> SlotsOut:
    """Search free slots, each priced as an order would be; 503 `could_not_check` is not the same as full."""
    since = asked.from_at or act.now
    until = asked.until_at or since + _USUAL_SEARCH
    if not since < until <= since + LONGEST_SEARCH:
        raise InvalidInput(field="until_at")

    def found(tx: Tx) -> SlotsOut:
        ground = _ground(tx, asked, preferences=_liked(asked), technician_id=asked.technician_id)
        desk = _Phone(tx, ground, act.now, asked.most_minor)
        starts = desk.starts(since, until)
        if isinstance(starts, Full):
            return SlotsOut(zone=ground.store.zone, slots=[], full=desk.full(starts, since))
        slots = desk.slots(starts.starts[: asked.most], asked.each)[: asked.most]
        return SlotsOut(zone=ground.store.zone, slots=slots, full=None)

    return await _looked_up(act, found)


async def get_month(technician_id: Id, act: Acting, asked: Annotated[Month, Query()]) -> MonthOut:
    """Show at how many starts of each day of a month a technician is free; beyond the horizon there are none."""

    def found(tx: Tx) -> MonthOut:
        technicians.technician(tx, technician_id)
        ground = _ground(tx, asked, technician_id=technician_id)
        zone, days = ZoneInfo(ground.store.zone), asked.days
        desk = _Phone(tx, ground, act.now, most_minor=None)
        starts = desk.starts(day_starts(days[0], zone), day_starts(days[-1] + _DAY, zone))
        free = starts.starts if isinstance(starts, Free) else ()
        count = Counter(local_day(at, zone) for at in free)
        return MonthOut(
            zone=ground.store.zone,
            days=[MonthDay(day=day, free_starts=count[day]) for day in days],
            full=None if isinstance(starts, Free) else desk.full(starts, day_starts(days[0], zone)),
        )

    return await _looked_up(act, found)


async def _looked_up(act: Act, verb: Callable[[Tx], Out]) -> Out:
    """Answer from one snapshot; a database too busy to tell is CouldNotCheck like a search that took too long."""
    try:
        return await act.read(lambda tx, _: verb(tx))
    except DatabaseBusy as busy:
        raise CouldNotCheck from busy


@dataclass(frozen=True, slots=True)
class _Ground:
    """What a search rests on; without a wish nobody serves the place."""

    wish: Wish | None
    price_minor: int
    quantity: int
    store: Store
    figures: Rules

    def quote(self, leg_metres: int, starts_local: datetime) -> Quote:
        return pricing.quote(
            self.figures,
            price_minor=self.price_minor,
            quantity=self.quantity,
            currency=self.store.currency,
            leg_metres=leg_metres,
            starts_local=starts_local,
            coupon=None,
        )

    def night(self, at: datetime) -> bool:
        return pricing.is_night(self.figures, at.astimezone(ZoneInfo(self.store.zone)))

    def affordable(self, wish: Wish, most_minor: int, *, night: bool) -> Wish:
        """Return the wish of those alone whose fare leaves the whole price within `most_minor`, by day or by night."""
        minute = self.figures.night_from_minute if night else self.figures.night_to_minute
        local = datetime.combine(date(2000, 1, 1), time(), UTC) + timedelta(minutes=minute)
        near = bisect_right(range(_FARTHEST_METRES), most_minor, key=lambda m: self.quote(m, local).total_minor)
        return replace(wish, most_metres=near - 1)


@dataclass(frozen=True, slots=True)
class _Phone:
    """One search while it is answered."""

    tx: Tx
    ground: _Ground
    now: datetime
    most_minor: int | None

    def starts(self, since: datetime, until: datetime) -> Free | Full:
        """Return every start in [since, until) at which somebody is free whose price is not too high."""
        wish = self.ground.wish
        if wish is None:
            return Full(Rule.REGION)
        if self.most_minor is None:
            return self._free(wish, since, until)
        by_day = self._free(self._wish(wish, night=False), since, until)
        if isinstance(by_day, Full):  # a night costs more and reaches less far: it has nobody whom the day has not
            return by_day
        by_night = self._free(self._wish(wish, night=True), since, until)
        late = by_night.starts if isinstance(by_night, Free) else ()
        kept = [at for at in by_day.starts if not self.ground.night(at)]
        kept += [at for at in late if self.ground.night(at)]
        return Free(tuple(sorted(kept))) if kept else by_night

    def slots(self, starts: Sequence[datetime], each: int) -> list[SlotOut]:
        """Return up to `each` who can come at each of these free starts, best first, with facts and price."""
        late = {at for at in starts if self.most_minor is not None and self.ground.night(at)}
        kinds = ((False, [at for at in starts if at not in late]), (True, [at for at in starts if at in late]))
        found = [slot for night, kind in kinds if kind for slot in self._best(kind, each, night=night)]
        found.sort(key=lambda slot: slot.starts_at)
        roster = technicians.roster(self.tx)
        return [self._slot(slot, roster) for slot in found]

    def full(self, found: Full, at: datetime) -> FullOut:
        """Return why there is nothing, with the nearest slot that there is."""
        whole = self.starts(self.now, self.now + timedelta(days=self.ground.figures.horizon_days + 1))
        if isinstance(whole, Full):
            return FullOut(rule=found.rule, nearest=None)
        near = min(whole.starts, key=lambda start: abs(start - at))
        return FullOut(rule=found.rule, nearest=next(iter(self.slots((near,), 1)), None))

    def _best(self, starts: Sequence[datetime], each: int, *, night: bool) -> tuple[Slot, ...]:
        assert self.ground.wish is not None
        wish = self._wish(self.ground.wish, night=night)
        return calendar.best_slots(self.tx, wish, person_id=_SOMEBODY, now=self.now, starts=starts, each=each)

    def _wish(self, wish: Wish, *, night: bool) -> Wish:
        return wish if self.most_minor is None else self.ground.affordable(wish, self.most_minor, night=night)

    def _free(self, wish: Wish, since: datetime, until: datetime) -> Free | Full:
        return calendar.free_starts(self.tx, wish, person_id=_SOMEBODY, now=self.now, from_at=since, until_at=until)

    def _slot(self, slot: Slot, roster: Roster) -> SlotOut:
        quote = self.ground.quote(slot.leg_metres, slot.starts_at.astimezone(ZoneInfo(self.ground.store.zone)))
        return SlotOut(
            starts_at=slot.starts_at,
            ends_at=slot.ends_at,
            technician=_somebody(roster, slot.technician_id),
            companions=[_somebody(roster, one) for one in slot.companions],
            facts=[FactOut(fact=fact, figure=figure) for fact, figure in slot.facts],
            leg_minutes=slot.leg_minutes,
            leg_metres=slot.leg_metres,
            price=_price(quote),
        )


def _ground(
    tx: Tx, asked: Visit, *, technician_id: int | None, preferences: Preferences = technicians.NO_PREFERENCE
) -> _Ground:
    sold = catalog.catalogue(tx)
    service, option = sold.option(asked.option_id)
    region, point = _where(sold, asked)
    wish = (
        None
        if region is None
        else wish_for(
            service,
            option,
            quantity=asked.quantity,
            region_id=region.id,
            point=point,
            technician_id=technician_id,
            preferences=preferences,
        )
    )
    return _Ground(wish, option.price_minor, asked.quantity, store(tx, service.store_id), rules(tx))


def _where(sold: Catalogue, asked: Visit) -> tuple[Region | None, Point]:
    """Return the region of a visit, None when nobody serves the place, and its point."""
    point = asked.point
    if asked.region_id is not None:
        region = sold.region(asked.region_id)
        return region, point or region.point
    assert point is not None
    return sold.region_near(point.lat, point.lng), point


def _liked(asked: Search) -> Preferences:
    return Preferences(asked.sex, asked.least_stars, asked.least_years, asked.certified)


def _somebody(roster: Roster, technician_id: int) -> Somebody:
    one = roster.get(technician_id)
    return Somebody(id=one.id, number=one.number, names=dict(one.names))


def _price(quote: Quote) -> PriceOut:
    def money(minor: int) -> Money:
        return Money(minor=minor, currency=quote.currency)

    items = [QuoteItemOut(code=item.code, amount=money(item.minor)) for item in quote.items]
    return PriceOut(items=items, total=money(quote.total_minor))
