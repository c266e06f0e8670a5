"""The house of a rehearsal: the same doors, reception and chores as a served one, without sockets and timers."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Final

from fastapi import FastAPI

import admin_api
from bots import web
from bots.telegram import TelegramParams, open_telegram
from bots.web import CookieJar, DemoPlace, DemoTechnician, WebParams
from bots.wechat import WeChatParams, open_wechat
from core import effects
from core.crypto import Vault
from core.db import Database, Tx
from core.db.inline import InlineDatabase
from core.messages import outbox
from gateways import build_gateways
from gateways import routes as gateway_routes
from gateways.sandbox.provider import Habits
from menling.building import Building
from menling.chores import build_worker
from menling.config import Settings
from menling.opening import Ground
from menling.porch import Porch, install_errors
from menling.rehearsal.cast import Cast
from menling.rehearsal.clock import StandingClock
from menling.rehearsal.masters import KEY
from menling.rehearsal.noticing import Notice, noticing
from menling.rehearsal.wire import HOUSE, TELEGRAM, WECHAT, Wire

TELEGRAM_TOKEN: Final = "700000001:rehearsal-bot-token"  # noqa: S105  opens nothing but the simulator
TELEGRAM_SECRET: Final = "rehearsal-webhook-secret"  # noqa: S105  the same
WECHAT_APPID: Final = "wx0123456789abcdef"
WECHAT_SECRET: Final = "rehearsal-app-secret"  # noqa: S105  the same
WECHAT_TOKEN: Final = "rehearsal_token"  # noqa: S105  the same
WECHAT_KEY: Final = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"

_NEVER: Final = frozenset({"audit", "nightly", "demo clock"})
_WITH_TIME: Final = frozenset({"holds", "inbox"})
"""Chores that only time passing gives something to do."""

_MOST_ROUNDS: Final = 200
_PATIENCE_SECONDS: Final = 30.0
_STOPS: Final = Habits(late_seconds=0, retry_pauses=(0.0, 0.01, 0.05))


class RehearsalHouse:
    """One opening of a house on a folder's database; opened anew it knows what the database knows."""

    def __init__(
        self, folder: Path, cast: Cast, clock: StandingClock, wire: Wire, *, door: str, notice: Notice
    ) -> None:
        self._wire = wire
        self._cast = cast
        self.door = door
        vault = Vault(KEY)
        self.db: Database = InlineDatabase(str(folder / "menling.db"), vault)
        self.db.run(_release_leases)
        settings = Settings.model_construct(
            data_dir=folder, public_url=HOUSE, zone=cast.city.store.zone, currency=cast.city.store.currency
        )
        self.clock = clock
        self.building = building = Building(Ground(settings, vault, self.db, clock))
        building.house = building.reception.house = noticing(building.house, notice)
        building.gateways = build_gateways(
            secret=building.secret("gateways"),
            callback_base=HOUSE,
            sandbox_book=folder / "sandbox.json",
            habits=_STOPS,
            transport=wire,
        )
        self.app = self._app()
        worker, self._sender = build_worker(building, paced=False)
        chores = [chore for chore in worker.chores if chore.name not in _NEVER]
        self._always = [chore.run for chore in chores if chore.name not in _WITH_TIME]
        self._with_time = [chore.run for chore in chores]
        self._has_desk = False

    @property
    def jar(self) -> CookieJar:
        """What writes the page's cookies."""
        return CookieJar(self.building.secret("web"), production=False)

    async def open(self) -> None:
        """Open the doors, in the event loop they will be used in."""
        building = self.building
        building.start()
        if self.door == "telegram":
            telegram = building.telegram = open_telegram(_telegram_params(), building.reception, self._wire)
            await telegram.start()
            building.doors[telegram.channel] = telegram
            self.app.include_router(telegram.router)
        elif self.door == "wechat":
            wechat = building.wechat = open_wechat(_wechat_params(), building.reception, None, self._wire)
            await wechat.start()
            building.doors[wechat.channel] = wechat
            self.app.include_router(wechat.router)
        self._wire.connect(HOUSE, self.app)

    async def close(self) -> None:
        """Close everything; what is not in the database is forgotten."""
        await self.building.stop()
        await self.quiet()
        await asyncio.to_thread(self.db.close)

    def open_desk(self) -> None:
        """Let operators in; their API is loaded when somebody asks for it."""
        if self._has_desk:
            return
        self._has_desk = True
        building = self.building
        self.app.include_router(
            admin_api.build_router(db=self.db, clock=self.clock, secret=building.secret("operators"))
        )

    async def settle(self, *, time_passed: bool = False) -> None:
        """Do what is due and deliver what is to be said, until nothing is left; RuntimeError when it never ends."""
        chores = self._with_time if time_passed else self._always
        for _ in range(_MOST_ROUNDS):
            await self.quiet()
            if not await _one_round(chores):
                return
        raise RuntimeError("the house does not come to rest: something is due again and again")

    async def quiet(self) -> None:
        """Wait for everything under way in this loop, save what is held back on purpose."""
        while under_way := asyncio.all_tasks() - {asyncio.current_task()} - self._wire.parked:
            done, _ = await asyncio.wait(under_way, timeout=_PATIENCE_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            if not done and not self._wire.parked & under_way:
                raise RuntimeError(f"still under way: {', '.join(task.get_name() for task in under_way)}")

    def _app(self) -> FastAPI:
        building = self.building
        app = FastAPI(title="Menling", docs_url=None, redoc_url=None, openapi_url=None)
        app.add_middleware(Porch, secure=False)
        install_errors(app)
        app.include_router(gateway_routes(self.db, self.clock, building.gateways))
        params = WebParams(
            secret=building.secret("web"), public_url=HOUSE, zone=building.settings.zone, production=False, paced=False
        )
        app.include_router(
            web.routes(
                params,
                door=building.web,
                reception=building.reception,
                db=self.db,
                clock=self.clock,
                demo=_Control(self._cast),
            )
        )
        return app


class _Control:
    """The page's demo control without its clock: a rehearsal's is moved by World.advance alone."""

    places: Sequence[DemoPlace] = ()

    def __init__(self, cast: Cast) -> None:
        self.technicians: Sequence[DemoTechnician] = tuple(
            DemoTechnician(one.code, one.names.by_language()) for one in cast.city.technicians
        )

    async def advance(self, minutes: int) -> None:
        """Leave the clock alone."""


async def _one_round(chores: list[Callable[[], Awaitable[int]]]) -> bool:
    done = False
    for run in chores:
        while await run():
            done = True
            await asyncio.sleep(0)
    return done


def _release_leases(tx: Tx) -> None:
    outbox.release_all(tx)
    effects.release_all(tx)


def _telegram_params() -> TelegramParams:
    return TelegramParams(token=TELEGRAM_TOKEN, secret=TELEGRAM_SECRET, public_url=HOUSE, api_base=TELEGRAM)


def _wechat_params() -> WeChatParams:
    return WeChatParams(
        appid=WECHAT_APPID, secret=WECHAT_SECRET, token=WECHAT_TOKEN, aes_key=WECHAT_KEY, api_base=WECHAT
    )
