"""The page's pokes, as a script sends them: over HTTP, by name."""

from typing import Any

import pytest

from simulators.client import http_client
from simulators.telegram import TelegramSimulator
from simulators.wechat import WeChatSimulator
from simulators.wechat.templates import read_template
from tests.simulators.conftest import ListeningApp

pytestmark = pytest.mark.anyio


class Script:
    """Somebody with curl."""

    def __init__(self, base_url: str) -> None:
        self.client = http_client(base_url=base_url, timeout=5)

    async def state(self) -> dict[str, Any]:
        told: dict[str, Any] = (await self.client.get("/simulator/state")).json()
        return told

    async def pokes(self, act: str, person: str = "", **more: object) -> str:
        answer = await self.client.post("/simulator/act", json={"person": person, "act": act, **more})
        return "" if answer.status_code == 200 else str(answer.json()["error"])


async def test_every_poke_of_telegram_is_understood() -> None:
    sim = TelegramSimulator()
    await sim.start()
    script = Script(sim.base_url)
    await script.pokes("new", text="Ming")
    first = await script.state()
    ming = first["people"][0]["id"]
    refused = {act: await script.pokes(act, ming) for act in first["people"][0]["acts"] if "close" not in act}
    for poke in first["pokes"]:
        values = {field["name"]: field["value"] for field in poke["fields"]}
        refused[poke["act"]] = await script.pokes(poke["act"], ming, **values)
    group = (await script.state())["people"][-1]
    for act in group["acts"]:
        refused[act] = await script.pokes(act, group["id"])
    refused["says"] = await script.pokes("says", group["id"], text="hello")
    await script.pokes("flood", ming, whom="the whole bot", seconds="30")
    told = await script.state()
    await script.client.aclose()
    await sim.stop()

    assert {act: why for act, why in refused.items() if why} == {"payment told again": "nothing has been paid"}
    assert "next sendMessage: 429" in told["facts"]
    assert any("flood of bot" in fact for fact in told["facts"])
    assert [one["name"] for one in told["people"]] == ["Ming", "Emma", "group: Family", "group: Family"]


async def test_a_newcomer_has_a_language_and_a_place_and_presses_without_naming_the_message() -> None:
    sim = TelegramSimulator()
    await sim.start()
    script = Script(sim.base_url)
    await script.pokes("new", text="Emma", language="en")
    emma = sim.people[0]
    refused = [
        await script.pokes("live location", str(emma.id), lat="30.5868", lng="104.0727"),
        await script.pokes("move", str(emma.id), lat="30.6000", lng="104.0727"),
        await script.pokes("presses", str(emma.id), text="nothing of the kind"),
    ]
    await script.client.aclose()
    await sim.stop()

    assert emma.account.language_code == "en"
    assert emma.location == (30.6, 104.0727)
    assert refused[:2] == ["", ""]
    assert refused[2]
    assert refused[2] != "'message'"


async def test_every_poke_of_wechat_is_understood(app: ListeningApp) -> None:
    sim = WeChatSimulator(callback_url=None)
    await sim.start()
    sim.fan("小安")
    script = Script(sim.base_url)
    first = await script.state()
    her = first["people"][0]["id"]
    without_address = await script.pokes("follow", her)
    house_wide = ("fail", "later", "kill tokens", "revoke", "limit", "template", "grant")
    refused = []
    for poke in first["pokes"]:
        if poke["act"] in house_wide:
            values = {field["name"]: field["value"] for field in poke["fields"]}
            refused.append(await script.pokes(poke["act"], her, **values))
    told = await script.state()
    wrong = [
        await script.pokes("fail", her, path="/nowhere", kind="40001"),
        await script.pokes("template", her, text="nonsense"),
        await script.pokes("dances", her),
        await script.pokes("says", "nobody", text="x"),
        await script.pokes("later", her, hours="soon"),
    ]
    await script.client.aclose()
    await sim.stop()

    assert without_address == "the account has no callback address"
    assert refused == [""] * len(house_wide)
    assert "next message/custom/send: 40001" in told["facts"]
    assert sim.template_ids == ["tpl_visit"]
    assert all(wrong)


def test_a_template_is_read_from_one_line_or_refused() -> None:
    assert read_template("tpl=提醒:thing1=服务,time2=时间") == ("tpl", "提醒", {"thing1": "服务", "time2": "时间"})
    for wrong in ("", "tpl", "tpl=提醒", "tpl=提醒:", "=x:a=b"):
        with pytest.raises(ValueError, match="ID=TITLE"):
            read_template(wrong)
