"""A reception that answers from a script on a real database, and the page served on it: no dialogs in the way."""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI

from bots.web import DemoPlace, DemoTechnician, WebDoor, WebParams, routes
from core import conversations, people
from core.db import Database, Tx
from core.ids import new_id
from core.messages import MessageKind, MessageState
from core.messages.outbox import BODY_PURPOSE, note, write_own
from dialogs.incoming import Event, Incoming, encode
from dialogs.outgoing import Body, Delivery, Outgoing, encode_body
from dialogs.reception import Reception
from dialogs.turn import Turn
from tests.builders import ZONE, a_database

_NOTHING = Event("told")
Said = Body | tuple[Body, MessageKind]
Script = Callable[[Incoming], Sequence[Said]]


@dataclass
class HandClock:
    """A clock that tests move by hand; real time goes on beneath."""

    ahead: timedelta = timedelta()

    def now(self) -> datetime:
        """The business time."""
        return datetime.now(UTC) + self.ahead


@dataclass
class ScriptedDemo:
    """The demo's control, moving a HandClock."""

    clock: HandClock
    technicians: tuple[DemoTechnician, ...] = (
        DemoTechnician("wang", {"zh-Hans": "王师傅", "en": "Wang"}),
        DemoTechnician("li", {"zh-Hans": "李师傅", "en": "Li"}),
    )
    places: tuple[DemoPlace, ...] = (
        DemoPlace({"zh-Hans": "春熙路", "en": "Chunxi Road"}, 30.6566, 104.0766),
        DemoPlace({"zh-Hans": "望京花园", "en": "Wangjing Garden"}, 30.5661, 104.0712),
    )

    async def advance(self, minutes: int) -> None:
        """Move on."""
        self.clock.ahead += timedelta(minutes=minutes)


def echo(incoming: Incoming) -> Sequence[Said]:
    """Answer every update with its content, as a prompt."""
    return [Body(text=f"heard {incoming.content}")]


class ScriptedReception:
    """Keeps what comes in as the real one does, and answers what the script says."""

    def __init__(self, db: Database, clock: HandClock, script: Script = echo) -> None:
        self.db = db
        self.clock = clock
        self.script = script
        self.came: list[Incoming] = []
        self._leases: dict[int, tuple[int, int]] = {}
        self._listeners: list[Callable[[int], None]] = []

    async def receive(self, incoming: Incoming) -> Turn:
        """Store, answer."""
        turn = await self.db.arun(partial(_take, incoming=incoming, script=self.script, now=self.clock.now()))
        if not turn.repeat:
            self.came.append(incoming)
        self._leases |= {message.message_id: (turn.lease, turn.person_id) for message in turn.messages}
        return turn

    async def sent(self, outcomes: Sequence[tuple[int, Delivery]]) -> None:
        """Note the messages as sent."""
        for message_id, _ in outcomes:
            lease, person_id = self._leases.pop(message_id)
            await self.db.arun(partial(_note, message_id=message_id, lease=lease, now=self.clock.now()))
            self._ring(person_id)

    def on_delivery(self, listen: Callable[[int], None]) -> None:
        """Remember whom to tell."""
        self._listeners.append(listen)

    async def tell(self, account: str, external_id: str, said: Said, *, ring: bool = True) -> None:
        """Do what the sender does: a message to somebody who has not just written."""
        incoming = Incoming("web", account, str(new_id()), external_id, content=_NOTHING)
        turn = await self.db.arun(partial(_take, incoming=incoming, script=lambda _: [said], now=self.clock.now()))
        for message in turn.messages:
            await self.db.arun(partial(_note, message_id=message.message_id, lease=turn.lease, now=self.clock.now()))
        if ring:
            self._ring(turn.person_id)

    def _ring(self, person_id: int) -> None:
        for listen in self._listeners:
            listen(person_id)


@dataclass
class Page:
    """Everything of one page under test."""

    app: FastAPI
    db: Database
    clock: HandClock
    reception: ScriptedReception
    door: WebDoor
    params: WebParams = field(repr=False)


