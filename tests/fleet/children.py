"""What a child of the nursery does: it serves or works as `menling serve` and `menling worker` do, on the same code."""

import importlib
import socket
from datetime import timedelta
from typing import Final

from core import crash, effects
from core.messages import outbox
from dialogs import turn
from gateways import pay_page
from menling import serving
from menling.cli.house import set_up_logs
from menling.config import read_settings
from menling.opening import opened

_HASTY: Final = timedelta(seconds=5)


def serve(*, port: int, hasty: bool) -> None:
    """Serve until told to end."""
    _prepare(hasty=hasty)
    settings = read_settings(port=port)
    with _listening(port) as door, opened(settings, serving=True, demo=True) as ground:
        serving.serve(ground, door, city=None, on_ready=_nobody_asks)


def work(*, hasty: bool) -> None:
    """Work until told to end."""
    _prepare(hasty=hasty)
    with opened(read_settings(), serving=True, demo=True) as ground:
        serving.work(ground, on_ready=_say_so)


def _prepare(*, hasty: bool) -> None:
    """Arm the crash point of this child's environment, and have leases that are waited for in a test."""
    importlib.reload(crash)
    set_up_logs(as_json=True, level="info")
    if hasty:
        outbox.SENDER_LEASE = _HASTY
        turn.DOOR_LEASE = _HASTY
        effects.claim_due.__kwdefaults__["lease"] = _HASTY
        pay_page._FIRST_QUERY = _HASTY  # type: ignore[misc]


def _listening(port: int) -> socket.socket:
    return socket.create_server(("127.0.0.1", port), backlog=2048)


def _nobody_asks() -> None:
    return


def _say_so() -> None:
    print("at work", flush=True)
