"""Who may call what: every route with every role, and with none."""

from collections.abc import Iterator

import pytest
from fastapi.routing import APIRoute

from admin_api import PREFIX, build_router
from admin_api.routes import OPEN, ROUTES, Route
from core.audit import Role
from tests.admin_api.conftest import HASHER, SECRET, Office, an_office, code_of
from tests.builders import a_database

_LOGINS = {Role.ADMIN: "lin", Role.AUDITOR: "audrey", Role.FINANCE: "finn"}

EXPECTED = {
    "POST /sessions": "everybody",
    "DELETE /sessions": "admin auditor finance",
    "GET /overview": "admin auditor finance",
    "GET /technicians": "admin auditor finance",
    "GET /technicians/{technician_id}": "admin auditor",
    "POST /technicians/{technician_id}/approve": "admin auditor",
    "POST /technicians/{technician_id}/refuse": "admin auditor",
    "POST /technicians/{technician_id}/suspend": "admin auditor",
    "POST /technicians/{technician_id}/resume": "admin auditor",
    "GET /technicians/{technician_id}/income": "admin finance",
    "GET /technicians/{technician_id}/rota": "admin auditor",
    "PUT /technicians/{technician_id}/rota": "admin auditor",
    "GET /technicians/{technician_id}/exceptions": "admin auditor",
    "PUT /technicians/{technician_id}/exceptions/{day}": "admin auditor",
    "DELETE /technicians/{technician_id}/exceptions/{day}": "admin auditor",
    "GET /technicians/{technician_id}/leave": "admin auditor",
    "POST /technicians/{technician_id}/leave": "admin auditor",
    "DELETE /technicians/{technician_id}/leave": "admin auditor",
    "PUT /technicians/{technician_id}/duty": "admin auditor",
    "GET /technicians/{technician_id}/slots": "admin auditor finance",
    "GET /slots": "admin auditor finance",
    "GET /files/{file_id}": "admin auditor",
    "GET /orders": "admin auditor finance",
    "GET /orders/{order}": "admin auditor finance",
    "POST /orders/{order}/start": "admin auditor",
    "POST /orders/{order}/assign": "admin",
    "POST /orders/{order}/cancel": "admin",
    "GET /settlements/preview": "admin finance",
    "POST /settlements": "admin finance",
    "GET /settlements": "admin finance",
    "GET /settlements/{settlement_id}": "admin finance",
    "POST /settlements/{settlement_id}/paid": "admin finance",
    "GET /tickets": "admin auditor",
    "GET /tickets/{ticket_id}": "admin auditor",
    "POST /tickets/{ticket_id}/take": "admin auditor",
    "POST /tickets/{ticket_id}/reply": "admin auditor",
    "POST /tickets/{ticket_id}/give-back": "admin auditor",
    "POST /tickets/{ticket_id}/close": "admin auditor",
    "POST /persons/{person_id}/erase": "admin",
    "GET /answers": "admin auditor finance",
    "GET /answers/{code}": "admin auditor finance",
    "PUT /answers/{code}": "admin",
    "DELETE /answers/{code}": "admin",
    "POST /announcements": "admin",
    "GET /announcements": "admin auditor",
    "GET /announcements/{announcement_id}": "admin auditor",
    "POST /announcements/{announcement_id}/preview": "admin auditor",
    "POST /announcements/{announcement_id}/start": "admin",
    "POST /announcements/{announcement_id}/stop": "admin",
    "GET /settings": "admin auditor finance",
    "PUT /settings/{name}": "admin",
    "GET /audit": "admin auditor",
    "GET /audit/verify": "admin auditor",
    "GET /messages/failed": "admin auditor",
    "POST /messages/{message_id}/retry": "admin auditor",
    "GET /inbox/quarantined": "admin auditor",
    "POST /inbox/{inbox_id}/retry": "admin auditor",
    "POST /inbox/{inbox_id}/put-away": "admin auditor",
    "GET /effects/stuck": "admin finance",
    "POST /effects/{effect_id}/retry": "admin finance",
    "POST /effects/{effect_id}/done": "admin finance",
}
"""Written out by hand: a route that opens to somebody else by accident shows here."""


@pytest.fixture(scope="module")
def open_office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """One office for the whole matrix: nothing in it is changed."""
    opened = an_office(a_database(tmp_path_factory.mktemp("office")))
    yield opened
    opened.close()


def allowed(route: Route) -> str:
    return "everybody" if route.roles is None else " ".join(sorted(route.roles))


def an_address(route: Route) -> str:
    return route.path.format(
        technician_id=1,
        day="2026-03-11",
        file_id=1,
        order="ZZZZZZ",
        settlement_id=1,
        ticket_id=1,
        announcement_id=1,
        effect_id=1,
        inbox_id=1,
        message_id=1,
        person_id=1,
        code="parking",
        name="nothing",
    )


def test_every_route_is_for_exactly_the_roles_it_should_be_for() -> None:
    assert {f"{route.method} {route.path}": allowed(route) for route in ROUTES} == EXPECTED


def test_the_router_holds_the_routes_of_the_table_and_no_other(open_office: Office) -> None:
    router = build_router(db=open_office.db, clock=open_office.clock, secret=SECRET, password_hasher=HASHER)

    served = {
        f"{method} {one.path}" for one in router.routes if isinstance(one, APIRoute) for method in one.methods or ()
    }

    assert served == {name.replace(" /", f" {PREFIX}/") for name in EXPECTED}


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_a_route_is_closed_to_those_it_is_not_for(open_office: Office, route: Route) -> None:
    anonymous = open_office.ask(route.method, an_address(route))
    assert anonymous.status_code == (422 if route.roles is OPEN else 401)

    if route.endpoint.__name__ == "sign_out":
        return  # every role may, and it would end the sessions of the others' cells
    for role, login in _LOGINS.items():
        answer = open_office.ask(route.method, an_address(route), by=login)
        if route.roles is None or role in route.roles:
            assert answer.status_code in (200, 404, 422), (role, answer.text)
        else:
            assert (answer.status_code, code_of(answer)) == (403, "forbidden")


@pytest.mark.parametrize("role", Role)
def test_a_refused_caller_is_not_told_what_is_wrong_with_the_body(open_office: Office, role: Role) -> None:
    answer = open_office.ask("PUT", "/settings/commission_percent", by=_LOGINS[role], content=b"{broken")

    assert answer.status_code == (422 if role is Role.ADMIN else 403)
