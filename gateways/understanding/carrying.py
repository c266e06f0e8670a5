"""One JSON request over HTTP, with a bounded answer. Nothing of either is ever logged or quoted in an error."""

import logging
from collections.abc import Mapping
from typing import Any, Final, TypeVar

import httpx
import msgspec

from gateways.understanding.ports import Failed

MOST_BYTES: Final = 64 * 1024
_CONNECT_SECONDS: Final = 1.0
_CALL_SECONDS: Final = 5.0  # a net below the limit of whoever calls
_MOST_LINES: Final = 16

T = TypeVar("T")

# httpx tells every address at INFO, and a Rasa server's carries its token.
logging.getLogger("httpx").setLevel(logging.WARNING)
logging.getLogger("httpcore").setLevel(logging.WARNING)


def open_http() -> httpx.AsyncClient:
    """Return a client that follows no redirects and keeps a few lines open."""
    return httpx.AsyncClient(
        timeout=httpx.Timeout(_CALL_SECONDS, connect=_CONNECT_SECONDS),
        limits=httpx.Limits(max_connections=_MOST_LINES, max_keepalive_connections=_MOST_LINES),
        follow_redirects=False,
    )


async def post_json(
    http: httpx.AsyncClient,
    url: str,
    body: Mapping[str, Any],
    *,
    params: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> bytes:
    """Send a JSON body and return the bytes of a 200, at most 64 KB; raises Failed."""
    answer = bytearray()
    try:
        # Raw and unpacked: a few packed bytes could unfold to many.
        sent = {"Accept-Encoding": "identity", **(headers or {})}
        async with http.stream("POST", url, json=dict(body), params=params, headers=sent) as response:
            if response.status_code != httpx.codes.OK:
                raise Failed(f"status {response.status_code}")
            async for part in response.aiter_raw(chunk_size=8192):
                answer += part
                if len(answer) > MOST_BYTES:
                    raise Failed("answer too large")
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise Failed(type(error).__name__) from None
    return bytes(answer)


def read_json(raw: bytes | str, shape: type[T]) -> T:
    """Return the JSON in the wanted shape; raises Failed."""
    try:
        return msgspec.json.decode(raw, type=shape)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        raise Failed("not understood") from None
