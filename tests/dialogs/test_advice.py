"""Words we are unsure of are asked about once, masked; what is proposed is taken where it holds, short of a yes."""

from typing import Any

import pytest

from core import people
from dialogs.incoming import Press
from nlu.proposals import DECISIONS, Proposals, ProposedEntity
from tests.dialogs.advised import NOTHING, ODD, Talking, Told, in_inbox
from tests.dialogs.chat import World
from tests.dialogs.words import WORDS

pytestmark = pytest.mark.usefixtures("unsure_of_the_odd")


def test_what_was_proposed_is_done_and_the_question_names_nobody(world: World) -> None:
    lin = Talking(world, Told())
    lin.says("你好")
    lin_id = lin.chat.person_id
    world.run(lambda tx: people.set_name(tx, lin_id, "林晓梅"))
    assert lin.adviser.questions == []

    (turn,) = lin.says(f"晓梅{ODD}13800138000")

    assert lin.chat.flow == "book"
    assert lin.chat.values["service"] == world.service_id("肩颈舒缓")
    assert turn.messages[0].body.text == lin.chat.text
    (question,) = lin.adviser.questions
    assert "13800138000" not in question.text
    assert "晓梅" not in question.text
    assert "抠咔咔" in question.text
    assert (question.lang, question.asked) == ("zh-Hans", None)
    assert "肩颈舒缓" in question.services
    assert "抠咔咔" not in repr(question) + repr(turn.waiting)
    assert in_inbox(world)[-1] == ("done", 1, False)
    world.settled()


@pytest.mark.parametrize(
    "proposals",
    [
        None,
        NOTHING,
        Proposals((("affirm", 1.0), ("accept", 1.0), ("obey", 1.0)), (ProposedEntity("yes_no", "搞", "好的"),)),
        Proposals((("out_of_scope", 1.0),), (ProposedEntity("when", "抠咔咔", "明天下午三点"),)),
    ],
)
def test_without_a_proposal_that_holds_the_answer_is_our_own(world: World, proposals: Proposals | None) -> None:
    plain, lin = world.chat("plain"), Talking(world, Told(proposals))
    plain.says(ODD)
    lin.says(ODD)
    assert lin.chat.text == plain.text
    assert lin.chat.state == plain.state
    assert len(lin.adviser.questions) == 1


def test_nobody_outside_says_yes_to_a_summary_for_somebody(world: World) -> None:
    lin = Talking(world, Told(Proposals((("affirm", 1.0),), (ProposedEntity("yes_no", "搞", "yes"),))))
    lin.chat.books_to_summary()
    lin.says("嘎嘎嘎搞")
    assert lin.adviser.texts == ["嘎嘎嘎搞"]
    assert lin.chat.orders == []
    assert lin.chat.asking == "*summary*"


def test_nobody_outside_confirms_a_finished_visit_for_somebody(world: World) -> None:
    lin, wang = Talking(world, Told(Proposals((("thank", 1.0),)))), world.technician("wang")
    lin.chat.books()
    lin.chat.pays()
    wang.presses("接单")
    world.at(lin.chat.order.starts_at)
    wang.presses("我出发了")
    wang.presses("我到了")
    wang.says(lin.chat.order.start_code)
    world.at(lin.chat.order.ends_at)
    wang.presses("完成服务")
    wang.photo()
    wang.presses("发好了")
    assert lin.chat.order.state == "finished"

    lin.says("抠咔咔没问题")

    assert len(lin.adviser.questions) == 1
    assert lin.chat.order.state == "finished"


def test_what_acts_without_a_question_or_a_summary_is_nobody_elses_to_propose(world: World) -> None:
    at_once = [flow for flow in world.house.flows.values() if not flow.fields and flow.summary is None]
    intents = {intent for flow in at_once for intent in flow.intents}

    assert "depart" in intents
    assert intents <= DECISIONS


def test_a_booking_under_way_is_not_dropped_by_somebody_outside_but_asked_about(world: World) -> None:
    lin = Talking(world, Told(Proposals((("cancel", 1.0), ("refund", 0.9)))))
    lin.chat.books_to_summary()
    values = lin.chat.values
    lin.says("嘎嘎嘎搞")
    lin.chat.sees("取消订单")
    assert (lin.chat.flow, lin.chat.values) == ("book", values)


@pytest.mark.parametrize(
    "said",
    [
        *(
            "多少钱",
            "明天下午三点想约个肩颈按摩",
            "取消",
            "人工",
            "救命啊他在打我",
            "你好",
            "我不舒服，快叫人",
            "嘎嘎咕咕",
        ),
        *("1", "。。。", "13800138000", "이거 뭐예요"),
    ],
)
def test_what_we_are_sure_of_or_what_cannot_wait_is_nobodys_business(world: World, said: str) -> None:
    lin = Talking(world, Told())
    lin.says(said)
    assert lin.adviser.questions == []
    assert in_inbox(world) == [("done", 1, False)]


def test_names_doors_reasons_and_what_a_human_is_told_stay_in_the_house(world: World) -> None:
    lin = Talking(world, Told())
    for said in (WORDS["zh-Hans"]["book"], WORDS["zh-Hans"]["option"]):
        lin.says(said)
    assert lin.chat.asking == "address"
    lin.says("啊这个嘎嘎")
    assert lin.adviser.questions == []

    lin.says("人工")
    lin.says(ODD)
    assert lin.adviser.questions == []
    assert lin.chat.loaded.ticket_id is not None


def test_a_press_a_label_and_a_place_in_a_list_ask_nobody(world: World) -> None:
    lin = Talking(world, Told())
    lin.says("明天下午三点想约个肩颈按摩")
    label = lin.chat.labels[0]
    lin.says(label)
    lin.sends(lin.incoming(Press(lin.chat.token("返回"))))
    lin.says("第二个")
    assert lin.adviser.questions == []


def test_without_an_adviser_nothing_is_masked_looked_up_or_put_off(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: Any, **__: Any) -> Any:
        raise AssertionError("nobody is to be asked")

    monkeypatch.setattr("dialogs.engine.hearing.advised", never)
    monkeypatch.setattr("dialogs.engine.routing.is_answered", never)
    turn = world.chat("lin").says(ODD)
    assert turn.waiting is None
    assert in_inbox(world) == [("done", 1, False)]


def test_a_foreign_language_is_asked_about_by_the_tongue_it_is_in(world: World) -> None:
    amy = Talking(world, Told(Proposals((("ask_price", 0.9),))), "amy", "en")
    amy.says("whats the damage for a knead")
    assert amy.adviser.questions[0].lang == "en"
    assert "Prices" in amy.chat.text or "£" in amy.chat.text or "¥" in amy.chat.text
