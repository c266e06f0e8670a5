"""Several who take a ticket or end its talk at once: one does. Each guard is proved without it."""

from functools import partial

import pytest
from sqlalchemy import bindparam, update

from core import conversations, support
from core.db import Database, Tx
from core.errors import StateConflict
from core.support import TicketEvent, desk, tickets
from core.support.tables import ticket as ticket_table
from tests.core.racing import Together, Unit, race
from tests.core.support_ground import (
    ANNA,
    MINUTE,
    NOON,
    ZONE,
    a_waiting_person,
    owner,
    the,
    thread,
    told,
)


def takers(ticket_id: int) -> list[Unit]:
    """Ten operators who take the same ticket."""
    return [partial(support.take, ticket_id=ticket_id, operator_id=by, now=NOON + MINUTE) for by in range(1, 11)]


def test_of_operators_who_take_it_at_once_one_has_it(any_database: Database) -> None:
    _, ticket_id = a_waiting_person(any_database)

    results = race(any_database, takers(ticket_id))

    assert results.count(None) == 1
    assert all(one is None or isinstance(one, StateConflict) for one in results)
    assert the(any_database, ticket_id).taken_by == results.index(None) + 1
    assert told(any_database) == ["human_here"]


@pytest.mark.parametrize("guarded", [True, False])
def test_the_old_state_decides_between_operators_who_saw_the_same(
    any_database: Database, monkeypatch: pytest.MonkeyPatch, *, guarded: bool
) -> None:
    """All decide on what stood before; only the move's own condition is left, and without it more than one wins."""
    _, ticket_id = a_waiting_person(any_database)
    seen = any_database.read(lambda tx: tickets.row_of(tx, ticket_id))
    monkeypatch.setattr(desk, "guarded_row", lambda *_: seen)
    if not guarded:
        unguarded = (
            update(ticket_table)
            .where(ticket_table.c.id == bindparam("b_id"))
            .values({name: bindparam(f"new_{name}") for name in tickets._MOVED})
        )
        monkeypatch.setattr(tickets, "_MOVE", unguarded)

    won = race(any_database, takers(ticket_id)).count(None)

    assert won == 1 if guarded else won > 1


def ending(person_id: int, ticket_id: int) -> list[Unit]:
    """The operator gives it back, the person goes back, and the clock takes it back."""
    late = NOON + 70 * MINUTE
    return [
        lambda tx: support.give_back(tx, ticket_id, operator_id=ANNA, now=late),
        lambda tx: support.go_on_alone(tx, person_id, now=late),
        lambda tx: support.waiting_over(tx, zone=ZONE, now=late, most=10),
    ]


def test_however_a_talk_ends_at_once_it_ends_one_way_and_is_announced_once_at_most(any_database: Database) -> None:
    db = any_database
    for turn in range(6):
        person_id, ticket_id = a_waiting_person(db)
        db.run(lambda tx, t=ticket_id: support.reply(tx, t, words="好", operator_id=ANNA, now=NOON))  # type: ignore[misc]
        acts = ending(person_id, ticket_id)

        race(db, [*acts[turn % 3 :], *acts[: turn % 3]])

        assert owner(db, person_id) is None
        ends = [event for _, event, _ in thread(db, ticket_id) if event not in (None, TicketEvent.TAKEN)]
        assert len(ends) == 1
        assert told(db).count("handed_back") <= turn + 1


@pytest.mark.parametrize("guarded", [True, False])
def test_the_guard_of_the_chat_lets_one_after_the_other_end_it(
    any_database: Database, monkeypatch: pytest.MonkeyPatch, *, guarded: bool
) -> None:
    db = any_database
    if not guarded and db.read(lambda tx: tx.dialect) == "sqlite":
        pytest.skip("one writer at a time: nobody can look before another has written")
    person_id, _ = a_waiting_person(db)
    together, real = Together(3), conversations.owner_of

    def looks(tx: Tx, person_id: int) -> int | None:
        found = real(tx, person_id)
        together.wait(tx)
        return found

    if not guarded:
        monkeypatch.setattr(conversations, "guard", lambda *_: None)
        monkeypatch.setattr(conversations, "owner_of", looks)

    results = race(db, [lambda tx: support.go_on_alone(tx, person_id, now=NOON)] * 3)

    saw_it_theirs = sum(one is True or isinstance(one, StateConflict) for one in results)
    assert saw_it_theirs == 1 if guarded else saw_it_theirs > 1
