"""A chat driver in process: people of the demo city say, press and send, and see what comes back.

    world.chat("lin").says("明天下午三点想约个肩颈按摩")
    chat.presses("90")
    chat.sees("送到哪里")

Each turn goes through `dialogs.turn.take_turn` on a real database, exactly as a door would have it. `world.now` is the
clock; `world.deliver()` sends what is due to whoever it is for, so that cards arrive in the right chat.
"""

import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import bindparam, select

from core import changes, conversations, support, uniting
from core.calendar.occupations import Occupation, held_by
from core.catalog import catalogue
from core.crypto import Vault
from core.db import Database, Tx, open_database
from core.invariants import check_invariants
from core.messages import MessageState, outbox
from core.migrations.running import engine_for
from core.orders import confirming, deadlines, moves
from core.orders.moves import Order
from core.orders.tables import order as order_table
from core.tables import metadata
from core.technicians import Technician, of_person
from dialogs.building import build_house
from dialogs.engine.state import Frame, State, decode_state
from dialogs.engine.talk import LONGEST_LABEL
from dialogs.house import House
from dialogs.incoming import Contact, Content, Event, Incoming, Location, Photo, Press, Text
from dialogs.outgoing import Body, Button, Outgoing, token_of
from dialogs.rendering import prepare
from dialogs.retrying import retry_due
from dialogs.turn import Turn, take_turn
from menling.demo.data import read_demo
from menling.demo.load import customer_identity, load_demo, technician_identity
from tests.dialogs.outside import after_leases, platform_took, provider_tells_paid
from tests.dialogs.words import WORDS

T = TypeVar("T")

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
"""Saturday, 10:00 in Chengdu."""

VAULT = Vault(b"dialogs-" * 4)
PIN = Location(30.656, 104.080, "")
"""Somewhere in Jinjiang."""

_KEY = re.compile(r"\b[a-z_]+\.[a-z_*]+\b")
_ABBREVIATIONS = {"e.g", "a.m", "p.m", "i.e"}
_order_ids = select(order_table.c.id).where(order_table.c.person_id == bindparam("b_person")).order_by(order_table.c.id)


def looks_like_a_key(text: str) -> list[str]:
    """Anything in a reply that a person would take for the inside of a program."""
    return [found for found in _KEY.findall(text) if found not in _ABBREVIATIONS]


@dataclass
class World:
    """The demo city on one database, one clock, and everybody who has a phone in the hand."""

    db: Database
    house: House
    now: datetime = NOW
    chats: dict[tuple[str, str], "Chat"] = field(default_factory=dict)
    patience: timedelta = timedelta()
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def chat(self, name: str, lang: str = "zh-Hans", *, channel: str = "web", account: str = "demo") -> "Chat":
        """The chat of a person on a channel, opened when it is first asked for."""
        key = (channel, name)
        if key not in self.chats:
            self.chats[key] = Chat(self, name, lang, channel, account)
        return self.chats[key]

    def customer(self, code: str, lang: str = "zh-Hans") -> "Chat":
        """One of the demo's customers, with phone and addresses on record."""
        return self.chat(customer_identity(code), lang)

    def technician(self, code: str, lang: str = "zh-Hans") -> "Chat":
        """One of the demo's technicians."""
        return self.chat(technician_identity(code), lang)

    def service_id(self, name: str) -> int:
        """A service by its Chinese name."""
        return next(s.id for s in self.read(catalogue).services if s.names["zh-Hans"] == name)

    def read(self, unit: Callable[[Tx], T]) -> T:
        """Look at the database."""
        return self.db.read(unit)

    def run(self, unit: Callable[[Tx], T]) -> T:
        """Do something to the database."""
        return self.db.run(unit)

    def later(self, **how_much: float) -> None:
        """Let time pass, settle what is overdue, deliver what is due."""
        self.at(self.now + timedelta(**how_much))

    def at(self, now: datetime) -> None:
        """Set the clock, settle what is overdue, deliver what is due."""
        self.now = now
        self.run(lambda tx: deadlines.due_work(tx, now=now, most=100))
        self.run(lambda tx: confirming.end_calls(tx, now=now))
        self.run(lambda tx: changes.due_work(tx, now=now, most=100))
        while self.run(lambda tx: uniting.due_work(tx, now)):
            pass
        self.run(lambda tx: support.waiting_over(tx, zone=self.house.zone, now=now, most=100))
        self.deliver()

    def deliver(self) -> list[Outgoing]:
        """Send everything that is due, as the sender does; returns what went out."""
        sent: list[Outgoing] = []
        while due := self.run(lambda tx: outbox.claim(tx, now=self.now, real_now=after_leases(), most=50)):
            for one in due:
                ready = self.run(partial(prepare, due=one, house=self.house, now=self.now))
                if ready.drop:
                    self._note(one, MessageState.DROPPED)
                elif ready.later is not None:
                    self._note(one, MessageState.WAITING, again_at=ready.later)
                else:
                    self._note(one, MessageState.SENT)
                    sent.append(ready.outgoing[0])
                    self._hand_over(ready.outgoing[0])
        return sent

    def _note(self, due: outbox.Due, state: MessageState, again_at: datetime | None = None) -> None:
        self.run(
            lambda tx: outbox.note(tx, due.id, lease=due.lease, state=state, now=self.now, again_at=again_at, ref=None)
        )

    def _hand_over(self, message: Outgoing) -> None:
        chat = self.chat(message.external_id, message.lang, channel=message.channel, account=message.account)
        chat.received.append(message)

    def retry(self) -> int:
        """Try updates again whose turn failed; what they answer is delivered."""
        self.patience += timedelta(hours=1)  # each try waits for its own moment, in real time
        tried = retry_due(self.db, self.house, now=self.now, real_now=datetime.now(UTC) + self.patience)
        self.deliver()
        return tried

    def settled(self) -> None:
        """Everything in the database agrees with everything else."""
        assert self.read(check_invariants) == []


