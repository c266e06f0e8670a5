"""SQLAlchemy Core statements, compiled once per dialect and then run on the driver's own cursor.

Building and compiling a statement costs many times what running it does; module-level constants compiled once make a
durable turn cheaper than a volatile one elsewhere (docs/decisions/0004).
"""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Delete, Dialect, Insert, Select, Table, Update, bindparam, insert
from sqlalchemy.sql.base import Executable
from sqlalchemy.types import TypeEngine

from core.db.schema import Instant, from_micros, to_micros

Row = Any
"""A named row: a namedtuple whose fields are the statement's column names."""

_Processor = Callable[[Any], Any]

_POSTGRES_DOUBLE = 701
"""What the driver would call a Float column; psycopg's float type asks, no other type of ours does."""


class Prepared:
    """One statement as one dialect's text, with what turns parameters in and rows out."""

    __slots__ = ("_binders", "_defaults", "_makes", "_names", "_row", "guards", "sql")

    def __init__(self, statement: Executable, dialect: Dialect) -> None:
        compiled: Any = statement.compile(  # type: ignore[attr-defined]
            dialect=dialect, compile_kwargs={"render_postcompile": True}
        )
        self.sql: str = compiled.string
        self.guards = isinstance(statement, Update | Delete) or getattr(statement, "_for_update_arg", None) is not None
        """Whether it may wait for somebody else's change: what was read before need not hold after it."""
        self._names: tuple[str, ...] = tuple(compiled.positiontup or ())
        self._defaults = {
            name: bind.value for name, bind in compiled.binds.items() if not bind.required and name in self._names
        }
        self._binders: tuple[tuple[int, _Processor], ...] = tuple(
            (at, binder)
            for at, binder in enumerate(_binder(compiled.binds[name].type, dialect) for name in self._names)
            if binder is not None
        )
        self._row: Any = None
        self._makes: tuple[tuple[int, _Processor], ...] = ()
        columns = _columns_out(statement)
        if columns:
            self._row = namedtuple("Row", [column.key for column in columns], rename=True)  # type: ignore[misc]  # noqa: PYI024  its fields are known at run time only
            self._makes = tuple(
                (at, made)
                for at, made in enumerate(_maker(column.type, dialect) for column in columns)
                if made is not None
            )

    def bind(self, params: Mapping[str, Any]) -> tuple[Any, ...]:
        """Return the driver's positional parameters; a missing name is a KeyError that names it."""
        known = {**self._defaults, **params} if self._defaults else params
        values = [known[name] for name in self._names]
        for at, binder in self._binders:
            if values[at] is not None:
                values[at] = binder(values[at])
        return tuple(values)

    def read(self, rows: Sequence[Sequence[Any]]) -> list[Row]:
        """Return the driver's raw rows as named rows with Python values."""
        make = self._row._make
        if not self._makes:
            return [make(row) for row in rows]
        result = []
        for row in rows:
            values = list(row)
            for at, made in self._makes:
                if values[at] is not None:
                    values[at] = made(values[at])
            result.append(make(values))
        return result


def _binder(kind: TypeEngine[Any], dialect: Dialect) -> _Processor | None:
    """Return what turns a value into the driver's, None when nothing does; instants, the commonest, go a short way."""
    return to_micros if isinstance(kind, Instant) else kind.dialect_impl(dialect).bind_processor(dialect)


def _maker(kind: TypeEngine[Any], dialect: Dialect) -> _Processor | None:
    """Return what turns the driver's value into ours, None when nothing does."""
    if isinstance(kind, Instant):
        return from_micros
    return kind.dialect_impl(dialect).result_processor(dialect, _POSTGRES_DOUBLE)


def _columns_out(statement: Executable) -> list[Any]:
    if isinstance(statement, Select):
        return list(statement.selected_columns)
    returning = getattr(statement, "_returning", ())
    return list(statement.exported_columns) if returning else []  # type: ignore[attr-defined]


class StatementCache:
    """Prepared statements of one dialect, found by the statement object itself: module constants live for ever."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._prepared: dict[int, tuple[Executable, Prepared]] = {}

    def get(self, statement: Executable) -> Prepared:
        """Return the prepared form, made at the first use."""
        found = self._prepared.get(id(statement))
        if found is not None:
            return found[1]
        prepared = Prepared(statement, self._dialect)
        # The statement is kept beside its text: while it lives its id cannot be given to another.
        self._prepared[id(statement)] = (statement, prepared)
        return prepared


def insert_into(table: Table, *only: str) -> Insert:
    """Return an INSERT with one parameter per column (all columns, or `only` those)."""
    return insert(table).values({name: bindparam(name) for name in (only or table.columns.keys())})


__all__ = ["Insert", "Prepared", "Row", "Select", "StatementCache", "Update", "insert_into"]
