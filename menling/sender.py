"""The sender: takes what is due to be said, delivers it through the doors, and has the outcome noted.

One person's messages go out one after another; different people's side by side, what is urgent with hands of its own. A
crash between delivery and note makes the lease run out and the message go again: rarely doubled, never lost
(reliability R18).
"""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from msgspec.structs import replace

from core import people, tracing
from core.crash import crash_point
from core.db import DatabaseError, Tx
from core.messages import MessageState, Rank, outbox
from core.messages.outbox import Due, Outcome
from core.tally import count
from dialogs.house import House
from dialogs.outgoing import TEXTED, Body, Delivery, Door, Held, Later, Outgoing, Refused, Sent, Unknown
from dialogs.reception import Leased, Reception
from dialogs.rendering import Prepared
from menling.pacing import Pacer
from menling.texting import Texting

Prepare = Callable[..., Prepared]

_HANDS: Final = 32
_URGENT_HANDS: Final = 32
_DELIVERY_SECONDS: Final = 20.0
_ROUND_SECONDS: Final = 35.0  # of one person's messages; the lease lasts 60
_DOOR_OPENS_SECONDS: Final = 2.0
_AWAY_SECONDS: Final = 10.0
_NOWHERE: Final = Refused("blocked", final=True)
"""What becomes of a message whose person can be met on no channel."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Ready:
    """A claimed message, its words, and the identities it can go to, first choice first."""

    due: Due
    outgoing: tuple[Outgoing, ...]
    body: Body | None = None
    lang: str = "zh-Hans"


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of a message, and where it was tried last; `texted` when its words also went to a phone."""

    delivery: Delivery
    channel: str = ""
    account: str = ""
    texted: bool = False


