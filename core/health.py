"""What must hold of a database before a house is opened on it (reliability, rule 11)."""

from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import BigInteger, String, bindparam, cast, column, extract, func, literal_column, select, table

from core.db import DatabaseError, Retryable, Tx, insert_into
from core.settings.tables import setting

_MARK: Final = "house.key_mark"
_MARK_OF = select(setting.c.value).where(setting.c.name == bindparam("b_name"))
_KEEP_MARK = insert_into(setting)
_MICROS: Final = {
    "mysql": select(cast(func.unix_timestamp(literal_column("NOW(6)")) * 1_000_000, BigInteger).label("micros")),
    "postgresql": select(cast(extract("epoch", func.clock_timestamp()) * 1_000_000, BigInteger).label("micros")),
}
_TEXT_COLUMNS = (
    select(column("TABLE_NAME", String), column("COLUMN_NAME", String))
    .select_from(table("COLUMNS", schema="information_schema"))
    .where(
        column("TABLE_SCHEMA") == func.database(),
        column("COLLATION_NAME").is_not(None),
        column("COLLATION_NAME") != "utf8mb4_bin",
        column("TABLE_NAME") != "alembic_version",
    )
    .order_by(column("TABLE_NAME"), column("COLUMN_NAME"))
)


def clock_skew(tx: Tx) -> timedelta:
    """Return how far the database's clock is ahead of this machine's; an embedded database shares ours."""
    asked = _MICROS.get(tx.dialect)
    if asked is None:
        return timedelta()
    micros = int(tx.scalar(asked))
    return datetime.fromtimestamp(micros / 1_000_000, UTC) - datetime.now(UTC)


def case_blind_columns(tx: Tx) -> tuple[str, ...]:
    """Return the text columns that take "abc" for "ABC" or cannot hold every letter: openids and tokens would clash."""
    if tx.dialect != "mysql":
        return ()
    return tuple(f"{row[0]}.{row[1]}" for row in tx.all(_TEXT_COLUMNS))


def key_fits(tx: Tx, now: datetime) -> bool:
    """Tell whether the data here is sealed with the key in hand; the first to ask leaves the key's mark."""
    mark = tx.vault.token("house", "key mark")[:16]
    kept = tx.scalar(_MARK_OF, {"b_name": _MARK})
    if kept is None:
        tx.insert_if_new(_KEEP_MARK, {"name": _MARK, "value": mark, "changed_at": now})
        kept = tx.scalar(_MARK_OF, {"b_name": _MARK})
    return bool(kept == mark)


def answers(tx: Tx) -> bool:
    """Tell whether the database answers with our schema; raises only when it does not answer at all."""
    try:
        tx.scalar(_MARK_OF, {"b_name": _MARK})
    except Retryable:
        raise
    except DatabaseError:
        return False
    return True
