"""Processes that open pictures for us: two at most, kept warm, confined, and ended when they are late."""

import atexit
import os
import queue
import struct
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Final

_PROGRAMME: Final = Path(__file__).with_name("opener.py")
_AT_ONCE: Final = 2
_ENVIRONMENT: Final = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "LC_ALL")  # and none of our secrets
_LATE_SECONDS: Final = 20.0
"""By the clock on the wall: a picture's own time is bounded by the processor's, this by how long anybody waits."""
_HEAD: Final = struct.Struct(">cI")
_LENGTH: Final = struct.Struct(">I")


class Ended(Exception):
    """The process ended over this picture; `was_late` when we ended it because the machine gave it no time."""

    def __init__(self, *, was_late: bool) -> None:
        super().__init__("late" if was_late else "ended")
        self.was_late = was_late


class _Left(Exception):
    """It had left, with nothing to do, before it was asked."""


class _Opener:
    """One process, started when it is needed first and again whenever it has gone."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def open(self, raw: bytes) -> tuple[bytes, bytes]:
        """Return the letter and the body of the answer; raises Ended."""
        try:
            return self._asked(raw)
        except _Left:
            return self._asked(raw)

    def _asked(self, raw: bytes) -> tuple[bytes, bytes]:
        process, is_fresh = self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        late = threading.Event()
        timer = threading.Timer(_LATE_SECONDS, _end_late, (process, late))
        timer.daemon = True
        timer.start()
        try:
            _write(process.stdin.fileno(), _LENGTH.pack(len(raw)) + raw)
            letter, length = _HEAD.unpack(_read(process.stdout.fileno(), _HEAD.size))
            return letter, _read(process.stdout.fileno(), length)
        except OSError:
            pass  # it is gone
        finally:
            timer.cancel()
        self.close()
        if not is_fresh and process.returncode == 0:
            raise _Left
        raise Ended(was_late=late.is_set())

    def _running(self) -> tuple[subprocess.Popen[bytes], bool]:
        if self._process is not None and self._process.poll() is None:
            return self._process, False
        self.close()
        self._process = subprocess.Popen(  # noqa: S603  our own programme
            [sys.executable, "-I", "-W", "ignore", str(_PROGRAMME)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
            start_new_session=True,  # Ctrl-C is for us: it goes when we hang up
        )
        return self._process, True

    def close(self) -> None:
        """End the process, whatever it does."""
        process, self._process = self._process, None
        if process is None:
            return
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.2)
        process.kill()
        process.wait()

    def forget(self) -> None:
        """Let go of a process that belongs to whom we were forked from."""
        process, self._process = self._process, None
        if process is None:
            return
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
        process.returncode = 0  # not ours to wait for


def _end_late(process: subprocess.Popen[bytes], late: threading.Event) -> None:
    late.set()
    process.kill()


def _write(pipe: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(pipe, rest) :]


def _read(pipe: int, size: int) -> bytes:
    """Return so many bytes; raises OSError when there are fewer."""
    parts = bytearray()
    while len(parts) < size:
        part = os.read(pipe, size - len(parts))
        if not part:
            raise BrokenPipeError("it has hung up")
        parts += part
    return bytes(parts)


class _Pool:
    """Openers that are free; whoever finds none waits."""

    def __init__(self) -> None:
        self.all = [_Opener() for _ in range(_AT_ONCE)]
        # Last in, first out: with little to do one process stays warm and the other leaves.
        self.free: queue.LifoQueue[_Opener] = queue.LifoQueue()
        for one in self.all:
            self.free.put(one)


_pool = _Pool()


def opened(raw: bytes) -> tuple[bytes, bytes]:
    """Return J or P and a clean picture, or R and why there is none; raises Ended."""
    pool = _pool
    opener = pool.free.get()
    try:
        return opener.open(raw)
    finally:
        pool.free.put(opener)


def _end() -> None:
    for one in _pool.all:
        one.close()


def _begin_anew() -> None:
    """Begin anew in a process that was forked: what was started before answers somebody else."""
    global _pool  # noqa: PLW0603
    for one in _pool.all:
        one.forget()
    _pool = _Pool()


atexit.register(_end)
os.register_at_fork(after_in_child=_begin_anew)
