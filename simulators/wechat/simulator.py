"""The official-account platform over HTTP, and the hands of a test or a person around it."""

import asyncio
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from simulators.bell import Bell
from simulators.clock import Clock
from simulators.faults import EVERY_CALL, Fault, FaultKind, FaultScript
from simulators.images import image_type
from simulators.page import page_routes
from simulators.server import LOOPBACK, LocalServer
from simulators.tinypng import plain_png
from simulators.wechat.account_api import OPEN_CALLS, TOKEN_CALLS
from simulators.wechat.callback import Callback, Exchange, Mode
from simulators.wechat.calls import ApiCall, read_call
from simulators.wechat.errors import Refusal
from simulators.wechat.fan import OPENID_COOKIE, Fan, Habits
from simulators.wechat.page import WeChatPage
from simulators.wechat.quotas import Quotas
from simulators.wechat.state import OAuthCode, Platform, Template
from simulators.wechat.tokens import Tokens

_CALLS = {**OPEN_CALLS, **TOKEN_CALLS}


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the account; `errcode` is 0 when it succeeded and None when the line was cut."""

    path: str
    body: Mapping[str, object]
    at: float
    errcode: int | None


class WeChatSimulator:
    """The platform's side of one official account, with people who follow it."""

    def __init__(
        self,
        appid: str = "wx0123456789abcdef",
        secret: str = "simulated-app-secret",  # noqa: S107 - opens nothing but this simulator
        token: str = "simulated_token",  # noqa: S107 - opens nothing but this simulator
        encoding_aes_key: str = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
        *,
        original_id: str = "gh_0123456789ab",
        callback_url: str | None = None,
        mode: Mode = "safe",
        passive_timeout: float = 5.0,
        token_overlap: float = 0.0,
        bizmsgmenuid: bool = True,
        test_account: bool = False,
        taps_open_message_window: bool = False,
        oauth_domain: str | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.clock = Clock()
        self._bell = Bell()
        self._platform = Platform(
            appid,
            secret,
            original_id,
            self.clock,
            self._bell,
            Tokens(self.clock, overlap_seconds=token_overlap),
            Quotas(self.clock),
            is_test_account=test_account,
        )
        self._callback = Callback(
            self._platform,
            token=token,
            encoding_aes_key=encoding_aes_key,
            mode=mode,
            passive_timeout=passive_timeout,
            transport=transport,
        )
        self._callback.url = callback_url
        self.habits = Habits(
            bizmsgmenuid=bizmsgmenuid and not test_account, taps_open_message_window=taps_open_message_window
        )
        self._oauth_domain = oauth_domain
        self._faults = FaultScript()
        self._server: LocalServer | None = None
        self._telling: set[asyncio.Task[Exchange]] = set()
        self.fans: list[Fan] = []
        self.calls: list[Call] = []

    async def start(self, port: int = 0, *, host: str = LOOPBACK) -> None:
        """Listen on `port`, or on a free one when it is 0."""
        self._server = LocalServer(self.app())
        await self._server.start(port, host=host)
        self.habits.base_url = self._server.url

    def app(self) -> Starlette:
        """Return the platform as an app: to be served, or to be called in this process without `start`."""
        routes = [
            *(Route(path, self._api, methods=["GET", "POST"]) for path in _CALLS),
            Route("/connect/oauth2/authorize", self._authorize),
            Route("/cgi-bin/showqrcode", self._show_qrcode),
            Route("/mmbiz_pic/{name}/0", self._picture),
            *page_routes(WeChatPage(self)),
            Route("/simulator/open", self._open_link),
        ]
        return Starlette(routes=routes)

    async def stop(self) -> None:
        """Stop listening and calling."""
        for task in self._telling:
            task.cancel()
        await self._callback.close()
        if self._server is not None:
            await self._server.stop()

    @property
    def base_url(self) -> str:
        """What a client takes for https://api.weixin.qq.com; known once started."""
        if self._server is None:
            raise RuntimeError("the simulator has not been started")
        return self._server.url

    @property
    def callback_url(self) -> str | None:
        """The account's own address."""
        return self._callback.url

    @callback_url.setter
    def callback_url(self, url: str | None) -> None:
        self._callback.url = url

    @property
    def exchanges(self) -> list[Exchange]:
        """Every message and event told to the account, with its tries and its answer."""
        return self._callback.exchanges

    @property
    def violations(self) -> list[str]:
        """What the account did that the platform would hold against it."""
        return self._platform.violations

    @property
    def tokens_fetched(self) -> int:
        """How many different tokens were made."""
        return self._platform.tokens.fetched

    def fan(self, nickname: str = "小安") -> Fan:
        """Add a person with WeChat on the phone, who does not follow yet."""
        person = Fan(self._platform, self._callback, self.habits, self._platform.add_fan(nickname))
        self.fans.append(person)
        return person

    @property
    def template_ids(self) -> list[str]:
        """The templates taken from the library."""
        return list(self._platform.templates)

    def add_template(self, template_id: str, title: str, fields: Mapping[str, str]) -> None:
        """Take a template from the library: field keys (thing1, time2...) to their labels."""
        self._platform.templates[template_id] = Template(title, dict(fields))

    async def verify_callback(self) -> bool:
        """Whether the account's address answers the console's check."""
        return await self._callback.verify()

    def advance(self, hours: float) -> None:
        """Let hours pass for windows, tokens, media and codes."""
        self.clock.advance(hours * 3600)

    def invalidate_token(self) -> None:
        """Kill every access token."""
        self._platform.tokens.invalidate_all()

    def kefu_left(self, fan: Fan) -> int:
        """How many customer-service messages the account may still send to this person."""
        return fan.account.windows.left(now=self.clock.now())

    def fail_next(self, path: str, kind: int | str, times: int = 1, *, seconds: float = 30.0) -> None:
        """Let the next calls of `path` ("*" for any) fail: an errcode, slow, reset, success_then_timeout or "500"."""
        if path != EVERY_CALL and path not in _CALLS:
            raise ValueError(f"the simulator knows no {path!r}")
        if isinstance(kind, int):
            fault = Fault(FaultKind.ERRCODE, errcode=kind)
        else:
            fault = Fault(FaultKind(kind), seconds=seconds)
        self._faults.plan(path, fault, times=times)

    def revoke(self, name: str, *, for_misuse: bool = False) -> None:
        """Take a permission away (48001), or ban its misuse (48004): kefu, template, subscribe, menu, qrcode...

        ValueError when the platform knows no such permission.
        """
        self._platform.grants.revoke(name, for_misuse=for_misuse)

    def grant(self, name: str) -> None:
        """Give a permission back."""
        self._platform.grants.give(name)

    @property
    def revoked(self) -> list[str]:
        """Permissions the account does not have now."""
        return sorted(self._platform.grants.missing | self._platform.grants.banned)

    def limit(self, path: str, *, a_day: int | None = None, a_minute: int | None = None) -> None:
        """Set how often an API may be called before 45009 and 45011."""
        if a_day is not None:
            self._platform.quotas.a_day[path] = a_day
        if a_minute is not None:
            self._platform.quotas.a_minute[path] = a_minute

    def quota_left(self, path: str) -> int | None:
        """Calls of an API that are left today; None where nobody counts."""
        return self._platform.quotas.left(path)

    def templates_end_with(self, outcome: str) -> None:
        """What later events say of template messages: "success", "failed:user block" or "failed: system failed"."""
        self._platform.template_outcome = outcome

    def planned_faults(self) -> list[tuple[str, str]]:
        """The failures still planned: (path, kind)."""
        return self._faults.planned()

    def token_state(self) -> str:
        """How the access token stands, in a few words."""
        return self._platform.tokens.state()

    async def repeat(self, exchange: Exchange, *, times: int = 2, at_once: bool = False) -> list[Exchange]:
        """Tell the account the same several times more, in a row or all at once, without showing the answers."""
        return await self._callback.repeat(exchange, times=times, at_once=at_once)

    async def redeliver(self, exchange: Exchange) -> Exchange:
        """Tell the account the same message once more, as WeChat does when it missed the answer."""
        return await self._callback.deliver_again(exchange)

    async def settled(self) -> None:
        """Wait until the account has been told everything that followed from its own calls."""
        await asyncio.gather(*self._telling)

    def calls_of(self, path: str) -> list[Call]:
        """The calls of one path, oldest first."""
        return [call for call in self.calls if call.path == path]

    async def _api(self, request: Request) -> Response:
        at = self.clock.now()
        try:
            call = await read_call(request)
        except Refusal as refusal:
            return _answer(request.url.path, refusal.body())

        async def proceed() -> Response:
            return self._perform(call, at)

        fault = self._faults.take(call.path)
        if fault is None:
            return await proceed()
        if fault.kind is FaultKind.RESET:
            self._record(call, at, None)
        played = await self._running().misbehave(request, fault, proceed)
        if played is not None:
            return played
        if fault.kind is FaultKind.SERVER_ERROR:
            self._record(call, at, None)
            return PlainTextResponse("Internal Server Error", status_code=500)
        self._record(call, at, fault.errcode)
        return _answer(call.path, Refusal(fault.errcode).body())

    def _perform(self, call: ApiCall, at: float) -> Response:
        try:
            if call.path in TOKEN_CALLS:
                self._platform.tokens.check(call.query.get("access_token", ""))
            self._platform.grants.check(call.path)
            if call.path != "/cgi-bin/clear_quota":
                self._platform.quotas.spend(call.path)
            result = _CALLS[call.path](self._platform, call)
        except Refusal as refusal:
            self._record(call, at, refusal.errcode)
            return _answer(call.path, refusal.body())
        self._record(call, at, 0)
        self._tell_events()
        return result if isinstance(result, Response) else _answer(call.path, result)

    def _tell_events(self) -> None:
        events, self._platform.events = self._platform.events, []
        for fan, fields in events:
            if self._callback.url is not None:
                told = self._callback.deliver(fan, {"MsgType": "event"} | fields, answerable=False)
                task = asyncio.get_running_loop().create_task(told)
                self._telling.add(task)
                task.add_done_callback(self._telling.discard)

    def _record(self, call: ApiCall, at: float, errcode: int | None) -> None:
        self.calls.append(Call(call.path, call.body, at, errcode))
        self._bell.ring()

    async def _authorize(self, request: Request) -> Response:
        query = request.query_params
        openid = request.cookies.get(OPENID_COOKIE, "")
        redirect = query.get("redirect_uri", "")
        if openid not in self._platform.fans:
            return PlainTextResponse("请在微信客户端打开链接", status_code=400)
        if query.get("appid") != self._platform.appid or query.get("response_type") != "code":
            return PlainTextResponse("该链接无法访问", status_code=400)
        if query.get("scope") not in ("snsapi_base", "snsapi_userinfo") or "oauth" in self.revoked:
            return PlainTextResponse("Scope 参数错误或没有 Scope 权限", status_code=400)
        if self._oauth_domain not in (None, urlsplit(redirect).hostname):
            return PlainTextResponse("redirect_uri域名与后台配置不一致，错误码:10003", status_code=400)
        code = secrets.token_urlsafe(24)
        self._platform.codes[code] = OAuthCode(openid, query["scope"], self.clock.now())
        joined = "&" if urlsplit(redirect).query else "?"
        back = f"{redirect}{joined}{urlencode({'code': code, 'state': query.get('state', '')})}"
        return RedirectResponse(back, status_code=302)

    async def _open_link(self, request: Request) -> Response:
        """Open a link of a chat in this browser as the person: the cookie stands for WeChat's own browser."""
        response = RedirectResponse(request.query_params.get("url", "/"), status_code=302)
        response.set_cookie(OPENID_COOKIE, request.query_params.get("person", ""), samesite="lax")
        return response

    async def _show_qrcode(self, request: Request) -> Response:
        """The picture of a QR code; its dots mean nothing, `scans(scene)` is how one is scanned."""
        wanted = request.query_params.get("ticket", "")
        known = any(ticket.ticket == wanted for ticket in self._platform.tickets.values())
        if not known:
            return Response(status_code=404)
        return Response(plain_png(430, 430, colour=(20, 20, 20)), media_type="image/png")

    async def _picture(self, request: Request) -> Response:
        for media in self._platform.media.values():
            if media.public_name == request.path_params["name"]:
                return Response(media.data, media_type=image_type(media.data))
        return Response(status_code=404)

    def _running(self) -> LocalServer:
        if self._server is None:
            raise RuntimeError("the simulator has not been started")
        return self._server


def _answer(path: str, body: object) -> Response:
    # The web login answers JSON as plain text; the others name an odd charset parameter.
    media_type = "text/plain" if path.startswith("/sns/") else "application/json; encoding=utf-8"
    return Response(json.dumps(body, ensure_ascii=False).encode(), headers={"Content-Type": media_type})