class Sender:
    """One a process; any number of processes is safe. `doors` may still fill up while `expected` doors open."""

    def __init__(
        self,
        reception: Reception,
        doors: Mapping[str, Door],
        prepare: Prepare,
        *,
        expected: frozenset[str] = frozenset(),
        pacer: Pacer | None = None,
        texting: Texting | None = None,
    ) -> None:
        self._reception = reception
        self._doors = doors
        self._prepare = prepare
        self._expected = expected
        self._pacer = pacer
        self._texting = texting
        self._looked_at: float | None = None
        self._under_way: set[asyncio.Task[None]] = set()
        self._urgent: set[asyncio.Task[None]] = set()

    async def send_due(self) -> int:
        """Claim what is due, as much as there are hands free, and begin to deliver it; how many were claimed."""
        free, free_urgent = _HANDS - len(self._under_way), _URGENT_HANDS - len(self._urgent)
        if free <= 0 and free_urgent <= 0:
            self._looked_at = time.monotonic()
            return 0
        give_up_at = time.monotonic() + _ROUND_SECONDS  # from before the claim: a lease runs while we stand still too
        now, real_now = self._reception.clock.now(), datetime.now(UTC)
        claimed, ready = await self._reception.db.arun(
            lambda tx: claim_and_prepare(
                tx,
                house=self._reception.house,
                prepare=self._prepare,
                now=now,
                real_now=real_now,
                most=max(0, free),
                most_urgent=max(0, free_urgent),
            )
        )
        self._looked_at = time.monotonic()
        crash_point("sender.claimed")
        by_person: dict[int, list[Ready]] = {}
        for one in ready:
            by_person.setdefault(one.due.person_id, []).append(one)
        for theirs in by_person.values():
            hands = self._urgent if theirs[0].due.urgent else self._under_way
            task = asyncio.create_task(self._deliver_in_order(theirs, give_up_at))
            hands.add(task)
            task.add_done_callback(self._finished)
        return claimed

    @property
    def state(self) -> str:
        """Return "ok" while it looks for what is due again and again, else "away": nothing is said here unasked."""
        looked_at = self._looked_at
        return "ok" if looked_at is not None and time.monotonic() - looked_at < _AWAY_SECONDS else "away"

    async def drain(self, seconds: float) -> None:
        """Wait for what is under way, at most so long; what is not done by then is repeated by lease."""
        if under_way := self._under_way | self._urgent:
            await asyncio.wait(under_way, timeout=seconds)
        for task in self._under_way | self._urgent:
            task.cancel()

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        self._urgent.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("delivery not noted", exc_info=error)
        self._reception.house.wake_sender()  # a hand is free, and the person's next message may go

    async def _deliver_in_order(self, theirs: Sequence[Ready], give_up_at: float) -> None:
        outcomes: list[tuple[int, Delivery]] = []
        gone: set[tuple[str, str, str]] = set()
        try:
            for one in theirs:
                before = outcomes[-1][1] if outcomes else Sent()
                held = _held_back(before)
                tried = Tried(held) if held is not None else await self._deliver(one, gone, give_up_at)
                self._reception.lease(_leased(one.due, tried))
                outcomes.append((one.due.id, tried.delivery))
            crash_point("sender.sent")
        finally:  # whatever befalls a later one, those that have gone are not to go again
            await self._reception.sent(outcomes)

    async def _deliver(self, ready: Ready, gone: set[tuple[str, str, str]], give_up_at: float) -> Tried:
        """Try the person's identities in order, less those known to be gone, at last their phone.

        The first that takes it, puts it off or leaves us in the dark decides: only a refusal leads on to the next.
        """
        tracing.follow(ready.due.trace)
        if ready.due.state is MessageState.UNKNOWN and ready.due.channel == TEXTED:
            return await self._text(ready, Tried(_NOWHERE), gone, give_up_at)
        held: Tried | None = None
        refused = Tried(_NOWHERE)
        for outgoing in ready.outgoing:
            if (outgoing.channel, outgoing.account, outgoing.external_id) in gone:
                continue
            _passed_over(refused)
            delivery = await self._through_door(outgoing, ready.due.rank, give_up_at)
            tried = Tried(delivery, outgoing.channel, outgoing.account)
            self._log(ready.due, tried)
            match delivery:
                case Held():
                    held = held or tried
                case Refused():
                    refused = await self._refused(outgoing, delivery, refused, gone)
                case _:
                    return tried
        return await self._text(ready, held or refused, gone, give_up_at)

    async def _through_door(self, outgoing: Outgoing, rank: Rank, give_up_at: float) -> Delivery:
        door = self._doors.get(outgoing.channel)
        if door is None:
            opening = outgoing.channel in self._expected
            return Later(_DOOR_OPENS_SECONDS) if opening else Refused("no such door")
        later = None if self._pacer is None else await self._pacer.place(outgoing, door.pace, rank)
        if later is not None:
            return later
        if time.monotonic() > give_up_at:
            return Later(0)  # so late that the message may be somebody else's by now
        delivery = await _delivered(door, outgoing)
        return delivery if self._pacer is None else await self._pacer.heard(outgoing, door.pace, delivery)

    async def _refused(
        self, outgoing: Outgoing, delivery: Refused, before: Tried, gone: set[tuple[str, str, str]]
    ) -> Tried:
        """Return where we stand: a message that every channel refused for good is not tried again."""
        if delivery.gone:
            gone.add((outgoing.channel, outgoing.account, outgoing.external_id))
            await self._block(outgoing)
        for_good = delivery.gone or delivery.final
        final = for_good and isinstance(before.delivery, Refused) and before.delivery.final
        return Tried(replace(delivery, final=final), outgoing.channel, outgoing.account)

    async def _text(self, ready: Ready, tried: Tried, gone: set[tuple[str, str, str]], give_up_at: float) -> Tried:
        """Send the words to the person's phone where no channel took them; what is held stays held all the same."""
        held = isinstance(tried.delivery, Held)
        if self._texting is None or ready.body is None or not ready.due.urgent or ready.due.sent_by == TEXTED:
            return tried
        if time.monotonic() > give_up_at:
            return Tried(Later(0))
        met = tried.channel if held else _met_on(ready, gone)
        texted = await _texted(self._texting, ready, ready.body, met)
        if isinstance(texted, Refused):
            return tried
        if not held:
            _passed_over(tried)
        self._log(ready.due, Tried(texted, TEXTED))
        if not held:
            return Tried(texted, TEXTED)
        _passed_over(Tried(texted, TEXTED))  # what is noted, and counted with its message, is that it is held
        return Tried(tried.delivery, tried.channel, tried.account, texted=True)

    @staticmethod
    def _log(due: Due, tried: Tried) -> None:
        outcome = type(tried.delivery).__name__.lower()
        about = {"message_id": due.id, "template": due.template, "channel": tried.channel, "outcome": outcome}
        _log.info("delivery", extra=about)

    async def _block(self, outgoing: Outgoing) -> None:
        now = self._reception.clock.now()
        await self._reception.db.arun(
            lambda tx: people.block(tx, outgoing.channel, outgoing.account, outgoing.external_id, now)
        )


