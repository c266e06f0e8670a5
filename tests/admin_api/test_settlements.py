"""Settlement at the desk: previewed, closed by one, paid by another, and safe to repeat."""

from datetime import timedelta

import pytest

from core.audit import Role
from core.messages.outbox import claim
from core.money import ledger
from core.orders.moves import Order
from core.orders.states import OrderState
from tests.admin_api.conftest import Office, code_of
from tests.builders import City
from tests.visits import an_order

UNTIL = "2026-03-12T00:00:00Z"


@pytest.fixture
def served(office: Office, city: City) -> Order:
    """A visit that was confirmed; the desk opens the day after."""
    order = office.db.run(lambda tx: an_order(tx, city, state=OrderState.CONFIRMED))
    office.clock.at = order.starts_at + timedelta(days=2)
    return order


def test_a_settlement_is_previewed_closed_and_paid(office: Office, city: City, served: Order) -> None:
    owed = served.quote.income_minor

    preview = office.get(f"/settlements/preview?until={UNTIL}", by="finn").json()
    assert (preview["id"], preview["total"]) == (None, {"minor": owed, "currency": "CNY"})
    assert [(one["technician_id"], one["orders"]) for one in preview["technicians"]] == [(str(city.technician.id), 1)]
    assert [one["order_id"] for one in preview["lines"]] == [str(served.id)]

    closed = office.post("/settlements", by="finn", json={"until": UNTIL})
    assert (closed.status_code, closed.json()["state"]) == (201, "closed")
    assert closed.json()["total"] == preview["total"]
    assert closed.json()["technicians"] == preview["technicians"]

    path = f"/settlements/{closed.json()['id']}"
    paid = office.post(f"{path}/paid", by="lin")
    assert (paid.status_code, paid.json()["state"]) == (200, "paid")
    assert paid.json() == office.get(path).json()
    assert [one["state"] for one in office.get("/settlements").json()["items"]] == ["paid"]
    assert office.db.read(ledger.check) == []

    told = office.db.run(lambda tx: claim(tx, now=office.clock.at, real_now=office.clock.at, most=99))
    assert [due.person_id for due in told if due.template == "settlement_paid"] == [city.technician.person_id]
    lines = office.get(f"/audit?subject=settlement:{closed.json()['id']}").json()["items"]
    assert [line["action"] for line in lines] == ["settlement.paid", "settlement.closed"]


def test_whoever_closed_a_settlement_does_not_pay_it_too(office: Office, served: Order) -> None:
    closed = office.post("/settlements", by="finn", json={"until": UNTIL}).json()

    answer = office.post(f"/settlements/{closed['id']}/paid", by="finn")

    assert (answer.status_code, code_of(answer)) == (403, "self_approval")
    assert office.get(f"/settlements/{closed['id']}").json()["state"] == "closed"


def test_closing_and_paying_may_be_repeated_and_change_nothing(office: Office, served: Order) -> None:
    key = {"Idempotency-Key": "one-and-the-same"}
    closed = [office.post("/settlements", by="finn", json={"until": UNTIL}, headers=key) for _ in range(3)]
    path = f"/settlements/{closed[0].json()['id']}/paid"
    paid = [office.post(path, by="lin", headers=key) for _ in range(3)]

    assert {(one.status_code, one.text) for one in closed} == {(201, closed[0].text)}
    assert {(one.status_code, one.text) for one in paid} == {(200, paid[0].text)}
    assert len(office.get("/settlements").json()["items"]) == 1
    assert office.db.read(ledger.check) == []


def test_somebody_elses_payment_is_not_repeated(office: Office, served: Order) -> None:
    closed = office.post("/settlements", by="finn", json={"until": UNTIL}).json()
    office.post(f"/settlements/{closed['id']}/paid", by="lin")

    office.hire("fiona", Role.FINANCE)
    answer = office.post(f"/settlements/{closed['id']}/paid", by="fiona")

    assert (answer.status_code, code_of(answer)) == (409, "state_conflict")


def test_nothing_owed_is_nothing_to_settle(office: Office, city: City) -> None:
    answer = office.post("/settlements", by="finn", json={"until": "2026-03-01T00:00:00+08:00"})

    assert (answer.status_code, code_of(answer)) == (409, "nothing_to_settle")


@pytest.mark.parametrize(
    "until",
    [
        None,
        "",
        "yesterday",
        "2026-03-12",
        "2026-03-12T00:00:00",
        "0001-01-01T00:00:00+14:00",
        0,
        1e300,
        "9999-12-31T23:59:59-14:00",
    ],
)
def test_a_moment_must_be_one_moment(office: Office, city: City, until: object) -> None:
    answer = office.post("/settlements", by="finn", json={"until": until})

    assert (answer.status_code, code_of(answer)) == (422, "invalid_input")


def test_the_future_is_not_settled(office: Office, served: Order) -> None:
    answer = office.post("/settlements", by="finn", json={"until": "2026-04-01T00:00:00Z"})

    assert (answer.status_code, code_of(answer)) == (422, "invalid_input")


def test_a_technicians_income_is_shown_order_by_order(office: Office, city: City, served: Order) -> None:
    seen = office.get(f"/technicians/{city.technician.id}/income", by="finn").json()
    before = office.get(f"/technicians/{city.technician.id}/income?until_at=2026-03-01T00:00:00Z", by="finn").json()

    assert seen["income"] == {"minor": served.quote.income_minor, "currency": "CNY"}
    assert [item["order_code"] for item in seen["items"]] == [served.code]
    assert (before["orders"], before["items"]) == (0, [])
    assert office.get("/technicians/1/income").status_code == 404


def test_a_desk_without_a_store_has_nothing_to_preview(office: Office) -> None:
    assert office.get("/settlements/preview").status_code == 404
