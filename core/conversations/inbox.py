"""The inbox: one row per update, unique by channel, account and the platform's id of it (reliability R17, R19, R20)."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import String, bindparam, func, select, update

from core.conversations.tables import inbox
from core.crypto import Key
from core.db import Row, Tx, insert_into
from core.ids import new_id
from core.tally import count

MOST_ATTEMPTS = 3
PURPOSE = "inbox.raw"
_LONGEST_ERROR = 120


class InboxState(StrEnum):
    """Done, waiting for an answer from outside, not begun yet, to be tried again, set aside, dealt with by hand."""

    DONE = "done"
    WAITING = "waiting"
    PUT_OFF = "put_off"
    FAILED = "failed"
    QUARANTINED = "quarantined"
    PUT_AWAY = "put_away"


@dataclass(frozen=True, slots=True)
class Retry:
    """A claimed update that failed before: its row, its person, its sealed bytes and how often it was tried.

    It is whose claim runs `until` then (real time): whoever takes it up shows that it still does.
    """

    id: int
    person_id: int
    raw_sealed: bytes
    attempts: int
    until: datetime


_LATER = frozenset({"after_id", "error", "trace"})
_INSERT = insert_into(inbox, *(column.name for column in inbox.columns if column.name not in _LATER))
_STANDS = (
    update(inbox)
    .where(inbox.c.id == bindparam("b_id"))
    .values(state=bindparam("b_state"), attempts=bindparam("b_attempts"), retry_at=bindparam("b_retry"))
)
_FAILED = _STANDS.values(
    error=bindparam("b_error"), trace=func.coalesce(inbox.c.trace, bindparam("b_trace", type_=String))
)
_TAKE_UP = (
    update(inbox)
    .where(inbox.c.id == bindparam("b_id"), inbox.c.retry_at == bindparam("b_until"))
    .values(state=InboxState.DONE.value, attempts=bindparam("b_attempts"), retry_at=None)
)
_before = inbox.alias("before")
_DUE = (
    select(inbox.c.id, inbox.c.person_id, inbox.c.raw_sealed, inbox.c.attempts)
    .select_from(
        inbox.outerjoin(_before, (_before.c.id == inbox.c.after_id) & (_before.c.state == InboxState.PUT_OFF.value))
    )
    .where(inbox.c.retry_at <= bindparam("b_now"), _before.c.id.is_(None))
    .order_by(inbox.c.id)
    .limit(bindparam("b_most"))
)
_CLAIM = (
    update(inbox)
    .where(inbox.c.id == bindparam("b_id"), inbox.c.retry_at <= bindparam("b_now"))
    .values(retry_at=bindparam("b_until"))
)
_HISTORY = (
    select(inbox.c.id, inbox.c.raw_sealed, inbox.c.received_at)
    .where(inbox.c.person_id == bindparam("b_person"), inbox.c.received_at > bindparam("b_after"))
    .order_by(inbox.c.received_at.desc(), inbox.c.id.desc())
    .limit(bindparam("b_most"))
)


_ANSWER = select(inbox.c.answer_id).where(
    inbox.c.channel == bindparam("b_channel"),
    inbox.c.account == bindparam("b_account"),
    inbox.c.external_hash == bindparam("b_hash"),
    inbox.c.person_id == bindparam("b_person"),
)


def receive(
    tx: Tx,
    *,
    channel: str,
    account: str,
    external_id: str,
    person_id: int,
    key: Key,
    raw: bytes,
    answer_id: int,
    now: datetime,
) -> int | None:
    """Store an update as done (the turn follows in the same transaction); None when it was stored before.

    `answer_id` is the id that the turn's answer is going to have.
    """
    row_id = new_id()
    new = tx.insert_if_new(
        _INSERT,
        {
            "id": row_id,
            "channel": channel,
            "account": account,
            "external_hash": _hash(external_id),
            "person_id": person_id,
            "raw_sealed": key.seal(raw, PURPOSE),
            "state": InboxState.DONE,
            "attempts": 1,
            "retry_at": None,
            "received_at": now,
            "answer_id": answer_id,
        },
    )
    return row_id if new else None


def answer_to(tx: Tx, *, channel: str, account: str, external_id: str, person_id: int) -> int | None:
    """Return the id of the message that answered this person's update, when it came first."""
    found = tx.scalar(
        _ANSWER,
        {"b_channel": channel, "b_account": account, "b_hash": _hash(external_id), "b_person": person_id},
    )
    return None if found is None else int(found)


def failed(tx: Tx, inbox_id: int, *, attempts: int, error: str, real_now: datetime) -> InboxState:
    """Note that a turn raised `error`: it is tried again after 2 s, 8 s; the third failure sets it aside."""
    state = InboxState.FAILED if attempts < MOST_ATTEMPTS else InboxState.QUARANTINED
    retry_at = real_now + timedelta(seconds=2 * 4 ** (attempts - 1)) if state is InboxState.FAILED else None
    facts = {"b_state": state, "b_attempts": attempts, "b_retry": retry_at, "b_error": error[:_LONGEST_ERROR]}
    tx.execute(_FAILED, {"b_id": inbox_id, "b_trace": tx.trace, **facts})
    count("menling_updates_failed", state=state)
    return state


def wait(tx: Tx, inbox_id: int, *, until: datetime) -> None:
    """Note that an update's turn waits for an answer from outside; at `until` (real time) it is tried without one."""
    tx.execute(_STANDS, {"b_id": inbox_id, "b_state": InboxState.WAITING, "b_attempts": 0, "b_retry": until})


def take_up(tx: Tx, inbox_id: int, *, until: datetime, attempts: int = 1) -> bool:
    """Take a waiting update up again, as done (the turn follows); False when somebody else has, or it is erased."""
    return bool(tx.execute(_TAKE_UP, {"b_id": inbox_id, "b_until": until, "b_attempts": attempts}))


def claim_retries(tx: Tx, *, real_now: datetime, most: int) -> tuple[Retry, ...]:
    """Claim updates whose next try is due, for one minute; of what a person said and was put off the oldest alone."""
    until = real_now + timedelta(minutes=1)
    return tuple(
        Retry(row.id, row.person_id, row.raw_sealed, row.attempts, until)
        for row in tx.all(_DUE, {"b_now": real_now, "b_most": most})
        if tx.execute(_CLAIM, {"b_id": row.id, "b_now": real_now, "b_until": until})
    )


def history(tx: Tx, person_id: int, *, after: datetime, most: int) -> list[Row]:
    """Return the newest of what a person sent after an instant, newest first (id, raw_sealed, received_at)."""
    return tx.all(_HISTORY, {"b_person": person_id, "b_after": after, "b_most": most})


def _hash(external_id: str) -> bytes:
    return hashlib.sha256(external_id.encode()).digest()
