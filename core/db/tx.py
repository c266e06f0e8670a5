"""The transaction a verb works in: one object, one style, three databases."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

from sqlalchemy.sql.base import Executable

from core import tracing
from core.crypto import Vault
from core.db.errors import DatabaseError, UniqueViolation
from core.db.statements import Row, StatementCache

_NOTHING: Mapping[str, Any] = {}


class Tx:
    """A running unit of work. Verbs execute statements in it and never commit."""

    __slots__ = (
        "_after_commit",
        "_cursor",
        "_depth",
        "_statements",
        "_translate",
        "dialect",
        "guarded",
        "kept",
        "leaves_no_trace",
        "memo",
        "passed_over",
        "shared",
        "speaks",
        "statements_run",
        "vault",
    )

    def __init__(
        self,
        cursor: Any,
        statements: StatementCache,
        *,
        dialect: str,
        vault: Vault,
        translate: Callable[[Exception], Exception],
        shared: dict[str, Any],
        passed_over: frozenset[Hashable],
    ) -> None:
        self._cursor = cursor
        self._statements = statements
        self._translate = translate
        self._depth = 0
        self._after_commit: list[Callable[[], None] | tuple[Callable[[list[Any]], None], Any]] = []
        self.dialect = dialect
        self.vault = vault
        self.statements_run = 0
        self.leaves_no_trace = False
        """Set by an erasure: what it overwrote must not linger in a log beside the database either."""
        self.speaks = False
        """Set by whoever writes a message that is due: the sender has something to do once this is committed."""
        self.memo: dict[str, Any] = {}
        """What was read in this transaction and may be read again from here; forgotten at every guard and undoing."""
        self.kept: dict[str, Any] = {}
        """What was read here with a version of its own: good while that version stands and nothing is undone."""
        self.guarded: list[int] = []
        """The guard rows this transaction holds until it ends; an undone savepoint gives back those taken in it."""
        self.shared = shared
        """What this process remembers of this database beyond one unit; changed only by acts after a commit."""
        self.passed_over = passed_over
        """The candidates that earlier runs of this unit lost (CandidateLost)."""

    @property
    def trace(self) -> str | None:
        """The number under which the log knows what this unit is about; messages written here carry it on."""
        return tracing.trace()

    def execute(self, statement: Executable, params: Mapping[str, Any] = _NOTHING) -> int:
        """Run a writing statement and return how many rows it met (found, not merely changed)."""
        prepared = self._statements.get(statement)
        if prepared.guards:
            self.memo.clear()
        self._run(prepared.sql, prepared.bind(params))
        return int(self._cursor.rowcount)

    def execute_many(self, statement: Executable, rows: Iterable[Mapping[str, Any]]) -> None:
        """Run one statement for many rows of parameters in one go."""
        prepared = self._statements.get(statement)
        bound = [prepared.bind(row) for row in rows]
        if not bound:
            return
        self.statements_run += 1
        try:
            self._cursor.executemany(prepared.sql, bound)
        except Exception as error:
            raise self._translate(error) from error

    def all(self, statement: Executable, params: Mapping[str, Any] = _NOTHING) -> list[Row]:
        """Run a statement and return all its named rows."""
        prepared = self._statements.get(statement)
        if prepared.guards:
            self.memo.clear()
        self._run(prepared.sql, prepared.bind(params))
        return prepared.read(self._cursor.fetchall())

    def plain(self, statement: Executable, params: Mapping[str, Any] = _NOTHING) -> Sequence[Sequence[Any]]:
        """Run a statement and return its rows as the driver gives them: for many rows of numbers that need no names."""
        prepared = self._statements.get(statement)
        self._run(prepared.sql, prepared.bind(params))
        rows: Sequence[Sequence[Any]] = self._cursor.fetchall()
        return rows

    def first(self, statement: Executable, params: Mapping[str, Any] = _NOTHING) -> Row | None:
        """Run a statement and return its first named row, or None."""
        rows = self.all(statement, params)
        return rows[0] if rows else None

    def scalar(self, statement: Executable, params: Mapping[str, Any] = _NOTHING) -> Any:
        """Run a statement and return the first column of its first row, or None."""
        row = self.first(statement, params)
        return None if row is None else row[0]

    def insert_if_new(self, statement: Executable, params: Mapping[str, Any]) -> bool:
        """Run an INSERT and tell whether the row is new; False when a unique key already holds it."""
        prepared = self._statements.get(statement)
        if self.dialect == "postgresql":  # an error there spoils the whole transaction; elsewhere only the statement
            self._run(f"{prepared.sql} ON CONFLICT DO NOTHING", prepared.bind(params))
            return bool(self._cursor.rowcount == 1)
        try:
            self._run(prepared.sql, prepared.bind(params))
        except UniqueViolation:
            return False
        return True

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Undo what the block did, and only that, when it raises."""
        self._depth += 1
        name = f"s{self._depth}"
        self._run(f"SAVEPOINT {name}", ())
        mark, guards = len(self._after_commit), len(self.guarded)
        try:
            yield
        except BaseException as error:
            del self._after_commit[mark:], self.guarded[guards:]
            self.memo.clear()
            self.kept.clear()
            # After some failures the whole transaction is gone already; the first error is the one to show.
            try:
                self._run(f"ROLLBACK TO SAVEPOINT {name}", ())
                self._run(f"RELEASE SAVEPOINT {name}", ())
            except Exception as lost:
                if isinstance(error, DatabaseError):
                    raise error from lost
                raise self._translate(lost) from lost
            raise
        else:
            self._run(f"RELEASE SAVEPOINT {name}", ())
        finally:
            self._depth -= 1

    def after_commit(self, act: Callable[[], None]) -> None:
        """Remember an in-memory act (a wake-up, a cache entry) for the moment the commit has succeeded."""
        self._after_commit.append(act)

    def follow_commit(self, follow: Callable[[list[Any]], None], change: Any) -> None:
        """Remember a change for whoever follows this unit in memory: all of its changes at once, in order."""
        self._after_commit.append((follow, change))

    def take_after_commit(self) -> list[Callable[[], None]]:
        """Hand the remembered acts to the runner of the unit, once."""
        noted, self._after_commit = self._after_commit, []
        changes: dict[Callable[[list[Any]], None], list[Any]] = {}
        acts: list[Callable[[], None]] = []
        for one in noted:
            if not isinstance(one, tuple):
                acts.append(one)
                continue
            follow, change = one
            if follow not in changes:
                changes[follow] = []
                acts.append(partial(follow, changes[follow]))
            changes[follow].append(change)
        return acts

    def _run(self, sql: str, bound: tuple[Any, ...]) -> None:
        self.statements_run += 1
        try:
            self._cursor.execute(sql, bound)
        except Exception as error:
            raise self._translate(error) from error
