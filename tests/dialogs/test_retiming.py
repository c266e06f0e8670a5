"""Another time for a paid order: held while its customer decides, let go with a no, refused with what is near."""

from datetime import timedelta

import pytest

from tests.dialogs.chat import Chat, World
from tests.dialogs.steps import EN, ZH, paid

BOTH = pytest.mark.parametrize("lang", [ZH, EN])


def undecided(world: World, lang: str) -> Chat:
    """An order nobody answered; its customer is asked for another time."""
    chat, _ = paid(world, lang)
    world.later(minutes=15, seconds=1)
    chat.presses("换个时间" if lang == ZH else "Another time")
    return chat


def summary(world: World, lang: str, *, who: str | None = None) -> Chat:
    """The summary of a move to Monday at four, with Li unless somebody else is named."""
    chat = undecided(world, lang)
    chat.says(who or ("李师傅" if lang == ZH else "Li"))
    chat.says("后天下午四点" if lang == ZH else "Monday at 4pm")
    assert chat.asking == "*summary*", chat.transcript()
    return chat


@BOTH
def test_the_time_shown_is_held_until_the_hour_that_is_told(world: World, lang: str) -> None:
    chat = summary(world, lang)

    (held,) = chat.held
    assert held.expires_at == world.now + timedelta(minutes=5)
    chat.sees("留到 10:20" if lang == ZH else "held for you until 10:20")


@BOTH
def test_nobody_else_gets_it_before_the_yes(world: World, lang: str) -> None:
    chat = summary(world, lang)
    other = world.chat("quick", lang)
    other.says("后天下午四点想约肩颈按摩" if lang == ZH else "could I book a neck massage on Monday at 4pm")
    for said in ("90分钟的", "望京花园 1 号楼", "李师傅", "13900139000") if lang == ZH else (
        "the 90 minute one", "Wangjing Garden, Block 1", "Li", "+44 7700 900456"
    ):  # fmt: skip
        other.says(said)
    assert "start" not in other.values

    chat.presses("就这样改" if lang == ZH else "Change it")
    assert chat.order.state == "to_accept"
    assert chat.held == []
    world.settled()


@BOTH
def test_leaving_it_as_it_was_lets_the_time_go(world: World, lang: str) -> None:
    chat = summary(world, lang)
    chat.says("算了" if lang == ZH else "never mind")

    assert chat.held == []
    chat.sees("选的时间已经放开了" if lang == ZH else "let the time go")
    assert chat.order.state == "undecided"


@BOTH
def test_another_choice_takes_the_place_of_the_one_held(world: World, lang: str) -> None:
    chat = summary(world, lang)
    chat.says("改成五点" if lang == ZH else "no, 5pm")
    assert [f"{one.starts_at:%d %H:%M}" for one in chat.held] == ["23 09:00"]

    chat.presses("改时间" if lang == ZH else "Change time")
    assert chat.held == []


@BOTH
def test_a_lapsed_hold_is_said_and_the_time_held_again(world: World, lang: str) -> None:
    chat = summary(world, lang)
    world.now += timedelta(minutes=6)
    chat.says("重复一遍" if lang == ZH else "say that again")
    chat.sees("又给您留上了" if lang == ZH else "held for you again")

    world.now += timedelta(minutes=6)
    chat.presses("就这样改" if lang == ZH else "Change it")  # a yes to what has lapsed since shows it anew
    chat.sees("又给您留上了" if lang == ZH else "held for you again")
    chat.presses("就这样改" if lang == ZH else "Change it")
    assert chat.order.state == "to_accept"
    world.settled()


@BOTH
def test_who_comes_for_anyone_is_who_was_held(world: World, lang: str) -> None:
    chat = summary(world, lang, who="谁都行" if lang == ZH else "anyone is fine")
    chat.sees("先问" if lang == ZH else "asked first")
    (held,) = chat.held

    chat.presses("就这样改" if lang == ZH else "Change it")
    assert (chat.order.technician_id, chat.order.starts_at) == (held.technician_id, held.starts_at)
    assert chat.order.anyone_at is not None


@BOTH
def test_a_time_that_cannot_be_had_comes_with_the_nearest(world: World, lang: str) -> None:
    chat = undecided(world, lang)
    chat.says("李师傅" if lang == ZH else "Li")
    chat.says("后天凌晨三点" if lang == ZH else "Monday at 3am")

    assert chat.held == []
    assert "start" not in chat.values
    near = next(label for label in chat.labels if ("李师傅" if lang == ZH else "Li") in label)
    chat.presses(near)
    assert chat.asking == "*summary*"
    assert len(chat.held) == 1
