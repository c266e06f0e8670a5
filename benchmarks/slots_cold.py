"""The first search of a fresh process: `python -m benchmarks.slots_cold ours|floor URL SERVICE REGION`."""

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import literal, select

from benchmarks.slots_filling import a_wish
from benchmarks.slots_floor import ByRows
from benchmarks.slots_searching import Found, search
from benchmarks.slots_town import places
from core.calendar import CouldNotCheck, Wish
from core.crypto import Vault
from core.db import Tx, open_database

_SETTLED = 0.05
_PATIENCE = 120
_MOST_TRIES = 5
_ANYBODY = 1
"""Nobody's id: somebody who holds nothing."""
_NOTHING = select(literal(1))


@dataclass(frozen=True, slots=True)
class First:
    """What the first search took, and what it answered: starts of ours, technicians at each start of the floor."""

    ms: float
    statements: int
    answer: tuple[int, ...]


def first_search(path: str, url: str, service_id: int, region_id: int) -> First:
    """Start a process, let it open the database, and let it search once."""
    command = [sys.executable, "-m", "benchmarks.slots_cold", path, url, str(service_id), str(region_id)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True, timeout=_PATIENCE)
    ms, statements, answer = json.loads(done.stdout)
    return First(ms, statements, tuple(answer))


def main(arguments: Sequence[str]) -> None:
    """Search once and print what it took."""
    path, url = arguments[:2]
    service_id, region_id = map(int, arguments[2:])
    found = _floor(url, service_id, region_id) if path == "floor" else _ours(url, service_id, region_id)
    print(json.dumps((found.ms, found.statements, found.answer)))


def _ours(url: str, service_id: int, region_id: int) -> First:
    wish = a_wish(service_id, region_id, places(1)[0])
    db = open_database(url, Vault(bytes(range(32))))
    try:
        db.read(_reach)
        time.sleep(_SETTLED)  # the thread that has the connection is then free to search
        began = time.perf_counter()
        found = db.read(lambda tx: _until_answered(tx, wish))
        taken = time.perf_counter() - began
    finally:
        db.close()
    return First(taken * 1000, found.statements, found.cells())


def _until_answered(tx: Tx, wish: Wish) -> Found:
    """Ask again when the answer is that there was no time to find one, as on a machine with much else to do."""
    for _ in range(_MOST_TRIES):
        with suppress(CouldNotCheck):
            return search(tx, wish, _ANYBODY)
    raise CouldNotCheck


def _reach(tx: Tx) -> object:
    return tx.scalar(_NOTHING)


def _floor(url: str, service_id: int, region_id: int) -> First:
    rows = ByRows(url)
    began = time.perf_counter()
    found = rows.free(service_id, region_id)
    taken = time.perf_counter() - began
    rows.close()
    return First(taken * 1000, 3, tuple(found.tolist()))


if __name__ == "__main__":
    main(sys.argv[1:])
