"""Drafting a version: what the tables say now, less what the versions so far make of an empty database."""

import re
import tempfile
from pathlib import Path
from typing import Any, Final, Literal

from alembic.autogenerate import compare_metadata, produce_migrations, render_python_code
from alembic.autogenerate.api import AutogenContext
from alembic.migration import MigrationContext
from alembic.operations.ops import CreateTableOp, OpContainer
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from core.db.schema import Digest, Id, Instant, Json, LocalDate, Sealed
from core.migrations.running import configuration, engine_for, upgrade
from core.tables import metadata

VERSIONS: Final = Path(__file__).parent / "versions"
_OPTIONS: Final = ("mysql_charset", "mysql_collate", "mysql_engine")
_WORDS: Final = (
    (Instant, "INSTANT"),
    (LocalDate, "DAY"),
    (Json, "JSON"),
    (Id, "ID"),
    (Sealed, "SEALED"),
    (Digest, "DIGEST"),
)
_SPELLINGS: Final = {
    ("postgresql", "FLOAT(53)"): "DOUBLE PRECISION",
    ("postgresql", "VARCHAR"): "TEXT",  # without a length the two are one
    ("mysql", "FLOAT(53)"): "DOUBLE",
    ("mysql", "INT"): "INTEGER",
    ("mysql", "BLOB"): "TINYBLOB",  # what BLOB(96) becomes there
}
_HEAD: Final = '''"""{words}."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql
{imports}
revision = {name!r}
down_revision = {before!r}

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.BigInteger()
JSON = sa.Text().with_variant(mysql.MEDIUMTEXT(), "mysql")
DAY = sa.Integer()
SEALED = sa.LargeBinary().with_variant(mysql.MEDIUMBLOB(), "mysql")
DIGEST = sa.LargeBinary(32).with_variant(sa.BINARY(32), "mysql")
BYTEWISE: dict[str, Any] = {{"mysql_charset": "utf8mb4", "mysql_collate": "utf8mb4_bin", "mysql_engine": "InnoDB"}}


def upgrade() -> None:  # noqa: PLR0915  one line a table
    """Move the schema forward."""
'''
_FIRST_IMPORTS: Final = "\nfrom core.money.triggers import APPEND_ONLY, statements\n"
_FIRST_END: Final = """
    connection = op.get_bind()
    for table in APPEND_ONLY:
        for statement in statements(connection.dialect.name, table):
            connection.exec_driver_sql(statement)
"""


def differences(connection: Connection) -> list[Any]:
    """Return what the database has otherwise than the tables say; empty when they agree."""
    return list(compare_metadata(_context(connection), metadata))


def draft(name: str, words: str) -> Path:
    """Write versions/<name>.py, which brings the newest version to what the tables say now; return its path."""
    head = ScriptDirectory.from_config(configuration()).get_current_head()
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'draft.db'}"
        if head is not None:
            upgrade(url)
        engine = engine_for(url)
        with engine.connect() as connection:
            steps = produce_migrations(_context(connection), metadata).upgrade_ops
        engine.dispose()
    assert steps is not None
    _name_options_once(steps)
    code = render_python_code(steps, render_item=_render).replace("mysql_options=BYTEWISE", "**BYTEWISE")
    lines = [line for line in code.splitlines() if not line.lstrip().startswith("# ###")]
    begin = _HEAD.format(words=words, name=name, before=head, imports=_FIRST_IMPORTS if head is None else "")
    path = VERSIONS / f"{name}.py"
    path.write_text(begin + "\n".join(lines) + "\n" + (_FIRST_END if head is None else ""), encoding="utf-8")
    return path


def _context(connection: Connection) -> MigrationContext:
    return MigrationContext.configure(connection, opts={"compare_type": _types_differ, "target_metadata": metadata})


def _types_differ(context: Any, found: Any, wanted: Any, found_type: Any, wanted_type: Any) -> bool:
    """Compare types as the database itself spells them."""
    dialect = context.dialect
    return _spelt(found_type, dialect) != _spelt(wanted_type, dialect)


def _spelt(kept: Any, dialect: Any) -> str:
    text = str(kept.compile(dialect=dialect)).upper()
    text = re.sub(r" (CHARACTER SET|COLLATE) \"?\w+\"?", "", text)
    if dialect.name == "mysql":
        text = re.sub(r"\b(BIGINT|INTEGER|INT|BLOB)\(\d+\)", r"\1", text)  # widths are for show
    return _SPELLINGS.get((dialect.name, text), text)


def _render(kind: str, item: Any, context: AutogenContext) -> str | Literal[False]:
    """Write our own types by the words the head of a version gives them."""
    if kind != "type":
        return False
    return next((word for ours, word in _WORDS if _same_type(item, ours)), False)


def _same_type(item: Any, ours: Any) -> bool:
    if isinstance(ours, type):
        return isinstance(item, ours)
    variants, own = item._variant_mapping, ours._variant_mapping  # noqa: SLF001  SQLAlchemy shows them nowhere else
    return type(item) is type(ours) and {k: repr(v) for k, v in variants.items()} == {
        k: repr(v) for k, v in own.items()
    }


def _name_options_once(steps: OpContainer) -> None:
    """Say the three options every table has in one word."""
    for step in steps.ops:
        if isinstance(step, CreateTableOp):
            for option in _OPTIONS:
                step.kw.pop(option, None)
            step.kw["mysql_options"] = _Word("BYTEWISE")


class _Word(str):
    """Text rendered without quotes."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)
