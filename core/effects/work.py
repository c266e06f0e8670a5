"""Effects and their life: waiting, leased to a worker, done, or stuck where operators see it.

Due times and leases are real time: a moved business clock must neither hurry nor delay a provider.
"""

import hashlib
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam, or_, select, update

from core.db import Row, Tx, insert_into
from core.effects.tables import effect
from core.errors import NotFound, StateConflict
from core.ids import new_id

LEASE = timedelta(seconds=60)
MOST_TRIES = 8
AT_ONCE = datetime(2025, 1, 1, tzinfo=UTC)
"""The due time of what need not wait: past on every clock, so a moved or skewed one cannot delay it."""
_FIRST_PAUSE = timedelta(seconds=5)
_REST = timedelta(seconds=5)
"""So long after an answer of "not yet" it is not asked for again, whoever is in a hurry."""


class EffectKind(StrEnum):
    """What a worker can be asked to do in the outside world."""

    REFUND = "refund"
    SMS = "sms"
    FILE_FETCH = "file.fetch"
    PROVIDER_QUERY = "provider.query"
    BILL = "bill"


_PERSONAL = frozenset({EffectKind.SMS, EffectKind.FILE_FETCH})
"""Their facts are of use to nobody once they are over, and personal: a phone and a code, the address of a picture."""


class EffectState(StrEnum):
    """Where an effect stands; stuck means that a person must look."""

    WAITING = "waiting"
    DONE = "done"
    STUCK = "stuck"


@dataclass(frozen=True, slots=True)
class Effect:
    """One piece of outside work; `number` is ours and the same at every try, `lease` proves the claim."""

    id: int
    kind: EffectKind
    number: str
    facts: Mapping[str, Any]
    state: EffectState
    attempts: int
    lease: int | None
    why: str | None = None
    """What the last try came to, where it was not done."""
    trace: str | None = None
    """The number under which the log knows what wanted it."""


_INSERT = insert_into(effect)
_COLUMNS = (
    effect.c.id,
    effect.c.kind,
    effect.c.number,
    effect.c.facts,
    effect.c.state,
    effect.c.attempts,
    effect.c.lease,
    effect.c.last_error,
    effect.c.trace,
)
_DUE = (
    select(*_COLUMNS)
    .where(
        effect.c.kind == bindparam("kind"),
        effect.c.due_at <= bindparam("real_now"),
        or_(effect.c.leased_until.is_(None), effect.c.leased_until <= bindparam("real_now")),
    )
    .order_by(effect.c.due_at, effect.c.id)
    .limit(bindparam("most"))
)
_RELEASE = update(effect).where(effect.c.due_at.is_not(None)).values(leased_until=None)
_CLAIM = (
    update(effect)
    .where(
        effect.c.id == bindparam("b_id"),
        effect.c.due_at <= bindparam("b_now"),
        or_(effect.c.leased_until.is_(None), effect.c.leased_until <= bindparam("b_now")),
    )
    .values(leased_until=bindparam("b_until"), lease=bindparam("b_lease"), attempts=effect.c.attempts + 1)
)
_SETTLE = (
    update(effect)
    .where(effect.c.id == bindparam("b_id"), effect.c.lease == bindparam("b_lease"))
    .values(
        state=bindparam("b_state"),
        due_at=bindparam("b_due"),
        done_at=bindparam("b_done"),
        last_error=bindparam("b_error"),
        attempts=bindparam("b_attempts"),
        leased_until=bindparam("b_rests"),
        lease=None,
    )
)
_HASTEN = (
    update(effect)
    .where(
        effect.c.kind == bindparam("b_kind"),
        effect.c.number == bindparam("b_number"),
        effect.c.due_at > bindparam("b_at_once"),  # once is enough: the page is loaded by whoever has its link
        effect.c.attempts == 0,  # one that fails keeps its pauses: hurried, its tries would be used up in seconds
    )
    .values(due_at=AT_ONCE)
)
_BY_ID = select(*_COLUMNS).where(effect.c.id == bindparam("b_id"))
_RETRY = (
    update(effect)
    .where(effect.c.id == bindparam("b_id"), effect.c.state == EffectState.STUCK.value)
    .values(state=EffectState.WAITING.value, due_at=bindparam("b_due"), attempts=0, leased_until=None, lease=None)
)
_DONE_BY_HAND = (
    update(effect)
    .where(effect.c.id == bindparam("b_id"), effect.c.state == EffectState.STUCK.value)
    .values(state=EffectState.DONE.value, done_at=bindparam("b_done"), due_at=None, leased_until=None, lease=None)
)
_DONE_TOO = (
    update(effect)
    .where(
        effect.c.kind == bindparam("b_kind"),
        effect.c.number == bindparam("b_number"),
        effect.c.state == EffectState.WAITING.value,
        effect.c.lease.is_(None),
        or_(effect.c.attempts > 0, effect.c.leased_until.is_not(None)),  # one not tried yet has its own words before it
    )
    .values(state=EffectState.DONE.value, done_at=bindparam("b_done"), due_at=None, leased_until=None)
)
_FORGET = update(effect).where(effect.c.id == bindparam("b_id")).values(facts=bindparam("b_facts"))
_BY_NUMBER = select(*_COLUMNS).where(effect.c.kind == bindparam("kind"), effect.c.number == bindparam("number"))
_STUCK = select(*_COLUMNS).where(effect.c.state == EffectState.STUCK.value).order_by(effect.c.id)


