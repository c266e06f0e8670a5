"""What customers ask in passing: a question about a rule does nothing, whatever verb stands in it."""

from collections.abc import Callable

import pytest

from nlu import Understanding

Read = Callable[..., Understanding]


@pytest.mark.parametrize(
    ("words", "intent"),
    [
        ("退钱怎么退", "ask_policy"),
        ("钱什么时候到", "ask_policy"),
        ("when do I get my money back", "ask_policy"),
        ("what if I need to cancel?", "ask_policy"),
        ("支付宝可以吗", "ask_policy"),
        ("能用微信付吗", "ask_policy"),
        ("你是机器人吗", "ask_policy"),
        ("are you a robot", "ask_policy"),
        ("这是骗子吧", "ask_policy"),
        ("is this a scam", "ask_policy"),
        ("我要退款", "refund"),
        ("付了没有", "pay"),
        ("谁来啊", "where_is_technician"),
        ("who's coming?", "where_is_technician"),
        ("开工码多少", "where_is_technician"),
        ("把公司删了", "remove_address"),
        ("delete the hotel", "remove_address"),
        ("call me Em", "give_name"),
        ("换时间", "reschedule"),
    ],
)
def test_a_question_in_passing_is_understood(read: Read, words: str, intent: str) -> None:
    understood = read(words)
    assert understood.intent == intent
    assert understood.confidence >= 0.75


def test_two_sexes_in_one_question_are_no_wish(read: Read) -> None:
    assert read("是男的女的", "technician", 3).intent == "ask_technician"


@pytest.mark.parametrize(
    ("words", "phone"), [("陈小姐 0912345678", "+886912345678"), ("望京花园5号楼101 0912345678", "+886912345678")]
)
def test_ten_digits_from_09_are_a_mobile_in_taiwan(read: Read, words: str, phone: str) -> None:
    found = read(words).first("phone")
    assert found is not None
    assert found.value == phone


@pytest.mark.parametrize("words", ["望京花园5号楼101 0912345678", "望京花园5号楼101 0770090012"])
def test_a_telephone_number_behind_an_address_is_no_part_of_it(read: Read, words: str) -> None:
    said = read(words, "address").first("address")
    assert said is not None
    assert said.text == "望京花园5号楼101"


@pytest.mark.parametrize(
    ("words", "asked", "place"),
    [("就刚才的地址", "address", "usual"), ("公司", "when", "work"), ("no, home", "yes_no", "home")],
)
def test_a_remembered_place_is_named_at_any_question(read: Read, words: str, asked: str, place: str) -> None:
    found = read(words, asked, 3).first("place_name")
    assert found is not None
    assert found.value == place
