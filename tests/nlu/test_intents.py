"""What people want, in the ways they say it."""

from collections.abc import Callable

import pytest

from nlu import IntentName, Understanding

Read = Callable[..., Understanding]


@pytest.mark.parametrize(
    ("words", "intent"),
    [
        ("明天下午三点想约个肩颈按摩，在家", "book"),
        ("明天下午三點想約個肩頸按摩，在家", "book"),
        ("您好，我想预约明天下午的全身按摩", "book"),
        ("hello, i'd like to book a full body massage tomorrow", "book"),
        ("hi, any manicure this evening? after 7", "book"),
        ("王师傅，90分钟的", "choose"),
        ("改成四点吧", "correct"),
        ("改成四點吧", "correct"),
        ("不是明天，后天", "correct"),
        ("no, Friday", "correct"),
        ("no, 4pm", "correct"),
        ("actually make it 5:30", "correct"),
        ("谁都行", "choose"),
        ("老地方", "give_address"),
        ("多少钱", "ask_price"),
        ("how much is it", "ask_price"),
        ("90分钟的多少钱", "ask_price"),
        ("我的订单", "order_status"),
        ("my orders", "order_status"),
        ("我那单几点来？", "order_status"),
        *((f"{word} {code}", "order_status") for word in ("订单", "訂單", "order") for code in ("A2K2SE", "F6GD4H")),
        ("取消", "cancel"),
        ("算了不约了", "cancel"),
        ("cancel my booking", "cancel"),
        ("帮我取消明天的预约", "cancel"),
        ("可以取消吗", "ask_policy"),
        ("can i cancel for free", "ask_policy"),
        ("人工", "human"),
        ("talk to a person", "human"),
        ("好的", "affirm"),
        ("yes please", "affirm"),
        ("可以，下单吧", "affirm"),
        ("确认下单", "affirm"),
        ("接单", "accept"),
        ("不接", "refuse"),
        ("不用了谢谢", "deny"),
        ("no thanks", "deny"),
        ("第二个", "choose"),
        ("the second one", "choose"),
        ("anyone is fine", "choose"),
        ("换个女师傅", "change_technician"),
        ("change to a female therapist", "change_technician"),
        ("今晚八点半", "give_time"),
        ("这周六上午", "give_time"),
        ("两小时后", "give_time"),
        ("8pm then", "give_time"),
        ("tomorrow at 3", "give_time"),
        ("next Tuesday at half past two", "give_time"),
        ("13800138000", "give_phone"),
        ("我叫王芳", "give_name"),
        ("会带精油吗？", "ask_service"),
        ("is Mia certified?", "ask_technician"),
        ("李师傅明天有空吗", "ask_availability"),
        ("师傅到哪了", "where_is_technician"),
        ("where is my therapist", "where_is_technician"),
        ("订单M7K2QX到哪了", "where_is_technician"),
        ("wheres mia", "where_is_technician"),
        ("opt in", "want_news"),
        ("no offers please", "stop_news"),
        ("no more offers", "off_duty"),
        ("send my notifications somewhere else", "where_told"),
        ("where can i hear from you", "where_told"),
        ("通知傳到網頁", "where_told"),
        ("訊息傳到微信", "where_told"),
        ("明天三点的预约改到后天四点", "reschedule"),
        ("move my booking to friday 5pm", "reschedule"),
        ("我要退款", "refund"),
        ("i want a refund", "refund"),
        ("再约一次", "rebook"),
        ("book again", "rebook"),
        ("附近有什么服务", "browse_services"),
        ("有哪些技师", "browse_technicians"),
        ("推荐一个", "recommend"),
        ("怎么付款", "pay"),
        ("pay now", "pay"),
        ("五星", "review"),
        ("你们太差劲了", "complain"),
        ("this is ridiculous, terrible service", "complain"),
        ("返回", "back"),
        ("go back", "back"),
        ("帮助", "help"),
        ("help", "help"),
        ("重复一遍", "repeat"),
        ("say that again", "repeat"),
        ("更多", "more"),
        ("show me more", "more"),
        ("说英文", "language"),
        ("english please", "language"),
        ("救命", "emergency"),
        ("他动手动脚的", "emergency"),
        ("help me he won't leave", "emergency"),
        ("删除我的数据", "erase_me"),
        ("delete my data", "erase_me"),
        ("我想当技师", "apply_technician"),
        ("i want to work for you", "apply_technician"),
        ("今天几单", "my_day"),
        ("what's my schedule today", "my_day"),
        ("这个月赚了多少", "income"),
        ("how much did i make this week", "income"),
        ("提现", "withdraw"),
        ("cash out", "withdraw"),
        ("你好", "greet"),
        ("谢谢", "thank"),
        ("再见", "goodbye"),
        ("今天天气怎么样", "out_of_scope"),
        ("讲个笑话", "out_of_scope"),
        ("🙏", "out_of_scope"),
    ],
)
def test_a_message_is_taken_for_what_it_asks(read: Read, words: str, intent: str) -> None:
    assert read(words).intent == intent


