"""Orders at the desk: found, looked into, and started when the code failed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core import changes, dispatch, people
from core.changes import Change
from core.dispatch import RefusalReason
from core.orders.moves import Actor, ActorKind
from core.orders.states import OrderState
from core.technicians import Technician
from tests.admin_api.conftest import Office, code_of
from tests.builders import City, a_customer, a_technician
from tests.visits import STARTS_AT, an_order

ADDRESS, PHONE, NAME = "望京花园 3 号楼 1201", "13800138000", "王小姐"


def codes_of(office: Office, query: str) -> list[str]:
    return [item["code"] for item in office.get(f"/orders?{query}").json()["items"]]


def test_orders_are_found_by_code_state_and_day(office: Office, city: City) -> None:
    first = office.db.run(lambda tx: an_order(tx, city, state=OrderState.ACCEPTED))
    later = STARTS_AT + timedelta(days=1)
    second = office.db.run(lambda tx: an_order(tx, city, state=OrderState.TO_ACCEPT, starts_at=later))

    assert codes_of(office, "") == [second.code, first.code]
    assert codes_of(office, f"code={first.code.lower()}") == [first.code]
    assert codes_of(office, "code=ZZZZZZ") == []
    assert codes_of(office, "state=accepted") == [first.code]
    assert codes_of(office, "day=2026-03-12") == [second.code]
    assert codes_of(office, "day=2026-03-12&state=accepted") == []
    assert codes_of(office, f"cursor={second.id}") == [first.code]


def test_an_order_shows_its_money_and_history(office: Office, city: City) -> None:
    order = office.db.run(lambda tx: an_order(tx, city, state=OrderState.ACCEPTED))

    seen = office.get(f"/orders/{order.code}", by="finn").json()

    assert seen == office.get(f"/orders/{order.id}", by="finn").json()
    assert seen["state"] == "accepted"
    assert seen["local_day"] == "2026-03-11"
    assert seen["starts_at"] == "2026-03-11T07:00:00Z"
    assert seen["total"] == {"minor": order.total_minor, "currency": "CNY"}
    assert sum(item["amount"]["minor"] for item in seen["quote"]["items"]) == order.total_minor
    assert [one["state"] for one in seen["payments"]] == ["paid"]
    assert [one["state"] for one in seen["offers"]] == ["accepted"]
    assert [one["event"] for one in seen["events"]] == ["placed", "paid", "accepted"]
    assert order.start_code not in [str(value) for value in seen.values()]
    assert seen["option"]["names"]["en"] == "60 min"


def test_operators_read_why_a_technician_refused(office: Office, city: City) -> None:
    order = office.db.run(lambda tx: an_order(tx, city, state=OrderState.TO_ACCEPT))
    office.db.run(
        lambda tx: dispatch.refuse(
            tx,
            order.id,
            technician_id=city.technician.id,
            reason=RefusalReason.OTHER,
            words="车坏了",
            now=office.clock.at,
        )
    )

    (offer,) = office.get(f"/orders/{order.code}").json()["offers"]

    assert (offer["state"], offer["reason"], offer["words"]) == ("refused", "other", "车坏了")


def test_an_address_is_masked_until_somebody_asks_for_it_and_that_is_written_down(office: Office, city: City) -> None:
    order = office.db.run(lambda tx: an_order(tx, city, state=OrderState.ACCEPTED))

    masked = office.get(f"/orders/{order.code}", by="audrey")
    assert not [secret for secret in (ADDRESS, PHONE, NAME) if secret in masked.text]
    assert masked.json()["address"]["phone"] == "138****8000"
    assert office.get(f"/audit?subject=order:{order.id}").json()["items"] == []

    shown = office.get(f"/orders/{order.code}?reveal=address", by="audrey")
    assert shown.json()["address"]["text"] == ADDRESS
    assert shown.json()["address"]["phone"] == f"+86{PHONE}"
    lines = office.get(f"/audit?subject=order:{order.id}").json()["items"]
    assert [line["action"] for line in lines] == ["order.address_revealed"]


def test_whoever_only_counts_the_money_sees_no_address(office: Office, city: City) -> None:
    order = office.db.run(lambda tx: an_order(tx, city))

    answer = office.get(f"/orders/{order.code}?reveal=address", by="finn")

    assert (answer.status_code, code_of(answer)) == (403, "forbidden")


def test_an_erased_customers_order_keeps_its_money_and_loses_its_address(office: Office, city: City) -> None:
    order = office.db.run(lambda tx: an_order(tx, city, state=OrderState.CANCELLED))
    office.db.run(lambda tx: people.erase(tx, city.customer.id, office.clock.at))

    seen = office.get(f"/orders/{order.code}")
    revealed = office.get(f"/orders/{order.code}?reveal=address")

    assert (seen.status_code, seen.json()["address"]) == (200, None)
    assert seen.json()["total"]["minor"] == order.total_minor
    assert (revealed.status_code, code_of(revealed)) == (410, "person_erased")


def test_an_order_shows_who_asked_to_change_it_and_what_was_said(office: Office, city: City) -> None:
    order = office.db.run(lambda tx: an_order(tx, city, state=OrderState.ACCEPTED))
    by = Actor(ActorKind.TECHNICIAN, order.technician_id)
    later, customer = order.starts_at + timedelta(hours=2), Actor(ActorKind.CUSTOMER, order.person_id)
    change = office.db.run(
        lambda tx: changes.ask_change(
            tx, order.id, by=by, technician_id=None, starts_at=later, now=office.clock.at, words="车坏了"
        )
    )
    assert isinstance(change, Change)
    office.db.run(
        lambda tx: changes.refuse(
            tx, change.id, by=customer, reason=RefusalReason.TIME, words="那时不在家", now=office.clock.at
        )
    )

    (shown,) = office.get(f"/orders/{order.code}").json()["changes"]

    assert (shown["asked_by"], shown["state"], shown["words"]) == ("technician", "refused", "车坏了")
    assert [(one["kind"], one["answer"], one["words"]) for one in shown["answers"]] == [
        ("customer", "refused", "那时不在家")
    ]
    office.db.run(lambda tx: people.erase(tx, order.person_id, office.clock.at))
    (shown,) = office.get(f"/orders/{order.code}").json()["changes"]
    assert (shown["words"], shown["answers"][0]["words"]) == ("车坏了", None)


def test_a_visit_is_started_on_the_operators_word(office: Office, city: City) -> None:
    order = office.db.run(lambda tx: an_order(tx, city, state=OrderState.ARRIVED))

    answer = office.post(f"/orders/{order.code}/start", by="audrey")
    again = office.post(f"/orders/{order.code}/start", by="audrey")

    assert (answer.status_code, answer.json()["state"]) == (200, "in_service")
    assert answer.json()["events"][-1]["actor_kind"] == "operator"
    assert (again.status_code, code_of(again)) == (409, "state_conflict")
    lines = office.get(f"/audit?subject=order:{order.id}").json()["items"]
    assert [line["action"] for line in lines] == ["order.started"]


@pytest.mark.parametrize("order", ["ZZZZZZ", "123456789", "9223372036854775807", "9999999999999999999", "ABCDEFGHJ"])
def test_an_order_that_is_not_there_is_not_found(office: Office, order: str) -> None:
    for answer in (office.get(f"/orders/{order}"), office.post(f"/orders/{order}/start")):
        assert (answer.status_code, code_of(answer)) == (404, "not_found")


def test_an_order_is_cancelled_by_an_admin_who_says_why(office: Office, city: City) -> None:
    order = office.db.run(lambda tx: an_order(tx, city, state=OrderState.DEPARTED))
    why = {"reason": "技师车坏在路上，当天没有别人能去"}

    answer = office.post(f"/orders/{order.code}/cancel", json=why)
    again = office.post(f"/orders/{order.code}/cancel", json=why)

    assert (answer.status_code, answer.json()["state"]) == (200, "cancelled")
    assert [one["amount"]["minor"] for one in answer.json()["refunds"]] == [order.total_minor]
    assert (again.status_code, code_of(again)) == (409, "state_conflict")
    (line,) = office.get(f"/audit?subject=order:{order.id}").json()["items"]
    assert line["action"] == "order.cancelled"
    assert line["facts"] == {"from_state": "departed", "refund_minor": order.total_minor, **why}
    office.db.run(lambda tx: people.erase(tx, city.customer.id, office.clock.at))
    (line,) = office.get(f"/audit?subject=order:{order.id}").json()["items"]
    assert line["facts"]["reason"] is None


@pytest.mark.parametrize("body", [{}, {"reason": ""}, {"reason": " "}, {"reason": "x" * 501}, {"reason": "a\x00b"}])
def test_an_order_is_not_cancelled_without_a_reason(office: Office, city: City, body: dict[str, str]) -> None:
    order = office.db.run(lambda tx: an_order(tx, city))

    answer = office.post(f"/orders/{order.code}/cancel", json=body)

    assert (answer.status_code, code_of(answer)) == (422, "invalid_input")
    assert office.get(f"/orders/{order.code}").json()["state"] == "to_pay"


def a_colleague(office: Office, city: City) -> Technician:
    return office.db.run(lambda tx: a_technician(tx, city))


@pytest.mark.parametrize(("agreed", "state"), [(True, "accepted"), (False, "to_accept")])
def test_an_admin_gives_an_order_to_another_technician(office: Office, city: City, agreed: bool, state: str) -> None:
    order = office.db.run(lambda tx: an_order(tx, city, state=OrderState.ACCEPTED))
    other = str(a_colleague(office, city).id)

    answer = office.post(f"/orders/{order.code}/assign", json={"technician_id": other, "agreed": agreed})
    again = office.post(f"/orders/{order.code}/assign", json={"technician_id": other, "agreed": agreed})

    assert (answer.status_code, answer.json()["state"], answer.json()["technician_id"]) == (200, state, other)
    assert [one["state"] for one in answer.json()["offers"]] == ["withdrawn", "accepted" if agreed else "open"]
    assert again.json() == answer.json()
    (line,) = office.get(f"/audit?subject=order:{order.id}").json()["items"]
    assert line["action"] == ("order.assigned" if agreed else "order.offered")
    assert line["facts"] == {"technician_id": other, "from_technician_id": str(city.technician.id)}


def test_a_technician_is_asked_unless_the_desk_says_that_they_agreed(office: Office, city: City) -> None:
    order = office.db.run(lambda tx: an_order(tx, city, state=OrderState.ACCEPTED))

    answer = office.post(f"/orders/{order.code}/assign", json={"technician_id": str(a_colleague(office, city).id)})

    assert answer.json()["state"] == "to_accept"


def test_an_assignment_that_a_rule_forbids_is_refused_with_the_rule(office: Office, city: City) -> None:
    order = office.db.run(lambda tx: an_order(tx, city, state=OrderState.ACCEPTED))

    answer = office.post(f"/orders/{order.code}/assign", json={"technician_id": "1", "agreed": True})

    assert (answer.status_code, code_of(answer)) == (409, "not_bookable")
    assert answer.json()["error"]["facts"]["rule"] == "technician"


def test_an_assignment_to_who_is_busy_then_is_refused_with_who_is_free(office: Office, city: City) -> None:
    busy, free = a_colleague(office, city), a_colleague(office, city)
    order = office.db.run(lambda tx: an_order(tx, city, state=OrderState.ACCEPTED))
    neighbour = replace(city, customer=office.db.run(a_customer))
    office.db.run(lambda tx: an_order(tx, neighbour, technician_id=busy.id))

    answer = office.post(f"/orders/{order.code}/assign", json={"technician_id": str(busy.id), "agreed": True})

    assert (answer.status_code, code_of(answer)) == (409, "slot_taken")
    (other,) = answer.json()["error"]["facts"]["alternatives"]
    assert (other["technician_id"], other["starts_at"]) == (str(free.id), "2026-03-11T07:00:00Z")


@pytest.mark.parametrize("state", [OrderState.TO_PAY, OrderState.DEPARTED, OrderState.CONFIRMED])
def test_an_order_that_is_not_waiting_is_given_to_nobody(office: Office, city: City, state: OrderState) -> None:
    order = office.db.run(lambda tx: an_order(tx, city, state=state))

    answer = office.post(
        f"/orders/{order.code}/assign", json={"technician_id": str(a_colleague(office, city).id), "agreed": True}
    )

    assert (answer.status_code, code_of(answer)) == (409, "state_conflict")
