"""A yes to a summary waits for words said before it that may change what it says; other taps wait for none."""

from datetime import UTC, datetime

import pytest

from dialogs import turn
from dialogs.incoming import Incoming, Text
from tests.dialogs.chat import Chat, World

_YES = "确认下单"


def had_to_wait(chat: Chat, said: str) -> None:
    """Let words come in where there is too much to do: they are kept, and done a moment later."""
    world = chat.world
    incoming = Incoming(chat.channel, chat.account, f"u{next(world.numbers)}", chat.name, Text(said), lang=chat.lang)
    kept = world.run(
        lambda tx: turn.put_off(tx, incoming, house=world.house, now=world.now, real_now=datetime.now(UTC))
    )
    assert kept.failed


def pressed_after_words_that_wait(world: World) -> Chat:
    """Ask for another time than the summary's, have that put off, and press the summary's yes."""
    chat = world.chat("lin")
    chat.books_to_summary()
    assert chat.start.endswith("15:00")
    had_to_wait(chat, "改成下午四点")
    chat.presses(_YES, failing=True)
    assert chat.orders == []
    while world.retry():
        pass
    return chat


def test_a_yes_does_not_book_what_words_before_it_were_to_change(world: World) -> None:
    chat = pressed_after_words_that_wait(world)

    assert chat.orders == []
    assert chat.start.endswith("16:00")
    chat.sees("16:00", _YES)

    chat.presses(_YES)
    assert len(chat.orders) == 1
    world.settled()


def test_without_the_wait_a_yes_would_book_the_old_time(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turn, "says_yes", lambda _: False)
    with pytest.raises(AssertionError):
        pressed_after_words_that_wait(world)


def test_a_tap_that_says_yes_to_nothing_waits_for_no_words(world: World) -> None:
    chat = world.chat("lin")
    chat.books_to_summary()
    had_to_wait(chat, "改成下午四点")

    chat.presses("取消")

    assert chat.flow is None


def test_when_the_words_are_done_a_yes_is_taken_at_once(world: World) -> None:
    chat = world.chat("lin")
    chat.books_to_summary()
    had_to_wait(chat, "改成下午四点")
    while world.retry():
        pass

    chat.presses(_YES)

    assert len(chat.orders) == 1
