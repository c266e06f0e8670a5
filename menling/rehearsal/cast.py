"""Who and what a rehearsal plays with: the demo city, or services and technicians of its own in it."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from core import technicians
from core.db import Database
from core.technicians import RotaSpan as Span
from core.technicians import WorkingTime
from menling.demo.data import (
    DemoCity,
    DemoOption,
    DemoPlace,
    DemoRegion,
    DemoService,
    DemoTechnician,
    RotaSpan,
    Sex,
    Words,
)
from menling.demo.entry import DemoDataError, Entry

_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_HOURS: Final = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)\s*[-–]\s*([01]?\d|2[0-4]):([0-5]\d)")
_DAY: Final = 1440
_BUFFER: Final = 15
_EVERY_DAY: Final = ((9 * 60, 21 * 60),)


@dataclass(frozen=True, slots=True)
class Busy:
    """Time in which a technician takes nothing."""

    technician: str
    from_at: datetime
    to_at: datetime


@dataclass(frozen=True, slots=True)
class Cast:
    """A city to play in; two casts of one key are the same."""

    key: str
    city: DemoCity = field(compare=False)
    busy: tuple[Busy, ...] = field(compare=False, default=())

    @property
    def zone(self) -> ZoneInfo:
        """Where the city is."""
        return ZoneInfo(self.city.store.zone)

    def technician(self, name: str) -> DemoTechnician | None:
        """Return the technician of that name, in either language, or code."""
        return next((one for one in self.city.technicians if name in _names(one.code, one.names)), None)

    def customer(self, name: str) -> str | None:
        """Return the code of the demo's customer of that code or name."""
        found = (one for one in self.city.customers if name in _names(one.code, one.names))
        return next((one.code for one in found), None)

    def point(self, place: str) -> tuple[float, float] | None:
        """Return where a place or district of the city is; None when there is none of that name."""
        named: list[DemoPlace | DemoRegion] = [*self.city.places, *self.city.regions]
        for one in named:
            if place in (*_names(one.code, one.names), *one.aliases.zh_hans, *one.aliases.en):
                return one.lat, one.lng
        return None


def read_cast(entry: Entry, city: DemoCity, zone: str) -> Cast:
    """Take `services` and `technicians` out of an entry; DemoDataError names the line that is wrong."""
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise entry.fail(f"there is no zone {zone}") from None
    given = {key: entry.peek(key) for key in ("services", "technicians") if entry.has(key)}
    key = json.dumps([zone, given], ensure_ascii=False, default=str)
    city = replace(city, store=replace(city.store, zone=zone))
    if entry.has("services"):
        city = replace(city, services=_services(entry, city))
        city = replace(city, technicians=_skilled(city))
    busy: list[Busy] = []
    if entry.has("technicians"):
        city = replace(city, technicians=_technicians(entry, city, busy))
    if not city.technicians:
        raise entry.fail("nobody can do any of these services: give technicians too")
    return Cast(key, city, tuple(busy))


def read_point(entry: Entry, city: Cast | DemoCity, value: object) -> tuple[float, float]:
    """Return degrees of [lat, lng] or of a place of the city."""
    cast = city if isinstance(city, Cast) else Cast("", city)
    if isinstance(value, str):
        found = cast.point(value)
        if found is None:
            raise entry.fail(f"there is no place {value} in the city")
        return found
    if isinstance(value, dict) and value.keys() == {"lat", "lng"}:
        value = [value["lat"], value["lng"]]
    fits = isinstance(value, list) and len(value) == 2 and all(type(n) in (int, float) for n in value)
    if not fits or not (abs(value[0]) <= 90 and abs(value[1]) <= 180):  # type: ignore[index]
        raise entry.fail(f"{value} must be [latitude, longitude] or a place of the city")
    return float(value[0]), float(value[1])  # type: ignore[index]


def read_moment(entry: Entry, value: object, zone: ZoneInfo) -> datetime:
    """Return an aware UTC time of "2026-11-22T14:00", with or without an offset: without one it is the city's."""
    try:
        at = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError:
        raise entry.fail(f'{value} must be a day and a time, like "2026-11-22T14:00"') from None
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)


def language(tag: str) -> str | None:
    """Return our name of a language by any of its tags (zh, zh-TW, en-GB); None for one nobody speaks here."""
    known = tag.replace("_", "-").casefold()
    if known.startswith("zh"):
        return "zh-Hant" if any(part in known for part in ("hant", "-tw", "-hk", "-mo")) else "zh-Hans"
    return "en" if known.startswith("en") else None


def put_in(db: Database, cast: Cast, now: datetime) -> None:
    """Write into the city what a demo city has no word for: when somebody is busy."""
    for one in cast.city.technicians:
        taken = [busy for busy in cast.busy if busy.technician == one.code]
        if taken:
            db.run(lambda tx, one=one, taken=taken: _keep_free(tx, one, taken, cast.zone))  # type: ignore[misc]


