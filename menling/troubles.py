"""What a platform refuses until an operator mends it (a banned account, a token that is refused) becomes a ticket."""

import logging
from collections.abc import Mapping
from datetime import datetime
from functools import partial

from core import support
from core.clock import Clock
from core.db import Database, Tx
from core.ids import new_id
from dialogs.outgoing import Door, Trouble
from menling.building import OPENING

_log = logging.getLogger(__name__)


class Troubles:
    """One a process: calls an operator about what its doors have run into, and takes that back when it is over.

    A cause counts that is found twice in a row: a process that hands over to another, a token just renewed, call
    nobody. So does a door of `shut` that stays shut, until it opens: in this process or one after it. As long as any
    process still runs into a cause it is not over, whoever called about it.
    What is known to end at an hour (a quota, when the day does) is closed then by whoever looks first. What else
    this process called about before it was started anew an operator closes.
    """

    def __init__(self, db: Database, clock: Clock, doors: Mapping[str, Door], shut: Mapping[str, str]) -> None:
        self._db = db
        self._clock = clock
        self._doors = doors
        self._shut = shut
        self._who = new_id()
        self._open: frozenset[str] = frozenset()
        self._seen: frozenset[str] = frozenset()
        self._known: frozenset[str] = frozenset()

    async def look(self) -> int:
        """Ask every door; how many causes an operator was called about, or have gone, since the last time."""
        found = {cause: trouble for door in list(self._doors.values()) for cause, trouble in door.troubles().items()}
        found |= {
            _shut(channel): Trouble(f"The door {channel} stays shut: {why}")
            for channel, why in self._shut.items()
            if why != OPENING
        }
        self._known |= {_shut(channel) for channel in self._doors if channel not in self._open}
        self._open = frozenset(self._doors)
        lasting, over = found.keys() & self._seen, self._known - found.keys()
        self._seen = frozenset(found)
        called = sum([await self._call(cause, found[cause]) for cause in sorted(lasting)])
        ended = {cause for cause in sorted(over) if await self._end(cause)}
        self._known -= ended
        await self._db.arun(lambda tx: support.end_by_now(tx, self._clock.now()))
        return called + len(ended)

    async def _call(self, cause: str, trouble: Trouble) -> bool:
        """Call, where nobody is called already or was today: what still lasts the day after is called about again."""
        now = self._clock.now()
        ticket_id = await self._db.arun(partial(_met, cause=cause, trouble=trouble, who=self._who, now=now))
        self._known |= {cause}
        if ticket_id is None:
            return False
        _log.error("an operator is needed", extra={"cause": cause, "ticket_id": ticket_id})
        return True

    async def _end(self, cause: str) -> bool:
        """Take the call back; False while another process still runs into the cause: we look again."""
        return await self._db.arun(partial(_met_no_more, cause=cause, who=self._who, now=self._clock.now()))


def _met(tx: Tx, *, cause: str, trouble: Trouble, who: int, now: datetime) -> int | None:
    support.met(tx, cause, who=who, now=now)
    return support.call_about(tx, cause, summary=trouble.words, now=now, ends_at=trouble.ends_at)


def _met_no_more(tx: Tx, *, cause: str, who: int, now: datetime) -> bool:
    is_over = support.met_no_more(tx, cause, who=who, now=now)
    if is_over:
        support.is_over(tx, cause, now=now)
    return is_over


def _shut(channel: str) -> str:
    return f"{channel}:shut"
