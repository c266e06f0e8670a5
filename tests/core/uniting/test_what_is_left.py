"""A joining leaves nothing behind, however much there is, and keeps no other from its turn."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from core import people
from core.db import Database, Tx
from core.errors import NotFound
from core.ids import new_id
from core.people import CodeOf, Person
from core.people.tables import address
from core.uniting import Side, ask_to_join, due_work
from core.uniting import uniting as verbs
from core.uniting.moving import MOST_AT_ONCE
from core.uniting.tables import joining
from tests.builders import NOW, a_person

LATER = NOW + timedelta(minutes=2)


def two_who_agreed(database: Database) -> tuple[Person, Person]:
    """Who came first and stays, and who goes."""
    keep, gone = database.run(lambda tx: a_person(tx, channel="telegram")), database.run(a_person)
    sides = (Side(gone.id, "web", "test"), Side(keep.id, "telegram", "test"))
    database.run(lambda tx: ask_to_join(tx, *sides, agreed=True, now=NOW))
    return keep, gone


def work(database: Database) -> None:
    """Do what is due, now and two minutes later."""
    for now in (NOW, LATER):
        while database.run(lambda tx: due_work(tx, now)):  # noqa: B023  run before the next round
            pass


def test_more_than_any_one_unit_moves_is_moved_to_the_last_row(database: Database) -> None:
    keep, gone = two_who_agreed(database)
    many = 2 * MOST_AT_ONCE + 1

    def live_in_many_places(tx: Tx) -> None:
        for _ in range(many):
            row = {
                "id": new_id(), "person_id": gone.id, "region_id": 1, "sealed": b"x", "created_at": NOW,
                "used_at": NOW, "removed_at": None,
            }  # fmt: skip
            tx.execute(address.insert().values(**row))

    database.run(live_in_many_places)

    work(database)

    count = select(func.count()).select_from(address).where(address.c.person_id == keep.id)
    assert database.read(lambda tx: tx.scalar(count)) == many


def test_one_that_cannot_be_done_keeps_no_other_from_its_turn(
    any_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, stuck = two_who_agreed(any_database)
    keep, gone = two_who_agreed(any_database)
    leave = verbs._leave

    def leaves(tx: Tx, two: verbs._Two) -> None:
        if two.gone_id == stuck.id:
            raise NotFound(kind="whatever")
        leave(tx, two)

    monkeypatch.setattr(verbs, "_leave", leaves)

    while any_database.run(lambda tx: due_work(tx, NOW)):
        pass

    assert any_database.read(lambda tx: people.persons.now_is(tx, gone.id)) == keep.id
    assert any_database.read(lambda tx: people.persons.now_is(tx, stuck.id)) == stuck.id
    again = select(joining.c.due_at).where(joining.c.state == "agreed")
    assert any_database.read(lambda tx: tx.scalar(again)) == NOW + verbs.SETTLES


def test_an_old_invitation_is_of_the_one_who_stays_and_invites_nobody_to_themselves(any_database: Database) -> None:
    keep, gone = two_who_agreed(any_database)
    code = any_database.run(lambda tx: people.public_code_of(tx, CodeOf.PERSON, gone.id))

    work(any_database)

    inviter_id = any_database.read(lambda tx: people.owner_of_code(tx, CodeOf.PERSON, code))
    assert inviter_id == keep.id
    assert not any_database.run(lambda tx: people.invited(tx, keep.id, inviter_id=keep.id, now=NOW))
    any_database.run(lambda tx: people.erase(tx, keep.id, NOW))
    assert any_database.read(lambda tx: people.owner_of_code(tx, CodeOf.PERSON, code)) is None
