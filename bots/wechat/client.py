"""WeChat's API from asyncio: wechatpy builds the calls, we carry them.

Of wechatpy's methods only those may be used that return what the call returned: message.send_text,
message.send_image, menu.create, qrcode.create, media.upload, media.download. The others read the answer themselves
and would find a coroutine.
"""

import json
import logging
from typing import Any, Final

import httpx
from wechatpy import WeChatClient
from wechatpy.exceptions import WeChatClientException

from bots.wechat.params import WeChatParams
from bots.wechat.tokens import TokenRefused, Tokens
from dialogs.outgoing import Delivery, Later, Refused, Unknown

CALL_SECONDS = 5.0
_BAD_TOKEN: Final = frozenset({40001, 40014, 42001})
_GONE: Final = frozenset({40003, 43004})
_WAIT: Final = {-1: 5.0, 45009: 600.0, 45011: 60.0}
_REASONS: Final = {45015: "window closed", 45047: "window used up", 48001: "not granted", 48004: "banned"}

# httpx tells every address at INFO, and WeChat's addresses carry the access token.
logging.getLogger("httpx").setLevel(logging.WARNING)
logging.getLogger("httpcore").setLevel(logging.WARNING)


class AsyncWeChatClient(WeChatClient):  # type: ignore[misc]  # wechatpy has no types
    """A WeChatClient whose calls are awaited; a refused token is replaced once, and the call made once more."""

    def __init__(self, params: WeChatParams, http: httpx.AsyncClient, tokens: Tokens) -> None:
        # auto_retry would fetch tokens without end when one is refused for good.
        super().__init__(params.appid, params.secret, auto_retry=False)
        self._http.close()
        self.API_BASE_URL = f"{params.api_base.rstrip('/')}/cgi-bin/"
        self._async_http = http
        self._tokens = tokens

    async def _request(self, method: str, url_or_endpoint: str, **kwargs: Any) -> Any:
        token = await self._tokens.get()
        answer = await self._carry(method, url_or_endpoint, token, **kwargs)
        if _errcode(answer) in _BAD_TOKEN:
            token = await self._tokens.replace(token)
            answer = await self._carry(method, url_or_endpoint, token, **kwargs)
        errcode = _errcode(answer)
        if errcode:
            raise WeChatClientException(errcode, "refused", client=self)
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
        """Make one call and return its JSON, or the bytes of a file."""
        body = json.dumps(data, ensure_ascii=False).encode() if isinstance(data, dict) else data
        response = await self._async_http.request(
            method,
            f"{self.API_BASE_URL}{endpoint}",
            params={**(params or {}), "access_token": token},
            content=body,
            files=files,
            headers={"Content-Type": "application/json"} if body is not None else None,
        )
        response.raise_for_status()
        if response.content[:1] == b"{":
            return json.loads(response.content)
        return response.content


def open_http(transport: httpx.AsyncBaseTransport | None = None) -> httpx.AsyncClient:
    """Return the HTTP client of a door: 5 s a call, 3 s of them to connect; a `transport` does without a network."""
    timeout = httpx.Timeout(CALL_SECONDS, connect=3.0)
    return httpx.AsyncClient(timeout=timeout, follow_redirects=False, transport=transport)


FAILURES: Final = (httpx.HTTPError, WeChatClientException, TokenRefused, ValueError)
"""What a call may raise."""


def delivery_of(error: Exception) -> Delivery:
    """Return what a failed call means for its message."""
    match error:
        case WeChatClientException():
            return _of_errcode(int(error.errcode))
        case TokenRefused():
            return Later(60.0)
        case httpx.HTTPStatusError() | httpx.ConnectError() | httpx.ConnectTimeout() | httpx.PoolTimeout():
            return Later(5.0)
    return Unknown(type(error).__name__)


def _of_errcode(errcode: int) -> Delivery:
    if errcode in _WAIT:
        return Later(_WAIT[errcode])
    if errcode in _BAD_TOKEN:
        return Later(60.0)
    return Refused(_REASONS.get(errcode, f"errcode {errcode}"), gone=errcode in _GONE)


def _errcode(answer: Any) -> int:
    code = answer.get("errcode", 0) if isinstance(answer, dict) else 0
    return code if isinstance(code, int) else -1
