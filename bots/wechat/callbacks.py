"""A callback as the server hands it over: its query and its body, without what a framework wraps around them."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final
from urllib.parse import parse_qsl

from starlette.types import Receive, Scope, Send

from bots.wechat.sealing import Unreadable

MOST_BODY: Final = 64 * 1024


class Plain:
    """An endpoint called as the server calls it: what a framework wraps around one costs as much as opening a seal."""

    def __init__(self, endpoint: Callable[[Scope, Receive, Send], Awaitable[None]]) -> None:
        self._endpoint = endpoint

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        await self._endpoint(scope, receive, send)


def query_of(scope: Scope) -> Mapping[str, str]:
    """Return the query of a request; of a name that comes twice the last."""
    query: str = scope["query_string"].decode("latin-1")
    if "%" in query or "+" in query:
        return dict(parse_qsl(query, keep_blank_values=True))
    return {name: value for name, _, value in (one.partition("=") for one in query.split("&"))}


async def body_of(receive: Receive) -> bytes:
    """Return the raw body; raises Unreadable when it is larger than any callback of WeChat, or does not come whole."""
    body, more = b"", True
    while more:
        part = await receive()
        if part["type"] == "http.disconnect":
            raise Unreadable("hung up")
        body, more = body + part.get("body", b""), part.get("more_body", False)
        if len(body) > MOST_BODY:
            raise Unreadable("too large")
    return body
