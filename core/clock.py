"""Where `now` comes from: only entry points read a clock, everything below is given the time."""

from datetime import UTC, datetime, timedelta
from typing import Protocol

from sqlalchemy import bindparam, select, update

from core.db import Database, Tx, insert_into
from core.errors import InvalidInput
from core.settings.tables import setting

_OFFSET = "demo.offset_seconds"
_READ = select(setting.c.value).where(setting.c.name == bindparam("b_name"))
_READ_LOCKED = _READ.with_for_update()
_INSERT = insert_into(setting)
_WRITE = (
    update(setting)
    .where(setting.c.name == bindparam("b_name"))
    .values(value=bindparam("new_value"), changed_at=bindparam("new_changed_at"))
)


class Clock(Protocol):
    """Tells the business time."""

    def now(self) -> datetime:
        """Return the aware UTC time of the trade."""
        ...


class SystemClock:
    """Real time."""

    def now(self) -> datetime:
        """Return the aware UTC time of this machine."""
        return datetime.now(UTC)


class DemoClock:
    """Real time plus one stored offset that the demo's control moves forward; `now` never touches the database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._offset = timedelta()
        self.refresh()

    def now(self) -> datetime:
        """Return the demo's aware UTC time."""
        return datetime.now(UTC) + self._offset

    def refresh(self) -> None:
        """Read the offset again: another process may have moved it."""
        self._offset = timedelta(seconds=self._database.read(_stored_seconds))

    def advance(self, delta: timedelta) -> datetime:
        """Move the demo's clock forward and return the new time; waits for the database. Raises InvalidInput."""
        if delta < timedelta():
            raise InvalidInput(field="delta")
        seconds = self._database.run(lambda tx: _add_seconds(tx, round(delta.total_seconds())))
        self._offset = timedelta(seconds=seconds)
        return self.now()


def _stored_seconds(tx: Tx) -> int:
    return int(tx.scalar(_READ, {"b_name": _OFFSET}) or 0)


def _add_seconds(tx: Tx, more: int) -> int:
    changed_at = datetime.now(UTC)
    tx.insert_if_new(_INSERT, {"name": _OFFSET, "value": 0, "changed_at": changed_at})
    seconds = int(tx.scalar(_READ_LOCKED, {"b_name": _OFFSET})) + more
    tx.execute(_WRITE, {"b_name": _OFFSET, "new_value": seconds, "new_changed_at": changed_at})
    return seconds


__all__ = ["Clock", "DemoClock", "SystemClock"]
