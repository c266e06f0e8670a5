"""What every route passes: the token first, one shape of errors, and answers that nobody keeps a copy of."""

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match
from starlette.types import Message

from admin_api.acting import Desk, seat
from admin_api.refusals import Refused, refusal
from core.audit import Role

MOST_BODY = 64 * 1024
_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}

Handler = Callable[[Request], Awaitable[Response]]


def guarded(desk: Desk, roles: frozenset[Role] | None) -> type[APIRoute]:
    """Return the class of a route for these roles; None: open to everybody, as signing in is."""

    class Guarded(APIRoute):
        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            inner = super().get_route_handler()

            async def handle(request: Request) -> Response:
                return await served(desk, roles, inner, request)

            return handle

    return Guarded


async def served(desk: Desk, roles: frozenset[Role] | None, inner: Handler, request: Request) -> Response:
    """Serve one request; whatever is raised becomes the one shape of an error."""
    try:
        request.state.desk = desk
        if roles is not None:
            request.state.act = seat(desk, request.headers.get("authorization"), roles)
        response = await inner(_bounded(request))
    except Exception as error:  # noqa: BLE001  nobody is ever shown a traceback
        response = refusal(error, request)
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def nowhere(routes: list[BaseRoute]) -> Callable[[Request], Coroutine[Any, Any, Response]]:
    """Return the endpoint of every path that is none of ours: 404, or 405 where only the method is wrong."""

    async def answer(request: Request) -> Response:
        near = [one for one in routes if isinstance(one, APIRoute) and one.matches(request.scope)[0] is Match.PARTIAL]
        response = refusal(Refused("method_not_allowed" if near else "not_found"), request)
        if near:
            response.headers["Allow"] = ", ".join(sorted({method for one in near for method in one.methods or ()}))
        response.headers.update(_HEADERS)
        return response

    return answer


def _bounded(request: Request) -> Request:
    """Return the request with a limit on its body, counted as it really comes in."""
    size = 0

    async def receive() -> Message:
        nonlocal size
        message = await request.receive()
        size += len(message.get("body", b""))
        if size > MOST_BODY:
            raise Refused("too_large")
        return message

    return Request(request.scope, receive)
