"""Opening the door: what is refused, and what it costs those who never open it."""

import subprocess
import sys

import pytest

from bots.telegram import TelegramParams, open_telegram
from simulators.telegram import TelegramSimulator
from tests.fake_reception import FakeReception

_GOOD = {
    "token": "700000001:simulated-bot-token",
    "secret": "0123456789abcdef",
    "public_url": "https://menling.example",
}


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"secret": ""}, "TELEGRAM_SECRET"),
        ({"secret": "short"}, "TELEGRAM_SECRET"),
        ({"secret": "sixteen letters, ü"}, "TELEGRAM_SECRET"),
        ({"token": "changeme"}, "BotFather"),
        ({"public_url": ""}, "TELEGRAM_POLLING"),
        ({"account": "../x"}, "name"),
    ],
)
def test_an_unsafe_setting_is_refused_with_a_sentence(wrong: dict[str, str], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        open_telegram(TelegramParams(**(_GOOD | wrong)), FakeReception().for_door())  # type: ignore[arg-type]


def test_params_never_show_their_secrets() -> None:
    shown = repr(TelegramParams(**_GOOD))  # type: ignore[arg-type]

    assert _GOOD["token"] not in shown
    assert _GOOD["secret"] not in shown


def test_the_package_alone_does_not_import_aiogram() -> None:
    code = "import sys, bots.telegram; sys.exit('aiogram' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.anyio
async def test_a_token_telegram_does_not_know_stops_the_start_with_a_sentence() -> None:
    sim = TelegramSimulator()
    await sim.start()
    params = TelegramParams(**(_GOOD | {"token": "700000001:another-bot-token", "api_base": sim.base_url}))  # type: ignore[arg-type]
    door = open_telegram(params, FakeReception().for_door())

    with pytest.raises(ValueError, match="does not know this token"):
        await door.start()

    await door.stop()
    await sim.stop()


@pytest.mark.anyio
async def test_a_telegram_that_is_away_does_not_stop_the_start() -> None:
    params = TelegramParams(**(_GOOD | {"api_base": "http://127.0.0.1:9"}))  # type: ignore[arg-type]
    door = open_telegram(params, FakeReception().for_door())

    await door.start()

    assert len(door._background) == 1
    for task in door._background:
        task.cancel()
    await door.stop()
