"""The Bot API over HTTP, and the hands of a test or a person around it."""

import inspect
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from simulators.bell import Bell
from simulators.clock import Clock
from simulators.faults import EVERY_CALL, Fault, FaultKind, FaultScript
from simulators.page import page_routes
from simulators.server import LOOPBACK, LocalServer
from simulators.telegram.about import ABOUT_METHODS
from simulators.telegram.errors import ApiError, bad_request, blocked, too_many_requests
from simulators.telegram.group import GroupChat
from simulators.telegram.limits import Floods, LimitGate, Limits
from simulators.telegram.methods import MESSAGE_METHODS
from simulators.telegram.page import TelegramPage
from simulators.telegram.params import Params, read_params
from simulators.telegram.person import Person
from simulators.telegram.settings import SETTINGS_METHODS
from simulators.telegram.state import Platform
from simulators.telegram.updates import Delivery, UpdateFeed, Webhook

_METHODS = {
    name.lower(): (name, method) for name, method in {**MESSAGE_METHODS, **SETTINGS_METHODS, **ABOUT_METHODS}.items()
}
_NOT_FOUND = ApiError(404, "Not Found")
_FILE = "file"
_ENDLESS_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the bot; `error_code` is None when it succeeded and 0 when the line was cut."""

    method: str
    params: Mapping[str, object]
    at: float
    error_code: int | None
    description: str = ""

    @property
    def ok(self) -> bool:
        """Whether Telegram did what was asked and said so."""
        return self.error_code is None


class TelegramSimulator:
    """A Bot API server for one bot, with people who chat with it."""

    def __init__(
        self,
        token: str = "700000001:simulated-bot-token",  # noqa: S107 - opens nothing but this simulator
        *,
        bot_name: str = "Menling",
        bot_username: str = "menling_bot",
        enforce_limits: bool = False,
        limits: Limits | None = None,
        press_lifetime: float = 30.0,
        first_retry: float = 0.1,
        webhook_timeout: float = 10.0,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.clock = Clock()
        self._bell = Bell()
        self._feed = UpdateFeed(
            self.clock, self._bell, first_retry=first_retry, webhook_timeout=webhook_timeout, transport=transport
        )
        self._feed.on_reply = self._perform_reply
        self._platform = Platform(token, bot_name, bot_username, self.clock, self._bell, self._feed, press_lifetime)
        self._faults = FaultScript()
        self._gate = LimitGate(limits or Limits()) if enforce_limits or limits is not None else None
        self._quiet_until: dict[int, float] = {}
        self._floods = Floods()
        self._server: LocalServer | None = None
        self.people: list[Person] = []
        self.groups: list[GroupChat] = []
        self.calls: list[Call] = []
        self.violations: list[str] = []

    async def start(self, port: int = 0, *, host: str = LOOPBACK) -> None:
        """Listen on `port`, or on a free one when it is 0."""
        self._server = LocalServer(self.app())
        await self._server.start(port, host=host)
        self._feed.open()

    def app(self) -> Starlette:
        """Return the Bot API as an app: to be served, or to be called in this process without `start`."""
        routes = [
            Route("/bot{token}/{method}", self._api, methods=["GET", "POST"]),
            Route("/file/bot{token}/{path:path}", self._file),
            *page_routes(TelegramPage(self)),
        ]
        return Starlette(routes=routes)

    async def stop(self) -> None:
        """Stop listening and posting; a later `start` goes on from there, as after an outage."""
        await self._feed.close()
        if self._server is not None:
            await self._server.stop()

    @property
    def token(self) -> str:
        """The bot's token."""
        return self._platform.token

    @property
    def base_url(self) -> str:
        """What a client takes for https://api.telegram.org; known once started."""
        if self._server is None:
            raise RuntimeError("the simulator has not been started")
        return self._server.url

    @property
    def deliveries(self) -> list[Delivery]:
        """Every try to post an update."""
        return self._feed.deliveries

    @property
    def webhook_url(self) -> str | None:
        """Where updates are posted; None when they are fetched."""
        return self._feed.webhook.url if self._feed.webhook else None

    def user(
        self,
        first_name: str = "Anna",
        *,
        language_code: str | None = "zh-hans",
        username: str | None = None,
        phone: str | None = None,
    ) -> Person:
        """Add a person with Telegram on the phone."""
        account = self._platform.add_account(
            first_name=first_name, language_code=language_code, username=username, phone=phone
        )
        person = Person(self._platform, account)
        self.people.append(person)
        self._bell.ring()
        return person

    def group(self, title: str = "Family") -> GroupChat:
        """Found a group that has the bot in it; nothing is told of it until somebody acts."""
        group = GroupChat(self._platform, self._platform.add_group(title))
        self.groups.append(group)
        self._bell.ring()
        return group

    def tells(self, kind: str, payload: dict[str, object], *, chat_id: int = 0) -> int | None:
        """Send the bot an update of any kind as it is written; None when the bot does not want the kind."""
        return self._feed.push(kind, chat_id, payload)

    def set_webhook(self, url: str, *, secret: str = "") -> None:
        """Set the webhook from outside, as a call of setWebhook would."""
        self._feed.set_webhook(Webhook(url, secret, 40), drop_pending=False)

    def fail_next(
        self,
        method: str,
        kind: str,
        times: int = 1,
        *,
        chat_id: int | None = None,
        retry_after: int = 1,
        seconds: float = 30.0,
        description: str = "",
    ) -> None:
        """Let the next calls of `method` ("*" for any, "file" for downloads) fail; a 400 for the reason `description`.

        Kinds: 400, 401, 403, 404, 409, 429, 500, 502, slow, reset, success_then_timeout; for files also endless.
        """
        if method not in (EVERY_CALL, _FILE) and method.lower() not in _METHODS:
            raise ValueError(f"the simulator knows no method {method!r}")
        why = description or _OF_METHOD.get(method.lower(), "")
        fault = Fault(FaultKind(kind), seconds=seconds, retry_after=retry_after, why=why)
        self._faults.plan(method, fault, times=times, subject=None if chat_id is None else str(chat_id))

    def flood(self, seconds: float, *, chat_id: int | None = None) -> None:
        """Refuse whatever is sent with 429 until the time is over: to one chat, or by the whole bot."""
        self._floods.begin(chat_id, until=self.clock.now() + seconds)

    def floods(self) -> dict[str, float]:
        """Seconds left of every flood, the whole bot's under "bot"."""
        return self._floods.left(now=self.clock.now())

    @property
    def waiting(self) -> int:
        """How many updates the bot has not taken yet."""
        return len(self._feed.pending)

    def planned_faults(self) -> list[tuple[str, str]]:
        """The failures still planned: (method, kind)."""
        return self._faults.planned()

    def advance(self, seconds: float) -> None:
        """Let time pass for everything Telegram forgets after a while."""
        self.clock.advance(seconds)

    def redeliver(self, update_id: int) -> None:
        """Post a delivered update once more, as Telegram does when it missed the answer; KeyError when unknown."""
        self._feed.push_again(self._feed.history[update_id])

    def last_update_of(self, chat_id: int) -> int | None:
        """The id of a chat's newest update; None when there was none."""
        return next((one.update_id for one in reversed(self._feed.history.values()) if one.chat_id == chat_id), None)

    async def settled(self, *, timeout: float = 15.0) -> None:  # noqa: ASYNC109 - part of the tests' language
        """Wait until the bot has taken every update; TimeoutError when it does not."""
        done = await self._bell.wait_for(lambda: None if self._feed.pending else True, timeout=timeout)
        if done is None:
            raise TimeoutError(f"{len(self._feed.pending)} updates are still waiting")

    def calls_of(self, method: str) -> list[Call]:
        """The calls of one method, oldest first."""
        return [call for call in self.calls if call.method.lower() == method.lower()]

    async def _api(self, request: Request) -> Response:
        if request.path_params["token"] != self.token:
            return _refused(ApiError(401, "Unauthorized"))
        known = _METHODS.get(request.path_params["method"].lower())
        if known is None:
            return _refused(_NOT_FOUND)
        try:
            params = await read_params(request)
        except ApiError as error:
            return _refused(error)
        return await self._answer(request, known[0], params)

    async def _answer(self, request: Request, method: str, params: Params) -> Response:
        at = self.clock.now()
        chat_id = params.text("chat_id")
        self._note_impatience(method, chat_id, at)

        async def proceed() -> Response:
            return await self._perform(method, params, at)

        fault = self._faults.take(method, subject=chat_id or None)
        if fault is None:
            return await proceed()
        if fault.kind is FaultKind.RESET:
            self._record(method, params, at, 0, "connection reset")
        played = await self._running().misbehave(request, fault, proceed)
        if played is not None:
            return played
        error = _fault_error(fault)
        if error.retry_after is not None and chat_id:
            self._quiet_until[int(chat_id)] = at + error.retry_after
        self._record(method, params, at, error.code, error.description)
        return _refused(error)

    async def _perform(self, method: str, params: Params, at: float) -> Response:
        try:
            self._check_limits(method, params)
            result = _METHODS[method.lower()][1](self._platform, params)
            if inspect.isawaitable(result):
                result = await result
        except ApiError as error:
            self._record(method, params, at, error.code, error.description)
            return _refused(error)
        self._record(method, params, at, None, "")
        return JSONResponse({"ok": True, "result": result})

    async def _perform_reply(self, response: httpx.Response) -> None:
        """Carry out the call that a webhook's answer holds, if it holds one; its result is not told to anybody."""
        scope = {"type": "http", "method": "POST", "query_string": b"", "headers": response.headers.raw}
        body = {"type": "http.request", "body": response.content, "more_body": False}

        async def receive() -> dict[str, object]:
            return body

        try:
            params = await read_params(Request(scope, receive))
        except ApiError:
            return
        known = _METHODS.get(params.text("method").lower())
        if known is not None:
            await self._perform(known[0], params, self.clock.now())

    def _check_limits(self, method: str, params: Params) -> None:
        if not params.text("chat_id").lstrip("-").isdecimal():
            return
        chat_id, now = params.integer("chat_id"), self.clock.now()
        wait = self._floods.retry_after(method, chat_id, now=now)
        if wait is None and self._gate is not None:
            wait = self._gate.retry_after(method, chat_id, now=now)
        if wait is not None:
            self._quiet_until[chat_id] = now + wait
            raise too_many_requests(wait)

    def _note_impatience(self, method: str, chat_id: str, at: float) -> None:
        quiet_until = self._quiet_until.get(int(chat_id), 0.0) if chat_id.lstrip("-").isdecimal() else 0.0
        if method.startswith(("send", "edit")) and at < quiet_until - 0.05:
            self.violations.append(f"{method} to {chat_id} came {quiet_until - at:.2f} s before retry_after was over")

    def _record(self, method: str, params: Params, at: float, error_code: int | None, description: str) -> None:
        self.calls.append(Call(method, params.values, at, error_code, description))
        self._bell.ring()

    def _running(self) -> LocalServer:
        if self._server is None:
            raise RuntimeError("the simulator has not been started")
        return self._server

    async def _file(self, request: Request) -> Response:
        if request.path_params["token"] != self.token:
            return _refused(ApiError(401, "Unauthorized"))
        fault = self._faults.take(_FILE)
        if fault is None:
            return await self._stored(request)
        if fault.kind is FaultKind.ENDLESS:
            return StreamingResponse(_zeros(), media_type="application/octet-stream")

        async def proceed() -> Response:
            return await self._stored(request)

        played = await self._running().misbehave(request, fault, proceed)
        return played if played is not None else _refused(_fault_error(fault))

    async def _stored(self, request: Request) -> Response:
        for stored in self._platform.files.values():
            if stored.path == request.path_params["path"]:
                return Response(stored.data, media_type="application/octet-stream")
        return _refused(_NOT_FOUND)


def _refused(error: ApiError) -> Response:
    return JSONResponse(error.body(), status_code=error.code)


async def _zeros() -> AsyncIterator[bytes]:
    for _ in range(_ENDLESS_BYTES // 65_536):
        yield bytes(65_536)


_OF_METHOD = {"sendinvoice": "PAYMENT_PROVIDER_INVALID"}
"""What a method is refused for before anything else, where that is not the chat."""
_FAULTS = {
    FaultKind.BAD_REQUEST: bad_request("chat not found"),
    FaultKind.UNAUTHORIZED: ApiError(401, "Unauthorized"),
    FaultKind.FORBIDDEN: blocked(),
    FaultKind.NOT_FOUND: _NOT_FOUND,
    FaultKind.CONFLICT: ApiError(
        409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    ),
    FaultKind.BAD_GATEWAY: ApiError(502, "Bad Gateway"),
}


def _fault_error(fault: Fault) -> ApiError:
    if fault.kind is FaultKind.TOO_MANY_REQUESTS:
        return too_many_requests(fault.retry_after)
    if fault.kind is FaultKind.BAD_REQUEST and fault.why:
        return bad_request(fault.why)
    return _FAULTS.get(fault.kind) or ApiError(500, "Internal Server Error")
