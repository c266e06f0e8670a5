"""Everybody's diaries in memory, shared by all units of this process and never older than what the database says.

A search asks once which version each diary has, then reads those that changed; the rest is taken from memory. What was
read is remembered only when the unit that read it has committed: then nothing in it can be undone any more. Versions
are read before entries, so an entry may be newer than its version and is then read again, but never older.
"""

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import BigInteger, String, bindparam, case, cast, func, literal_column, select, type_coerce

from core.calendar.cells import minute_of
from core.calendar.diaries import BY_START, EMPTY, Diary, Entry
from core.calendar.tables import occupation
from core.db import Tx, uncollected
from core.technicians import TechnicianState
from core.technicians.tables import technician

Entries = tuple[Entry, ...]

_KEY = "calendar"
_PAST_KEPT = timedelta(days=2)
"""How far back entries are read and remembered; a clock that goes back further would miss some."""
_PORTIONS = (8, 128)
"""Up to so many changed diaries are asked for by name, in a statement of that size; beyond, all are read."""

_DIGEST = select(
    func.count().label("technicians"),
    func.aggregate_strings(
        cast(technician.c.id, String).concat(literal_column("':'")).concat(cast(technician.c.calendar_version, String)),
        ",",
    ).label("versions"),
).where(technician.c.state == TechnicianState.APPROVED.value)
_HOLD = occupation.c.order_id.is_(None)
_ENTRIES = select(
    occupation.c.technician_id,
    type_coerce(occupation.c.starts_at, BigInteger),
    type_coerce(occupation.c.free_at, BigInteger),
    occupation.c.lat,
    occupation.c.lng,
    case((_HOLD, occupation.c.person_id)),
    case((_HOLD, type_coerce(occupation.c.expires_at, BigInteger))),
).where(occupation.c.free_at > bindparam("b_since"))
_ENTRIES_OF = {
    size: _ENTRIES.where(occupation.c.technician_id.in_([bindparam(f"b_{n}") for n in range(size)]))
    for size in _PORTIONS
}


class Known(NamedTuple):
    """Diaries, and the last answer of the database to which all of them agreed; None when some may not."""

    diaries: Mapping[int, Diary]
    versions: str | None


class Read(NamedTuple):
    """Diaries a unit has read; all in memory agree to `versions` then, unless it is None."""

    diaries: Mapping[int, Diary]
    versions: str | None


class Wrote(NamedTuple):
    """What a unit did to a diary under the guard that gave it this version."""

    technician_id: int
    version: int
    change: Callable[[Entries], Entries]


class Touched(NamedTuple):
    """A diary that a unit changed in a way not told: it is read anew at the next search."""

    technician_id: int


Change = Read | Wrote | Touched


@dataclass(slots=True)
class Index:
    """What one process remembers of one database: one value, replaced whole, since searches read it meanwhile."""

    known: Known = field(default_factory=lambda: Known({}, None))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def follow(self, changes: list[Change]) -> None:
        """Take over everything that one unit read and wrote, now that it has committed; nobody sees half of it."""
        with self._lock:
            diaries, versions = dict(self.known.diaries), self.known.versions
            mine: set[int] = set()
            for change in changes:
                if isinstance(change, Read):
                    for one, diary in change.diaries.items():
                        if diaries.get(one, EMPTY).version < diary.version:
                            diaries[one] = diary
                    versions = change.versions
                elif isinstance(change, Wrote):
                    versions = None
                    _write(diaries, change, mine)
            for change in changes:
                if isinstance(change, Touched):
                    versions = None
                    diaries.pop(change.technician_id, None)
            self.known = Known(diaries, versions)


def _write(diaries: dict[int, Diary], wrote: Wrote, mine: set[int]) -> None:
    """Change a diary that is as it was before the unit, or that the unit has changed; any other is read anew."""
    one, version, change = wrote
    known = diaries.get(one)
    if known is None or (known.version >= version and one not in mine):
        return  # unknown, or read after the commit: what was written is in it
    if known.version == version - 1 or one in mine:
        diaries[one] = Diary(version, entries=change(known.entries))
        mine.add(one)
    else:
        del diaries[one]


