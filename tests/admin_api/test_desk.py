"""The rest of the desk: tickets, settings, audit lines, figures, what is stuck."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from core import audit, support
from core.audit.tables import audit_line
from core.conversations import claim_retries, failed, receive
from core.db import Tx
from core.effects import Effect, EffectKind, claim_due, want
from core.effects import failed as effect_failed
from core.errors import PersonErased
from core.messages import MessageState, Template, tell
from core.messages.outbox import Outcome, claim, note, note_one
from core.messages.tables import message
from core.money import refunds
from core.money.refunds import RefundState
from core.orders import cancelling
from core.orders.states import OrderState
from core.people import key_of
from core.settings import rules
from core.technicians import technician as technician_of
from tests.admin_api.conftest import Office, code_of
from tests.builders import NOW, City, a_customer
from tests.visits import an_order

JSON = {"Content-Type": "application/json"}


def a_ticket(office: Office, kind: str = "human", words: str = "想换个时间") -> str:
    def opened(tx: Tx) -> int:
        return support.open_ticket(tx, a_customer(tx).id, kind=kind, summary=words, order_id=None, now=NOW)

    return str(office.db.run(opened))


def test_a_person_is_erased_once_no_visit_depends_on_them(office: Office) -> None:
    person_id = office.db.run(lambda tx: a_customer(tx).id)

    assert office.post(f"/persons/{person_id}/erase", by="audrey").status_code == 403
    assert office.post(f"/persons/{person_id}/erase", by="lin").json() == {"person_id": str(person_id)}
    assert office.post(f"/persons/{person_id}/erase", by="lin").status_code == 410
    assert office.post("/persons/7/erase", by="lin").status_code == 404
    with pytest.raises(PersonErased):
        office.db.run(lambda tx: key_of(tx, person_id))
    lines = office.get(f"/audit?subject=person:{person_id}").json()["items"]
    assert [line["action"] for line in lines] == ["person.erased"]


def test_a_person_with_a_visit_under_way_is_not_erased(office: Office, city: City) -> None:
    order = office.db.run(lambda tx: an_order(tx, city, state=OrderState.ACCEPTED))

    assert office.post(f"/persons/{order.person_id}/erase", by="lin").status_code == 409
    technician = office.db.run(lambda tx: technician_of(tx, order.technician_id or 0))
    assert office.post(f"/persons/{technician.person_id}/erase", by="lin").status_code == 409
    assert office.db.run(lambda tx: key_of(tx, order.person_id)) is not None


def test_a_setting_is_changed_by_an_admin_and_the_change_is_written_down(office: Office) -> None:
    answer = office.ask("PUT", "/settings/commission_percent", by="lin", json={"value": 18})

    assert answer.json() == {"name": "commission_percent", "value": 18, "default": 20}
    assert office.db.read(rules).commission_percent == 18
    line = office.get("/audit").json()["items"][0]
    assert (line["action"], line["facts"]) == (
        "setting.changed",
        {"name": "commission_percent", "before": 20, "after": 18},
    )
    office.ask("PUT", "/settings/reminder_leads_minutes", by="lin", json={"value": [2880, 60]})
    listed = {one["name"]: one["value"] for one in office.get("/settings", by="finn").json()["items"]}
    assert (listed["commission_percent"], listed["reminder_leads_minutes"]) == (18, [2880, 60])


@pytest.mark.parametrize(
    "value", [None, -1, 101, 1.5, "18", True, [18], {}, 10**30, 10**400, [1] * 9, float("nan"), [[1]]]
)
def test_an_impossible_figure_is_refused(office: Office, value: object) -> None:
    answer = office.ask(
        "PUT", "/settings/commission_percent", by="lin", content=json.dumps({"value": value}), headers=JSON
    )

    assert (answer.status_code, code_of(answer)) == (422, "invalid_input")
    assert office.db.read(rules).commission_percent == 20


def test_a_figure_that_would_end_all_booking_is_refused_with_its_bounds(office: Office) -> None:
    answer = office.ask("PUT", "/settings/hold_minutes", by="lin", json={"value": 16})

    assert answer.status_code == 422
    assert answer.json()["error"]["facts"] == {"fields": [{"field": "hold_minutes", "problem": "invalid", "most": 15}]}


def test_an_unknown_setting_is_not_found(office: Office) -> None:
    for name in ("tips", "demo_offset", "_x"):
        assert office.ask("PUT", f"/settings/{name}", by="lin", json={"value": 1}).status_code == 404


def test_a_changed_audit_line_breaks_the_chain(office: Office) -> None:
    office.ask("PUT", "/settings/commission_percent", by="lin", json={"value": 18})
    office.db.run(lambda tx: audit.seal_pending(tx, NOW))
    assert office.get("/audit", by="lin").json()["items"][0]["sealed"]
    assert office.get("/audit/verify", by="audrey").json() == {"intact": True, "broken_at": None}

    office.db.run(lambda tx: tx.execute(update(audit_line).values(facts={"after": 20})))

    broken = office.get("/audit/verify", by="audrey").json()
    assert broken["intact"] is False
    assert broken["broken_at"] is not None


def test_the_house_is_seen_at_a_glance(office: Office, city: City) -> None:
    a_ticket(office)

    seen = office.get("/overview", by="finn").json()

    assert seen == {
        "orders": {}, "technicians": {"approved": 1}, "settlements": {}, "tickets_open": 1, "paid": [],
    }  # fmt: skip


def test_what_could_not_be_delivered_heard_or_done_is_shown_without_its_words(office: Office) -> None:
    def gone_wrong(tx: Tx) -> None:
        who = a_customer(tx).id
        tell(tx, who, Template.TICKET_ANSWERED, dedupe="one", now=NOW)
        due = claim(tx, now=NOW, real_now=NOW, most=1)[0]
        note(tx, due.id, lease=due.lease, state=MessageState.FAILED, now=NOW, again_at=None, ref=None)
        came = receive(
            tx, channel="web", account="a", external_id="1", person_id=who, key=key_of(tx, who), raw=b"{}",
            answer_id=1, now=NOW,
        )  # fmt: skip
        assert came is not None
        failed(tx, came, attempts=3, error="KeyError at here.py:1", real_now=NOW)
        want(tx, EffectKind.REFUND, key="R1", number="R1", facts={}, now_real=NOW)
        for _ in range(8):
            effect = claim_due(tx, kinds=[EffectKind.REFUND], real_now=datetime(2030, 1, 1, tzinfo=UTC), most=1)[0]
            effect_failed(tx, effect, error="refused", real_now=NOW)

    office.db.run(gone_wrong)

    assert [one["template"] for one in office.get("/messages/failed").json()["items"]] == ["ticket_answered"]
    (update,) = office.get("/inbox/quarantined").json()["items"]
    assert (update["attempts"], update["error"]) == (3, "KeyError at here.py:1")
    assert [one["number"] for one in office.get("/effects/stuck").json()["items"]] == ["R1"]


def an_update_set_aside(tx: Tx) -> int:
    who = a_customer(tx).id
    came = receive(
        tx, channel="web", account="a", external_id="1", person_id=who, key=key_of(tx, who), raw=b"{}",
        answer_id=1, now=NOW,
    )  # fmt: skip
    assert came is not None
    failed(tx, came, attempts=3, error="KeyError", real_now=NOW)
    return came


def test_an_update_set_aside_is_tried_again_and_that_is_written_down(office: Office) -> None:
    inbox_id = office.db.run(an_update_set_aside)
    answer = office.post(f"/inbox/{inbox_id}/retry", by="audrey")

    assert (answer.status_code, answer.json()["state"]) == (200, "failed")
    assert office.get("/inbox/quarantined").json()["items"] == []
    assert office.post(f"/inbox/{inbox_id}/retry").status_code == 409
    assert office.post("/inbox/1/retry").status_code == 404
    claimed = office.db.run(lambda tx: claim_retries(tx, real_now=datetime.now(UTC), most=5))
    assert [(one.id, one.attempts) for one in claimed] == [(inbox_id, 0)]
    assert "update.retried" in [line["action"] for line in office.get("/audit").json()["items"]]


def test_a_failed_message_is_tried_again_and_that_is_written_down(office: Office) -> None:
    def refused(tx: Tx) -> int:
        who = a_customer(tx).id
        tell(tx, who, Template.TICKET_ANSWERED, dedupe="one", now=NOW)
        due = claim(tx, now=NOW, real_now=NOW, most=1)[0]
        note_one(tx, Outcome(due.id, due.lease, MessageState.FAILED, why="blocked", channel="wechat"), now=NOW)
        return due.id

    message_id = office.db.run(refused)
    [seen] = office.get("/messages/failed").json()["items"]
    assert (seen["channel"], seen["why"]) == ("wechat", "blocked")

    answer = office.post(f"/messages/{message_id}/retry", by="audrey")
    assert answer.json() == {"id": str(message_id), "template": "ticket_answered", "state": "waiting"}
    assert office.post(f"/messages/{message_id}/retry").status_code == 409
    assert office.post("/messages/1/retry").status_code == 404

    assert office.get("/messages/failed").json()["items"] == []
    [due] = office.db.run(lambda tx: claim(tx, now=NOW + timedelta(minutes=5), real_now=NOW, most=9))
    assert (due.id, due.attempts, due.state) == (message_id, 1, MessageState.WAITING)
    assert "message.retried" in [line["action"] for line in office.get("/audit").json()["items"]]


def test_a_stuck_refund_is_put_back_under_its_number_and_that_is_written_down(office: Office, city: City) -> None:
    later = datetime(2030, 1, 1, tzinfo=UTC)

    def claimed(tx: Tx) -> Effect:
        return claim_due(tx, kinds=[EffectKind.REFUND], real_now=later, most=1)[0]

    def gets_stuck(tx: Tx) -> Effect:
        order = an_order(tx, city, state=OrderState.ACCEPTED)
        cancelling.cancel_by_operator(tx, order.id, operator_id=1, reason="停业", now=NOW)
        for _ in range(8):
            one = claimed(tx)
            effect_failed(tx, one, error="refused", real_now=NOW)
        refunds.mark_stuck(tx, one.number)
        return one

    one = office.db.run(gets_stuck)
    answer = office.post(f"/effects/{one.id}/retry", by="finn")
    again = office.post(f"/effects/{one.id}/retry", by="finn")

    assert answer.json() == {"id": str(one.id), "kind": "refund", "number": one.number, "state": "waiting"}
    assert (again.status_code, code_of(again)) == (409, "state_conflict")
    assert office.get("/effects/stuck").json()["items"] == []
    (line,) = office.get(f"/audit?subject=effect:{one.id}").json()["items"]
    assert (line["action"], line["facts"]) == ("effect.retried", {"kind": "refund", "number": one.number})
    refund = office.db.read(lambda tx: refunds.refund_by_number(tx, one.number))
    assert refund is not None
    assert refund.state is RefundState.WANTED
    assert office.db.run(claimed).number == one.number


def test_a_refund_paid_back_by_hand_is_written_down_with_its_number_and_told_once(office: Office, city: City) -> None:
    def gets_stuck(tx: Tx) -> Effect:
        order = an_order(tx, city, state=OrderState.ACCEPTED)
        cancelling.cancel_by_operator(tx, order.id, operator_id=1, reason="停业", now=NOW)
        one = claim_due(tx, kinds=[EffectKind.REFUND], real_now=datetime(2030, 1, 1, tzinfo=UTC), most=1)[0]
        effect_failed(tx, one, error="by hand at the provider: pi_1", real_now=NOW, final=True)
        refunds.mark_stuck(tx, one.number)
        return one

    one = office.db.run(gets_stuck)
    assert office.get("/effects/stuck").json()["items"][0]["why"] == "by hand at the provider: pi_1"
    odd = office.post(f"/effects/{one.id}/done", by="finn", json={"reference": "two words"})
    answer = office.post(f"/effects/{one.id}/done", by="finn", json={"reference": "re_42"})
    again = office.post(f"/effects/{one.id}/done", by="finn", json={"reference": "re_43"})

    assert (odd.status_code, answer.status_code, again.status_code) == (422, 200, 409)
    assert answer.json() == {"id": str(one.id), "kind": "refund", "number": one.number, "state": "done"}
    assert office.get("/effects/stuck").json()["items"] == []
    (line,) = office.get(f"/audit?subject=effect:{one.id}").json()["items"]
    assert (line["action"], line["facts"]["reference"]) == ("effect.done_by_hand", "re_42")
    refund = office.db.read(lambda tx: refunds.refund_by_number(tx, one.number))
    assert refund is not None
    assert refund.state is RefundState.DONE
    told = office.db.read(lambda tx: tx.all(select(message.c.id).where(message.c.template == "refund_done")))
    assert len(told) == 1


def test_an_effect_that_is_not_there_is_not_found(office: Office) -> None:
    answer = office.post("/effects/1/retry")

    assert (answer.status_code, code_of(answer)) == (404, "not_found")


def test_an_update_dealt_with_is_put_away_for_good_and_that_is_written_down(office: Office) -> None:
    inbox_id = office.db.run(an_update_set_aside)

    answer = office.post(f"/inbox/{inbox_id}/put-away", by="audrey")

    assert (answer.status_code, answer.json()["state"]) == (200, "put_away")
    assert office.get("/inbox/quarantined").json()["items"] == []
    assert office.post(f"/inbox/{inbox_id}/put-away").status_code == 409
    assert office.post(f"/inbox/{inbox_id}/retry").status_code == 409
    assert office.db.run(lambda tx: claim_retries(tx, real_now=datetime.now(UTC), most=5)) == ()
    assert "update.put_away" in [line["action"] for line in office.get("/audit").json()["items"]]