@dataclass
class Chat:
    """One person's side of the talk. What is received is checked for the inside of the program showing through."""

    world: World
    name: str
    lang: str
    channel: str
    account: str
    received: list[Outgoing] = field(default_factory=list)
    hostile: bool = False  # this person's own words look like keys or braces: they may come back
    statements: int = 0

    # what this person does

    def says(self, text: str, **how: Any) -> Turn:
        """Type words."""
        return self.sends(Text(text), **how)

    def presses(self, label: str, **how: Any) -> Turn:
        """Press the button of the newest message that carries this label."""
        return self.sends(Press(self.token(label)), **how)

    def photo(self, **how: Any) -> Turn:
        """Send a picture that has yet to be fetched."""
        return self.sends(Photo(file_id=None, ref=f"picture-{next(self.world.numbers)}"), **how)

    def location(self, pin: Location = PIN, **how: Any) -> Turn:
        """Send a pin."""
        return self.sends(pin, **how)

    def contact(self, phone: str, *, own: bool = True) -> Turn:
        """Share a phone number."""
        return self.sends(Contact(phone, own))

    def event(self, name: str, value: str = "") -> Turn:
        """Do something the platform tells us of."""
        return self.sends(Event(name, value))

    def sends(self, content: Content, *, failing: bool = False, update: str | None = None) -> Turn:
        """Send anything; the turn must not fail unless the test says so."""
        incoming = Incoming(
            self.channel, self.account, update or f"u{next(self.world.numbers)}", self.name, content, lang=self.lang
        )
        turn = self.world.run(partial(self._turn, incoming=incoming))
        assert turn.failed is failing
        for message in turn.messages:
            self._check(message.body)
            self.received.append(message)
            self.world.run(partial(platform_took, message_id=message.message_id, lease=turn.lease, now=self.world.now))
        return turn

    def _turn(self, tx: Tx, *, incoming: Incoming) -> Turn:
        turn = take_turn(tx, incoming, house=self.world.house, now=self.world.now, real_now=datetime.now(UTC))
        self.statements = tx.statements_run
        return turn

    def _check(self, body: Body) -> None:
        assert body.text.strip()
        assert "Traceback" not in body.text
        for button in body.buttons:
            assert 0 < len(button.label) <= LONGEST_LABEL
            assert "\n" not in button.label
        if not self.hostile:
            shown = "\n".join([body.text, *(button.label for button in body.buttons)])
            assert looks_like_a_key(shown) == []
            assert not re.search(r"[{}]|None\b(?! of these)|%s|<[a-z]+[ >]", shown), shown

    # what this person sees

    @property
    def last(self) -> Outgoing:
        """The newest message."""
        return self.received[-1]

    @property
    def text(self) -> str:
        """Its words."""
        return self.last.body.text

    @property
    def buttons(self) -> tuple[Button, ...]:
        """Its buttons."""
        return self.last.body.buttons

    @property
    def labels(self) -> list[str]:
        """What its buttons say, ways out left aside."""
        return [button.label for button in self.buttons if not button.minor]

    def token(self, label: str) -> str:
        """What a press of the button with this label sends: on the newest message that has it."""
        for message in reversed(self.received):
            exact = [at for at, b in enumerate(message.body.buttons) if b.label == label]
            near = [at for at, b in enumerate(message.body.buttons) if label in b.label]
            for at in exact + near:
                return token_of(message.message_id, at)
        raise AssertionError(f"no button {label!r}:\n{self.transcript()}")

    def sees(self, *texts: str) -> str:
        """The newest message holds all of this, in its words or on its buttons."""
        shown = "\n".join([self.text, *(button.label for button in self.buttons)])
        for text in texts:
            assert text in shown, f"{text!r} not in\n{shown}"
        return shown

    def does_not_see(self, *texts: str) -> None:
        """The newest message holds none of this."""
        shown = "\n".join([self.text, *(button.label for button in self.buttons)])
        for text in texts:
            assert text not in shown, f"{text!r} in\n{shown}"

    def transcript(self) -> str:
        """All that was received."""
        return "\n---\n".join(f"{m.body.text}\n{[b.label for b in m.body.buttons]}" for m in self.received)

    # what the house knows of this person

    @property
    def person_id(self) -> int:
        """Who this is."""
        return self.loaded.person_id

    @property
    def loaded(self) -> conversations.Loaded:
        """The conversation as it is stored."""
        found = self.world.run(
            lambda tx: conversations.load(
                tx, channel=self.channel, account=self.account, sender=self.name, pressed_id=None
            )
        )
        assert found is not None
        return found

    @property
    def state(self) -> State:
        """Where the conversation stands."""
        return decode_state(self.loaded.state)

    @property
    def frame(self) -> Frame:
        """The running flow."""
        top = self.state.top
        assert top is not None, f"nothing runs:\n{self.transcript()}"
        return top

    @property
    def flow(self) -> str | None:
        """The name of the running flow."""
        top = self.state.top
        return None if top is None else top.flow

    @property
    def asking(self) -> str | None:
        """The field now asked."""
        return self.frame.asking

    @property
    def values(self) -> dict[str, Any]:
        """What the running flow knows."""
        return self.frame.values

    @property
    def start(self) -> str:
        """The start chosen, as the clock in Chengdu shows it: 11-22 15:00."""
        at = datetime.fromisoformat(self.values["start"]) + timedelta(hours=8)
        return f"{at:%m-%d %H:%M}"

    @property
    def held(self) -> list[Occupation]:
        """What the calendar keeps for this person."""
        return list(self.world.read(lambda tx: held_by(tx, self.person_id)))

    @property
    def orders(self) -> list[Order]:
        """This person's orders, oldest first."""
        me = self.person_id
        rows = self.world.read(lambda tx: tx.all(_order_ids, {"b_person": me}))
        return [self.world.read(lambda tx, row=row: moves.load(tx, row.id)) for row in rows]  # type: ignore[misc]

    @property
    def order(self) -> Order:
        """This person's newest order."""
        return self.orders[-1]

    @property
    def working(self) -> Technician:
        """The technician this person is."""
        found = self.world.read(lambda tx: of_person(tx, self.person_id))
        assert found is not None
        return found

    # stretches of a story that a test is not about

    def books_to_summary(self, **over: str) -> None:
        """Book the neck massage for tomorrow 15:00 with Wang, up to the summary."""
        w = WORDS[self.lang] | over
        for said in ("book", "option", "address", "who", "phone"):
            self.says(w[said])
        assert self.asking == "*summary*", self.transcript()

    def books(self, **over: str) -> Order:
        """Book it, with a yes to the summary; the order waits for its payment."""
        self.books_to_summary(**over)
        self.says(WORDS[self.lang]["yes"])
        return self.order

    def pays(self) -> Order:
        """The provider tells that the newest order was paid; everybody is told."""
        order = self.order
        self.world.run(partial(provider_tells_paid, order=order, now=self.world.now))
        self.world.deliver()
        return self.order


def a_world(db: Database) -> World:
    """The world on an opened database that holds the demo city."""
    return World(db, build_house(public_url="http://127.0.0.1:8000", zone="Asia/Shanghai", currency="CNY"))


def make_city(url: str) -> Database:
    """Every table and the demo city in the empty database at this URL."""
    engine = engine_for(url)
    metadata.create_all(engine)
    engine.dispose()
    opened = open_database(url, VAULT)
    load_demo(opened, read_demo(), NOW)
    return opened