def _keep_free(tx: Any, one: DemoTechnician, taken: Iterable[Busy], zone: ZoneInfo) -> None:
    technician_id = next(t.id for t in technicians.roster(tx).technicians if t.number == one.number)
    times = WorkingTime(rota=tuple(Span(s.weekday, s.start_minute, s.end_minute) for s in one.rota))
    days: dict[date, list[tuple[int, int]]] = {}
    for busy in taken:
        first, last = busy.from_at.astimezone(zone), busy.to_at.astimezone(zone)
        day = first.date() - timedelta(days=1)  # a shift of the evening before reaches into the morning
        while day <= last.date():
            begins, ends = _minutes(day, first), _minutes(day, last)
            days[day] = [left for span in days.get(day, list(times.on(day))) for left in _without(span, begins, ends)]
            day += timedelta(days=1)
    for day, spans in days.items():
        if spans != list(times.on(day)):
            technicians.set_exception(tx, technician_id, day=day, spans=spans)


def _minutes(day: date, at: datetime) -> int:
    return (at.date() - day).days * _DAY + at.hour * 60 + at.minute


def _without(span: tuple[int, int], begins: int, ends: int) -> list[tuple[int, int]]:
    parts = [(span[0], min(span[1], begins)), (max(span[0], ends), span[1])]
    return [part for part in parts if part[0] < part[1] and part[0] < _DAY]


def _names(code: str, names: Words) -> tuple[str, str, str]:
    return code, names.zh_hans, names.en


def _words(entry: Entry, key: str) -> Words:
    """Return a text given once for every language, or once for each."""
    value = entry.raw(key)
    if isinstance(value, Mapping):
        texts = Entry(f"{entry.where}, {key}", value)
        words = Words(zh_hans=texts.text("zh-Hans"), en=texts.text("en"))
        texts.finish()
        return words
    if not isinstance(value, str | int) or isinstance(value, bool) or not str(value).strip():
        raise entry.fail(f"{key} must be a text")
    return Words(str(value).strip(), str(value).strip())


# --- services


def _services(entry: Entry, city: DemoCity) -> tuple[DemoService, ...]:
    read = tuple(_service(one, city, n) for n, one in enumerate(entry.children("services", "name"), 1))
    if len({one.names for one in read}) != len(read):
        raise entry.fail("a service is there twice")
    return read


def _service(entry: Entry, city: DemoCity, number: int) -> DemoService:
    names = _words(entry, "name")
    known = next((one for one in city.services if _same(names, one.names)), None)
    base = known or DemoService(
        code=f"service-{number}",
        category=city.categories[0].code,
        names=names,
        descriptions=Words("", ""),
        synonyms=city.categories[0].synonyms.__class__(),
        buffer_minutes=_BUFFER,
        options=(),
    )
    if entry.has("category"):
        wanted = entry.text("category")
        found = (c.code for c in city.categories if wanted in _names(c.code, c.names))
        code = next(found, None)
        if code is None:
            raise entry.fail(f"there is no category {wanted}")
        base = replace(base, category=code)
    if entry.has("buffer"):
        base = replace(base, buffer_minutes=entry.whole("buffer"))
    if entry.has("options"):
        base = replace(base, options=tuple(_option(o, n) for n, o in enumerate(entry.children("options", "name"), 1)))
    elif entry.has("minutes"):
        one = Entry(entry.where, {"minutes": entry.raw("minutes"), "price": entry.raw("price")})
        base = replace(base, options=(_option(one, 1),))
    if not base.options:
        raise entry.fail("options is missing")
    entry.finish()
    return base


def _option(entry: Entry, number: int) -> DemoOption:
    minutes = entry.whole("minutes", least=15)
    names = _words(entry, "name") if entry.has("name") else Words(f"{minutes} 分钟", f"{minutes} min")
    price = Decimal(str(entry.decimal("price", least=0.01, most=1_000_000)))
    option = DemoOption(
        code=f"option-{number}",
        names=names,
        minutes=minutes,
        price_minor=int(price * 100),
        most=entry.whole("most", least=1) if entry.has("most") else 1,
        crew=entry.whole("crew", least=1) if entry.has("crew") else 1,
    )
    entry.finish()
    return option


def _same(a: Words, b: Words) -> bool:
    return a.zh_hans == b.zh_hans or a.en.casefold() == b.en.casefold()


# --- technicians


def _skilled(city: DemoCity) -> tuple[DemoTechnician, ...]:
    """Return the demo's technicians with those of their skills that are sold here."""
    sold = {one.code for one in city.services}
    known = ((one, tuple(skill for skill in one.skills if skill in sold)) for one in city.technicians)
    return tuple(replace(one, skills=skills) for one, skills in known if skills)


