"""A person's chat goes to a human and comes back, by the operator, the person or the clock; never to two at once."""

from datetime import datetime

import pytest
from sqlalchemy import select

from core import audit, conversations, people, support
from core.audit import Role
from core.db import Database
from core.errors import InvalidInput, PersonErased, StateConflict
from core.invariants import check_invariants
from core.settings import change
from core.support import Author, Said, TicketEvent, TicketKind, TicketState
from core.support.tables import ticket_line
from tests.builders import a_customer
from tests.core.support_ground import (
    ANNA,
    BEN,
    MINUTE,
    NIGHT,
    NOON,
    ZONE,
    a_waiting_person,
    at_work,
    hands_over,
    owner,
    says,
    the,
    thread,
    time_out,
    told,
)


def test_a_conversation_goes_to_a_human_and_comes_back_with_everything_said_on_record(any_database: Database) -> None:
    db = any_database
    person_id = db.run(lambda tx: a_customer(tx).id)

    waiting = db.run(lambda tx: hands_over(tx, person_id, said="可以带狗吗"))
    assert waiting.silent
    assert owner(db, person_id) == waiting.ticket_id
    says(db, person_id, waiting.ticket_id, "在吗", now=NOON + MINUTE)
    db.run(lambda tx: support.take(tx, waiting.ticket_id, operator_id=ANNA, now=NOON + 2 * MINUTE))
    db.run(lambda tx: support.reply(tx, waiting.ticket_id, words="可以", operator_id=ANNA, now=NOON + 3 * MINUTE))
    db.run(lambda tx: support.give_back(tx, waiting.ticket_id, operator_id=ANNA, now=NOON + 4 * MINUTE))

    assert owner(db, person_id) is None
    assert the(db, waiting.ticket_id).state is TicketState.ANSWERED
    assert thread(db, waiting.ticket_id) == [
        ("person", None, "可以带狗吗"),
        ("person", None, "在吗"),
        ("operator", TicketEvent.TAKEN, ""),
        ("operator", None, "可以"),
        ("operator", TicketEvent.GIVEN_BACK, ""),
    ]
    assert told(db) == ["human_here", "ticket_answered", "handed_back"]
    lines = db.read(audit.lines)
    assert [line.action for line in lines] == ["ticket.given_back", "ticket.answered", "ticket.taken"]


def test_calling_again_while_one_waits_makes_no_second_ticket_but_may_make_it_urgent(database: Database) -> None:
    person_id, ticket_id = a_waiting_person(database)

    again = database.run(lambda tx: hands_over(tx, person_id, kind="emergency", now=NOON + MINUTE))

    assert (again.ticket_id, again.silent) == (ticket_id, True)
    seen = the(database, ticket_id)
    assert (seen.kind, seen.waiting_since) == (TicketKind.EMERGENCY, NOON)
    assert len(database.read(support.open_tickets)) == 1


def test_while_the_desk_is_shut_a_call_back_is_promised_and_the_bot_goes_on(any_database: Database) -> None:
    person_id = any_database.run(lambda tx: a_customer(tx).id)

    waiting = any_database.run(lambda tx: hands_over(tx, person_id, now=NIGHT))

    assert not waiting.silent
    assert owner(any_database, person_id) is None
    seen = the(any_database, waiting.ticket_id)
    assert (seen.state, seen.call_back_at) == (TicketState.CALL_BACK, waiting.call_back_at)
    assert waiting.call_back_at == datetime.fromisoformat("2026-03-11T11:00:00+08:00")
    assert any_database.run(lambda tx: hands_over(tx, person_id, now=NIGHT + MINUTE)).call_back_at == seen.call_back_at


@pytest.mark.parametrize(
    ("now", "by"),
    [
        ("2026-03-10T09:00:00+08:00", "2026-03-10T11:00:00+08:00"),
        ("2026-03-10T08:59:00+08:00", "2026-03-10T11:00:00+08:00"),
        ("2026-03-10T19:59:00+08:00", "2026-03-10T21:59:00+08:00"),
        ("2026-03-10T20:00:00+08:00", "2026-03-11T11:00:00+08:00"),
        ("2026-03-10T22:00:00+08:00", "2026-03-11T11:00:00+08:00"),
    ],
)
def test_a_call_back_is_promised_for_hours_in_which_somebody_is_there(database: Database, now: str, by: str) -> None:
    person_id = database.run(lambda tx: a_customer(tx).id)

    waiting = database.run(lambda tx: hands_over(tx, person_id, now=datetime.fromisoformat(now)))

    assert waiting.call_back_at == datetime.fromisoformat(by)


