"""A real `menling serve` as a process of its own, with every door open, that a story may kill and start again."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from simulators.telegram import TelegramSimulator
from simulators.wechat import WeChatSimulator
from tests.stories.loops import Loop

TELEGRAM_SECRET = "a-secret-for-the-webhook"
WECHAT_KEYS = {
    "appid": "wx0123456789abcdef",
    "secret": "0123456789abcdef0123456789abcdef",
    "token": "a-token-for-wechat",
    "encoding_aes_key": "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
}
OPERATORS = {"admin": "admin", "auditor": "auditor", "finance": "finance"}
PASSWORD = "correct horse battery staple"
_KILLED = 137
_MORNING = "10:00"
_MENLING = [sys.executable, "-m", "menling"]


class Platforms:
    """Both simulated platforms on one loop."""

    def __init__(self) -> None:
        self.loop = Loop()
        self.telegram = TelegramSimulator()
        self.wechat = WeChatSimulator(
            appid=WECHAT_KEYS["appid"],
            secret=WECHAT_KEYS["secret"],
            token=WECHAT_KEYS["token"],
            encoding_aes_key=WECHAT_KEYS["encoding_aes_key"],
        )
        self.loop.run(self.telegram.start())
        self.loop.run(self.wechat.start())

    def close(self) -> None:
        """Stop them."""
        self.loop.run(self.telegram.stop())
        self.loop.run(self.wechat.stop())
        self.loop.close()


class RunningHouse:
    """One serving process; `stop`, `kill` and `start` may be called again and again on the same data."""

    def __init__(self, data_dir: Path, *, platforms: Platforms | None, database_url: str | None = None) -> None:
        self.data_dir = data_dir
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.platforms = platforms
        self._env = {
            **os.environ,
            "MENLING_DATA_DIR": str(data_dir),
            "MENLING_PORT": str(self.port),
            "MENLING_LOG": "json",
            "MENLING_TEST_MODE": "1",
        }
        if database_url is not None:
            self._env["DATABASE_URL"] = database_url
        if platforms is not None:
            self._env |= _doors(platforms)
            platforms.wechat.callback_url = f"{self.url}/wechat/main"
        self._process: subprocess.Popen[bytes] | None = None
        self._log = data_dir / "serve.log"

    def command(self, *words: str, say: str = "") -> str:
        """Run a `menling` command on the same data and return what it prints."""
        done = subprocess.run(
            [*_MENLING, *words], env=self._env, input=say.encode(), capture_output=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode()

    def start(self, **env: str) -> None:
        """Start serving; returns when the page and every door answer."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [*_MENLING, "serve", "--demo"], env=self._env | env, stdout=log, stderr=subprocess.STDOUT
            )
        _wait_until(lambda: self.alive and self._ready(), 180, lambda: self.log)

    @property
    def alive(self) -> bool:
        """Whether the process lives; one that ended while starting is an error of its own."""
        assert self._process is not None
        if self._process.poll() is not None:
            raise AssertionError(f"serve ended with {self._process.returncode}:\n{self.log}")
        return True

    @property
    def log(self) -> str:
        """Everything the process has said."""
        return self._log.read_text()

    def has_died(self) -> bool:
        """Whether the process has ended by a crash point."""
        return self._process is not None and self._process.poll() == _KILLED

    def stop(self) -> int:
        """Ask it to end and return its code; it has 20 seconds."""
        if self._process is None:
            return 0
        self._process.send_signal(signal.SIGTERM)
        code = self._process.wait(25)
        self._process = None
        return code

    def advance(self, minutes: int) -> None:
        """Move the demo's clock forward."""
        self._demo({"minutes": minutes})

    def until(self, clock_time: str) -> None:
        """Move the demo's clock to this hour of the next day."""
        self._demo({"until": clock_time})

    def operator(self, role: str) -> "Operator":
        """Sign in at the operators' API."""
        return Operator(self.url, role)

    def _demo(self, body: dict[str, Any]) -> None:
        answer = httpx.post(f"{self.url}/demo/clock", json=body, headers={"Origin": self.url}, timeout=20)
        assert answer.status_code == 200, answer.text

    def _ready(self) -> bool:
        try:
            return httpx.get(f"{self.url}/readyz", timeout=2).status_code == 200
        except httpx.HTTPError:
            return False


class Operator:
    """An operator with a token."""

    def __init__(self, url: str, role: str) -> None:
        self._http = httpx.Client(base_url=f"{url}/admin/v1", timeout=30)
        made = self._http.post("/sessions", json={"login": role, "password": PASSWORD})
        assert made.status_code in (200, 201), made.text
        self._http.headers["Authorization"] = f"Bearer {made.json()['token']}"

    def get(self, path: str, **params: str) -> Any:
        """Return the JSON of a path."""
        answer = self._http.get(path, params=params)
        assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text}"
        return answer.json()

    def post(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """Post and return the JSON of the answer."""
        answer = self._http.post(path, json=body if body is not None else {})
        assert answer.status_code in (200, 201, 204), f"{path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def close(self) -> None:
        """Leave."""
        self._http.close()


@contextmanager
def a_running_house(
    data_dir: Path, *, platforms: Platforms | None, database_url: str | None = None
) -> Iterator[RunningHouse]:
    """A house with the demo city and three operators, serving until the block ends.

    It is ten in the morning there: at night people are asked which day they mean, and are not written to.
    """
    house = RunningHouse(data_dir, platforms=platforms, database_url=database_url)
    if database_url is not None and not database_url.startswith("sqlite"):
        house.command("migrate")
    house.command("demo")
    for login, role in OPERATORS.items():
        house.command("operator", "add", login, "--role", role, say=f"{PASSWORD}\n")
    try:
        house.start()
        house.until(_MORNING)
        yield house
    finally:
        house.stop()


def _doors(platforms: Platforms) -> dict[str, str]:
    return {
        "TELEGRAM_TOKEN": platforms.telegram.token,
        "TELEGRAM_SECRET": TELEGRAM_SECRET,
        "TELEGRAM_API_BASE": platforms.telegram.base_url,
        "WECHAT_APPID": WECHAT_KEYS["appid"],
        "WECHAT_SECRET": WECHAT_KEYS["secret"],
        "WECHAT_TOKEN": WECHAT_KEYS["token"],
        "WECHAT_AES_KEY": WECHAT_KEYS["encoding_aes_key"],
        "WECHAT_API_BASE": platforms.wechat.base_url,
    }


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as made:
        return int(made.getsockname()[1])


def _wait_until(done: Any, seconds: float, explain: Any) -> None:
    ends = time.monotonic() + seconds
    while not done():
        if time.monotonic() > ends:
            raise AssertionError(f"not ready after {seconds} s:\n{explain()}")
        time.sleep(0.1)


PAY_LINK = re.compile(r"http://[^\s\"'<>]+/pay/[A-Za-z0-9_-]+")
