"""Goal 5: what comes in by webhook, through the real endpoints of a house in a process of its own."""

import asyncio
import itertools
import os
import re
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.request import urlopen

import msgspec
import uvloop

from benchmarks.measuring import percentile
from benchmarks.report import Line, judged
from benchmarks.webhooks_load import Found, as_fast_as_answered, by_the_clock, cpu_seconds, post
from benchmarks.webhooks_serving import SECRET, TOKEN, WECHAT
from benchmarks.world import memory_folder
from simulators.wechat.crypto import SafeMode, signature
from simulators.wechat.xml import render

CHATS: Final = 32
_BLOCKS: Final = 4
_SECONDS_OF_LOAD: Final = 5.0
_CONNECTIONS: Final = 256
_PATIENCE: Final = 120.0
_ASKED: Final = ("/book", "1", "1", "/cancel")
"""A booking begun by a command and by numbers, and given up: four turns."""
_ASKED_BY_WECHAT: Final = ("预约", "1", "1", "取消")
_updates: Final = itertools.count(1)
_safe: Final = SafeMode(appid=WECHAT["appid"], token=WECHAT["token"], encoding_aes_key=WECHAT["aes_key"])

Say = Callable[[int, str], bytes]
"""Makes the request of what one chat says."""


@dataclass(slots=True)
class Server:
    """A server under load, with what its blocks cost."""

    kind: str
    pid: int
    port: int
    cpu_us: list[float]
    rates: list[float]

    @property
    def cpu(self) -> float:
        """The median CPU time of a request, all threads, in microseconds."""
        return statistics.median(self.cpu_us)


class WrongAnswer(Exception):
    """A server answered what it should not: there is nothing to measure."""


def measure() -> Iterator[Line]:
    """Yield every line of goal 5."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner, _started("stub", "") as stub:
        api = f"http://127.0.0.1:{stub.port}"
        with _all_started(("house", "house-checks"), api) as houses:
            yield from _telegram(runner, api, houses)
            yield from _wechat(runner, api, houses)
        with _all_started(("house-sending", "aiogram-answering"), api) as servers:
            _in_blocks(runner, servers, telegram_says, _ASKED)
            yield _beside("Telegram webhook, the answer sent as well; beside aiogram's that answers", *servers)


def _telegram(runner: asyncio.Runner, api: str, houses: Sequence[Server]) -> Iterator[Line]:
    house, checks = houses
    with _all_started(("aiogram", "floor"), api) as (peer, floor):
        _in_blocks(runner, (house, checks, peer, floor), telegram_says, _ASKED)
    aiogram = "beside aiogram's that does nothing"
    whole = f"Telegram webhook, secret, parse, de-duplicated durably, turn run; {aiogram}"
    yield judged(_beside(whole, house, peer, floor, target=1.3))
    yield _beside(f"Telegram webhook, checks and parse alone; {aiogram}", checks, peer, floor)
    yield Line(5, "Telegram webhook, at the most", "requests/s", "higher", max(house.rates), max(peer.rates))
    yield from _at_half(runner, house, telegram_says, _ASKED, "Telegram")


def _wechat(runner: asyncio.Runner, api: str, houses: Sequence[Server]) -> Iterator[Line]:
    house, checks = houses
    with _all_started(("wechatpy", "wechat-floor"), api) as (peer, floor):
        _in_blocks(runner, (house, checks, peer, floor), wechat_says, _ASKED_BY_WECHAT)
    yield _beside("WeChat callback in safe mode, turn run, answer sealed; beside bare wechatpy", house, peer, floor)
    yield _beside("WeChat callback in safe mode, checks and parse alone; beside bare wechatpy", checks, peer, floor)
    yield from _at_half(runner, house, wechat_says, _ASKED_BY_WECHAT, "WeChat")
    yield from _overloaded(runner, house)


def _at_half(runner: asyncio.Runner, server: Server, says: Say, script: Sequence[str], name: str) -> Iterator[Line]:
    rate = statistics.median(server.rates) / 2
    found = runner.run(by_the_clock(server.port, _posts(says, script, rate), rate=rate, connections=_CONNECTIONS))
    _check(found, server)
    figure = percentile(found.seconds, 99) * 1000
    yield judged(Line(5, f"{name} p99 at half of the maximum rate ({rate:.0f}/s)", "ms", "lower", figure, target=25.0))


def _overloaded(runner: asyncio.Runner, server: Server) -> Iterator[Line]:
    """Twice what it can do for some seconds: nobody is kept waiting beyond WeChat's patience."""
    rate = statistics.median(server.rates) * 2
    posts = _posts(wechat_says, _ASKED_BY_WECHAT, rate)
    found = runner.run(by_the_clock(server.port, posts, rate=rate, connections=len(posts)))
    name, many = f"WeChat at twice the maximum rate ({rate:.0f}/s)", found.posted
    with_words = (found.statuses.get(200, 0) - found.empty) / many
    yield judged(Line(5, f"{name}, latest answer", "s", "lower", max(found.seconds), target=4.5))
    yield Line(5, f"{name}, answered with words", "part of all", "higher", with_words)
    yield Line(5, f"{name}, answered empty, words later", "part of all", "lower", found.empty / many)
    left = 1 - found.statuses.get(200, 0) / many
    yield Line(5, f"{name}, no answer until WeChat hangs up, and comes again", "part of all", "lower", left)


