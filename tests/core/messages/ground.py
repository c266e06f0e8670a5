"""Persons with messages that are due, and hands that claim them."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from core.db import Database, Tx
from core.messages import MessageState, Rank, Template, outbox, tell
from core.messages.outbox import Due, Outcome
from core.messages.tables import held, message
from core.messages.telling import broadcast
from tests.builders import a_person

NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)
REAL = datetime(2026, 11, 20, 4, tzinfo=UTC)
URGENT, ORDINARY = Template.STARTED, Template.SETTLEMENT_PAID
_ROWS = select(message).order_by(message.c.id)
_HELD = select(held)


def persons(db: Database, count: int) -> list[int]:
    """So many people who wrote to us once."""
    return db.run(lambda tx: [a_person(tx).id for _ in range(count)])


def said(
    db: Database,
    person_id: int,
    *keys: str,
    template: Template = ORDINARY,
    at: datetime = NOON,
    expires_at: datetime | None = None,
) -> None:
    """Have something to say to somebody, once for each key, in this order."""
    for key in keys:
        db.run(
            lambda tx, key=key: tell(  # type: ignore[misc]
                tx, person_id, template, dedupe=f"{person_id}:{key}", now=NOON, due_at=at, expires_at=expires_at,
                facts={"key": key},
            )
        )  # fmt: skip


def announced(db: Database, people: Iterable[int], *, key: str = "news", at: datetime = NOON) -> None:
    """Have something to say to everybody."""
    recipients = [(one, at) for one in people]
    db.run(lambda tx: broadcast(tx, recipients, Template.ANNOUNCEMENT, dedupe=key, now=NOON, facts={"key": key}))


def claim(
    db: Database, *, after: timedelta = timedelta(), most: int = 32, most_urgent: int | None = None
) -> tuple[Due, ...]:
    """Claim when so much time has passed."""
    return db.run(
        lambda tx: outbox.claim(tx, now=NOON + after, real_now=REAL + after, most=most, most_urgent=most_urgent)
    )


def keys(claimed: Iterable[Due]) -> list[str]:
    return [due.facts["key"] for due in claimed]


def noted(db: Database, due: Due, state: MessageState, **more: Any) -> bool:
    """Note what became of a claimed message; False when it was no longer ours."""
    return db.run(lambda tx: outbox.note_one(tx, Outcome(due.id, due.lease, state, **more), now=NOON))


def rows(db: Database) -> list[Any]:
    return db.read(lambda tx: tx.all(_ROWS))


def held_rows(db: Database) -> list[Any]:
    return db.read(lambda tx: tx.all(_HELD))


def statements(db: Database, **facts: Any) -> int:
    """How many statements a claim runs."""

    def unit(tx: Tx) -> int:
        before = tx.statements_run
        outbox.claim(tx, now=NOON, real_now=REAL, **facts)
        return tx.statements_run - before

    return db.run(unit)


__all__ = ["Rank", "announced", "claim", "held_rows", "keys", "noted", "persons", "rows", "said", "statements"]
