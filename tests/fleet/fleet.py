"""A fleet: several serving and working processes on one database and one Redis, both platforms, and a watchman."""

import asyncio
import base64
import contextlib
import itertools
import os
import random
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import httpx

from core import migrations
from core.clock import DemoClock
from core.db import Database, open_database
from core.migrations.running import engine_for
from core.tables import metadata
from simulators.telegram import TelegramSimulator
from simulators.wechat import WeChatSimulator
from tests.builders import MASTER, ZONE, a_vault
from tests.fleet.balancer import HOUSE, Balancer
from tests.fleet.children import hour_note
from tests.fleet.nursery import nursery
from tests.fleet.redis import Redis

_LOOK_SECONDS: Final = 0.03
_START_SECONDS: Final = 120.0
_KILLED: Final = (-signal.SIGKILL, 137)
_KEYS: Final = {
    "appid": "wx0123456789abcdef",
    "secret": "0123456789abcdef0123456789abcdef",
    "token": "a-token-for-wechat",
    "encoding_aes_key": "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
}
TELEGRAM_SECRET: Final = "a-secret-for-the-webhook"


@dataclass(slots=True)
class Member:
    """One process: a serving one has a port."""

    pid: int
    port: int | None
    number: int
    point: str = ""
    """The crash point it was born with, if any."""
    up: bool = False
    dead: bool = False


@dataclass(slots=True)
class Toll:
    """What was done to the fleet."""

    killed: int = 0
    by_point: dict[str, int] = field(default_factory=dict)
    unexpected: list[str] = field(default_factory=list)


