"""Running migrations with Alembic on a plain engine of its own."""

from pathlib import Path
from typing import Any, Final

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from core.db.servers import is_local

_DRIVERS: Final = {"mysql": "mysql+pymysql", "mariadb": "mysql+pymysql", "postgresql": "postgresql+psycopg"}


def engine_for(url: str) -> Engine:
    """Return an engine for schema work on a database of ours; the caller disposes of it."""
    parsed: URL = make_url(url)
    arguments: dict[str, Any] = {}
    if parsed.drivername in _DRIVERS:
        parsed = parsed.set(drivername=_DRIVERS[parsed.drivername])
    if parsed.get_backend_name() in ("mysql", "mariadb") and is_local(parsed):
        arguments["ssl_disabled"] = True
    engine = create_engine(parsed, poolclass=NullPool, connect_args=arguments)
    if parsed.get_backend_name() == "sqlite":
        event.listen(engine, "connect", _begin_ourselves)
        event.listen(engine, "begin", _begin_immediate)
    return engine


class NoDatabase(Exception):
    """There is none at this address, or it lets nobody in; the message is the kind of what the driver said."""


def upgrade(url: str, to: str = "head") -> None:
    """Bring the database to a version, the newest by default; safe to run again, and beside another upgrade.

    Raises NoDatabase, before anything is changed.
    """
    try:
        engine = engine_for(url)
    except (SQLAlchemyError, ImportError) as error:
        raise NoDatabase(type(error).__name__) from error
    try:
        with _connected(engine) as connection, connection.begin():
            _take_turns(connection)
            config = configuration()
            config.attributes["connection"] = connection
            command.upgrade(config, to)
    finally:
        engine.dispose()


def _connected(engine: Engine) -> Connection:
    try:
        return engine.connect()
    except SQLAlchemyError as error:
        raise NoDatabase(type(error).__name__) from error


def current(url: str) -> str | None:
    """Return the version of the schema of a database, None when it is empty."""
    engine = engine_for(url)
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()


def configuration() -> Config:
    """Return Alembic's configuration of this folder."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return config


def _take_turns(connection: Connection) -> None:
    """Let two who upgrade at once do so one after the other (SQLite: BEGIN IMMEDIATE has done it)."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7366466)")
    elif connection.dialect.name in ("mysql", "mariadb"):
        connection.exec_driver_sql("SELECT GET_LOCK('menling.migrate', 60)")  # given back with the connection


def _begin_ourselves(connection: Any, record: Any) -> None:
    connection.isolation_level = None


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
