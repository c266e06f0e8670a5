"""A bot without a library, and the simulator it speaks to."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from simulators.client import http_client
from simulators.telegram import TelegramSimulator


class Bot:
    """A bot as short as possible: a name of a method, its parameters, the decoded answer."""

    def __init__(self, simulator: TelegramSimulator) -> None:
        self.client = http_client(base_url=f"{simulator.base_url}/bot{simulator.token}", timeout=5)

    async def __call__(self, method: str, **params: object) -> dict[str, Any]:
        answer: dict[str, Any] = (await self.client.post(f"/{method}", json=params)).json()
        return answer

    async def refusal(self, method: str, **params: object) -> str:
        answer = await self(method, **params)
        assert answer["ok"] is False
        return str(answer["description"])


def inline(*buttons: tuple[str, str]) -> dict[str, object]:
    return {"inline_keyboard": [[{"text": label, "callback_data": data} for label, data in buttons]]}


@pytest.fixture
async def sim() -> AsyncIterator[TelegramSimulator]:
    simulator = TelegramSimulator(first_retry=0.01)
    await simulator.start()
    yield simulator
    await simulator.stop()


@pytest.fixture
async def bot(sim: TelegramSimulator) -> AsyncIterator[Bot]:
    a_bot = Bot(sim)
    yield a_bot
    await a_bot.client.aclose()
