"""The database: units of work, one style of statement, the same promises on SQLite, MariaDB and PostgreSQL."""

from sqlalchemy import make_url

from core.crypto import Vault
from core.db.collecting import uncollected
from core.db.errors import (
    CandidateLost,
    ConstraintViolation,
    DatabaseBusy,
    DatabaseError,
    Retryable,
    UniqueViolation,
)
from core.db.schema import Id, Instant, Json, LocalDate, Sealed, id_column, metadata, state_column, table
from core.db.sqlite import SqliteDatabase
from core.db.statements import Row, insert_into
from core.db.tx import Tx
from core.db.units import Database, PassedOver, Unit

__all__ = [
    "CandidateLost",
    "ConstraintViolation",
    "Database",
    "DatabaseBusy",
    "DatabaseError",
    "Id",
    "Instant",
    "Json",
    "LocalDate",
    "PassedOver",
    "Retryable",
    "Row",
    "Sealed",
    "Tx",
    "UniqueViolation",
    "Unit",
    "id_column",
    "insert_into",
    "metadata",
    "open_database",
    "state_column",
    "table",
    "uncollected",
]


def open_database(url: str, vault: Vault) -> Database:
    """Open a database by URL: sqlite:///file, mysql://... or postgresql://...; ValueError for anything else."""
    parsed = make_url(url)
    backend = parsed.get_backend_name()
    if backend == "sqlite":
        if not parsed.database:
            raise ValueError("a SQLite database needs a file")
        return SqliteDatabase(parsed.database, vault)
    if backend not in ("mysql", "mariadb", "postgresql"):
        raise ValueError(f"no support for {backend}: use SQLite, MariaDB/MySQL or PostgreSQL")
    from core.db.servers import MariaDriver, PostgresDriver, ServerDatabase  # noqa: PLC0415  drivers load slowly

    if backend in ("mysql", "mariadb"):
        return ServerDatabase(MariaDriver(parsed), vault)
    return ServerDatabase(PostgresDriver(parsed), vault)
