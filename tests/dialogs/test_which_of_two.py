"""Words that finish what was said before: which of two times is meant, and the door at a point on the map."""

from datetime import UTC, datetime

import pytest

from tests.dialogs.chat import Chat, World

ZH, EN = "zh-Hans", "en"


@pytest.mark.parametrize(
    ("lang", "said", "start"),
    [
        (EN, "tomorrow", "11-24 16:00"),
        (EN, "today", "11-23 16:00"),
        (EN, "the second", "11-23 16:00"),
        (EN, "the later one", "11-24 16:00"),
        (EN, "not today", "11-24 16:00"),
        (EN, "tomorrow 4pm", "11-24 16:00"),
        (EN, "friday", "11-27 16:00"),
        (ZH, "明天", "11-24 16:00"),
        (ZH, "明天的", "11-24 16:00"),
        (ZH, "今天", "11-23 16:00"),
        (ZH, "早的那个", "11-23 16:00"),
        ("zh-Hant", "明天的", "11-24 16:00"),
    ],
)
def test_a_day_alone_chooses_between_two_and_keeps_the_hour(world: World, lang: str, said: str, start: str) -> None:
    chat = _after_midnight(world, lang)
    chat.says(said)

    assert chat.start == start


def test_two_times_to_choose_from_begin_with_a_capital(world: World) -> None:
    chat = _after_midnight(world, EN)

    chat.sees("Which do you mean?")
    assert chat.labels[:2] == ["Tomorrow (Tue 24 Nov) 16:00", "Today (Mon 23 Nov) 16:00"]


@pytest.mark.parametrize(("lang", "door"), [("zh-Hant", "12樓之3"), (ZH, "12楼1203"), (EN, "flat 5")])
def test_a_door_said_after_a_point_belongs_to_that_point(world: World, lang: str, door: str) -> None:
    chat = world.chat("lin", lang)
    chat.says("neck massage 60 min tomorrow" if lang == EN else "明天肩颈60分钟")
    chat.location()
    point = chat.values["address"]
    chat.says(door)

    assert chat.values["address"] == point
    assert chat.values["door"] == door
    assert chat.asking != "district"


def _after_midnight(world: World, lang: str) -> Chat:
    """Half past midnight: "tomorrow" may be the day that has begun, and which it is has been asked."""
    world.at(datetime(2026, 11, 22, 16, 30, tzinfo=UTC))
    chat = world.chat("lin", lang)
    chat.says("neck massage 60 min tomorrow 4pm" if lang == EN else "明天下午四点肩颈60分钟")
    chat.location()
    return chat