def _in_blocks(runner: asyncio.Runner, servers: Sequence[Server], says: Say, script: Sequence[str]) -> None:
    """Load the servers in turn, a small block each; the first blocks warm up and are not counted."""
    for server in servers:
        server.cpu_us, server.rates = [], []
    for block in range(_BLOCKS + 1):
        for server in servers:
            queues = [[says(chat, text) for _ in range(4) for text in script] for chat in range(1, CHATS + 1)]
            before = cpu_seconds(server.pid)
            found = runner.run(as_fast_as_answered(server.port, queues))
            spent = cpu_seconds(server.pid) - before
            _check(found, server)
            if block:
                server.cpu_us.append(spent / found.posted * 1e6)
                server.rates.append(found.posted / found.wall)


def _check(found: Found, server: Server) -> None:
    if set(found.statuses) != {200}:
        raise WrongAnswer(f"{server.kind}: {found.statuses}")


def _beside(name: str, ours: Server, peer: Server, floor: Server | None = None, *, target: float | None = None) -> Line:
    ratio = statistics.median(their / our for our, their in zip(ours.cpu_us, peer.cpu_us, strict=True))
    least = None if floor is None else floor.cpu
    return Line(5, name, "us CPU", "higher", ours.cpu, peer.cpu, least, ratio, target)


def _posts(says: Say, script: Sequence[str], rate: float) -> list[bytes]:
    """Return some seconds of load: people come one after another, each saying the words in order, four times over."""
    texts = [*script] * 4
    chats = max(CHATS, int(rate * _SECONDS_OF_LOAD) // len(texts))
    said = sorted((chat / chats + turn / len(texts), chat, turn) for chat in range(chats) for turn in range(len(texts)))
    return [says(chat + 1000, texts[turn]) for _, chat, turn in said]


def telegram_says(chat: int, text: str) -> bytes:
    """Return the request that Telegram makes of a message."""
    person = {"id": chat, "first_name": "小雨", "username": f"u{chat}"}
    message = {
        "message_id": next(_updates),
        "date": 1732154400,
        "chat": person | {"type": "private"},
        "from": person | {"is_bot": False, "language_code": "zh-hans"},
        "text": text,
    }
    body = msgspec.json.encode({"update_id": next(_updates), "message": message})
    headers = ("Content-Type: application/json", f"X-Telegram-Bot-Api-Secret-Token: {SECRET}")
    return post("/telegram/main", body, *headers)


def wechat_says(chat: int, text: str) -> bytes:
    """Return the request that WeChat makes of a message, in safe mode."""
    now, nonce = str(int(time.time())), secrets.token_hex(5)
    openid = f"oBENCH{chat:022d}"
    message: dict[str, str | int] = {
        "ToUserName": "gh_0123456789ab",
        "FromUserName": openid,
        "CreateTime": int(now),
        "MsgType": "text",
        "Content": text,
        "MsgId": 24_000_000_000_000_000 + next(_updates),
    }
    sealed = _safe.encrypt(render(message))
    signed = signature(WECHAT["token"], now, nonce)
    query = f"signature={signed}&timestamp={now}&nonce={nonce}&openid={openid}&encrypt_type=aes"
    path = f"/wechat/main?{query}&msg_signature={_safe.sign(now, nonce, sealed)}"
    envelope = render({"ToUserName": "gh_0123456789ab", "Encrypt": sealed})
    return post(path, envelope.encode(), "Content-Type: text/xml")


@contextmanager
def _all_started(kinds: Sequence[str], api: str) -> Iterator[list[Server]]:
    with ExitStack() as stack:
        yield [stack.enter_context(_started(kind, api)) for kind in kinds]


@contextmanager
def _started(kind: str, api: str) -> Iterator[Server]:
    """Start one server in memory-backed files and wait until every door of it is open."""
    with tempfile.TemporaryDirectory(dir=memory_folder(), prefix="menling-bench-") as folder:
        log = Path(folder) / "log"
        command = [sys.executable, "-m", "benchmarks.webhooks_serving", kind, "--api", api]
        with log.open("wb") as errors:
            process = subprocess.Popen(command, env=_environment(folder, api), stdout=subprocess.PIPE, stderr=errors)
        try:
            assert process.stdout is not None
            said = next((found for line in process.stdout if (found := re.search(rb"127\.0\.0\.1:(\d+)", line))), None)
            if said is None:
                raise WrongAnswer(log.read_text()[-2000:])
            port = int(said.group(1))
            if kind.startswith("house"):
                _wait_for_doors(port, log)
            yield Server(kind, process.pid, port, [], [])
        finally:
            process.terminate()
            process.wait(timeout=60)


def _environment(folder: str, api: str) -> dict[str, str]:
    ours = ("MENLING_", "DATABASE_", "REDIS_", "TELEGRAM_", "WECHAT_")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)} | {
        "MENLING_DATA_DIR": folder,
        "MENLING_LOG": "json",
        "TELEGRAM_TOKEN": TOKEN,
        "TELEGRAM_SECRET": SECRET,
        "TELEGRAM_API_BASE": api,
        "WECHAT_APPID": WECHAT["appid"],
        "WECHAT_SECRET": WECHAT["secret"],
        "WECHAT_TOKEN": WECHAT["token"],
        "WECHAT_AES_KEY": WECHAT["aes_key"],
        "WECHAT_API_BASE": api,
    }


def _wait_for_doors(port: int, log: Path) -> None:
    give_up_at = time.monotonic() + _PATIENCE
    while time.monotonic() < give_up_at:
        try:
            with urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as ready:
                if ready.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    raise WrongAnswer(f"the doors do not open: {log.read_text()[-2000:]}")
