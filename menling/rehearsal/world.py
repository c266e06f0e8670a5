"""A World: one house on a throw-away database, one clock, and everybody who has a phone in the hand.

with World(None, now=datetime(2026, 11, 21, 2, tzinfo=UTC), door="telegram") as w:
lin = w.person(lang="zh-Hans", name="林")
lin.say("明天下午三点想约个肩颈按摩")
lin.press("60")
assert "地址" in lin.replies[-1].text
"""

import asyncio
import itertools
import shutil
from collections.abc import Callable, Coroutine, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self, TypeVar
from urllib.parse import urlsplit

import uvloop

from core import people
from core.catalog import catalogue, text_in
from core.conversations.quarantine import Quarantined, quarantined
from core.db import Database, Tx
from core.invariants import check_invariants
from core.orders.moves import Order
from core.orders.views import orders_of
from core.people.joining import add_identity, known
from core.technicians import roster
from dialogs.house import House
from menling.demo.entry import Entry
from menling.demo.load import ACCOUNT, CHANNEL, customer_identity, technician_identity
from menling.rehearsal.cast import Cast, language, read_cast
from menling.rehearsal.clock import StandingClock
from menling.rehearsal.desk import Operator, hire
from menling.rehearsal.hands import Hands, PageHands
from menling.rehearsal.house import RehearsalHouse
from menling.rehearsal.masters import copy_master, demo_city, fresh_folder
from menling.rehearsal.noting import Noting
from menling.rehearsal.person import Person
from menling.rehearsal.platforms import Platform, open_platform
from menling.rehearsal.shapes import NotPossible, OrderSeen, Spoken
from menling.rehearsal.wire import HOUSE, Answer, Wire, ask

T = TypeVar("T")

DOORS: Final = ("web", "telegram", "wechat")
NOW: Final = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
"""Saturday, 10:00 in China: when a World begins that is told nothing else."""

_STRIDE: Final = timedelta(minutes=5)
_LONG_STRIDE: Final = timedelta(minutes=15)
_LONG: Final = timedelta(hours=6)
_MOST_ORDERS: Final = 1000