def want(
    tx: Tx,
    kind: EffectKind,
    *,
    key: str,
    number: str,
    facts: Mapping[str, Any],
    now_real: datetime,
    after: timedelta = timedelta(0),
) -> int | None:
    """Ask for an effect once per key, due at once or `after` a while; its id, or None when it was asked for before.

    An effect due at once is so whatever clock `now_real` came from; one that waits needs the real time.
    """
    effect_id = new_id()
    row = {
        "id": effect_id,
        "kind": kind.value,
        "unique_key": hashlib.sha256(f"{kind}:{key}".encode()).digest(),
        "number": number,
        "facts": dict(facts),
        "state": EffectState.WAITING.value,
        "due_at": now_real + after if after else AT_ONCE,
        "leased_until": None,
        "lease": None,
        "attempts": 0,
        "last_error": None,
        "trace": tx.trace,
        "created_at": now_real,
        "done_at": None,
    }
    return effect_id if tx.insert_if_new(_INSERT, row) else None


def hasten(tx: Tx, kind: EffectKind, number: str) -> bool:
    """Make an effect that waits for its time due at once; False when it is already, over, under way or just failed.

    One that has just been answered "not yet" rests for some seconds all the same.
    """
    return tx.execute(_HASTEN, {"b_kind": kind.value, "b_number": number, "b_at_once": AT_ONCE}) > 0


def claim_due(
    tx: Tx, *, kinds: Collection[EffectKind], real_now: datetime, most: int, lease: timedelta = LEASE
) -> tuple[Effect, ...]:
    """Claim at most `most` due effects of these kinds for this worker; nobody else gets them while the lease runs."""
    claimed: list[Effect] = []
    for kind in kinds:  # each kind by itself: a heap of one must not hide the others
        for row in tx.all(_DUE, {"kind": kind.value, "real_now": real_now, "most": most - len(claimed)}):
            token = secrets.randbits(62)
            claim = {"b_id": row.id, "b_now": real_now, "b_until": real_now + lease, "b_lease": token}
            if tx.execute(_CLAIM, claim):
                claimed.append(_effect(row, attempts=row.attempts + 1, lease=token))
    return tuple(claimed)


def release_all(tx: Tx) -> int:
    """Free every lease: for the one process of an embedded database, when it starts after another's sudden end."""
    return tx.execute(_RELEASE)


def done(tx: Tx, performed: Effect, *, now: datetime) -> bool:
    """Mark a claimed effect done; False when the lease was lost meanwhile and somebody else settles it."""
    return _settle(tx, performed, EffectState.DONE, due_at=None, done_at=now, error=None)


def done_too(tx: Tx, performed: Effect, *, now: datetime) -> int:
    """Mark done what else was tried of this kind under this number, and waits for another try; how many there were."""
    return tx.execute(_DONE_TOO, {"b_kind": performed.kind.value, "b_number": performed.number, "b_done": now})


