"""Operators: who may use the admin API, in which role, and how often a login may be tried."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import bindparam, select, update

from core.audit.tables import login_try
from core.audit.tables import operator as table
from core.db import Row, Tx, insert_into
from core.errors import InvalidInput, NotFound, StateConflict
from core.ids import new_id

MOST_TRIES = 10
WINDOW = timedelta(minutes=15)


class Role(StrEnum):
    """What an operator may do."""

    ADMIN = "admin"
    AUDITOR = "auditor"
    FINANCE = "finance"


@dataclass(frozen=True, slots=True)
class Operator:
    """An admin user; a token is good only with the present `token_version`."""

    id: int
    login: str
    password_hash: str
    role: Role
    token_version: int
    created_at: datetime
    disabled_at: datetime | None


_INSERT = insert_into(table)
_BY_ID = select(table).where(table.c.id == bindparam("b_id"))
_BY_LOGIN = select(table).where(table.c.login == bindparam("b_login"))
_END_SESSIONS = update(table).where(table.c.id == bindparam("b_id")).values(token_version=table.c.token_version + 1)
_INSERT_TRY = insert_into(login_try)
_THIS_BUCKET = login_try.c.bucket == bindparam("b_bucket")
_START_AGAIN = (
    update(login_try)
    .where(_THIS_BUCKET, login_try.c.since_at <= bindparam("b_old"))
    .values(tries=1, since_at=bindparam("new_since_at"))
)
_TRY = update(login_try).where(_THIS_BUCKET).values(tries=login_try.c.tries + 1)
_TRIES = select(login_try.c.tries).where(_THIS_BUCKET)


def add_operator(tx: Tx, login: str, password_hash: str, role: Role, now: datetime) -> Operator:
    """Let somebody use the admin API; raises InvalidInput for an empty login, StateConflict when it is taken."""
    login = login.strip().lower()
    if not login or len(login) > 64:
        raise InvalidInput(field="login")
    made = Operator(new_id(), login, password_hash, Role(role), 1, now, None)
    row = {
        "id": made.id, "login": login, "password_hash": password_hash, "role": made.role, "token_version": 1,
        "created_at": now, "disabled_at": None,
    }  # fmt: skip
    if not tx.insert_if_new(_INSERT, row):
        raise StateConflict(kind="operator", login=login)
    return made


def operator_by_login(tx: Tx, login: str) -> Operator | None:
    """Return the operator of a login (case does not matter), disabled or not; None when there is none."""
    row = tx.first(_BY_LOGIN, {"b_login": login.strip().lower()})
    return None if row is None else _operator(row)


def operator(tx: Tx, operator_id: int) -> Operator:
    """Return an operator; raises NotFound."""
    row = tx.first(_BY_ID, {"b_id": operator_id})
    if row is None:
        raise NotFound(kind="operator")
    return _operator(row)


def end_sessions(tx: Tx, operator_id: int) -> None:
    """Make every token of the operator worthless; raises NotFound."""
    if not tx.execute(_END_SESSIONS, {"b_id": operator_id}):
        raise NotFound(kind="operator")


def count_login_try(tx: Tx, bucket: str, now: datetime) -> bool:
    """Count one try in a bucket (of login and address) and tell whether it is allowed: at most 10 in 15 minutes."""
    hashed = tx.vault.lookup("login", bucket)
    if tx.insert_if_new(_INSERT_TRY, {"bucket": hashed, "tries": 1, "since_at": now}):
        return True
    if tx.execute(_START_AGAIN, {"b_bucket": hashed, "b_old": now - WINDOW, "new_since_at": now}):
        return True
    tx.execute(_TRY, {"b_bucket": hashed})
    return int(tx.scalar(_TRIES, {"b_bucket": hashed})) <= MOST_TRIES


def _operator(row: Row) -> Operator:
    return Operator(
        id=row.id,
        login=row.login,
        password_hash=row.password_hash,
        role=Role(row.role),
        token_version=row.token_version,
        created_at=row.created_at,
        disabled_at=row.disabled_at,
    )
