"""One number follows an event from where it came in to everything that is sent and done because of it."""

import asyncio

import pytest

from core import effects, tracing
from core.db import Database, Tx
from core.effects import EffectKind
from core.messages import Template, tell
from dialogs.building import build_house
from dialogs.outgoing import Delivery, Outgoing
from menling.worker import Chore
from tests.menling.sending import NOON, ZONE, Desk, ScriptedDoor

NUMBER = "0123456789abcdef"


class ListeningDoor(ScriptedDoor):
    """Notes under which number each message reaches it."""

    def __init__(self, channel: str) -> None:
        super().__init__(channel)
        self.followed: list[str | None] = []

    async def deliver(self, message: Outgoing) -> Delivery:
        self.followed.append(tracing.trace())
        return await super().deliver(message)


@pytest.fixture
def desk(database: Database) -> Desk:
    house = build_house(public_url="http://127.0.0.1:8000", zone=ZONE, currency="CNY")
    return Desk(database, house, ListeningDoor("telegram"))


def test_a_message_for_another_person_is_sent_under_the_number_of_what_caused_it(desk: Desk) -> None:
    facts = {"settlement_id": 1, "amount_minor": 100, "currency": "CNY"}

    def cause(tx: Tx, person_id: int) -> None:
        tell(tx, person_id, Template.SETTLEMENT_PAID, facts=facts, dedupe=f"{person_id}", now=NOON)

    async def story() -> None:
        for name, number in (("anna", NUMBER), ("bert", NUMBER[::-1])):
            person_id = desk.person("telegram", name=name)
            tracing.follow(number)
            await desk.db.arun(lambda tx, person_id=person_id: cause(tx, person_id))  # type: ignore[misc]
        tracing.follow(None)
        await desk.sender.send_due()
        await desk.sender.drain(5)

    asyncio.run(story())
    door = desk.doors["telegram"]
    assert isinstance(door, ListeningDoor)
    assert sorted(filter(None, door.followed)) == [NUMBER, NUMBER[::-1]]


def test_outside_work_is_done_under_the_number_of_what_wanted_it(database: Database) -> None:
    async def story() -> tuple[effects.Effect, ...]:
        tracing.follow(NUMBER)
        await database.arun(
            lambda tx: effects.want(tx, EffectKind.REFUND, key="a", number="R1", facts={}, now_real=NOON)
        )
        tracing.follow(None)
        return await database.arun(lambda tx: effects.claim_due(tx, kinds=(EffectKind.REFUND,), real_now=NOON, most=1))

    (effect,) = asyncio.run(story())
    assert effect.trace == NUMBER


def test_each_run_of_a_chore_has_a_number_of_its_own() -> None:
    numbers: list[str | None] = []
    done = asyncio.Event()

    async def run() -> int:
        numbers.append(tracing.trace())
        if len(numbers) == 3:
            done.set()
        return len(numbers) < 3

    async def story() -> None:
        chore = Chore("test", 1, run)
        work = asyncio.create_task(chore.work())
        chore.ring()
        await done.wait()
        chore.stop()
        await work

    asyncio.run(story())
    assert len({*numbers, None}) == 4
