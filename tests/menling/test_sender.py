"""The sender says everything that is due: once, in order, wherever the person can be reached."""

import asyncio
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

import menling.sender
from core import people
from core.db import Database, Tx
from core.messages import Template
from core.messages.outbox import Due
from core.messages.telling import broadcast
from dialogs.building import build_house
from dialogs.house import House
from dialogs.outgoing import Later, Refused, Sent, Unknown
from dialogs.rendering import Prepared, prepare
from menling.pacing import Pacer, SharedBucket
from tests.menling.sending import NOON, SQLITE, ZONE, Desk, ScriptedDoor, urgent, words_only


@pytest.fixture(scope="module")
def house() -> House:
    return build_house(public_url="http://127.0.0.1:8000", zone=ZONE, currency="CNY")


@pytest.fixture
def desk(database: Database, house: House) -> Callable[..., Desk]:
    return lambda *doors, **options: Desk(database, house, *doors, **options)


def test_what_is_due_is_said_once_and_noted(desk: Callable[..., Desk]) -> None:
    door = ScriptedDoor("web")
    at = desk(door)
    at.tell(at.person("web"), 1200)

    assert at.send() == 1
    assert at.send() == 0

    assert len(door.took) == 1
    assert "12" in door.took[0].body.text
    assert [(row.state, row.due_at, row.channel) for row in at.rows()] == [("sent", None, "web")]


@SQLITE
def test_nothing_is_said_before_its_time(desk: Callable[..., Desk]) -> None:
    door = ScriptedDoor("web")
    at = desk(door)
    at.tell(at.person("web"), 1200, at=NOON + timedelta(hours=2))

    assert at.send() == 0
    assert at.send(after=timedelta(hours=2)) == 1


@SQLITE
def test_one_persons_messages_keep_their_order_and_wait_for_each_other(desk: Callable[..., Desk]) -> None:
    door = ScriptedDoor("web", Sent(), Later(30))
    at = desk(door)
    anna = at.person("web")
    at.tell(anna, 100, 200, 300, 400)

    at.send()
    assert at.states() == ["sent", "waiting", "waiting", "waiting"]
    assert len(door.took) == 2
    at.send(after=timedelta(seconds=29))
    assert len(door.took) == 2
    at.send(after=timedelta(seconds=1))

    assert at.states() == ["sent"] * 4
    order = [one.message_id for one in door.took]
    assert order[0] < order[1] == order[2] < order[3] < order[4]


@SQLITE
def test_a_slow_person_holds_up_nobody_else(desk: Callable[..., Desk]) -> None:
    door = ScriptedDoor("web")
    at = desk(door)
    anna, bo = at.person("web"), at.person("web", name="bo")
    at.tell(anna, 100)

    async def story() -> None:
        door.waits[anna] = asyncio.Event()
        await at.sender.send_due()
        at.tell(anna, 150)
        at.tell(bo, 200, 300)
        await at.sender.send_due()
        async with asyncio.timeout(30):
            while at.states() != ["waiting", "waiting", "sent", "sent"]:  # noqa: ASYNC110  asked of the database
                await asyncio.sleep(0.01)
        door.waits.pop(anna).set()
        await at.sender.drain(5)

    asyncio.run(story())
    at.send()

    assert at.states() == ["sent"] * 4
    assert [one.message_id for one in door.took if one.person_id == anna] == sorted(
        one.message_id for one in door.took if one.person_id == anna
    )


@SQLITE
def test_an_unknown_outcome_is_tried_again_and_at_last_given_up_where_operators_see_it(
    desk: Callable[..., Desk],
) -> None:
    door = ScriptedDoor("web", *[Unknown("time-out")] * 6)
    at = desk(door)
    at.tell(at.person("web"), 100)

    at.send()
    assert at.states() == ["unknown"]
    for _ in range(8):
        at.send(after=timedelta(hours=1))

    assert len(door.took) == 6
    assert [(row.state, row.due_at) for row in at.rows()] == [("failed", None)]


@SQLITE
def test_being_told_to_wait_costs_a_message_none_of_its_tries(desk: Callable[..., Desk]) -> None:
    door = ScriptedDoor("web", *[Later(5)] * 8, Unknown("time-out"))
    at = desk(door)
    at.tell(at.person("web"), 100)

    for _ in range(9):
        at.send(after=timedelta(seconds=5))
    assert [(row.state, row.attempts) for row in at.rows()] == [("unknown", 1)]
    at.send(after=timedelta(minutes=1))

    assert at.states() == ["sent"]


