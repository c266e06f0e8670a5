"""Reads the demo city from the YAML files beside this one; a wrong entry is refused with its file and name."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from re import fullmatch
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from menling.demo.entry import DemoDataError, Entry, read_file
from menling.demo.pieces import (
    DAY_MINUTES,
    codes,
    distance_km,
    known,
    read_all,
    read_all_coded,
    read_clock,
    read_code,
    read_phone,
    read_point,
    read_synonyms,
    read_words,
    refuse_repeats,
)
from menling.demo.shapes import (
    LANGUAGES,
    DemoAddress,
    DemoAnswer,
    DemoCategory,
    DemoCity,
    DemoCustomer,
    DemoOption,
    DemoPlace,
    DemoRegion,
    DemoService,
    DemoStore,
    DemoTechnician,
    PlaceKind,
    RotaSpan,
    Sex,
    Synonyms,
    Words,
)

__all__ = [
    "DEMO_FILES",
    "DemoAddress",
    "DemoAnswer",
    "DemoCategory",
    "DemoCity",
    "DemoCustomer",
    "DemoDataError",
    "DemoOption",
    "DemoPlace",
    "DemoRegion",
    "DemoService",
    "DemoStore",
    "DemoTechnician",
    "PlaceKind",
    "RotaSpan",
    "Sex",
    "Synonyms",
    "Words",
    "distance_km",
    "read_demo",
    "read_shop",
]

DEMO_FILES = Path(__file__).parent
WEEK_MINUTES = 7 * DAY_MINUTES

_Codes = frozenset[str]


def read_demo(folder: Path = DEMO_FILES) -> DemoCity:
    """The whole demo city; raises DemoDataError naming the file and the entry that is wrong."""
    shop = read_shop(folder)
    return replace(
        shop,
        technicians=_read_technicians(folder, codes(shop.services), codes(shop.regions)),
        customers=_read_customers(folder, codes(shop.places)),
    )


def read_shop(folder: Path) -> DemoCity:
    """Store, regions, places, services and answers alone, as anybody's shop may have them; raises DemoDataError."""
    city = read_file(folder / "city.yaml")
    store = _read_store(city.child("store"))
    regions = read_all_coded(city, "regions", _read_region)
    by_code = {region.code: region for region in regions}
    places = read_all_coded(city, "places", lambda e: _read_place(e, by_code))
    city.finish()
    categories, services = _read_catalog(folder)
    return DemoCity(
        store=store,
        regions=regions,
        places=places,
        categories=categories,
        services=services,
        answers=_read_answers(folder, codes(categories)),
        technicians=(),
        customers=(),
    )


# --- city


def _read_store(entry: Entry) -> DemoStore:
    zone, currency = entry.text("zone"), entry.text("currency")
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise entry.fail(f"{zone} is no IANA zone") from error
    if not fullmatch(r"[A-Z]{3}", currency):
        raise entry.fail("currency must be three capital letters")
    lat, lng = read_point(entry)
    opens, closes = read_clock(entry, entry.text("opens")), read_clock(entry, entry.text("closes"))
    if opens >= closes:
        raise entry.fail("opens must come before closes")
    store = DemoStore(
        code=read_code(entry),
        names=read_words(entry, "names"),
        address=read_words(entry, "address"),
        phone=read_phone(entry),
        zone=zone,
        currency=currency,
        opens_minute=opens,
        closes_minute=closes,
        lat=lat,
        lng=lng,
    )
    entry.finish()
    return store


def _read_region(entry: Entry) -> DemoRegion:
    lat, lng = read_point(entry)
    return DemoRegion(
        code=read_code(entry),
        names=read_words(entry, "names"),
        aliases=read_synonyms(entry, "aliases"),
        lat=lat,
        lng=lng,
        radius_km=entry.whole("radius_km", least=1),
    )


