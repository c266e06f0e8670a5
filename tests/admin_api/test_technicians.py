"""Audits of technicians: seen, approved, refused, put aside, and the papers they showed."""

import json

import pytest

from core import audit, files, people, technicians
from core.db import Tx
from core.files import FilePurpose
from core.messages.outbox import claim
from core.people import Person
from core.technicians import RotaSpan, Technician, TechnicianState
from tests.admin_api.conftest import Office, code_of
from tests.builders import NOW, City, a_customer, a_person
from tests.visits import a_photo

JSON = {"Content-Type": "application/json"}


def an_application(tx: Tx, city: City, person: Person | None = None) -> Technician:
    who = person or a_customer(tx, name="陈师傅")
    return technicians.apply(
        tx,
        who.id,
        name="陈师傅",
        sex="female",
        service_ids=[city.service.id],
        region_ids=[city.region.id],
        rota=[RotaSpan(0, 540, 1260)],
        certificate_file_ids=[a_photo(tx, who.id, FilePurpose.CERTIFICATE)],
        now=NOW,
    )


@pytest.fixture
def applied(office: Office, city: City) -> Technician:
    """Somebody who waits for an audit."""
    return office.db.run(lambda tx: an_application(tx, city))


def templates_of(office: Office, person_id: int) -> list[str]:
    """What a person will be told."""
    claimed = office.db.run(lambda tx: claim(tx, now=NOW, real_now=NOW, most=50))
    return [due.template for due in claimed if due.person_id == person_id]


def test_an_auditor_sees_who_applied_with_everything_an_audit_needs(
    office: Office, city: City, applied: Technician
) -> None:
    listed = office.get("/technicians?state=applied", by="audrey").json()
    seen = office.get(f"/technicians/{applied.id}", by="audrey").json()

    assert [item["id"] for item in listed["items"]] == [str(applied.id)]
    assert listed["next_cursor"] is None
    assert seen["state"] == "applied"
    assert seen["number"] is None
    assert seen["names"]["zh-Hans"] == "陈师傅"
    assert seen["phone"] == "138****8000"
    assert [one["names"]["zh-Hans"] for one in seen["services"]] == ["肩颈舒缓"]
    assert [one["id"] for one in seen["regions"]] == [str(city.region.id)]
    assert seen["rota"] == [{"weekday": 0, "from_minute": 540, "to_minute": 1260}]
    assert seen["certificates"][0]["checked_at"] is None


def test_a_certificate_is_shown_as_a_picture_and_the_look_is_written_down(office: Office, applied: Technician) -> None:
    link = office.get(f"/technicians/{applied.id}").json()["certificates"][0]["picture"]["link"]

    answer = office.get(link.removeprefix("/admin/v1"), by="audrey")

    assert answer.content.startswith(b"\x89PNG")
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert "sandbox" in answer.headers["content-security-policy"]
    line = office.db.read(audit.lines)[0]
    assert (line.action, str(line.subject_id)) == ("file.opened", link.rsplit("/", 1)[1])


def test_an_approved_applicant_gets_a_number_and_is_told(office: Office, applied: Technician) -> None:
    answer = office.post(f"/technicians/{applied.id}/approve", by="audrey")

    assert (answer.status_code, answer.json()["state"], answer.json()["number"]) == (200, "approved", 2)
    assert answer.json()["certificates"][0]["checked_at"] is not None
    assert templates_of(office, applied.person_id) == ["application_approved"]
    line = office.get(f"/audit?subject=technician:{applied.id}").json()["items"][0]
    assert line["action"] == "technician.approved"
    assert line["actor_id"] == office.sign_in("audrey").json()["operator_id"]


def test_a_refused_applicant_is_told_why_and_may_apply_again(office: Office, city: City, applied: Technician) -> None:
    answer = office.post(f"/technicians/{applied.id}/refuse", by="audrey", json={"reason": " 照片看不清 "})

    assert (answer.status_code, answer.json()["state"]) == (200, "refused")
    assert answer.json()["refusal_reason"] == "照片看不清"
    assert templates_of(office, applied.person_id) == ["application_refused"]
    person = office.db.read(lambda tx: people.person(tx, applied.person_id))
    again = office.db.run(lambda tx: an_application(tx, city, person))
    assert (again.id, again.state) == (applied.id, TechnicianState.APPLIED)


@pytest.mark.parametrize("reason", [None, "", "   ", "x" * 501, "no\x00", "\ud800", 7, ["no"]])
def test_a_refusal_needs_a_reason_in_words(office: Office, applied: Technician, reason: object) -> None:
    answer = office.post(f"/technicians/{applied.id}/refuse", content=json.dumps({"reason": reason}), headers=JSON)

    assert (answer.status_code, code_of(answer)) == (422, "invalid_input")
    assert answer.json()["error"]["facts"]["fields"][0]["field"] == "body.reason"
    assert office.get(f"/technicians/{applied.id}").json()["state"] == "applied"


def test_an_application_is_decided_once(office: Office, applied: Technician) -> None:
    office.post(f"/technicians/{applied.id}/approve")

    again = office.post(f"/technicians/{applied.id}/approve")
    refused = office.post(f"/technicians/{applied.id}/refuse", json={"reason": "late"})

    assert (again.status_code, code_of(again)) == (409, "state_conflict")
    assert again.json()["error"]["facts"] == {"kind": "technician", "state": "approved"}
    assert refused.status_code == 409


def test_a_technician_can_be_suspended_and_come_back(office: Office, city: City) -> None:
    path = f"/technicians/{city.technician.id}"

    assert office.post(f"{path}/suspend").json()["state"] == "suspended"
    assert office.post(f"{path}/suspend").status_code == 409
    assert office.post(f"{path}/resume").json()["state"] == "approved"


def test_the_list_goes_on_where_the_page_before_ended(office: Office, city: City) -> None:
    for _ in range(4):
        office.db.run(lambda tx: an_application(tx, city))

    seen, cursor = [], ""
    while True:
        page = office.get(f"/technicians?limit=2{cursor}").json()
        seen += [item["id"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"

    assert len(seen) == len(set(seen)) == 5
    assert seen == sorted(seen, key=int, reverse=True)


def test_an_erased_applicant_is_shown_without_what_they_told(office: Office, applied: Technician) -> None:
    office.db.run(lambda tx: people.erase(tx, applied.person_id, NOW))

    seen = office.get(f"/technicians/{applied.id}")
    decided = office.post(f"/technicians/{applied.id}/refuse", json={"reason": "late"})

    assert (seen.status_code, seen.json()["phone"]) == (200, None)
    assert (decided.status_code, code_of(decided)) == (410, "person_erased")


def test_a_picture_that_never_came_is_not_found(office: Office) -> None:
    file_id = office.db.run(lambda tx: files.expect(tx, a_person(tx).id, purpose=FilePurpose.CERTIFICATE, now=NOW))

    for path in (f"/files/{file_id}", "/files/1"):
        answer = office.get(path)
        assert (answer.status_code, code_of(answer)) == (404, "not_found")
