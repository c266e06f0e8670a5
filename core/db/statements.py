"""SQLAlchemy Core statements, compiled once per dialect and then run on the driver's own cursor.

Building and compiling a statement costs many times what running it does; module-level constants compiled once make a
durable turn cheaper than a volatile one elsewhere (docs/decisions/0004).
"""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from operator import itemgetter
from typing import Any

from sqlalchemy import Delete, Dialect, Insert, Select, Table, Update, bindparam, insert
from sqlalchemy.sql.base import Executable
from sqlalchemy.types import TypeEngine

from core.db.schema import Instant, Json, from_json, from_micros, to_json, to_micros

Row = Any
"""A named row: a namedtuple whose fields are the statement's column names."""

_Processor = Callable[[Any], Any]

_SHORT_WAYS_IN: dict[type[Any], _Processor] = {Instant: to_micros, Json: to_json}
_SHORT_WAYS_OUT: dict[type[Any], _Processor] = {Instant: from_micros, Json: from_json}
"""The commonest kinds, past the three calls in which a type of SQLAlchemy would come to the same."""

_POSTGRES_DOUBLE = 701
"""What the driver would call a Float column; psycopg's float type asks, no other type of ours does."""


class Prepared:
    """One statement as one dialect's text, with what turns parameters in and rows out."""

    __slots__ = ("_binders", "_defaults", "_makes", "_pick", "_row", "guards", "sql")

    def __init__(self, statement: Executable, dialect: Dialect) -> None:
        compiled: Any = statement.compile(  # type: ignore[attr-defined]
            dialect=dialect, compile_kwargs={"render_postcompile": True}
        )
        self.sql: str = compiled.string
        self.guards = isinstance(statement, Update | Delete) or getattr(statement, "_for_update_arg", None) is not None
        """Whether it may wait for somebody else's change: what was read before need not hold after it."""
        names: tuple[str, ...] = tuple(compiled.positiontup or ())
        self._pick = _picking(names)
        self._defaults = {
            name: bind.value for name, bind in compiled.binds.items() if not bind.required and name in names
        }
        self._binders: tuple[tuple[tuple[int, ...], _Processor], ...] = tuple(
            (tuple(at for at, other in enumerate(names) if other == name), binder)
            for name in dict.fromkeys(names)
            if (binder := _binder(compiled.binds[name].type, dialect)) is not None
        )
        self._row: Callable[[Sequence[Any]], Row] = tuple
        self._makes: tuple[tuple[int, _Processor], ...] = ()
        columns = _columns_out(statement)
        if columns:
            row: Any = namedtuple("Row", [column.key for column in columns], rename=True)  # type: ignore[misc]  # noqa: PYI024  its fields are known at run time only
            self._row = partial(tuple.__new__, row)  # its own _make counts the fields of every row once more
            self._makes = tuple(
                (at, made)
                for at, made in enumerate(_maker(column.type, dialect) for column in columns)
                if made is not None
            )

    def bind(self, params: Mapping[str, Any]) -> tuple[Any, ...]:
        """Return the driver's positional parameters; a missing name is a KeyError that names it."""
        picked = self._pick({**self._defaults, **params} if self._defaults else params)
        if not self._binders:
            return picked
        values = list(picked)
        for places, binder in self._binders:  # a name may stand in many places: `now` does in most statements
            value = values[places[0]]
            if value is not None:
                value = binder(value)
                for at in places:
                    values[at] = value
        return tuple(values)

    def read(self, rows: Sequence[Sequence[Any]]) -> list[Row]:
        """Return the driver's raw rows as named rows with Python values."""
        make = self._row
        if not self._makes:
            return list(map(make, rows))
        result = []
        for row in rows:
            values = list(row)
            for at, made in self._makes:
                if values[at] is not None:
                    values[at] = made(values[at])
            result.append(make(values))
        return result


def _picking(names: tuple[str, ...]) -> Callable[[Mapping[str, Any]], tuple[Any, ...]]:
    """Return what takes the values of these names from parameters, in this order."""
    match names:
        case ():
            return lambda _: ()
        case (name,):
            return lambda params: (params[name],)
        case _:
            return itemgetter(*names)


def _binder(kind: TypeEngine[Any], dialect: Dialect) -> _Processor | None:
    """Return what turns a value into the driver's, None when nothing does."""
    return _SHORT_WAYS_IN.get(type(kind)) or kind.dialect_impl(dialect).bind_processor(dialect)


def _maker(kind: TypeEngine[Any], dialect: Dialect) -> _Processor | None:
    """Return what turns the driver's value into ours, None when nothing does."""
    return _SHORT_WAYS_OUT.get(type(kind)) or kind.dialect_impl(dialect).result_processor(dialect, _POSTGRES_DOUBLE)


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
