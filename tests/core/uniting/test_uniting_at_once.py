"""Two persons become one while others work, write and die: once, wholly, and nothing is left behind."""

import threading
from dataclasses import replace
from itertools import pairwise

import pytest
from sqlalchemy import select

from core import conversations, people, support
from core.conversations.tables import conversation
from core.db import Database, Tx
from core.invariants import check_invariants
from core.messages import Template
from core.messages.tables import message
from core.orders.views import Viewer, details
from core.uniting import CannotJoin, due_work
from core.uniting import uniting as verbs
from tests.builders import NOW, a_customer, a_person, an_address
from tests.core.racing import race
from tests.core.uniting.ground import (
    LATER,
    an_old_hand,
    ask,
    become_one,
    now_is,
    with_orders_of_both,
    work,
)

PATIENCE = 20.0
"""Seconds that somebody who is sure to come may take on a busy machine."""


def test_asked_twice_it_is_done_once(any_database: Database) -> None:
    one, two = any_database.run(a_person), any_database.run(an_old_hand)

    assert ask(any_database, one, two) == ask(any_database, two, one)
    work(any_database)
    with pytest.raises(CannotJoin):
        ask(any_database, one, two)


def test_however_many_workers_are_at_it_each_joining_is_done_once(any_database: Database) -> None:
    persons = [any_database.run(a_person) for _ in range(8)]
    for one, two in pairwise(persons):  # a chain: every guard is another's too
        ask(any_database, two, one)

    for _ in range(4):
        race(any_database, [lambda tx: due_work(tx, NOW, 1)] * 6)
    work(any_database)
    work(any_database, LATER)

    assert any_database.read(check_invariants) == []
    assert {now_is(any_database, one) for one in persons[1:]} == {persons[0].id}
    told = select(message.c.dedupe_key).where(message.c.template == Template.JOINED.value)
    assert len(any_database.read(lambda tx: tx.all(told))) == 2 * 7


@pytest.mark.parametrize("at", ["_move", "_leave", "_tell"])
def test_a_crash_on_the_way_leaves_two_persons_and_the_next_try_makes_them_one(
    any_database: Database, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    city, old, _, theirs = with_orders_of_both(any_database)
    ask(any_database, old, city.customer)

    def dies(*_: object, **__: object) -> None:
        raise SystemError

    with monkeypatch.context() as broken:
        broken.setattr(verbs, at, dies)
        with pytest.raises(SystemError):
            any_database.run(lambda tx: due_work(tx, NOW))
    seen = any_database.read(lambda tx: details(tx, theirs.id, viewer=Viewer.CUSTOMER))

    assert seen.address_text == city.address.text
    assert now_is(any_database, city.customer) is None
    assert any_database.read(check_invariants) == []
    work(any_database)
    assert now_is(any_database, city.customer) == old.id


def _turn_meanwhile(database: Database, *, guarded: bool) -> tuple[bool, bool]:
    """Somebody saves an address on the one side while the two are joined: is it theirs at once, and a minute later?"""
    city, old, _, _ = with_orders_of_both(database)
    ask(database, old, city.customer)
    gone, began, moved = city.customer.id, threading.Event(), threading.Event()

    def turn(tx: Tx) -> None:
        if guarded:
            conversations.guard(tx, gone)
        began.set()
        moved.wait(0.7 if guarded else PATIENCE)  # the guard keeps the two from meeting
        an_address(tx, replace(city.customer), city.region, text="临时住址 9 号")

    def join(tx: Tx) -> None:
        began.wait(PATIENCE)
        due_work(tx, NOW)
        moved.set()

    def theirs() -> bool:
        return any(one.text == "临时住址 9 号" for one in database.read(lambda tx: people.addresses(tx, old.id)))

    assert race(database, [turn, join])[0] is None
    at_once = theirs()
    work(database, LATER)
    return at_once, theirs()


def test_what_a_turn_writes_meanwhile_is_the_ones_who_stays_at_once(any_database: Database) -> None:
    if any_database.dialect == "sqlite":
        pytest.skip("one writer at a time: nothing happens meanwhile")

    assert _turn_meanwhile(any_database, guarded=True) == (True, True)


def test_what_is_written_without_the_guard_is_left_behind_until_another_look(any_database: Database) -> None:
    if any_database.dialect == "sqlite":
        pytest.skip("one writer at a time: nothing happens meanwhile")

    assert _turn_meanwhile(any_database, guarded=False) == (False, True)


def test_a_turn_that_waited_is_the_turn_of_the_one_who_stays(any_database: Database) -> None:
    asker = any_database.run(lambda tx: a_person(tx, channel="wechat", external_id="openid"))
    other = any_database.run(an_old_hand)
    first, second = sorted((asker, other), key=lambda one: one.id)
    ask(any_database, asker, other)
    at_it, go_on = threading.Event(), threading.Event()

    def join(tx: Tx) -> None:
        due_work(tx, NOW)
        at_it.set()
        go_on.wait(0.5)

    def turn(tx: Tx) -> int | None:
        at_it.wait(1)  # one writer: whoever is first has it
        for _ in range(2):
            found = conversations.load(tx, channel="wechat", account="test", sender="openid", pressed_id=None)
            if found is not None:
                return found.person_id
            people.arrive(
                tx, channel="wechat", account="test", external_id="openid", lang="en", zone="Asia/Shanghai", now=NOW
            )
        return None

    assert race(any_database, [join, turn])[1] == first.id
    left = select(conversation.c.person_id).where(conversation.c.person_id == second.id)
    assert any_database.read(lambda tx: tx.all(left)) == []


def test_with_a_conversation_in_a_humans_hands_it_stays_there(any_database: Database) -> None:
    visitor, old = any_database.run(a_customer), any_database.run(an_old_hand)
    keep, gone = sorted((visitor, old), key=lambda one: one.id)
    noon = NOW.replace(hour=4)
    any_database.run(
        lambda tx: support.hand_over(
            tx, gone.id, kind=support.TicketKind.HUMAN, summary="请人工", said=(), order_id=None,
            zone="Asia/Shanghai", now=noon,
        )
    )  # fmt: skip

    become_one(any_database, visitor, old)

    assert any_database.read(lambda tx: conversations.owner_of(tx, keep.id)) is not None
