"""The router of the admin API and its manual."""

import asyncio
import http
from collections.abc import Callable, Collection
from functools import cache
from typing import Any, Final

from argon2 import PasswordHasher
from fastapi import APIRouter, Security
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse
from fastapi.security import HTTPBearer
from starlette.requests import Request
from starlette.responses import Response

from admin_api.acting import Desk
from admin_api.guard import guarded, nowhere
from admin_api.passwords import Passwords
from admin_api.refusals import REASONS
from admin_api.routes import ROUTES, Route
from admin_api.shapes import ErrorOut, examples
from admin_api.showing import Show, as_typed
from admin_api.technicians import get_file
from admin_api.tokens import Tokens
from core.clock import Clock
from core.db import Database

PREFIX: Final = "/admin/v1"
VERSION: Final = "1"
_ERROR: Final = {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorOut"}}}
"""Every status names the model that 422 brings in: a model each would make the start three times as long."""
_METHODS: Final = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE"]
_bearer = HTTPBearer(auto_error=False, scheme_name="session", description="The token of POST /admin/v1/sessions.")


def build_router(
    *,
    db: Database,
    clock: Clock,
    secret: bytes,
    password_hasher: PasswordHasher | None = None,
    wake: Callable[[], None] = lambda: None,
    show: Show = as_typed,
    newsless: frozenset[str] = frozenset(),
    channels: Collection[str] = (),
) -> APIRouter:
    """Return the admin API with its whole path (PREFIX is in it); `secret` of 32 bytes at least signs the sessions.

    `wake` is called after every change: whoever waits for an operator's answer waits for no clock. `show` says how an
    announcement will look to people on one of the `channels`, `newsless` are those that carry no advertising.
    """
    desk = Desk(db, clock, Tokens(secret), Passwords(password_hasher), wake, show, newsless, channels)
    router = APIRouter(prefix=PREFIX)
    for route in ROUTES:
        _add(router, desk, route)
    described = list(router.routes)

    @cache
    def manual() -> dict[str, Any]:
        said = get_openapi(title="Menling admin API", version=VERSION, routes=described, description=_ABOUT)
        shapes = said["components"]["schemas"]
        for model, example in examples():  # once more: FastAPI leaves nulls out, and an example shows all there is
            shapes[model.__name__]["examples"] = [example]
        return said

    async def openapi(request: Request) -> Response:
        return JSONResponse(await asyncio.to_thread(manual))  # a quarter of a second, the first time

    router.add_route(f"{PREFIX}/openapi.json", openapi, methods=["GET"], include_in_schema=False)
    router.add_route(f"{PREFIX}/{{rest:path}}", nowhere(described), methods=_METHODS, include_in_schema=False)
    return router


_ABOUT: Final = """For operators: audits of technicians, orders, settlement, tickets, settings and the audit trail.

Sign in with `POST /admin/v1/sessions` and send the token as `Authorization: Bearer <token>`; it lives 15 minutes.
Ids are strings. Money is whole minor units with a currency. Times are ISO 8601 in UTC. Lists carry `next_cursor`.
Every error is `{"error": {"code", "message", "facts"}}`; what is missing and what is not yours look alike."""


def _add(router: APIRouter, desk: Desk, route: Route) -> None:
    allowed = "everybody" if route.roles is None else ", ".join(sorted(route.roles))
    router.add_api_route(
        route.path,
        route.endpoint,
        methods=[route.method],
        status_code=route.status,
        operation_id=route.endpoint.__name__,
        tags=[route.tag],
        description=f"{route.endpoint.__doc__}\n\nRoles: {allowed}.",
        responses=_responses(route),
        dependencies=[] if route.roles is None else [Security(_bearer)],
        route_class_override=guarded(desk, route.roles),
    )


def _responses(route: Route) -> dict[int | str, dict[str, Any]]:
    """Describe every status a route may answer with."""
    statuses = sorted({reason.status for reason in REASONS.values()} - {405, 500})
    found: dict[int | str, dict[str, Any]] = {
        status: {"description": http.HTTPStatus(status).phrase, "content": _ERROR} for status in statuses
    }
    found[422] = {"description": http.HTTPStatus(422).phrase, "model": ErrorOut}
    if route.endpoint is get_file:
        picture = {"schema": {"type": "string", "format": "binary"}}
        found[200] = {"description": "The picture.", "content": {"image/jpeg": picture, "image/png": picture}}
    return found
