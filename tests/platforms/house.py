"""A house with both doors open on simulators: what comes in goes the whole way, and what goes wrong is seen."""

import asyncio
import contextlib
import json
import logging
import secrets
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import msgspec
from fastapi import FastAPI

from bots.telegram import TelegramParams, open_telegram
from bots.telegram.door import TelegramDoor
from bots.wechat import WeChatParams, open_wechat
from bots.wechat.door import WeChatDoor
from core.db import Database
from dialogs.building import build_house
from dialogs.incoming import Incoming
from dialogs.reception import Reception
from dialogs.retrying import retry_due
from dialogs.turn import Turn
from menling.rehearsal.wire import HOUSE, TELEGRAM, WECHAT, Answer, Wire, ask
from simulators.telegram import TelegramSimulator
from simulators.wechat import WeChatSimulator
from simulators.wechat.crypto import SafeMode, signature
from simulators.wechat.xml import parse, render
from tests.dialogs.chat import NOW

BOT_TOKEN = "700000001:tests-of-platforms"
BOT_SECRET = "a-secret-of-these-tests-0123456789"
APPID, APP_SECRET, TOKEN = "wx0123456789abcdef", "tests-app-secret", "tests_token"
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
ACCOUNT_ID = "gh_0123456789ab"
_PATIENCE = 60.0
"""Seconds in which WeChat is answered here: what is tested is the answer, and a busy machine may be late with it."""


class Standing:
    """A clock that moves when it is told to."""

    def __init__(self, now: datetime) -> None:
        self.at = now

    def now(self) -> datetime:
        return self.at


class Watched(Reception):
    """The real reception, which remembers what came and what became of it."""

    came: list[Incoming]
    turns: list[Turn]

    async def receive(self, incoming: Incoming) -> Turn:
        turn = await super().receive(incoming)
        self.came.append(incoming)
        self.turns.append(turn)
        return turn


class Troubles(logging.Handler):
    """Everything logged as an error: what a door or a turn did not expect."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.seen: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        what = getattr(record, "error", "")
        self.seen.append(f"{record.name}: {record.getMessage()} {what}".strip())


@dataclass
class House:
    """The two doors, what is behind them, and the two platforms in front of them."""

    db: Database
    app: FastAPI
    reception: Watched
    telegram: TelegramSimulator
    wechat: WeChatSimulator
    telegram_door: TelegramDoor
    wechat_door: WeChatDoor
    clock: Standing
    troubles: Troubles = field(default_factory=Troubles)
    safe: SafeMode = field(default_factory=lambda: SafeMode(appid=APPID, token=TOKEN, encoding_aes_key=AES_KEY))

    async def update(self, body: bytes, *, secret: str = BOT_SECRET, path: str = "/telegram/main") -> Answer:
        """Post bytes to the Telegram door."""
        headers = {"content-type": "application/json", "x-telegram-bot-api-secret-token": secret}
        return await ask(self.app, "POST", path, headers=headers, body=body)

    async def telegram_says(self, person_id: int, text: str, *, update_id: int | None = None) -> Answer:
        """Post a person's words as Telegram does."""
        update = {"update_id": update_id or secrets.randbits(40), "message": a_message(person_id, text)}
        return await self.update(json.dumps(update).encode())

    async def callback(self, body: bytes, query: dict[str, str], *, path: str = "/wechat/main") -> Answer:
        """Post bytes to the WeChat door."""
        headers = {"content-type": "text/xml"}
        return await ask(self.app, "POST", path, headers=headers, body=body, query=urlencode(query))

    def sealed(self, document: str, *, at: float | None = None) -> tuple[bytes, dict[str, str]]:
        """Body and query of a callback in safe mode; `at` in seconds of real time."""
        encrypted = self.safe.encrypt(document)
        return envelope(encrypted), self.signed(encrypted, at=at)

    def signed(self, encrypted: str, *, at: float | None = None) -> dict[str, str]:
        """The query of a callback whose cipher text is this."""
        stamp, nonce = str(int(time.time() if at is None else at)), secrets.token_hex(6)
        return {
            "signature": signature(TOKEN, stamp, nonce),
            "timestamp": stamp,
            "nonce": nonce,
            "openid": "oLinXiao",
            "encrypt_type": "aes",
            "msg_signature": self.safe.sign(stamp, nonce, encrypted),
        }

    async def wechat_tells(self, document: str) -> Answer:
        """Post a message or event as WeChat does."""
        return await self.callback(*self.sealed(document))

    def opened(self, answer: Answer) -> str:
        """The XML of a passive reply, its signature checked; empty when there is none."""
        if answer.body in (b"", b"success"):
            return ""
        from_us = dict(_fields(answer.body.decode()))
        return self.safe.open_reply(
            encrypted=from_us["Encrypt"],
            msg_signature=from_us["MsgSignature"],
            timestamp=from_us["TimeStamp"],
            nonce=from_us["Nonce"],
        )

    def last_read(self) -> Any:
        """What the newest update was read as, in plain values; None when nothing came."""
        return msgspec.to_builtins(self.reception.came[-1].content) if self.reception.came else None

    def forget(self) -> None:
        """Begin a new count of what came."""
        self.reception.came.clear()
        self.reception.turns.clear()
        self.telegram.calls.clear()

    async def quiet(self) -> None:
        """Wait for everything that is under way in this loop."""
        async with asyncio.timeout(20):
            while under_way := [task for task in asyncio.all_tasks() if _is_ours(task)]:
                await asyncio.wait(under_way)

    async def retries(self, *, later: timedelta = timedelta(hours=1)) -> int:
        """Try failed updates again, as a worker does some time later."""
        real_now = datetime.now(UTC) + later
        return await asyncio.to_thread(
            retry_due, self.db, self.reception.house, now=self.clock.now(), real_now=real_now, most=1000
        )