class Fleet:
    """Runs in the test's event loop, beside the simulators. Whoever dies is replaced at once by the watchman."""

    def __init__(self, folder: Path, database_url: str, *, serving: int, working: int, hasty: bool) -> None:
        self.folder = folder
        self.balancer = Balancer()
        self.telegram = TelegramSimulator(transport=self.balancer, first_retry=0.05)
        self.wechat = WeChatSimulator(
            _KEYS["appid"],
            _KEYS["secret"],
            _KEYS["token"],
            _KEYS["encoding_aes_key"],
            callback_url=f"{HOUSE}/wechat/main",
            transport=self.balancer,
        )
        self.browser = httpx.AsyncClient(transport=self.balancer, timeout=20)
        self.redis = Redis(folder)
        self.toll = Toll()
        self._make_tables(database_url)
        self.db: Database = open_database(database_url, a_vault())
        self.clock = DemoClock(self.db)
        self._database_url = database_url
        self._wanted = (serving, working)
        self._hasty = hasty
        self._nursery = nursery()
        self._members: list[Member] = []
        self._numbers = itertools.count(1)
        self._points: list[str] = []
        self._watch: asyncio.Task[None] | None = None
        self._over = False
        self.paused = False
        """While set the watchman replaces nobody."""

    @property
    def up(self) -> list[Member]:
        """Those who answer."""
        return [one for one in self._members if one.up and not one.dead]

    async def open(self) -> None:
        """Start everything; returns when every process answers."""
        await self.telegram.start()
        await self.wechat.start()
        serving, working = self._wanted
        for place in range(serving + working):
            self._members.append(self._born(_free_port() if place < serving else None))
        self._watch = asyncio.create_task(self._look_after())
        await self.all_up()

    async def close(self) -> None:
        """End everything, whoever still runs by force."""
        self._over = True
        if self._watch is not None:
            await self._watch
        await asyncio.to_thread(self._nursery.end, [one.pid for one in self._members])
        await self.browser.aclose()
        await self.telegram.stop()
        await self.wechat.stop()
        await self.balancer.aclose()
        self.redis.kill()
        await asyncio.to_thread(self.db.close)

    async def all_up(self, seconds: float = _START_SECONDS) -> None:
        """Wait until everybody answers."""
        async with asyncio.timeout(seconds):
            while len(self.up) < sum(self._wanted):  # noqa: ASYNC110  processes ring no bell
                await asyncio.sleep(_LOOK_SECONDS)

    def kill(self, member: Member | None = None) -> None:
        """Kill one of those who are up, any unless told which, as the kernel or an operator would."""
        chosen = member or (random.choice(self.up) if self.up else None)
        if chosen is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(chosen.pid, signal.SIGKILL)

    def arm(self, point: str) -> None:
        """Let the next process that is born die at this point."""
        self._points.append(point)

    @property
    def awaiting_birth(self) -> bool:
        """Whether a point is armed that nobody has been born with yet."""
        return bool(self._points)

    async def wakes(self, hour: int) -> None:
        """Begin the next day at this hour, and wait until every process knows: one that does not has another 明天."""
        self.until(hour)
        await self.everybody_knows()

    async def everybody_knows(self) -> None:
        """Wait until every process that lives has read where the clock was moved to."""
        async with asyncio.timeout(_START_SECONDS):
            while not all(one.dead or self._knows_the_hour(one) for one in self._members):  # noqa: ASYNC110  no bell
                await asyncio.sleep(_LOOK_SECONDS)

    def until(self, hour: int) -> None:
        """Move the clock of the house and of both platforms to this hour of the next day, on the wall of the town."""
        now = self.clock.now().astimezone(ZoneInfo(ZONE))
        wanted = (now + timedelta(days=1)).replace(hour=hour, minute=0, second=0, microsecond=0)
        self.advance(wanted - now)

    def advance(self, how_long: timedelta) -> None:
        """Move the clock of the house and of both platforms forward."""
        self.clock.advance(how_long)
        self.telegram.advance(how_long.total_seconds())
        self.wechat.advance(how_long.total_seconds() / 3600)

    def errors(self) -> list[str]:
        """Return the lines of errors from all logs."""
        return [
            line
            for path in sorted(self.folder.glob("member-*.log"))
            for line in path.read_text(errors="replace").splitlines()
            if '"level":"error"' in line or line.startswith("Traceback")
        ]

    async def _look_after(self) -> None:
        """Take note of the dead, replace them, and let the balancer know who is up."""
        while not self._over:
            for one in list(self._members):
                code = self._nursery.ended.get(one.pid)
                if code is not None and not one.dead:
                    self._bury(one, code)
                if one.dead and not self.paused:
                    self._members.remove(one)
                    self._members.append(self._born(None if one.port is None else _free_port()))
            self.balancer.open(one.port for one in self.up if one.port is not None)
            await asyncio.gather(*(self._ask(one) for one in self._members if not one.up and not one.dead))
            self.balancer.open(one.port for one in self.up if one.port is not None)
            await asyncio.sleep(_LOOK_SECONDS)

    def _bury(self, one: Member, code: int) -> None:
        one.dead = True
        if code in _KILLED:
            self.toll.killed += 1
            name = one.point if code == 137 else "anywhere"
            self.toll.by_point[name] = self.toll.by_point.get(name, 0) + 1
        else:
            self.toll.unexpected.append(f"member {one.number} ended with {code}:\n{self._log(one)[-2000:]}")

    def _knows_the_hour(self, one: Member) -> bool:
        note = hour_note(self.folder, one.pid)
        return note.exists() and note.read_text() == str(self.clock._offset.total_seconds())

    def _log(self, one: Member) -> str:
        path = self.folder / f"member-{one.number}.log"
        return path.read_text(errors="replace") if path.exists() else ""

    async def _ask(self, one: Member) -> None:
        """Look whether a young process is ready: one that only works says so in its log."""
        if one.port is None:
            one.up = "at work" in self._log(one)
            return
        with contextlib.suppress(httpx.HTTPError):
            async with httpx.AsyncClient(timeout=2, trust_env=False, verify=False) as client:  # noqa: S501  plain http
                answer = await client.get(f"http://127.0.0.1:{one.port}/readyz")
                one.up = answer.status_code == 200

    def _born(self, port: int | None) -> Member:
        number, point = next(self._numbers), self._points.pop(0) if self._points else ""
        facts: dict[str, object] = {"hasty": self._hasty} | ({} if port is None else {"port": port})
        pid = self._nursery.start(
            f"tests.fleet.children:{'work' if port is None else 'serve'}",
            log=self.folder / f"member-{number}.log",
            env=self._env() | {"MENLING_CRASH": point},
            facts=facts,
        )
        return Member(pid, port, number, point)

    def _env(self) -> dict[str, str]:
        return {
            "MENLING_DATA_DIR": str(self.folder),
            "MENLING_MASTER_KEY": base64.b64encode(MASTER).decode(),
            "MENLING_PUBLIC_URL": HOUSE,
            "MENLING_ZONE": ZONE,
            "MENLING_TEST_MODE": "1",
            "MENLING_SMS_NOTES": "0",  # these people look at their chats alone
            "DATABASE_URL": self._database_url,
            "REDIS_URL": self.redis.url,
            "TELEGRAM_TOKEN": self.telegram.token,
            "TELEGRAM_SECRET": TELEGRAM_SECRET,
            "TELEGRAM_API_BASE": self.telegram.base_url,
            "WECHAT_APPID": _KEYS["appid"],
            "WECHAT_SECRET": _KEYS["secret"],
            "WECHAT_TOKEN": _KEYS["token"],
            "WECHAT_AES_KEY": _KEYS["encoding_aes_key"],
            "WECHAT_API_BASE": self.wechat.base_url,
        }

    @staticmethod
    def _make_tables(url: str) -> None:
        engine = engine_for(url)
        with engine.begin() as connection:
            metadata.create_all(connection)
            connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)")
            connection.exec_driver_sql(f"INSERT INTO alembic_version VALUES ('{migrations.HEAD}')")  # noqa: S608
        engine.dispose()


@asynccontextmanager
async def a_fleet(
    folder: Path, database_url: str, *, serving: int = 2, working: int = 1, hasty: bool = True
) -> AsyncIterator[Fleet]:
    """Run a fleet on an empty database, every process answering, until the block ends."""
    fleet = Fleet(folder, database_url, serving=serving, working=working, hasty=hasty)
    try:
        await fleet.open()
        yield fleet
    finally:
        await fleet.close()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as made:
        return int(made.getsockname()[1])
