"""Where the processes of a fleet come from: one that has imported everything is forked, which takes milliseconds.

A child is a real process with sockets, threads and a database connection of its own; only Python's start and four
seconds of imports are spared it. It is killed and stopped by its pid like any other.
"""

import atexit
import contextlib
import functools
import importlib
import json
import os
import select
import signal
import subprocess
import sys
import threading
import traceback
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Final

from tests.servers import own_servers

_LOOK_SECONDS: Final = 0.02
_START_SECONDS: Final = 240.0
_END_SECONDS: Final = 60.0
_WARM: Final = "tests.fleet.warm"
_ROOT: Final = Path(__file__).parents[2]


class Nursery:
    """Starts children and hears of their ends; closing it ends them all."""

    def __init__(self, log: Path) -> None:
        with log.open("ab") as said:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.fleet.nursery", _WARM],
                cwd=_ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=said,
            )
        self._answers: list[int] = []
        self._heard = threading.Condition()
        self.ended: dict[int, int] = {}
        """Children that are gone, by pid: the exit code, or a signal's number below zero."""
        self._reader = threading.Thread(target=self._listen, name="nursery", daemon=True)
        self._reader.start()

    def start(self, target: str, *, log: Path, env: Mapping[str, str], facts: Mapping[str, Any]) -> int:
        """Start `module:function` with these facts in a child; its pid."""
        order = {"target": target, "log": str(log), "env": dict(env), "facts": dict(facts)}
        assert self._process.stdin is not None
        with self._heard:
            self._process.stdin.write(json.dumps(order).encode() + b"\n")
            self._process.stdin.flush()
            if not self._heard.wait_for(lambda: self._answers or self._process.poll() is not None, _START_SECONDS):
                raise TimeoutError("the nursery says nothing")
            if not self._answers:
                raise RuntimeError(f"the nursery ended with {self._process.returncode}")
            return self._answers.pop(0)

    def end(self, pids: Collection[int]) -> None:
        """Kill these children, whatever they do, and wait until they are gone."""
        for pid in pids:
            if pid not in self.ended:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        with self._heard:
            self._heard.wait_for(lambda: self.ended.keys() >= set(pids), _END_SECONDS)

    def close(self) -> None:
        """End every child and the nursery."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(_END_SECONDS)
        self._reader.join(5)
        assert self._process.stdout is not None
        self._process.stdout.close()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            told = json.loads(line)
            if "born" in told:
                self.ended.pop(told["born"], None)  # pids come again
                self._answers.append(told["born"])
            else:
                self.ended[told["ended"]] = told["code"]
            with self._heard:
                self._heard.notify_all()
        with self._heard:
            self._heard.notify_all()


@functools.cache
def nursery() -> Nursery:
    """The one of this test process; gone with it."""
    made = Nursery(own_servers() / f"nursery-{os.getpid()}.log")
    atexit.register(made.close)
    return made


def _keep(orders: Any) -> None:
    """Fork a child for each order, tell of each that ends, and end them all when nobody orders any more."""
    children: set[int] = set()
    rest = b""
    while True:
        ready, _, _ = select.select([orders], [], [], _LOOK_SECONDS)
        if ready:
            read = os.read(orders.fileno(), 65536)
            if not read:
                break
            *lines, rest = (rest + read).split(b"\n")
            for line in lines:
                children.add(_born(json.loads(line), orders))
        for pid in list(children):
            gone, status = os.waitpid(pid, os.WNOHANG)
            if gone:
                children.discard(pid)
                _say({"ended": pid, "code": os.waitstatus_to_exitcode(status)})
    for pid in children:
        os.kill(pid, 9)
        os.waitpid(pid, 0)


def _born(order: Mapping[str, Any], orders: Any) -> int:
    pid = os.fork()
    if pid:
        _say({"born": pid})
        return pid
    code = 1
    try:
        os.close(orders.fileno())
        said = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        os.dup2(said, 1)
        os.dup2(said, 2)
        os.environ.update(order["env"])
        module, _, name = order["target"].partition(":")
        getattr(importlib.import_module(module), name)(**order["facts"])
        code = 0
    except SystemExit as left:
        code = left.code if isinstance(left.code, int) else 1
    except BaseException:  # noqa: BLE001  a child must never go on as its parent
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _say(told: Mapping[str, Any]) -> None:
    os.write(1, json.dumps(told).encode() + b"\n")


if __name__ == "__main__":
    importlib.import_module(sys.argv[1])
    _keep(sys.stdin.buffer)
