"""Claiming what is due, freezing its words, and noting what the platform said (reliability R18, R22)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import chain, groupby, repeat
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Integer, bindparam, func, or_, select, union_all, update

from core.crypto import Key
from core.db import Id, Instant, Tx
from core.ids import new_id
from core.messages.tables import message
from core.messages.telling import BY_PHONE, INSERT, MessageKind, MessageState, Rank, answer_key

BODY_PURPOSE = "message.body"
DOOR_LEASE = timedelta(seconds=20)
SENDER_LEASE = timedelta(seconds=60)
MOST_ATTEMPTS = 6
_LONGEST_WHY = 64


class Due(NamedTuple):
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
    state: MessageState
    attempts: int
    channel: str | None
    account: str | None
    first_number: int | None
    sent_by: str | None
    trace: str | None
    lease: int

    @property
    def urgent(self) -> bool:
        """Whether it passes quiet hours, and everything that is not."""
        return self.rank is Rank.URGENT


_free = or_(message.c.leased_until.is_(None), message.c.leased_until <= bindparam("b_real"))
_under_way = message.alias("under_way")
_PORTION = 64
_PLACES = tuple(f"b_id_{n}" for n in range(_PORTION))
_ids: list[Any] = [bindparam(place, type_=Id) for place in _PLACES]


def _first_of(rank: Rank, most: str) -> Any:
    """Select the ids of one rank that are due, in order, straight from the index: never all of them sorted.

    One person's messages go out one after another: one under way holds back the rest, but nothing that goes to
    everybody holds back what is meant for this person.
    """
    # Asked row by row, by the person's index: as a join, or with a rank that an index can be searched by, MariaDB
    # would read the whole table for it, and by an index of its own choice all that the person was ever told.
    ranks = func.coalesce(_under_way.c.rank, Rank.BROADCAST.value)
    under_way = (
        select(_under_way.c.id)
        .where(
            _under_way.c.person_id == message.c.person_id,
            _under_way.c.due_at <= bindparam("b_now"),
            _under_way.c.leased_until > bindparam("b_real"),
            ranks >= (Rank.BROADCAST if rank is Rank.BROADCAST else Rank.ORDINARY).value,
        )
        .with_hint(_under_way, "FORCE INDEX (ix_message_person_due)", "mysql")
        .limit(1)
        .correlate(message)
        .scalar_subquery()
    )
    return (
        select(message.c.id)
        .where(message.c.rank == rank.value, message.c.due_at <= bindparam("b_now"), _free, under_way.is_(None))
        .order_by(message.c.due_at, message.c.id)
        .limit(bindparam(most, type_=Integer))
        .subquery(f"of_rank_{rank.value}")
    )


_picked = union_all(
    select(_first_of(Rank.URGENT, "b_urgent").c.id),
    select(_first_of(Rank.ORDINARY, "b_most").c.id),
    select(_first_of(Rank.BROADCAST, "b_most").c.id),
).subquery("picked")
READ: tuple[Any, ...] = tuple(message.c[name] for name in Due._fields if name != "lease")
"""The columns of a message that `due_of` wants, in its order."""
_RANKS = tuple(Rank)
_STATES = {state.value: state for state in MessageState}
_DUE = (
    select(*READ)
    .select_from(_picked.join(message, message.c.id == _picked.c.id))
    .order_by(message.c.rank.desc(), message.c.due_at, message.c.id)
)
_CLAIM = (
    update(message)
    .where(message.c.id.in_(_ids), message.c.due_at <= bindparam("b_now"), _free)
    .values(lease=bindparam("b_lease"), leased_until=bindparam("b_until"), attempts=message.c.attempts + 1)
)
_IS_OURS = select(message.c.id).where(message.c.id == bindparam("b_id"), message.c.lease == bindparam("b_lease"))
_GIVE_BACK = (
    update(message)
    .where(message.c.id == bindparam("b_id"), message.c.lease == bindparam("b_lease"))
    .values(leased_until=None, attempts=message.c.attempts - 1)
)
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
_NOTING = (
    update(message)
    .where(message.c.lease == bindparam("b_lease"))
    .values(
        state=bindparam("b_state"),
        due_at=bindparam("b_due"),
        leased_until=None,
        attempts=message.c.attempts - bindparam("b_untried"),
        external_ref=bindparam("b_ref"),
        sent_at=func.coalesce(bindparam("b_sent", type_=Instant), message.c.sent_at),
        sent_by=func.coalesce(bindparam("b_by"), message.c.sent_by),
        why=bindparam("b_why"),
        channel=func.coalesce(bindparam("b_channel"), message.c.channel),
        account=func.coalesce(bindparam("b_account"), message.c.account),
    )
)
_NOTE = _NOTING.where(message.c.id == bindparam("b_id"))
_NOTE_ALIKE = _NOTING.where(message.c.id.in_(_ids))
_PUSH_BACK = (
    update(message)
    .where(
        message.c.person_id == bindparam("b_person"),
        message.c.due_at < bindparam("b_until"),
        message.c.id != bindparam("b_id"),
        message.c.rank <= bindparam("b_rank"),
        _free,
    )
    .values(due_at=bindparam("b_until"))
)
_RELEASE = update(message).where(message.c.due_at.is_not(None)).values(leased_until=None)


def claim(tx: Tx, *, now: datetime, real_now: datetime, most: int, most_urgent: int | None = None) -> tuple[Due, ...]:
    """Claim what is due, urgent first, under one lease of a minute: up to `most`, and `most_urgent` of the urgent.

    At most 64 in all. Two statements whatever the portion; where nothing is due, one.
    """
    urgent = most if most_urgent is None else most_urgent
    rows = tx.all(_DUE, {"b_now": now, "b_real": real_now, "b_most": most, "b_urgent": urgent})[:_PORTION]
    if not rows:
        return ()
    lease = new_id()
    params = _listed(sorted(row.id for row in rows))
    until = {"b_now": now, "b_real": real_now, "b_lease": lease, "b_until": real_now + SENDER_LEASE}
    claimed = tuple(due_of(row, lease) for row in rows)
    if tx.execute(_CLAIM, params | until) < len(rows):
        return _kept(tx, claimed)
    return claimed


def _listed(ids: Sequence[int]) -> dict[str, int]:
    """Return the parameters of a list of at most 64 ids, filled up with 0, which is nobody's."""
    return dict(zip(_PLACES, chain(ids, repeat(0)), strict=False))


