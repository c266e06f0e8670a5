"""A link opened while something else is asked: what it shows is told apart, and a dead one is said."""

import pytest

from tests.dialogs.chat import World
from tests.dialogs.steps import accepted, finished
from tests.dialogs.words import WORDS

ZH, EN = "zh-Hans", "en"
BOTH = pytest.mark.parametrize("lang", [ZH, EN])


@BOTH
def test_an_order_opened_in_the_middle_of_a_booking_names_itself_on_its_choices(world: World, lang: str) -> None:
    chat, _ = accepted(world, lang)
    code = chat.order.code
    chat.says(WORDS[lang]["book"])
    asked = chat.labels
    chat.event("start", f"o_{code}")

    chat.sees(code)
    added = [label for label in chat.labels if label not in asked]
    assert added
    assert all(code in label for label in added)
    chat.presses(next(label for label in added if "取消" in label or "Cancel" in label))
    assert chat.flow == "cancel_order"


@BOTH
def test_ones_orders_asked_for_among_free_times_are_no_times(world: World, lang: str) -> None:
    chat, _ = accepted(world, lang)
    code = chat.order.code
    chat.says(WORDS[lang]["book"])
    chat.says("我的订单" if lang == ZH else "my orders")

    assert code not in chat.labels
    chat.presses(f"看订单 {code}" if lang == ZH else f"See order {code}")
    chat.sees(code)


@pytest.mark.parametrize(("payload", "said"), [("t_ZZZZ", "失效"), ("b_nope", "失效"), ("l_ZZZZZZZZ", "绑定码不对")])
@pytest.mark.parametrize("asked", [True, False])
def test_a_link_to_what_is_not_there_is_said(world: World, payload: str, said: str, *, asked: bool) -> None:
    chat = world.chat("lin")
    if asked:
        chat.says(WORDS[ZH]["book"])
    chat.event("start", payload)

    chat.sees(said)
    assert chat.flow == ("book" if asked else None)


@pytest.mark.parametrize("payload", ["spring_2027", "i_ZZZZ", "poster"])
def test_what_a_poster_says_is_no_dead_link(world: World, payload: str) -> None:
    chat = world.chat("lin")
    chat.event("start", payload)

    assert "失效" not in chat.text


@BOTH
def test_the_words_on_a_card_do_what_it_does_on_another_channel_too(world: World, lang: str) -> None:
    chat, _ = finished(world, lang)
    chat.says("我的资料" if lang == ZH else "my details")  # the card is not the last thing shown here
    chat.says("确认完成" if lang == ZH else "All done")

    assert chat.order.state == "confirmed"
