"""Pacing: no platform is written to faster than it lets us, and what presses most has the next place.

A place is taken from a bucket that all processes share in Redis, by one small script (a steady flow counted by the time
at which it will be level again, GCRA). Without Redis each process counts for itself; nothing waits for a Redis that
hangs. What a platform puts off waits for as long as it says: one chat, or the whole account. A platform where nothing
answers is left alone for a while that grows, and then tried with one message.
"""

import asyncio
import hashlib
import heapq
import itertools
import logging
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal, TypeVar

from prometheus_client import Histogram

from core.messages import Rank
from dialogs.outgoing import Delivery, Held, Later, Outgoing, Pace, Sent, Unknown

if TYPE_CHECKING:
    from redis.asyncio import Redis

T = TypeVar("T")
LONGEST_WAIT: Final = 5.0
"""Whoever would wait longer for a place is told when to come again, and gives the hand free."""
_TIMEOUT_SECONDS: Final = 0.3
_BREAK_SECONDS: Final = 2.0
_SLACK_SECONDS: Final = 0.01
_GATHERED_SECONDS: Final = 0.05
_FIRST_REST: Final = 1.0
_LONGEST_REST: Final = 60.0
_SILENCES: Final = 3
"""So many unanswered requests in a row mean that the platform is away."""
_FLOODED_CHATS: Final = 3
"""So many chats put off, and nothing taken between, mean that the platform means all of them."""
_MOST_CHATS: Final = 10_000

_SCRIPT: Final = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local every, slack, chat_every = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local act, wait = ARGV[4], tonumber(ARGV[5])
local lane = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now - slack)
local chat = math.max(tonumber(redis.call('GET', KEYS[2]) or '0'), now)
if act == 'take' then
  if chat > now then return {1, math.floor(chat - now)} end
  if lane > now then return {2, math.floor(lane - now)} end
end
if act == 'take' then
  lane = lane + every
  chat = chat + chat_every
elseif act == 'chat' then
  chat = math.max(chat, now + wait)
elseif act == 'lane' then
  lane = math.max(lane, now + wait)
end
if act ~= 'chat' then
  redis.call('SET', KEYS[1], string.format('%.0f', lane), 'PX', math.max(1, math.ceil((lane - now) / 1000)) + 1000)
end
if act ~= 'lane' and chat > now then
  redis.call('SET', KEYS[2], string.format('%.0f', chat), 'PX', math.ceil((chat - now) / 1000) + 10)
end
return {0, 0}
"""
_DEBITS: Final = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local every, slack, chat_every = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local lane = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now - slack) + every * (#KEYS - 1)
redis.call('SET', KEYS[1], string.format('%.0f', lane), 'PX', math.max(1, math.ceil((lane - now) / 1000)) + 1000)
for at = 2, #KEYS do
  local chat = math.max(tonumber(redis.call('GET', KEYS[at]) or '0'), now) + chat_every
  redis.call('SET', KEYS[at], string.format('%.0f', chat), 'PX', math.ceil((chat - now) / 1000) + 10)
end
return 0
"""
_WAITS = Histogram("menling_pace_wait_seconds", "Time a message waited for its place", ["channel"])
_log = logging.getLogger(__name__)

