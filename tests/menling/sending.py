"""A sender with its database, its clock, and platforms that answer as told."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core import people
from core.db import Database, Tx, insert_into
from core.ids import new_id
from core.messages import Template, tell
from core.messages.outbox import Due
from core.messages.tables import message
from core.people.tables import identity
from dialogs.house import House
from dialogs.outgoing import Body, Delivery, Outgoing, Pace, Sent, Trouble
from dialogs.reception import Reception
from dialogs.rendering import Prepared, prepare
from menling.sender import Sender

NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)
ZONE = "Asia/Shanghai"
_STATE = select(
    message.c.state, message.c.due_at, message.c.attempts, message.c.channel, message.c.sent_by, message.c.why
).order_by(message.c.id)


SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


class Watch:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.at = NOON

    def now(self) -> datetime:
        return self.at


class ScriptedDoor:
    """A platform that answers as told, one answer a message, then takes everything."""

    pace: Pace | None = None

    def __init__(self, channel: str, *answers: Delivery | Exception) -> None:
        self.channel = channel
        self.answers = list(answers)
        self.took: list[Outgoing] = []
        self.waits: dict[int, asyncio.Event] = {}

    async def deliver(self, message: Outgoing) -> Delivery:
        self.took.append(message)
        if message.person_id in self.waits:
            await self.waits[message.person_id].wait()
        answer = self.answers.pop(0) if self.answers else Sent(ref=f"r{len(self.took)}")
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def fetch(self, account: str, ref: str) -> bytes:
        raise OSError("it holds no pictures")

    def troubles(self) -> Mapping[str, Trouble]:
        return {}


class Desk:
    """A sender with its database, its clock and its doors."""

    def __init__(self, db: Database, house: House, *doors: ScriptedDoor, **options: Any) -> None:
        self.db = db
        self.clock = Watch()
        self.reception = Reception(db, house, self.clock)
        self.doors = {door.channel: door for door in doors}
        self.sender = Sender(self.reception, self.doors, options.pop("prepare", prepare), **options)

    def person(self, *channels: str, name: str = "anna") -> int:
        """Somebody met on these channels, lastly on the first."""

        def unit(tx: Tx) -> int:
            person_id = people.arrive(
                tx, channel=channels[0], account="main", external_id=name, lang="en", zone=ZONE, now=NOON
            ).id
            for minutes, channel in enumerate(channels[1:], start=1):
                row = {
                    "id": new_id(),
                    "channel": channel,
                    "account": "main",
                    "external_id": name,
                    "person_id": person_id,
                    "blocked_at": None,
                    "seen_at": NOON - timedelta(minutes=minutes),
                    "created_at": NOON,
                }
                tx.execute(insert_into(identity), row)
            return person_id

        return self.db.run(unit)

    def tell(self, person_id: int, *amounts: int, at: datetime = NOON, expires_at: datetime | None = None) -> None:
        for amount in amounts:
            facts = {"settlement_id": 1, "amount_minor": amount, "currency": "CNY"}
            self.db.run(
                lambda tx, amount=amount, facts=facts: tell(  # type: ignore[misc]
                    tx,
                    person_id,
                    Template.SETTLEMENT_PAID,
                    dedupe=f"{person_id}:{amount}",
                    now=NOON,
                    facts=facts,
                    due_at=at,
                    expires_at=expires_at,
                )
            )

    def send(self, after: timedelta = timedelta()) -> int:
        """Let the time pass and send what is due, all of it."""
        self.clock.at += after

        async def story() -> int:
            total = 0
            while claimed := await self.sender.send_due():
                total += claimed
                await self.sender.drain(10)
            return total

        return asyncio.run(story())

    def rows(self) -> list[Any]:
        return self.db.read(lambda tx: tx.all(_STATE))

    def states(self) -> list[str]:
        return [row.state for row in self.rows()]


def urgent(at: Desk, person_id: int, number: int = 1) -> None:
    """Tell somebody of a refund that came to nothing to do with an order: urgent, and worth a text message."""
    at.db.run(
        lambda tx: tell(
            tx, person_id, Template.PAID_TWICE_REFUNDED, dedupe=f"u{number}", now=NOON, facts={"amount_minor": 100}
        )
    )


def words_only(text: str) -> Callable[..., Prepared]:
    """Prepare every message as these words, for every identity."""

    def prepared(tx: Tx, due: Due, **facts: Any) -> Prepared:
        body = Body(text=text)
        identities = people.identities_of(tx, due.person_id)
        return Prepared(
            tuple(
                Outgoing(due.id, due.person_id, due.kind, one.channel, one.account, one.external_id, body, "en")
                for one in identities
            ),
            body=body,
            lang="en",
        )

    return prepared
