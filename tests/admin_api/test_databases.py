"""The desk on every database: what is found, and a settlement from preview to payment."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from admin_api.routes import ROUTES
from core.orders.states import OrderState
from tests.admin_api.conftest import Office, an_office
from tests.builders import a_city, a_database_at
from tests.visits import an_order


@pytest.fixture
def office_anywhere(database_url: str) -> Iterator[Office]:
    """A fresh office on SQLite, MariaDB and PostgreSQL in turn."""
    opened = an_office(a_database_at(database_url))
    yield opened
    opened.close()


def test_the_desk_works_on_every_database(office_anywhere: Office) -> None:
    office = office_anywhere
    city = office.db.run(a_city)
    order = office.db.run(lambda tx: an_order(tx, city, state=OrderState.CONFIRMED))
    office.clock.at = order.starts_at + timedelta(days=2)

    for route in ROUTES:
        if route.method == "GET" and "{" not in route.path:
            asked = f"?option_id={city.option.id}&region_id={city.region.id}" if route.path == "/slots" else ""
            assert office.get(f"{route.path}{asked}").status_code == 200, route.path
    for query in ("state=confirmed", "day=2026-03-11", "state=confirmed&day=2026-03-11", f"code={order.code}"):
        assert [one["id"] for one in office.get(f"/orders?{query}").json()["items"]] == [str(order.id)]
    assert len(office.get("/technicians?state=approved").json()["items"]) == 1
    assert office.get(f"/orders/{order.code}?reveal=address").json()["address"]["text"] == city.address.text

    closed = [office.post("/settlements", by="finn", json={"until": "2026-03-12T00:00:00Z"}) for _ in range(2)]
    paid = [office.post(f"/settlements/{closed[0].json()['id']}/paid", by="lin") for _ in range(2)]
    assert {(one.status_code, one.text) for one in closed} == {(201, closed[0].text)}
    assert {(one.status_code, one.text) for one in paid} == {(200, paid[0].text)}
    assert office.sign_in("lin", "wrong").status_code == 401
