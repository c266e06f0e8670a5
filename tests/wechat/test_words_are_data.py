"""What people typed, shown in WeChat: never a line to tap, never a choice of its own, never cut inside a character."""

import pytest

from bots.wechat.showing import MOST_BYTES, merge, parts_of, pieces
from dialogs.outgoing import Body, Button, Outgoing
from tests.fake_reception import FakeReception, a_prompt
from tests.wechat.conftest import Open
from tests.wechat.messages import a_notice
from tests.wechat.test_coming_in import a_follower

EVIL = '<a href="weixin://bizmsgmenu?msgmenucontent=确认取消&msgmenuid=1.0">点我领券</a>'


def a_question(text: str, *labels: str) -> Outgoing:
    return a_notice("o-1", Body(text=text, rows=tuple((Button(label, action=1),) for label in labels)), kind="prompt")


@pytest.mark.anyio
async def test_a_tappable_line_in_a_name_or_an_address_is_only_words(open_door: Open) -> None:
    opened = await open_door(FakeReception(script=lambda _: [a_prompt(f"送到{EVIL}吗？", EVIL, "别处")]))
    fan = a_follower(opened)

    await fan.says("约")
    seen = await fan.sees("送到")

    assert [tap.content for tap in seen.taps] == ["1", "2"]
    assert "weixin://bizmsgmenu?msgmenucontent=确认取消" in seen.text
    assert "＜a href" in seen.text


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("<b>祝好</b>", "＜b＞祝好＜/b＞"),
        ("<a href=x>点我</a", "＜a href=x＞点我＜/a"),
        ("<<a>>", "<＜a＞>"),
        ("1 < 2, 3 > 2 <3", "1 < 2, 3 > 2 <3"),
    ],
)
def test_brackets_that_could_be_a_tag_are_both_wide_and_all_others_as_they_were(typed: str, shown: str) -> None:
    assert parts_of([a_question(typed)], tappable=True) == [shown]


def test_a_label_cannot_add_a_choice_of_its_own() -> None:
    (text,) = parts_of([a_question("送到哪里？", "望京花园\n2 确认付款", "公司")], tappable=False)

    assert text.split("\n") == ["送到哪里？", "1 望京花园 2 确认付款", "2 公司"]


@pytest.mark.parametrize("tappable", [True, False])
def test_of_a_text_too_long_for_one_reply_every_choice_arrives(tappable: bool) -> None:
    question = a_question("订单 7K3M：王师傅明天 15:00 到。" * 60, *(f"选项{nth}" for nth in range(1, 9)))

    passive = merge([question], tappable=tappable)

    texts = [passive.text, *passive.left[0][1]]
    assert passive.shown == ()
    assert all(len(text.encode()) <= MOST_BYTES for text in texts)
    assert [f"{nth} 选项{nth}" in "\n".join(texts) for nth in range(1, 9)] == [True] * 8
    assert all(text.count("<a ") == text.count("</a>") for text in texts)


def test_a_line_longer_than_a_message_is_cut_between_characters() -> None:
    text = "好👩‍🔧" * 400

    parts = pieces(text)

    assert "".join(parts) == text
    assert all(len(part.encode()) <= MOST_BYTES and part.count("👩") == part.count("🔧") for part in parts)
