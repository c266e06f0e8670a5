import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select

from core import files, people, technicians
from core.catalog import catalogue
from core.db import Database
from core.people.tables import identity
from core.stores import the_store
from core.technicians import roster
from menling.demo.data import DemoCity, read_demo
from menling.demo.load import load_demo
from tests.builders import NOW, a_database


@pytest.fixture(scope="module")
def city() -> DemoCity:
    return read_demo()


@pytest.fixture(scope="module")
def loaded(city: DemoCity, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    database = a_database(tmp_path_factory.mktemp("demo"))
    assert load_demo(database, city, NOW)
    yield database
    database.close()


def _person_of(database: Database, external_id: str) -> int:
    row = database.read(lambda tx: tx.first(select(identity).where(identity.c.external_id == external_id)))
    assert row is not None
    assert (row.channel, row.account) == ("web", "demo")
    return int(row.person_id)


def test_the_whole_catalogue_of_the_demo_city_can_be_booked(loaded: Database, city: DemoCity) -> None:
    sold = loaded.read(catalogue)

    assert [service.code for service in sold.services] == [service.code for service in city.services]
    assert all(service.options for service in sold.services)
    assert [category.code for category in sold.categories] == [category.code for category in city.categories]
    assert (len(sold.regions), len(sold.places)) == (len(city.regions), len(city.places))
    assert {answer.code for answer in sold.answers} == {answer.topic for answer in city.answers}
    assert loaded.read(the_store).zone == city.store.zone


def test_every_demo_technician_is_on_duty_with_a_face_and_a_rota(loaded: Database, city: DemoCity) -> None:
    team = loaded.read(roster)

    assert [one.number for one in team.technicians] == sorted(one.number for one in city.technicians)
    for one in team.technicians:
        assert one.on_duty_at == NOW
        assert team.times_of(one.id).rota
        assert one.service_ids
        assert one.region_ids
        assert one.face_file_id is not None
        mime, body = loaded.read(lambda tx, file_id=one.face_file_id: files.body(tx, file_id))  # type: ignore[misc]
        assert mime == "image/png"
        assert body.startswith(b"\x89PNG")


def test_every_service_of_the_demo_can_be_done_somewhere(loaded: Database) -> None:
    sold, team = loaded.read(catalogue), loaded.read(roster)

    for service in sold.services:
        assert any(team.able(service.id, region.id) for region in sold.regions), service.code


def test_a_demo_technician_is_met_under_a_known_identity(loaded: Database, city: DemoCity) -> None:
    first = city.technicians[0]

    person_id = _person_of(loaded, f"technician-{first.code}")

    found = loaded.read(lambda tx: technicians.of_person(tx, person_id))
    assert found is not None
    assert found.number == first.number


def test_a_demo_customer_has_name_phone_and_addresses_in_order(loaded: Database, city: DemoCity) -> None:
    for customer in city.customers:
        person_id = _person_of(loaded, f"customer-{customer.code}")
        saved = loaded.read(lambda tx, one=person_id: people.addresses(tx, one))  # type: ignore[misc]

        assert loaded.read(lambda tx, one=person_id: people.phone_of(tx, one)) == customer.phone  # type: ignore[misc]
        assert len(saved) == len(customer.addresses)
        first = customer.addresses[0].detail.by_language()[customer.language]
        assert first in saved[0].text
        assert loaded.read(catalogue).locate(saved[0].text) is not None


def test_loading_the_demo_again_changes_nothing(loaded: Database, city: DemoCity) -> None:
    before = loaded.read(catalogue), loaded.read(roster)

    assert not load_demo(loaded, city, NOW)

    assert (loaded.read(catalogue), loaded.read(roster)) == before


def test_an_interrupted_load_goes_on_where_it_stopped(
    city: DemoCity, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Interrupted(Exception):
        pass

    database = a_database(tmp_path)
    drawn: list[str] = []

    def draw_two(seed: str, **_: object) -> bytes:
        if len(drawn) == 2:
            raise Interrupted
        drawn.append(seed)
        return _a_face()

    monkeypatch.setattr("menling.demo.load.draw_face", draw_two)
    with pytest.raises(Interrupted):
        load_demo(database, city, NOW)
    assert len(database.read(roster).technicians) == 2

    monkeypatch.setattr("menling.demo.load.draw_face", lambda _seed, **_: _a_face())
    assert load_demo(database, city, NOW)
    assert len(database.read(roster).technicians) == len(city.technicians)
    assert len(database.read(catalogue).services) == len(city.services)
    database.close()


def _a_face() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "PNG")
    return out.getvalue()