@dataclass(frozen=True, slots=True)
class Diaries:
    """The diaries of every approved technician as this unit may see them."""

    known: Mapping[int, Diary]
    read: Mapping[int, Diary]

    def of(self, technician_id: int) -> Diary:
        """Return one technician's diary; an empty one for somebody not approved."""
        found = self.read.get(technician_id)
        return self.known.get(technician_id, EMPTY) if found is None else found


def index_of(tx: Tx) -> Index:
    """Return what this process remembers of this database's calendars."""
    found: Index = tx.shared.setdefault(_KEY, Index())
    return found


def diaries(tx: Tx, now: datetime) -> Diaries:
    """Return everybody's diary: one statement, and one more when any has changed since it was remembered.

    Asked again before anything was guarded or written, the unit reads nothing.
    """
    found: Diaries | None = tx.memo.get(_KEY)
    if found is None:
        found = tx.memo[_KEY] = _diaries(tx, now)
    return found


def _diaries(tx: Tx, now: datetime) -> Diaries:
    index = index_of(tx)
    row = tx.first(_DIGEST)
    versions = (row.versions if row else None) or ""
    known, agreed = index.known
    if versions == agreed:
        return Diaries(known, {})
    read: dict[int, Diary] = dict(tx.kept.get(_KEY, {}))
    stale = _stale(versions, Diaries(known, read))
    if stale:
        read |= _read(tx, stale, now)
    # What this unit has changed itself may yet be undone, or be changed once more; nobody remembers it.
    committed = {one: diary for one, diary in read.items() if one not in tx.guarded}
    tx.kept[_KEY] = committed
    all_agree = versions if len(committed) == len(read) else None
    tx.follow_commit(index.follow, Read(committed, all_agree))
    return Diaries(known, read)


def _stale(versions: str, known: Diaries) -> dict[int, int]:
    """Return whose diaries are not as the database has them, with the version it has."""
    found: dict[int, int] = {}
    for pair in versions.split(",") if versions else ():
        technician_id, _, version = pair.partition(":")
        one, now = int(technician_id), int(version)
        if known.of(one).version != now:
            found[one] = now
    return found


def _read(tx: Tx, stale: Mapping[int, int], now: datetime) -> dict[int, Diary]:
    params: dict[str, object] = {"b_since": now - _PAST_KEPT}
    size = next((size for size in _PORTIONS if len(stale) <= size), None)
    if size is None:
        with uncollected():
            return _grouped(tx.plain(_ENTRIES, params), stale)
    ids = list(stale)
    params |= {f"b_{n}": ids[min(n, len(ids) - 1)] for n in range(size)}
    return _grouped(tx.plain(_ENTRIES_OF[size], params), stale)


def _grouped(rows: Iterable[Sequence[object]], stale: Mapping[int, int]) -> dict[int, Diary]:
    entries: defaultdict[object, list[Sequence[object]]] = defaultdict(list)
    for row in rows:
        entries[row[0]].append(row)
    return {one: Diary(version, plain=entries.get(one, ())) for one, version in stale.items()}


def added(entry: Entry, now: datetime) -> Callable[[Entries], Entries]:
    """Return the change that one more entry makes, in place of one with the same start; what is long over goes."""
    oldest = minute_of(now - _PAST_KEPT)
    kept = gone(entry.starts)
    return lambda entries: tuple(
        sorted((*(one for one in kept(entries) if one.free > oldest), entry), key=BY_START),
    )


def gone(starts: int) -> Callable[[Entries], Entries]:
    """Return the change that the end of the entry at a start makes; a technician has one at most."""
    return lambda entries: tuple(one for one in entries if one.starts != starts)


def wrote(tx: Tx, technician_id: int, version: int, change: Callable[[Entries], Entries]) -> None:
    """Let the index follow once this unit has committed."""
    tx.memo.pop(_KEY, None)
    tx.follow_commit(index_of(tx).follow, Wrote(technician_id, version, change))


def touched(tx: Tx, technician_ids: Iterable[int]) -> None:
    """Let the index read these diaries anew once this unit has committed."""
    tx.memo.pop(_KEY, None)
    for one in technician_ids:
        tx.follow_commit(index_of(tx).follow, Touched(one))
