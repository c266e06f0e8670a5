"""The Telegram door: updates come in by webhook or polling, messages and pictures go through aiogram's client."""

import asyncio
import hmac
import logging
import time
from collections.abc import Coroutine
from typing import Any

import aiohttp
import httpx
from aiogram.exceptions import AiogramError, TelegramUnauthorizedError
from aiogram.types import BotCommand, Update
from fastapi import APIRouter, Request, Response
from prometheus_client import Counter
from pydantic import ValidationError

from bots.telegram.delivering import Delivering
from bots.telegram.params import TelegramParams
from bots.telegram.polling import poll
from bots.telegram.reading import ALLOWED_UPDATES, Read, read_update
from bots.telegram.sending import best_effort, open_bot
from bots.telegram.words import WORDS, words_for
from core import files
from core.db import DatabaseError
from core.errors import BookingError
from dialogs.outgoing import Delivery, Later, Outgoing, Pace
from dialogs.reception import Reception
from dialogs.turn import Turn

MOST_BODY = 256 * 1024
MOST_PICTURE = 8 * 1024 * 1024
_SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  a header's name
_RETRY_SECONDS = 15.0
_DRAIN_SECONDS = 5.0

_log = logging.getLogger(__name__)
_UPDATES = Counter("menling_telegram_updates", "Updates of Telegram by what became of them", ["outcome"])


