"""What is passed on from somebody else decides nothing; an address or a wish in it may fill what is being asked."""

import pytest

from dialogs.incoming import Text
from tests.dialogs.chat import World
from tests.dialogs.steps import EN, ZH, accepted
from tests.dialogs.words import WORDS

BOTH = pytest.mark.parametrize("lang", [ZH, EN])
TOLD = {ZH: "转发来的是别人说的话", EN: "That was forwarded"}


@BOTH
def test_a_forwarded_yes_books_nothing(world: World, lang: str) -> None:
    chat = world.chat("lin", lang)
    chat.books_to_summary()

    chat.sends(Text(WORDS[lang]["yes"], forwarded=True))

    chat.sees(TOLD[lang], "¥263")
    assert (chat.orders, chat.asking) == ([], "*summary*")


@BOTH
def test_forwarded_words_of_cancelling_cancel_nothing_and_ask_nothing(world: World, lang: str) -> None:
    chat, _ = accepted(world, lang)

    for words in ("取消这单", "确认取消", "Yes, cancel it"):
        chat.sends(Text(words, forwarded=True))
        chat.sees(TOLD[lang])

    assert (chat.order.state, chat.flow) == ("accepted", None)


def test_the_label_of_a_button_forwarded_presses_nothing(world: World) -> None:
    chat = world.chat("lin")
    chat.books_to_summary()

    chat.sends(Text("确认下单", forwarded=True))

    assert chat.orders == []


@BOTH
def test_a_forwarded_address_answers_the_question_where(world: World, lang: str) -> None:
    chat = world.chat("lin", lang)
    chat.says(WORDS[lang]["book"])
    chat.says(WORDS[lang]["option"])
    assert chat.asking == "address"

    chat.sends(Text(WORDS[lang]["address"], forwarded=True))

    assert chat.asking != "address"
    assert chat.lang == lang
    chat.does_not_see(TOLD[lang])


def test_a_human_who_has_the_thread_reads_what_is_forwarded(world: World) -> None:
    chat = world.chat("lin")
    chat.says("人工")
    before = len(chat.received)

    chat.sends(Text("取消", forwarded=True))

    assert chat.loaded.ticket_id is not None
    assert all(TOLD[ZH] not in one.body.text for one in chat.received[before:])


def test_an_applicant_who_forwards_something_is_not_told_of_bookings(world: World) -> None:
    chat = world.chat("new")
    chat.says("我想当技师")
    chat.sends(Text("她手艺很好", forwarded=True))

    chat.sees(TOLD[ZH], "怎么称呼您")
    chat.does_not_see("约")
