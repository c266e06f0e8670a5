"""Updates that wait in the inbox: put off when there was too much to do, or to be tried again after they failed."""

import logging
from datetime import datetime
from functools import partial

import msgspec

from core import conversations, people, tracing
from core.conversations.inbox import PURPOSE as INBOX_PURPOSE
from core.crypto import Unreadable
from core.db import Database, DatabaseBusy, Tx
from core.errors import BookingError
from core.ids import new_id
from dialogs import incoming as coming
from dialogs.house import House
from dialogs.loading import arrived
from dialogs.turn import Run, guarded, not_done

_BUSY = "put off: busy"
_log = logging.getLogger(__name__)


def retry_due(db: Database, house: House, *, now: datetime, real_now: datetime, most: int = 20) -> int:
    """Take what was put off, and try failed updates again, each in a unit of its own; the sender delivers the answers.

    Returns how many it took, at most so many.
    """
    done = 0
    # Of one person only the oldest is claimed: the next is there when that is done.
    while done < most and (claimed := _claimed(db, real_now=real_now, most=most - done)):
        for retry in claimed:
            try:
                db.run(partial(_retry, retry=retry, house=house, now=now, real_now=real_now))
            except DatabaseBusy:
                db.run(partial(_busy_again, retry=retry, house=house, now=now, real_now=real_now))
        done += len(claimed)
    return done


def _claimed(db: Database, *, real_now: datetime, most: int) -> tuple[conversations.Retry, ...]:
    return db.run(lambda tx: conversations.claim_retries(tx, real_now=real_now, most=most))


def _retry(tx: Tx, *, retry: conversations.Retry, house: House, now: datetime, real_now: datetime) -> None:
    """Try once more; an update that cannot be read (its person erased, its bytes foreign) is set aside in the end.

    Whoever was slow may find that the claim has run out, and that another worker has done it meanwhile.
    """
    attempts, run = retry.attempts + 1, _again(tx, retry, house=house, now=now, real_now=real_now)
    if not conversations.take_up(tx, retry.id, until=retry.until, attempts=attempts):
        return
    if run is None:
        conversations.failed(tx, retry.id, attempts=attempts, error="not readable", real_now=real_now)
    else:
        guarded(run, retry.id, attempts=attempts)


def _busy_again(tx: Tx, *, retry: conversations.Retry, house: House, now: datetime, real_now: datetime) -> None:
    """Count a try the database would not take."""
    attempts, run = retry.attempts + 1, _again(tx, retry, house=house, now=now, real_now=real_now)
    if not conversations.take_up(tx, retry.id, until=retry.until, attempts=attempts):
        return
    state = conversations.failed(tx, retry.id, attempts=attempts, error=_BUSY, real_now=real_now)
    if run is not None:
        not_done(run, state)


def _again(tx: Tx, retry: conversations.Retry, *, house: House, now: datetime, real_now: datetime) -> Run | None:
    """Read a kept update, and follow it under the number it came in with; None when it cannot be read."""
    try:
        key = people.key_of(tx, retry.person_id)
        incoming = coming.decode(key.open(retry.raw_sealed, INBOX_PURPOSE))
    except (BookingError, Unreadable, msgspec.MsgspecError) as error:
        _log.warning("update not readable", extra={"inbox_id": retry.id, "error": type(error).__name__})
        return None
    tracing.follow(incoming.trace)
    loaded = arrived(tx, incoming, house=house, now=now)
    return Run(tx, incoming, loaded, house, now, real_now, new_id(), to_sender=True)
