"""What every door is given: take an update in, in its order; note what the platform said."""

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from core import people
from core.clock import Clock
from core.crash import crash_point
from core.db import Database, DatabaseBusy, DatabaseError, Tx
from core.messages import MessageState, Rank
from core.messages.answering import in_line, keep
from core.messages.holding import hold
from core.messages.outbox import MOST_ATTEMPTS, Outcome, note_all, note_one, push_back
from core.tally import count, took
from dialogs.advising import Adviser, Waiting, seconds_left
from dialogs.house import House
from dialogs.incoming import Incoming, Press
from dialogs.outgoing import IN_LINE, TEXTED, Delivery, Held, Later, Outgoing, Refused, Sent, Unknown
from dialogs.turn import Turn, put_off, take_turn, take_up

_REMEMBERED = 20_000
_SOME, _CROWDED, _FULL = 32, 300, 1_000
_SLOW_SECONDS = 1.0
"""So many updates may be under way here at once: beyond the second words wait for later, beyond the third taps too.

Beyond the first words wait where turns take longer than a second, for what waits now would wait longer still.
"""
_PAUSE = timedelta(seconds=5)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Leased:
    """A message somebody is delivering: whose it is, under which lease, at which try, and where it was tried last."""

    message_id: int
    person_id: int
    lease: int
    attempts: int = 1
    rank: Rank = Rank.URGENT
    channel: str = ""
    account: str = ""
    external_id: str = ""
    texted: bool = False
    """A text message went out beside what is held."""
    doubtful: bool = False
    """An earlier try may have arrived: that is still so while it is told to wait."""
    since: datetime | None = None
    """When it would have been said, had it not waited for an act of the person."""


class Reception:
    """One for a process. Keeps each sender's events in the order they came, and runs each turn as one unit."""

    def __init__(self, db: Database, house: House, clock: Clock, adviser: Adviser | None = None) -> None:
        self.db = db
        self.house = house
        self.clock = clock
        self._adviser = adviser
        self._under_way = 0
        self._lately = 0.0
        self._tails: dict[tuple[str, str, str], asyncio.Future[None]] = {}
        self._listeners: list[Callable[[int], None]] = []
        self._replied: list[Callable[[Outgoing], None]] = []
        self._leases: OrderedDict[int, Leased] = OrderedDict()

    async def receive(self, incoming: Incoming) -> Turn:
        """Run the update's turn after all earlier ones of the same sender; DatabaseError when it is not even kept."""
        came_at = time.monotonic()
        sender = (incoming.channel, incoming.account, incoming.sender)
        before = self._tails.get(sender)
        mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._tails[sender] = mine
        self._under_way += 1
        try:
            if before is not None:
                await asyncio.shield(before)
            began = time.monotonic()
            turn = await self._run(incoming, came_at)
            _count_turn(incoming.channel, turn, came_at=came_at, began=began)
            crash_point("turn.after_commit")
        finally:
            self._under_way -= 1
            mine.set_result(None)
            if self._tails.get(sender) is mine:
                del self._tails[sender]
        for message in (*turn.messages, *turn.held) if turn.lease else ():
            self._leases[message.message_id] = Leased(
                message.message_id,
                turn.person_id,
                turn.lease,
                channel=message.channel,
                account=message.account,
                external_id=message.external_id,
                since=None if message.waited is None else message.waited.since,
            )
            for told in self._replied:
                told(message)
        while len(self._leases) > _REMEMBERED:
            self._leases.popitem(last=False)
        return turn

    async def _run(self, incoming: Incoming, came_at: float) -> Turn:
        now, real_now = self.clock.now(), datetime.now(UTC)
        for_later = partial(put_off, incoming=incoming, house=self.house, now=now, real_now=real_now)
        if self._is_too_much(incoming):
            return await self._in_unit(for_later)
        adviser = self._adviser if seconds_left(time.monotonic() - came_at) else None
        may_ask = adviser is not None
        try:
            turn = await self._in_unit(
                partial(take_turn, incoming=incoming, house=self.house, now=now, real_now=real_now, may_ask=may_ask)
            )
            if adviser is None or turn.waiting is None:
                return turn
            return await self._asked(adviser, turn.waiting, incoming, came_at)
        except DatabaseBusy:
            # It was run as often as may be. What only stores and answers asks for less: nobody is left without a word.
            return await self.db.arun(for_later)

    async def _in_unit(self, unit: Callable[[Tx], Turn]) -> Turn:
        """Run it, and remember how long that took: the database's time alone, not what was asked outside."""
        began = time.monotonic()
        try:
            return await self.db.arun(unit)
        finally:
            self._lately = time.monotonic() - began

    def _is_too_much(self, incoming: Incoming) -> bool:
        """Tell whether so many turns wait, or so long, that this one is only kept, which costs a fraction.

        A tap is worth more than words: whoever pays or says yes comes first.
        """
        if isinstance(incoming.content, Press):
            return self._under_way > _FULL
        return self._under_way > _CROWDED or (self._under_way > _SOME and self._lately > _SLOW_SECONDS)

    async def _asked(self, adviser: Adviser, waiting: Waiting, incoming: Incoming, came_at: float) -> Turn:
        """Put the turn's question and take the turn up with what was proposed. The update is kept already."""
        crash_point("turn.asking")
        seconds = seconds_left(time.monotonic() - came_at)
        proposals = await adviser.propose(waiting.question, seconds=seconds) if seconds else None
        crash_point("turn.advised")
        now, real_now = self.clock.now(), datetime.now(UTC)
        unit = partial(
            take_up,
            incoming=incoming,
            waiting=waiting,
            proposals=proposals,
            house=self.house,
            now=now,
            real_now=real_now,
        )
        try:
            return await self.db.arun(unit)
        except DatabaseError as error:
            _log.warning("turn left waiting", extra={"inbox_id": waiting.inbox_id, "error": type(error).__name__})
            return Turn(waiting.person_id, failed=True)  # it lies in the inbox: a worker takes it in a moment

    async def keep(self, messages: Sequence[Outgoing], *, seconds: float) -> tuple[Outgoing, ...]:
        """Hold a turn's messages for longer and return those still ours: what another took is theirs to deliver."""
        held = [
            (one.message_id, self._leases[one.message_id].lease) for one in messages if one.message_id in self._leases
        ]
        until = datetime.now(UTC) + timedelta(seconds=seconds)
        ours = await self.db.arun(lambda tx: keep(tx, held, until=until))
        return tuple(one for one in messages if one.message_id in ours)

    def lease(self, leased: Leased) -> None:
        """Remember a message the sender is about to deliver, so that `sent` knows its fence."""
        self._leases[leased.message_id] = leased

    async def sent(self, outcomes: Sequence[tuple[int, Delivery]]) -> None:
        """Note what the platform said of these messages, in one unit; then whoever listens for the person is told."""
        known = [
            (self._leases.pop(message_id), outcome) for message_id, outcome in outcomes if message_id in self._leases
        ]
        if not known:
            return
        crash_point("door.sent")
        now, real_now = self.clock.now(), datetime.now(UTC)
        await self.db.arun(partial(_note_all, known=known, now=now, real_now=real_now))
        for leased, outcome in known:
            _counted(leased, outcome)
        for person_id in {leased.person_id for leased, _ in known}:
            for listen in self._listeners:
                listen(person_id)

    def on_reply(self, listen: Callable[[Outgoing], None]) -> None:
        """Call `listen`, in the event loop, with every message that a door is about to deliver as a turn's answer."""
        self._replied.append(listen)

    def on_delivery(self, listen: Callable[[int], None]) -> None:
        """Call `listen` with a person's id, in the event loop, after something was sent to that person."""
        self._listeners.append(listen)


