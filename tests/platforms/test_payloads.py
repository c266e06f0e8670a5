"""One payload of every kind the platforms document: each is answered, and read as what it is or as nothing."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from core.geo import Datum, Point, to_wgs84
from core.invariants import check_invariants
from tests.platforms.house import House

pytestmark = pytest.mark.anyio

HERE = Path(__file__).parent
TELEGRAM: Mapping[str, Any] = json.loads((HERE / "telegram_expected.json").read_text())
WECHAT: Mapping[str, Any] = json.loads((HERE / "wechat_expected.json").read_text())


def test_every_payload_says_what_it_should_be_read_as() -> None:
    assert sorted(TELEGRAM) == sorted(path.stem for path in (HERE / "telegram").glob("*.json"))
    assert sorted(WECHAT) == sorted(path.stem for path in (HERE / "wechat").glob("*.xml"))


async def test_every_kind_of_telegram_is_taken_for_what_it_is(house: House) -> None:
    read: dict[str, Any] = {}
    for name in TELEGRAM:
        house.forget()
        answer = await house.update((HERE / "telegram" / f"{name}.json").read_bytes())
        await house.quiet()
        read[name] = {"status": answer.status, "read_as": house.last_read()}

    assert read == {name: {"status": one["status"], "read_as": one["read_as"]} for name, one in TELEGRAM.items()}
    assert house.troubles.seen == []
    assert house.db.read(check_invariants) == []


async def test_every_kind_of_wechat_is_taken_for_what_it_is(house: House) -> None:
    read: dict[str, Any] = {}
    for name in WECHAT:
        house.forget()
        answer = await house.wechat_tells((HERE / "wechat" / f"{name}.xml").read_text())
        house.opened(answer)
        await house.quiet()
        read[name] = {"status": answer.status, "read_as": house.last_read()}

    pin = to_wgs84(Point(30.655817, 104.068276, Datum.GCJ02))
    for name, label in (("location", "成都市锦江区春熙路"), ("location_without_label", "")):
        assert read.pop(name)["read_as"] == {
            "type": "location",
            "lat": pin.lat,
            "lng": pin.lng,
            "label": label,
            "live": False,
        }
    assert read == {name: one for name, one in WECHAT.items() if not name.startswith("location") or "select" in name}
    assert house.troubles.seen == []
    assert house.db.read(check_invariants) == []


async def test_every_payload_told_again_does_nothing(house: House) -> None:
    for name in TELEGRAM:
        raw = (HERE / "telegram" / f"{name}.json").read_bytes()
        await house.update(raw)
        await house.quiet()
        house.forget()
        await house.update(raw)
        await house.quiet()
        assert not [turn for turn in house.reception.turns if not turn.repeat], name
    for name in WECHAT:
        document = (HERE / "wechat" / f"{name}.xml").read_text()
        first = house.opened(await house.wechat_tells(document))
        await house.quiet()
        house.forget()
        again = house.opened(await house.wechat_tells(document))
        assert not [turn for turn in house.reception.turns if not turn.repeat], name
        assert _content(first) == _content(again), name


def _content(reply: str) -> str:
    return reply.partition("<Content>")[2].partition("</Content>")[0]
