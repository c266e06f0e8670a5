"""Writes the demo city into a database: once, and where it was interrupted it goes on the next time."""

from collections.abc import Mapping
from datetime import datetime

from core import catalog, files, people, stores, technicians
from core.catalog import Region, catalogue
from core.db import Database, Tx
from core.files import FilePurpose, Picture, check_picture
from core.geo import Point
from core.people import AddressLabel, Person
from core.stores import Store
from core.technicians import RotaSpan, Sex, Technician
from menling.demo.data import DemoCity, DemoCustomer, DemoRegion, DemoService, DemoTechnician
from menling.demo.faces import draw_face

CHANNEL, ACCOUNT = "web", "demo"
"""Where the demo's people are met: the browser page."""


def load_demo(database: Database, city: DemoCity, now: datetime) -> bool:
    """Make store, catalogue, technicians with faces, and customers; False when all of it was there already."""
    made = [load_shop(database, city)]
    made += [_load_technician(database, city, technician, now) for technician in city.technicians]
    made += [database.run(lambda tx, one=one: _load_customer(tx, city, one, now)) for one in city.customers]  # type: ignore[misc]
    return any(made)


def load_shop(database: Database, city: DemoCity) -> bool:
    """Make the store and what it sells, whole or not at all; False when a store of that code is there already."""
    return database.run(lambda tx: _load_shop(tx, city))


def technician_identity(code: str) -> str:
    """Return the external id under which a demo technician is met."""
    return f"technician-{code}"


def customer_identity(code: str) -> str:
    """Return the external id under which a demo customer is met."""
    return f"customer-{code}"


def _load_shop(tx: Tx, city: DemoCity) -> bool:
    """The store and everything that can be booked and named, whole or not at all."""
    if any(store.code == city.store.code for store in stores.stores(tx)):
        return False
    store = _add_store(tx, city)
    for position, category in enumerate(city.categories):
        names, synonyms = category.names.by_language(), category.synonyms.by_language()
        catalog.add_category(tx, code=category.code, names=names, synonyms=synonyms, position=position)
    for position, service in enumerate(city.services):
        _add_service(tx, store, service, position)
    regions = {region.code: _add_region(tx, region) for region in city.regions}
    for place in city.places:
        catalog.add_place(
            tx,
            regions[place.region].id,
            code=place.code,
            names=place.names.by_language(),
            aliases=place.aliases.by_language(),
            point=Point(place.lat, place.lng),
        )
    for answer in city.answers:
        special = {category: words.by_language() for category, words in answer.by_category.items()}
        keywords, texts = answer.asked_as.by_language(), answer.words.by_language()
        catalog.set_answer(tx, answer.topic, keywords=keywords, texts=texts, by_category=special)
    return True


def _add_store(tx: Tx, city: DemoCity) -> Store:
    shop = city.store
    return stores.add_store(
        tx,
        code=shop.code,
        names=shop.names.by_language(),
        zone=shop.zone,
        currency=shop.currency,
        opens_minute=shop.opens_minute,
        closes_minute=shop.closes_minute,
        address=shop.address.by_language(),
        phone=shop.phone,
        point=Point(shop.lat, shop.lng),
    )


def _add_region(tx: Tx, region: DemoRegion) -> Region:
    return catalog.add_region(
        tx,
        code=region.code,
        names=region.names.by_language(),
        aliases=region.aliases.by_language(),
        point=Point(region.lat, region.lng),
        radius_metres=region.radius_km * 1000,
    )


def _add_service(tx: Tx, store: Store, service: DemoService, position: int) -> None:
    made = catalog.add_service(
        tx,
        store.id,
        code=service.code,
        category=service.category,
        names=service.names.by_language(),
        descriptions=service.descriptions.by_language(),
        synonyms=service.synonyms.by_language(),
        buffer_minutes=service.buffer_minutes,
        position=position,
    )
    for place, option in enumerate(service.options):
        catalog.add_option(
            tx,
            made.id,
            code=option.code,
            names=option.names.by_language(),
            minutes=option.minutes,
            price_minor=option.price_minor,
            most=option.most,
            crew=option.crew,
            position=place,
        )


def _load_technician(database: Database, city: DemoCity, technician: DemoTechnician, now: datetime) -> bool:
    """Draw the face first: a unit of work is no place to paint in."""
    if database.read(lambda tx: any(one.number == technician.number for one in technicians.roster(tx).technicians)):
        return False
    trade = city.trade_of(technician)
    face = check_picture(draw_face(technician.code, sex=technician.sex, trade=trade, age=technician.age))
    database.run(lambda tx: _enrol(tx, city, technician, face, now))
    return True


def _enrol(tx: Tx, city: DemoCity, technician: DemoTechnician, face: Picture, now: datetime) -> Technician:
    person = _arrive(tx, city, technician_identity(technician.code), "zh-Hans", now)
    before = technicians.of_person(tx, person.id)
    if before is not None:
        return before
    sold = catalogue(tx)
    services = {service.code: service.id for service in sold.services}
    regions = {region.code: region.id for region in sold.regions}
    return technicians.enrol(
        tx,
        person.id,
        stores.the_store(tx).id,
        number=technician.number,
        names=technician.names.by_language(),
        sex=Sex(technician.sex),
        years=technician.years,
        bio=technician.bio.by_language(),
        base=Point(technician.lat, technician.lng),
        service_ids=[services[code] for code in technician.skills],
        region_ids=[regions[code] for code in technician.regions],
        rota=[RotaSpan(span.weekday, span.start_minute, span.end_minute) for span in technician.rota],
        certificates=[words.by_language() for words in technician.certificates],
        face_file_id=files.keep(tx, person.id, purpose=FilePurpose.FACE, picture=face, now=now),
        stars_sum=technician.stars_sum,
        stars_count=technician.stars_count,
        visits_done=technician.orders_done,
        now=now,
    )


def _load_customer(tx: Tx, city: DemoCity, customer: DemoCustomer, now: datetime) -> bool:
    person = _arrive(tx, city, customer_identity(customer.code), customer.language, now)
    if people.name_of(tx, person.id) is not None:
        return False
    people.set_name(tx, person.id, _in(customer.names.by_language(), customer.language))
    people.set_phone(tx, person.id, customer.phone)
    places = {place.code: place for place in catalogue(tx).places}
    # Saved last to first, so that the first one is the newest and offered first.
    for saved in reversed(customer.addresses):
        place = places[saved.place]
        name, detail = _in(place.names, customer.language), _in(saved.detail.by_language(), customer.language)
        text = f"{name} {detail}" if customer.language.startswith("zh") else f"{detail}, {name}"
        label = AddressLabel(saved.label.by_language()["en"].casefold())
        people.save_address(
            tx, person.id, text=text, region_id=place.region_id, lat=place.lat, lng=place.lng, now=now, label=label
        )
    return True


def _arrive(tx: Tx, city: DemoCity, external_id: str, lang: str, now: datetime) -> Person:
    return people.arrive(
        tx, channel=CHANNEL, account=ACCOUNT, external_id=external_id, lang=lang, zone=city.store.zone, now=now
    )


def _in(texts: Mapping[str, str], lang: str) -> str:
    return catalog.text_in(texts, lang)