class World:
    """Owns an event loop and a folder; used from one thread, closed at the end."""

    def __init__(
        self,
        catalogue: Mapping[str, Any] | Cast | None = None,
        *,
        now: datetime | None = None,
        door: str = "web",
        zone: str = "Asia/Shanghai",
    ) -> None:
        """Open a house. `catalogue` holds `services` and `technicians` as a script has them; None: the demo city.

        Raises DemoDataError (a ValueError) with a sentence for a catalogue that is wrong.
        """
        if door not in DOORS:
            raise ValueError(f"there is no door {door}: choose {', '.join(DOORS)}")
        cast = self.cast = catalogue if isinstance(catalogue, Cast) else _cast(catalogue, zone)
        begins = now or NOW
        self.door = door
        self.clock = StandingClock((begins if begins.tzinfo else begins.replace(tzinfo=cast.zone)).astimezone(UTC))
        self.people: list[Person] = []
        self.transcript: list[Spoken] = []
        self.entered: set[str] = set()
        """Names of the flows and views that have been entered."""
        self._folder: Path = fresh_folder()
        self._loop = uvloop.new_event_loop()
        self._wire = Wire()
        self._noting = Noting()
        self._logins = itertools.count(1)
        self._told: set[int] = set()
        self._by_id: dict[int, Person] = {}
        copy_master(cast, self.clock.at, self._folder / "menling.db")
        self._platform: Platform | None = open_platform(door, self._wire)
        self._house = self._opened()

    # what outside drivers play with

    def person(self, lang: str | None = None, *, name: str | None = None, demo: str | None = None) -> Person:
        """Let somebody come: a newcomer, or with `demo` somebody the city knows by code or name.

        Languages are zh-Hans, zh-Hant and en; without one a newcomer speaks zh-Hans and others as they are known to.
        """
        if lang is not None and (lang := language(lang)) is None:
            raise NotPossible("nobody here speaks that language: choose zh-Hans, zh-Hant or en")
        identity = None if demo is None else self._identity(demo)
        number = len(self.people) + 1
        person = Person(self, name or demo or f"顾客{number}", self._hands(identity, lang or "zh-Hans", name, number))
        self._run(self._arrive(person, identity, lang))
        self.people.append(person)
        self._by_id[person.person_id] = person
        self._listen([person])
        return person

    def advance(self, *, minutes: float = 0, hours: float = 0, days: float = 0) -> None:
        """Let time pass; what falls due on the way is done when it is due, within minutes."""
        self.at(self.clock.at + timedelta(minutes=minutes, hours=hours, days=days))

    def at(self, moment: datetime) -> None:
        """Let time pass until this moment; one without an offset is the city's."""
        until = (moment if moment.tzinfo else moment.replace(tzinfo=self.cast.zone)).astimezone(UTC)
        if until < self.clock.at:
            raise NotPossible("time does not go back")
        for person in self.people:
            person.forget()
        self._run(self._pass(until))
        self._listen(self.people)

    def orders(self) -> tuple[OrderSeen, ...]:
        """Return every order of the people who have come, oldest first."""
        return self.read(self._orders)

    def technician_name(self, person: Person) -> str | None:
        """Return a person's name as a technician, None for who is none."""
        for one in self.read(roster).technicians:
            if one.person_id == person.person_id:
                return text_in(one.names, "zh-Hans")
        return None

    def restart(self) -> None:
        """Close everything that is in memory and open it again on the same database: a deployment."""
        self._run(self._house.close())
        self._house = self._opened()
        self._run(self._house.settle())
        self._listen(self.people)

    def check_logs(self) -> list[str]:
        """Return a sentence for each error that has been logged: an apology in a chat is one of them."""
        return [f"an error was logged: {error}" for error in self._noting.errors]

    def check(self) -> list[str]:
        """Return a sentence for each thing that does not hold: in the database, in the logs, in the inbox."""
        found = [*self.read(check_invariants), *self.check_logs()]
        found += [f"an incoming message was set aside: {one.id}" for one in self.read(_set_aside)]
        return found

    def burst(self, person: Person, texts: Iterable[str]) -> None:
        """Let somebody send many messages at once; returns when all are answered."""
        said = list(texts)
        person.begins("\n".join(said))
        self._run(_together([person.hands.say(text) for text in said]))
        self.settle(person)

    def operator(self, role: str = "admin") -> Operator:
        """Let somebody sign in behind the desk: admin, auditor, finance or another role of the admin API."""
        self._house.open_desk()
        login = f"{role}-{next(self._logins)}"
        self.db.run(lambda tx: hire(tx, login, role, self.clock.now()))
        return Operator(self._at_desk, login)

    def text(self) -> str:
        """Return the transcript as a person reads it."""
        return "\n".join(line.lines() for line in self.transcript)

    # the house behind it, for those who look inside

    @property
    def now(self) -> datetime:
        """The aware UTC time of this world."""
        return self.clock.at

    @property
    def db(self) -> Database:
        """The database, until the next restart."""
        return self._house.db

    @property
    def house(self) -> House:
        """The wiring of the conversations, until the next restart."""
        return self._house.building.house

    @property
    def platform(self) -> Platform | None:
        """The simulated Telegram or WeChat; None at the page."""
        return self._platform

    def read(self, unit: Callable[[Tx], T]) -> T:
        """Look at the database."""
        return self.db.read(unit)

    def run(self, unit: Callable[[Tx], T]) -> T:
        """Do something to the database, as an operator's tool would; what follows from it is done and delivered."""
        done = self.db.run(unit)
        self.settle()
        return done

    def close(self) -> None:
        """Close everything and throw the database away; twice is harmless."""
        if self._loop.is_closed():
            return
        self._run(self._house.close())
        if self._platform is not None:
            self._run(self._platform.close())
        self._run(self._loop.shutdown_default_executor())
        self._loop.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self) -> Self:
        """Enter."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Close."""
        self.close()

    # what a person's acts need

    def act(self, person: Person, words: str, work: Coroutine[Any, Any, Any]) -> Any:
        """Do something by a person's hands, then everything that follows from it; returns what the hands return."""
        person.begins(words)
        try:
            done = self._run(work)
        finally:
            self.settle(person)
        return done

    def settle(self, *actors: Person) -> None:
        """Do and deliver what is due, and let everybody look."""
        self._run(self._house.settle())
        self._listen(actors)

    def browse(self, url: str, *, form: Mapping[str, str] | None = None) -> int:
        """Open one of our own pages, or send its form, as a browser does; its status."""
        path = urlsplit(url).path
        headers = {"origin": HOUSE, "content-type": "application/x-www-form-urlencoded"}
        body = "&".join(f"{key}={value}" for key, value in (form or {}).items()).encode()
        method = "GET" if form is None else "POST"
        return self._run(ask(self._house.app, method, path, headers=headers, body=body)).status

    def hold_back_notices(self) -> None:
        """Let the provider's notices wait until time has passed."""
        self._wire.hold_back("/callbacks/")

    def _at_desk(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        self._house.open_desk()
        answer = self._run(ask(self._house.app, method, path, headers=headers, body=body))
        self.settle()
        return answer

    # inside

    def _opened(self) -> RehearsalHouse:
        house = RehearsalHouse(self._folder, self.cast, self.clock, self._wire, door=self.door, notice=self.entered.add)
        house.building.reception.on_delivery(self._told.add)
        self._house = house
        self._run(house.open())
        return house

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        with self._noting:
            return self._loop.run_until_complete(work)

    async def _pass(self, until: datetime) -> None:
        stride = _LONG_STRIDE if until - self.clock.at > _LONG else _STRIDE
        while self.clock.at < until:
            step = min(stride, until - self.clock.at)
            if self._platform is not None:
                self._platform.advance(step)
            self.clock.move(self.clock.at + step)
            await self._house.settle(time_passed=True)
        self._wire.let_go()
        await self._house.settle(time_passed=True)

    def _listen(self, actors: Iterable[Person]) -> None:
        """Let those look who acted or were written to."""
        told = [self._by_id[one] for one in self._told if one in self._by_id]
        self._told.clear()
        for person in dict.fromkeys([*actors, *told]):
            for reply in self._run(person.hands.look()):
                person.hears(reply)
                self.transcript.append(Spoken(person.name, mine=False, reply=reply))

    def _hands(self, identity: str | None, lang: str, name: str | None, number: int) -> Hands:
        if self._platform is not None:
            return self._platform.somebody(name or f"顾客{number}", lang)
        return PageHands(lambda: self._house, demo=identity, lang=lang)

    async def _arrive(self, person: Person, identity: str | None, lang: str | None) -> None:
        self.db.run(lambda tx: self._prepare(tx, person.hands, identity, lang))
        await person.hands.arrive()
        await self._house.settle()
        channel, account, external_id = person.hands.identity
        found = self.db.read(lambda tx: known(tx, channel=channel, account=account, external_id=external_id))
        if found is None:
            raise RuntimeError("somebody came and is not known")
        person.person_id = found.id

    def _prepare(self, tx: Tx, hands: Hands, identity: str | None, lang: str | None) -> None:
        """Give somebody of the city a phone on this platform; let a newcomer's language be known where no door asks."""
        now = self.clock.now()
        channel, account, external_id = hands.identity
        if identity is None:
            if self.door == "wechat" and lang not in (None, "zh-Hans"):
                zone = self.cast.city.store.zone
                people.arrive(
                    tx, channel=channel, account=account, external_id=external_id, lang=str(lang), zone=zone, now=now
                )
            return
        found = known(tx, channel=CHANNEL, account=ACCOUNT, external_id=identity)
        if found is None:
            raise NotPossible(f"nobody is known as {identity}")
        if lang is not None:
            people.set_language(tx, found.id, lang=lang)
        if channel != CHANNEL:
            add_identity(tx, found.id, channel=channel, account=account, external_id=external_id, now=now)
            people.block(tx, CHANNEL, ACCOUNT, identity, now)

    def _identity(self, demo: str) -> str:
        customer, technician = self.cast.customer(demo), self.cast.technician(demo)
        if customer is not None:
            return customer_identity(customer)
        if technician is not None:
            return technician_identity(technician.code)
        raise NotPossible(f"the city knows nobody called {demo}")

    def _orders(self, tx: Tx) -> tuple[OrderSeen, ...]:
        sold, staff, zone = catalogue(tx), roster(tx), self.cast.zone
        names = {one.id: text_in(one.names, "zh-Hans") for one in staff.technicians}
        services = {one.id: one for one in sold.services}
        found: dict[int, tuple[Order, str]] = {}
        for person in self.people:
            for order in orders_of(tx, person.person_id, most=_MOST_ORDERS):
                found[order.id] = order, person.name
        return tuple(
            OrderSeen(
                code=order.code,
                state=str(order.state),
                service=text_in(services[order.service_id].names, "zh-Hans"),
                option=next(
                    text_in(o.names, "zh-Hans") for o in services[order.service_id].options if o.id == order.option_id
                ),
                count=order.quantity,
                technician=None if order.technician_id is None else names.get(order.technician_id),
                starts_at=order.starts_at.astimezone(zone),
                ends_at=order.ends_at.astimezone(zone),
                total_minor=order.total_minor,
                currency=order.currency,
                person=name,
                person_id=order.person_id,
                order_id=order.id,
            )
            for _, (order, name) in sorted(found.items())
        )


def _cast(catalogue: Mapping[str, Any] | None, zone: str) -> Cast:
    entry = Entry("catalogue", dict(catalogue or {}))
    cast = read_cast(entry, demo_city(), zone)
    entry.finish()
    return cast


async def _together(works: list[Coroutine[Any, Any, None]]) -> None:
    await asyncio.gather(*works)


def _set_aside(tx: Tx) -> tuple[Quarantined, ...]:
    return quarantined(tx, most=20)