def test_hours_may_reach_over_midnight(database: Database) -> None:
    database.run(lambda tx: change(tx, "human_from_minute", 18 * 60, NOON))
    database.run(lambda tx: change(tx, "human_to_minute", 2 * 60, NOON))

    silent = {}
    for hour in ("17:59", "18:00", "23:30", "01:59", "02:00"):
        person_id = database.run(lambda tx: a_customer(tx).id)
        now = datetime.fromisoformat(f"2026-03-10T{hour}:00+08:00")
        silent[hour] = database.run(lambda tx, p=person_id, now=now: hands_over(tx, p, now=now)).silent  # type: ignore[misc]

    assert silent == {"17:59": False, "18:00": True, "23:30": True, "01:59": True, "02:00": False}


def test_the_desk_is_staffed_only_while_an_operator_who_may_talk_is_at_work(database: Database) -> None:
    def staffed(now: datetime) -> bool:
        person_id = database.run(lambda tx: a_customer(tx).id)
        return database.run(lambda tx: hands_over(tx, person_id, now=now)).staffed

    assert not staffed(NOON)
    database.run(lambda tx: at_work(tx, now=NOON))
    assert staffed(NOON + 19 * MINUTE)
    assert not staffed(NOON + 21 * MINUTE)
    database.run(lambda tx: at_work(tx, now=NOON + 30 * MINUTE))
    assert staffed(NOON + 31 * MINUTE)
    database.run(lambda tx: at_work(tx, now=NOON + 32 * MINUTE, action="operator.signed_out"))
    assert not staffed(NOON + 33 * MINUTE)


def test_somebody_of_finance_does_not_staff_the_desk(database: Database) -> None:
    person_id = database.run(lambda tx: a_customer(tx).id)
    database.run(lambda tx: at_work(tx, now=NOON, role=Role.FINANCE))

    assert not database.run(lambda tx: hands_over(tx, person_id)).staffed


def test_the_queue_and_the_last_waits_tell_how_long_it_takes(database: Database) -> None:
    _, first = a_waiting_person(database)
    assert database.run(lambda tx: hands_over(tx, a_customer(tx).id, now=NOON + MINUTE)).expect_minutes is None
    database.run(lambda tx: support.take(tx, first, operator_id=ANNA, now=NOON + 4 * MINUTE))

    third = database.run(lambda tx: hands_over(tx, a_customer(tx).id, now=NOON + 5 * MINUTE))
    urgent = database.run(lambda tx: hands_over(tx, a_customer(tx).id, now=NOON + 6 * MINUTE, kind="emergency"))
    last = database.run(lambda tx: hands_over(tx, a_customer(tx).id, now=NOON + 7 * MINUTE))

    assert (third.ahead, third.expect_minutes) == (1, 8)
    assert (urgent.ahead, urgent.expect_minutes) == (0, 4)
    assert last.ahead == 3


def test_one_soothing_line_is_due_in_a_spell_of_waiting(any_database: Database) -> None:
    db = any_database
    person_id, ticket_id = a_waiting_person(db)

    assert says(db, person_id, ticket_id, "在吗", now=NOON + MINUTE)
    assert not says(db, person_id, ticket_id, "？", now=NOON + 5 * MINUTE)

    db.run(lambda tx: support.reply(tx, ticket_id, words="在的", operator_id=ANNA, now=NOON + 6 * MINUTE))
    assert not says(db, person_id, ticket_id, "好", now=NOON + 7 * MINUTE)
    assert not says(db, person_id, ticket_id, "那我等", now=NOON + 8 * MINUTE)
    assert says(db, person_id, ticket_id, "还在吗", now=NOON + 9 * MINUTE)
    assert not says(db, person_id, ticket_id, "喂", now=NOON + 12 * MINUTE)


def test_nobody_came_in_time_so_the_bot_is_back_and_a_call_back_is_promised(any_database: Database) -> None:
    db = any_database
    person_id, ticket_id = a_waiting_person(db)

    assert time_out(db, NOON + 9 * MINUTE) == 0
    assert owner(db, person_id) == ticket_id
    assert time_out(db, NOON + 10 * MINUTE) == 1

    assert owner(db, person_id) is None
    seen = the(db, ticket_id)
    assert (seen.state, seen.call_back_at) == (TicketState.CALL_BACK, NOON + 130 * MINUTE)
    assert told(db) == ["handed_back"]
    assert time_out(db, NOON + 60 * MINUTE) == 0


