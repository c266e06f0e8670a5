"""The small pieces every demo entry is made of: codes, texts in two languages, points, times of day."""

from collections.abc import Callable, Collection, Iterable, Sequence
from math import asin, cos, radians, sin, sqrt
from re import fullmatch
from typing import Protocol, TypeVar

from menling.demo.entry import Entry
from menling.demo.shapes import Synonyms, Words

DAY_MINUTES = 24 * 60

_T = TypeVar("_T")


class Coded(Protocol):
    """Anything that other entries name by its code."""

    @property
    def code(self) -> str:
        """The code, unique among its kind."""
        ...


_C = TypeVar("_C", bound=Coded)


def distance_km(from_lat: float, from_lng: float, to_lat: float, to_lng: float) -> float:
    """Great-circle distance in kilometres between two WGS84 points in degrees."""
    half_lat, half_lng = radians(to_lat - from_lat) / 2, radians(to_lng - from_lng) / 2
    chord = sin(half_lat) ** 2 + cos(radians(from_lat)) * cos(radians(to_lat)) * sin(half_lng) ** 2
    return 2 * 6371.0088 * asin(sqrt(chord))


def read_all(entry: Entry, key: str, read: Callable[[Entry], _T], *, label: str = "code") -> tuple[_T, ...]:
    """Every entry of a list, each of them read to its last key."""
    items = []
    for child in entry.children(key, label):
        items.append(read(child))
        child.finish()
    return tuple(items)


def read_all_coded(entry: Entry, key: str, read: Callable[[Entry], _C]) -> tuple[_C, ...]:
    """Like read_all, and no code appears twice."""
    items = read_all(entry, key, read)
    refuse_repeats(entry, key, [item.code for item in items])
    return items


def refuse_repeats(entry: Entry, what: str, values: Sequence[str]) -> None:
    """Raises when a value that names something is given to two."""
    repeated = sorted({value for value in values if values.count(value) > 1})
    if repeated:
        raise entry.fail(f"{what}: {', '.join(repeated)} is there twice")


def codes(items: Iterable[Coded]) -> frozenset[str]:
    """The codes that may be referred to."""
    return frozenset(item.code for item in items)


def known(entry: Entry, what: str, value: object, among: Collection[str]) -> str:
    """The value, when it is one of those that exist."""
    if not isinstance(value, str) or value not in among:
        raise entry.fail(f"there is no {what} {value}")
    return value


def read_code(entry: Entry, key: str = "code") -> str:
    """A short code: small letters, digits, hyphens or underscores."""
    code = entry.text(key)
    if not fullmatch(r"[a-z0-9]+([-_][a-z0-9]+)*", code):
        raise entry.fail(f"{key} must be of small letters, digits, - and _")
    return code


def read_words(entry: Entry, key: object) -> Words:
    """A text that must exist in both languages, and may in Traditional Chinese."""
    texts = entry.child(key)
    traditional = texts.text("zh-Hant") if texts.has("zh-Hant") else ""
    words = Words(zh_hans=texts.text("zh-Hans"), en=texts.text("en"), zh_hant=traditional)
    texts.finish()
    return words


def read_synonyms(entry: Entry, key: str) -> Synonyms:
    """Other words in both languages; none when the key is left out."""
    if not entry.has(key):
        return Synonyms()
    lists = entry.child(key)
    synonyms = Synonyms(
        zh_hans=lists.texts("zh-Hans") if lists.has("zh-Hans") else (),
        en=lists.texts("en") if lists.has("en") else (),
        zh_hant=lists.texts("zh-Hant") if lists.has("zh-Hant") else (),
    )
    lists.finish()
    return synonyms


def read_point(entry: Entry) -> tuple[float, float]:
    """Latitude and longitude in degrees (WGS84)."""
    return entry.decimal("lat", least=-90, most=90), entry.decimal("lng", least=-180, most=180)


def read_phone(entry: Entry) -> str:
    """A telephone number in E.164."""
    phone = entry.text("phone")
    if not fullmatch(r"\+[1-9]\d{6,14}", phone):
        raise entry.fail("phone must look like +8613800138000")
    return phone


def read_clock(entry: Entry, value: object) -> int:
    """A time of day "HH:MM" as minutes after midnight; "24:00" is the end of the day."""
    if isinstance(value, str) and fullmatch(r"([01]\d|2[0-3]):[0-5]\d|24:00", value):
        return int(value[:2]) * 60 + int(value[3:])
    raise entry.fail(f'{value} must be a quoted time like "09:30"')