def _read_place(entry: Entry, regions: dict[str, DemoRegion]) -> DemoPlace:
    lat, lng = read_point(entry)
    region = regions[known(entry, "region", entry.text("region"), regions)]
    if distance_km(region.lat, region.lng, lat, lng) > region.radius_km:
        raise entry.fail(f"it lies outside {region.code}")
    return DemoPlace(
        code=read_code(entry),
        kind=PlaceKind(known(entry, "kind", entry.text("kind"), frozenset(PlaceKind))),
        region=region.code,
        names=read_words(entry, "names"),
        aliases=read_synonyms(entry, "aliases"),
        lat=lat,
        lng=lng,
    )


# --- services


def _read_catalog(folder: Path) -> tuple[tuple[DemoCategory, ...], tuple[DemoService, ...]]:
    catalog = read_file(folder / "services.yaml")
    categories = read_all_coded(catalog, "categories", _read_category)
    known_categories = codes(categories)
    services = read_all_coded(catalog, "services", lambda e: _read_service(e, known_categories))
    catalog.finish()
    owner: dict[str, str] = {}
    for service in services:
        for word in (*service.synonyms.zh_hans, *service.synonyms.en, *service.synonyms.zh_hant):
            # A word that means two services would be understood as either, by accident.
            if owner.setdefault(word.casefold(), service.code) != service.code:
                raise catalog.fail(f"{word} is a synonym of both {owner[word.casefold()]} and {service.code}")
    return categories, services


def _read_category(entry: Entry) -> DemoCategory:
    return DemoCategory(
        code=read_code(entry), names=read_words(entry, "names"), synonyms=read_synonyms(entry, "synonyms")
    )


def _read_service(entry: Entry, categories: _Codes) -> DemoService:
    return DemoService(
        code=read_code(entry),
        category=known(entry, "category", entry.text("category"), categories),
        names=read_words(entry, "names"),
        descriptions=read_words(entry, "descriptions"),
        synonyms=read_synonyms(entry, "synonyms"),
        buffer_minutes=entry.whole("buffer_minutes"),
        options=read_all_coded(entry, "options", _read_option),
    )


def _read_option(entry: Entry) -> DemoOption:
    return DemoOption(
        code=read_code(entry),
        names=read_words(entry, "names"),
        minutes=entry.whole("minutes", least=15),
        price_minor=entry.whole("price_minor", least=1),
        most=entry.whole("most", least=1) if entry.has("most") else 1,
        crew=entry.whole("crew", least=1) if entry.has("crew") else 1,
    )


# --- answers


def _read_answers(folder: Path, categories: _Codes) -> tuple[DemoAnswer, ...]:
    file = read_file(folder / "answers.yaml")
    answers = read_all(file, "answers", lambda e: _read_answer(e, categories), label="topic")
    file.finish()
    refuse_repeats(file, "answers", [answer.topic for answer in answers])
    return answers


def _read_answer(entry: Entry, categories: _Codes) -> DemoAnswer:
    return DemoAnswer(
        topic=read_code(entry, "topic"),
        asked_as=read_synonyms(entry, "asked_as"),
        words=read_words(entry, "words"),
        by_category=_read_by_category(entry, categories),
    )


def _read_by_category(entry: Entry, categories: _Codes) -> dict[str, Words]:
    if not entry.has("by_category"):
        return {}
    special = entry.child("by_category")
    trades = [known(special, "category", key, categories) for key in special.untaken()]
    return {trade: read_words(special, trade) for trade in trades}


# --- technicians


def _read_technicians(folder: Path, services: _Codes, regions: _Codes) -> tuple[DemoTechnician, ...]:
    file = read_file(folder / "technicians.yaml")
    technicians = read_all_coded(file, "technicians", lambda e: _read_technician(e, services, regions))
    file.finish()
    refuse_repeats(file, "technician numbers", [str(technician.number) for technician in technicians])
    return technicians


