"""The Telegram door: updates come in by webhook or polling, messages and pictures go through aiogram's client."""

import asyncio
import hmac
import logging
import time
from collections.abc import Coroutine, Mapping
from typing import Any

import aiohttp
import httpx
import msgspec
from aiogram.exceptions import AiogramError, TelegramUnauthorizedError
from fastapi import APIRouter, Request, Response
from prometheus_client import Counter, Histogram
from starlette.routing import Route

from bots.telegram.bills import Bills
from bots.telegram.delivering import Delivering
from bots.telegram.health import Health
from bots.telegram.in_turn import InTurn
from bots.telegram.keyboards import unlinked
from bots.telegram.menus import Menus
from bots.telegram.params import TelegramParams
from bots.telegram.polling import poll
from bots.telegram.reading import ALLOWED_UPDATES, Came, Read, came_in
from bots.telegram.returning import came_back
from bots.telegram.sending import best_effort, open_bot
from bots.telegram.standing import Standing, is_about_orders
from bots.telegram.tracking import Tracking
from bots.telegram.words import words_for
from core import files, tracing
from core.db import DatabaseError
from core.errors import BookingError
from core.files.pictures import MOST_BYTES
from dialogs.incoming import Press
from dialogs.outgoing import Delivery, Later, Outgoing, Pace, Sent, Trouble, read_token
from dialogs.reception import Reception
from dialogs.turn import Turn

MOST_BODY = 256 * 1024
_SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  a header's name
_RETRY_SECONDS = 15.0
_DRAIN_SECONDS = 5.0
_OURS_SECONDS = 8.0
"""So long after its turn a message may still be begun here: its lease lasts 20 s and one call may take 10."""

_log = logging.getLogger(__name__)
_UPDATES = Counter("menling_telegram_updates", "Updates of Telegram by what became of them", ["outcome"])
_SEND_SECONDS = Histogram("menling_telegram_send_seconds", "Time Telegram took to take one message")


