"""What a child of the nursery does: it serves or works as `menling serve` and `menling worker` do, on the same code."""

import asyncio
import importlib
import os
import socket
import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from core import crash, effects
from core.clock import DemoClock
from core.db import open_database
from core.messages import outbox
from dialogs.building import build_house
from dialogs.outgoing import Delivery, Outgoing, Sent, Trouble
from dialogs.reception import Reception
from dialogs.rendering import prepare
from gateways import pay_page
from menling import sender, serving
from menling.config import read_settings
from menling.logs import set_up_logs
from menling.opening import opened
from menling.sender import Sender
from menling.worker import Chore, Worker
from tests.builders import NOW, ZONE, a_vault

_HASTY: Final = timedelta(seconds=5)


def serve(*, port: int, hasty: bool) -> None:
    """Serve until told to end."""
    _prepare(hasty=hasty)
    settings = read_settings(port=port)
    _note_the_hour(settings.data_dir)
    with _listening(port) as door, opened(settings, serving=True, demo=True) as ground:
        serving.serve(ground, door, city=None, on_ready=_nobody_asks)


def work(*, hasty: bool) -> None:
    """Work until told to end."""
    _prepare(hasty=hasty)
    settings = read_settings()
    _note_the_hour(settings.data_dir)
    with opened(settings, serving=True, demo=True) as ground:
        serving.work(ground, on_ready=_say_so)


def remind(*, url: str, book: str, began: float) -> None:
    """Send what is due as any worker does, through a door that writes down what it showed, until killed."""
    _prepare(hasty=True)
    db = open_database(url, a_vault())
    house = build_house(public_url="http://127.0.0.1", zone=ZONE, currency="CNY")
    reception = Reception(db, house, Since(began))
    asyncio.run(_remind(Sender(reception, {"web": BookDoor(book)}, prepare)))


async def _remind(one: Sender) -> None:
    Worker((Chore("sender", 0.2, one.send_due),)).start()
    _say_so()
    await asyncio.Event().wait()


class Since:
    """The time of the trade: NOW at a certain real moment, which all processes are told."""

    def __init__(self, began: float) -> None:
        self._began = began

    def now(self) -> datetime:
        return NOW + timedelta(seconds=time.time() - self._began)


class BookDoor:
    """A platform that takes everything and answers in a moment."""

    channel = "web"
    pace = None

    def __init__(self, book: str) -> None:
        self._book = os.open(book, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)

    async def deliver(self, message: Outgoing) -> Delivery:
        os.write(self._book, f"{message.message_id} {os.getpid()} {time.time()}\n".encode())
        await asyncio.sleep(0.02)
        return Sent()

    async def fetch(self, account: str, ref: str) -> bytes:
        raise OSError("it holds no pictures")

    def troubles(self) -> Mapping[str, Trouble]:
        return {}


def _prepare(*, hasty: bool) -> None:
    """Arm the crash point of this child's environment, and have leases that are waited for in a test."""
    importlib.reload(crash)
    set_up_logs(as_json=True, level="info")
    if hasty:
        outbox.SENDER_LEASE = _HASTY
        importlib.import_module("dialogs.turn").DOOR_LEASE = _HASTY  # type: ignore[attr-defined]
        effects.claim_due.__kwdefaults__ = {"lease": _HASTY}
        pay_page._FIRST_QUERY = _HASTY  # type: ignore[misc]
        sender._ROUND_SECONDS = 2.5  # type: ignore[misc]
        sender._DELIVERY_SECONDS = 2.0  # type: ignore[misc]


def hour_note(folder: Path, pid: int) -> Path:
    """Where a process writes how many seconds it has heard the clock was moved."""
    return folder / f"hour-{pid}"


def _note_the_hour(folder: Path) -> None:
    """Write down each time that this process has read where the clock stands: nobody need guess when it has."""
    read, note = DemoClock.refresh, hour_note(folder, os.getpid())

    def refresh(clock: DemoClock) -> None:
        read(clock)
        note.write_text(str(clock._offset.total_seconds()))

    DemoClock.refresh = refresh  # type: ignore[assignment, method-assign]


def _listening(port: int) -> socket.socket:
    return socket.create_server(("127.0.0.1", port), backlog=2048)


def _nobody_asks() -> None:
    return


def _say_so() -> None:
    os.write(1, b"at work\n")
