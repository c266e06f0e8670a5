"""Where a database stands, asked without loading the machinery that moves it: every start asks, few have to move."""

from typing import Final

from sqlalchemy import Select, String, column, select, table

from core.db import DatabaseError, Retryable, Tx

HEAD: Final = "0005_platforms"
"""The newest version; a test holds it equal to the newest file."""

_VERSION: Final[Select[str]] = select(column("version_num", String)).select_from(table("alembic_version"))


def version(tx: Tx) -> str | None:
    """Return the version of the schema, None when the database is empty."""
    try:
        found = tx.scalar(_VERSION)
    except Retryable:
        raise
    except DatabaseError:  # no such table
        return None
    return None if found is None else str(found)