def test_an_operator_who_took_it_and_went_silent_does_not_leave_the_bot_mute(database: Database) -> None:
    person_id, ticket_id = a_waiting_person(database)
    database.run(lambda tx: support.take(tx, ticket_id, operator_id=ANNA, now=NOON + 9 * MINUTE))
    assert time_out(database, NOON + 18 * MINUTE) == 0, "the operator has time to say the first word"

    database.run(lambda tx: support.reply(tx, ticket_id, words="您好", operator_id=ANNA, now=NOON + 18 * MINUTE))
    says(database, person_id, ticket_id, "能改到周日吗", now=NOON + 20 * MINUTE)

    assert time_out(database, NOON + 30 * MINUTE) == 1
    assert owner(database, person_id) is None
    assert the(database, ticket_id).state is TicketState.CALL_BACK


def test_a_talk_that_an_operator_forgot_to_end_ends_by_itself(database: Database) -> None:
    person_id, ticket_id = a_waiting_person(database)
    database.run(lambda tx: support.reply(tx, ticket_id, words="改好了", operator_id=ANNA, now=NOON + MINUTE))

    assert time_out(database, NOON + 60 * MINUTE) == 0
    assert time_out(database, NOON + 61 * MINUTE) == 1

    assert owner(database, person_id) is None
    assert the(database, ticket_id).state is TicketState.ANSWERED
    assert told(database) == ["ticket_answered", "handed_back"]


def test_whoever_goes_back_to_the_bot_waits_no_longer_but_a_complaint_stays_on_the_list(any_database: Database) -> None:
    db = any_database
    person_id, ticket_id = a_waiting_person(db)
    other_id, complaint = a_waiting_person(db, kind="complaint")

    assert db.run(lambda tx: support.go_on_alone(tx, person_id, now=NOON + MINUTE))
    assert db.run(lambda tx: support.go_on_alone(tx, other_id, now=NOON + MINUTE))

    assert (owner(db, person_id), owner(db, other_id)) == (None, None)
    assert the(db, ticket_id).state is TicketState.CLOSED
    assert the(db, complaint).state is TicketState.OPEN
    assert time_out(db, NOON + 60 * MINUTE) == 0
    assert not db.run(lambda tx: support.go_on_alone(tx, person_id, now=NOON + 2 * MINUTE))
    assert told(db) == []


def test_whoever_leaves_an_operator_can_still_be_answered(database: Database) -> None:
    person_id, ticket_id = a_waiting_person(database)
    database.run(lambda tx: support.take(tx, ticket_id, operator_id=ANNA, now=NOON + MINUTE))

    database.run(lambda tx: support.go_on_alone(tx, person_id, now=NOON + 2 * MINUTE))
    database.run(lambda tx: support.reply(tx, ticket_id, words="可以", operator_id=ANNA, now=NOON + 3 * MINUTE))

    assert owner(database, person_id) is None
    assert the(database, ticket_id).state is TicketState.ANSWERED
    assert told(database) == ["human_here", "ticket_answered"]


def test_a_call_back_may_be_asked_for_instead_of_waiting(database: Database) -> None:
    person_id, ticket_id = a_waiting_person(database)

    by = database.run(lambda tx: support.call_me_back(tx, person_id, zone=ZONE, now=NOON + MINUTE))

    assert by == NOON + 121 * MINUTE
    assert owner(database, person_id) is None
    assert the(database, ticket_id).state is TicketState.CALL_BACK
    assert database.run(lambda tx: support.call_me_back(tx, person_id, zone=ZONE, now=NOON + MINUTE)) is None

    again = database.run(lambda tx: hands_over(tx, person_id, now=NOON + 5 * MINUTE))
    assert (again.ticket_id, again.silent, owner(database, person_id)) == (ticket_id, True, ticket_id)
    assert the(database, ticket_id).call_back_at is None


def test_an_operator_may_take_a_complaint_nobody_waits_with_and_talk(database: Database) -> None:
    person_id = database.run(lambda tx: a_customer(tx).id)
    ticket_id = database.run(
        lambda tx: support.open_ticket(tx, person_id, kind="complaint", summary="迟到", order_id=None, now=NOON)
    )
    assert owner(database, person_id) is None

    database.run(lambda tx: support.take(tx, ticket_id, operator_id=ANNA, now=NOON + MINUTE))
    database.run(lambda tx: support.take(tx, ticket_id, operator_id=ANNA, now=NOON + MINUTE))

    assert owner(database, person_id) == ticket_id
    assert told(database) == ["human_here"]
    assert time_out(database, NOON + 11 * MINUTE) == 1, "who takes a chat has to speak"


def test_of_two_tickets_of_a_person_one_has_the_chat(database: Database) -> None:
    person_id, waiting = a_waiting_person(database)
    complaint = database.run(
        lambda tx: support.open_ticket(tx, person_id, kind="complaint", summary="迟到", order_id=None, now=NOON)
    )

    with pytest.raises(StateConflict) as refused:
        database.run(lambda tx: support.take(tx, complaint, operator_id=ANNA, now=NOON))

    assert refused.value.facts["ticket_id"] == waiting
    assert (owner(database, person_id), the(database, complaint).state) == (waiting, TicketState.OPEN)