@SQLITE
def test_a_door_that_breaks_leaves_the_outcome_unknown(desk: Callable[..., Desk]) -> None:
    door = ScriptedDoor("web", ZeroDivisionError("a defect"))
    at = desk(door)
    at.tell(at.person("web"), 100)

    at.send()
    assert at.states() == ["unknown"]
    at.send(after=timedelta(minutes=1))

    assert at.states() == ["sent"]


@SQLITE
def test_a_person_who_has_gone_from_the_only_channel_is_not_written_to_again(desk: Callable[..., Desk]) -> None:
    door = ScriptedDoor("telegram", Refused("blocked", gone=True))
    at = desk(door)
    anna = at.person("telegram")
    at.tell(anna, 100, 200)

    at.send()
    at.send(after=timedelta(hours=1))

    assert at.db.read(lambda tx: people.identities_of(tx, anna)) == ()
    assert len(door.took) == 1
    assert [(row.state, row.why) for row in at.rows()] == [("failed", "blocked")] * 2


@SQLITE
def test_a_channel_that_refuses_is_replaced_by_the_persons_next(desk: Callable[..., Desk]) -> None:
    telegram, web = ScriptedDoor("telegram", Refused("blocked", gone=True)), ScriptedDoor("web")
    at = desk(telegram, web)
    anna = at.person("telegram", "web")
    at.tell(anna, 100, 200)

    at.send()

    assert at.states() == ["sent", "sent"]
    assert len(web.took) == 2
    assert [one.channel for one in at.db.read(lambda tx: people.identities_of(tx, anna))] == ["web"]


@SQLITE
def test_a_door_that_is_still_opening_is_waited_for(desk: Callable[..., Desk]) -> None:
    at = desk(expected=frozenset({"telegram"}))
    at.tell(at.person("telegram"), 100)

    at.send()
    assert at.states() == ["waiting"]
    at.doors["telegram"] = ScriptedDoor("telegram")
    at.send(after=timedelta(seconds=2))

    assert at.states() == ["sent"]


@SQLITE
def test_words_that_cannot_be_made_hold_up_nobody(desk: Callable[..., Desk]) -> None:
    def broken_for_anna(tx: Tx, due: Due, **facts: Any) -> Prepared:
        if due.person_id == anna:
            raise KeyError("words")
        return prepare(tx, due, **facts)

    door = ScriptedDoor("web")
    at = desk(door, prepare=broken_for_anna)
    anna, bo = at.person("web"), at.person("web", name="bo")
    at.tell(anna, 100)
    at.tell(bo, 200)

    at.send()
    assert at.states() == ["waiting", "sent"]
    for _ in range(6):
        at.send(after=timedelta(hours=1))

    assert at.states() == ["failed", "sent"]


@SQLITE
def test_what_is_no_longer_true_is_dropped(desk: Callable[..., Desk]) -> None:
    door = ScriptedDoor("web")
    at = desk(door)
    at.tell(at.person("web"), 100, expires_at=NOON + timedelta(minutes=5))

    at.send(after=timedelta(minutes=5))

    assert at.states() == ["dropped"]
    assert door.took == []


@SQLITE
def test_nobody_is_woken_at_night(desk: Callable[..., Desk]) -> None:
    door = ScriptedDoor("web")
    at = desk(door)
    at.tell(at.person("web"), 100)

    at.send(after=timedelta(hours=11))  # 23:00 in Shanghai
    assert door.took == []
    at.send(after=timedelta(hours=9, minutes=10))

    assert at.states() == ["sent"]


# --- many at once


@SQLITE
def test_an_urgent_message_overtakes_a_broadcast_that_fills_every_hand(desk: Callable[..., Desk]) -> None:
    door = ScriptedDoor("web")
    at = desk(door, prepare=words_only("hello"))
    crowd = [at.person("web", name=f"p{number}") for number in range(80)]
    at.db.run(
        lambda tx: broadcast(tx, [(one, NOON) for one in crowd], Template.ANNOUNCEMENT, dedupe="b", now=NOON, facts={})
    )
    anna = at.person("web", name="urgent")

    async def story() -> None:
        slow = {one: asyncio.Event() for one in crowd}
        door.waits.update(slow)
        await at.sender.send_due()
        assert await at.sender.send_due() == 0  # no hand is free for what goes to everybody
        urgent(at, anna)
        await at.sender.send_due()
        async with asyncio.timeout(30):
            while anna not in {one.person_id for one in door.took}:  # noqa: ASYNC110  asked of the door
                await asyncio.sleep(0.001)
        assert len(door.took) == 33
        for one in slow.values():
            one.set()
        await at.sender.drain(5)

    asyncio.run(story())


