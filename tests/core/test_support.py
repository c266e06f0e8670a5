from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import bindparam, select

from core import audit, people, support
from core.db import Database, Tx
from core.errors import InvalidInput, NotFound, StateConflict
from core.messages.tables import message
from core.support import TicketKind, TicketState, tickets
from core.support.tables import ticket as ticket_table
from tests.builders import NOW, a_customer

OPERATOR = 7
_OF_PERSON = select(ticket_table).where(ticket_table.c.person_id == bindparam("b_person"))


def a_ticket(tx: Tx, person_id: int, *, kind: str = "human", summary: str = "想换时间") -> int:
    return support.open_ticket(tx, person_id, kind=kind, summary=summary, order_id=None, now=NOW)


def test_a_person_has_one_open_ticket_of_a_kind_and_new_words_are_added(any_database: Database) -> None:
    customer = any_database.run(a_customer)

    first = any_database.run(lambda tx: a_ticket(tx, customer.id, summary="想换时间"))
    again = any_database.run(
        lambda tx: support.open_ticket(tx, customer.id, kind="human", summary="有人吗", order_id=55, now=NOW)
    )
    other = any_database.run(lambda tx: a_ticket(tx, customer.id, kind="complaint"))

    assert first == again != other
    seen = any_database.read(lambda tx: support.ticket(tx, first))
    assert (seen.summary, seen.order_id, seen.state) == ("想换时间\n有人吗", 55, TicketState.OPEN)


def test_emergencies_are_listed_before_complaints_and_complaints_before_the_rest(any_database: Database) -> None:
    for kind in ("human", "complaint", "emergency"):
        any_database.run(lambda tx, kind=kind: a_ticket(tx, a_customer(tx).id, kind=kind))  # type: ignore[misc]

    listed = [ticket.kind for ticket in any_database.read(support.open_tickets)]

    assert listed == [TicketKind.EMERGENCY, TicketKind.COMPLAINT, TicketKind.HUMAN]


def test_the_house_calls_an_operator_about_one_thing_once_and_before_any_complaint(any_database: Database) -> None:
    any_database.run(lambda tx: a_ticket(tx, a_customer(tx).id, kind="complaint"))

    def calls(tx: Tx, order_id: int | None, words: str) -> int:
        return support.open_house_ticket(tx, summary=words, order_id=order_id, now=NOW)

    first = any_database.run(lambda tx: calls(tx, None, "order 5 and its events disagree"))
    again = any_database.run(lambda tx: calls(tx, None, "order 6 and its events disagree"))
    of_order = any_database.run(lambda tx: calls(tx, 7, "cannot be reached in time"))

    assert first == again != of_order
    listed = any_database.read(support.open_tickets)
    assert [(one.kind, one.person_id, one.order_id) for one in listed] == [
        (TicketKind.HOUSE, None, None),
        (TicketKind.HOUSE, None, 7),
        (TicketKind.COMPLAINT, listed[2].person_id, None),
    ]
    assert listed[0].summary == "order 5 and its events disagree\norder 6 and its events disagree"


def test_an_answer_to_the_house_is_a_note_that_nobody_is_sent(any_database: Database) -> None:
    ticket_id = any_database.run(lambda tx: support.open_house_ticket(tx, summary="order 5", order_id=None, now=NOW))

    any_database.run(lambda tx: support.reply(tx, ticket_id, words="已补记", operator_id=OPERATOR, now=NOW))

    seen = any_database.read(lambda tx: support.ticket(tx, ticket_id))
    assert (seen.state, seen.answer, seen.answered_by) == (TicketState.ANSWERED, "已补记", OPERATOR)
    assert any_database.read(lambda tx: tx.all(select(message.c.id))) == []
    any_database.run(lambda tx: support.close(tx, ticket_id, operator_id=OPERATOR, now=NOW))
    assert any_database.read(support.open_tickets) == ()


def test_what_a_person_complains_about_is_not_readable_in_the_row(database: Database) -> None:
    customer = database.run(a_customer)
    ticket_id = database.run(lambda tx: a_ticket(tx, customer.id, summary="canary words"))

    row = database.read(lambda tx: tx.first(select(ticket_table).where(ticket_table.c.id == ticket_id)))

    assert row is not None
    assert b"canary" not in bytes(row.summary_sealed)


