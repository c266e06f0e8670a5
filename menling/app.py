"""The ASGI app: the page, the doors, the pay page and callbacks, the operators' API, and the signs of life."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

import admin_api
from bots import web
from bots.web import DemoControl, WebParams
from core import health, migrations
from core.db import Database, DatabaseError
from dialogs.outgoing import NEWSLESS, Door
from gateways import routes as gateway_routes
from menling.building import Building
from menling.chores import build_worker
from menling.measures import Measures, install
from menling.porch import PorchedApp, error_response, install_errors
from menling.previewing import shown_on
from menling.wake import ended
from menling.worker import DRAIN_SECONDS

if TYPE_CHECKING:
    from bots.telegram.door import TelegramDoor
    from bots.wechat.door import WeChatDoor

_WECHAT_GIVES_UP_SECONDS: Final = 5.2
_log = logging.getLogger(__name__)


def build_app(building: Building, *, demo: DemoControl | None, working: bool = True) -> PorchedApp:
    """Return the app of one process; it starts the building with itself, and its worker when `working`."""
    app = PorchedApp(lifespan=_life(building, working=working), secure=building.settings.production)
    install_errors(app)
    app.include_router(_signs_of_life(building))
    app.include_router(gateway_routes(building.ground.db, building.ground.clock, building.gateways))
    app.include_router(_page(building, demo))
    app.include_router(  # a hundred routes: whoever wants none of them need not pass them
        admin_api.build_router(
            db=building.ground.db,
            clock=building.ground.clock,
            secret=building.secret("operators"),
            wake=lambda: building.wakes.ring("sender"),
            show=shown_on(building.house.texts, building.doors),
            newsless=NEWSLESS,
            channels=building.doors,
        )
    )
    app.state.openings = {channel: _Opening(app) for channel in building.expected}
    for channel, opening in app.state.openings.items():
        app.router.routes.append(Route(f"/{channel}/{{rest:path}}", opening, name=f"{channel} opening"))
    return app


def _page(building: Building, demo: DemoControl | None) -> APIRouter:
    """Return the page; where people can pay in Telegram alone, nobody can book on it, and it leads to the bot."""
    settings = building.settings
    if settings.paid_in_telegram:
        return web.leading_to(settings.bot_url)
    return web.routes(
        WebParams(
            secret=building.secret("web"),
            public_url=settings.own_url,
            zone=settings.zone,
            production=settings.production,
        ),
        door=building.web,
        reception=building.reception,
        db=building.ground.db,
        clock=building.ground.clock,
        demo=demo,
    )


def _life(building: Building, *, working: bool) -> Any:
    @asynccontextmanager
    async def life(app: PorchedApp) -> AsyncIterator[None]:
        building.start()
        worker, sender = build_worker(building)
        late = asyncio.create_task(_open_late(app, building))
        if working:
            worker.start()
        try:
            yield
        finally:
            await ended([late])
            await worker.stop(DRAIN_SECONDS / 2)
            await sender.drain(DRAIN_SECONDS / 4)
            await building.stop()

    return life


async def _open_late(app: PorchedApp, building: Building) -> None:
    """Open the doors that take seconds to load, once the page answers; each is there as soon as it can be."""

    def is_open(door: "TelegramDoor | WeChatDoor") -> None:
        app.router.routes[:] = [route for route in app.router.routes if not _is_stand_in(route, door.channel)]
        app.include_router(door.router)
        app.callbacks.append(door.callback)  # platforms come most often
        app.state.openings[door.channel].over()

    try:
        await asyncio.sleep(0)
        await building.open_doors(is_open)
    except Exception:  # noqa: BLE001  the page goes on without them, and /readyz says so
        _log.exception("doors not opened")
    for opening in app.state.openings.values():
        opening.over()


def _is_stand_in(route: BaseRoute, channel: str) -> bool:
    return getattr(route, "name", "") == f"{channel} opening"


class _Opening:
    """Stands where a door is going to be: asks the platform to come again, and has WeChat wait.

    WeChat comes again only where nobody answered in its time; an error it would show to the person at once.
    """

    def __init__(self, app: PorchedApp) -> None:
        self._app = app
        self._is_over = asyncio.Event()

    def over(self) -> None:
        """Let whoever waits go on: to the door, or away."""
        self._is_over.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one update that came too early."""
        came_after = self._is_over.is_set()
        if not came_after and scope["path"].startswith("/wechat/"):
            with suppress(TimeoutError):
                await asyncio.wait_for(self._is_over.wait(), _WECHAT_GIVES_UP_SECONDS)
        if came_after or not self._is_over.is_set():
            await error_response(503)(scope, receive, send)
        else:
            await self._app.router(scope, receive, send)


def _signs_of_life(building: Building) -> APIRouter:
    router = APIRouter(include_in_schema=False)
    install()
    measures = Measures(building.ground.db, building.ground.clock)

    @router.get("/healthz")
    async def healthz() -> Response:
        return JSONResponse({"status": "ok"})

    @router.get("/readyz")
    async def readyz() -> Response:
        return await _readiness(building, None)

    @router.get("/readyz/{door}")
    async def readyz_of_door(door: str) -> Response:
        return await _readiness(building, door)

    @router.get("/metrics")
    async def metrics() -> Response:
        return Response(await measures.text(), media_type=CONTENT_TYPE_LATEST)

    return router


async def _readiness(building: Building, only: str | None) -> Response:
    """Tell whether to send people here; of one door, whether it works.

    A platform that is away makes its own door's page red and nobody else's: taking this process from the others would
    help nobody. Nor would it where the sender or Redis is: those are named, for people to see to. A door that could not
    even be opened keeps the house unready, for that is a mistake in its settings.
    """
    told = {channel: _health(door) for channel, door in building.doors.items()}
    told |= {channel: {"state": why} for channel, why in building.shut.items()}
    if only is not None and only not in told:
        return error_response(404)
    doors = {channel: health["state"] for channel, health in told.items() if only in (None, channel)}
    opened = doors[only] == "open" if only is not None else not building.shut
    database, version = await _database(building.ground.db)
    ready = opened and database == "ok" and version == migrations.HEAD and not building.leaving
    body: dict[str, Any] = {
        "status": "leaving" if building.leaving else "ready" if ready else "not ready",
        "database": database,
        "migrations": version,
        "redis": "ok" if await building.redis_answers() else "away",
        "sender": "away" if building.sender is None else building.sender.state,
        "doors": doors,
    }
    if only is not None:
        body["door"] = told[only]
    return JSONResponse(body, status_code=200 if ready else 503)


def _health(door: Door) -> dict[str, str | int | bool | None]:
    """Return what a door tells of itself; one that tells nothing is open, for nothing of it can fail."""
    tell = getattr(door, "health", None)
    return {"state": "open"} if tell is None else dict(tell())


async def _database(db: Database) -> tuple[str, str | None]:
    try:
        async with asyncio.timeout(5):
            return ("ok" if await db.aread(health.answers) else "empty"), await db.aread(migrations.version)
    except (DatabaseError, TimeoutError):
        return "away", None