class TelegramDoor:
    """The door of one bot; `router` takes its webhook."""

    channel = "telegram"
    pace = Pace(per_second=29.7, per_chat_second=0.97)

    def __init__(
        self, params: TelegramParams, reception: Reception, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._params = params
        self._reception = reception
        self._bot = open_bot(params, transport)
        self._delivering = Delivering(self._bot, self._start_background)
        self._background: set[asyncio.Task[Any]] = set()
        self._poller: asyncio.Task[None] | None = None
        self.router = APIRouter()
        self.router.add_api_route("/telegram/{bot}", self._webhook, methods=["POST"], include_in_schema=False)

    async def start(self) -> None:
        """Tell Telegram where updates go, or fetch them; goes on trying while it is away. ValueError when refused."""
        try:
            await self._register()
        except TelegramUnauthorizedError:
            raise ValueError("Telegram does not know this token: take a new one from BotFather") from None
        except AiogramError as error:
            _log.warning("telegram is away", extra={"error": type(error).__name__})
            self._start_background(self._register_later())
        if self._params.polling:
            self._poller = asyncio.create_task(poll(self._bot, self._handle))

    async def stop(self) -> None:
        """Stop fetching, give courtesies a moment, hang up."""
        if self._poller is not None:
            self._poller.cancel()
            await asyncio.gather(self._poller, return_exceptions=True)
        if self._background:
            await asyncio.wait(self._background, timeout=_DRAIN_SECONDS)
        for task in self._background:
            task.cancel()
        await self._bot.session.close()

    async def deliver(self, message: Outgoing) -> Delivery:
        """Hand one message to Telegram; never raises for what Telegram can do."""
        photo = await self._picture(message.body.photo_file_id)
        outcome = await self._delivering.deliver(message, photo)
        _log.info("telegram send", extra={"message_id": message.message_id, "outcome": type(outcome).__name__})
        return outcome

    async def fetch(self, account: str, ref: str) -> bytes:
        """Return the bytes of a picture a person sent; OSError when it cannot be had now or is above 8 MB."""
        try:
            picture = await self._download(ref)
        except (AiogramError, aiohttp.ClientError, TimeoutError) as error:
            # Named, not quoted: the client's own words hold the address, and that holds the bot's token.
            raise OSError(f"Telegram did not hand the picture over: {type(error).__name__}") from None
        if picture is None:
            raise OSError("the picture is larger than 8 MB")
        return picture

    async def _download(self, ref: str) -> bytes | None:
        file = await self._bot.get_file(ref)
        if (file.file_size or 0) > MOST_PICTURE:
            return None
        url = self._bot.session.api.file_url(self._bot.token, file.file_path or "")
        body = bytearray()
        async for chunk in self._bot.session.stream_content(url, timeout=10):
            body += chunk
            if len(body) > MOST_PICTURE:
                return None
        return bytes(body)

    async def _webhook(self, bot: str, request: Request) -> Response:
        if bot != self._params.account:
            return Response(status_code=404)
        given = request.headers.get(_SECRET_HEADER, "")
        if self._params.polling or not hmac.compare_digest(given.encode(), self._params.secret.encode()):
            return _done("forged", status=403)
        raw = await _body(request)
        if raw is None:
            return _done("too_large")
        try:
            update = Update.model_validate_json(raw)
        except ValidationError:
            return _done("unreadable")
        try:
            return _done(await self._handle(update))
        except DatabaseError:
            return _done("database_down", status=503)

    async def _handle(self, update: Update) -> str:
        """Take one update and return what became of it; DatabaseError when it should come again."""
        started = time.perf_counter()
        try:
            outcome = await self._take(read_update(update, account=self._params.account))
        except DatabaseError:
            raise
        except Exception as error:  # noqa: BLE001  Telegram would repeat what we cannot take, and hold up the chat
            # No traceback: it could hold what the person wrote.
            _log.error("telegram update failed", extra={"update_id": update.update_id, "error": type(error).__name__})
            outcome = "failed"
        taken_ms = round((time.perf_counter() - started) * 1000)
        _log.info("telegram update", extra={"update_id": update.update_id, "outcome": outcome, "ms": taken_ms})
        return outcome

    async def _take(self, read: Read) -> str:
        if read.press_id is not None:
            self._start_background(best_effort(self._bot.answer_callback_query(read.press_id), "answer press"))
        if read.group is not None:
            await self._refuse_group(read.group, read.lang)
            return "group"
        if read.incoming is None:
            return "ignored"
        turn = await self._reception.receive(read.incoming)
        await self._deliver_turn(turn)
        return "repeat" if turn.repeat else "taken"

    async def _deliver_turn(self, turn: Turn) -> None:
        outcomes: list[tuple[int, Delivery]] = []
        for message in turn.messages:
            before = outcomes[-1][1] if outcomes else None
            # What Telegram asks to hold back holds back what follows: the order of a chat is kept.
            outcome = before if isinstance(before, Later) else await self.deliver(message)
            outcomes.append((message.message_id, outcome))
        try:
            await self._reception.sent(outcomes)
        except DatabaseError:
            # The turn is kept and its leases run out: the sender repeats what could not be noted.
            _log.warning("deliveries not noted", extra={"messages": len(outcomes)})

    async def _refuse_group(self, chat_id: int, lang: str | None) -> None:
        if self._delivering.memory.is_new_group(chat_id):
            await best_effort(self._bot.send_message(chat_id, words_for(lang).group), "refuse group")

    async def _picture(self, file_id: int | None) -> bytes | None:
        if file_id is None:
            return None
        try:
            return (await self._reception.db.aread(lambda tx: files.body(tx, file_id)))[1]
        except (BookingError, DatabaseError) as error:
            _log.warning("picture left out", extra={"file_id": file_id, "error": type(error).__name__})
            return None

    async def _register(self) -> None:
        me = await self._bot.get_me()
        if self._params.polling:
            await self._bot.delete_webhook()
        else:
            await self._bot.set_webhook(
                self._params.webhook_url,
                secret_token=self._params.secret,
                allowed_updates=list(ALLOWED_UPDATES),
                max_connections=40,
            )
        for lang, code in (("en", None), ("zh-Hans", "zh")):
            commands = [BotCommand(command=name, description=line) for name, line in WORDS[lang].commands.items()]
            await self._bot.set_my_commands(commands, language_code=code)
        _log.info("telegram is open", extra={"bot": me.id, "polling": self._params.polling})

    async def _register_later(self) -> None:
        while True:
            await asyncio.sleep(_RETRY_SECONDS)
            try:
                return await self._register()
            except AiogramError as error:
                _log.warning("telegram is still away", extra={"error": type(error).__name__})

    def _start_background(self, work: Coroutine[Any, Any, object]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)


def _done(outcome: str, *, status: int = 200) -> Response:
    _UPDATES.labels(outcome).inc()
    if outcome in ("forged", "too_large", "unreadable", "database_down"):
        _log.warning("telegram update refused", extra={"outcome": outcome})
    return Response(status_code=status)


async def _body(request: Request) -> bytes | None:
    """Return the raw body; None when it is larger than any update of Telegram."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BODY:
            return None
    return bytes(body)