def _technicians(entry: Entry, city: DemoCity, busy: list[Busy]) -> tuple[DemoTechnician, ...]:
    read = tuple(_technician(one, city, n, busy) for n, one in enumerate(entry.children("technicians", "name"), 1))
    for what in ("number", "code", "names"):
        if len({getattr(one, what) for one in read}) != len(read):
            raise entry.fail(f"two technicians have the same {what.removesuffix('s')}")
    return read


def _technician(entry: Entry, city: DemoCity, number: int, busy: list[Busy]) -> DemoTechnician:
    names = _words(entry, "name")
    known = next((one for one in city.technicians if _same(names, one.names)), None)
    one = known or _somebody(city, names, number)
    if entry.has("number"):
        one = replace(one, number=entry.whole("number", least=1))
    if entry.has("sex"):
        one = replace(one, sex=_sex(entry))
    if entry.has("skills"):
        one = replace(one, skills=tuple(_skill(entry, city, name) for name in entry.texts("skills")))
    if entry.has("base"):
        lat, lng = read_point(entry, city, entry.raw("base"))
        one = replace(one, lat=lat, lng=lng)
    if entry.has("rota"):
        one = replace(one, rota=_rota(entry, entry.raw("rota")))
    if entry.has("busy"):
        busy += _busy(entry, one.code, ZoneInfo(city.store.zone))
    if not one.skills:
        raise entry.fail("skills is missing")
    entry.finish()
    return one


def _somebody(city: DemoCity, names: Words, number: int) -> DemoTechnician:
    """Return a technician of whom only the name is known: every service, every district, every day."""
    return DemoTechnician(
        code=f"technician-{number}",
        number=100 + number,
        names=names,
        sex=Sex.FEMALE,
        age_band="30-34",
        years=5,
        skills=tuple(one.code for one in city.services),
        regions=tuple(one.code for one in city.regions),
        lat=city.store.lat,
        lng=city.store.lng,
        bio=names,
        certificates=(),
        rota=tuple(RotaSpan(day, *span) for day in range(7) for span in _EVERY_DAY),
        stars_sum=0,
        stars_count=0,
        orders_done=0,
    )


def _sex(entry: Entry) -> Sex:
    value = entry.text("sex")
    if value not in set(Sex):
        raise entry.fail("sex must be female or male")
    return Sex(value)


def _skill(entry: Entry, city: DemoCity, name: str) -> str:
    found = (one.code for one in city.services if name in _names(one.code, one.names))
    code = next(found, None)
    if code is None:
        raise entry.fail(f"there is no service {name}")
    return code


def _rota(entry: Entry, value: object) -> tuple[RotaSpan, ...]:
    """Return "09:00-21:00" for every day, or a mapping of days (mon ... sun, mon-fri, or 0 to 6) to such hours."""
    if isinstance(value, str):
        value = {"mon-sun": value}
    if not isinstance(value, dict) or not value:
        raise entry.fail('rota must be hours like "09:00-21:00", or hours by day: mon, tue, wed, thu, fri, sat, sun')
    spans = [
        RotaSpan(weekday, *span)
        for days, hours in value.items()
        for weekday in _weekdays(entry, days)
        for span in _hours(entry, hours)
    ]
    return tuple(sorted(spans, key=lambda span: (span.weekday, span.start_minute)))


def _weekdays(entry: Entry, value: object) -> range:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 6:
        return range(value, value + 1)
    ends = [day.strip().casefold()[:3] for day in str(value).split("-")]
    if not 1 <= len(ends) <= 2 or not all(day in _DAYS for day in ends):
        raise entry.fail(f"rota: {value} is no day of mon, tue, wed, thu, fri, sat, sun")
    return range(_DAYS.index(ends[0]), _DAYS.index(ends[-1]) + 1)


def _hours(entry: Entry, hours: object) -> list[tuple[int, int]]:
    spans = []
    for part in _parts(hours):
        found = _HOURS.fullmatch(part.strip())
        if found is None:
            raise entry.fail(f'rota: {hours} must be hours like "09:00-21:00"')
        start, end = int(found[1]) * 60 + int(found[2]), int(found[3]) * 60 + int(found[4])
        spans.append((start, end if end > start else end + _DAY))
    return spans


def _parts(hours: object) -> list[str]:
    """Return hours written "09:00-12:00, 14:00-18:00", or as a list of [from, to]."""
    if isinstance(hours, list):
        return ["-".join(str(end) for end in one) if isinstance(one, list) else str(one) for one in hours]
    return str(hours).split(",")


def _busy(entry: Entry, code: str, zone: ZoneInfo) -> list[Busy]:
    found = []
    for one in entry.children("busy", "from"):
        begins, ends = read_moment(one, one.raw("from"), zone), read_moment(one, one.raw("to"), zone)
        one.finish()
        if begins >= ends:
            raise one.fail("from must come before to")
        found.append(Busy(code, begins, ends))
    return found


__all__ = ["Busy", "Cast", "DemoDataError", "language", "put_in", "read_cast", "read_moment", "read_point"]
