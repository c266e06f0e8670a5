"""Every table in an empty database, soon: the same as `metadata.create_all` makes, which is done once for each process.

A thousand tests each want a database of their own on a server; compiling and asking for a hundred and twenty statements
for each of them takes minutes.
"""

import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import event, make_url

from core.migrations.running import engine_for
from core.tables import metadata
from tests import servers

_Statement = tuple[str, Any]


def make_tables(url: str) -> None:
    """Make every table in the database at this URL, which is empty and opened by nobody else."""
    backend = make_url(url).get_backend_name()
    if backend == "sqlite":
        shutil.copyfile(_empty_file(), str(make_url(url).database))
    elif backend == "postgresql":
        servers.postgresql().make_like(url, _template())
    else:
        _say_again(url, _statements())


@cache
def _empty_file() -> Path:
    """A SQLite file with every table."""
    path = Path(tempfile.mkdtemp(dir=servers.own_servers(), prefix="empty-")) / "empty.db"
    _make_all(f"sqlite:///{path}")
    return path


@cache
def _template() -> str:
    """The URL of a PostgreSQL database with every table."""
    url = servers.postgresql().fresh_database()
    _make_all(url)
    return url


@cache
def _statements() -> tuple[_Statement, ...]:
    """What SQLAlchemy says to a MariaDB to make every table, triggers included."""
    server = servers.mariadb()
    url = server.fresh_database()
    said = _make_all(url)
    server.drop_database(url)
    return tuple(said)


def _make_all(url: str) -> list[_Statement]:
    said: list[_Statement] = []

    def hear(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        said.append((statement, parameters))

    engine = engine_for(url)
    event.listen(engine, "before_cursor_execute", hear)
    try:
        metadata.create_all(engine, checkfirst=False)
    finally:
        engine.dispose()
    return said


def _say_again(url: str, statements: tuple[_Statement, ...]) -> None:
    engine = engine_for(url)
    try:
        with engine.begin() as connection:
            cursor: Any = connection.connection.cursor()
            for statement, parameters in statements:
                cursor.execute(statement, parameters)
            cursor.close()
    finally:
        engine.dispose()