Act = Literal["take", "debit", "chat", "lane"]
Said = Literal["go", "chat", "lane"]
_SAID: Final[tuple[Said, ...]] = ("go", "chat", "lane")  # in the script's numbers
_ANY_SPEED: Final = Pace(per_second=1_000_000.0, per_chat_second=1_000_000.0)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a bucket said: go, or for how many seconds the chat or the whole account has to wait."""

    what: Said
    seconds: float = 0.0


class LocalBucket:
    """The bucket of one process, and the whole of the rule in Python: what the script does in Redis."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lanes: dict[str, float] = {}
        self._chats: dict[tuple[str, str], float] = {}

    def act(self, act: Act, lane: str, chat: str, pace: Pace, wait: float = 0.0) -> Answer:
        """Take a place, or note one taken, or hold back a chat or a lane for `wait` seconds."""
        now = self._clock()
        lane_at = max(self._lanes.get(lane, 0.0), now - _slack(pace))
        chat_at = max(self._chats.get((lane, chat), 0.0), now)
        if act == "take" and chat_at > now:
            return Answer("chat", chat_at - now)
        if act == "take" and lane_at > now:
            return Answer("lane", lane_at - now)
        if act in ("take", "debit"):
            lane_at, chat_at = lane_at + 1 / pace.per_second, chat_at + 1 / pace.per_chat_second
        elif act == "chat":
            chat_at = max(chat_at, now + wait)
        else:
            lane_at = max(lane_at, now + wait)
        self._lanes[lane] = lane_at
        self._chats[lane, chat] = chat_at
        if len(self._chats) > _MOST_CHATS:
            self._chats = {key: at for key, at in self._chats.items() if at > now}
        return Answer("go")


class SharedBucket:
    """The bucket of all processes in Redis, the process's own while Redis is away or hangs."""

    def __init__(
        self,
        redis: "Callable[[], Redis | None]",
        *,
        prefix: str = "menling:pace",
        clock: Callable[[], float] = time.monotonic,
        timeout: float = _TIMEOUT_SECONDS,
    ) -> None:
        self._redis = redis
        self._prefix = prefix
        self._clock = clock
        self._timeout = timeout
        self._own = LocalBucket(clock)
        self._closed_until = 0.0
        self._script: Any = None
        self._debits: Any = None

    async def act(self, act: Act, lane: str, chat: str, pace: Pace, wait: float = 0.0) -> Answer:
        """Do as `LocalBucket.act`, for all processes; never raises, and waits for Redis 0.3 s at most."""
        answer = await self._asked(lambda redis: self._ask(redis, act, lane, chat, pace, wait))
        if answer is None:
            return self._own.act(act, lane, chat, pace, wait)
        number, micros = answer
        if not number:
            self._own.act("debit" if act == "take" else act, lane, chat, pace, wait)
        return Answer(_SAID[number], micros / 1_000_000)

    def debit(self, lane: str, chat: str, pace: Pace) -> None:
        """Note a place that was taken unasked, in this process; others learn of it by `tell_debits`."""
        self._own.act("debit", lane, chat, pace)

    async def tell_debits(self, lane: str, chats: Sequence[str], pace: Pace) -> None:
        """Tell the other processes of places taken unasked, all in one go; never raises."""
        keys = [self._lane_key(lane), *(self._chat_key(lane, chat) for chat in chats)]
        await self._asked(lambda redis: self._tell(redis, keys, pace))

    async def _asked(self, ask: "Callable[[Redis], Awaitable[T]]") -> T | None:
        """Return what Redis says, None when it does not answer in time; then it is not asked for two seconds."""
        redis = self._redis()
        if redis is None or self._clock() < self._closed_until:
            return None
        try:
            async with asyncio.timeout(self._timeout):
                return await ask(redis)
        except Exception as error:  # noqa: BLE001  whatever is wrong with Redis, people are written to
            self._closed_until = self._clock() + _BREAK_SECONDS
            _log.warning("paced without redis", extra={"error": type(error).__name__})
            return None

    async def _ask(self, redis: "Redis", act: Act, lane: str, chat: str, pace: Pace, wait: float) -> tuple[int, int]:
        if self._script is None:
            self._script = redis.register_script(_SCRIPT)
        keys = [self._lane_key(lane), self._chat_key(lane, chat)]
        number, micros = await self._script(keys=keys, args=[*_figures(pace), act, _micros(wait)], client=redis)
        return int(number), int(micros)

    async def _tell(self, redis: "Redis", keys: Sequence[str], pace: Pace) -> None:
        if self._debits is None:
            self._debits = redis.register_script(_DEBITS)
        await self._debits(keys=keys, args=_figures(pace), client=redis)

    def _lane_key(self, lane: str) -> str:
        return f"{self._prefix}:{{{lane}}}"  # the braces keep a lane's keys on one node of a cluster

    def _chat_key(self, lane: str, chat: str) -> str:
        """Name a chat by a hash: its id is personal."""
        return f"{self._lane_key(lane)}:{hashlib.blake2b(chat.encode(), digest_size=8).hexdigest()}"