def claim_and_prepare(
    tx: Tx, *, house: House, prepare: Prepare, now: datetime, real_now: datetime, most: int, most_urgent: int
) -> tuple[int, tuple[Ready, ...]]:
    """Claim due messages and settle at once those that are not to be sent now; how many, and the rest."""
    claimed = outbox.claim(tx, now=now, real_now=real_now, most=most, most_urgent=most_urgent)
    ready = []
    settled = []
    for due in claimed:
        found = _prepared(tx, due, house=house, prepare=prepare, now=now)
        if isinstance(found, Outcome):
            settled.append(found)
        elif found.drop:
            settled.append(Outcome(due.id, due.lease, MessageState.DROPPED))
        elif found.later is not None:
            settled.append(Outcome(due.id, due.lease, MessageState.WAITING, again_at=found.later, tried=False))
        else:
            ready.append(Ready(due, found.outgoing, found.body, found.lang))
    outbox.note_all(tx, settled, now=now)
    return len(claimed), tuple(ready)


def _prepared(tx: Tx, due: Due, *, house: House, prepare: Prepare, now: datetime) -> Prepared | Outcome:
    """Return what to note when the words cannot be made: that holds up no others, is tried again, at last given up."""
    try:
        with tx.savepoint():
            return prepare(tx, due, house=house, now=now)
    except DatabaseError:
        raise
    except Exception:  # noqa: BLE001  words are made by many hands
        _log.exception("message not prepared", extra={"message_id": due.id, "template": due.template})
    if due.attempts >= outbox.MOST_ATTEMPTS:
        return Outcome(due.id, due.lease, MessageState.FAILED, why="no words")
    pause = timedelta(seconds=5 * 3 ** (due.attempts - 1))
    return Outcome(due.id, due.lease, MessageState.WAITING, again_at=now + pause, why="no words")


async def _delivered(door: Door, outgoing: Outgoing) -> Delivery:
    try:
        async with asyncio.timeout(_DELIVERY_SECONDS):
            return await door.deliver(outgoing)
    except Exception as error:  # noqa: BLE001  doors promise not to raise; the request may have left already
        about = {"channel": outgoing.channel, "message_id": outgoing.message_id, "error": type(error).__name__}
        _log.exception("door failed", extra=about)
        return Unknown(type(error).__name__)


async def _texted(texting: Texting, ready: Ready, body: Body, met: str | None) -> Delivery:
    try:
        async with asyncio.timeout(_DELIVERY_SECONDS):
            return await texting.send(ready.due, body, lang=ready.lang, channel=met)
    except DatabaseError:
        raise  # the phone was not even looked up
    except Exception as error:  # noqa: BLE001  the request may have left already
        _log.exception("text message failed", extra={"message_id": ready.due.id})
        return Unknown(type(error).__name__)


def _met_on(ready: Ready, gone: set[tuple[str, str, str]]) -> str | None:
    """Return the channel a person who is reached by phone alone can answer on; None when they have left them all."""
    here = (one.channel for one in ready.outgoing if (one.channel, one.account, one.external_id) not in gone)
    return next(here, None)


def _passed_over(tried: Tried) -> None:
    """Count a try that is not the one its message ends with; that is counted with the message."""
    if tried.channel:
        count("menling_sends", channel=tried.channel, how="", outcome=type(tried.delivery).__name__.lower())


def _leased(due: Due, tried: Tried) -> Leased:
    return Leased(
        due.id,
        due.person_id,
        due.lease,
        due.attempts,
        rank=due.rank,
        channel=tried.channel,
        account=tried.account,
        texted=tried.texted,
        doubtful=due.state is MessageState.UNKNOWN,
    )


def _held_back(before: Delivery) -> Later | None:
    """What follows a message that waits, waits as long: the order of a chat is kept."""
    if isinstance(before, Later):
        return before
    return Later(_DOOR_OPENS_SECONDS) if isinstance(before, Unknown) else None
