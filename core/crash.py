"""Named points at which a test may kill the process, as a power cut would: in test mode only, and nothing otherwise."""

import os
from typing import Final

_TARGET: Final = os.environ.get("MENLING_CRASH", "") if os.environ.get("MENLING_TEST_MODE") == "1" else ""
_ARMED: Final = bool(_TARGET)
_passed: dict[str, int] = {}


def crash_point(name: str) -> None:
    """End the process at once (exit code 137) when MENLING_CRASH is `name`, or `name:n` at the n-th passing."""
    if _ARMED:
        _maybe_end(name)


def _maybe_end(name: str) -> None:
    wanted, _, nth = _TARGET.partition(":")
    if name != wanted:
        return
    _passed[name] = _passed.get(name, 0) + 1
    if _passed[name] == int(nth or 1):
        os._exit(137)
