"""`menling actions` as people start it: refused when unsafe, beside a house that serves, gone when asked."""

import logging
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from menling.cli import main
from menling.config import read_settings
from menling.opening import opened
from tests.rasa.assistant import SECRET

ROOT = Path(__file__).parents[2]
PATIENCE = 150.0
"""Seconds: what a busy machine may take for what a quiet one does in three."""


@pytest.fixture(autouse=True)
def a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Commands run in a folder of their own, and leave the log as they found it."""
    monkeypatch.setenv("MENLING_DATA_DIR", str(tmp_path / "var"))
    for name in ("DATABASE_URL", "RASA_ACTIONS_SECRET", "RASA_ACTIONS_HOST", "RASA_ACTIONS_PORT", "RASA_URL"):
        monkeypatch.delenv(name, raising=False)
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield tmp_path
    root.handlers[:], root.level = handlers, level


@pytest.fixture
def process(a_folder: Path) -> Iterator[subprocess.Popen[str]]:
    """The command, running."""
    env = {**os.environ, "RASA_ACTIONS_SECRET": SECRET}
    with (
        (a_folder / "log").open("w") as log,
        subprocess.Popen(
            [sys.executable, "-m", "menling", "actions", "--port", "0"],
            cwd=ROOT,
            env=env,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        ) as started,
    ):
        yield started
        started.kill()


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("RASA_ACTIONS_SECRET", "", "RASA_ACTIONS_SECRET is not set"),
        ("RASA_ACTIONS_SECRET", "short", "at least 16"),
        ("RASA_ACTIONS_SECRET", "密码" * 20, "visible ASCII"),
        ("RASA_ACCOUNT", "a b", "RASA_ACCOUNT is"),
        ("RASA_URL", "localhost:5005", "RASA_URL must begin"),
    ],
)
def test_an_action_server_open_to_anybody_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, value: str, said: str
) -> None:
    monkeypatch.setenv("RASA_ACTIONS_SECRET", SECRET)
    monkeypatch.setenv(name, value)

    assert main(["actions", "--port", "0"]) == 2

    assert said in capsys.readouterr().err


def test_an_address_in_use_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("RASA_ACTIONS_SECRET", SECRET)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert main(["actions", "--port", str(taken.getsockname()[1])]) == 2

    assert "Rasa cannot be served" in capsys.readouterr().err


@pytest.mark.timeout(300)
def test_it_listens_on_this_machine_alone_beside_a_house_and_leaves_when_asked(
    process: subprocess.Popen[str], a_folder: Path
) -> None:
    url = where(process)
    assert url.startswith("http://127.0.0.1:")

    with opened(read_settings(), serving=True):  # as `serve` holds the embedded database
        answer = call(url, "你好")
    assert answer.status_code == 200
    assert answer.json()["responses"][0]["text"]
    assert call(url, "你好", secret="another-secret-0123456789").status_code == 401

    process.send_signal(signal.SIGTERM)
    assert process.wait(PATIENCE) == 0
    log = (a_folder / "log").read_text()
    assert "Traceback" not in log
    assert "你好" not in log


def where(process: subprocess.Popen[str]) -> str:
    """Where it listens, once it says so."""
    assert process.stdout is not None
    give_up_at = time.monotonic() + PATIENCE
    while time.monotonic() < give_up_at:
        found = re.search(r"http://\S+", process.stdout.readline())
        if found:
            return found.group()
    raise AssertionError("it never listened")


def call(url: str, text: str, secret: str = SECRET) -> httpx.Response:
    message = {"text": text, "message_id": "1", "intent": {"name": "greet"}, "entities": []}
    tracker = {"sender_id": "lin", "latest_message": message, "events": [{"event": "user", "timestamp": 1.0}]}
    body = {"next_action": "validate_menling_form", "sender_id": "lin", "tracker": tracker}
    return httpx.post(url, json=body, headers={"Authorization": f"Bearer {secret}"}, timeout=60)