def _read_technician(entry: Entry, services: _Codes, regions: _Codes) -> DemoTechnician:
    lat, lng = read_point(entry)
    stars_sum, stars_count, orders_done = _read_record(entry)
    age_band, years = entry.text("age_band"), entry.whole("years")
    if not fullmatch(r"\d\d-\d\d", age_band) or years > int(age_band[3:]) - 16:
        raise entry.fail("age_band must look like 30-34 and leave room for the years of work")
    return DemoTechnician(
        code=read_code(entry),
        number=entry.whole("number", least=1),
        names=read_words(entry, "names"),
        sex=Sex(known(entry, "sex", entry.text("sex"), frozenset(Sex))),
        age_band=age_band,
        years=years,
        skills=tuple(known(entry, "skill", code, services) for code in entry.texts("skills")),
        regions=tuple(known(entry, "region", code, regions) for code in entry.texts("regions")),
        lat=lat,
        lng=lng,
        bio=read_words(entry, "bio"),
        certificates=read_all(entry, "certificates", _read_certificate, label="zh-Hans"),
        rota=_read_rota(entry.child("rota")),
        stars_sum=stars_sum,
        stars_count=stars_count,
        orders_done=orders_done,
    )


def _read_certificate(entry: Entry) -> Words:
    return Words(zh_hans=entry.text("zh-Hans"), en=entry.text("en"))


def _read_record(entry: Entry) -> tuple[int, int, int]:
    """Sum and count of the stars, and the orders done; all three must be possible together."""
    stars = entry.child("stars")
    total, count = stars.whole("sum"), stars.whole("count")
    stars.finish()
    orders = entry.whole("orders_done")
    if not count <= total <= 5 * count or count > orders:
        raise entry.fail("stars must be one to five a review, and reviews no more than orders_done")
    return total, count, orders


def _read_rota(entry: Entry) -> tuple[RotaSpan, ...]:
    spans = []
    for weekday in entry.untaken():
        if not isinstance(weekday, int) or isinstance(weekday, bool) or not 0 <= weekday <= 6:
            raise entry.fail(f"{weekday!r} is no weekday from 0 (Monday) to 6")
        day = entry.raw(weekday)
        if not isinstance(day, list):
            raise entry.fail(f"weekday {weekday} must be a list of [from, to]")
        spans += [_read_span(entry, weekday, span) for span in day]
    if not spans:
        raise entry.fail("nobody works no days")
    _refuse_overlaps(entry, spans)
    return tuple(sorted(spans, key=lambda span: (span.weekday, span.start_minute)))


def _read_span(entry: Entry, weekday: int, span: object) -> RotaSpan:
    if not isinstance(span, list) or len(span) != 2:
        raise entry.fail(f"weekday {weekday} must be a list of [from, to]")
    start, end = read_clock(entry, span[0]), read_clock(entry, span[1])
    return RotaSpan(weekday, start, end if end > start else end + DAY_MINUTES)


def _refuse_overlaps(entry: Entry, spans: Iterable[RotaSpan]) -> None:
    week = sorted((s.weekday * DAY_MINUTES + s.start_minute, s.weekday * DAY_MINUTES + s.end_minute) for s in spans)
    # Sunday night runs into Monday, so the first span is looked at once more a week later.
    week.append((week[0][0] + WEEK_MINUTES, week[0][1] + WEEK_MINUTES))
    if any(later[0] < earlier[1] for earlier, later in pairwise(week)):
        raise entry.fail("two spans overlap")


# --- customers


def _read_customers(folder: Path, places: _Codes) -> tuple[DemoCustomer, ...]:
    file = read_file(folder / "people.yaml")
    customers = read_all_coded(file, "customers", lambda e: _read_customer(e, places))
    file.finish()
    return customers


def _read_customer(entry: Entry, places: _Codes) -> DemoCustomer:
    return DemoCustomer(
        code=read_code(entry),
        names=read_words(entry, "names"),
        language=known(entry, "language", entry.text("language"), LANGUAGES),
        phone=read_phone(entry),
        addresses=read_all(entry, "addresses", lambda e: _read_address(e, places), label="place"),
    )


def _read_address(entry: Entry, places: _Codes) -> DemoAddress:
    return DemoAddress(
        label=read_words(entry, "label"),
        place=known(entry, "place", entry.text("place"), places),
        detail=read_words(entry, "detail"),
    )
