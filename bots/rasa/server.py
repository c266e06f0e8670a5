"""rasa-sdk's own action server, on one address, behind a shared secret."""

import hmac
import logging
import socket
import warnings
import zlib
from http import HTTPStatus
from typing import Any, Final

import msgspec
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from rasa_sdk.endpoint import create_app
from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, json, raw

from bots.rasa.action import Executor
from bots.rasa.calls import Payload
from bots.rasa.hand import Hand
from bots.rasa.names import ACTION
from bots.rasa.params import RasaParams
from dialogs.reception import Reception

MOST_BODY: Final = 16 * 1024 * 1024
"""A tracker carries the whole conversation since its last restart: months of it fit."""
_DRAIN_SECONDS: Final = 10.0
_HEALTH: Final = "/health"
_CALL: Final = ("POST", "/webhook")
_SERVED: Final = frozenset({_CALL, ("GET", "/actions"), ("GET", "/metrics")})
_log = logging.getLogger(__name__)


class ActionServer:
    """Serves the action until stopped; one in a process."""

    def __init__(self, params: RasaParams, reception: Reception) -> None:
        params.check()
        self._proof = f"Bearer {params.secret}".encode()
        self._hand = Hand(params, reception)
        self._app: Any = None
        self._server: Any = None

    async def start(self, door: socket.socket) -> None:
        """Listen on `door`, which is bound already."""
        for name in ("sanic.root", "sanic.error", "sanic.access", "sanic.server", "rasa_sdk"):
            logging.getLogger(name).setLevel(logging.WARNING)
        # Rasa 3.6 calls with its own version; what is exchanged here is the same in both (docs/rasa.md).
        warnings.filterwarnings("ignore", message="You.* of rasa", category=UserWarning)
        app = self._app = create_app(Executor(self._hand), cors_origins=None)
        app.config.REQUEST_MAX_SIZE = MOST_BODY
        app.config.TOUCHUP = False  # it rewrites its own source at the start, which a second start cannot bear
        app.config.FALLBACK_ERROR_FORMAT = "json"
        app.on_request(self._let_in, priority=1000)
        app.add_route(_metrics, "/metrics")
        self._server = await app.create_server(sock=door, access_log=False, return_asyncio_server=True)
        await self._server.startup()
        await self._server.start_serving()

    async def stop(self) -> None:
        """Take no more calls, let those that run end, close."""
        if self._server is not None:
            self._server.close()
            await self._hand.drain(seconds=_DRAIN_SECONDS)
            for connection in list(self._server.connections or ()):
                connection.close_if_idle()
            await self._server.wait_closed()
        if self._app is not None:
            Sanic.unregister_app(self._app)

    async def _let_in(self, request: Request) -> HTTPResponse | None:
        """Refuse whoever has not the secret, and what no Rasa sends; None lets a call through."""
        if request.path == _HEALTH:
            return None
        given = request.headers.get("authorization", "").encode("utf-8", "replace")
        if not hmac.compare_digest(given, self._proof):
            return _refused("the shared secret is missing or wrong", HTTPStatus.UNAUTHORIZED)
        asked = (request.method, request.path.rstrip("/"))
        if asked not in _SERVED:  # rasa-sdk would answer 500, and log an error
            return _refused("nothing is served here", HTTPStatus.NOT_FOUND)
        return _unreadable(request) if asked == _CALL else None


async def _metrics(request: Request) -> HTTPResponse:
    """Return this process's figures."""
    return raw(generate_latest(), content_type=CONTENT_TYPE_LATEST)


def _unreadable(request: Request) -> HTTPResponse | None:
    body = request.body
    if request.headers.get("content-encoding") == "deflate":
        inflated = _inflated(body)
        if inflated is None:
            return _refused("the body does not inflate to a call", HTTPStatus.BAD_REQUEST)
        body = inflated
    try:
        msgspec.json.decode(body, type=Payload)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        _log.warning("call not understood", extra={"error": type(error).__name__})
        return _refused("the body is not a call of an action", HTTPStatus.BAD_REQUEST)
    return None


def _inflated(body: bytes) -> bytes | None:
    """Return what was deflated, None when it is nothing of the kind or grows past all bounds."""
    inflating = zlib.decompressobj()
    try:
        inflated = inflating.decompress(body, MOST_BODY)
    except zlib.error:
        return None
    return inflated if inflating.eof else None


def _refused(why: str, status: HTTPStatus) -> HTTPResponse:
    """Answer in the shape of rasa-sdk's own refusals: Rasa reads `action_name` of a 400."""
    return json({"error": why, "action_name": ACTION}, status=status)
