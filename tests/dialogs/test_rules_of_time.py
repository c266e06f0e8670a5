"""A time that cannot be had: which rule forbids it, what is near, and that nothing else is lost."""

from datetime import UTC, datetime, timedelta

import pytest

from core import settings, technicians
from dialogs.incoming import Location
from tests.dialogs.chat import Chat, World
from tests.dialogs.words import WORDS

ZH, EN = "zh-Hans", "en"
BOTH = pytest.mark.parametrize("lang", [ZH, EN])


def at_summary(world: World, lang: str, name: str = "lin") -> Chat:
    chat = world.chat(name, lang)
    chat.books_to_summary()
    return chat


@pytest.mark.parametrize(
    ("lang", "said", "rule", "near"),
    [
        (ZH, "改成今天十点半", "太近了，技师来不及赶到", "今天 11:00"),
        (EN, "make it 10:30 today", "too soon for anybody to reach you", "Today 11:00"),
        (ZH, "改成明天凌晨四点", "不在营业时间（9:00–23:00）", "明天 10:00"),
        (EN, "make it 4am tomorrow", "outside our hours (9:00 to 23:00)", "Tomorrow 10:00"),
        (ZH, "改成周二下午三点", "不上班", "周三 10:00"),
        (EN, "no, Tuesday at 3pm", "isn't working", "Wed 10:00"),
        (ZH, "改成12月20号下午三点", "目前只能约 14 天内的", "12月5日 周六 10:00"),
        (EN, "no, 20 December at 3pm", "we book up to 14 days ahead", "Sat 5 Dec 10:00"),
    ],
)
def test_each_rule_has_its_own_words_and_shows_the_nearest_time(
    world: World, lang: str, said: str, rule: str, near: str
) -> None:
    chat = at_summary(world, lang)
    before = dict(chat.values)
    chat.says(said)

    chat.sees(rule, near)
    assert chat.asking == "start"
    for kept in ("service", "option", "address", "technician", "phone"):
        assert chat.values[kept] == before[kept]

    chat.presses(near)
    assert chat.asking == "*summary*"


@pytest.mark.parametrize(("lang", "said"), [(ZH, "改成昨天下午三点"), (EN, "make it yesterday at 3pm")])
def test_a_time_that_has_passed_is_said_at_once_and_changes_nothing(world: World, lang: str, said: str) -> None:
    chat = at_summary(world, lang)
    before = dict(chat.values)
    chat.says(said)

    chat.sees("已经过了" if lang == ZH else "has already passed")
    assert chat.asking == "*summary*"
    assert chat.start == "11-22 15:00"
    assert chat.values["technician"] == before["technician"]


@pytest.mark.parametrize(("lang", "said"), [(ZH, "昨天下午三点"), (EN, "yesterday at 3pm")])
def test_a_past_time_is_named_while_something_else_is_asked(world: World, lang: str, said: str) -> None:
    chat = world.chat("lin", lang)
    chat.says("约个肩颈按摩，90分钟" if lang == ZH else "a neck massage, the 90 minute one")
    assert chat.asking == "address"
    chat.says(said)

    chat.sees("已经过了" if lang == ZH else "has already passed")
    assert "start" not in chat.values


@BOTH
def test_a_pin_outside_the_area_is_refused_and_asked_again(world: World, lang: str) -> None:
    chat = world.chat("lin", lang)
    chat.says(WORDS[lang]["book"])
    chat.says(WORDS[lang]["option"])
    chat.location(Location(31.2304, 121.4737, "外滩"))

    chat.sees("不在我们的服务范围内" if lang == ZH else "don't come out that far")
    assert chat.asking == "address"
    assert chat.start == "11-22 15:00"


@BOTH
def test_a_district_nobody_serves_for_this_asks_for_another_address(world: World, lang: str) -> None:
    """Only Anna does nails in Shuangliu, and she is on leave."""
    anna = world.technician("anna").working
    world.run(lambda tx: technicians.set_duty(tx, anna.id, on=False, now=world.now))
    chat = world.chat("lin", lang)
    chat.says("约个光疗美甲" if lang == ZH else "a gel manicure")
    chat.says("双流区棠湖雅居 3 栋 502" if lang == ZH else "Tanghu Court, Block 3, 502, Shuangliu")

    chat.sees("双流区暂时没有能做这项的技师" if lang == ZH else "nobody offers this in Shuangliu")
    assert chat.asking == "address"


@BOTH
def test_nobody_of_the_sex_wished_for_is_said_and_others_are_shown(world: World, lang: str) -> None:
    chat = world.chat("lin", lang)
    chat.says("约个光疗美甲" if lang == ZH else "a gel manicure")
    chat.says("双流区棠湖雅居 3 栋 502" if lang == ZH else "Tanghu Court, Block 3, 502, Shuangliu")
    chat.says("要男师傅" if lang == ZH else "a man please")

    chat.sees("看看其他技师" if lang == ZH else "would someone else do")
    assert chat.asking == "technician"
    assert "sex" not in chat.values
    chat.sees("安娜" if lang == ZH else "Anna")


