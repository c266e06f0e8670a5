"""The embedded Valkey is private, comes back after a kill, and goes with its owner."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from menling import embedded
from menling.embedded import EmbeddedValkey, NoValkey, keep_up
from tests import guardian


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    pid = tmp_path / "valkey.pid"
    if pid.exists():
        guardian.stop(int(pid.read_text()))


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine it is slower to come and to go."""
    monkeypatch.setattr(embedded, "_START_SECONDS", 30.0)
    monkeypatch.setattr(embedded, "_STOP_SECONDS", 30.0)


def test_it_answers_on_a_socket_of_its_owner_alone(folder: Path) -> None:
    valkey = EmbeddedValkey(folder)
    valkey.start()

    with redis.Redis.from_url(valkey.url) as client:
        assert client.ping()
    assert valkey.socket.stat().st_mode & 0o077 == 0

    valkey.stop()
    assert not valkey.socket.exists()
    assert not (folder / "valkey.pid").exists()


def test_a_second_process_of_the_folder_uses_the_same(folder: Path) -> None:
    first, second = EmbeddedValkey(folder), EmbeddedValkey(folder)
    first.start()
    pid = (folder / "valkey.pid").read_text()

    second.start()
    second.stop()

    assert (folder / "valkey.pid").read_text() == pid
    with redis.Redis.from_url(second.url) as client:
        assert client.ping()
    first.stop()


def test_what_a_killed_owner_left_behind_is_ended_at_the_next_start(folder: Path) -> None:
    script = """if True:
        import os, signal, sys
        from pathlib import Path
        from menling.embedded import EmbeddedValkey
        EmbeddedValkey(Path(sys.argv[1])).start()
        os.kill(os.getpid(), signal.SIGKILL)
    """
    subprocess.run([sys.executable, "-c", script, str(folder)], cwd=Path(__file__).parents[2], check=False)
    orphan = int((folder / "valkey.pid").read_text())
    assert not guardian.is_gone(orphan)

    valkey = EmbeddedValkey(folder)
    valkey.start()

    assert guardian.is_gone(orphan)
    with redis.Redis.from_url(valkey.url) as client:
        assert client.ping()
    valkey.stop()


def test_a_number_used_again_by_another_program_is_left_alone(folder: Path) -> None:
    bystander = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    (folder / "valkey.pid").write_text(str(bystander.pid))

    valkey = EmbeddedValkey(folder)
    valkey.start()
    valkey.stop()

    assert bystander.poll() is None
    os.kill(bystander.pid, signal.SIGKILL)
    bystander.communicate()


def test_a_deep_data_folder_gets_a_short_socket(folder: Path) -> None:
    deep = folder / ("d" * 60) / ("e" * 60)
    deep.mkdir(parents=True)
    valkey = EmbeddedValkey(deep)
    valkey.start()

    assert len(str(valkey.socket)) < 100
    with redis.Redis.from_url(valkey.url) as client:
        assert client.ping()

    valkey.stop()
    valkey.socket.parent.rmdir()


def test_one_that_was_killed_is_started_again_and_one_that_was_stopped_is_not(folder: Path) -> None:
    valkey = EmbeddedValkey(folder)
    valkey.start()
    assert valkey.revive() is None
    _kill(valkey)

    assert valkey.revive() == -signal.SIGKILL

    with redis.Redis.from_url(valkey.url) as client:
        assert client.ping()
    valkey.stop()
    assert valkey.revive() is None
    assert not valkey.socket.exists()


def test_who_keeps_it_up_says_so_in_one_line_however_often_it_cannot(
    folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(embedded, "_SHORTEST_PAUSE", 0.01)
    valkey = EmbeddedValkey(folder)
    valkey.start()
    tries = 0
    program = embedded._program

    def missing() -> str:
        nonlocal tries
        tries += 1
        if tries <= 3:
            raise NoValkey("gone")
        return program()

    monkeypatch.setattr(embedded, "_program", missing)

    async def story() -> None:
        keeper = asyncio.create_task(keep_up(valkey))
        await asyncio.to_thread(_kill, valkey)
        async with asyncio.timeout(30):
            while len(caplog.records) < 2:  # noqa: ASYNC110  a process is waited for
                await asyncio.sleep(0.01)
        await asyncio.sleep(0.05)
        keeper.cancel()
        assert tries > 3
        assert not valkey.has_ended

    asyncio.run(story())

    assert [record.getMessage() for record in caplog.records] == [
        "embedded valkey has ended and will not start",
        "embedded valkey has ended and was started again",
    ]
    with redis.Redis.from_url(valkey.url) as client:
        assert client.ping()
    valkey.stop()


def _kill(valkey: EmbeddedValkey) -> None:
    assert valkey._process is not None
    valkey._process.kill()
    valkey._process.wait(5)
