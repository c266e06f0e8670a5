"""The metadata every room's tables hang on, and the few column types they use.

Instants are whole microseconds since 1970 UTC in a BIGINT and local dates are day ordinals: the same bytes, order and
arithmetic on SQLite, MariaDB and PostgreSQL (docs/decisions/0003).
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import BigInteger, Column, Dialect, Integer, LargeBinary, MetaData, String, Table, Text
from sqlalchemy.dialects.mysql import BINARY, MEDIUMBLOB, MEDIUMTEXT
from sqlalchemy.types import TypeDecorator

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_micros(at: datetime) -> int:
    """Return whole microseconds since 1970 UTC; a naive datetime is refused."""
    if at.tzinfo is None:
        raise ValueError("an instant must be aware UTC")
    return (at - _EPOCH) // _MICROSECOND


def from_micros(micros: int) -> datetime:
    """Return the aware UTC datetime of whole microseconds since 1970."""
    return _EPOCH + timedelta(0, 0, micros)  # by place: named, it would cost a fifth more


def to_json(value: Any) -> str:
    """Return plain data as JSON text."""
    return msgspec.json.encode(value).decode()


from_json: Callable[[str], Any] = msgspec.json.decode
"""Return the plain data of a JSON text."""


class Instant(TypeDecorator[datetime]):
    """An aware UTC datetime kept as BIGINT microseconds."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else to_micros(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return None if value is None else from_micros(value)


class LocalDate(TypeDecorator[date]):
    """A calendar day without a zone, kept as its proleptic ordinal."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: Dialect) -> int | None:
        return None if value is None else value.toordinal()

    def process_result_value(self, value: Any, dialect: Dialect) -> date | None:
        return None if value is None else date.fromordinal(value)


class Json(TypeDecorator[Any]):
    """A small value kept as JSON text; what goes in must be plain data."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(MEDIUMTEXT() if dialect.name == "mysql" else Text())

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else to_json(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return None if value is None else from_json(value)


Id = BigInteger().with_variant(Integer, "sqlite")
"""Type of a 63-bit id; on SQLite a primary key of this type is the row id itself."""

Sealed = LargeBinary().with_variant(MEDIUMBLOB(), "mysql")
"""Type of bytes sealed with a person's key (core.crypto)."""

Digest = LargeBinary(32).with_variant(BINARY(32), "mysql")
"""Type of a 32-byte hash that a key or index stands on; a BLOB could carry none on MariaDB."""


def id_column(name: str = "id") -> Column[int]:
    """Return a primary-key column for ids made by `core.ids.new_id`."""
    return Column(name, Id, primary_key=True, autoincrement=False)


def state_column(name: str = "state") -> Column[str]:
    """Return a column for the value of a StrEnum."""
    return Column(name, String(24), nullable=False)


def table(name: str, *args: Any) -> Table:
    """Declare a table; MariaDB compares its text byte by byte, since openids and tokens are case-sensitive."""
    return Table(name, metadata, *args, mysql_charset="utf8mb4", mysql_collate="utf8mb4_bin", mysql_engine="InnoDB")
