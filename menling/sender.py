"""The sender: takes what is due to be said, delivers it through the doors, and has the outcome noted.

One person's messages go out one after another; different people's side by side. A crash between delivery and note makes
the lease run out and the message go again: rarely doubled, never lost (reliability R18).
"""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from prometheus_client import Counter

from core import people
from core.crash import crash_point
from core.db import DatabaseError, Tx
from core.messages import MessageState, outbox
from core.messages.outbox import Due
from dialogs.house import House
from dialogs.outgoing import Delivery, Door, Later, Outgoing, Refused, Sent, Unknown
from dialogs.reception import Leased, Reception
from dialogs.rendering import Prepared

Prepare = Callable[..., Prepared]

_MOST_AT_ONCE: Final = 32
_DELIVERY_SECONDS: Final = 20.0
_ROUND_SECONDS: Final = 35.0  # of one person's messages; the lease lasts 60
_DOOR_OPENS_SECONDS: Final = 2.0
_log = logging.getLogger(__name__)
_OUTCOMES = Counter("menling_messages", "Messages of the sender by channel and outcome", ["channel", "outcome"])


@dataclass(frozen=True, slots=True)
class Ready:
    """A claimed message and the identities it can go to, first choice first."""

    due: Due
    outgoing: tuple[Outgoing, ...]


class Sender:
    """One a process; any number of processes is safe. `doors` may still fill up while `expected` doors open."""

    def __init__(
        self,
        reception: Reception,
        doors: Mapping[str, Door],
        prepare: Prepare,
        *,
        expected: frozenset[str] = frozenset(),
    ) -> None:
        self._reception = reception
        self._doors = doors
        self._prepare = prepare
        self._expected = expected
        self._under_way: set[asyncio.Task[None]] = set()

    async def send_due(self) -> int:
        """Claim what is due, as much as there are hands free, and begin to deliver it; how many were claimed."""
        free = _MOST_AT_ONCE - len(self._under_way)
        if free <= 0:
            return 0
        now, real_now = self._reception.clock.now(), datetime.now(UTC)
        claimed, ready = await self._reception.db.arun(
            lambda tx: claim_and_prepare(
                tx, house=self._reception.house, prepare=self._prepare, now=now, real_now=real_now, most=free
            )
        )
        crash_point("sender.claimed")
        by_person: dict[int, list[Ready]] = {}
        for one in ready:
            by_person.setdefault(one.due.person_id, []).append(one)
        for theirs in by_person.values():
            task = asyncio.create_task(self._deliver_in_order(theirs))
            self._under_way.add(task)
            task.add_done_callback(self._finished)
        return claimed

    async def drain(self, seconds: float) -> None:
        """Wait for what is under way, at most so long; what is not done by then is repeated by lease."""
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=seconds)
        for task in self._under_way:
            task.cancel()

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("delivery not noted", exc_info=error)
        self._reception.house.wake_sender()  # a hand is free, and the person's next message may go

    async def _deliver_in_order(self, theirs: Sequence[Ready]) -> None:
        give_up_at = time.monotonic() + _ROUND_SECONDS
        outcomes: list[tuple[int, Delivery]] = []
        gone: set[tuple[str, str, str]] = set()
        for one in theirs:
            before = outcomes[-1][1] if outcomes else Sent()
            held = _held_back(before, late=time.monotonic() > give_up_at)
            outcome = held or await self._deliver(one, gone)
            self._reception.lease(Leased(one.due.id, one.due.person_id, one.due.lease, one.due.attempts))
            outcomes.append((one.due.id, outcome))
        crash_point("sender.sent")
        await self._reception.sent(outcomes)

    async def _deliver(self, ready: Ready, gone: set[tuple[str, str, str]]) -> Delivery:
        """Try the person's identities in order, less those known to be gone; the first that does not refuse decides."""
        outcome: Delivery = Refused("nowhere")
        for outgoing in ready.outgoing:
            who = (outgoing.channel, outgoing.account, outgoing.external_id)
            if who in gone:
                continue
            outcome = await self._through_door(outgoing)
            name = type(outcome).__name__.lower()
            _OUTCOMES.labels(outgoing.channel, name).inc()
            _log.info("sent", extra={"message_id": ready.due.id, "template": ready.due.template, "outcome": name})
            if not isinstance(outcome, Refused):
                return outcome
            if outcome.gone:
                gone.add(who)
                await self._block(outgoing)
        return outcome

    async def _through_door(self, outgoing: Outgoing) -> Delivery:
        door = self._doors.get(outgoing.channel)
        if door is None:
            opening = outgoing.channel in self._expected
            return Later(_DOOR_OPENS_SECONDS) if opening else Refused("no such door")
        try:
            async with asyncio.timeout(_DELIVERY_SECONDS):
                return await door.deliver(outgoing)
        except Exception as error:  # noqa: BLE001  doors promise not to raise; the request may have left already
            _log.exception("door failed", extra={"channel": outgoing.channel, "message_id": outgoing.message_id})
            return Unknown(type(error).__name__)

    async def _block(self, outgoing: Outgoing) -> None:
        now = self._reception.clock.now()
        await self._reception.db.arun(
            lambda tx: people.block(tx, outgoing.channel, outgoing.account, outgoing.external_id, now)
        )


def claim_and_prepare(
    tx: Tx, *, house: House, prepare: Prepare, now: datetime, real_now: datetime, most: int
) -> tuple[int, tuple[Ready, ...]]:
    """Claim due messages and settle at once those that are not to be sent now; how many, and the rest."""
    claimed = outbox.claim(tx, now=now, real_now=real_now, most=most)
    ready = []
    for due in claimed:
        prepared = _prepared(tx, due, house=house, prepare=prepare, now=now)
        if prepared is None:
            continue
        if prepared.drop:
            _settle(tx, due, MessageState.DROPPED, now=now, again_at=None)
        elif prepared.later is not None:
            _settle(tx, due, MessageState.WAITING, now=now, again_at=prepared.later, tried=False)
        else:
            ready.append(Ready(due, prepared.outgoing))
    return len(claimed), tuple(ready)


def _prepared(tx: Tx, due: Due, *, house: House, prepare: Prepare, now: datetime) -> Prepared | None:
    """Return None when the words cannot be made: that holds up no others, is tried again and at last given up."""
    try:
        with tx.savepoint():
            return prepare(tx, due, house=house, now=now)
    except DatabaseError:
        raise
    except Exception:  # noqa: BLE001  words are made by many hands
        _log.exception("message not prepared", extra={"message_id": due.id, "template": due.template})
    if due.attempts >= outbox.MOST_ATTEMPTS:
        _settle(tx, due, MessageState.FAILED, now=now, again_at=None)
    else:
        pause = timedelta(seconds=5 * 3 ** (due.attempts - 1))
        _settle(tx, due, MessageState.WAITING, now=now, again_at=now + pause)
    return None


def _settle(
    tx: Tx, due: Due, state: MessageState, *, now: datetime, again_at: datetime | None, tried: bool = True
) -> None:
    outbox.note(tx, due.id, lease=due.lease, state=state, now=now, again_at=again_at, ref=None, tried=tried)


def _held_back(before: Delivery, *, late: bool) -> Later | None:
    """What follows a message that waits, waits as long: the order of a chat is kept."""
    if isinstance(before, Later):
        return before
    if isinstance(before, Unknown):
        return Later(_DOOR_OPENS_SECONDS)
    return Later(0) if late else None
