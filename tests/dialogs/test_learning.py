"""Learning from use: what was missed, unclear or put right is kept, and nothing that is somebody's own."""

from datetime import timedelta

import pytest

from core import heard
from core.heard import Heard, How
from core.settings import change
from dialogs.engine import hearing
from nlu import Intent, Understanding
from tests.dialogs.chat import NOW, Chat, World

GIBBERISH = "呜哩哇啦嘟嘟"


def kept(world: World) -> list[Heard]:
    return list(world.read(lambda tx: heard.kept(tx, since=NOW - timedelta(days=1))))


def words(world: World) -> list[tuple[How, str]]:
    return [(one.how, one.words) for one in kept(world)]


def test_what_nobody_understood_is_kept_with_the_question_it_was_said_to(world: World) -> None:
    chat = world.chat("lin")
    chat.says(GIBBERISH)
    chat.says("我想约个肩颈按摩90分钟，在望京花园3号楼1201")
    chat.presses("王师傅")
    assert chat.asking == "start"
    chat.says("叽里咕噜呱")

    assert words(world) == [(How.MISSED, GIBBERISH), (How.MISSED, "叽里咕噜呱")]
    assert [one.asked for one in kept(world)] == [None, "when"]


def test_what_was_understood_is_not_kept(world: World) -> None:
    chat = world.chat("lin")
    chat.books()

    assert kept(world) == []


def unsure(text: str, *, lang: str, **_: object) -> Understanding:
    """Two things may be meant, and neither is sure."""
    intents = (Intent("add_address", 0.6), Intent("change_rota", 0.58), Intent("review", 0.55))
    return Understanding(text=text, normal=text, lang=lang, intents=intents, unknown=(text,))


def test_words_that_could_mean_several_things_are_kept_as_unclear(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = world.customer("xiaoyu")
    chat.says("约肩颈按摩90分钟")
    monkeypatch.setattr(hearing, "understand", unsure)
    chat.says(GIBBERISH)
    chat.sees("都不是")
    chat.presses("都不是")

    assert words(world) == [(How.UNCLEAR, GIBBERISH)]


def test_when_somebody_puts_us_right_what_they_had_said_before_is_kept(world: World) -> None:
    chat = world.customer("xiaoyu")
    chat.says("明天下午三点约王师傅肩颈按摩90分钟")
    chat.says("不是明天，是后天")

    assert words(world) == [(How.CORRECTED, "明天下午三点约[technician]肩颈按摩90分钟")]
    (one,) = kept(world)
    assert one.intent == "book"


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("呜哩哇啦13912345678嘟嘟", "呜哩哇啦[phone]嘟嘟"),
        ("呜哩哇啦 4821 嘟嘟", "呜哩哇啦 [number] 嘟嘟"),
        ("呜哩哇啦四八二幺嘟嘟", "呜哩哇啦[number]嘟嘟"),
        ("呜哩哇啦4 8 2 1嘟嘟", "呜哩哇啦[number]嘟嘟"),
    ],
)
def test_numbers_and_codes_are_not_kept(world: World, said: str, shown: str) -> None:
    world.chat("lin").says(said)

    assert [one.words for one in kept(world)] == [shown]


def test_words_that_are_nothing_but_a_code_are_not_kept_at_all(world: World) -> None:
    world.chat("lin").says("4821")

    assert kept(world) == []


def asked_for(world: World, field: str) -> Chat:
    chat = world.chat("lin")
    if field == "name":
        chat.says("我想改个名字")
    elif field == "address":
        chat.says("约肩颈按摩90分钟")
    elif field == "phone":
        chat.says("我要改手机号")
    assert chat.asking == field
    return chat


@pytest.mark.parametrize("field", ["name", "address", "phone"])
def test_an_answer_that_is_somebodys_own_is_never_kept(world: World, field: str) -> None:
    chat = asked_for(world, field)
    chat.says("呜哩哇啦嘟嘟呱呱")
    chat.says("不对不对，错了")

    assert [said for _, said in words(world) if "呜哩" in said] == []


def test_the_words_of_a_review_are_never_kept(world: World) -> None:
    chat, wang = world.chat("lin"), world.technician("wang")
    chat.books()
    chat.pays()
    wang.presses("接单")
    world.at(chat.order.starts_at)
    wang.presses("我出发了")
    wang.presses("我到了")
    wang.says(chat.order.start_code)
    world.at(chat.order.ends_at)
    wang.presses("完成服务")
    wang.photo()
    wang.presses("发好了")
    world.deliver()
    chat.presses("确认完成")
    world.deliver()
    chat.presses("去评价")
    for said in ("5", "是的", GIBBERISH):
        chat.says(said)
    chat.says("不对不对，错了")

    assert kept(world) == []


def test_a_turn_that_keeps_words_costs_at_most_one_statement_more(world: World) -> None:
    chat = world.chat("lin")
    chat.says("你好")
    chat.says(GIBBERISH)
    cost = chat.statements
    world.run(lambda tx: change(tx, "heard_words_days", 0, NOW))
    chat.says(GIBBERISH)

    assert len(kept(world)) == 1
    assert cost - chat.statements <= 1


def test_whoever_is_erased_leaves_none_of_their_words(world: World) -> None:
    chat = world.chat("lin")
    chat.says(GIBBERISH)
    chat.says("删除我的数据")
    chat.presses("删除")

    assert kept(world) == []