def test_an_answer_reaches_the_person_and_leaves_an_audit_line(any_database: Database) -> None:
    customer = any_database.run(a_customer)
    ticket_id = any_database.run(lambda tx: a_ticket(tx, customer.id))

    any_database.run(lambda tx: support.reply(tx, ticket_id, words="已为您改好", operator_id=OPERATOR, now=NOW))

    seen = any_database.read(lambda tx: support.ticket(tx, ticket_id))
    assert (seen.state, seen.answer, seen.answered_by) == (TicketState.ANSWERED, "已为您改好", OPERATOR)
    (told,) = any_database.read(lambda tx: tx.all(select(message)))
    (line,) = any_database.read(lambda tx: support.lines_of(tx, ticket_id))
    assert (told.person_id, told.template) == (customer.id, "ticket_answered")
    assert told.facts == {"ticket_id": ticket_id, "line_id": line.id}
    assert (line.author, line.operator_id, line.text) == ("operator", OPERATOR, "已为您改好")
    assert [line.action for line in any_database.read(audit.lines)] == ["ticket.answered"]


def test_an_answered_ticket_takes_no_more_words_and_a_closed_one_no_answer(database: Database) -> None:
    customer = database.run(a_customer)
    first = database.run(lambda tx: a_ticket(tx, customer.id))
    database.run(lambda tx: support.reply(tx, first, words="好", operator_id=OPERATOR, now=NOW))

    assert database.run(lambda tx: a_ticket(tx, customer.id)) != first

    later = NOW + timedelta(hours=1)
    database.run(lambda tx: support.close(tx, first, operator_id=OPERATOR, now=later))
    assert database.read(lambda tx: support.ticket(tx, first)).closed_at == later
    assert first not in [ticket.id for ticket in database.read(support.open_tickets)]
    with pytest.raises(StateConflict):
        database.run(lambda tx: support.reply(tx, first, words="好", operator_id=OPERATOR, now=NOW))
    with pytest.raises(StateConflict):
        database.run(lambda tx: support.close(tx, first, operator_id=OPERATOR, now=NOW))


def test_a_ticket_without_words_and_an_answer_without_words_are_refused(database: Database) -> None:
    customer = database.run(a_customer)
    with pytest.raises(InvalidInput):
        database.run(lambda tx: a_ticket(tx, customer.id, summary="  "))
    ticket_id = database.run(lambda tx: a_ticket(tx, customer.id))

    for words in ("", "长" * 2001):
        with pytest.raises(InvalidInput):
            database.run(
                lambda tx, words=words: support.reply(tx, ticket_id, words=words, operator_id=OPERATOR, now=NOW)  # type: ignore[misc]
            )
    with pytest.raises(NotFound):
        database.run(lambda tx: support.reply(tx, 1, words="好", operator_id=OPERATOR, now=NOW))
    with pytest.raises(NotFound):
        database.read(lambda tx: support.ticket(tx, 1))


def test_an_erased_persons_ticket_stays_without_words(database: Database) -> None:
    customer = database.run(a_customer)
    ticket_id = database.run(lambda tx: a_ticket(tx, customer.id))

    database.run(lambda tx: people.erase(tx, customer.id, NOW))

    seen = database.read(lambda tx: support.ticket(tx, ticket_id))
    assert (seen.summary, seen.answer, seen.state) == ("", None, TicketState.OPEN)


def test_words_that_cross_an_answer_are_not_lost(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    customer = database.run(a_customer)
    first = database.run(lambda tx: a_ticket(tx, customer.id))
    database.run(lambda tx: support.reply(tx, first, words="好", operator_id=OPERATOR, now=NOW))
    # What the second writer has read just before the answer was committed.
    monkeypatch.setattr(tickets, "_OPEN_OF_KIND", _OF_PERSON)

    second = database.run(lambda tx: a_ticket(tx, customer.id))

    assert second != first
    assert second in [one.id for one in database.read(support.open_tickets)]


def test_what_nobody_has_to_see_to_any_more_closes_by_itself_unless_an_operator_has_it(any_database: Database) -> None:
    def calls(tx: Tx, order_id: int | None) -> int:
        return support.open_house_ticket(tx, summary="the customer is silent", order_id=order_id, now=NOW)

    of_house, of_one, of_other = (any_database.run(partial(calls, order_id=each)) for each in (None, 7, 8))
    any_database.run(lambda tx: support.take(tx, of_other, operator_id=OPERATOR, now=NOW))

    unseen = any_database.read(support.unseen_about_orders)
    closed = [any_database.run(partial(support.needs_nobody, ticket_id=each, now=NOW)) for each in (of_one, of_other)]

    assert [one.id for one in unseen] == [of_one]
    assert closed == [True, False]
    assert {one.id for one in any_database.read(support.open_tickets)} == {of_house, of_other}
