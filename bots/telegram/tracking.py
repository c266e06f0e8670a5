"""Live locations: a technician's position comes in by edits, and moves on the customer's map."""

import time
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from aiogram import Bot
from aiogram.exceptions import AiogramError, TelegramBadRequest, TelegramRetryAfter
from prometheus_client import Counter

from bots.telegram.reading import Ping
from bots.telegram.sending import best_effort, is_unchanged
from core import positions
from core.db import DatabaseError, Tx
from core.geo import Point
from core.positions import Map, Taken
from dialogs.reception import Reception

SHOWN_EVERY: Final = 15.0
"""Seconds between two edits of one map; Telegram counts edits against a chat like messages."""
_NOBODY_FOR: Final = 60.0
_LOOKED_EVERY: Final = 3.0
_LONGEST_SECONDS: Final = 86_400.0
_LEAST: Final = timedelta(seconds=1)
_EVER: Final = datetime.min.replace(tzinfo=UTC)
_REMEMBERED: Final = 10_000
_PINGS = Counter("menling_telegram_positions", "Live locations of Telegram by what became of them", ["outcome"])


@dataclass(slots=True)
class _Track:
    """One sharing as this process knows it: when to write again, whether it moves the map, and when again.

    Both go by the house's clock, as the visit does; only what Telegram asks to wait (`calm_at`) is its own time.
    """

    again_at: datetime
    ours: bool = False
    map: Map | None = None
    order_id: int = 0
    show_at: datetime = _EVER
    calm_at: float = 0.0
    busy: bool = False


@dataclass(slots=True)
class Tracking:
    """Positions of one bot. Of several processes the one that wrote last moves the map for that minute."""

    bot: Bot
    account: str
    reception: Reception
    background: Callable[[Coroutine[Any, Any, object]], None]
    _tracks: "OrderedDict[tuple[str, str], _Track]" = field(default_factory=OrderedDict)

    async def take(self, ping: Ping, *, first: bool) -> bool:
        """Take one position; False when nobody awaits it. `first` asks the database whatever was known before."""
        if ping.seconds_left is None:
            return await self._ended(ping)
        key = (ping.sender, ping.share)
        track = self._tracks.get(key)
        if track is None or first or self.reception.clock.now() >= track.again_at:
            try:
                track = await self._written(ping)
            except DatabaseError:
                if first:
                    raise
                _PINGS.labels("not_kept").inc()
                return True  # the next one is a few seconds away
            self._remember(key, track)
        if track.ours:
            self._show(track, ping)
            return True
        _PINGS.labels("left_to_another" if track.order_id else "not_awaited").inc()
        return bool(track.order_id)

    async def end_over(self) -> int:
        """Take away the positions of sharings that have ended, and stop their maps; how many there were."""
        now = self.reception.clock.now()
        found = await self.reception.db.arun(
            lambda tx: positions.over(tx, channel="telegram", account=self.account, now=now, most=20)
        )
        for one in found:
            self._forget(one.share)
            for shown in one.maps:
                stop = self.bot.stop_message_live_location(chat_id=int(shown.external_id), message_id=int(shown.ref))
                await best_effort(stop, "stop map")
        if found:
            await self.reception.db.arun(lambda tx: _forget_all(tx, found))
            self.reception.house.wake_sender()
        return len(found)

    async def _written(self, ping: Ping) -> _Track:
        now = self.reception.clock.now()
        until = now + timedelta(seconds=min(ping.seconds_left or 0.0, _LONGEST_SECONDS))
        taken = await self.reception.db.arun(
            lambda tx: positions.take(
                tx,
                channel="telegram",
                account=self.account,
                external_id=ping.sender,
                share=ping.share,
                point=Point(ping.lat, ping.lng),
                live_until=until,
                now=now,
            )
        )
        if taken is None:
            return _Track(again_at=now + timedelta(seconds=_NOBODY_FOR))
        _PINGS.labels("written" if taken.ours else "not_ours").inc()
        if taken.fresh:
            self.reception.house.wake_sender()
        return self._track_of(taken, ping, again_at=max(taken.again_at, now + _LEAST))

    def _track_of(self, taken: Taken, ping: Ping, *, again_at: datetime) -> _Track:
        track = _Track(again_at, ours=taken.ours, map=taken.map, order_id=taken.order_id)
        before = self._tracks.get((ping.sender, ping.share))
        if before is not None:
            track.show_at, track.calm_at = before.show_at, before.calm_at
        return track

    async def _ended(self, ping: Ping) -> bool:
        self._tracks.pop((ping.sender, ping.share), None)
        now = self.reception.clock.now()
        ended = await self.reception.db.arun(
            lambda tx: positions.ended(
                tx, channel="telegram", account=self.account, external_id=ping.sender, share=ping.share, now=now
            )
        )
        if ended:
            await self.end_over()
        return ended

    def _show(self, track: _Track, ping: Ping) -> None:
        """Move the map, unless it was moved a moment ago: the next position comes in seconds."""
        if track.busy or self.reception.clock.now() < track.show_at or time.monotonic() < track.calm_at:
            _PINGS.labels("coalesced").inc()
            return
        track.busy = True
        self.background(self._move(track, ping))

    async def _move(self, track: _Track, ping: Ping) -> None:
        try:
            shown = track.map = track.map or await self._find_map(track)
            if shown is None:
                track.show_at = self._in(_LOOKED_EVERY)  # its message is still on its way
                return
            track.show_at = self._in(SHOWN_EVERY)
            await self.bot.edit_message_live_location(
                chat_id=int(shown.external_id), message_id=int(shown.ref), latitude=ping.lat, longitude=ping.lng
            )
            _PINGS.labels("shown").inc()
        except TelegramRetryAfter as error:
            track.calm_at = time.monotonic() + error.retry_after
        except TelegramBadRequest as error:
            _PINGS.labels("not_shown").inc()
            if not is_unchanged(error):  # stopped by another process, or removed: the next minute tells
                track.ours = False
        except (AiogramError, DatabaseError, TimeoutError):
            _PINGS.labels("not_shown").inc()
        finally:
            track.busy = False

    def _in(self, seconds: float) -> datetime:
        return self.reception.clock.now() + timedelta(seconds=seconds)

    async def _find_map(self, track: _Track) -> Map | None:
        return await self.reception.db.aread(
            lambda tx: positions.map_of(tx, track.order_id, channel="telegram", account=self.account)
        )

    def _forget(self, share: str) -> None:
        for key in [one for one in self._tracks if one[1] == share]:
            del self._tracks[key]

    def _remember(self, key: tuple[str, str], track: _Track) -> None:
        self._tracks[key] = track
        self._tracks.move_to_end(key)
        if len(self._tracks) > _REMEMBERED:
            self._tracks.popitem(last=False)


def _forget_all(tx: Tx, found: tuple[positions.Over, ...]) -> None:
    for one in found:
        positions.forget(tx, one.person_id, share=one.share)
