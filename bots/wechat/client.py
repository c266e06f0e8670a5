"""WeChat's API from asyncio: wechatpy builds the calls, we carry them.

Of wechatpy's methods only those may be used that return what the call returned: message.send_text, message.send_image,
message.send_subscribe_message, menu.create, menu.add_conditional, menu.del_conditional, tag.tag_user, tag.untag_user,
media.upload, media.download. The others read the answer themselves and would find a coroutine: what we
need of those is written here by hand.
"""

import json
import logging
from collections.abc import Mapping
from typing import Any, Final

import httpx
from prometheus_client import Counter
from wechatpy import WeChatClient
from wechatpy.exceptions import WeChatClientException

from bots.wechat.tokens import TokenRefused, Tokens
from dialogs.outgoing import Delivery, Later, Refused, Unknown

CALL_SECONDS = 5.0
MOST_ANSWER: Final = 8 * 1024 * 1024
"""So much is read of an answer, a picture too; what is larger comes cut, a little above this."""

NO_MENU: Final = 46003
_BAD_TOKEN: Final = frozenset({40001, 40014, 42001})
_TOO_LONG: Final = 45002
_GONE: Final = {40003: "no such openid", 43004: "not a follower"}
_BUSY: Final = {-1: 5.0, 45011: 60.0}
_REASONS: Final = {
    40037: "no such template",
    43101: "no permit",
    _TOO_LONG: "too long",
    45009: "quota used up",
    45015: "window closed",
    45047: "window used up",
    47003: "field not taken",
    48001: "not granted",
    48004: "banned",
    48006: "quota not cleared",
}
_SAFE_TO_REPEAT: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)

# httpx tells every address at INFO, and WeChat's addresses carry the access token.
logging.getLogger("httpx").setLevel(logging.WARNING)
logging.getLogger("httpcore").setLevel(logging.WARNING)

_REFUSALS = Counter("menling_wechat_refusals", "Calls that WeChat refused, by its errcode", ["errcode"])


class AsyncWeChatClient(WeChatClient):  # type: ignore[misc]  # wechatpy has no types
    """A WeChatClient whose calls are awaited; a refused token is replaced once, and the call made once more."""

    def __init__(self, appid: str, secret: str, api_base: str, http: httpx.AsyncClient, tokens: Tokens) -> None:
        # auto_retry would fetch tokens without end when one is refused for good.
        super().__init__(appid, secret, auto_retry=False)
        self._http.close()
        self.API_BASE_URL = f"{api_base.rstrip('/')}/cgi-bin/"
        self._async_http = http
        self._tokens = tokens
        self.trouble = ""
        """Why WeChat cannot be spoken to at present, in a few words; empty when the last call came through."""
        self.no_token = 0
        """The errcode with which WeChat last gave no token; 0 once a call came through."""

    async def send_template(
        self, openid: str, template_id: str, data: Mapping[str, Any], *, url: str | None, number: str
    ) -> str:
        """Send a template message; the same `number` again within minutes is not shown twice. WeChat's number of it."""
        told = {"touser": openid, "template_id": template_id, "data": data, "client_msg_id": number}
        answer = await self.post("message/template/send", data=told | ({"url": url} if url else {}))
        return str(answer.get("msgid", "")) if isinstance(answer, dict) else ""

    async def menus(self) -> Mapping[str, Any]:
        """Return all menus as WeChat has them; empty where there is none yet."""
        try:
            answer = await self.get("menu/get")
        except WeChatClientException as error:
            if error.errcode == NO_MENU:
                return {}
            raise
        return answer if isinstance(answer, dict) else {}

    async def tags(self) -> dict[str, int]:
        """Return the account's tags: name to id."""
        answer = await self.get("tags/get")
        return {str(one["name"]): int(one["id"]) for one in answer.get("tags", ())}

    async def make_tag(self, name: str) -> int:
        """Make a tag and return its id."""
        answer = await self.post("tags/create", data={"tag": {"name": name}})
        return int(answer["tag"]["id"])

    async def _request(self, method: str, url_or_endpoint: str, **kwargs: Any) -> Any:
        try:
            answer = await self._answered(method, url_or_endpoint, **kwargs)
        except TokenRefused as error:
            self.trouble = "the token is refused"
            self.no_token = error.errcode
            raise
        except (httpx.HTTPError, ValueError):
            self.trouble = "wechat is away"
            raise
        errcode = errcode_in(answer)
        self.trouble = "the token is refused" if errcode in _BAD_TOKEN else ""
        self.no_token = errcode if errcode in _BAD_TOKEN else 0
        if errcode:
            _REFUSALS.labels(str(errcode)).inc()
            raise WeChatClientException(errcode, "refused", client=self)
        return answer

    async def _answered(self, method: str, url_or_endpoint: str, **kwargs: Any) -> Any:
        token = await self._tokens.get()
        answer = await self._carry(method, url_or_endpoint, token, **kwargs)
        if errcode_in(answer) in _BAD_TOKEN:
            _REFUSALS.labels(str(errcode_in(answer))).inc()
            token = await self._tokens.replace(token)
            answer = await self._carry(method, url_or_endpoint, token, **kwargs)
        return answer

    async def _carry(
        self,
        method: str,
        endpoint: str,
        token: str,
        *,
        params: dict[str, Any] | None = None,
        data: Any = None,
        files: Any = None,
        **_: Any,
    ) -> Any:
        """Make one call and return its JSON, or the bytes of a file; a file above MOST_ANSWER comes cut."""
        body = json.dumps(data, ensure_ascii=False).encode() if isinstance(data, dict) else data
        async with self._async_http.stream(
            method,
            f"{self.API_BASE_URL}{endpoint}",
            params={**(params or {}), "access_token": token},
            content=body,
            files=files,
            headers={"Content-Type": "application/json"} if body is not None else None,
        ) as response:
            response.raise_for_status()
            came = await read_capped(response)
        return json.loads(came) if came[:1] == b"{" else came


