"""Working time at the desk: rota, special days, leave and duty; what was sold stays and is named."""

from typing import Any

import pytest
from sqlalchemy import bindparam, select

from core import audit
from core.messages.tables import message
from core.orders.moves import Order, load
from core.orders.states import OrderState
from core.technicians import RotaSpan, roster, rota_of
from tests.admin_api.conftest import Office, code_of
from tests.builders import EVERY_DAY, City
from tests.visits import an_order

_TOLD = (
    select(message.c.template, message.c.facts)
    .where(message.c.person_id == bindparam("b_person"))
    .order_by(message.c.id)
)

ALL_WEEK = [{"weekday": one.weekday, "from_minute": 540, "to_minute": 1380} for one in EVERY_DAY]
VISIT_DAY = "2026-03-11"
TWO_SPANS = [{"from_minute": 540, "to_minute": 720}, {"from_minute": 780, "to_minute": 840}]


@pytest.fixture
def path(city: City) -> str:
    """Where the technician's working time is."""
    return f"/technicians/{city.technician.id}"


@pytest.fixture
def sold(office: Office, city: City) -> Order:
    """A visit that was accepted, tomorrow afternoon."""
    return office.db.run(lambda tx: an_order(tx, city, state=OrderState.ACCEPTED))


def put(office: Office, path: str, body: Any, *, by: str = "audrey") -> Any:
    answer = office.ask("PUT", path, by=by, json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def actions(office: Office, city: City) -> list[tuple[str, dict[str, Any]]]:
    """What was written down about the technician, newest first."""
    noted = office.db.read(lambda tx: audit.lines(tx, subject_kind="technician", subject_id=city.technician.id))
    return [(line.action, dict(line.facts)) for line in noted]


def test_a_new_rota_replaces_the_old_one_and_names_the_visits_left_outside(
    office: Office, city: City, sold: Order, path: str
) -> None:
    before = office.get(f"{path}/rota", by="audrey").json()
    assert before == {"spans": ALL_WEEK, "visits_outside": []}

    nights = [{"weekday": 4, "from_minute": 1200, "to_minute": 1500}]
    after = put(office, f"{path}/rota", {"spans": nights})

    assert after["spans"] == nights
    assert [(one["code"], one["state"]) for one in after["visits_outside"]] == [(sold.code, "accepted")]
    assert office.db.read(lambda tx: rota_of(tx, city.technician.id)) == (RotaSpan(4, 1200, 1500),)
    assert office.db.read(lambda tx: load(tx, sold.id)) == sold
    assert office.get(f"{path}/rota").json() == after
    assert actions(office, city) == [("technician.rota_set", {"minutes": 300})]


def test_a_special_day_is_set_listed_and_cleared(office: Office, city: City, sold: Order, path: str) -> None:
    set_to = put(office, f"{path}/exceptions/{VISIT_DAY}", {"spans": TWO_SPANS})

    assert (set_to["day"], set_to["spans"], set_to["on_leave"]) == (VISIT_DAY, TWO_SPANS, False)
    assert [one["id"] for one in set_to["visits_outside"]] == [str(sold.id)]
    listed = office.get(f"{path}/exceptions").json()
    assert listed == {"items": [{"day": VISIT_DAY, "spans": TWO_SPANS}], "next_cursor": None}

    cleared = office.ask("DELETE", f"{path}/exceptions/{VISIT_DAY}", by="audrey")

    assert cleared.status_code == 200
    assert cleared.json()["spans"] == [{"from_minute": 540, "to_minute": 1380}]
    assert cleared.json()["visits_outside"] == []
    assert office.get(f"{path}/exceptions").json()["items"] == []
    assert actions(office, city) == [
        ("technician.day_cleared", {"day": VISIT_DAY}),
        ("technician.day_set", {"day": VISIT_DAY, "minutes": 240}),
    ]


def test_the_list_of_special_days_goes_on_with_the_day_it_names(office: Office, path: str) -> None:
    days = [f"2026-03-{n}" for n in (20, 12, 16, 14, 18)]
    for day in days:
        put(office, f"{path}/exceptions/{day}", {"spans": []})

    seen: list[str] = []
    cursor = ""
    while True:
        page = office.get(f"{path}/exceptions?limit=2{cursor}").json()
        assert all(item["spans"] == [] for item in page["items"])
        seen += [item["day"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"

    assert seen == sorted(days)
    assert len(office.get(f"{path}/exceptions?cursor=2026-03-15").json()["items"]) == 3


def test_leave_is_taken_for_days_names_what_was_sold_in_them_and_ends(
    office: Office, city: City, sold: Order, path: str
) -> None:
    week = {"first": VISIT_DAY, "last": "2026-03-17"}

    taken = office.post(f"{path}/leave", by="audrey", json=week)

    assert taken.status_code == 200
    assert taken.json()["leave"] == [week]
    assert [one["code"] for one in taken.json()["visits_outside"]] == [sold.code]
    assert put(office, f"{path}/exceptions/{VISIT_DAY}", {"spans": TWO_SPANS})["on_leave"]

    ended = office.ask("DELETE", f"{path}/leave?first=2026-03-12&last=2026-03-13", by="audrey").json()
    assert ended["leave"] == [{"first": VISIT_DAY, "last": VISIT_DAY}, {"first": "2026-03-14", "last": "2026-03-17"}]
    assert office.get(f"{path}/leave").json() == ended
    assert actions(office, city)[0] == ("technician.leave_ended", {"first": "2026-03-12", "last": "2026-03-13"})
    assert actions(office, city)[-1] == ("technician.leave_taken", week)


def test_duty_is_switched_off_and_on_and_written_down_once(office: Office, city: City, path: str) -> None:
    assert put(office, f"{path}/duty", {"on": False}) == {"on_duty_at": None}
    assert put(office, f"{path}/duty", {"on": False}) == {"on_duty_at": None}
    assert office.db.read(roster).able(city.service.id, city.region.id) == ()

    assert put(office, f"{path}/duty", {"on": True})["on_duty_at"] is not None

    assert [action for action, _ in actions(office, city)] == ["technician.on_duty", "technician.off_duty"]


def test_the_technician_is_told_of_each_change_once(office: Office, city: City, path: str) -> None:
    put(office, f"{path}/duty", {"on": False})
    put(office, f"{path}/duty", {"on": False})
    put(office, f"{path}/rota", {"spans": [{"weekday": 0, "from_minute": 540, "to_minute": 1080}]})
    put(office, f"{path}/exceptions/2026-03-12", {"spans": []})

    written = office.db.read(lambda tx: tx.all(_TOLD, {"b_person": city.technician.person_id}))
    assert [(row.template, row.facts["what"], row.facts.get("first")) for row in written] == [
        ("working_changed", "off_duty", None),
        ("working_changed", "rota", None),
        ("working_changed", "day", "2026-03-12"),
    ]


def test_who_is_suspended_is_not_put_on_duty(office: Office, path: str) -> None:
    put(office, f"{path}/duty", {"on": False})
    office.post(f"{path}/suspend")

    refused = office.ask("PUT", f"{path}/duty", by="audrey", json={"on": True})

    assert (refused.status_code, code_of(refused)) == (409, "state_conflict")


@pytest.mark.parametrize(
    ("method", "where", "body"),
    [
        ("PUT", "rota", {"spans": [{"weekday": 7, "from_minute": 0, "to_minute": 60}]}),
        ("PUT", "rota", {"spans": [{"weekday": 0, "from_minute": 60, "to_minute": 60}]}),
        ("PUT", "rota", {"spans": [{"weekday": 0, "from_minute": -60, "to_minute": 60}]}),
        ("PUT", "rota", {"spans": [{"weekday": 0, "from_minute": 0, "to_minute": 1441}]}),
        ("PUT", "rota", {"spans": [{"weekday": 0, "from_minute": "9", "to_minute": 60}]}),
        ("PUT", "rota", {"spans": 2 * [{"weekday": 0, "from_minute": 0, "to_minute": 60}]}),
        ("PUT", "rota", {}),
        ("PUT", "exceptions/2026-03-11", {"spans": [{"from_minute": 90, "to_minute": 60}]}),
        ("PUT", "exceptions/2026-03-11", {"spans": 25 * [{"from_minute": 0, "to_minute": 60}]}),
        ("PUT", "exceptions/2026-13-11", {"spans": []}),
        ("PUT", "exceptions/1773187200", {"spans": []}),
        ("PUT", "exceptions/1999-12-31", {"spans": []}),
        ("DELETE", "exceptions/tomorrow", None),
        ("GET", "exceptions?cursor=20260311", None),
        ("POST", "leave", {"first": "2026-03-12", "last": "2026-03-11"}),
        ("POST", "leave", {"first": "2026-03-11", "last": "2027-03-12"}),
        ("POST", "leave", {"first": 20260311, "last": "2026-03-12"}),
        ("DELETE", "leave?first=2026-03-11", None),
        ("PUT", "duty", {"on": "no"}),
        ("PUT", "duty", {"on": 1}),
    ],
)
def test_what_makes_no_sense_changes_nothing(
    office: Office, city: City, path: str, method: str, where: str, body: dict[str, Any] | None
) -> None:
    answer = office.ask(method, f"{path}/{where}", by="audrey", json=body)

    assert (answer.status_code, code_of(answer)) == (422, "invalid_input")
    assert actions(office, city) == []
    assert office.db.read(roster).times_of(city.technician.id).rota == EVERY_DAY


@pytest.mark.parametrize(
    ("method", "where", "body"),
    [
        ("GET", "rota", None),
        ("PUT", "rota", {"spans": []}),
        ("GET", "exceptions", None),
        ("PUT", "exceptions/2026-03-11", {"spans": []}),
        ("DELETE", "exceptions/2026-03-11", None),
        ("GET", "leave", None),
        ("POST", "leave", {"first": "2026-03-11", "last": "2026-03-11"}),
        ("DELETE", "leave?first=2026-03-11&last=2026-03-11", None),
        ("PUT", "duty", {"on": True}),
    ],
)
def test_nobody_has_no_working_time(office: Office, method: str, where: str, body: dict[str, Any] | None) -> None:
    answer = office.ask(method, f"/technicians/1/{where}", by="audrey", json=body)

    assert (answer.status_code, code_of(answer)) == (404, "not_found")
