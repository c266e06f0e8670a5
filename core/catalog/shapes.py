"""What can be booked and where, as frozen values, and the texts in them."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.catalog.script import traditional
from core.geo import Point

Names = Mapping[str, str]
"""One text in the languages offered: {lang: text}."""

Synonyms = Mapping[str, tuple[str, ...]]
"""Other words for the same thing: {lang: (text, ...)}."""

MOST_CREW = 2
"""So many technicians come together at most."""

_FALLBACKS = {
    "zh-Hant": ("zh-Hant", "zh-Hans", "en"),
    "zh-Hans": ("zh-Hans", "zh-Hant", "en"),
}


def text_in(names: Names, lang: str) -> str:
    """Return the text in a language or in the nearest one there is; "" when there is none at all.

    Traditional Chinese that nobody wrote is made of the Simplified.
    """
    for code in _FALLBACKS.get(lang, (lang, "en", "zh-Hans")):
        if code in names:
            return traditional(names[code]) if (lang, code) == ("zh-Hant", "zh-Hans") else names[code]
    return next(iter(names.values()), "")


@dataclass(frozen=True, slots=True)
class Category:
    """A trade: massage, beauty, housekeeping, repair."""

    code: str
    names: Names
    synonyms: Synonyms


@dataclass(frozen=True, slots=True)
class Option:
    """One way to buy a service: length in minutes, price in minor units of the store's currency.

    Up to `most` of it fit into one visit, each with its own minutes and price; `crew` technicians come for it.
    """

    id: int
    service_id: int
    code: str
    names: Names
    minutes: int
    price_minor: int
    most: int = 1
    crew: int = 1


@dataclass(frozen=True, slots=True)
class Service:
    """Something that can be booked; `buffer_minutes` are kept free after each visit."""

    id: int
    store_id: int
    code: str
    category: str
    names: Names
    descriptions: Names
    synonyms: Synonyms
    buffer_minutes: int
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Region:
    """A district that is served: its centre (WGS84) and how far it reaches."""

    id: int
    code: str
    names: Names
    aliases: Synonyms
    lat: float
    lng: float
    radius_metres: int

    @property
    def point(self) -> Point:
        """The centre."""
        return Point(self.lat, self.lng)


@dataclass(frozen=True, slots=True)
class Place:
    """A compound, tower, hotel or landmark people name instead of an address (WGS84)."""

    id: int
    code: str
    region_id: int
    names: Names
    aliases: Synonyms
    lat: float
    lng: float

    @property
    def point(self) -> Point:
        """Where it is."""
        return Point(self.lat, self.lng)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the front desk says to a common question."""

    code: str
    keywords: Synonyms
    texts: Names
    by_category: Mapping[str, Names]

    def texts_for(self, category: str | None) -> Names:
        """Return the words to use when the talk is about this trade."""
        return self.by_category.get(category or "", self.texts)
