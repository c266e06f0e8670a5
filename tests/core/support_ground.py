"""Chats that went to a human, and what became of them."""

from datetime import datetime, timedelta

from sqlalchemy import select

from core import audit, conversations, people, support
from core.audit import Role
from core.db import Database, Tx
from core.messages.tables import message
from core.support import Author, Said, TicketKind, Waiting
from tests.builders import a_customer

ANNA, BEN = 7, 8
ZONE = "Asia/Shanghai"
NOON = datetime.fromisoformat("2026-03-10T12:00:00+08:00")
NIGHT = datetime.fromisoformat("2026-03-10T23:30:00+08:00")
MINUTE = timedelta(minutes=1)


def hands_over(tx: Tx, person_id: int, *, now: datetime = NOON, kind: str = "human", said: str = "") -> Waiting:
    lines = (Said(Author.PERSON, said, None, now),) if said else ()
    return support.hand_over(
        tx, person_id, kind=TicketKind(kind), summary="book", said=lines, order_id=None, zone=ZONE, now=now
    )


def a_waiting_person(db: Database, *, now: datetime = NOON, kind: str = "human") -> tuple[int, int]:
    person_id = db.run(lambda tx: a_customer(tx).id)
    return person_id, db.run(lambda tx: hands_over(tx, person_id, now=now, kind=kind)).ticket_id


def says(db: Database, person_id: int, ticket_id: int, text: str, *, now: datetime) -> bool:
    return db.run(
        lambda tx: support.heard(tx, ticket_id, key=people.key_of(tx, person_id), text=text, file_id=None, now=now)
    )


def owner(db: Database, person_id: int) -> int | None:
    return db.read(lambda tx: conversations.owner_of(tx, person_id))


def time_out(db: Database, now: datetime) -> int:
    return db.run(lambda tx: support.waiting_over(tx, zone=ZONE, now=now, most=10))


def told(db: Database) -> list[str]:
    return [row.template for row in db.read(lambda tx: tx.all(select(message.c.template).order_by(message.c.id)))]


def the(db: Database, ticket_id: int) -> support.Ticket:
    return db.read(lambda tx: support.ticket(tx, ticket_id))


def thread(db: Database, ticket_id: int) -> list[tuple[str, str | None, str]]:
    lines = db.read(lambda tx: support.lines_of(tx, ticket_id))
    return [(line.author.value, line.event, line.text) for line in lines]


def at_work(tx: Tx, *, now: datetime, role: Role = Role.AUDITOR, action: str = "operator.signed_in") -> int:
    found = audit.operator_by_login(tx, "anna") or audit.add_operator(tx, "anna", "x", role, now)
    audit.note(tx, action, actor_id=found.id, subject_kind="operator", subject_id=found.id, now=now)
    return found.id