@pytest.mark.parametrize(
    ("words", "asked", "choices", "intent"),
    [
        ("今晚八点半", "when", 4, "give_time"),
        ("望京SOHO塔1 2203", "address", 0, "give_address"),
        ("李师傅", "technician", 3, "choose"),
        ("都行", "technician", 3, "choose"),
        ("4", "when", 4, "choose"),
        ("4", "when", 0, "give_time"),
        ("5", "stars", 5, "review"),
        ("王芳", "name", 0, "give_name"),
        ("取消", "name", 0, "cancel"),
        ("取消", "address", 0, "cancel"),
        ("多少钱？", "address", 0, "ask_price"),
        ("不知道", "address", 0, "out_of_scope"),
        ("90", "option", 2, "choose"),
        ("周一到周五", "rota", 0, "give_time"),
    ],
)
def test_an_answer_is_read_in_the_light_of_the_question(
    read: Read, words: str, asked: str, choices: int, intent: str
) -> None:
    assert read(words, asked, choices).intent == intent


@pytest.mark.parametrize(
    "words", ["取消", "人工", "好的", "多少钱", "我的订单", "算了不约了", "yes please", "my orders"]
)
def test_certain_rules_say_that_they_are_certain(read: Read, words: str) -> None:
    assert read(words).confidence >= 0.95


@pytest.mark.parametrize(
    "words",
    [
        "好的，改成四点",
        "好的，多少钱",
        "嗯，不要了",
        "ok, but make it Friday",
        "好的，等等",
        "ok wait",
        "great service",
    ],
)
def test_a_yes_that_says_more_never_passes_for_a_plain_yes(read: Read, words: str) -> None:
    understood = read(words, "yes_no", 4)
    assert understood.intent != "affirm" or understood.confidence < 0.45
    assert not any(entity.value is True for entity in understood.entities)


def test_the_lines_of_a_whole_booking_are_each_understood(read: Read) -> None:
    first = read("明天下午三点想约个肩颈按摩，在家")
    technician = read("王师傅，90分钟的", "technician", 4)
    question = read("会带精油吗？", "yes_no", 4)
    change = read("改成四点吧", "yes_no", 4)
    consent = read("好的", "yes_no", 2)

    assert [entity.kind for entity in first.entities] == ["when", "service", "place_name"]
    assert {entity.kind for entity in technician.entities} >= {"technician", "duration"}
    assert question.intent == "ask_service"
    assert question.first("yes_no") is None
    assert (change.intent, change.corrects) == ("correct", True)
    assert consent.intent == "affirm"


def test_intents_are_ranked_and_only_from_the_closed_list(read: Read) -> None:
    for words in ("明天下午三点想约个肩颈按摩，在家", "no, Friday", "asdf", ""):
        intents = read(words).intents
        assert intents
        assert [each.confidence for each in intents] == sorted((each.confidence for each in intents), reverse=True)
        assert {each.name for each in intents} <= set(IntentName)


def test_what_nobody_understands_is_told(read: Read) -> None:
    assert read("今天天气怎么样").unknown == ("天气",)
    assert read("多少钱").unknown == ()
