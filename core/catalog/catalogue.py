"""The catalogue: everything sellable and every named place, read once and remembered while its stamp stands."""

import unicodedata
from dataclasses import dataclass, field

from sqlalchemy import select

from core.catalog import tables
from core.catalog.script import simplified
from core.catalog.shapes import Answer, Category, Option, Place, Region, Service
from core.db import Row, Tx
from core.errors import NotFound
from core.geo import Point, metres_between
from core.settings import counter

STAMP = "catalogue"

_CATEGORIES = select(tables.category).order_by(tables.category.c.position, tables.category.c.code)
_SERVICES = (
    select(tables.service)
    .where(tables.service.c.withdrawn_at.is_(None))
    .order_by(tables.service.c.position, tables.service.c.id)
)
_OPTIONS = (
    select(tables.option)
    .where(tables.option.c.withdrawn_at.is_(None))
    .order_by(tables.option.c.position, tables.option.c.id)
)
_REGIONS = select(tables.region).order_by(tables.region.c.id)
_PLACES = select(tables.place).order_by(tables.place.c.id)
_ANSWERS = select(tables.answer).order_by(tables.answer.c.code)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything that can be booked and named, in the order to show it."""

    version: int
    categories: tuple[Category, ...]
    services: tuple[Service, ...]
    regions: tuple[Region, ...]
    places: tuple[Place, ...]
    answers: tuple[Answer, ...]
    _by_id: dict[int, Service | Region | Place | tuple[Service, Option]] = field(repr=False, compare=False)
    _spellings: tuple[tuple[str, Place | Region], ...] = field(repr=False, compare=False)

    def service(self, service_id: int) -> Service:
        """Return a service on sale; raises NotFound."""
        found = self._by_id.get(service_id)
        if not isinstance(found, Service):
            raise NotFound(kind="service")
        return found

    def option(self, option_id: int) -> tuple[Service, Option]:
        """Return an option on sale with its service; raises NotFound."""
        found = self._by_id.get(option_id)
        if not isinstance(found, tuple):
            raise NotFound(kind="option")
        return found

    def region(self, region_id: int) -> Region:
        """Return a region; raises NotFound."""
        found = self._by_id.get(region_id)
        if not isinstance(found, Region):
            raise NotFound(kind="region")
        return found

    def place(self, place_id: int) -> Place:
        """Return a named place; raises NotFound."""
        found = self._by_id.get(place_id)
        if not isinstance(found, Place):
            raise NotFound(kind="place")
        return found

    def services_in(self, category: str) -> tuple[Service, ...]:
        """Return the services of one category, in the order to show them."""
        return tuple(service for service in self.services if service.category == category)

    def answer(self, code: str) -> Answer | None:
        """Return the answer to a common question, None when the shop has none."""
        return next((answer for answer in self.answers if answer.code == code), None)

    def region_near(self, lat: float, lng: float) -> Region | None:
        """Return the region whose centre is nearest among those that reach the point (WGS84); None: not served."""
        point = Point(lat, lng)
        distances = ((metres_between(point, region.point), region) for region in self.regions)
        reached = [(distance, region) for distance, region in distances if distance <= region.radius_metres]
        return min(reached, key=lambda pair: pair[0])[1] if reached else None

    def locate(self, text: str) -> Place | Region | None:
        """Return the place or region whose name is the longest one found in the text; a place before a region."""
        folded = fold(text)
        return next((found for name, found in self._spellings if _named_in(name, folded)), None)


_EMPTY = Catalogue(0, (), (), (), (), (), {}, ())
_remembered: Catalogue = _EMPTY


def catalogue(tx: Tx) -> Catalogue:
    """Return what is on sale now; after the first call in a process one small read, unless something changed."""
    global _remembered  # noqa: PLW0603  one slot, replaced whole; a stamp belongs to one content only
    stamp = counter(tx, STAMP)
    if stamp == 0:
        return _EMPTY
    if _remembered.version != stamp:
        _remembered = _load(tx, stamp)
    return _remembered


def fold(text: str) -> str:
    """Return text as names are compared: compatible forms and both Chinese scripts one, without case, blanks single."""
    return " ".join(simplified(unicodedata.normalize("NFKC", text)).casefold().split())


def _load(tx: Tx, stamp: int) -> Catalogue:
    options: dict[int, list[Option]] = {}
    for row in tx.all(_OPTIONS):
        option = Option(
            row.id, row.service_id, row.code, row.names, row.minutes, row.price_minor, row.most_quantity, row.crew
        )
        options.setdefault(row.service_id, []).append(option)
    services = tuple(_service(row, tuple(options.get(row.id, ()))) for row in tx.all(_SERVICES))
    regions = tuple(
        Region(row.id, row.code, row.names, _words(row.aliases), row.lat, row.lng, row.radius_metres)
        for row in tx.all(_REGIONS)
    )
    places = tuple(
        Place(row.id, row.code, row.region_id, row.names, _words(row.aliases), row.lat, row.lng)
        for row in tx.all(_PLACES)
    )
    by_id: dict[int, Service | Region | Place | tuple[Service, Option]] = {}
    for things in (services, regions, places):
        by_id |= {thing.id: thing for thing in things}
    by_id |= {option.id: (service, option) for service in services for option in service.options}
    return Catalogue(
        version=stamp,
        categories=tuple(Category(row.code, row.names, _words(row.synonyms)) for row in tx.all(_CATEGORIES)),
        services=services,
        regions=regions,
        places=places,
        answers=tuple(Answer(r.code, _words(r.keywords), r.texts, r.by_category) for r in tx.all(_ANSWERS)),
        _by_id=by_id,
        _spellings=_all_spellings((*places, *regions)),
    )


def _service(row: Row, options: tuple[Option, ...]) -> Service:
    return Service(
        id=row.id,
        store_id=row.store_id,
        code=row.code,
        category=row.category,
        names=row.names,
        descriptions=row.descriptions,
        synonyms=_words(row.synonyms),
        buffer_minutes=row.buffer_minutes,
        options=options,
    )


def _words(kept: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {lang: tuple(words) for lang, words in kept.items()}


def _all_spellings(things: tuple[Place | Region, ...]) -> tuple[tuple[str, Place | Region], ...]:
    """Every folded name with what it names, longest first; the order of `things` decides between equals."""
    pairs = [
        (folded, thing)
        for thing in things
        for name in (*thing.names.values(), *(alias for words in thing.aliases.values() for alias in words))
        if (folded := fold(name))
    ]
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))


def _named_in(name: str, text: str) -> bool:
    """Whether the name stands in the text; a Latin name only as whole words ("Hilton" is not in "Chilton")."""
    at = text.find(name)
    while at >= 0:
        before, after = text[at - 1 : at], text[at + len(name) : at + len(name) + 1]
        if not (_latin(name[0]) and _latin(before)) and not (_latin(name[-1]) and _latin(after)):
            return True
        at = text.find(name, at + 1)
    return False


def _latin(letter: str) -> bool:
    return letter.isascii() and letter.isalnum()
