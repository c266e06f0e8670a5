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

from sqlalchemy import BigInteger, String, bindparam, case, cast, func, literal_column, or_, select, type_coerce

from core.calendar.diaries import EMPTY, Diary, Entry
from core.calendar.tables import occupation
from core.db import Tx, uncollected
from core.technicians import TechnicianState
from core.technicians.tables import technician

Entries = tuple[Entry, ...]

_KEY = "calendar"
_PAST_KEPT = timedelta(days=2)
_A_FEW = 8
"""Up to so many changed diaries are read one by one in a statement; beyond, all of them."""

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
_ENTRIES_OF_A_FEW = _ENTRIES.where(or_(*(occupation.c.technician_id == bindparam(f"b_{n}") for n in range(_A_FEW))))


class Known(NamedTuple):
    """Diaries, and the last answer of the database to which all of them agreed; None when some may not."""

    diaries: dict[int, Diary]
    versions: str | None


@dataclass(slots=True)
class Index:
    """What one process remembers of one database. Searches read it meanwhile: nothing they may need ever vanishes."""

    known: Known = field(default_factory=lambda: Known({}, None))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def keep(self, read: Mapping[int, Diary], versions: str | None) -> None:
        """Remember diaries read by a unit that has committed, but for those that something newer is known of."""
        with self._lock:
            known = self.known.diaries
            newer = {one: diary for one, diary in read.items() if known.get(one, EMPTY).version < diary.version}
            self.known = Known({**known, **newer} if newer else known, versions)

    def wrote(self, technician_id: int, version: int, writer: object, change: Callable[[Entries], Entries]) -> None:
        """Do to a diary what a unit that has committed did to it under the guard that gave it this version."""
        with self._lock:
            known = self.known.diaries.get(technician_id)
            if known is None or (known.version >= version and known.writer is not writer):
                return
            if known.version in (version - 1, version):
                diary = Diary(version, entries=change(known.entries), writer=writer)
                # In place: who searches just now sees something newer that has been committed, which is as true.
                self.known.diaries[technician_id] = diary
                self.known = Known(self.known.diaries, None)
            else:
                self._drop(technician_id)

    def forget(self, technician_id: int) -> None:
        """Read a diary anew at the next search."""
        with self._lock:
            self._drop(technician_id)

    def _drop(self, technician_id: int) -> None:
        self.known = Known({one: diary for one, diary in self.known.diaries.items() if one != technician_id}, None)


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
    tx.after_commit(lambda: index.keep(committed, all_agree))
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
    if len(stale) <= _A_FEW:
        ids = list(stale)
        params |= {f"b_{n}": ids[min(n, len(ids) - 1)] for n in range(_A_FEW)}
        rows = tx.plain(_ENTRIES_OF_A_FEW, params)
    else:
        with uncollected():
            return _grouped(tx.plain(_ENTRIES, params), stale)
    return _grouped(rows, stale)


def _grouped(rows: Iterable[Sequence[object]], stale: Mapping[int, int]) -> dict[int, Diary]:
    entries: defaultdict[object, list[Sequence[object]]] = defaultdict(list)
    for row in rows:
        entries[row[0]].append(row)
    return {one: Diary(version, plain=entries.get(one, ())) for one, version in stale.items()}


def added(entry: Entry) -> Callable[[Entries], Entries]:
    """Return the change that one more entry makes, in place of one that was read with the same start."""
    return lambda entries: tuple(sorted((*gone(entry.starts)(entries), entry)))


def gone(starts: int) -> Callable[[Entries], Entries]:
    """Return the change that the end of the entry at a start makes; a technician has one at most."""
    return lambda entries: tuple(one for one in entries if one.starts != starts)


def wrote(tx: Tx, technician_id: int, version: int, change: Callable[[Entries], Entries]) -> None:
    """Let the index follow once this unit has committed."""
    index, writer = index_of(tx), tx.guarded
    tx.memo.pop(_KEY, None)
    tx.after_commit(lambda: index.wrote(technician_id, version, writer, change))


def forget(tx: Tx, technician_ids: Iterable[int]) -> None:
    """Let the index read these diaries anew once this unit has committed."""
    index, which = index_of(tx), tuple(technician_ids)
    tx.memo.pop(_KEY, None)

    def act() -> None:
        for one in which:
            index.forget(one)

    tx.after_commit(act)