def _kept(tx: Tx, claimed: Sequence[Due]) -> tuple[Due, ...]:
    """Return what is ours of a portion of which another process has got some; all of such a person's go back.

    The other one has an earlier word of that person in its hands: ours would overtake it.
    """
    ours = {due.id for due in claimed if tx.first(_IS_OURS, {"b_id": due.id, "b_lease": due.lease}) is not None}
    elsewhere = {due.person_id for due in claimed if due.id not in ours}
    kept = []
    for due in claimed:
        if due.id not in ours:
            continue
        if due.person_id in elsewhere:
            tx.execute(_GIVE_BACK, {"b_id": due.id, "b_lease": due.lease})
        else:
            kept.append(due)
    return tuple(kept)


def release_all(tx: Tx) -> int:
    """Free every lease: for the one process of an embedded database, when it starts after another's sudden end."""
    return tx.execute(_RELEASE)


def freeze(
    tx: Tx, due: Due, *, body_sealed: bytes, channel: str | None, account: str | None, first_number: int | None
) -> None:
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


class Outcome(NamedTuple):
    """What became of a claimed message: `by` is the way it went, `channel` and `account` where it was tried last."""

    message_id: int
    lease: int
    state: MessageState
    again_at: datetime | None = None
    ref: str | None = None
    tried: bool = True
    by: str | None = None
    why: str | None = None
    channel: str | None = None
    account: str | None = None


_FATE = itemgetter(slice(1, None))
"""All of an outcome but whose it is."""


def note_all(tx: Tx, outcomes: Sequence[Outcome], *, now: datetime) -> None:
    """Note what became of claimed messages in one go; what has passed to another lease since stays as it is.

    Neighbours that met one fate take one statement: a portion that was dropped, or told where nothing gives numbers.
    """
    alone = []
    for _, alike in groupby(outcomes, key=_FATE):
        first, *others = alike
        if not others:
            alone.append(_noted(first, now))
            continue
        ids = [first.message_id, *(one.message_id for one in others)]
        for at in range(0, len(ids), _PORTION):
            tx.execute(_NOTE_ALIKE, _noted(first, now) | _listed(ids[at : at + _PORTION]))
    tx.execute_many(_NOTE, alone)


def note_one(tx: Tx, outcome: Outcome, *, now: datetime) -> bool:
    """Note what became of a claimed message; False when the lease has passed to another since."""
    return tx.execute(_NOTE, _noted(outcome, now)) == 1


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
    return note_one(tx, Outcome(message_id, lease, state, again_at, ref, tried), now=now)


def push_back(tx: Tx, person_id: int, *, behind: int, rank: Rank, until: datetime, real_now: datetime) -> int:
    """Let what a person has coming, no more pressing than message `behind`, wait as long as that; how many there were.

    So the order of a chat is kept when the platform puts one of its messages off.
    """
    return tx.execute(
        _PUSH_BACK, {"b_person": person_id, "b_id": behind, "b_rank": rank, "b_until": until, "b_real": real_now}
    )


def _noted(outcome: Outcome, now: datetime) -> dict[str, Any]:
    return {
        "b_id": outcome.message_id,
        "b_lease": outcome.lease,
        "b_state": outcome.state,
        "b_due": outcome.again_at,
        "b_untried": 0 if outcome.tried else 1,
        "b_ref": outcome.ref,
        "b_sent": now if outcome.state is MessageState.SENT or outcome.by == BY_PHONE else None,
        "b_by": outcome.by,
        "b_why": None if outcome.why is None else outcome.why[:_LONGEST_WHY],
        "b_channel": outcome.channel,
        "b_account": outcome.account,
    }


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
    due_at: datetime | None = None,
) -> None:
    """Write a turn's own answers (id, kind, template, sealed body), leased to the door that carried the words in.

    They are due now, or at `due_at` where something said before is not told sooner.
    """
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
            "dedupe_key": answer_key(message_id),
            "due_at": due_at or now,
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
            "why": None,
            "trace": tx.trace,
        }
        for message_id, kind, template, sealed in bodies
    ]
    if len(rows) == 1:
        tx.execute(INSERT, rows[0])
    else:
        tx.execute_many(INSERT, rows)


def open_body(key: Key, sealed: bytes) -> bytes:
    """Open a frozen body with its person's key."""
    return key.open(sealed, BODY_PURPOSE)


def due_of(row: Any, lease: int) -> Due:
    """Return the message of a row read by `READ` that was just claimed under this lease."""
    (
        message_id, person_id, kind, template, facts, body_sealed, order_id, order_version, rank, due_at, expires_at,
        state, attempts, channel, account, first_number, sent_by, trace,
    ) = row  # fmt: skip
    return Due(
        message_id, person_id, kind, template, facts, body_sealed, order_id, order_version, _RANKS[rank], due_at,
        expires_at, _STATES[state], attempts + 1, channel, account, first_number, sent_by, trace, lease,
    )  # fmt: skip
