"""Callbacks of payment providers: size, signature on raw bytes, time window, then one unit; 2xx after its commit."""

import logging
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from typing import Final

from fastapi import APIRouter, Request, Response

from core.clock import Clock
from core.crash import crash_point
from core.db import Database
from core.orders.paying import take_notice
from gateways.outside import Gateways
from gateways.ports import CallbackRefused, Headers

MOST_BYTES: Final = 64 * 1024
_log = logging.getLogger(__name__)


def callback_routes(
    database: Database, clock: Clock, gateways: Gateways, real_now: Callable[[], datetime]
) -> APIRouter:
    """Return the routes under /callbacks/{provider}."""
    router = APIRouter()

    @router.post("/callbacks/{provider}", include_in_schema=False)
    async def callback(provider: str, request: Request) -> Response:
        """Take one signed notice."""
        gateway = gateways.payment(provider)
        if gateway is None:
            return Response(status_code=404)
        try:
            body = await _bounded(request)
            notice = gateway.read_callback(_headers(request), body, real_now=real_now())
        except CallbackRefused as refused:
            # Probes exist, so a refusal is counted, never alarming; nothing of the body is logged.
            _log.info("callback refused", extra={"provider": gateway.name, "why": refused.why})
            return Response(status_code=refused.status)
        outcome = await database.arun(
            lambda tx: take_notice(tx, notice, raw=body, expected_merchant=gateway.merchant, now=clock.now())
        )
        crash_point("payment.committed")
        _log.info("callback taken", extra={"provider": gateway.name, "number": notice.number, "outcome": outcome})
        return Response(status_code=204)

    return router


async def _bounded(request: Request) -> bytes:
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            raise CallbackRefused(413, "too large")
    return bytes(body)


def _headers(request: Request) -> Headers:
    found: dict[str, list[str]] = defaultdict(list)
    for name, value in request.headers.items():
        found[name.lower()].append(value)
    return found