class TelegramDoor:
    """The door of one bot; `router` takes its webhook, at the route `callback`."""

    channel = "telegram"
    pace = Pace(per_second=29.7, per_chat_second=0.97, burst=6)
    """A little under 30 a second over the whole bot and 1 a second to one chat (core.telegram.org/bots/faq)."""

    def __init__(
        self, params: TelegramParams, reception: Reception, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._params = params
        self._reception = reception
        self._bot = open_bot(params, transport)
        self._health = Health()
        self._standing = Standing(self._bot, params.account, reception)
        self._delivering = Delivering(self._bot, self._start_background, self._health, self._standing.moved_on)
        self._tracking = Tracking(self._bot, params.account, reception, self._start_background)
        self._bills = Bills(
            self._bot, params.account, params.provider_token, reception, self._health, alone=params.bills_alone
        )
        self._menus = Menus(self._bot)
        self._in_turn = InTurn()
        self._background: set[asyncio.Task[Any]] = set()
        self._poller: asyncio.Task[None] | None = None
        self._leaving = False
        self._left = False
        # A plain route: what FastAPI does for an endpoint's arguments costs more than the rest of the webhook.
        self.callback = Route("/telegram/{bot}", self._webhook, methods=["POST"], include_in_schema=False)
        self.router = APIRouter(routes=[self.callback])

    async def start(self) -> None:
        """Tell Telegram where updates go, or fetch them; goes on trying while it is away. ValueError when refused."""
        try:
            await self._register()
        except TelegramUnauthorizedError:
            raise ValueError("Telegram does not know this token: take a new one from BotFather") from None
        except AiogramError as error:
            self._health.not_received(error)
            self._start_background(self._register_later())
        if self._params.polling:
            self._poller = asyncio.create_task(
                poll(self._bot, self._fetched, self._health, account=self._params.account)
            )

    async def stop(self) -> None:
        """Take no more, give what is under way a moment, hang up."""
        self._leaving = True
        if self._poller is not None:
            self._poller.cancel()
            await asyncio.gather(self._poller, return_exceptions=True)
        await self._in_turn.drain(_DRAIN_SECONDS)
        if self._background:
            await asyncio.wait(self._background, timeout=_DRAIN_SECONDS)
        self._left = True
        for task in self._background:
            task.cancel()
        await self._bot.session.close()

    def health(self) -> Mapping[str, str | int | bool | None]:
        """Tell how the door stands with Telegram: "open", or a sentence that says what is wrong."""
        return {
            "state": self._health.state,
            "last_error": self._health.last_error,
            "webhook": not self._params.polling,
            "bills": bool(self._params.provider_token),
        }

    def troubles(self) -> Mapping[str, Trouble]:
        """Tell what an operator has to mend, by cause."""
        account = self._params.account
        return {
            f"telegram:{account}:{one}": Trouble(f"Telegram bot {account}: {said}")
            for one, said in self._health.troubles.items()
        }

    async def deliver(self, message: Outgoing) -> Delivery:
        """Hand one message to Telegram, its bill with it; never raises for what Telegram can do."""
        if self._left:
            return Later(_RETRY_SECONDS)
        if not await self._bills.owe(message):
            return Later(_RETRY_SECONDS)
        started = time.perf_counter()
        photo = await self._picture(message.body.photo_file_id)
        shown = msgspec.structs.replace(message, body=unlinked(message.body)) if self._params.bills_alone else message
        outcome = await self._delivering.deliver(shown, photo)
        _SEND_SECONDS.observe(time.perf_counter() - started)
        _log.info("telegram send", extra={"message_id": message.message_id, "outcome": type(outcome).__name__})
        if isinstance(outcome, Sent):
            self._start_background(self._bills.follow(message))
            if is_about_orders(message):
                self._start_background(self._standing.note(message, outcome.ref))
        return outcome

    async def end_positions(self) -> int:
        """Take away shared positions whose visit or time is over, and stop their maps; how many there were."""
        return await self._tracking.end_over()

    async def end_keyboards(self) -> int:
        """Take away buttons and bills whose order has moved on; how many there were."""
        return await self._standing.end_over()

    async def show_bills(self) -> int:
        """Show the bills that are owed beside their words; how many were tried."""
        return await self._bills.show_due() if self._params.bills_alone else 0

    async def fetch(self, account: str, ref: str) -> bytes:
        """Return the bytes of a picture a person sent; OSError when it cannot be had now or is above 8 MB."""
        try:
            picture = await self._download(ref)
        except (AiogramError, aiohttp.ClientError, httpx.HTTPError, TimeoutError) as error:
            # Named, not quoted: the client's own words hold the address, and that holds the bot's token.
            raise OSError(f"Telegram did not hand the picture over: {type(error).__name__}") from None
        if picture is None:
            raise OSError("the picture is larger than 8 MB")
        return picture

    async def _download(self, ref: str) -> bytes | None:
        file = await self._bot.get_file(ref)
        if (file.file_size or 0) > MOST_BYTES:
            return None
        url = self._bot.session.api.file_url(self._bot.token, file.file_path or "")
        body = bytearray()
        async for chunk in self._bot.session.stream_content(url, timeout=10):
            body += chunk
            if len(body) > MOST_BYTES:
                return None
        return bytes(body)

    async def _webhook(self, request: Request) -> Response:
        if request.path_params["bot"] != self._params.account:
            return Response(status_code=404)
        given = request.headers.get(_SECRET_HEADER, "")
        if self._params.polling or not hmac.compare_digest(given.encode(), self._params.secret.encode()):
            return _done("forged", status=403)
        if self._leaving:
            return _done("leaving", status=503)  # Telegram repeats it where somebody stays
        raw = await _body(request)
        if raw is None:
            return _done("too_large")
        came = came_in(raw, account=self._params.account)
        if came is None:
            return _done("unreadable")
        try:
            return _done(await self._handle(came))
        except DatabaseError:
            return _done("database_down", status=503)

    async def _fetched(self, came: Came) -> None:
        tracing.follow(None)
        _UPDATES.labels(await self._handle(came)).inc()

    async def _handle(self, came: Came) -> str:
        """Take one update and return what became of it; DatabaseError when it should come again."""
        started = time.perf_counter()
        try:
            outcome = await self._take(came.read)
        except DatabaseError:
            raise
        except Exception as error:  # noqa: BLE001  Telegram would repeat what we cannot take, and hold up the chat
            # No traceback: it could hold what the person wrote.
            _log.error("telegram update failed", extra={"update_id": came.update_id, "error": type(error).__name__})
            outcome = "failed"
        taken_ms = round((time.perf_counter() - started) * 1000)
        _log.info("telegram update", extra={"update_id": came.update_id, "outcome": outcome, "ms": taken_ms})
        return outcome

    async def _take(self, read: Read) -> str:
        """Do what the update asks for. Only what must be kept is waited for; what is to be shown follows."""
        self._answer_press(read)
        if read.checkout is not None:
            self._start_background(self._bills.answer(read.checkout))
            return "checkout"
        if read.paid is not None:
            return await self._bills.book(read.paid)
        if read.back is not None:
            return await came_back(self._reception, account=self._params.account, sender=read.back)
        if read.group is not None or read.moved is not None:
            self._meet_group(read)
            return "group"
        if read.ping is not None and await self._tracking.take(read.ping, first=read.incoming is not None):
            return "position"
        if read.incoming is None:
            return "ignored"
        turn = await self._reception.receive(read.incoming)
        self._show(read, turn, chat=read.incoming.sender)
        return "repeat" if turn.repeat else "taken"

    def _answer_press(self, read: Read) -> None:
        """Stop the button's clock at once, before the turn; an overtaken one says so."""
        if read.press_id is None:
            return
        stale = read.incoming is not None and read.pressed_on is not None
        stale = stale and self._delivering.memory.is_stale(_chat(read), read.pressed_on or 0)
        words = words_for(read.lang).stale if stale else None
        self._start_background(best_effort(self._bot.answer_callback_query(read.press_id, text=words), "answer press"))

    def _show(self, read: Read, turn: Turn, *, chat: str) -> None:
        """Begin to show what the turn came to, after everything shown to this chat before."""
        came_at = time.monotonic()
        if turn.messages or turn.held:
            self._in_turn.add(chat, lambda: self._deliver_turn(read, turn, came_at))
        if not turn.repeat and not turn.forgotten:
            menu = self._menus.show_to(chat, turn.person_id, self._reception.db, platform_lang=read.lang)
            self._start_background(menu)

    async def _deliver_turn(self, read: Read, turn: Turn, came_at: float) -> None:
        outcomes: list[tuple[int, Delivery]] = []
        for message in (*turn.held, *turn.messages):
            before = outcomes[-1][1] if outcomes else None
            if isinstance(before, Later):
                outcome: Delivery = before  # what Telegram asks to hold back holds back what follows
            elif pause := self._delivering.memory.pause_of(int(message.external_id)):
                outcome = Later(pause)  # as what went before it; after a 429 each call more is held against us
            elif message.behind is not None and not self._delivering.memory.was_told(message.behind):
                outcome = Later(0.0)  # what was said before it waits for the sender, or another process has it
            elif time.monotonic() - came_at > _OURS_SECONDS:
                outcome = Later(0.0)  # its lease would end on the way: the sender takes it from here
            else:
                outcome = await self.deliver(self._in_place(read, message))
            if isinstance(outcome, Later):  # what is answered next must not overtake it
                self._delivering.memory.pauses(int(message.external_id), outcome.seconds)
            outcomes.append((message.message_id, outcome))
        try:
            await self._reception.sent(outcomes)
        except DatabaseError:
            # The turn is kept and its leases run out: the sender repeats what could not be noted.
            _log.warning("deliveries not noted", extra={"messages": len(outcomes)})

    def _in_place(self, read: Read, message: Outgoing) -> Outgoing:
        """Let the answer to a press replace the prompt pressed, also where that prompt's id is not noted yet.

        It follows anew where an older message was pressed, or where a button would be lost that is still good.
        """
        on, memory, chat_id = read.pressed_on, self._delivering.memory, int(message.external_id)
        if message.kind != "prompt" or on is None:
            return message
        replaces = str(on) if message.replaces is None and memory.is_open(chat_id, on) else message.replaces
        if replaces != str(on) or memory.would_lose(chat_id, on, _place(read), message.body):
            replaces = None
        return msgspec.structs.replace(message, replaces=replaces)

    def _meet_group(self, read: Read) -> None:
        memory = self._delivering.memory
        if read.moved is not None:
            memory.group_moved(*read.moved)
        if read.group is not None and memory.is_new_group(read.group):
            words = self._bot.send_message(read.group, words_for(read.lang).group)
            self._start_background(best_effort(words, "refuse group"))

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
        await self._menus.show_to_everybody()
        self._health.received()
        _log.info("telegram is open", extra={"bot": me.id, "polling": self._params.polling})

    async def _register_later(self) -> None:
        while True:
            await asyncio.sleep(_RETRY_SECONDS)
            try:
                return await self._register()
            except AiogramError as error:
                self._health.not_received(error)

    def _start_background(self, work: Coroutine[Any, Any, object]) -> None:
        if self._left:
            work.close()
            return
        task = asyncio.get_running_loop().create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)


def _chat(read: Read) -> int:
    """Return the private chat an update came from; it has its person's id."""
    sender = read.incoming.sender if read.incoming is not None else ""
    return int(sender) if sender.isdecimal() else 0


def _place(read: Read) -> int | None:
    """Return the place of the button pressed."""
    content = None if read.incoming is None else read.incoming.content
    token = read_token(content.token) if isinstance(content, Press) else None
    return None if token is None else token[1]


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
