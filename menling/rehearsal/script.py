"""Reading a rehearsal script strictly: a slip of the pen is one sentence with the file and the step."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from menling.demo.entry import DemoDataError, Entry, read_file
from menling.rehearsal.cast import Cast, language, read_cast, read_moment, read_point
from menling.rehearsal.masters import demo_city
from menling.rehearsal.world import NOW

LANGUAGES: Final = ("zh-Hans", "zh-Hant", "en")
_ACTS: Final = ("say", "press", "photo", "location", "contact", "pay")
_OF_NOBODY: Final = ("advance", "restart")
_DURATION: Final = re.compile(r"(?:(\d+)\s*d)?\s*(?:(\d+)\s*h)?\s*(?:(\d+)\s*m(?:in)?)?")
_MANNERS: Final = ("normal", "late", "repeated", "twice", "wrong_amount", "lost")


class ScriptError(ValueError):
    """The script cannot be played; the message is the sentence for whoever wrote it."""


@dataclass(frozen=True, slots=True)
class Role:
    """Somebody of the script; `demo` is the code or name by which the city knows them."""

    name: str
    lang: str | None
    demo: str | None = None
    phone: str | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an order should be; only what is given counts."""

    facts: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Step:
    """One step: who does what, and what must come of it."""

    place: str
    act: str | None
    value: object
    who: str | None
    expect: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    buttons: tuple[str, ...] = ()
    order: Wanted | None = None
    keep: Mapping[str, str] = field(default_factory=dict)
    """Names and patterns: what a pattern's group finds is written <name> in later steps."""


@dataclass(frozen=True, slots=True)
class Script:
    """A whole rehearsal."""

    name: str
    now: datetime
    cast: Cast
    people: tuple[Role, ...]
    steps: tuple[Step, ...]
    lang: str | None = field(default=None)


def read_script(path: Path) -> Script:
    """Return the script in a file; raises ScriptError with a sentence for a file or line that is wrong."""
    if not path.is_file():
        raise ScriptError(f"There is no file {path}.")
    try:
        return _script(read_file(path))
    except DemoDataError as error:
        raise ScriptError(_sentence(path, error)) from None


def _sentence(path: Path, error: DemoDataError) -> str:
    """Return what is wrong in one line; of what is no YAML, where and why."""
    mark = getattr(error.__cause__, "problem_mark", None)
    if mark is not None:
        why = getattr(error.__cause__, "problem", None) or "it cannot be read"
        return f"{path.name}, line {mark.line + 1}: this is no YAML ({why}); texts with , : ? or # want quotes."
    return " ".join(f"{error}".split()).rstrip(".") + "."


def _script(entry: Entry) -> Script:
    zone = entry.text("zone") if entry.has("zone") else "Asia/Shanghai"
    cast = read_cast(entry, demo_city(), zone)
    script = Script(
        name=entry.text("name") if entry.has("name") else "",
        lang=_lang(entry),
        now=_clock(entry, zone),
        cast=cast,
        people=(),
        steps=(),
    )
    people = _people(entry, script)
    steps = tuple(_step(one, cast, people) for one in entry.children("steps", "-"))
    entry.finish()
    return Script(script.name, script.now, cast, (*people, *_unlisted(people, steps, cast)), steps, script.lang)


def _clock(entry: Entry, zone: str) -> datetime:
    try:
        there = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise entry.fail(f"there is no zone {zone}") from None
    return read_moment(entry, entry.raw("clock"), there) if entry.has("clock") else NOW.astimezone(UTC)


def _lang(entry: Entry) -> str | None:
    if not entry.has("lang"):
        return None
    tag = entry.text("lang")
    lang = language(tag)
    if lang is None:
        raise entry.fail(f"there is no language {tag}: choose {', '.join(LANGUAGES)}")
    return lang


def _people(entry: Entry, script: Script) -> tuple[Role, ...]:
    if not entry.has("people"):
        return ()
    people = tuple(_role(one, script) for one in entry.children("people", "name"))
    names = [one.name for one in people]
    if len(set(names)) != len(names):
        raise entry.fail("people: two have the same name")
    return people


def _role(entry: Entry, script: Script) -> Role:
    name = entry.text("name")
    demo = entry.text("demo") if entry.has("demo") else None
    if demo is None and script.cast.technician(name) is not None:
        demo = name
    if demo is not None and script.cast.technician(demo) is None and script.cast.customer(demo) is None:
        raise entry.fail(f"the city knows nobody called {demo}")
    role = Role(
        name=name,
        lang=_lang(entry) or script.lang,
        demo=demo,
        phone=_text(entry, "phone") if entry.has("phone") else None,
        address=entry.text("address") if entry.has("address") else None,
    )
    if role.phone is not None and not re.fullmatch(r"\+?\d{7,15}", role.phone):
        raise entry.fail(f"{role.phone} is no phone number")
    if role.address is not None and place_in(script.cast, role.address) is None:
        raise entry.fail(f"{role.address} names no place of the city")
    entry.finish()
    return role


def place_in(cast: Cast, address: str) -> str | None:
    """Return the code of the city's place that an address names; None when it names none."""
    for place in cast.city.places:
        if any(name in address for name in (place.names.zh_hans, place.names.en)):
            return place.code
    return None


def _unlisted(people: tuple[Role, ...], steps: tuple[Step, ...], cast: Cast) -> tuple[Role, ...]:
    """Technicians who act without being listed among the people."""
    listed = {one.name for one in people}
    acting = dict.fromkeys(one.who for one in steps if one.who is not None and one.who not in listed)
    return tuple(Role(name=who, lang=None, demo=who) for who in acting if cast.technician(who) is not None)


