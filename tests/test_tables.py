"""The tables that tests are given in haste are those that SQLAlchemy makes."""

import sqlalchemy
from sqlalchemy import Connection, make_url

from core.migrations.running import engine_for
from core.tables import metadata
from tests.tables import make_tables

_SAID = {
    "sqlite": "SELECT type, name, sql FROM sqlite_master",
    "mysql": "SELECT trigger_name, event_object_table, action_timing, event_manipulation, action_statement "
    "FROM information_schema.triggers WHERE trigger_schema = DATABASE()",
    "postgresql": "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal "
    "UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' "
    "UNION ALL SELECT conrelid::regclass || pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid <> 0 "
    "UNION ALL SELECT concat_ws(' ', table_name, column_name, data_type, is_nullable, column_default) "
    "FROM information_schema.columns WHERE table_schema = 'public'",
}


def test_tables_made_soon_are_the_same_tables(database_url: str) -> None:
    engine = engine_for(database_url)
    metadata.create_all(engine)
    with engine.begin() as connection:
        wanted = _drawn(connection, database_url)
        metadata.drop_all(connection)
    engine.dispose()

    make_tables(database_url)

    engine = engine_for(database_url)
    with engine.begin() as connection:
        made = _drawn(connection, database_url)
    engine.dispose()
    assert len(wanted) > len(metadata.tables) or database_url.startswith("mysql")
    assert made == wanted


def _drawn(connection: Connection, url: str) -> set[str]:
    """What the database itself says of its tables, indexes, constraints and triggers."""
    backend = make_url(url).get_backend_name()
    said = {str(tuple(row)) for row in connection.exec_driver_sql(_SAID[backend])}
    if backend != "mysql":
        return said
    tables = sqlalchemy.inspect(connection).get_table_names()
    return said | {str(connection.exec_driver_sql(f"SHOW CREATE TABLE `{name}`").one()) for name in tables}
