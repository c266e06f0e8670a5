"""A scheduler process of its own: `restart URL` says when its first reminder is out, `drain URL` tells all it sent."""

import sys
import time
from datetime import UTC, datetime

from core.crypto import Vault
from core.db import Database, Tx, open_database
from core.messages import MessageState, outbox
from core.messages.outbox import Due, Outcome


def portion(db: Database, now: datetime) -> tuple[Due, ...]:
    """Claim a portion, hand it over and note it as sent."""
    claimed: tuple[Due, ...] = db.run(lambda tx: outbox.claim(tx, now=now, real_now=datetime.now(UTC), most=64))
    db.run(lambda tx: note(tx, claimed, now))
    return claimed


def note(tx: Tx, claimed: tuple[Due, ...], now: datetime) -> None:
    """Note a portion as sent."""
    outbox.note_all(tx, [Outcome(due.id, due.lease, MessageState.SENT) for due in claimed], now=now)


def _weight() -> int:
    with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123  the kernel's, not a file of ours
        return int(file.read().split()[1]) * 4096


def _restart(url: str) -> None:
    started = time.perf_counter()
    db = open_database(url, Vault(bytes(range(32))))
    first = portion(db, datetime.now(UTC))
    seconds = time.perf_counter() - started
    print(seconds, len(first), _weight(), flush=True)


def _drain(url: str) -> None:
    db = open_database(url, Vault(bytes(range(32))))
    print("ready", flush=True)
    sys.stdin.readline()
    empty = 0
    while empty < 100:  # the other may have had them all for a moment
        sent = portion(db, datetime.now(UTC))
        empty = 0 if sent else empty + 1
        if not sent:
            time.sleep(0.005)
        for due in sent:
            print(due.id)
    sys.stdout.flush()
    db.close()


if __name__ == "__main__":
    {"restart": _restart, "drain": _drain}[sys.argv[1]](sys.argv[2])
