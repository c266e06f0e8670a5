"""The action server for Rasa as a process of its own, beside the one that serves or works."""

import asyncio
import signal
import socket
from collections.abc import Callable
from typing import Final

import uvloop

from bots.rasa import RasaParams, open_actions
from core.clock import Clock, DemoClock
from dialogs.building import build_house
from dialogs.reception import Reception
from menling.building import EVERYWHERE, rasa_params
from menling.config import Refused, Settings, why
from menling.opening import Ground
from menling.worker import Chore, Worker, repeating

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


def checked_params(settings: Settings) -> RasaParams:
    """Return what the action server is told, or raise Refused when it would open to anybody."""
    params = rasa_params(settings)
    try:
        params.check()
    except ValueError as error:
        raise Refused(f"{error}.") from None
    return params


def listen(settings: Settings) -> socket.socket:
    """Take the action server's address; Refused when somebody has it."""
    host, port = settings.rasa_actions_host, settings.rasa_actions_port
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        where = f"{host}:{port}"
        raise Refused(f"Rasa cannot be served at {where} ({why(error)}): choose another --host or --port.") from None


def address(host: str, port: int) -> str:
    """Return what a Rasa on this machine calls."""
    met = "127.0.0.1" if host in EVERYWHERE else host
    return f"http://{f'[{met}]' if ':' in met else met}:{port}/webhook"


def serve_actions(ground: Ground, params: RasaParams, door: socket.socket, *, on_ready: Callable[[], None]) -> None:
    """Serve Rasa until SIGTERM or SIGINT; then finish the turns that run."""
    uvloop.run(_serve(ground, params, door, on_ready=on_ready))


async def _serve(ground: Ground, params: RasaParams, door: socket.socket, *, on_ready: Callable[[], None]) -> None:
    settings = ground.settings
    house = build_house(public_url=settings.own_url, zone=settings.zone, currency=settings.currency)
    server = open_actions(params, Reception(ground.db, house, ground.clock))
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in _SIGNALS:
        loop.add_signal_handler(number, stop.set)
    followed = _clock_followed(ground.clock)
    followed.start()
    try:
        await server.start(door)
        on_ready()
        await stop.wait()
    finally:
        await server.stop()
        await followed.stop()


def _clock_followed(clock: Clock) -> Worker:
    """Return a worker that looks where the demo's clock has been moved to; real time needs none."""
    if not isinstance(clock, DemoClock):
        return Worker(())
    return Worker((Chore("demo clock", 1, repeating(lambda: asyncio.to_thread(clock.refresh))),))
