"""Claiming what is due, freezing its words, and noting what the platform said (reliability R18, R22)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, exists, or_, select, update

from core.crypto import Key
from core.db import Tx
from core.ids import new_id
from core.messages.tables import message
from core.messages.telling import INSERT, MessageKind, MessageState, Rank, dedupe_hash
from core.orders.tables import order

BODY_PURPOSE = "message.body"
DOOR_LEASE = timedelta(seconds=20)
SENDER_LEASE = timedelta(seconds=60)
MOST_ATTEMPTS = 6


@dataclass(frozen=True, slots=True)
class Due:
    """A claimed message: `lease` is the fence that later notes must carry."""

    id: int
    person_id: int
    kind: str
    template: str
    facts: dict[str, Any]
    body_sealed: bytes | None
    order_id: int | None
    order_version: int | None
    rank: Rank
    due_at: datetime
    expires_at: datetime | None
    attempts: int
    channel: str | None
    account: str | None
    first_number: int | None
    trace: str | None
    lease: int

    @property
    def urgent(self) -> bool:
        """Whether it passes quiet hours, and everything that is not."""
        return self.rank is Rank.URGENT


_free = or_(message.c.leased_until.is_(None), message.c.leased_until <= bindparam("b_real"))
_earlier = message.alias("earlier")
_CANDIDATES = (
    select(message.c.id)
    .where(
        message.c.due_at <= bindparam("b_now"),
        _free,
        # One recipient's messages go out one after another: an earlier one still under way holds the later back.
        ~exists().where(
            _earlier.c.person_id == message.c.person_id,
            _earlier.c.id < message.c.id,
            _earlier.c.due_at <= bindparam("b_now"),
            _earlier.c.leased_until > bindparam("b_real"),
        ),
    )
    .order_by(message.c.rank.desc(), message.c.due_at, message.c.id)
    .limit(bindparam("b_most"))
)
_CLAIM = (
    update(message)
    .where(message.c.id == bindparam("b_id"), message.c.due_at <= bindparam("b_now"), _free)
    .values(lease=bindparam("b_lease"), leased_until=bindparam("b_until"), attempts=message.c.attempts + 1)
)
_READ = select(message).where(message.c.id == bindparam("b_id"))
_FREEZE = (
    update(message)
    .where(message.c.id == bindparam("b_id"), message.c.lease == bindparam("b_lease"))
    .values(
        body_sealed=bindparam("b_body"),
        channel=bindparam("b_channel"),
        account=bindparam("b_account"),
        first_number=bindparam("b_number"),
    )
)
_NOTE = (
    update(message)
    .where(message.c.id == bindparam("b_id"), message.c.lease == bindparam("b_lease"))
    .values(
        state=bindparam("b_state"),
        due_at=bindparam("b_due"),
        leased_until=None,
        attempts=message.c.attempts - bindparam("b_untried"),
        external_ref=bindparam("b_ref"),
        sent_at=bindparam("b_sent"),
    )
)
_RELEASE = update(message).where(message.c.due_at.is_not(None)).values(leased_until=None)
_NUMBERS = (
    select(message.c.first_number, message.c.id)
    .where(message.c.person_id == bindparam("b_person"), message.c.first_number.is_not(None))
    .order_by(message.c.id.desc())
    .limit(1)
)
_CARD_BY_NUMBER = (
    select(message.c.id, message.c.body_sealed, message.c.first_number)
    .select_from(message.outerjoin(order, order.c.id == message.c.order_id))
    .where(
        or_(message.c.order_version.is_(None), message.c.order_version == order.c.version),
        message.c.person_id == bindparam("b_person"),
        message.c.kind == MessageKind.CARD.value,
        and_(message.c.first_number <= bindparam("b_number"), message.c.first_number > bindparam("b_number") - 8),
        message.c.sent_at.is_not(None),
    )
    .order_by(message.c.id.desc())
    .limit(1)
)


def claim(tx: Tx, *, now: datetime, real_now: datetime, most: int) -> tuple[Due, ...]:
    """Claim up to `most` due messages, urgent ones first; each carries a lease of a minute."""
    claimed = []
    for row in tx.all(_CANDIDATES, {"b_now": now, "b_real": real_now, "b_most": most}):
        lease = new_id()
        params = {
            "b_id": row.id,
            "b_now": now,
            "b_real": real_now,
            "b_lease": lease,
            "b_until": real_now + SENDER_LEASE,
        }
        if not tx.execute(_CLAIM, params):
            continue
        full = tx.first(_READ, {"b_id": row.id})
        if full is not None:
            claimed.append(_due(full, lease))
    return tuple(claimed)


def release_all(tx: Tx) -> int:
    """Free every lease: for the one process of an embedded database, when it starts after another's sudden end."""
    return tx.execute(_RELEASE)


