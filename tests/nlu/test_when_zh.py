# ruff: noqa: E501 - one saying to a line
"""What people in China type and say about times, and what somebody at the front desk would write down."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from nlu import Understanding, When
from tests.nlu import sayings_zh as said
from tests.nlu import sayings_zh_more as further

Read = Callable[..., Understanding]

WEDNESDAY = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)  # 10:00 in Beijing
LATE = datetime(2026, 11, 18, 15, 30, tzinfo=UTC)  # 23:30 in Beijing


def told(understood: Understanding) -> str:
    """Times and lengths in order: 'on DAY', 'at DAY HOUR', 'time DAY HOUR', 'FROM to UNTIL', '90 min', 'none: words'."""
    parts = [part for entity in understood.entities for part in _part(entity.value, entity.kind)]
    return " + ".join([*parts, *(f"none: {words}" for words in understood.impossible)])


def _part(value: object, kind: str) -> Iterator[str]:
    if kind == "duration":
        yield f"{value} min"
    elif isinstance(value, When) and value.start is not None:
        start = f"{value.start:%m-%d %H:%M}"
        end = f"{value.end:%m-%d %H:%M}" if value.end else "any"
        yield {
            "date": f"on {value.start:%m-%d}",
            "datetime": f"at {start}",
            "time": f"time {start}",
            "range": f"{start} to {end}",
        }[value.kind]


def rows(table: str) -> list[tuple[str, str]]:
    """Sayings and meanings, one to a line, parted by an arrow."""
    pairs = [line.split("->") for line in table.strip().splitlines() if line.strip()]
    return [(saying.strip(), meaning.strip()) for saying, meaning in pairs]


@pytest.mark.parametrize(
    ("saying", "meaning"),
    rows(said.DAYS + said.HOURS + further.PARTS + further.FROM_NOW + further.LENGTHS + further.MORE),
    ids=str,
)
def test_a_time_is_what_the_desk_would_write_down(read: Read, saying: str, meaning: str) -> None:
    assert told(read(saying, now=WEDNESDAY)) == meaning


@pytest.mark.parametrize(("saying", "meaning"), rows(further.NOT_TIMES))
def test_words_that_only_look_like_times_name_none(read: Read, saying: str, meaning: str) -> None:
    understood = read(saying, now=WEDNESDAY)
    assert (understood.first("when"), understood.first("duration")) == (None, None), meaning


@pytest.mark.parametrize(("saying", "meaning"), rows(further.NO_SUCH))
def test_a_day_or_hour_there_is_not_is_told_and_never_guessed(read: Read, saying: str, meaning: str) -> None:
    assert told(read(saying, now=WEDNESDAY)).replace("：", ":") == meaning


@pytest.mark.parametrize(("saying", "meaning"), rows(further.SECOND_THOUGHTS))
def test_a_second_thought_leaves_only_the_new_time(read: Read, saying: str, meaning: str) -> None:
    assert told(read(saying, now=WEDNESDAY)) == meaning


@pytest.mark.parametrize(
    ("saying", "meaning"),
    [
        ("凌晨一点", "time 11-19 01:00"),
        ("今晚一点", "at 11-19 01:00"),
        ("今晚十二点", "at 11-19 00:00"),
        ("明早八点", "at 11-19 08:00"),
        ("两小时后", "at 11-19 01:30"),
        ("晚上", "11-19 18:00 to 11-19 23:00"),
        ("三点", "time 11-19 15:00"),
        ("9点", "time 11-19 09:00"),
    ],
)
def test_late_in_the_evening_the_hours_to_come_are_meant(read: Read, saying: str, meaning: str) -> None:
    assert told(read(saying, now=LATE)) == meaning


@pytest.mark.parametrize(
    ("saying", "meaning"),
    [
        ("8", "time 11-18 20:00"),
        ("3半", "time 11-18 15:30"),
        ("1430", "time 11-18 14:30"),
        ("七点半", "time 11-18 19:30"),
        ("19.30", "time 11-18 19:30"),
        ("11.25", "on 11-25"),
        ("3-5", "11-18 15:00 to 11-18 17:00"),
        ("都行", "11-18 10:00 to any"),
        ("明天 3", "at 11-19 15:00"),
        ("晚8", "time 11-18 20:00"),
        ("早9", "time 11-19 09:00"),
        ("下午三", "time 11-18 15:00"),
        ("7.30", "time 11-18 19:30"),
        ("你们定就行", "11-18 10:00 to any"),
        ("看师傅时间", "11-18 10:00 to any"),
    ],
)
def test_short_answers_to_when_are_times(read: Read, saying: str, meaning: str) -> None:
    assert told(read(saying, "when", now=WEDNESDAY)) == meaning


def test_day_and_month_stand_as_the_place_writes_them(read: Read) -> None:
    assert told(read("8/1 下午三點", now=WEDNESDAY)) == "at 08-01 15:00"
    assert told(read("8/1 下午三點", now=WEDNESDAY, zone="Europe/London")) == "at 01-08 15:00"
    assert told(read("25/11 下午三点", now=WEDNESDAY)) == "at 11-25 15:00"
