"""The WeChat door: callbacks come in sealed, answers go out as passive replies, the rest by the ways WeChat allows."""

import asyncio
import logging
import platform
import time
from collections.abc import Callable, Coroutine, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

import httpx
import msgspec
from fastapi import APIRouter, Request, Response
from prometheus_client import Counter, Histogram
from redis.asyncio import Redis
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from bots.wechat.answering import Answers, Reply
from bots.wechat.callbacks import Plain, body_of, query_of
from bots.wechat.client import AsyncWeChatClient, open_http
from bots.wechat.fetching import fetch_picture
from bots.wechat.in_time import DatabaseLook, LoopWatch, is_heard
from bots.wechat.menus import Menus
from bots.wechat.noticing import Notices
from bots.wechat.params import WeChatParams
from bots.wechat.paying import PayLinks
from bots.wechat.pushing import KEFU, Pusher
from bots.wechat.reading import Read, read_message
from bots.wechat.sealing import Forged, Seal, Unreadable
from bots.wechat.showing import Passive, merge, parts_of, together, with_held
from bots.wechat.tokens import SharedToken, Tokens
from bots.wechat.troubles import in_words
from core.db import DatabaseError
from core.messages import Template
from core.messages.answering import PASSIVE
from core.windows import Line, Trigger
from dialogs.incoming import Incoming
from dialogs.outgoing import Delivery, Held, Later, Outgoing, Sent, Trouble
from dialogs.reception import Reception
from dialogs.turn import Turn

_DRAIN_SECONDS = 5.0
_HANGS_UP_SECONDS = 5.2
_TOO_LATE_SECONDS = 3.0
"""So long a callback may have lain unseen: what came earlier is left to WeChat's next try, unread."""
_KEPT_SECONDS = 20.0
_LEASE_OVER_SECONDS = 0.05
_MOST_LATE = 8
"""So many late answers are pushed at once; a push costs more than a turn, and would make all others late."""
_PRESSED_SECONDS = 0.25
_DATABASE_PAUSES = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0)

_log = logging.getLogger(__name__)
_CALLBACKS = Counter("menling_wechat_callbacks", "Callbacks of WeChat by what became of them", ["outcome"])
_REPLY_SECONDS = Histogram(
    "menling_wechat_reply_seconds",
    "From a callback's arrival to its answer",
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 4.0, 5.0),
)
_LATE = Counter("menling_wechat_late_turns", "Turns that were not done in time for a passive reply")


