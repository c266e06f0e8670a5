"""What people typed, shown in Telegram: never markup, never a command, never too long, and no button lost."""

import pytest

from bots.telegram.keyboards import MOST_TEXT, inert, pieces
from dialogs.outgoing import Body, Button, Sent
from tests.fake_reception import a_prompt
from tests.telegram.conftest import Open
from tests.telegram.test_going_out import a_message

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    "words",
    ["<b>王</b> &amp; <a href='tg://user?id=1'>x</a>", "*王* _x_ `y` [z](https://evil.example)", "{0} {code} %s"],
)
async def test_markup_in_somebodys_words_is_shown_as_it_was_typed(open_door: Open, words: str) -> None:
    opened = await open_door()
    anna = opened.sim.user()
    await anna.starts()

    outcome = await opened.door.deliver(a_message(anna.id, a_prompt(f"送到{words}吗？", words)))

    seen = await anna.sees("送到")
    assert isinstance(outcome, Sent)
    assert seen.text == f"送到{words}吗？"
    assert seen.labels[0] == words


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("王 /cancel 师傅", "王 ／cancel 师傅"),
        ("/start 3 号楼", "／start 3 号楼"),
        ("地址：/human@bot", "地址：／human@bot"),
        ("看 https://menling.example/pay/x", "看 https://menling.example/pay/x"),
        ("3/12 单元 24/7", "3/12 单元 24/7"),
    ],
)
def test_no_word_becomes_a_command_to_tap(typed: str, shown: str) -> None:
    assert inert(typed) == shown


async def test_a_label_of_two_lines_is_one_line(open_door: Open) -> None:
    opened = await open_door()
    anna = opened.sim.user()
    await anna.starts()
    body = Body(text="哪里？", rows=((Button("望京花园\n取消订单", action=1),),))

    await opened.door.deliver(a_message(anna.id, body))

    assert (await anna.sees("哪里？")).labels == ["望京花园 取消订单"]


def test_a_part_ends_neither_inside_an_emoji_nor_over_the_limit_in_utf_16() -> None:
    text = "👩‍🔧" * 2000

    parts = pieces(text)

    assert "".join(parts) == text
    assert all(part.count("👩") == part.count("🔧") for part in parts)
    assert all(len(part.encode("utf-16-le")) // 2 <= MOST_TEXT for part in parts)
