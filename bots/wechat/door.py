"""The WeChat door: callbacks come in sealed, answers go out as passive replies or customer-service messages."""

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import httpx
from fastapi import APIRouter, Request, Response
from prometheus_client import Counter
from redis.asyncio import Redis
from starlette.background import BackgroundTask
from wechatpy.crypto import WeChatCrypto

from bots.wechat.answering import Answers, Reply
from bots.wechat.client import FAILURES, AsyncWeChatClient, delivery_of, open_http
from bots.wechat.params import WeChatParams
from bots.wechat.reading import Read, read_message
from bots.wechat.sealing import Forged, Seal, Unreadable
from bots.wechat.showing import Passive, merge, parts_of
from bots.wechat.tokens import SharedToken, Tokens
from bots.wechat.words import MENU
from core import files
from core.db import DatabaseError
from core.errors import BookingError
from dialogs.incoming import Incoming
from dialogs.outgoing import Delivery, Later, Outgoing, Refused, Sent
from dialogs.reception import Reception
from dialogs.turn import Turn

MOST_BODY = 64 * 1024
MOST_PICTURE = 8 * 1024 * 1024
_PICTURE_HOSTS = ("mmbiz.qpic.cn", "mmecoa.qpic.cn", "wx.qlogo.cn")
_DRAIN_SECONDS = 5.0
_DATABASE_PAUSES = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0)

_log = logging.getLogger(__name__)
_CALLBACKS = Counter("menling_wechat_callbacks", "Callbacks of WeChat by what became of them", ["outcome"])


