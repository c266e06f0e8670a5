"""A platform that asks again is given the answer it did not get: the stored one, by whichever process it asks."""

from datetime import UTC, datetime, timedelta

import pytest

from core.db import Tx
from core.messages import MessageState, answering, outbox
from core.messages.answering import PASSIVE
from dialogs.incoming import Incoming, Text
from dialogs.kept import LEASE
from dialogs.outgoing import Sent
from dialogs.reception import Leased, _note_all
from dialogs.turn import Turn, take_turn
from tests.dialogs.chat import World

REAL = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
LATER = REAL + LEASE


def ask(world: World, *, at: datetime = REAL, channel: str = "wechat") -> Turn:
    """The same message of the same person, once more."""
    incoming = Incoming(
        channel=channel, account="main", external_id="m1", sender="o-lin", content=Text("肩颈按摩多少钱")
    )
    return world.run(lambda tx: take_turn(tx, incoming, house=world.house, now=world.now, real_now=at))


def note(world: World, turn: Turn, delivery: Sent) -> None:
    """What a door notes of the turn's first message."""
    leased = Leased(turn.messages[0].message_id, turn.person_id, turn.lease)
    world.run(lambda tx: _note_all(tx, known=[(leased, delivery)], now=world.now, real_now=REAL))


def test_while_the_first_door_is_at_it_nothing_is_said_twice(world: World) -> None:
    first = ask(world)

    again = ask(world, at=REAL + timedelta(seconds=5))

    assert first.messages
    assert again.repeat
    assert again.messages == ()


def test_what_a_door_that_died_had_not_said_is_said_to_the_third_try(world: World) -> None:
    first = ask(world)

    again = ask(world, at=LATER)

    assert again.repeat
    assert [one.body for one in again.messages] == [one.body for one in first.messages]
    assert again.lease not in (0, first.lease)
    assert not world.run(lambda tx: _noted(tx, first)), "the door that was late has lost its claim"
    assert world.run(lambda tx: _noted(tx, again))


def test_an_answer_that_left_and_did_not_arrive_is_given_again(world: World) -> None:
    first = ask(world)
    note(world, first, Sent(how=PASSIVE))

    again = ask(world, at=LATER)

    assert [one.body for one in again.messages] == [one.body for one in first.messages]
    assert world.run(lambda tx: _noted(tx, again))


def test_an_answer_that_does_not_arrive_at_the_second_try_either_is_the_senders(world: World) -> None:
    first = ask(world)
    note(world, first, Sent(how=PASSIVE))
    ask(world, at=LATER)

    due = world.run(lambda tx: outbox.claim(tx, now=world.now, real_now=LATER + LEASE, most=10))

    assert [one.id for one in due] == [first.messages[0].message_id]


def test_an_answer_that_went_another_way_is_not_given_again(world: World) -> None:
    first = ask(world)
    note(world, first, Sent(how="kefu"))

    assert ask(world, at=LATER).messages == ()


def test_what_the_sender_has_taken_up_is_the_senders(world: World) -> None:
    ask(world)
    world.run(lambda tx: outbox.claim(tx, now=world.now, real_now=LATER, most=10))

    assert ask(world, at=LATER).messages == ()


@pytest.mark.parametrize("channel", ["telegram", "web"])
def test_platforms_that_do_not_show_an_answer_are_given_none(world: World, channel: str) -> None:
    ask(world, channel=channel)

    again = ask(world, at=LATER, channel=channel)

    assert again.repeat
    assert again.messages == ()


def test_a_door_keeps_what_is_still_its_own(world: World) -> None:
    first = ask(world)
    mine, until = [(first.messages[0].message_id, first.lease)], REAL + timedelta(seconds=20)

    assert world.run(lambda tx: answering.keep(tx, mine, until=until)) == {first.messages[0].message_id}
    assert ask(world, at=LATER).messages == ()
    assert ask(world, at=until).messages
    assert world.run(lambda tx: answering.keep(tx, mine, until=until + LEASE)) == frozenset()


def _noted(tx: Tx, turn: Turn) -> bool:
    message_id = turn.messages[0].message_id
    return outbox.note(tx, message_id, lease=turn.lease, state=MessageState.SENT, now=REAL, again_at=None, ref=None)