@dataclass(slots=True)
class _Lane:
    """One account of ours on one channel, as this process sees it."""

    name: str
    waiting: "list[tuple[int, int, _Waiter]]" = field(default_factory=list)
    pump: asyncio.Task[None] | None = None
    silences: int = 0
    flooded: set[str] = field(default_factory=set)
    rests: int = 0
    rests_until: float = 0.0
    tried_at: float | None = None
    unasked: list[str] = field(default_factory=list)
    """The chats of answers that went without asking, and that the other processes have not been told of."""


@dataclass(slots=True)
class _Waiter:
    chat: str
    pace: Pace
    rank: Rank
    told: asyncio.Future[Later | None]


class Pacer:
    """Gives places, and remembers what platforms put off; one a process."""

    def __init__(self, bucket: SharedBucket, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._bucket = bucket
        self._own = LocalBucket(clock)  # of doors without a pace: what they put off
        self._clock = clock
        self._lanes: dict[str, _Lane] = {}
        self._numbers = itertools.count()
        self._courtesies: set[asyncio.Task[Any]] = set()

    async def place(self, message: Outgoing, pace: Pace | None, rank: Rank) -> Later | None:
        """Wait until this message may go and return None; or return for how long it has to wait elsewhere."""
        lane = self._lane(message)
        resting = self._resting(lane)
        if resting is not None:
            return resting
        if pace is None:
            answer = self._own.act("take", lane.name, message.external_id, _ANY_SPEED)
            return None if answer.what == "go" else Later(answer.seconds)
        started = self._clock()
        waiter = _Waiter(message.external_id, pace, rank, asyncio.get_running_loop().create_future())
        self._queue(lane, waiter)
        later = await waiter.told
        _WAITS.labels(message.channel).observe(self._clock() - started)
        if later is not None:
            self._not_tried(lane)
        return later

    async def heard(self, message: Outgoing, pace: Pace | None, delivery: Delivery) -> Delivery:
        """Learn from what became of a message, and return it: a platform that is away is left alone for longer."""
        lane, chat = self._lane(message), message.external_id
        if isinstance(delivery, Later) and delivery.away:
            return Later(self._rest(lane, delivery.seconds), away=True)
        if isinstance(delivery, Unknown):
            lane.silences += 1
            if lane.rests or lane.silences >= _SILENCES:
                self._rest(lane, 0.0)
            return delivery
        if isinstance(delivery, Held):
            self._not_tried(lane)  # mostly our own word: it does not tell whether the platform is back
            return delivery
        lane.silences, lane.rests, lane.tried_at, lane.rests_until = 0, 0, None, 0.0
        if isinstance(delivery, Later):
            await self._put_off(lane, chat, pace, delivery)
        else:
            lane.flooded.clear()
            if pace is not None and isinstance(delivery, Sent):
                # From when it was taken, not from when it was given its place: the way there takes its time.
                await self._bucket.act("chat", lane.name, chat, pace, 1 / pace.per_chat_second)
        return delivery

    def debit(self, message: Outgoing, pace: Pace) -> None:
        """Note a message that goes without asking: somebody's answer, which nobody keeps waiting."""
        lane = self._lane(message)
        self._bucket.debit(lane.name, message.external_id, pace)
        if not lane.unasked:
            task = asyncio.get_running_loop().create_task(self._tell_debits(lane, pace))
            self._courtesies.add(task)
            task.add_done_callback(self._courtesies.discard)
        lane.unasked.append(message.external_id)

    async def _tell_debits(self, lane: _Lane, pace: Pace) -> None:
        await asyncio.sleep(_GATHERED_SECONDS)
        chats, lane.unasked = lane.unasked, []
        await self._bucket.tell_debits(lane.name, chats, pace)

    def _lane(self, message: Outgoing) -> _Lane:
        name = _name(message.channel, message.account)
        return self._lanes.setdefault(name, _Lane(name))

    def _queue(self, lane: _Lane, waiter: _Waiter) -> None:
        if waiter.told.done():
            return
        heapq.heappush(lane.waiting, (-waiter.rank, next(self._numbers), waiter))
        if lane.pump is None or lane.pump.done():
            lane.pump = asyncio.create_task(self._give_places(lane), name=f"pace {lane.name}")

    async def _give_places(self, lane: _Lane) -> None:
        """Give one place after the other to whoever presses most at that moment."""
        while lane.waiting:
            entry = lane.waiting[0]
            waiter = entry[2]
            if waiter.told.done():  # whoever waited has gone away
                heapq.heappop(lane.waiting)
                continue
            answer = await self._bucket.act("take", lane.name, waiter.chat, waiter.pace)
            if answer.what == "lane" and answer.seconds <= LONGEST_WAIT:
                await asyncio.sleep(answer.seconds)  # then ask anew: somebody more pressing may have come
                continue
            lane.waiting.remove(entry)
            heapq.heapify(lane.waiting)
            self._tell(lane, waiter, answer)

    def _tell(self, lane: _Lane, waiter: _Waiter, answer: Answer) -> None:
        if answer.what == "chat" and answer.seconds <= LONGEST_WAIT:
            asyncio.get_running_loop().call_later(answer.seconds, self._queue, lane, waiter)
        elif not waiter.told.done():
            waiter.told.set_result(None if answer.what == "go" else Later(answer.seconds))

    async def _put_off(self, lane: _Lane, chat: str, pace: Pace | None, delivery: Later) -> None:
        lane.flooded.add(chat)
        everybody = delivery.everybody or len(lane.flooded) >= _FLOODED_CHATS
        act: Act = "lane" if everybody else "chat"
        if pace is None:
            self._own.act(act, lane.name, chat, _ANY_SPEED, delivery.seconds)
        else:
            await self._bucket.act(act, lane.name, chat, pace, delivery.seconds)

    def _resting(self, lane: _Lane) -> Later | None:
        """Return for how long a platform that was away is left alone; None when this message may try whether it is."""
        now = self._clock()
        if not lane.rests:
            return None
        if now < lane.rests_until:
            return Later(lane.rests_until - now, away=True)
        if lane.tried_at is not None and now - lane.tried_at < _LONGEST_REST:
            return Later(_FIRST_REST, away=True)  # one of us is trying just now
        lane.tried_at = now
        return None

    def _rest(self, lane: _Lane, at_least: float) -> float:
        """Leave a platform alone, each time for longer, and return for how many seconds."""
        now = self._clock()
        if now >= lane.rests_until:  # those under way when it went away count once
            lane.rests += 1
            pause = min(_LONGEST_REST, _FIRST_REST * 2 ** min(lane.rests, 10))
            lane.rests_until = now + max(at_least, pause * random.uniform(0.5, 1.0))
            _log.warning("platform away", extra={"channel": lane.name, "seconds": round(lane.rests_until - now, 1)})
        lane.tried_at, lane.silences = None, 0
        return lane.rests_until - now

    @staticmethod
    def _not_tried(lane: _Lane) -> None:
        """Let another message try whether the platform is back: this one has to wait for something else."""
        lane.tried_at = None


def _name(channel: str, account: str) -> str:
    return f"{channel}:{account}"


def _slack(pace: Pace) -> float:
    """Return by how much a flow may catch up with what it was late."""
    return _SLACK_SECONDS + (pace.burst - 1) / pace.per_second


def _figures(pace: Pace) -> list[int]:
    return [_micros(1 / pace.per_second), _micros(_slack(pace)), _micros(1 / pace.per_chat_second)]


def _micros(seconds: float) -> int:
    return round(seconds * 1_000_000)
