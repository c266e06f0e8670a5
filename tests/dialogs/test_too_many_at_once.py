"""More than can be done at once is kept, answered with a word of patience, and done a moment later."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from core import conversations
from core.clock import SystemClock
from core.db import Database
from core.messages.outbox import open_body
from core.messages.tables import message
from core.people import key_of
from core.tally import counted
from dialogs.building import build_house
from dialogs.house import House
from dialogs.incoming import Content, Incoming, Press, Text
from dialogs.outgoing import decode_body
from dialogs.reception import Reception
from dialogs.retrying import retry_due
from dialogs.turn import Turn


@pytest.fixture
def house() -> House:
    return build_house(public_url="http://127.0.0.1:8000", zone="Asia/Shanghai", currency="CNY")


async def all_at_once(reception: Reception, many: int, content: Content) -> list[Turn]:
    said = [Incoming("telegram", "main", f"u{number}", f"p{number}", content, "en") for number in range(many)]
    return await asyncio.gather(*(reception.receive(incoming) for incoming in said))


def test_words_beyond_what_can_be_done_are_kept_and_done_a_moment_later(
    database: Database, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dialogs.reception._CROWDED", 2)
    key = ("menling_turns_put_off", (("channel", "telegram"),))
    before = counted().get(key, 0)
    turns = asyncio.run(all_at_once(Reception(database, house, SystemClock()), 5, Text("help")))

    busy = house.texts.say("en", "engine.busy")
    assert [turn.messages[0].body.text == busy for turn in turns] == [False, False, True, True, True]
    assert counted()[key] - before == 3

    later = datetime.now(UTC) + timedelta(seconds=5)
    assert retry_due(database, house, now=later, real_now=later) == 3
    assert database.read(lambda tx: tx.scalar(select(func.count()).select_from(message))) == 8


def test_a_tap_is_taken_where_words_have_to_wait(
    database: Database, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dialogs.reception._CROWDED", 0)
    (turn,) = asyncio.run(all_at_once(Reception(database, house, SystemClock()), 1, Press("abc.0")))

    assert turn.messages[0].body.text != house.texts.say("en", "engine.busy")


async def one_after_the_other(reception: Reception, *contents: Content, sender: str = "oAnna") -> list[Turn]:
    return [
        await reception.receive(Incoming("wechat", "main", f"{sender}{number}", sender, content, "en"))
        for number, content in enumerate(contents)
    ]


def words_to(database: Database, person_id: int) -> list[str]:
    """Every word written to a person, in its order."""
    rows = database.read(lambda tx: tx.all(select(message.c.body_sealed, message.c.person_id).order_by(message.c.id)))
    key = database.read(lambda tx: key_of(tx, person_id))
    return [decode_body(open_body(key, row.body_sealed)).text for row in rows if row.person_id == person_id]


def the_first_is_put_off(
    database: Database, house: House, monkeypatch: pytest.MonkeyPatch, *said: Content
) -> list[Turn]:
    """Say the first where there is too much to do, and the rest where there is not."""
    too_much = iter([True])
    monkeypatch.setattr(Reception, "_is_too_much", lambda *_: next(too_much, False))
    return asyncio.run(one_after_the_other(Reception(database, house, SystemClock()), *said))


def test_words_of_one_person_keep_their_order_when_the_first_had_to_wait(
    database: Database, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = [Text(one) for one in ("book", "help", "cancel")]
    anna = the_first_is_put_off(database, house, monkeypatch, *said)
    bella = asyncio.run(one_after_the_other(Reception(database, house, SystemClock()), *said, sender="oBella"))

    busy = house.texts.say("en", "engine.busy")
    assert [[one.body.text for one in turn.messages] for turn in anna] == [[busy], [], []]  # it is said once

    later = datetime.now(UTC) + timedelta(seconds=5)
    assert retry_due(database, house, now=later, real_now=later) == 3
    assert words_to(database, anna[0].person_id) == [busy, *words_to(database, bella[0].person_id)]


def test_when_what_waited_is_done_the_next_words_are_answered_at_once(
    database: Database, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    the_first_is_put_off(database, house, monkeypatch, Text("book"), Text("help"))
    later = datetime.now(UTC) + timedelta(seconds=5)
    retry_due(database, house, now=later, real_now=later)

    incoming = Incoming("wechat", "main", "next", "oAnna", Text("cancel"), "en")
    turn = asyncio.run(Reception(database, house, SystemClock()).receive(incoming))

    assert len(turn.messages) == 1
    assert not turn.failed


def test_without_the_look_at_what_waits_a_later_word_would_overtake(
    database: Database, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conversations, "words_wait", lambda *_: False)
    _, second = the_first_is_put_off(database, house, monkeypatch, Text("book"), Text("help"))

    assert len(second.messages) == 1


def test_of_what_one_person_said_no_worker_takes_the_second_while_another_has_the_first(
    database: Database, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    the_first_is_put_off(database, house, monkeypatch, Text("book"), Text("help"))
    later = datetime.now(UTC) + timedelta(seconds=5)

    taken = database.run(lambda tx: conversations.claim_retries(tx, real_now=later, most=20))
    another = database.run(lambda tx: conversations.claim_retries(tx, real_now=later, most=20))

    assert (len(taken), len(another)) == (1, 0)


def done_late(database: Database, house: House, monkeypatch: pytest.MonkeyPatch) -> tuple[list[str], list[str]]:
    """What was written to somebody when one worker has claimed what they said and another, a minute on, has done it.

    And what once the first comes to it.
    """
    first, *_ = the_first_is_put_off(database, house, monkeypatch, Text("book"))
    later = datetime.now(UTC) + timedelta(seconds=5)
    slow = database.run(lambda tx: conversations.claim_retries(tx, real_now=later, most=20))
    later += timedelta(seconds=61)
    assert retry_due(database, house, now=later, real_now=later) == 1
    before = words_to(database, first.person_id)

    claims = iter([slow])
    monkeypatch.setattr(conversations, "claim_retries", lambda *_, **__: next(claims, ()))
    retry_due(database, house, now=later, real_now=later)
    return before, words_to(database, first.person_id)


def test_what_another_worker_has_done_meanwhile_a_slow_one_does_not_do_again(
    database: Database, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, after = done_late(database, house, monkeypatch)

    assert after == before


def test_without_the_look_at_its_claim_a_slow_worker_would_do_it_again(
    database: Database, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conversations, "take_up", lambda *_, **__: True)
    before, after = done_late(database, house, monkeypatch)

    assert len(after) == len(before) + 1


def test_a_tap_waits_for_no_words(database: Database, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    _, tapped = the_first_is_put_off(database, house, monkeypatch, Text("book"), Press("abc.0"))

    assert tapped.messages