def freeze(tx: Tx, due: Due, *, body_sealed: bytes, channel: str, account: str, first_number: int | None) -> None:
    """Keep the words as they will be shown, for ever after."""
    tx.execute(
        _FREEZE,
        {
            "b_id": due.id,
            "b_lease": due.lease,
            "b_body": body_sealed,
            "b_channel": channel,
            "b_account": account,
            "b_number": first_number,
        },
    )


def note(
    tx: Tx,
    message_id: int,
    *,
    lease: int,
    state: MessageState,
    now: datetime,
    again_at: datetime | None,
    ref: str | None,
    tried: bool = True,
) -> bool:
    """Note what became of a claimed message; False when the lease has passed to another since.

    One that was told to wait was not `tried`: however often that happens, it keeps all its tries.
    """
    sent_at = now if state is MessageState.SENT else None
    params = {
        "b_id": message_id,
        "b_lease": lease,
        "b_state": state,
        "b_due": again_at,
        "b_untried": 0 if tried else 1,
        "b_ref": ref,
        "b_sent": sent_at,
    }
    return tx.execute(_NOTE, params) == 1


def write_own(
    tx: Tx,
    person_id: int,
    bodies: Sequence[tuple[int, MessageKind, str, bytes]],
    *,
    channel: str,
    account: str,
    lease: int,
    leased_until: datetime | None,
    now: datetime,
) -> None:
    """Write a turn's own answers (id, kind, template, sealed body), leased to the door that carried the words in."""
    rows: list[dict[str, Any]] = [
        {
            "id": message_id,
            "person_id": person_id,
            "kind": kind,
            "template": template,
            "facts": {},
            "body_sealed": sealed,
            "order_id": None,
            "order_version": None,
            "rank": Rank.URGENT,
            "dedupe_key": dedupe_hash(f"turn:{message_id}"),
            "due_at": now,
            "expires_at": None,
            "state": MessageState.WAITING,
            "attempts": 1,
            "leased_until": leased_until,
            "lease": lease,
            "channel": channel,
            "account": account,
            "external_ref": None,
            "first_number": None,
            "created_at": now,
            "sent_at": None,
            "sent_by": None,
            "trace": tx.trace,
        }
        for message_id, kind, template, sealed in bodies
    ]
    if len(rows) == 1:
        tx.execute(INSERT, rows[0])
    else:
        tx.execute_many(INSERT, rows)


def next_number(tx: Tx, person_id: int, *, places: int) -> int:
    """Return the first of `places` two-digit numbers this person's live cards have not used lately (10-99)."""
    row = tx.first(_NUMBERS, {"b_person": person_id})
    start = 10 if row is None else int(row.first_number) + 8
    return start if start + places <= 99 else 10


@dataclass(frozen=True, slots=True)
class Card:
    """A card found by the number a person typed; `place` counts among its numbered buttons."""

    id: int
    place: int
    body_sealed: bytes


def card_by_number(tx: Tx, person_id: int, number: int) -> Card | None:
    """Return the person's newest card that shows this number and is still good."""
    row = tx.first(_CARD_BY_NUMBER, {"b_person": person_id, "b_number": number})
    if row is None or row.body_sealed is None:
        return None
    return Card(row.id, number - row.first_number, row.body_sealed)


def open_body(key: Key, sealed: bytes) -> bytes:
    """Open a frozen body with its person's key."""
    return key.open(sealed, BODY_PURPOSE)


def _due(row: Any, lease: int) -> Due:
    return Due(
        id=row.id,
        person_id=row.person_id,
        kind=row.kind,
        template=row.template,
        facts=row.facts,
        body_sealed=row.body_sealed,
        order_id=row.order_id,
        order_version=row.order_version,
        rank=Rank(row.rank),
        due_at=row.due_at,
        expires_at=row.expires_at,
        attempts=row.attempts,
        channel=row.channel,
        account=row.account,
        first_number=row.first_number,
        trace=row.trace,
        lease=lease,
    )
