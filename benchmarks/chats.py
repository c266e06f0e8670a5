"""Customers who come back and book: the same five turns by presses, and by words, through the real turn."""

import asyncio
import itertools
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial

from benchmarks.world import NOW, ZONE
from core import people
from core.catalog import catalogue
from core.db import Database, Tx
from dialogs.engine.actions import Commit, plain
from dialogs.house import House
from dialogs.incoming import Content, Event, Incoming, Press, Text
from dialogs.outgoing import Body, token_of
from dialogs.turn import Turn, take_turn

CHANNEL, ACCOUNT = "web", "bench"
_YES = plain(Commit())
_PLACE = "望京花园"
_WHEN = tuple(
    day + hour
    for hour in ("下午三点", "上午十点", "晚上七点", "中午十二点半")
    for day in ("明天", "后天", "大后天", "下周三", "下周四", "下周五")
)
_updates = itertools.count(1)


class TurnFailed(Exception):
    """A turn raised and was answered with an apology: there is nothing to measure."""


@dataclass(slots=True)
class Tally:
    """What the turns of a run amounted to."""

    turns: int = 0
    summaries: int = 0
    statements: int = 0
    waits: list[float] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Taps:
    """What a customer taps: the places of service, technician and time in the lists shown."""

    service: int = 0
    technician: int = 0
    start: int = 0


@dataclass(slots=True)
class Chat:
    """One customer's chat; `choice` decides what this one says, `taps` what it taps: they differ as people do."""

    db: Database
    house: House
    sender: str
    choice: int
    tally: Tally
    taps: Taps = Taps()
    shown: Body = field(default_factory=lambda: Body(""))
    message_id: int = 0

    async def books_by_presses(self) -> None:
        """Five turns: menu, service, option, technician, time; the last one holds the time and shows the summary."""
        await self.sends(Event("menu", "book"))
        await self.presses(self.taps.service)
        await self.presses(0)
        await self.presses(self.taps.technician)
        await self.presses(self.taps.start)
        self.tally.summaries += self.at_summary

    async def books_by_words(self) -> None:
        """Five turns: service, option, technician, time, and out of it again, which frees the time."""
        await self.says("想约个肩颈舒缓")
        await self.says("90分钟的" if self.choice % 2 else "60分钟的")
        await self.says("谁都行")
        await self.says(_WHEN[self.choice % len(_WHEN)])
        self.tally.summaries += self.at_summary
        await self.says("算了不约了")

    @property
    def at_summary(self) -> bool:
        """Whether the message shown is a summary that waits for its yes."""
        return bool(self.shown.buttons) and self.shown.buttons[0].action == _YES

    async def says(self, text: str) -> None:
        """Send words."""
        await self.sends(Text(text))

    async def presses(self, place: int) -> None:
        """Press one of the choices shown, counted round."""
        choices = self.shown.numbered
        await self.sends(Press(token_of(self.message_id, choices[place % len(choices)][0])))

    async def sends(self, content: Content) -> None:
        """Take one turn and remember what it showed."""
        incoming = Incoming(CHANNEL, ACCOUNT, str(next(_updates)), self.sender, content)
        unit = partial(_counted, incoming=incoming, house=self.house, tally=self.tally)
        began = time.perf_counter()
        turn = await self.db.arun(unit)
        self.tally.waits.append(time.perf_counter() - began)
        self.tally.turns += 1
        if turn.failed or not turn.messages:
            raise TurnFailed(content)
        self.shown, self.message_id = turn.messages[-1].body, turn.messages[-1].message_id


def customers(db: Database, house: House, how_many: int, tally: Tally, *, prefix: str) -> list[Chat]:
    """Return chats of customers who booked before: phone and address are known."""

    def arrive(tx: Tx) -> list[Chat]:
        return [_customer(tx, db, house, f"{prefix}-{choice}", choice, tally) for choice in range(how_many)]

    return db.run(arrive)


async def different_taps(chat: Chat) -> list[Taps]:
    """Return ways through the five turns that end in times no two of which are in each other's way."""
    found: dict[str, list[Taps]] = {}
    for service in _asked_for_an_option(chat.db):
        at = 0
        while at >= 0:
            await chat.sends(Event("menu", "book"))
            await chat.presses(service)
            await chat.presses(0)
            named = [button.label for _, button in chat.shown.numbered if "★" in button.label]
            if at >= len(named):
                break
            if named[at] not in found:
                await chat.presses(at)
                found[named[at]] = [Taps(service, at, start) for start in range(len(chat.shown.numbered))]
            at += 1
    await chat.says("算了不约了")
    return [taps for some in itertools.zip_longest(*found.values()) for taps in some if taps is not None]


def _asked_for_an_option(db: Database) -> list[int]:
    """Return the places in the menu's first page of services that have more than one option."""
    services = [service for service in db.read(catalogue).services if service.options]
    return [at for at, service in enumerate(services[:7]) if len(service.options) > 1]


async def all_at_once(chats: Sequence[Chat], *, words: bool) -> int:
    """Let every chat book once, all at the same time; how many turns that was."""
    before = chats[0].tally.turns
    await asyncio.gather(*(chat.books_by_words() if words else chat.books_by_presses() for chat in chats))
    return chats[0].tally.turns - before


def _counted(tx: Tx, *, incoming: Incoming, house: House, tally: Tally) -> Turn:
    turn = take_turn(tx, incoming, house=house, now=NOW, real_now=datetime.now(UTC))
    tally.statements += tx.statements_run
    return turn


def _customer(tx: Tx, db: Database, house: House, sender: str, choice: int, tally: Tally) -> Chat:
    person = people.arrive(tx, channel=CHANNEL, account=ACCOUNT, external_id=sender, lang="zh-Hans", zone=ZONE, now=NOW)
    place = catalogue(tx).locate(_PLACE) or catalogue(tx).places[0]
    region_id = getattr(place, "region_id", place.id)
    people.set_phone(tx, person.id, "+8613800138000")
    people.save_address(
        tx, person.id, text=f"{_PLACE} 3号楼{choice}", region_id=region_id, lat=place.lat, lng=place.lng, now=NOW
    )
    return Chat(db, house, sender, choice, tally)