class WeChatDoor:
    """The door of one official account; `router` takes its callbacks, most of them at the route `callback`."""

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
        self._seal = Seal(token=params.token, aes_key=params.aes_key, appid=params.appid)
        self._http = open_http(transport)
        shared = SharedToken(redis, f"menling:wechat:{params.appid}:token")
        tokens = Tokens(params, self._http, shared)
        self._client = AsyncWeChatClient(params.appid, params.secret, params.api_base, self._http, tokens)
        self._pusher = Pusher(params, self._client, reception, on_sent=self._after_push)
        self._menus = Menus(
            self._client,
            reception.db,
            redis,
            appid=params.appid,
            account=params.account,
            tags=params.capabilities.menu and params.capabilities.tags,
        )
        self._notices = Notices(params.account, reception)
        self._links = PayLinks(params, reception.db, self._http) if params.capabilities.oauth else None
        self._answers = Answers()
        self._watch = LoopWatch()
        self._late = 0
        self._elsewhere: set[str] = set()
        self._database = DatabaseLook(reception)
        self._background: set[asyncio.Task[Any]] = set()
        self.router = APIRouter(include_in_schema=False)
        # Plain routes: what a framework does to an endpoint's arguments costs more than opening the seal.
        self.router.add_route("/wechat/{account}", self._verify, methods=["GET"], include_in_schema=False)
        self.callback = Route("/wechat/{account}", Plain(self._callback), methods=["POST"], include_in_schema=False)
        self.router.routes.append(self.callback)
        if self._links is not None:
            self.router.include_router(self._links.router)

    async def start(self) -> None:
        """Put the menus below the chat where the account may have them; a refusal is logged, not raised."""
        self._watch.start()
        if self._params.capabilities.menu:
            await self._menus.put_up()

    async def stop(self) -> None:
        """Give running turns a moment, hang up."""
        await self._answers.drain(seconds=_DRAIN_SECONDS)
        if self._background:
            await asyncio.wait(self._background, timeout=_DRAIN_SECONDS)
        self._watch.stop()
        await self._http.aclose()

    def health(self) -> Mapping[str, str | int | bool | None]:
        """Return what the house shows of this door: whether WeChat can be spoken to, and what it refuses us."""
        return {
            "state": self._client.trouble or "open",
            "customer_service": self._params.capabilities.kefu,
            "refused": ", ".join(self._pusher.resting),
        }

    def troubles(self) -> Mapping[str, Trouble]:
        """Tell what an operator has to mend, by cause."""
        refused, no_token = self._pusher.refused(self._reception.clock.now()), self._client.no_token
        return in_words(self._params.account, platform.node(), no_token=no_token, refused=refused)

    async def deliver(self, message: Outgoing) -> Delivery:
        """Hand one message over by the first way that is open; never raises for what WeChat can do."""
        message = self._linked(message)
        try:
            outcome = await self._pusher.push(message, parts_of([message], tappable=self._params.tappable))
        except DatabaseError:
            return Later(5.0)
        if isinstance(outcome, Sent):
            await self._pusher.show_picture(message)
        return outcome

    async def fetch(self, account: str, ref: str) -> bytes:
        """Return the bytes of a picture a person sent; OSError when it cannot be had now or is above 8 MB."""
        return await fetch_picture(ref, self._client, self._http, api_base=self._params.api_base)

    async def _verify(self, request: Request) -> Response:
        """Repeat the word WeChat's console sends when the address is entered."""
        query = query_of(request.scope)
        if request.path_params["account"] != self._params.account:
            return Response(status_code=404)
        try:
            self._seal.check_query(query, now=time.time())
        except Forged:
            return _done("forged", status=403)
        return _done("verified", query.get("echostr", "")[:256], media_type="text/plain")

    async def _callback(self, scope: Scope, receive: Receive, send: Send) -> None:
        came_at = time.perf_counter() - self._watch.waited()
        if scope["path_params"]["account"] != self._params.account:
            return await Response(status_code=404)(scope, receive, send)
        answer, reply = await self._answered(scope, receive, came_at)
        heard = reply is not None and reply.then is not None and await is_heard(scope, receive, came_at)
        await answer(scope, receive, send)
        # Noted only when it has left, and can have been heard: otherwise it is the next try's, or the sender's.
        if heard and reply is not None:
            self._start_background(reply.after())
        return None

    async def _answered(self, scope: Scope, receive: Receive, came_at: float) -> tuple[Response, Reply | None]:
        """Return what to answer to one callback, and the reply in it that is to be noted once it has left."""
        try:
            query = query_of(scope)
            self._seal.check_query(query, now=time.time())
            if self._watch.waited() > _TOO_LATE_SECONDS:
                return await self._silence("left", came_at), None
            read = read_message(self._seal.open(await body_of(receive), query), account=self._params.account)
        except Forged:
            return _done("forged", status=403), None
        except Unreadable:
            return _done("unreadable"), None
        try:
            if read.notice is not None:
                await self._notices.take(read.openid, read.notice)
                return _done("noticed"), None
            if read.incoming is None:
                return _done("ignored"), None
            return await self._answer(read, read.incoming, came_at)
        except DatabaseError:
            return await self._silence("database_down", came_at), None

    async def _silence(self, outcome: str, came_at: float) -> Response:
        """Only silence makes WeChat tell us again; a status it shows the person as "out of service", and forgets."""
        await asyncio.sleep(max(0.0, _HANGS_UP_SECONDS - (time.perf_counter() - came_at)))
        return _done(outcome, status=503)

    async def _answer(self, read: Read, incoming: Incoming, came_at: float) -> tuple[Response, Reply]:
        key = f"{read.openid}\n{incoming.external_id}"
        left = self._params.reply_seconds - (time.perf_counter() - came_at) - self._watch.round
        reply = await self._answers.answer(key, partial(self._turn, incoming), seconds=max(0.0, left))
        if reply is None:
            # An empty answer is the last word: it is given only where the update is being kept.
            await self._database.check()
            if incoming.external_id in self._elsewhere:
                return await self._silence("elsewhere", came_at), Reply()  # its lease ends while the next try waits
            reply = Reply()
        taken = time.perf_counter() - came_at
        _REPLY_SECONDS.observe(taken)
        _log.info("wechat callback", extra={"kind": type(incoming.content).__name__, "ms": round(taken * 1000)})
        if not reply.text:
            return _done("empty"), reply
        sealed = self._seal.reply(reply.text, to=read.openid, account_id=read.account_id, now=time.time())
        return _done("answered", sealed, media_type="application/xml"), reply

    async def _turn(self, incoming: Incoming, someone_waits: Callable[[], bool]) -> Reply:
        """Run the turn and return the passive reply; what comes too late for one goes by another way."""
        try:
            turn = await self._receive(incoming, someone_waits)
            self._database.answered()
        except DatabaseError:
            raise
        except Exception as error:  # noqa: BLE001  WeChat would show "out of service" to the person
            # No traceback: it could hold what the person wrote.
            _log.error("wechat callback failed", extra={"error": type(error).__name__})
            return Reply()
        messages = tuple(self._linked(one) for one in turn.messages)
        held = tuple(self._linked(one) for one in turn.held)
        if not messages and not held:
            return Reply(stands=turn.elsewhere_until is None)
        if not someone_waits():
            _LATE.inc()
            if self._late < _MOST_LATE:  # when their leases end the sender has the others
                self._late += 1
                self._start_background(self._deliver_late(messages, held))
            return Reply()
        passive = with_held(merge(messages, tappable=self._params.tappable), held, tappable=self._params.tappable)
        return Reply(passive.text, partial(self._finish, passive, held, incoming))

    async def _receive(self, incoming: Incoming, someone_waits: Callable[[], bool]) -> Turn:
        """Run the turn; once WeChat has its empty answer it will not try again, so a lost database is waited for."""
        pauses = iter(_DATABASE_PAUSES)
        while True:
            try:
                turn = await self._reception.receive(incoming)
                if turn.elsewhere_until is None:
                    return turn
                await self._wait_for(incoming.external_id, turn.elsewhere_until)
                if not someone_waits():
                    return turn  # taken now it would be kept from the try that does wait, perhaps in another process
            except DatabaseError:
                pause = next(pauses, None)
                if someone_waits() or pause is None:
                    _log.error("wechat callback not taken", extra={"answered": not someone_waits()})
                    raise
                await asyncio.sleep(pause)

    async def _wait_for(self, external_id: str, until: datetime) -> None:
        """Wait until another door's lease of the answer ends: WeChat asks again because that door died, or is late."""
        self._elsewhere.add(external_id)
        try:
            await asyncio.sleep(max(0.0, (until - datetime.now(UTC)).total_seconds()) + _LEASE_OVER_SECONDS)
        finally:
            self._elsewhere.discard(external_id)

    async def _finish(self, passive: Passive, held: Sequence[Outgoing], incoming: Incoming) -> None:
        """Note what the reply showed, then send what did not fit and the pictures, in order."""
        # What had waited is found by this number should the reply be asked for again.
        refs = dict.fromkeys((one.message_id for one in held), incoming.external_id)
        await self._note([(one.message_id, Sent(refs.get(one.message_id), how=PASSIVE)) for one in passive.shown])
        for message in passive.shown:
            _log.info("wechat send", extra={"message_id": message.message_id, "outcome": "Sent", "how": PASSIVE})
        outcomes: list[tuple[int, Delivery]] = []
        stopped: Delivery | None = None
        for message, texts in await self._still_ours(passive.left):
            outcome = stopped or await self._push(message, texts)
            stopped = outcome if isinstance(outcome, Later) else None
            outcomes.append((message.message_id, outcome))
        await self._note([*outcomes, *await self._push_together(passive.waiting)])
        for message in passive.shown:
            await self._pusher.show_picture(message)
        if self._watch.waited() < _PRESSED_SECONDS:
            lang, person_id = (passive.shown[-1].lang, passive.shown[-1].person_id) if passive.shown else ("zh-Hans", 0)
            forgotten = incoming.allows == Trigger.FOLLOW
            await self._menus.look(incoming.sender, lang, person_id=person_id, forgotten=forgotten)

    async def _still_ours(
        self, left: Sequence[tuple[Outgoing, tuple[str, ...]]]
    ) -> list[tuple[Outgoing, tuple[str, ...]]]:
        if not left:
            return []
        ours = await self._reception.keep([message for message, _ in left], seconds=_KEPT_SECONDS)
        kept = {message.message_id for message in ours}
        return [one for one in left if one[0].message_id in kept]

    async def _deliver_late(self, messages: Sequence[Outgoing], held: Sequence[Outgoing]) -> None:
        """Send everything in as few messages as possible: each counts against the window."""
        try:
            messages = await self._reception.keep(messages, seconds=_KEPT_SECONDS)
            if messages:
                outcome = await self._push(messages[0], parts_of(messages, tappable=self._params.tappable))
                await self._note([(message.message_id, outcome) for message in messages])
                if isinstance(outcome, Sent):
                    for message in messages:
                        await self._pusher.show_picture(message)
            await self._note(await self._push_together(held))
        finally:
            self._late -= 1

    async def _push_together(self, waiting: Sequence[Outgoing]) -> list[tuple[int, Delivery]]:
        """Send words that have waited long, and found no room in the reply, in one message; the rest waits on."""
        if not waiting:
            return []
        waiting = await self._reception.keep(waiting, seconds=_KEPT_SECONDS)
        if not waiting:
            return []
        text, many = together(waiting, tappable=self._params.tappable)
        texts = [text] if many else parts_of(waiting[:1], tappable=self._params.tappable)
        many = many or 1  # one too long for a message goes alone, in several
        outcome = await self._push(waiting[0], texts)
        if isinstance(outcome, Sent) and outcome.how != KEFU:
            many = 1  # a template speaks of one message alone
        rest = Held("no room") if isinstance(outcome, Sent) else outcome
        return [(one.message_id, outcome if nth < many else rest) for nth, one in enumerate(waiting)]

    async def _push(self, message: Outgoing, texts: Sequence[str]) -> Delivery:
        try:
            return await self._pusher.push(message, texts)
        except DatabaseError:
            return Later(5.0)

    def _linked(self, message: Outgoing) -> Outgoing:
        """Let links to pay lead by way of WeChat's login, where the account has it."""
        links, body = self._links, message.body
        if links is None or not any(button.pays for button in body.buttons):
            return message
        rows = tuple(
            tuple(
                msgspec.structs.replace(one, url=links.address(one.pays)) if one.pays and one.url else one
                for one in row
            )
            for row in body.rows
        )
        return msgspec.structs.replace(message, body=msgspec.structs.replace(body, rows=rows))

    def _after_push(self, line: Line, message: Outgoing) -> None:
        """See to the menu of whoever was written to: a technician just approved gets the technicians'."""
        anew = line.template == Template.APPLICATION_APPROVED
        who = message.person_id
        self._start_background(self._menus.look(message.external_id, message.lang, person_id=who, anew=anew))

    async def _note(self, outcomes: Sequence[tuple[int, Delivery]]) -> None:
        try:
            await self._reception.sent(outcomes)
        except DatabaseError:
            # The turn is kept and its leases run out: the sender repeats what could not be noted.
            _log.warning("deliveries not noted", extra={"messages": len(outcomes)})

    def _start_background(self, work: Coroutine[Any, Any, object]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)


def _done(outcome: str, content: str = "", *, status: int = 200, media_type: str = "text/plain") -> Response:
    _CALLBACKS.labels(outcome).inc()
    if outcome in ("forged", "unreadable", "left", "database_down"):
        level = logging.INFO if outcome == "forged" else logging.WARNING  # anybody can forge: that alarms nobody
        _log.log(level, "wechat callback refused", extra={"outcome": outcome})
    return Response(content, status_code=status, media_type=media_type)