@contextlib.asynccontextmanager
async def opened_house(db: Database) -> AsyncIterator[House]:
    """Open both doors on a database that holds the demo city; closed again in the end."""
    wire, clock, app = Wire(), Standing(NOW), FastAPI()
    house = build_house(public_url=HOUSE, zone="Asia/Shanghai", currency="CNY")
    reception = Watched(db, house, clock)
    reception.came, reception.turns = [], []
    telegram = TelegramSimulator(BOT_TOKEN, transport=wire)
    wechat = WeChatSimulator(APPID, APP_SECRET, TOKEN, AES_KEY, original_id=ACCOUNT_ID, transport=wire)
    wechat.habits.base_url = WECHAT
    for url, its_app in ((TELEGRAM, telegram.app()), (WECHAT, wechat.app()), (HOUSE, app)):
        wire.connect(url, its_app)
    bot = TelegramParams(token=BOT_TOKEN, secret=BOT_SECRET, public_url=HOUSE, api_base=TELEGRAM)
    official = WeChatParams(
        appid=APPID, secret=APP_SECRET, token=TOKEN, aes_key=AES_KEY, api_base=WECHAT, reply_seconds=_PATIENCE
    )
    opened = House(
        db,
        app,
        reception,
        telegram,
        wechat,
        open_telegram(bot, reception, wire),
        open_wechat(official, reception, None, wire),
        clock,
    )
    app.include_router(opened.telegram_door.router)
    app.include_router(opened.wechat_door.router)
    logging.getLogger().addHandler(opened.troubles)
    try:
        yield opened
    finally:
        logging.getLogger().removeHandler(opened.troubles)
        await opened.telegram_door.stop()
        await opened.wechat_door.stop()
        await telegram.stop()
        await wechat.stop()


def a_message(person_id: int, text: str) -> dict[str, object]:
    """A private message of Telegram with words in it."""
    sender = {"id": person_id, "is_bot": False, "first_name": "Ming", "language_code": "zh-hans"}
    chat = {"id": person_id, "type": "private", "first_name": "Ming"}
    return {"message_id": secrets.randbits(30), "date": 1_795_226_400, "from": sender, "chat": chat, "text": text}


def a_text(openid: str, text: str, *, msg_id: int | None = None) -> str:
    """A text message of WeChat."""
    return render(
        {
            "ToUserName": ACCOUNT_ID,
            "FromUserName": openid,
            "CreateTime": int(time.time()),
            "MsgType": "text",
            "Content": text,
            "MsgId": msg_id or secrets.randbits(53),
        }
    )


def envelope(encrypted: str) -> bytes:
    """The body of a callback in safe mode."""
    return render({"ToUserName": ACCOUNT_ID, "Encrypt": encrypted}).encode()


def _is_ours(task: asyncio.Task[Any]) -> bool:
    """Whether this is neither the test itself nor what runs it."""
    code = getattr(task.get_coro(), "cr_code", None)
    return task is not asyncio.current_task() and code is not None and "anyio" not in code.co_filename


def _fields(document: str) -> list[tuple[str, str]]:
    return [(one.tag, one.text or "") for one in parse(document)]