@SQLITE
def test_what_was_claimed_before_the_process_stood_still_is_left_to_others(
    desk: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    door = ScriptedDoor("web")
    at = desk(door)
    at.tell(at.person("web"), 100)
    monkeypatch.setattr(menling.sender, "_ROUND_SECONDS", -1.0)  # it took longer than that to come to the message

    asyncio.run(_one_round(at))
    assert (door.took, at.states()) == ([], ["waiting"])
    monkeypatch.setattr(menling.sender, "_ROUND_SECONDS", 35.0)
    at.send()

    assert at.states() == ["sent"]


async def _one_round(at: Desk) -> None:
    await at.sender.send_due()
    await at.sender.drain(5)


@SQLITE
def test_a_platform_that_is_away_is_not_hammered_and_costs_no_message_its_tries(desk: Callable[..., Desk]) -> None:
    door = ScriptedDoor("web", *[Later(0.1, away=True)] * 100)
    at = desk(door, pacer=Pacer(SharedBucket(lambda: None)), prepare=words_only("hello"))
    for number in range(100):
        at.tell(at.person("web", name=f"p{number}"), 100)

    asyncio.run(_one_round(at))
    at.send()

    assert len(door.took) <= 32
    assert {(row.state, row.attempts) for row in at.rows()} == {("waiting", 0)}


def test_two_senders_say_nothing_twice(database: Database, house: House) -> None:
    door = ScriptedDoor("web")
    pair = [Desk(database, house, door) for _ in range(2)]
    for number in range(10):
        pair[0].tell(pair[0].person("web", name=f"p{number}"), *range(100, 700, 100))

    async def story() -> None:
        async def one(desk: Desk) -> None:
            for _ in range(40):
                await desk.sender.send_due()
                await desk.sender.drain(5)

        await asyncio.gather(*(one(desk) for desk in pair))

    asyncio.run(story())

    assert pair[0].states() == ["sent"] * 60
    assert len({one.message_id for one in door.took}) == len(door.took) == 60
    by_person: dict[int, list[int]] = defaultdict(list)
    for one in door.took:
        by_person[one.person_id].append(one.message_id)
    assert all(ids == sorted(ids) for ids in by_person.values())


@SQLITE
def test_whoever_listens_is_told_of_a_delivery(desk: Callable[..., Desk]) -> None:
    at = desk(ScriptedDoor("web"))
    heard: list[int] = []
    at.reception.on_delivery(heard.append)
    anna = at.person("web")
    at.tell(anna, 100)

    at.send()

    assert heard == [anna]


@pytest.mark.parametrize(("point", "times"), [("sender.claimed", 1), ("sender.sent", 2)])
@SQLITE
def test_a_sender_killed_half_way_has_the_message_sent_after_all(
    database: Database, database_url: str, house: House, tmp_path: Path, point: str, times: int
) -> None:
    desk = Desk(database, house, ScriptedDoor("web"))
    desk.tell(desk.person("web"), 100)
    script = """if True:
        import sys
        from core.crypto import Vault
        from core.db import open_database
        from dialogs.building import build_house
        from tests.menling.sending import Desk, ScriptedDoor, ZONE
        class Door(ScriptedDoor):
            async def deliver(self, message):
                with open(sys.argv[2], "a") as book:
                    book.write(f"{message.message_id}\\n")
                return await super().deliver(message)
        house = build_house(public_url="http://127.0.0.1:8000", zone=ZONE, currency="CNY")
        Desk(open_database(sys.argv[1], Vault(b"test" * 8)), house, Door("web")).send()
    """
    book = tmp_path / "delivered"
    killed = subprocess.run(
        [sys.executable, "-c", script, database_url, str(book)],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "MENLING_TEST_MODE": "1", "MENLING_CRASH": point},
        check=False,
    )
    assert killed.returncode == 137

    door = ScriptedDoor("web")
    again = Desk(database, house, door)
    assert again.send() == 0  # the dead one's lease still runs
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=61), tick=True):
        again.send()

    assert again.states() == ["sent"]
    delivered = book.read_text().split() if book.exists() else []
    assert len(delivered) + len(door.took) == times