def a_page(
    tmp_path: Path,
    *,
    demo: bool = True,
    production: bool = False,
    script: Script = echo,
    instead: Callable[[Database], Reception] | None = None,
) -> Page:
    """The page on a fresh SQLite database, with another reception `instead` if wished."""
    clock = HandClock()
    db = a_database(tmp_path)
    reception = ScriptedReception(db, clock, script)
    door = WebDoor()
    url = "https://menling.example" if production else "http://127.0.0.1:8000"
    params = WebParams(secret=b"a secret of the tests, 32 bytes!", public_url=url, zone=ZONE, production=production)
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    control = ScriptedDemo(clock) if demo else None
    answering = reception if instead is None else instead(db)
    app.include_router(routes(params, door=door, reception=answering, db=db, clock=clock, demo=control))
    return Page(app, db, clock, reception, door, params)


@dataclass(frozen=True)
class Served:
    """A page that answers at `url`; its loop runs in a thread of its own."""

    url: str
    loop: asyncio.AbstractEventLoop

    def do(self, what: Coroutine[Any, Any, Any]) -> None:
        """Run something in the server's loop, and wait for it."""
        asyncio.run_coroutine_threadsafe(what, self.loop).result(30)


@contextmanager
def served(page: Page) -> Iterator[Served]:
    """Serve the page on a free port of this machine."""
    config = uvicorn.Config(page.app, host="127.0.0.1", port=0, log_level="warning", lifespan="off")
    server = uvicorn.Server(config)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_until_complete, args=[server.serve()], daemon=True)
    thread.start()
    pause = threading.Event()
    while not server.started and thread.is_alive():
        pause.wait(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield Served(f"http://127.0.0.1:{port}", loop)
    finally:
        server.should_exit = True
        loop.call_soon_threadsafe(page.door.close)
        thread.join(30)
        loop.close()
        page.db.close()


def _take(tx: Tx, *, incoming: Incoming, script: Script, now: datetime) -> Turn:
    who = {"channel": incoming.channel, "account": incoming.account}
    lang = incoming.lang or "zh-Hans"
    person = people.arrive(tx, **who, external_id=incoming.sender, lang=lang, zone=ZONE, now=now)
    loaded = conversations.load(tx, **who, sender=incoming.sender, pressed_id=None)
    assert loaded is not None
    raw = encode(incoming)
    if incoming.content is not _NOTHING and not conversations.receive(
        tx,
        **who,
        external_id=incoming.external_id,
        person_id=person.id,
        key=loaded.key,
        raw=raw,
        answer_id=new_id(),
        now=now,
    ):
        return Turn(person.id, repeat=True)
    lease, messages = new_id(), []
    for said in script(incoming):
        body, kind = said if isinstance(said, tuple) else (said, MessageKind.PROMPT)
        message_id = new_id()
        sealed = loaded.key.seal(encode_body(body), BODY_PURPOSE)
        until = now + timedelta(seconds=20)
        row = [(message_id, kind, "turn", sealed)]
        channel, account = who["channel"], who["account"]
        write_own(tx, person.id, row, channel=channel, account=account, lease=lease, leased_until=until, now=now)
        messages.append(
            Outgoing(
                message_id,
                person.id,
                kind,
                channel=incoming.channel,
                account=incoming.account,
                external_id=incoming.sender,
                body=body,
                lang=lang,
            )
        )
        if kind is MessageKind.PROMPT:
            loaded = conversations.load(tx, **who, sender=incoming.sender, pressed_id=None)
            assert loaded is not None
            conversations.save(tx, loaded, state=b"{}", prompt_id=message_id, prompt_at=now, now=now)
    return Turn(person.id, messages=tuple(messages), lease=lease)


def _note(tx: Tx, *, message_id: int, lease: int, now: datetime) -> None:
    note(tx, message_id, lease=lease, state=MessageState.SENT, now=now, again_at=None, ref=None)
