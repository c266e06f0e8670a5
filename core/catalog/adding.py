"""Putting services on sale, drawing regions, naming places; each gives the catalogue a new stamp."""

from collections.abc import Iterable, Mapping

from core.catalog import tables
from core.catalog.catalogue import STAMP
from core.catalog.shapes import MOST_CREW, Category, Names, Option, Place, Region, Service, Synonyms
from core.db import Tx, insert_into
from core.errors import InvalidInput
from core.geo import Point
from core.ids import new_id
from core.settings import bump

_INSERT_CATEGORY = insert_into(tables.category)
_INSERT_SERVICE = insert_into(tables.service)
_INSERT_OPTION = insert_into(tables.option)
_INSERT_REGION = insert_into(tables.region)
_INSERT_PLACE = insert_into(tables.place)

_NO_WORDS: Mapping[str, tuple[str, ...]] = {}


def add_category(
    tx: Tx, *, code: str, names: Names, synonyms: Mapping[str, Iterable[str]] = _NO_WORDS, position: int = 0
) -> Category:
    """Open a trade and return it."""
    words = _tuples(synonyms)
    tx.execute(_INSERT_CATEGORY, {"code": code, "position": position, "names": dict(names), "synonyms": words})
    bump(tx, STAMP)
    return Category(code, names, words)


def add_service(
    tx: Tx,
    store_id: int,
    *,
    code: str,
    category: str,
    names: Names,
    descriptions: Names,
    buffer_minutes: int,
    synonyms: Mapping[str, Iterable[str]] = _NO_WORDS,
    position: int = 0,
) -> Service:
    """Put a service on sale and return it; it can be booked once it has an option."""
    words = _tuples(synonyms)
    made = Service(new_id(), store_id, code, category, names, descriptions, words, buffer_minutes, ())
    tx.execute(
        _INSERT_SERVICE,
        {
            "id": made.id, "store_id": store_id, "code": code, "category": category, "position": position,
            "names": dict(names), "descriptions": dict(descriptions), "synonyms": words,
            "buffer_minutes": buffer_minutes, "withdrawn_at": None,
        },
    )  # fmt: skip
    bump(tx, STAMP)
    return made


def add_option(
    tx: Tx,
    service_id: int,
    *,
    code: str,
    names: Names,
    minutes: int,
    price_minor: int,
    most: int = 1,
    crew: int = 1,
    position: int = 0,
) -> Option:
    """Offer one way to buy a service: minutes, minor units, how many a visit may hold, how many come; InvalidInput."""
    if most < 1:
        raise InvalidInput(field="most")
    if not 1 <= crew <= MOST_CREW:
        raise InvalidInput(field="crew")
    made = Option(new_id(), service_id, code, names, minutes, price_minor, most, crew)
    tx.execute(
        _INSERT_OPTION,
        {
            "id": made.id, "service_id": service_id, "code": code, "position": position, "names": dict(names),
            "minutes": minutes, "price_minor": price_minor, "most_quantity": most, "crew": crew,
            "withdrawn_at": None,
        },
    )  # fmt: skip
    bump(tx, STAMP)
    return made


def add_region(
    tx: Tx,
    *,
    code: str,
    names: Names,
    point: Point,
    radius_metres: int,
    aliases: Mapping[str, Iterable[str]] = _NO_WORDS,
) -> Region:
    """Serve a district around a centre (WGS84) and return it."""
    words = _tuples(aliases)
    made = Region(new_id(), code, names, words, point.lat, point.lng, radius_metres)
    tx.execute(
        _INSERT_REGION,
        {
            "id": made.id, "code": code, "names": dict(names), "aliases": words, "lat": point.lat, "lng": point.lng,
            "radius_metres": radius_metres,
        },
    )  # fmt: skip
    bump(tx, STAMP)
    return made


def add_place(
    tx: Tx,
    region_id: int,
    *,
    code: str,
    names: Names,
    point: Point,
    aliases: Mapping[str, Iterable[str]] = _NO_WORDS,
) -> Place:
    """Name a place of the gazetteer (WGS84) and return it."""
    words = _tuples(aliases)
    made = Place(new_id(), code, region_id, names, words, point.lat, point.lng)
    tx.execute(
        _INSERT_PLACE,
        {
            "id": made.id, "code": code, "region_id": region_id, "names": dict(names), "aliases": words,
            "lat": point.lat, "lng": point.lng,
        },
    )  # fmt: skip
    bump(tx, STAMP)
    return made


def _tuples(words: Mapping[str, Iterable[str]]) -> Synonyms:
    return {lang: tuple(said) for lang, said in words.items()}
