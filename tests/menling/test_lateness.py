"""How late what is due is told, in the seconds a platform takes: measured by a clock that counts no computing of ours.

A busy machine cannot make these fail; a sender that leaves hands idle, or waits for its clock where it was rung, does.
"""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import pytest

from core import people
from core.db import Database, Tx, Unit
from core.messages import Rank, Template, tell
from core.messages.telling import broadcast
from dialogs.building import build_house
from dialogs.outgoing import Delivery, Outgoing, Sent, Trouble
from dialogs.reception import Reception
from menling.sender import Sender
from menling.worker import Chore
from tests.hurrying import hurried
from tests.menling.sending import NOON, SQLITE, ZONE, Watch, words_only

T = TypeVar("T")
MANY = 1_000
PLATFORM_SECONDS = 0.02


class InLine:
    """A database that answers at once, in the loop: only what is waited for costs this story's time."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def arun(self, unit: Unit[T]) -> T:
        return self._db.run(unit)

    async def aread(self, unit: Unit[T]) -> T:
        return self._db.read(unit)


class TimedDoor:
    """A platform that takes every message after 20 ms, and remembers when it came."""

    channel = "web"
    pace = None

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self.came: list[float] = []

    async def deliver(self, message: Outgoing) -> Delivery:
        self.came.append(self._clock())
        await asyncio.sleep(PLATFORM_SECONDS)
        return Sent()

    async def fetch(self, account: str, ref: str) -> bytes:
        raise OSError("it holds no pictures")

    def troubles(self) -> Mapping[str, Trouble]:
        return {}


def everybody(tx: Tx) -> list[int]:
    return [
        people.arrive(tx, channel="web", account="main", external_id=f"p{n}", lang="en", zone=ZONE, now=NOON).id
        for n in range(MANY)
    ]


def due_at_once(db: Database, rank: Rank) -> None:
    """Have a message due to each of a thousand people."""
    who = db.run(everybody)
    facts = {"amount_minor": 100, "currency": "CNY", "settlement_id": 1}
    templates = {Rank.URGENT: Template.PAID_TWICE_REFUNDED, Rank.ORDINARY: Template.SETTLEMENT_PAID}

    def unit(tx: Tx) -> None:
        if rank is Rank.BROADCAST:
            broadcast(tx, [(one, NOON) for one in who], Template.SETTLEMENT_PAID, dedupe="b", now=NOON, facts=facts)
            return
        for one in who:
            tell(tx, one, templates[rank], dedupe=f"d{one}", now=NOON, facts=facts)

    db.run(unit)


def lateness(db: Database, **options: Any) -> list[float]:
    """Say all that is due through the worker's own chore; how many seconds late each came, the latest last."""
    late: list[float] = []

    async def story(clock: Callable[[], float]) -> None:
        def ring() -> None:
            chore.ring()

        house = build_house(public_url="http://127.0.0.1:8000", zone=ZONE, currency="CNY", wake_sender=ring)
        door, started = TimedDoor(clock), clock()
        reception = Reception(InLine(db), house, Watch())  # type: ignore[arg-type]
        sender = Sender(reception, {"web": door}, words_only("Refunded."), **options)
        chore = Chore("sender", 0.5, sender.send_due)
        chore.ring()
        working = asyncio.create_task(chore.work())
        while len(door.came) < MANY and clock() - started < 60:
            await asyncio.sleep(0.5)
            chore.ring()
        chore.stop()
        await working
        late.extend(one - started for one in door.came)

    hurried(story)
    return sorted(late)


@SQLITE
@pytest.mark.parametrize("rank", [Rank.URGENT, Rank.ORDINARY, Rank.BROADCAST])
def test_of_a_thousand_due_at_once_99_in_a_hundred_are_told_within_a_second(database: Database, rank: Rank) -> None:
    due_at_once(database, rank)

    late = lateness(database)

    assert len(late) == MANY
    assert late[MANY * 99 // 100] <= 1.0


@SQLITE
def test_a_sender_that_waits_for_its_clock_after_each_message_would_be_seen(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The measure can fail: hands that nobody rings for leave the thousand late by many seconds."""
    due_at_once(database, Rank.ORDINARY)
    monkeypatch.setattr(Sender, "_finished", lambda self, task: self._under_way.discard(task))

    assert lateness(database)[MANY * 99 // 100] > 5.0
