"""Audit lines of operator and security acts, sealed into a keyed hash chain so that a changed line shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Integer, bindparam, select, update

from core.audit.tables import audit_line as table
from core.db import Row, Tx, insert_into
from core.ids import new_id
from core.settings import bump

_PORTION = 500
_NOTHING: Mapping[str, Any] = {}

_INSERT = insert_into(table)
_MOST = bindparam("b_most", type_=Integer)
_NEWEST = select(table).where(table.c.id < bindparam("b_before")).order_by(table.c.id.desc()).limit(_MOST)
_OF_SUBJECT = _NEWEST.where(table.c.subject_kind == bindparam("b_kind"), table.c.subject_id == bindparam("b_subject"))
_UNSEALED = select(table).where(table.c.seal_seq.is_(None)).order_by(table.c.id).limit(_MOST)
_LAST_SEAL = (
    select(table.c.seal_seq, table.c.seal)
    .where(table.c.seal_seq.is_not(None))
    .order_by(table.c.seal_seq.desc())
    .limit(1)
)
_SEAL = (
    update(table)
    .where(table.c.id == bindparam("b_id"))
    .values(seal_seq=bindparam("new_seq"), seal=bindparam("new_seal"))
)
_SEALED_AFTER = select(table).where(table.c.seal_seq > bindparam("b_after")).order_by(table.c.seal_seq).limit(_MOST)

_FIRST_LINK = b""
_NO_LIMIT = (1 << 63) - 1


@dataclass(frozen=True, slots=True)
class AuditLine:
    """Who did what to which thing; `facts` are ids and figures."""

    id: int
    action: str
    actor_id: int | None
    subject_kind: str
    subject_id: int | None
    facts: Mapping[str, Any]
    at: datetime
    sealed: bool


def note(
    tx: Tx,
    action: str,
    *,
    actor_id: int | None,
    subject_kind: str,
    subject_id: int | None,
    now: datetime,
    facts: Mapping[str, Any] = _NOTHING,
) -> int:
    """Write one line (dotted action) in the transaction of the act itself and return its id."""
    line_id = new_id()
    tx.execute(
        _INSERT,
        {
            "id": line_id, "action": action, "actor_id": actor_id, "subject_kind": subject_kind,
            "subject_id": subject_id, "facts": dict(facts), "at": now, "seal_seq": None, "seal": None,
        },
    )  # fmt: skip
    return line_id


def lines(
    tx: Tx,
    *,
    subject_kind: str | None = None,
    subject_id: int | None = None,
    before_id: int | None = None,
    most: int = 100,
) -> tuple[AuditLine, ...]:
    """Return lines, newest first, of everything or of one subject; `before_id` continues a page."""
    params: dict[str, Any] = {"b_before": before_id or _NO_LIMIT, "b_most": most}
    if subject_kind is None:
        rows = tx.all(_NEWEST, params)
    else:
        rows = tx.all(_OF_SUBJECT, params | {"b_kind": subject_kind, "b_subject": subject_id})
    return tuple(
        AuditLine(r.id, r.action, r.actor_id, r.subject_kind, r.subject_id, r.facts, r.at, r.seal_seq is not None)
        for r in rows
    )


def seal_pending(tx: Tx, now: datetime, *, most: int = _PORTION) -> int:
    """Chain up to `most` unsealed lines to those sealed before and return how many; each seal covers the one before."""
    bump(tx, "audit.seal")  # one sealer at a time, until the commit
    last = tx.first(_LAST_SEAL)
    seq, seal = (0, _FIRST_LINK) if last is None else (int(last.seal_seq), bytes(last.seal))
    rows = tx.all(_UNSEALED, {"b_most": most})
    for row in rows:
        seq, seal = seq + 1, _link(tx, seal, row)
        tx.execute(_SEAL, {"b_id": row.id, "new_seq": seq, "new_seal": seal})
    return len(rows)


def verify_chain(tx: Tx) -> int | None:
    """Return the id of the first sealed line that is not as it was, or that follows a missing one; None: all well."""
    seq, seal = 0, _FIRST_LINK
    while rows := tx.all(_SEALED_AFTER, {"b_after": seq, "b_most": _PORTION}):
        for row in rows:
            expected = _link(tx, seal, row)
            if row.seal_seq != seq + 1 or bytes(row.seal) != expected:
                return int(row.id)
            seq, seal = seq + 1, expected
    return None


def _link(tx: Tx, before: bytes, row: Row) -> bytes:
    """The seal of a line: a keyed hash over the seal before and every word of the line."""
    said = (row.id, row.action, row.actor_id, row.subject_kind, row.subject_id, row.facts, row.at)
    words = msgspec.json.encode(said, order="deterministic").decode()
    return tx.vault.lookup("audit.seal", f"{before.hex()}:{words}")