def _count_turn(channel: str, turn: Turn, *, came_at: float, began: float) -> None:
    outcome = "repeat" if turn.repeat else "failed" if turn.failed else "answered" if turn.messages else "silent"
    done = time.monotonic()
    count("menling_turns", channel=channel, outcome=outcome)
    took("menling_turn_seconds", done - came_at, channel=channel)
    took("menling_turn_unit_seconds", done - began, channel=channel)


def _note_all(tx: Tx, *, known: Sequence[tuple[Leased, Delivery]], now: datetime, real_now: datetime) -> None:
    plain = []
    for leased, delivery in known:
        outcome = _outcome_of(leased, delivery, now)
        match delivery:
            case Held(rides=True):
                if note_one(tx, outcome, now=now):
                    since = leased.since or now
                    hold(tx, leased.message_id, person_id=leased.person_id, channel=leased.channel, since=since)
            case Later() | Unknown() if outcome.again_at is not None:
                # The order of a chat is kept: what the person has coming behind this one waits as long.
                until, rank = _behind(tx, leased, outcome.again_at, now), leased.rank
                if note_one(tx, outcome._replace(again_at=until), now=now):
                    push_back(tx, leased.person_id, behind=leased.message_id, rank=rank, until=until, real_now=real_now)
            case Refused(gone=True) if leased.external_id:
                people.block(tx, leased.channel, leased.account, leased.external_id, now)
                plain.append(outcome)
            case _:
                plain.append(outcome)
    note_all(tx, plain, now=now)


def _behind(tx: Tx, leased: Leased, again_at: datetime, now: datetime) -> datetime:
    """Let an answer that its door could not give come no sooner than what was said before it and still waits."""
    if not leased.external_id or leased.channel not in IN_LINE:
        return again_at
    before = in_line(tx, leased.person_id, channel=leased.channel, now=now, before=leased.message_id)
    return again_at if before is None else max(again_at, before.due_at)


def _outcome_of(leased: Leased, delivery: Delivery, now: datetime) -> Outcome:
    """Return what to note. A message that does not get through is tried 6 times, ever later, and then given up."""
    outcome = Outcome(
        leased.message_id,
        leased.lease,
        MessageState.SENT,
        by=TEXTED if leased.texted else None,
        channel=leased.channel or None,
        account=leased.account or None,
    )
    match delivery:
        case Sent(ref, how):
            return outcome._replace(ref=ref, by=how or outcome.by)
        case Held(reason):
            return outcome._replace(state=MessageState.HELD, why=reason, tried=False)
        case Later(seconds):
            state = MessageState.UNKNOWN if leased.doubtful else MessageState.WAITING
            again_at = now + timedelta(seconds=seconds)
            return outcome._replace(state=state, again_at=again_at, tried=False, channel=None, account=None)
        case Refused(reason) | Unknown(reason):
            if leased.attempts >= MOST_ATTEMPTS or (isinstance(delivery, Refused) and delivery.final):
                return outcome._replace(state=MessageState.FAILED, why=reason)
            state = MessageState.UNKNOWN if isinstance(delivery, Unknown) else MessageState.WAITING
            # An answer whose person has gone from that door goes by another at once.
            elsewhere = isinstance(delivery, Refused) and delivery.gone and leased.external_id
            pause = timedelta() if elsewhere else _PAUSE * 3 ** (leased.attempts - 1)
            return outcome._replace(state=state, why=reason, again_at=now + pause)


def _counted(leased: Leased, delivery: Delivery) -> None:
    """Count one delivery by channel, way and outcome."""
    how = delivery.how if isinstance(delivery, Sent) else ""
    count("menling_sends", channel=leased.channel, how=how, outcome=type(delivery).__name__.lower())
