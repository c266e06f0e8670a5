"""The database itself refuses to change or delete what the ledger has recorded.

The statements are attached to the tables, so creating the tables creates them; a migration runs `statements(dialect)`.
"""

from collections.abc import Callable
from typing import Final

from sqlalchemy import DDL, Table, event
from sqlalchemy.schema import ExecutableDDLElement

from core.money.tables import journal, posting

APPEND_ONLY: Final = (journal, posting)
_SENTENCE: Final = "the ledger is append-only: correct it with a reversing journal"
_VERBS: Final = ("UPDATE", "DELETE")


def statements(dialect: str, table: Table) -> tuple[str, ...]:
    """Return the statements that make a table append-only on sqlite, mysql, mariadb or postgresql."""
    if dialect == "sqlite":
        return tuple(
            f"CREATE TRIGGER {table.name}_no_{verb.lower()} BEFORE {verb} ON {table.name} "
            f"BEGIN SELECT RAISE(ABORT, '{_SENTENCE}'); END"
            for verb in _VERBS
        )
    if dialect in ("mysql", "mariadb"):
        return tuple(
            f"CREATE TRIGGER {table.name}_no_{verb.lower()} BEFORE {verb} ON {table.name} FOR EACH ROW "
            f"SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '{_SENTENCE}'"
            for verb in _VERBS
        )
    if dialect == "postgresql":
        function = (
            "CREATE OR REPLACE FUNCTION menling_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{_SENTENCE}' USING ERRCODE = '23001'; END $$"
        )
        trigger = (
            f"CREATE TRIGGER {table.name}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table.name} "
            "FOR EACH STATEMENT EXECUTE FUNCTION menling_append_only()"
        )
        return (function, trigger)
    raise ValueError(f"no append-only triggers for {dialect}")


def _ddl(statement: str) -> ExecutableDDLElement:
    make: Callable[[str], ExecutableDDLElement] = DDL  # untyped in SQLAlchemy
    return make(statement.replace("%", "%%"))


def attach() -> None:
    """Create the triggers whenever SQLAlchemy creates the tables."""
    for table in APPEND_ONLY:
        for dialect in ("sqlite", "mysql", "mariadb", "postgresql"):
            for statement in statements(dialect, table):
                event.listen(table, "after_create", _ddl(statement).execute_if(dialect=dialect))


attach()
