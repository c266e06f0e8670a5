"""Running the house: a web server with a worker in it, or a worker alone, until it is told to stop."""

import asyncio
import contextlib
import logging
import signal
import socket
from collections.abc import Callable, Iterator
from typing import Any, Final

import uvicorn
import uvloop

from bots.web import DemoControl
from core.clock import DemoClock
from menling.app import build_app
from menling.building import Building
from menling.chores import build_worker
from menling.config import Refused, Settings, why
from menling.demo.control import CityControl
from menling.demo.data import DemoCity
from menling.opening import Ground
from menling.worker import DRAIN_SECONDS

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)
_CONNECTIONS_SECONDS: Final = 5
_log = logging.getLogger(__name__)


def listen(settings: Settings) -> socket.socket:
    """Take the address before anything else is built; Refused when somebody has it."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family, backlog=2048)
    except OSError as error:
        where = f"{settings.host}:{settings.port}"
        raise Refused(f"Nobody can be served at {where} ({why(error)}): choose another --host or --port.") from None


def serve(ground: Ground, door: socket.socket, *, city: DemoCity | None, on_ready: Callable[[], None]) -> None:
    """Serve until SIGTERM or SIGINT, as a demo of `city` if given; then finish what runs, within 20 s."""
    building = Building(ground)
    app = build_app(building, demo=None if city is None else _control(building, city))
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="on",
        http="httptools",
        ws="none",
        timeout_graceful_shutdown=_CONNECTIONS_SECONDS,
        timeout_keep_alive=20,
    )
    uvloop.run(_Server(config, building, on_ready).serve(sockets=[door]))


def work(ground: Ground, *, on_ready: Callable[[], None]) -> None:
    """Work without serving until SIGTERM or SIGINT; then finish what runs, within 20 s."""
    uvloop.run(_work(ground, on_ready=on_ready))


class _Server(uvicorn.Server):
    """A server that lets open pages go when it is told to stop, and then returns to its caller."""

    def __init__(self, config: uvicorn.Config, building: Building, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._building = building
        self._on_ready = on_ready
        self._closing: asyncio.TimerHandle | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, and say so."""
        await super().startup(sockets)
        if self.started:
            self._on_ready()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take the signals ourselves: uvicorn would raise them again and cut our closing short."""
        with _on_signal(self._leave):
            yield

    def _leave(self) -> None:
        """Say on /readyz that we leave, serve on until a balancer has seen it, and then begin to close."""
        if self._closing is not None:  # another signal does not wait
            self._closing.cancel()
            self._close()
            return
        self._building.leaving = True
        wait = self._building.settings.leave_seconds
        self._closing = asyncio.get_running_loop().call_later(wait, self._close)

    def _close(self) -> None:
        self.force_exit = self.should_exit
        self.should_exit = True
        self._building.web.close()


async def _work(ground: Ground, *, on_ready: Callable[[], None]) -> None:
    building = Building(ground)
    building.start()
    worker, sender = build_worker(building)
    stop = asyncio.Event()
    with _on_signal(stop.set):
        await building.open_doors()
        worker.start()
        on_ready()
        await stop.wait()
        await worker.stop(DRAIN_SECONDS / 2)
        await sender.drain(DRAIN_SECONDS / 4)
        await building.stop()


@contextlib.contextmanager
def _on_signal(act: Callable[[], Any]) -> Iterator[None]:
    loop = asyncio.get_running_loop()
    for number in _SIGNALS:
        loop.add_signal_handler(number, act)
    try:
        yield
    finally:
        for number in _SIGNALS:
            loop.remove_signal_handler(number)


def _control(building: Building, city: DemoCity) -> DemoControl:
    clock = building.ground.clock
    assert isinstance(clock, DemoClock)
    return CityControl(city, clock, moved=lambda: building.wakes.ring("sender"))
