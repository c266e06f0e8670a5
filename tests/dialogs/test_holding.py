"""The time that is held while somebody decides: shown, renewed, let go; and who was chosen when anyone will do."""

from datetime import timedelta
from functools import partial

import pytest

from core.calendar import Wish, board, hold
from core.catalog import catalogue
from tests.dialogs.chat import World
from tests.dialogs.words import WORDS

ZH, EN = "zh-Hans", "en"
BOTH = pytest.mark.parametrize("lang", [ZH, EN])


@BOTH
def test_the_summary_says_until_when_the_time_is_held(world: World, lang: str) -> None:
    chat = world.chat("lin", lang)
    chat.books_to_summary()

    assert chat.held[0].expires_at == world.now + timedelta(minutes=5)
    chat.sees("留到 10:05" if lang == ZH else "held for you until 10:05")


@BOTH
def test_a_summary_shown_again_says_the_longer_time(world: World, lang: str) -> None:
    chat = world.chat("lin", lang)
    chat.books_to_summary()
    world.now += timedelta(minutes=4)
    chat.says("会带精油吗？" if lang == ZH else "do you bring oil?")

    chat.sees("留到 10:09" if lang == ZH else "held for you until 10:09")
    assert chat.held[0].expires_at == world.now + timedelta(minutes=5)


@BOTH
def test_going_back_to_the_time_lets_it_go_for_others(world: World, lang: str) -> None:
    chat = world.chat("lin", lang)
    chat.books_to_summary()
    assert len(chat.held) == 1
    chat.presses("改时间" if lang == ZH else "Change time")

    assert "start" not in chat.values
    assert chat.held == []
    other = world.chat("quick", lang)
    other.books_to_summary(phone="13900139000")
    assert len(other.held) == 1


@BOTH
def test_whoever_is_chosen_for_anyone_comes_with_two_reasons(world: World, lang: str) -> None:
    chat = world.chat("lin", lang)
    chat.books_to_summary(who="谁都行" if lang == ZH else "anyone")

    chosen, *facts = chat.values["_why"]
    assert chosen == chat.held[0].technician_id
    assert len(facts) == 2
    known = (
        ("路上约", "评分", "当天不忙", "轮到接单")
        if lang == ZH
        else ("min away", "rated", "most of that day free", "their turn")
    )
    assert sum(words in chat.transcript() for words in known) == 2
    chat.says(WORDS[lang]["yes"])
    assert chat.order.technician_id == chosen


@BOTH
def test_what_could_not_be_checked_is_not_called_full(world: World, lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    chat = world.chat("lin", lang)
    with monkeypatch.context() as slow:
        slow.setattr(board, "_BUDGET_SECONDS", -1.0)
        for word in ("book", "option", "address"):
            chat.says(WORDS[lang][word])
        chat.sees("不是约满了" if lang == ZH else "does not mean we are full")

    chat.presses("再查一次" if lang == ZH else "Check again")
    chat.does_not_see("不是约满了" if lang == ZH else "does not mean we are full")
    assert len(chat.labels) > 2


def test_a_yes_that_is_refused_leaves_what_else_is_held(world: World) -> None:
    chat = world.chat("lin")
    chat.books_to_summary()
    wish, start, me = a_massage(world), chat.held[0].starts_at, chat.person_id
    world.now += timedelta(minutes=6)
    world.chat("quick").books_to_summary(phone="13900139000")
    days = (start + timedelta(days=1), start + timedelta(days=2))
    keep = partial(hold, person_id=me, wish=wish, technician_id=None, now=world.now)
    others = [world.run(partial(keep, starts_at=at)) for at in days]
    chat.says(WORDS[ZH]["yes"])

    assert chat.orders == []
    assert {one.together for one in chat.held} == {one.id for one in others}


def a_massage(world: World) -> Wish:
    region = world.read(catalogue).region_near(30.656, 104.080)
    assert region is not None
    return Wish(world.service_id("肩颈舒缓"), 60, 15, region.id, 30.656, 104.080)
