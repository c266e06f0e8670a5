"""At a summary: a yes in any words, a wait, later or earlier than shown; what is grave needs the clear word."""

import pytest

from tests.dialogs.changing import asks, swaps
from tests.dialogs.chat import Chat, World
from tests.dialogs.steps import accepted
from tests.dialogs.words import WORDS

ZH, HANT, EN = "zh-Hans", "zh-Hant", "en"
BOTH = pytest.mark.parametrize("lang", [ZH, EN])


def at_summary(world: World, lang: str) -> Chat:
    """Somebody at the summary; Cantonese is spoken to the Chinese one."""
    chat = world.chat("lin", EN if lang == EN else ZH)
    chat.books_to_summary()
    return chat


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        (ZH, "嗯就这样下单吧"),
        (ZH, "没毛病 付款"),
        (ZH, "好的好的 麻烦师傅准时哈"),
        (HANT, "冇問題 落單啦"),
        (EN, "that's fine book it"),
        (EN, "brilliant, ta"),
    ],
)
def test_any_plain_yes_places_the_order(world: World, lang: str, said: str) -> None:
    chat = at_summary(world, lang)
    chat.says(said)

    assert chat.order.state == "to_pay"


@pytest.mark.parametrize(
    ("lang", "said"),
    [(ZH, "可以是可以 就是太远了"), (ZH, "好像可以"), (ZH, "对了"), (ZH, "没错吧"), (EN, "yes if he's on time")],
)
def test_what_only_sounds_like_a_yes_places_no_order(world: World, lang: str, said: str) -> None:
    chat = at_summary(world, lang)
    chat.says(said)

    assert chat.orders == []


@pytest.mark.parametrize(("lang", "said"), [(ZH, "知道了"), (ZH, "哦哦"), (EN, "I see")])
def test_to_have_read_it_is_no_yes_and_no_riddle(world: World, lang: str, said: str) -> None:
    chat = at_summary(world, lang)
    chat.says(said)

    chat.sees("回复“好的”" if lang == ZH else "just say “yes”")
    assert chat.orders == []


@pytest.mark.parametrize("said", ["对了", "好像要", "可以是可以 就是可惜", "好了", "付款", "别删"])
def test_nothing_but_a_clear_yes_erases(world: World, said: str) -> None:
    chat = world.chat("lin", ZH)
    chat.says("删除我的数据")
    assert chat.flow == "erase_me"
    chat.says(said)
    chat.does_not_see("已经全部删除")


@pytest.mark.parametrize(
    ("lang", "said"), [(ZH, "等一下"), (ZH, "先别下单"), (HANT, "我諗下先"), (EN, "hang on"), (EN, "not sure")]
)
def test_somebody_still_thinking_is_not_pressed(world: World, lang: str, said: str) -> None:
    chat = at_summary(world, lang)
    chat.says(said)

    chat.sees("No hurry" if lang == EN else "不急", "10:05")
    assert (chat.orders, chat.asking) == ([], "*summary*")


@pytest.mark.parametrize(
    ("lang", "said", "start"),
    [
        (ZH, "晚两个小时", "11-22 17:00"),
        (ZH, "提前半小时可以吗", "11-22 14:30"),
        (ZH, "我想改到后天同一时间", "11-23 15:00"),
        (HANT, "遲半個鐘", "11-22 15:30"),
        (EN, "half an hour earlier", "11-22 14:30"),
        (EN, "same time on monday", "11-23 15:00"),
    ],
)
def test_later_and_earlier_are_counted_from_the_time_shown(world: World, lang: str, said: str, start: str) -> None:
    chat = at_summary(world, lang)
    chat.says(said)

    assert (chat.start, chat.asking) == (start, "*summary*")


@pytest.mark.parametrize(("lang", "said"), [(ZH, "好但是晚一点"), (EN, "yes but later")])
def test_a_bit_later_offers_that_day_after_the_time_shown_and_can_be_taken_back(
    world: World, lang: str, said: str
) -> None:
    chat = world.chat("lin", lang)
    chat.books_to_summary()
    summary = chat.text
    chat.says(said)

    assert chat.asking == "start"
    offered = [label for label in chat.labels if ":" in label]
    assert offered
    assert all(label.split()[1] > "15:00" for label in offered)
    chat.says("算了不改了" if lang == ZH else "leave it as it was")
    assert chat.text == summary


@pytest.mark.parametrize(("lang", "said"), [(ZH, "不行 太贵了"), (EN, "no, too expensive")])
def test_too_expensive_is_answered(world: World, lang: str, said: str) -> None:
    chat = at_summary(world, lang)
    chat.says(said)

    chat.sees("价格是统一的" if lang == ZH else "same for everybody")


@pytest.mark.parametrize(
    ("lang", "said"),
    [(ZH, "对 取消"), (ZH, "是的取消"), (EN, "yes cancel it"), (EN, "yes please cancel")],
)
def test_the_very_word_cancels_where_cancelling_is_asked(world: World, lang: str, said: str) -> None:
    chat, _ = accepted(world, lang)
    chat.says("我想取消这个订单" if lang == ZH else "I'd like to cancel my booking")
    chat.says(said)

    assert chat.order.state == "cancelled"


@BOTH
def test_the_words_that_asked_to_cancel_sent_twice_are_no_yes(world: World, lang: str) -> None:
    chat, _ = accepted(world, lang)
    for _again in range(2):
        chat.says("取消订单" if lang == ZH else "cancel my booking")

    assert chat.order.state == "accepted"