class WeChatDoor:
    """The door of one official account; `router` takes its callbacks."""

    channel = "wechat"
    pace = None

    def __init__(
        self,
        params: WeChatParams,
        reception: Reception,
        redis: Redis | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._params = params
        self._reception = reception
        self._seal = Seal(params.token, WeChatCrypto(params.token, params.aes_key, params.appid))
        self._http = open_http(transport)
        shared = SharedToken(redis, f"menling:wechat:{params.appid}:token")
        self._client = AsyncWeChatClient(params, self._http, Tokens(params, self._http, shared))
        self._answers = Answers()
        self._background: set[asyncio.Task[Any]] = set()
        self.router = APIRouter()
        self.router.add_api_route("/wechat/{account}", self._verify, methods=["GET"], include_in_schema=False)
        self.router.add_api_route("/wechat/{account}", self._callback, methods=["POST"], include_in_schema=False)

    async def start(self) -> None:
        """Put the menu below the chat where the account may have one; a refusal is logged, not raised."""
        if not self._params.capabilities.menu:
            return
        try:
            await self._client.menu.create(MENU)
        except FAILURES as error:
            _log.warning("wechat menu not set", extra={"outcome": repr(delivery_of(error))})

    async def stop(self) -> None:
        """Give running turns a moment, hang up."""
        await self._answers.drain(seconds=_DRAIN_SECONDS)
        if self._background:
            await asyncio.wait(self._background, timeout=_DRAIN_SECONDS)
        await self._http.aclose()

    async def deliver(self, message: Outgoing) -> Delivery:
        """Hand one message to customer service; never raises for what WeChat can do."""
        outcome = await self._send(message, parts_of([message], tappable=self._params.tappable))
        if isinstance(outcome, Sent):
            await self._show_picture(message)
        return outcome

    async def fetch(self, account: str, ref: str) -> bytes:
        """Return the bytes of a picture a person sent; OSError when it cannot be had now or is above 8 MB."""
        media_id, _, address = ref.partition(" ")
        picture = await self._download_media(media_id) if media_id else None
        if picture is None and self._may_visit(address):
            picture = await self._download(address)
        if not picture or len(picture) > MOST_PICTURE:
            raise OSError("WeChat did not hand the picture over, or it is larger than 8 MB")
        return picture

    async def _verify(self, account: str, request: Request) -> Response:
        """Repeat the word WeChat's console sends when the address is entered."""
        query = request.query_params
        if account != self._params.account:
            return Response(status_code=404)
        try:
            self._seal.check_query(query, now=time.time())
        except Forged:
            return _done("forged", status=403)
        return _done("verified", query.get("echostr", "")[:256], media_type="text/plain")

    async def _callback(self, account: str, request: Request) -> Response:
        if account != self._params.account:
            return Response(status_code=404)
        try:
            self._seal.check_query(request.query_params, now=time.time())
            raw = await _body(request)
            read = read_message(self._seal.open(raw, request.query_params), account=account)
        except Forged:
            return _done("forged", status=403)
        except Unreadable:
            return _done("unreadable")
        if read.incoming is None:
            return _done("ignored")
        try:
            return await self._answer(read, read.incoming)
        except DatabaseError:
            return _done("database_down", status=503)

    async def _answer(self, read: Read, incoming: Incoming) -> Response:
        started = time.perf_counter()
        key = f"{read.openid}\n{incoming.external_id}"
        reply = await self._answers.answer(key, partial(self._turn, incoming), seconds=self._params.reply_seconds)
        taken_ms = round((time.perf_counter() - started) * 1000)
        _log.info("wechat callback", extra={"kind": type(incoming.content).__name__, "ms": taken_ms})
        if reply.text:
            sealed = self._seal.reply(reply.text, to=read.openid, account_id=read.account_id, now=time.time())
            response = _done("answered", sealed, media_type="application/xml")
        else:
            response = _done("empty")
        # Noted only when it has left: a crash before that leaves the words to the sender.
        response.background = BackgroundTask(self._after, reply)
        return response

    async def _after(self, reply: Reply) -> None:
        self._start_background(reply.after())

    async def _turn(self, incoming: Incoming, someone_waits: Callable[[], bool]) -> Reply:
        """Run the turn and return the passive reply; what comes too late for one goes by customer service."""
        try:
            turn = await self._receive(incoming, someone_waits)
        except DatabaseError:
            raise
        except Exception as error:  # noqa: BLE001  WeChat would show "out of service" to the person
            # No traceback: it could hold what the person wrote.
            _log.error("wechat callback failed", extra={"error": type(error).__name__})
            return Reply()
        if not turn.messages:
            return Reply()
        if not someone_waits():
            self._start_background(self._deliver_late(turn.messages))
            return Reply()
        passive = merge(turn.messages, tappable=self._params.tappable)
        return Reply(passive.text, partial(self._finish, passive))

    async def _receive(self, incoming: Incoming, someone_waits: Callable[[], bool]) -> Turn:
        """Run the turn; once WeChat has its empty answer it will not try again, so a lost database is waited for."""
        pauses = iter(_DATABASE_PAUSES)
        while True:
            try:
                return await self._reception.receive(incoming)
            except DatabaseError:
                pause = next(pauses, None)
                if someone_waits() or pause is None:
                    _log.error("wechat callback not taken", extra={"answered": not someone_waits()})
                    raise
                await asyncio.sleep(pause)

    async def _finish(self, passive: Passive) -> None:
        """Note what the reply showed; send what did not fit and the pictures by customer service, in order."""
        outcomes: list[tuple[int, Delivery]] = [(message.message_id, Sent()) for message in passive.shown]
        held: Delivery | None = None
        for message, texts in passive.left:
            outcome = held or await self._send(message, texts)
            held = outcome if isinstance(outcome, Later) else None
            outcomes.append((message.message_id, outcome))
        await self._note(outcomes)
        for message in passive.shown:
            await self._show_picture(message)

    async def _deliver_late(self, messages: Sequence[Outgoing]) -> None:
        """Send everything by customer service in as few messages as possible: each counts against the window."""
        outcome = await self._send(messages[0], parts_of(messages, tappable=self._params.tappable))
        await self._note([(message.message_id, outcome) for message in messages])
        if isinstance(outcome, Sent):
            for message in messages:
                await self._show_picture(message)

    async def _send(self, message: Outgoing, texts: Sequence[str]) -> Delivery:
        if not self._params.capabilities.kefu:
            return Refused("no customer service")
        outcome: Delivery = Sent()
        try:
            for text in texts:
                await self._client.message.send_text(message.external_id, text)
        except FAILURES as error:
            outcome = delivery_of(error)
        _log.info("wechat send", extra={"message_id": message.message_id, "outcome": type(outcome).__name__})
        return outcome

    async def _show_picture(self, message: Outgoing) -> None:
        """Send a message's picture after its words; one that cannot be shown is left out, the words stand alone."""
        file_id = message.body.photo_file_id
        if file_id is None or not self._params.capabilities.kefu:
            return
        try:
            mime, body = await self._reception.db.aread(lambda tx: files.body(tx, file_id))
            upload = (f"photo.{mime.rpartition('/')[2]}", body, mime)
            answer = await self._client.media.upload("image", upload)
            await self._client.message.send_image(message.external_id, answer["media_id"])
        except (BookingError, DatabaseError, KeyError, *FAILURES) as error:
            _log.warning("picture left out", extra={"file_id": file_id, "error": type(error).__name__})

    async def _note(self, outcomes: Sequence[tuple[int, Delivery]]) -> None:
        try:
            await self._reception.sent(outcomes)
        except DatabaseError:
            # The turn is kept and its leases run out: the sender repeats what could not be noted.
            _log.warning("deliveries not noted", extra={"messages": len(outcomes)})

    async def _download_media(self, media_id: str) -> bytes | None:
        try:
            body = await self._client.media.download(media_id)
        except FAILURES:
            return None
        return body if isinstance(body, bytes) else None

    async def _download(self, address: str) -> bytes:
        body = bytearray()
        try:
            async with self._http.stream("GET", address) as response:
                response.raise_for_status()
                async for chunk in response.aiter_bytes():
                    body += chunk
                    if len(body) > MOST_PICTURE:
                        break
        except httpx.HTTPError as error:
            raise OSError(f"WeChat did not hand the picture over: {type(error).__name__}") from None
        return bytes(body)

    def _may_visit(self, address: str) -> bool:
        """Tell whether an address is on WeChat's own picture hosts: what a message names is never visited blindly."""
        parts = urlsplit(address)
        allowed = (*_PICTURE_HOSTS, urlsplit(self._params.api_base).netloc)
        return parts.scheme in ("http", "https") and parts.netloc in allowed

    def _start_background(self, work: Coroutine[Any, Any, object]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)


def _done(outcome: str, content: str = "", *, status: int = 200, media_type: str = "text/plain") -> Response:
    _CALLBACKS.labels(outcome).inc()
    if outcome in ("forged", "unreadable", "database_down"):
        _log.warning("wechat callback refused", extra={"outcome": outcome})
    return Response(content, status_code=status, media_type=media_type)


async def _body(request: Request) -> bytes:
    """Return the raw body; raises Unreadable when it is larger than any callback of WeChat."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BODY:
            raise Unreadable("too large")
    return bytes(body)
