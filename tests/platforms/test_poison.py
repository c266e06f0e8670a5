"""One update in twenty always raises: the platforms get their 2xx, neighbours go on, operators see what is left."""

import asyncio
import itertools
import time
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from core.conversations.quarantine import quarantined
from core.conversations.tables import inbox
from dialogs.engine import answering
from dialogs.incoming import Incoming, Text
from tests.platforms.house import House, a_text

pytestmark = pytest.mark.anyio

PEOPLE, ROUNDS, ONE_IN = 20, 10, 20
POISON = "这句话谁也咽不下去"


@pytest.fixture
def poisoned(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every turn raise whose words hold the poison, at every try."""

    def respond(talk: Any, incoming: Incoming, **more: Any) -> Any:
        if isinstance(incoming.content, Text) and POISON in incoming.content.text:
            raise RuntimeError("nobody can swallow this")
        return answering.respond(talk, incoming, **more)

    monkeypatch.setattr("dialogs.turn.respond", respond)


@pytest.mark.usefixtures("poisoned")
async def test_one_update_in_twenty_raises_always_and_nobody_else_notices(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("CRITICAL")
    waits: list[list[float]] = [[], []]
    statuses: list[int] = []
    numbers = itertools.count(1)

    async def says(person: int, *, some_poison: bool) -> None:
        poisonous = some_poison and next(numbers) % ONE_IN == 0
        text, started = (POISON if poisonous else "多少钱"), time.monotonic()
        if person % 2:
            answer = await house.wechat_tells(a_text(f"oPerson{person:021d}", text))
        else:
            answer = await house.telegram_says(5_000_000_100 + person, text)
        statuses.append(answer.status)
        if not poisonous:
            waits[some_poison].append(time.monotonic() - started)

    for some_poison in (False, True):
        for _ in range(ROUNDS):
            await asyncio.gather(*(says(person, some_poison=some_poison) for person in range(PEOPLE)))
    await house.quiet()
    poison = PEOPLE * ROUNDS // ONE_IN
    failed = [one for one in house.reception.turns if one.failed]
    tried = [await house.retries(later=timedelta(hours=hours)) for hours in (1, 24, 72, 200)]
    states = house.db.read(_states)
    seen = house.db.read(lambda tx: quarantined(tx, most=100))

    assert set(statuses) == {200}
    assert len(failed) == poison
    assert tried == [poison, poison, 0, 0]
    assert states == {"done": 2 * PEOPLE * ROUNDS - poison, "quarantined": poison}
    assert len(seen) == poison
    # What the poison costs its neighbours: a busy machine is slow with it and without.
    assert _p99(waits[True]) - _p99(waits[False]) <= 2.0


@pytest.mark.usefixtures("poisoned")
async def test_the_poison_holds_up_nothing_its_own_sender_says_afterwards(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("CRITICAL")
    first = await house.telegram_says(5_000_000_101, POISON)
    then = await house.telegram_says(5_000_000_101, "多少钱")
    await house.quiet()

    assert (first.status, then.status) == (200, 200)
    assert [one.failed for one in house.reception.turns] == [True, False]
    assert "价目表" in house.reception.turns[-1].messages[0].body.text


def _p99(waits: list[float]) -> float:
    return sorted(waits)[int(len(waits) * 0.99)]


def _states(tx: Any) -> dict[str, int]:
    rows = tx.all(select(inbox.c.state, func.count().label("many")).group_by(inbox.c.state))
    return {str(row.state): int(row.many) for row in rows}