@pytest.mark.parametrize(("lang", "said"), [(ZH, "付款"), (ZH, "下单吧"), (EN, "book it")])
def test_a_yes_to_a_booking_cancels_nothing(world: World, lang: str, said: str) -> None:
    chat, _ = accepted(world, lang)
    chat.says("取消订单" if lang == ZH else "cancel my booking")
    chat.says(said)

    assert chat.order.state == "accepted"


@BOTH
def test_moving_it_where_cancelling_is_asked_moves_it(world: World, lang: str) -> None:
    chat, _ = accepted(world, lang)
    chat.says("取消订单" if lang == ZH else "cancel my booking")
    chat.says("要不还是改到后天同一时间吧" if lang == ZH else "hmm how about moving it to monday same time")

    assert (chat.flow, chat.start) == ("retime", "11-23 15:00")
    chat.says("好的" if lang == ZH else "yes")
    assert chat.order.state == "accepted"


@BOTH
def test_a_loose_yes_after_other_words_is_asked_once_more_then_taken(world: World, lang: str) -> None:
    chat, _ = accepted(world, lang)
    chat.says("取消订单" if lang == ZH else "cancel my booking")
    chat.says("呜啦呜啦" if lang == ZH else "the weather is blue sausages")
    chat.says("是的" if lang == ZH else "yes")
    assert chat.order.state == "accepted"

    chat.says("是的" if lang == ZH else "yes")
    assert chat.order.state == "cancelled"


@BOTH
def test_do_not_cancel_takes_no_request_back(world: World, lang: str) -> None:
    chat, _ = asks(world, lang)
    chat.says("还是不取消了" if lang == ZH else "don't cancel it")

    chat.sees("什么都没取消" if lang == ZH else "nothing is cancelled")
    chat.does_not_see("撤回了" if lang == ZH else "withdrawn")


@pytest.mark.parametrize(("lang", "said"), [(ZH, "同意"), (EN, "agree")])
def test_the_word_of_the_button_agrees_to_the_change_at_once(world: World, lang: str, said: str) -> None:
    chat, wang = asks(world, lang)
    wang.says(said)

    assert world.now < chat.order.starts_at
    assert chat.order.starts_at.isoformat().startswith("2026-11-23T08:00")


def test_who_is_asked_to_take_a_visit_over_takes_it_by_the_word(world: World) -> None:
    chat, _, li = swaps(world, ZH)
    li.says("接了")

    assert chat.order.technician_id == li.working.id


@pytest.mark.parametrize(
    ("lang", "part", "hour", "heard"),
    [(ZH, "后天上午", "十点半", "11-23 10:30"), (EN, "monday morning", "half ten", "11-23 10:30")],
)
def test_the_part_of_day_told_before_decides_the_hour(
    world: World, lang: str, part: str, hour: str, heard: str
) -> None:
    chat = world.chat("lin", lang)
    chat.books_to_summary()
    chat.presses("改时间" if lang == ZH else "Change time")
    chat.says(part)
    chat.says(hour)

    assert chat.start == heard


def test_a_place_not_known_yet_is_asked_for_and_nothing_else(world: World) -> None:
    chat = world.customer("emma", EN)
    chat.says("neck massage 90 minutes tomorrow 3pm with wang at home")
    assert chat.asking == "*summary*"
    chat.says("can you come to my office instead")

    assert chat.asking == "address"
    chat.does_not_see("Shall I go ahead")


def test_a_day_there_is_not_loses_nothing_else(world: World) -> None:
    chat = world.chat("lin", ZH)
    chat.says("2月30号做个按摩")

    chat.sees("2月30号")
    assert (chat.flow, chat.asking) == ("book", "service")


@pytest.mark.parametrize(("lang", "word"), [(ZH, "按摩"), (ZH, "维修"), (EN, "massage")])
def test_the_word_of_a_trade_alone_opens_its_services(world: World, lang: str, word: str) -> None:
    chat = world.chat("lin", lang)
    chat.says(word)

    assert (chat.flow, chat.asking) == ("book", "service")


@pytest.mark.parametrize(
    ("lang", "said", "heard"),
    [(ZH, "七点以后吧", "19:00 以后"), (ZH, "后天下午", "12:00–18:00"), (EN, "any time after 3", "after 15:00")],
)
def test_a_stretch_of_time_is_said_back_as_it_was_heard(world: World, lang: str, said: str, heard: str) -> None:
    chat = world.chat("lin", lang)
    chat.says("肩颈按摩" if lang == ZH else "neck massage")
    chat.says(said)

    chat.sees(heard)


@pytest.mark.parametrize(("lang", "said"), [(ZH, "别让王师傅来"), (EN, "anybody except Wang")])
def test_who_is_turned_down_is_not_among_those_offered(world: World, lang: str, said: str) -> None:
    chat = world.chat("lin", lang)
    for words in ("book", "option", "address"):
        chat.says(WORDS[lang][words])
    assert chat.asking == "technician"
    chat.says(said)

    assert chat.asking == "technician"
    assert len(chat.labels) > 1
    assert not any(("王师傅" if lang == ZH else "Wang") in label for label in chat.labels)
    assert ("谁都行，最快确认" if lang == ZH else "Anyone, soonest to confirm") not in chat.labels
