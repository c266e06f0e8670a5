"""kill -9 at named points of the story: it goes on where it was, nothing is lost, and money moves once."""

import base64
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest

from core.crypto import Vault
from core.db import open_database
from core.db.schema import to_micros
from core.invariants import check_invariants
from tests.stories.actors import PageActor, pays
from tests.stories.running import RunningHouse, a_running_house
from tests.stories.script import book
from tests.stories.words import ZH

POINTS = (
    "turn.before_inbox:5",
    "turn.after_inbox:6",
    "turn.before_commit:7",
    "turn.after_commit:8",
    "door.sent:3",
    "order.placed",
    "payment.noticed",
    "payment.committed",
    "sender.claimed:2",
    "sender.sent:2",
    "effect.claimed",
    "effect.called",
)
"""Where the process dies, and at the how-manieth passing."""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHouse]:
    """A house on the embedded database with the page alone."""
    with a_running_house(tmp_path_factory.mktemp("killed"), platforms=None) as running:
        yield running


class Watchman:
    """Starts the house again when it has died, as systemd would; counts how often."""

    def __init__(self, house: RunningHouse) -> None:
        self.deaths = 0
        self._house = house
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        while not self._over.is_set():
            if self._house.has_died():
                self.deaths += 1
                self._house.start()
            time.sleep(0.05)

    def go_home(self) -> None:
        """Watch no longer."""
        self._over.set()
        self._thread.join(60)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("point", POINTS)
def test_a_booking_survives_sudden_death(house: RunningHouse, point: str) -> None:
    """Booked, paid, accepted, cancelled and refunded, with the process killed once on the way."""
    _come_to_a_day_when_wang_works(house)
    _come_to_rest(house)
    house.stop()
    house.start(MENLING_CRASH=point)
    watchman = Watchman(house)
    try:
        customer = _booked_paid_cancelled(house)
    finally:
        watchman.go_home()

    assert watchman.deaths == 1
    assert customer.everything().count("已退回您的付款账户") == 1
    assert customer.everything().count("收到 ¥") == 1
    assert customer.everything().count("请付款") == 1
    assert _wrong(house) == []


def _booked_paid_cancelled(house: RunningHouse) -> PageActor:
    """Tell the story, and return its customer."""
    technician = PageActor(house, "zh-Hans", "technician")
    technician.sits_down_as("wang")
    customer = PageActor(house, "zh-Hans")

    code = book(customer, ZH, "王师傅", day="后天")
    pays(customer.pay_link())
    customer.sees("收到 ¥", patience=90)  # a notice lost with the process is healed by the query a minute later
    technician.sees("新单", code)
    technician.presses("接单")
    customer.sees("接单了")
    customer.says("取消")
    customer.sees("全额退")
    customer.presses("确认取消")
    customer.sees("已退回您的付款账户")
    return customer


def _come_to_a_day_when_wang_works(house: RunningHouse) -> None:
    """王师傅 has his Tuesdays off: 后天 must not be one."""
    now = datetime.fromisoformat(httpx.get(f"{house.url}/web/start", timeout=10).json()["now"])
    if (now.astimezone(ZoneInfo("Asia/Shanghai")) + timedelta(days=2)).weekday() == 1:
        house.until("09:00")


def _come_to_rest(house: RunningHouse) -> None:
    """Let everything that is due be sent: the sender's point is to be met in this story, not by the last one's rest."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        now = datetime.fromisoformat(httpx.get(f"{house.url}/web/start", timeout=10).json()["now"])
        with closing(sqlite3.connect(f"file:{house.data_dir / 'menling.db'}?mode=ro", uri=True)) as database:
            (due,) = database.execute("SELECT count(*) FROM message WHERE due_at <= ?", (to_micros(now),)).fetchone()
        if due == 0:
            return
        time.sleep(0.2)
    raise AssertionError("the house does not come to rest")


def _wrong(house: RunningHouse) -> list[str]:
    key = base64.b64decode((Path(house.data_dir) / "master.key").read_text())
    database = open_database(f"sqlite:///{house.data_dir / 'menling.db'}", Vault(key))
    try:
        return list(database.read(check_invariants))
    finally:
        database.close()
