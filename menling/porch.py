"""What every request passes: a number for the log, a limit on its size, safe headers, and one shape of errors."""

import json
import logging
import time
from collections.abc import Mapping
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from prometheus_client import Histogram
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.routing import Match, Route
from starlette.types import ASGIApp, Lifespan, Message, Receive, Scope, Send

from core.db import DatabaseError
from core.errors import BookingError, InvalidInput, NotFound, PersonErased
from core.tracing import follow

MOST_BODY: Final = 12 * 1024 * 1024
_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_STATUS: Final[Mapping[type[BookingError], int]] = {NotFound: 404, InvalidInput: 422, PersonErased: 410}
_WORDS: Final = {
    400: "The request cannot be understood.",
    401: "Please sign in first.",
    403: "That is not allowed.",
    404: "There is nothing here.",
    405: "That cannot be done here.",
    409: "It has changed meanwhile; look again.",
    410: "It is gone.",
    413: "That is too large.",
    415: "This kind of content is not taken here.",
    422: "Something in the request is not right.",
    429: "Too fast; please wait a moment.",
    500: "Something went wrong on our side; it has been noted.",
    503: "We cannot answer at the moment; please try again soon.",
}
_CODES: Final = {
    400: "bad_request",
    401: "unauthenticated",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    409: "state_conflict",
    413: "too_large",
    415: "unsupported_media_type",
    422: "invalid_input",
    429: "too_fast",
    503: "unavailable",
}
_SECONDS = Histogram("menling_http_seconds", "Time to answer a request", ["method", "route", "status"])
_log = logging.getLogger(__name__)


class _TooLarge(Exception):
    """The body passed the limit while it came in."""


class Porch:
    """ASGI middleware around the whole app; plain ASGI, so that streams pass through unbuffered."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self._app = app
        headers = _HEADERS | ({"Strict-Transport-Security": "max-age=31536000"} if secure else {})
        self._headers = {name.lower().encode(): value.encode() for name, value in headers.items()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one request through."""
        await self.lead(self._app, scope, receive, send)

    async def lead(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one request through to `app`."""
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        visit = _Visit(scope, receive, send, self._headers)
        try:
            if visit.announces_too_much:
                await visit.answer(413)
            else:
                await app(scope, visit.receive, visit.send)
        except _TooLarge:
            await visit.answer(413)
        except DatabaseError as error:
            _log.warning("database unavailable", extra={"error": type(error).__name__})
            await visit.answer(503)
        except ClientDisconnect:
            _log.info("hung up before the request was whole")
        except Exception:  # noqa: BLE001  nobody is ever shown a traceback
            _log.exception("request failed")
            await visit.answer(500)
        finally:
            visit.log()


class PorchedApp(FastAPI):
    """The app behind its porch.

    Whoever comes by one of the `callbacks` goes straight there: the way through all that the framework does for others
    costs three times as much as the porch. What stands there raises nothing that the app has words for.
    """

    def __init__(self, *, secure: bool, lifespan: Lifespan[FastAPI] | None = None) -> None:
        super().__init__(title="Menling", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
        self.callbacks: list[Route] = []
        self._porch = Porch(super().__call__, secure=secure)
        self.add_middleware(Porch, secure=secure)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one request in, by the shorter way if there is one."""
        route = self._callback(scope) if scope["type"] == "http" else None
        if route is None:
            await super().__call__(scope, receive, send)
        else:
            await self._porch.lead(route.app, scope, receive, send)

    def _callback(self, scope: Scope) -> Route | None:
        for route in self.callbacks:
            match, known = route.matches(scope)
            if match is Match.FULL:
                scope.update(known)
                return route
        return None


class _Visit:
    """One request on its way through."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, headers: Mapping[bytes, bytes]) -> None:
        self.number = follow(None)
        self._scope = scope
        self._receive = receive
        self._send = send
        self._headers = headers
        self._status = 0
        self._read = 0
        self._started = time.perf_counter()

    @property
    def announces_too_much(self) -> bool:
        length = Headers(scope=self._scope).get("content-length", "")
        return length.isdecimal() and int(length) > MOST_BODY

    async def receive(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            self._read += len(message.get("body", b""))
            if self._read > MOST_BODY:
                raise _TooLarge
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            own = dict(message.get("headers", ()))
            added = [header for header in self._headers.items() if header[0] not in own]
            message["headers"] = [*message.get("headers", ()), *added, (b"x-request-id", self.number.encode())]
        await self._send(message)

    async def answer(self, status: int) -> None:
        """Answer with an error, unless an answer is on its way already: then the line can only be cut."""
        if self._status:
            return
        response = error_response(status)
        await response(self._scope, self._receive, self.send)

    def log(self) -> None:
        taken = time.perf_counter() - self._started
        route = _route(self._scope)
        method = self._scope["method"] if self._scope["method"] in _METHODS else "other"
        _SECONDS.labels(method, route, self._status).observe(taken)
        _log.log(
            logging.DEBUG if route in _UNREMARKABLE else logging.INFO,
            "request",
            extra={"method": method, "route": route, "status": self._status, "ms": round(taken * 1000, 1)},
        )


def _route(scope: Scope) -> str:
    """Return the pattern of the path, never the path itself: it may hold a token."""
    if "route" in scope:
        return str(getattr(scope["route"], "path", "none"))
    if "endpoint" not in scope:
        return "none"
    path = str(scope["path"])
    for name, value in scope.get("path_params", {}).items():
        path = f"{path}/".replace(f"/{value}/", f"/{{{name}}}/", 1).removesuffix("/") if value else path
    return path or "/"


_METHODS: Final = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})
_UNREMARKABLE: Final = frozenset({"/healthz", "/readyz", "/metrics"})


def error_response(status: int, *, code: str = "", message: str = "", facts: Any = None) -> JSONResponse:
    """Return the one shape of an error: {"error": {"code", "message"}} and facts where they help."""
    body: dict[str, Any] = {
        "code": code or _CODES.get(status, "internal"),
        "message": message or _WORDS.get(status, _WORDS[500]),
    }
    if facts is not None:
        body["facts"] = json.loads(json.dumps(facts, default=str))
    headers = {"Retry-After": "1"} if status in (429, 503) else None
    return JSONResponse({"error": body}, status_code=status, headers=headers)


def install_errors(app: FastAPI) -> None:
    """Give every error of the app the one shape."""

    async def refused(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)
        given: Any = error.detail
        if isinstance(given, dict) and "code" in given:
            return error_response(error.status_code, code=str(given["code"]), message=str(given.get("message", "")))
        response = error_response(error.status_code)
        response.headers.update(error.headers or {})
        return response

    async def malformed(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)
        fields = [{"field": ".".join(str(part) for part in one["loc"]), "rule": one["type"]} for one in error.errors()]
        return error_response(422, facts={"fields": fields})

    async def against_the_rules(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, BookingError)
        status = next((status for kind, status in _STATUS.items() if isinstance(error, kind)), 409)
        return error_response(status, code=error.code, facts=error.facts or None)

    app.add_exception_handler(HTTPException, refused)
    app.add_exception_handler(RequestValidationError, malformed)
    app.add_exception_handler(BookingError, against_the_rules)
