"""The human in the chat, through every door: the same silence, the same words, the same way back."""

from datetime import datetime

import pytest

from menling.rehearsal import World

DOORS = ("web", "telegram", "wechat")
SATURDAY = "2026-11-21T10:00+08:00"


@pytest.mark.parametrize("door", DOORS)
def test_an_operator_talks_with_somebody_and_gives_them_back_to_their_task(door: str) -> None:
    with World(None, now=datetime.fromisoformat(SATURDAY), door=door) as world:
        lin, anna = world.person(), world.operator("auditor")
        lin.say("明天下午三点想约个肩颈按摩")
        asked = lin.replies[-1].buttons

        lin.say("人工")
        assert "您是下一位" in lin.replies[-1].text
        lin.say("我家有狗，介意吗")
        assert len(lin.replies) == 1, "one soothing line"
        lin.say("在吗")
        lin.photo()
        assert lin.replies == []

        (waiting,) = anna.get("/tickets")["items"]
        thread = anna.post(f"/tickets/{waiting['id']}/take")["lines"]
        assert [line["text"] for line in thread if line["author"] == "person"][:4] == [
            "明天下午三点想约个肩颈按摩", "人工", "我家有狗，介意吗", "在吗"
        ]  # fmt: skip
        assert thread[-2]["picture"] is not None
        anna.post(f"/tickets/{waiting['id']}/reply", {"words": "不介意 {x}"})
        assert any("不介意 {x}" in reply.text for reply in lin.replies)
        lin.say("1")
        assert lin.replies == []

        anna.post(f"/tickets/{waiting['id']}/give-back")
        assert "客服已结束对话" in lin.replies[-1].text
        lin.press("继续")
        assert lin.replies[-1].buttons == asked
        assert world.check() == []


@pytest.mark.parametrize("door", DOORS)
def test_nobody_comes_and_the_bot_is_back_after_a_restart_too(door: str) -> None:
    with World(None, now=datetime.fromisoformat(SATURDAY), door=door) as world:
        mia = world.person(lang="en")
        mia.say("this is terrible, I want to talk to a human")
        mia.say("hello?")
        world.restart()
        mia.say("anybody?")
        assert mia.replies == []

        world.advance(minutes=11)

        assert any("none of our colleagues is free" in reply.text for reply in mia.replies)
        mia.say("prices")
        assert mia.replies != []
        (ticket,) = world.operator().get("/tickets")["items"]
        assert ticket["state"] == "call_back"
        assert world.check() == []


@pytest.mark.parametrize("door", DOORS)
def test_a_word_takes_the_bot_back(door: str) -> None:
    with World(None, now=datetime.fromisoformat(SATURDAY), door=door) as world:
        lin = world.person()
        lin.say("人工")

        lin.press("回到自助")

        assert "接下来还是我" in lin.replies[-1].text


@pytest.mark.parametrize("door", DOORS)
def test_a_card_still_acts_while_a_human_has_the_chat(door: str) -> None:
    with World(None, now=datetime.fromisoformat(SATURDAY), door=door) as world:
        customer, wang = world.person(demo="xiaoyu"), world.person(demo="wang")
        customer.say("明天下午三点肩颈按摩90分钟，在家，王师傅")
        customer.say("确认下单")
        wang.say("人工")
        customer.pay()
        assert any("接单" in label for reply in wang.replies for label in reply.buttons)

        wang.press("接单")

        assert [order.state for order in world.orders()] == ["accepted"]
        wang.say("路上堵车怎么办")
        wang.say("在吗")
        assert wang.replies == []
        assert world.check() == []
