# ruff: noqa: E501 - samples stay on one line
"""Times as people say them, told back as 'kind start[/end] [after|before|around]'."""

from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from nlu import Understanding, When

Read = Callable[..., Understanding]

WEDNESDAY = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)  # 10:00 in Beijing


def local(text: str) -> datetime:
    """An aware UTC time from Beijing words such as '2026-11-24 10:00'."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai")).astimezone(UTC)


def when_of(understood: Understanding) -> When:
    entity = understood.first("when")
    assert entity is not None
    assert isinstance(entity.value, When)
    return entity.value


def told(when: When) -> str:
    ends = [f"{end:%m-%d %H:%M}" for end in (when.start, when.end) if end is not None]
    return " ".join([when.kind, "/".join(ends), when.open_end or ""]).strip()


@pytest.mark.parametrize(
    ("words", "meaning"),
    [
        ("明早", "range 11-19 06:00/11-19 12:00"),
        ("明晚", "range 11-19 18:00/11-19 23:00"),
        ("大后天", "date 11-21 00:00/11-22 00:00"),
        ("下周二", "date 11-24 00:00/11-25 00:00"),
        ("这周六", "date 11-21 00:00/11-22 00:00"),
        ("这周六上午", "range 11-21 06:00/11-21 12:00"),
        ("周一", "date 11-23 00:00/11-24 00:00"),
        ("星期天", "date 11-22 00:00/11-23 00:00"),
        ("下下周三", "date 12-02 00:00/12-03 00:00"),
        ("月底", "range 11-25 00:00/12-01 00:00"),
        ("25号", "date 11-25 00:00/11-26 00:00"),
        ("3号", "date 12-03 00:00/12-04 00:00"),
        ("下个月3号", "date 12-03 00:00/12-04 00:00"),
        ("十一月三十号", "date 11-30 00:00/12-01 00:00"),
        ("12月1日", "date 12-01 00:00/12-02 00:00"),
        ("11/25", "date 11-25 00:00/11-26 00:00"),
        ("2026-12-01", "date 12-01 00:00/12-02 00:00"),
        ("周末", "range 11-21 00:00/11-23 00:00"),
        ("下周", "range 11-23 00:00/11-30 00:00"),
        ("三点", "time 11-18 15:00"),
        ("三点半", "time 11-18 15:30"),
        ("三点一刻", "time 11-18 15:15"),
        ("三点三刻", "time 11-18 15:45"),
        ("差五分三点", "time 11-18 14:55"),
        ("３：３０", "time 11-18 15:30"),
        ("15点20", "time 11-18 15:20"),
        ("20:00", "time 11-18 20:00"),
        ("晚上八点多", "time 11-18 20:00 around"),
        ("三点左右", "time 11-18 15:00 around"),
        ("今晚八点半", "datetime 11-18 20:30"),
        ("晚上十二点", "time 11-19 00:00"),
        ("今晚一点", "datetime 11-19 01:00"),
        ("凌晨一点", "time 11-19 01:00"),
        ("中午一点", "time 11-18 13:00"),
        ("早上9点", "time 11-19 09:00"),
        ("明天下午三点", "datetime 11-19 15:00"),
        ("明天下午三點半", "datetime 11-19 15:30"),
        ("下午三點鐘", "time 11-18 15:00"),
        ("25号晚上九点", "datetime 11-25 21:00"),
        ("三天后下午三点", "datetime 11-21 15:00"),
        ("两小时后", "datetime 11-18 12:00"),
        ("一个半小时后", "datetime 11-18 11:30"),
        ("半小时后", "datetime 11-18 10:30"),
        ("再过20分钟", "datetime 11-18 10:20"),
        ("一周后", "date 11-25 00:00/11-26 00:00"),
        ("下午两点到四点", "range 11-18 14:00/11-18 16:00"),
        ("2-4点", "range 11-18 14:00/11-18 16:00"),
        ("三四点", "range 11-18 15:00/11-18 16:00 around"),
        ("五点前", "range 11-18 10:00/11-18 17:00 before"),
        ("七点以后", "range 11-18 19:00/11-19 00:00 after"),
        ("今晚七点以后", "range 11-18 19:00/11-18 23:00 after"),
        ("随时", "range 11-18 10:00 after"),
        ("明天随时", "date 11-19 00:00/11-20 00:00"),
        ("越快越好", "datetime 11-18 10:00 after"),
        ("今天一点", "datetime 11-18 13:00"),
        ("周一到周五", "range 11-23 00:00/11-28 00:00"),
        ("最晚五点", "range 11-18 10:00/11-18 17:00 before"),
    ],
)
def test_a_chinese_time_means_what_a_person_at_the_desk_would_take_it_for(read: Read, words: str, meaning: str) -> None:
    assert told(when_of(read(words, now=WEDNESDAY))) == meaning


@pytest.mark.parametrize(
    ("words", "meaning"),
    [
        ("tomorrow 7:30", "datetime 11-19 19:30"),
        ("tomorrow at 3", "datetime 11-19 15:00"),
        ("tomorrow 3", "datetime 11-19 15:00"),
        ("half past two", "time 11-18 14:30"),
        ("half two", "time 11-18 14:30"),
        ("quarter to five", "time 11-18 16:45"),
        ("ten past 6", "time 11-18 18:10"),
        ("8pm then", "time 11-18 20:00"),
        ("7.30pm", "time 11-18 19:30"),
        ("next Tuesday", "date 11-24 00:00/11-25 00:00"),
        ("next Tuesday at half past two", "datetime 11-24 14:30"),
        ("this evening after 7", "range 11-18 19:00/11-18 23:00 after"),
        ("tonight 8", "datetime 11-18 20:00"),
        ("8 tonight", "datetime 11-18 20:00"),
        ("in two hours", "datetime 11-18 12:00"),
        ("in half an hour", "datetime 11-18 10:30"),
        ("in an hour and a half", "datetime 11-18 11:30"),
        ("in 3 days", "date 11-21 00:00/11-22 00:00"),
        ("the day after tomorrow", "date 11-20 00:00/11-21 00:00"),
        ("the 25th", "date 11-25 00:00/11-26 00:00"),
        ("Dec 3rd", "date 12-03 00:00/12-04 00:00"),
        ("3 December at 2pm", "datetime 12-03 14:00"),
        ("between 2 and 4", "range 11-18 14:00/11-18 16:00"),
        ("2-4pm", "range 11-18 14:00/11-18 16:00"),
        ("11-2pm", "range 11-18 11:00/11-18 14:00"),
        ("from 2 to 4", "range 11-18 14:00/11-18 16:00"),
        ("first thing tomorrow", "range 11-19 08:00/11-19 10:00"),
        ("noon", "time 11-18 12:00"),
        ("asap", "datetime 11-18 10:00 after"),
        ("any time tomorrow", "date 11-19 00:00/11-20 00:00"),
        ("this weekend", "range 11-21 00:00/11-23 00:00"),
        ("by 5pm", "range 11-18 10:00/11-18 17:00 before"),
        ("not before 5", "range 11-18 17:00/11-19 00:00 after"),
        ("how about 5pm on fri", "datetime 11-20 17:00"),
        ("around 4", "time 11-18 16:00 around"),
        ("4ish", "time 11-18 16:00 around"),
        ("9 at night", "time 11-18 21:00"),
        ("fri 3pm", "datetime 11-20 15:00"),
        ("Saturday morning", "range 11-21 06:00/11-21 12:00"),
    ],
)
def test_an_english_time_means_what_a_person_at_the_desk_would_take_it_for(
    read: Read, words: str, meaning: str
) -> None:
    assert told(when_of(read(words, now=WEDNESDAY, lang="en"))) == meaning


@pytest.mark.parametrize(
    "words",
    [
        "饭后",
        "9号技师",
        "技师9号",
        "便宜一点",
        "早点来",
        "能早一点吗",
        "最早几点",
        "早上好",
        "下午茶",
        "3号楼1201",
        "建国路88号",
        "4",
        "good evening",
    ],
)
def test_what_only_looks_like_a_time_is_none(read: Read, words: str) -> None:
    assert read(words, now=WEDNESDAY).first("when") is None


@pytest.mark.parametrize(
    ("words", "start"), [("4", "16:00"), ("四", "16:00"), ("8", "20:00"), ("730", "19:30"), ("1530", "15:30")]
)
def test_a_bare_number_is_a_time_where_a_time_was_asked(read: Read, words: str, start: str) -> None:
    answer = when_of(read(words, "when", now=WEDNESDAY))
    assert answer.start is not None
    assert f"{answer.start:%H:%M}" == start


def test_three_oclock_prefers_the_afternoon_and_tells_the_other_reading(read: Read) -> None:
    when = when_of(read("三点", now=WEDNESDAY))

    assert told(when) == "time 11-18 15:00"
    assert [told(other) for other in when.alternatives] == ["time 11-19 03:00"]


def test_next_friday_said_on_a_wednesday_tells_both_fridays(read: Read) -> None:
    when = when_of(read("next Friday", now=WEDNESDAY, lang="en"))

    assert told(when) == "date 11-27 00:00/11-28 00:00"
    assert [told(other) for other in when.alternatives] == ["date 11-20 00:00/11-21 00:00"]


def test_next_tuesday_said_on_a_tuesday_is_a_week_away(read: Read) -> None:
    tuesday = local("2026-11-24 10:00")
    assert told(when_of(read("下周二", now=tuesday))) == "date 12-01 00:00/12-02 00:00"
    assert told(when_of(read("周二", now=tuesday))) == "date 11-24 00:00/11-25 00:00"


def test_tonight_said_after_midnight_is_the_evening_to_come(read: Read) -> None:
    after_midnight = local("2026-11-22 00:30")
    assert told(when_of(read("今晚八点半", now=after_midnight))) == "datetime 11-22 20:30"
    assert told(when_of(read("今晚一点", now=after_midnight))) == "datetime 11-22 01:00"


def test_tomorrow_said_after_midnight_may_mean_the_coming_daylight(read: Read) -> None:
    when = when_of(read("明天", now=local("2026-11-22 00:30")))
    assert told(when) == "date 11-23 00:00/11-24 00:00"
    assert [told(other) for other in when.alternatives] == ["date 11-22 00:00/11-23 00:00"]


def test_an_hour_already_past_is_the_next_one_to_come(read: Read) -> None:
    assert told(when_of(read("三点", now=local("2026-11-18 16:00")))) == "time 11-19 15:00"
    assert told(when_of(read("八点", now=local("2026-11-18 16:00")))) == "time 11-18 20:00"


def test_words_say_which_parts_of_a_time_were_given(read: Read) -> None:
    day, hour, both = (when_of(read(words)) for words in ("后天", "改成四点吧", "后天四点"))

    assert (day.date_given, day.time_given) == (True, False)
    assert (hour.date_given, hour.time_given) == (False, True)
    assert (both.date_given, both.time_given) == (True, True)


def test_day_and_hour_belong_together_across_other_words(read: Read) -> None:
    understood = read("明天想约个肩颈按摩，下午三点可以吗", now=WEDNESDAY)
    assert told(when_of(understood)) == "datetime 11-19 15:00"
    assert len([entity for entity in understood.entities if entity.kind == "when"]) == 1


def test_a_second_choice_is_on_the_day_of_the_first(read: Read) -> None:
    times = [entity.value for entity in read("明天上午或者下午", now=WEDNESDAY).entities]
    assert [told(time) for time in times if isinstance(time, When)] == [
        "range 11-19 06:00/11-19 12:00",
        "range 11-19 12:00/11-19 18:00",
    ]


def test_days_and_hours_of_a_week_are_two_ranges(read: Read) -> None:
    times = [entity.value for entity in read("周一到周五 9点到18点", now=WEDNESDAY).entities]
    assert [told(time) for time in times if isinstance(time, When)] == [
        "range 11-23 00:00/11-28 00:00",
        "range 11-19 09:00/11-19 18:00",
    ]


def test_slashes_follow_the_custom_of_the_place(read: Read) -> None:
    london = when_of(read("3/12", lang="en", zone="Europe/London"))
    chinese = when_of(read("12/3"))

    assert told(london) == told(chinese) == "date 12-03 00:00/12-04 00:00"
    assert [told(other) for other in london.alternatives] == ["date 03-12 00:00/03-13 00:00"]


def test_times_are_resolved_in_the_zone_of_the_place(read: Read) -> None:
    late_in_london = datetime(2026, 11, 18, 23, 0, tzinfo=UTC)  # already the 19th in Beijing
    assert told(when_of(read("tomorrow", lang="en", zone="Europe/London", now=late_in_london))).startswith("date 11-19")
    assert told(when_of(read("明天", now=late_in_london))).startswith("date 11-20")


@pytest.mark.parametrize(
    ("words", "minutes"),
    [("90分钟", 90), ("一个半小时", 90), ("两个钟", 120), ("半小时", 30), ("1小时30分钟", 90), ("三刻钟", 45), ("an hour and a half", 90),
     ("90 min", 90), ("two hours", 120), ("half an hour", 30), ("1.5 hours", 90)],
)  # fmt: skip
def test_a_length_is_minutes_and_no_time(read: Read, words: str, minutes: int) -> None:
    understood = read(words)
    duration = understood.first("duration")
    assert duration is not None
    assert duration.value == minutes
    assert understood.first("when") is None
