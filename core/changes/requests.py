"""Change requests as rows: what was asked, whose yes it needs, what came of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, bindparam, or_, select, update

from core.changes.states import EDGES, ChangeEvent, ChangeState
from core.changes.tables import change_consent, change_request
from core.db import Row, Tx, insert_into
from core.errors import BookingError, NotFound
from core.orders.moves import Actor, ActorKind
from core.orders.reasons import RefusalReason


class ChangeTooLate(BookingError):
    """So little time is left before the visit that nobody could be given any to answer."""

    code = "change_too_late"


class ChangePending(BookingError):
    """There is an open request about this order already (`change_id`)."""

    code = "change_pending"


class ChangeGone(BookingError):
    """The request is decided already, or cannot be any more; fact `state` says how."""

    code = "change_gone"


@dataclass(frozen=True, slots=True)
class Change:
    """One request: the visit stays as it is until the last yes; `companion_id` where two come together."""

    id: int
    order_id: int
    order_version: int
    asked_by: ActorKind
    asker_id: int
    technician_id: int
    companion_id: int | None
    anyone: bool
    from_at: datetime
    starts_at: datetime
    ends_at: datetime
    state: ChangeState
    reason: RefusalReason | None
    expires_at: datetime
    nudged_at: datetime | None
    due_at: datetime | None
    created_at: datetime
    decided_at: datetime | None

    @property
    def asker(self) -> Actor:
        """Who asked."""
        return Actor(self.asked_by, self.asker_id)

    @property
    def crew_ids(self) -> tuple[int, ...]:
        """Everybody who would come, the one who leads first."""
        return (self.technician_id,) if self.companion_id is None else (self.technician_id, self.companion_id)


@dataclass(frozen=True, slots=True)
class Consent:
    """Somebody whose yes a request needs; `answer` None: not given yet."""

    party: Actor
    answer: str | None
    reason: RefusalReason | None = None


AGREED, REFUSED = "agreed", "refused"
_C = change_request.c
_COLUMNS = tuple(_C[field.name] for field in fields(Change))
_BY_ID = select(*_COLUMNS).where(_C.id == bindparam("b_id"))
_OPEN = select(*_COLUMNS).where(_C.open_order_id == bindparam("b_order"))
_AT_A_TIME = 8
_OPEN_OF = select(*_COLUMNS).where(_C.open_order_id.in_([bindparam(f"b_{place}") for place in range(_AT_A_TIME)]))
_TO_COME = (
    select(*_COLUMNS)
    .where(
        _C.due_at.is_not(None),  # few, and found by their index: all that are open have one
        _C.state == ChangeState.OPEN.value,
        or_(_C.technician_id == bindparam("b_technician"), _C.companion_id == bindparam("b_technician")),
    )
    .order_by(_C.due_at, _C.id)
    .limit(_AT_A_TIME)
)
_OF_ORDER = select(*_COLUMNS).where(_C.order_id == bindparam("b_order")).order_by(_C.id)
_DUE = (
    select(_C.id)
    .where(_C.due_at <= bindparam("b_now"))
    .order_by(_C.due_at, _C.id)
    .limit(bindparam("b_most", type_=Integer))
)
_ADD = insert_into(change_request)
_ADD_CONSENT = insert_into(change_consent)
_END = (
    update(change_request)
    .where(_C.id == bindparam("b_id"), _C.state == ChangeState.OPEN.value)
    .values(state=bindparam("new_state"), open_order_id=None, due_at=None, decided_at=bindparam("new_decided_at"))
)
_PUT_OFF = (
    update(change_request)
    .where(_C.id == bindparam("b_id"), _C.state == ChangeState.OPEN.value, _C.due_at <= bindparam("b_now"))
    .values(due_at=bindparam("new_due_at"), nudged_at=bindparam("new_nudged_at"))
)
_CONSENTS = (
    select(change_consent.c.kind, change_consent.c.party_id, change_consent.c.answer, change_consent.c.reason)
    .where(change_consent.c.change_id == bindparam("b_change"))
    .order_by(change_consent.c.kind, change_consent.c.party_id)
)
_ANSWER = (
    update(change_consent)
    .where(
        change_consent.c.change_id == bindparam("b_change"),
        change_consent.c.kind == bindparam("b_kind"),
        change_consent.c.party_id == bindparam("b_party"),
        change_consent.c.answer.is_(None),
    )
    .values(
        answer=bindparam("new_answer"),
        reason=bindparam("new_reason"),
        words_sealed=bindparam("new_sealed"),
        answered_at=bindparam("new_answered_at"),
    )
)


def change_of(tx: Tx, change_id: int) -> Change:
    """Return a request, whatever its state; raises NotFound."""
    row = tx.first(_BY_ID, {"b_id": change_id})
    if row is None:
        raise NotFound(kind="change")
    return _change(row)


def open_change(tx: Tx, order_id: int) -> Change | None:
    """Return the one request about an order that waits for a yes; None when there is none."""
    row = tx.first(_OPEN, {"b_order": order_id})
    return None if row is None else _change(row)


def open_changes(tx: Tx, order_ids: Iterable[int]) -> Mapping[int, Change]:
    """Return the open requests of these orders by order: one read for up to eight."""
    ids, found = list(dict.fromkeys(order_ids)), dict[int, Change]()
    for first in range(0, len(ids), _AT_A_TIME):
        some = ids[first : first + _AT_A_TIME]
        params = {f"b_{place}": some[min(place, len(some) - 1)] for place in range(_AT_A_TIME)}
        found |= {row.order_id: _change(row) for row in tx.all(_OPEN_OF, params)}
    return found


def changes_of(tx: Tx, order_id: int) -> tuple[Change, ...]:
    """Return every request there was about an order, the oldest first."""
    return tuple(_change(row) for row in tx.all(_OF_ORDER, {"b_order": order_id}))


def add(tx: Tx, change: Change, parties: Iterable[Actor], *, words_sealed: bytes | None) -> None:
    """Write an open request and whose yes it needs; raises ChangePending when the order has one already."""
    row = {field.name: getattr(change, field.name) for field in fields(Change)}
    row |= {"open_order_id": change.order_id, "anyone": int(change.anyone), "words_sealed": words_sealed}
    if not tx.insert_if_new(_ADD, row):
        pending = open_change(tx, change.order_id)
        raise ChangePending(order_id=change.order_id, change_id=None if pending is None else pending.id)
    blank = {"answer": None, "reason": None, "words_sealed": None, "answered_at": None}
    tx.execute_many(
        _ADD_CONSENT,
        [{"change_id": change.id, "kind": one.kind, "party_id": one.id, **blank} for one in parties],
    )


def end(tx: Tx, change: Change, event: ChangeEvent, now: datetime) -> Change:
    """Take a request along its edge; raises ChangeGone when it is decided already: one of all who try is first."""
    target = EDGES.get((change.state, event))
    params = {"b_id": change.id, "new_state": target, "new_decided_at": now}
    if target is None or tx.execute(_END, params) != 1:
        raise ChangeGone(change_id=change.id, state=change_of(tx, change.id).state)
    return replace(change, state=target, due_at=None, decided_at=now)


def open_to_come(tx: Tx, technician_id: int) -> tuple[Change, ...]:
    """Return the open requests by which this technician would come, whoever has the visit now; at most eight."""
    return tuple(_change(row) for row in tx.all(_TO_COME, {"b_technician": technician_id}))


def consents(tx: Tx, change_id: int) -> tuple[Consent, ...]:
    """Return whose yes a request needs, and what they have said."""
    rows = tx.all(_CONSENTS, {"b_change": change_id})
    return tuple(
        Consent(
            Actor(ActorKind(row.kind), row.party_id),
            row.answer,
            None if row.reason is None else RefusalReason(row.reason),
        )
        for row in rows
    )


def answer(
    tx: Tx,
    change_id: int,
    party: Actor,
    said: str,
    *,
    now: datetime,
    reason: RefusalReason | None = None,
    words_sealed: bytes | None = None,
) -> bool:
    """Note what somebody said; False when they have answered before."""
    params = {
        "b_change": change_id,
        "b_kind": party.kind,
        "b_party": party.id,
        "new_answer": said,
        "new_reason": reason,
        "new_sealed": words_sealed,
        "new_answered_at": now,
    }
    return tx.execute(_ANSWER, params) == 1


def due(tx: Tx, now: datetime, most: int) -> list[int]:
    """Return the requests that something is to be done about, the longest due first."""
    return [row.id for row in tx.all(_DUE, {"b_now": now, "b_most": most})]


def put_off(tx: Tx, change: Change, now: datetime, *, due_at: datetime, nudged_at: datetime | None) -> bool:
    """Look at an open request again later; False when somebody was quicker."""
    params = {"b_id": change.id, "b_now": now, "new_due_at": due_at, "new_nudged_at": nudged_at}
    return tx.execute(_PUT_OFF, params) == 1


def _change(row: Row) -> Change:
    facts: dict[str, Any] = row._asdict()
    facts["asked_by"] = ActorKind(facts["asked_by"])
    facts["anyone"] = bool(facts["anyone"])
    facts["state"] = ChangeState(facts["state"])
    facts["reason"] = None if facts["reason"] is None else RefusalReason(facts["reason"])
    return Change(**facts)