async def read_capped(response: httpx.Response) -> bytes:
    """Return the body of an open answer, read no further than a little above MOST_ANSWER bytes."""
    body = bytearray()
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > MOST_ANSWER:
            break
    return bytes(body)


def open_http(transport: httpx.AsyncBaseTransport | None = None) -> httpx.AsyncClient:
    """Return the HTTP client of a door: 5 s a call, 3 s of them to connect; a `transport` does without a network."""
    timeout = httpx.Timeout(CALL_SECONDS, connect=3.0)
    return httpx.AsyncClient(timeout=timeout, follow_redirects=False, transport=transport)


FAILURES: Final = (httpx.HTTPError, WeChatClientException, TokenRefused, ValueError)
"""What a call may raise."""


def errcode_of(error: Exception) -> int:
    """Return WeChat's errcode of a failed call, 0 when it gave none."""
    return int(error.errcode) if isinstance(error, WeChatClientException) else 0


def delivery_of(error: Exception) -> Delivery:
    """Return what a failed call means for its message."""
    match error:
        case WeChatClientException():
            return _of_errcode(int(error.errcode))
        case TokenRefused():
            return Later(60.0, everybody=True)
        case httpx.HTTPStatusError():
            return Later(5.0, everybody=True, away=True)
    if isinstance(error, _SAFE_TO_REPEAT):
        return Later(5.0, everybody=True, away=True)
    return Unknown(type(error).__name__)


def was_not_taken(error: Exception) -> bool:
    """Tell whether WeChat certainly did not take the message: it said so, or was never reached."""
    return isinstance(error, (WeChatClientException, TokenRefused, *_SAFE_TO_REPEAT))


def _of_errcode(errcode: int) -> Delivery:
    if errcode in _BUSY:
        return Later(_BUSY[errcode], everybody=True)
    if errcode in _BAD_TOKEN:
        return Later(60.0, everybody=True)
    if errcode in _GONE:
        return Refused(_GONE[errcode], gone=True, final=True)
    return Refused(_REASONS.get(errcode, f"errcode {errcode}"), final=errcode == _TOO_LONG)


def errcode_in(answer: Any) -> int:
    """Return the errcode inside an answer, 0 for none."""
    code = answer.get("errcode", 0) if isinstance(answer, dict) else 0
    return code if isinstance(code, int) else -1
