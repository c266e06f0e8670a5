"""Strangers write what our patterns search: no words of theirs may keep a turn, and every turn behind it, searching."""

import time

import pytest

from tests.dialogs.chat import Chat, World

_OFTEN = 30
"""Each time more doubles what is tried where a pattern can part the words in two ways: seconds, then hours."""
_SECONDS = 5.0


@pytest.fixture
def chat(world: World) -> Chat:
    """Return somebody who asks nothing yet; their first words have warmed what is read once."""
    chat = world.chat("lin", channel="telegram", account="main")
    chat.says("你好")
    return chat


@pytest.mark.parametrize(
    ("before", "again", "after"),
    [
        ("别", "发给我", ""),
        ("别", "所有的", ""),
        ("stop", " sending me", ""),
        ("明天三点", "的订单", "再说五点"),
        ("三点", "不不", "x 5"),
        ("", "later this ", "mornin"),
        ("锦江区春熙路8号", "请", "x"),
    ],
)
def test_words_said_again_and_again_take_no_time(chat: Chat, before: str, again: str, after: str) -> None:
    assert _seconds(chat, before + again * _OFTEN + after) < _SECONDS


@pytest.mark.parametrize(("again", "after"), [("哦", "吗"), ("知道了", "吗"), ("不不", "x 5"), ("只要", "吗")])
def test_nor_do_they_at_a_summary(chat: Chat, again: str, after: str) -> None:
    chat.books_to_summary()

    assert _seconds(chat, again * _OFTEN + after) < _SECONDS


def _seconds(chat: Chat, said: str) -> float:
    before = time.process_time()
    chat.says(said)
    return time.process_time() - before


@pytest.mark.parametrize(("again", "after"), [("谁都行", "x"), ("请", "x"), ("later this ", "mornin")])
def test_nor_do_they_where_an_address_is_asked(chat: Chat, again: str, after: str) -> None:
    chat.says("明天下午三点肩颈按摩60分钟")
    assert chat.asking == "address"

    assert _seconds(chat, again * _OFTEN + after) < _SECONDS