@BOTH
def test_an_odd_minute_goes_to_the_quarter_and_is_said(world: World, lang: str) -> None:
    chat = at_summary(world, lang)
    chat.says("改成明天下午四点十分" if lang == ZH else "make it 4:10pm tomorrow")

    chat.sees("按一刻钟排，算 16:15" if lang == ZH else "let's say 16:15")
    assert chat.start == "11-22 16:15"


@BOTH
def test_a_time_taken_between_summary_and_yes_offers_others_and_books_nothing(world: World, lang: str) -> None:
    slow, quick = at_summary(world, lang, "slow"), world.chat("quick", lang)
    world.now += timedelta(minutes=6)  # the hold lapses
    quick.books(phone="13900139000")

    slow.says(WORDS[lang]["yes"])
    slow.sees("已经被约走了" if lang == ZH else "has already been taken")
    assert 1 <= len(slow.labels) <= 3
    kept = dict(slow.values)
    assert "start" not in kept
    for _ in range(2):
        slow.says(WORDS[lang]["yes"])
        assert slow.orders == []
        assert slow.asking == "start"

    slow.presses(slow.labels[0])
    assert slow.asking == "*summary*"
    slow.says(WORDS[lang]["yes"])
    assert slow.order.state == "to_pay"
    assert slow.order.starts_at != quick.order.starts_at or slow.order.technician_id != quick.order.technician_id
    world.settled()


@BOTH
def test_the_alternatives_are_near_in_time_or_in_person(world: World, lang: str) -> None:
    slow, quick = at_summary(world, lang, "slow"), world.chat("quick", lang)
    world.now += timedelta(minutes=6)
    quick.books(phone="13900139000")
    slow.says(WORDS[lang]["yes"])

    wang = "王师傅" if lang == ZH else "Wang"
    day = "明天" if lang == ZH else "Tomorrow"
    same_person = [label for label in slow.labels if wang in label and day in label]
    same_time = [label for label in slow.labels if f"{day} 15:00" in label and wang not in label]
    assert same_person
    assert same_time


@BOTH
def test_writing_again_within_the_hold_goes_on_where_one_was(world: World, lang: str) -> None:
    chat = at_summary(world, lang)
    held = chat.held[0].id
    world.now += timedelta(minutes=4)
    chat.says("会带精油吗？" if lang == ZH else "do you bring oil?")

    assert [one.id for one in chat.held] == [held]
    assert chat.asking == "*summary*"
    chat.does_not_see("又给您留上了" if lang == ZH else "held for you again")


@BOTH
def test_coming_back_after_the_hold_says_so_once_and_holds_it_anew(world: World, lang: str) -> None:
    chat = at_summary(world, lang)
    world.now += timedelta(minutes=20)
    chat.says("重复一遍" if lang == ZH else "say that again")

    chat.sees("又给您留上了" if lang == ZH else "held for you again")
    assert chat.asking == "*summary*"
    assert chat.start == "11-22 15:00"
    assert not chat.held[0].lapsed(world.now)

    chat.says("重复一遍" if lang == ZH else "say that again")
    chat.does_not_see("又给您留上了" if lang == ZH else "held for you again")


@BOTH
def test_coming_back_when_the_time_has_gone_keeps_everything_but_the_time(world: World, lang: str) -> None:
    chat = at_summary(world, lang)
    before = dict(chat.values)
    world.now = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
    chat.says("在吗" if lang == ZH else "hello?")

    chat.sees("已经过了" if lang == ZH else "has already passed")
    assert chat.asking == "start"
    for kept in ("service", "option", "address", "technician", "phone"):
        assert chat.values[kept] == before[kept]


@BOTH
def test_full_is_said_only_after_looking_everywhere(world: World, lang: str) -> None:
    """With as much notice as horizon there is nothing anywhere: the answer is full, with a way on."""
    chat = world.chat("lin", lang)
    chat.says("约个肩颈按摩，90分钟" if lang == ZH else "a neck massage, the 90 minute one")
    chat.says(WORDS[lang]["address"])
    world.run(lambda tx: settings.change(tx, "horizon_days", 1, world.now))
    world.run(lambda tx: settings.change(tx, "notice_minutes", 1439, world.now))
    world.now = datetime(2026, 11, 21, 14, 30, tzinfo=UTC)  # 22:30
    chat.says("谁都行" if lang == ZH else "anyone will do")

    chat.sees("约满了" if lang == ZH else "booked up")
    assert chat.asking == "start"


@BOTH
def test_another_hour_after_change_time_keeps_the_day(world: World, lang: str) -> None:
    chat = at_summary(world, lang)
    chat.says("改成周一下午四点" if lang == ZH else "make it Monday at 4pm")
    assert chat.start == "11-23 16:00"
    chat.presses("改时间" if lang == ZH else "Change time")
    chat.says("下午五点" if lang == ZH else "5pm")

    assert chat.start == "11-23 17:00"


@BOTH
def test_the_earliest_start_is_among_those_offered(world: World, lang: str) -> None:
    chat = world.chat("lin", lang)
    for said in ("我想约个肩颈按摩", "90分钟的", "望京花园 3 号楼 1201", "谁都行") if lang == ZH else (
        "I'd like a neck massage", "the 90 minute one", "Wangjing Garden, Block 3, 1201", "anyone"
    ):  # fmt: skip
        chat.says(said)

    assert "11:00" in chat.labels[0], "an hour from now"
