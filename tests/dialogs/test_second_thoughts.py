"""What people say when they have thought again: leave it as it was, never mind, I am not content."""

import pytest

from tests.dialogs.chat import World

ZH, EN = "zh-Hans", "en"


@pytest.mark.parametrize(
    ("lang", "change", "said"),
    [
        (ZH, "改地址", "还是原来那个"),
        (ZH, "改时间", "不改了"),
        (ZH, "换技师", "返回"),
        (EN, "Change address", "leave it as it is"),
        (EN, "Change time", "back"),
    ],
)
def test_a_change_begun_and_dropped_brings_the_summary_back_as_it_was(
    world: World, lang: str, change: str, said: str
) -> None:
    chat = world.chat("lin", lang)
    chat.books_to_summary()
    summary = chat.text
    chat.presses(change)
    assert chat.text != summary
    chat.says(said)

    assert chat.text == summary


@pytest.mark.parametrize(("lang", "said"), [(ZH, "算了"), (EN, "never mind")])
def test_never_mind_at_the_address_is_no_address(world: World, lang: str, said: str) -> None:
    chat = world.chat("lin", lang)
    chat.says("明天下午三点肩颈按摩 90 分钟" if lang == ZH else "neck massage tomorrow at 3pm, 90 minutes")
    assert chat.asking == "address"
    chat.says(said)

    assert chat.flow is None


@pytest.mark.parametrize(
    ("lang", "said"), [(ZH, "我要投诉，阿姨态度很差"), (EN, "the massage lady was rude, I want to complain")]
)
def test_a_complaint_that_names_a_service_is_a_complaint_and_no_booking(world: World, lang: str, said: str) -> None:
    chat = world.chat("lin", lang)
    chat.says(said)

    chat.sees("很抱歉" if lang == ZH else "sorry")
    assert chat.flow is None


@pytest.mark.parametrize(("lang", "said"), [(ZH, "今天的单"), (EN, "my schedule today")])
def test_words_of_the_technicians_side_begin_nothing_for_a_customer(world: World, lang: str, said: str) -> None:
    chat = world.chat("lin", lang)
    chat.says(said)

    assert chat.flow is None


@pytest.mark.parametrize(("lang", "place"), [(ZH, "望京花园"), (EN, "Wangjing Garden")])
def test_a_compound_alone_is_asked_for_the_door(world: World, lang: str, place: str) -> None:
    chat = world.chat("lin", lang)
    chat.says("明天下午三点肩颈按摩 90 分钟" if lang == ZH else "neck massage tomorrow at 3pm, 90 minutes")
    chat.says(place)
    chat.says("谁都行" if lang == ZH else "anyone")
    assert chat.asking == "door"
    chat.says("3 号楼 1201" if lang == ZH else "block 3, 1201")

    assert "1201" in chat.values["door"]
    assert chat.asking == "phone"


def test_a_technician_who_is_off_is_said_at_once_and_others_are_offered(world: World) -> None:
    chat = world.chat("lin", ZH)
    chat.says("周二下午三点肩颈按摩 90 分钟，望京花园 3 号楼 1201，找王师傅")

    chat.sees("王师傅", "不上班", "苏苏")
    assert chat.asking == "start"