def failed(tx: Tx, performed: Effect, *, error: str, real_now: datetime, final: bool = False) -> bool:
    """Put a refused effect back for 5 s x 3^n later; after 8 tries or a `final` no it is stuck, for operators."""
    if final or performed.attempts >= MOST_TRIES:
        return _settle(tx, performed, EffectState.STUCK, due_at=None, done_at=None, error=error)
    pause = _FIRST_PAUSE * 3 ** (performed.attempts - 1)
    return _settle(tx, performed, EffectState.WAITING, due_at=real_now + pause, done_at=None, error=error)


def unknown(tx: Tx, performed: Effect, *, error: str, real_now: datetime) -> bool:
    """Put back an effect whose answer never came: it is tried again under the same number, never under a new one."""
    return failed(tx, performed, error=f"unknown: {error}", real_now=real_now)


def again(tx: Tx, performed: Effect, *, due_at: datetime, real_now: datetime) -> bool:
    """Put back an effect that was answered "not yet", for another look at `due_at`; that counts as no try.

    Hurried (`hasten`) it is looked at sooner, but not within 5 s: what is asked is somebody else's, and has its limits.
    """
    fresh = replace(performed, attempts=0)
    rests = real_now + _REST
    return _settle(tx, fresh, EffectState.WAITING, due_at=due_at, done_at=None, error=None, rests_until=rests)


def retry(tx: Tx, effect_id: int) -> Effect:
    """Put a stuck effect back for as many tries as at first, under its same number; it is due at once.

    Raises NotFound, and StateConflict when it is not stuck or its facts, being personal, have been forgotten.
    """
    row = tx.first(_BY_ID, {"b_id": effect_id})
    if row is None:
        raise NotFound(kind="effect")
    if EffectKind(row.kind) in _PERSONAL or not tx.execute(_RETRY, {"b_id": effect_id, "b_due": AT_ONCE}):
        raise StateConflict(kind="effect", state=row.state)
    return replace(_effect(row, attempts=0, lease=None), state=EffectState.WAITING)


def done_by_hand(tx: Tx, effect_id: int, *, now: datetime) -> Effect:
    """Settle a stuck effect that a person has done outside, once; NotFound, StateConflict when it is not stuck."""
    row = tx.first(_BY_ID, {"b_id": effect_id})
    if row is None:
        raise NotFound(kind="effect")
    if not tx.execute(_DONE_BY_HAND, {"b_id": effect_id, "b_done": now}):
        raise StateConflict(kind="effect", state=row.state)
    return replace(_effect(row, attempts=row.attempts, lease=None), state=EffectState.DONE)


def effect_of(tx: Tx, kind: EffectKind, number: str) -> Effect | None:
    """Return the effect of this kind with our number."""
    row = tx.first(_BY_NUMBER, {"kind": kind.value, "number": number})
    return None if row is None else _effect(row, attempts=row.attempts, lease=row.lease)


def stuck_effects(tx: Tx) -> tuple[Effect, ...]:
    """Return what no worker will try again, for operators."""
    return tuple(_effect(row, attempts=row.attempts, lease=row.lease) for row in tx.all(_STUCK))


def _settle(
    tx: Tx,
    performed: Effect,
    state: EffectState,
    *,
    due_at: datetime | None,
    done_at: datetime | None,
    error: str | None,
    rests_until: datetime | None = None,
) -> bool:
    params = {
        "b_id": performed.id,
        "b_lease": performed.lease,
        "b_state": state.value,
        "b_due": due_at,
        "b_done": done_at,
        "b_error": None if error is None else error[:200],
        "b_attempts": performed.attempts,
        "b_rests": rests_until,
    }
    settled = tx.execute(_SETTLE, params) == 1
    if settled and due_at is None and performed.kind in _PERSONAL:
        tx.execute(_FORGET, {"b_id": performed.id, "b_facts": {}})
    return settled


def _effect(row: Row, *, attempts: int, lease: int | None) -> Effect:
    return Effect(
        id=row.id,
        kind=EffectKind(row.kind),
        number=row.number,
        facts=row.facts,
        state=EffectState(row.state),
        attempts=attempts,
        lease=lease,
        why=row.last_error,
        trace=row.trace,
    )