def test_nobody_speaks_gives_back_or_closes_in_anothers_talk(database: Database) -> None:
    _, ticket_id = a_waiting_person(database)
    database.run(lambda tx: support.take(tx, ticket_id, operator_id=ANNA, now=NOON))

    for act in (
        lambda tx: support.take(tx, ticket_id, operator_id=BEN, now=NOON),
        lambda tx: support.reply(tx, ticket_id, words="好", operator_id=BEN, now=NOON),
        lambda tx: support.give_back(tx, ticket_id, operator_id=BEN, now=NOON),
        lambda tx: support.close(tx, ticket_id, operator_id=BEN, now=NOON),
    ):
        with pytest.raises(StateConflict):
            database.run(act)
    with pytest.raises(InvalidInput):
        database.run(lambda tx: support.reply(tx, ticket_id, words=" ", operator_id=ANNA, now=NOON))
    assert the(database, ticket_id).taken_by == ANNA


def test_closing_gives_the_chat_back_as_well(database: Database) -> None:
    person_id, ticket_id = a_waiting_person(database)

    database.run(lambda tx: support.close(tx, ticket_id, operator_id=ANNA, now=NOON + MINUTE))

    assert owner(database, person_id) is None
    assert (the(database, ticket_id).state, told(database)) == (TicketState.CLOSED, ["handed_back"])
    for act in (support.take, support.give_back, support.close):
        with pytest.raises(StateConflict):
            database.run(lambda tx, act=act: act(tx, ticket_id, operator_id=ANNA, now=NOON))  # type: ignore[misc]


def test_an_erased_persons_thread_is_gone_and_nobody_talks_with_them(any_database: Database) -> None:
    db = any_database
    person_id, ticket_id = a_waiting_person(db)
    says(db, person_id, ticket_id, "canary words", now=NOON)
    rows = db.read(lambda tx: tx.all(select(ticket_line.c.text_sealed)))
    assert rows
    assert all(b"canary" not in bytes(row.text_sealed) for row in rows if row.text_sealed)

    db.run(lambda tx: people.erase(tx, person_id, NOON))

    assert db.read(lambda tx: tx.all(select(ticket_line.c.id))) == []
    assert owner(db, person_id) is None
    assert the(db, ticket_id).summary == ""
    for act in (
        lambda tx: support.take(tx, ticket_id, operator_id=ANNA, now=NOON),
        lambda tx: support.reply(tx, ticket_id, words="好", operator_id=ANNA, now=NOON),
    ):
        with pytest.raises(PersonErased):
            db.run(act)
    time_out(db, NOON + 60 * MINUTE)
    assert told(db) == []
    db.run(lambda tx: support.close(tx, ticket_id, operator_id=ANNA, now=NOON))


def test_a_chat_that_nobody_would_give_back_is_found_by_the_nightly_check(any_database: Database) -> None:
    db = any_database
    person_id, ticket_id = a_waiting_person(db)
    other_id, _ = a_waiting_person(db)
    assert db.read(check_invariants) == []

    db.run(lambda tx: support.go_on_alone(tx, person_id, now=NOON))
    db.run(lambda tx: conversations.hand_to(tx, person_id, ticket_id))
    assert ["which is closed" in found for found in db.read(check_invariants)] == [True]

    db.run(lambda tx: conversations.give_back(tx, person_id, ticket_id))
    theirs = owner(db, other_id)
    assert theirs is not None
    db.run(lambda tx: conversations.hand_to(tx, person_id, theirs))
    assert ["which is not theirs" in found for found in db.read(check_invariants)] == [True]


def test_calling_again_copies_only_what_was_said_since(database: Database) -> None:
    person_id = database.run(lambda tx: a_customer(tx).id)
    ticket_id = database.run(lambda tx: hands_over(tx, person_id, said="一")).ticket_id
    database.run(lambda tx: support.call_me_back(tx, person_id, zone=ZONE, now=NOON + MINUTE))
    said = [Said(Author.PERSON, words, None, NOON + at * MINUTE) for words, at in (("一", 0), ("二", 2))]

    database.run(
        lambda tx: support.hand_over(
            tx,
            person_id,
            kind=TicketKind.HUMAN,
            summary="book",
            said=said,
            order_id=None,
            zone=ZONE,
            now=NOON + 3 * MINUTE,
        )
    )

    assert [words for _, _, words in thread(database, ticket_id) if words] == ["一", "二"]