def _step(entry: Entry, cast: Cast, people: tuple[Role, ...]) -> Step:
    who = _text(entry, "who") if entry.has("who") else None
    acts = [act for act in (*_ACTS, *_OF_NOBODY) if entry.has(act)]
    if who is None and len(people) == 1 and not set(acts) & set(_OF_NOBODY):
        who = people[0].name
    if len(acts) > 1:
        raise entry.fail(f"one act a step: {' and '.join(acts)} are two")
    act = acts[0] if acts else None
    if act in _ACTS and who is None:
        raise entry.fail(f"who does it: {act} needs a who")
    if who is not None and who not in {one.name for one in people} and cast.technician(who) is None:
        raise entry.fail(f"there is nobody called {who} among the people")
    step = Step(
        place=entry.where,
        act=act,
        value=None if act is None else _value(entry, act, cast),
        who=who,
        expect=_texts(entry, "expect"),
        absent=_texts(entry, "absent"),
        buttons=_texts(entry, "buttons"),
        order=_wanted(entry, cast) if entry.has("order") else None,
        keep=_keep(entry) if entry.has("keep") else {},
    )
    entry.finish()
    if act is None and not (step.expect or step.absent or step.buttons or step.order or step.keep):
        raise entry.fail("nothing is done and nothing expected")
    return step


def _value(entry: Entry, act: str, cast: Cast) -> object:
    match act:
        case "say" | "press" | "contact":
            return _text(entry, act)
        case "location":
            return read_point(entry, cast, entry.raw(act))
        case "advance":
            return _minutes(entry, entry.raw(act))
        case "pay":
            return _manner(entry, entry.raw(act))
        case _:
            return _just_true(entry, act, entry.raw(act))


def _just_true(entry: Entry, act: str, value: object) -> bool:
    if value is not True:
        raise entry.fail(f"{act} must be true")
    return True


def _manner(entry: Entry, value: object) -> str:
    if value is True:
        return "normal"
    if value not in _MANNERS:
        raise entry.fail(f"pay must be true or one of {', '.join(_MANNERS)}")
    return str(value)


def _minutes(entry: Entry, value: object) -> float:
    """Return minutes of a number, of words like "2h", "1d 3h", "90m", or of {days, hours, minutes}."""
    if isinstance(value, dict) and value and value.keys() <= {"days", "hours", "minutes"}:
        value = " ".join(f"{value[unit]}{unit[0]}" for unit in ("days", "hours", "minutes") if unit in value)
    if isinstance(value, int | float) and not isinstance(value, bool) and value > 0:
        return float(value)
    found = _DURATION.fullmatch(value.strip()) if isinstance(value, str) and value.strip() else None
    if found is None:
        raise entry.fail('advance must be minutes, or a time like "2h" or "1d 3h"')
    days, hours, minutes = (int(part or 0) for part in found.groups())
    return float(days * 1440 + hours * 60 + minutes)


def _text(entry: Entry, key: str) -> str:
    value = entry.raw(key)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise entry.fail(f"{key} must be a text")
    return value if isinstance(value, str) else str(value)


def _texts(entry: Entry, key: str) -> tuple[str, ...]:
    """Return a list of texts; one alone need not be a list, and numbers are what they look like."""
    if not entry.has(key):
        return ()
    value = entry.raw(key)
    given = value if isinstance(value, list) else [value]
    if not given or any(isinstance(one, bool) or not isinstance(one, str | int | float) or one == "" for one in given):
        raise entry.fail(f"{key} must be texts")
    texts = tuple(str(one) for one in given)
    for text in texts:
        pattern_of(text, entry)
    return texts


def _keep(entry: Entry) -> dict[str, str]:
    given = entry.child("keep")
    found = {}
    for name in given.untaken():
        pattern = given.text(str(name))
        if not re.fullmatch(r"[a-z_]+", str(name)) or pattern_of(pattern, given).groups != 1:
            raise given.fail(f"{name} must be a name with a /pattern/ that has one group")
        found[str(name)] = pattern
    return found


def pattern_of(text: str, entry: Entry | None = None) -> re.Pattern[str]:
    """Return what to look for: /a pattern/ between slashes, else the very words."""
    if not (len(text) > 2 and text.startswith("/") and text.endswith("/")):
        return re.compile(re.escape(text))
    try:
        return re.compile(text[1:-1])
    except re.error as error:
        where = entry or Entry(text, {})
        raise where.fail(f"{text} is no pattern: {error}") from None


_ORDER_TEXTS: Final = ("state", "technician", "service", "option", "starts", "code")


def _wanted(entry: Entry, cast: Cast) -> Wanted:
    given = entry.child("order")
    facts: dict[str, object] = {}
    for key in _ORDER_TEXTS:
        if given.has(key):
            value = given.raw(key)
            facts[key] = value.strftime("%Y-%m-%d %H:%M") if isinstance(value, datetime) else str(value)
    if given.has("total"):
        facts["total"] = int(Decimal(str(given.decimal("total", least=0, most=10_000_000))) * 100)
    if given.has("total_minor"):
        facts["total"] = given.whole("total_minor")
    if given.has("count"):
        facts["count"] = given.whole("count", least=1)
    if given.has("orders"):
        facts["orders"] = given.whole("orders")
    given.finish()
    if not facts:
        raise given.fail("nothing is wanted of the order")
    return Wanted(facts)
