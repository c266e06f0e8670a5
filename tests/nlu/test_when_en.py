# ruff: noqa: E501 - one saying to a line
"""What people in London and New York type about times, and what somebody at the front desk would write down."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from nlu import Understanding, When
from tests.nlu import sayings_en as said

Read = Callable[..., Understanding]

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)  # ten in the morning in London


def told(understood: Understanding) -> str:
    """Times and lengths in order: 'on DAY', 'at DAY HOUR', 'time DAY HOUR', 'FROM to UNTIL', '90 min', 'none: words'."""
    parts = [part for entity in understood.entities for part in _part(entity.value, entity.kind)]
    return " + ".join([*parts, *(f"none: {words}" for words in understood.impossible)])


def _part(value: object, kind: str) -> Iterator[str]:
    if kind == "duration":
        yield f"{value} min"
    elif isinstance(value, When) and value.start is not None:
        start, end = _local(value.start), _local(value.end) if value.end else "any"
        yield {
            "date": f"on {start.rpartition(' ')[0]}",
            "datetime": f"at {start}",
            "time": f"time {start}",
            "range": f"{start} to {end}",
        }[value.kind]


def _local(moment: datetime) -> str:
    return f"{moment:%m-%d %H:%M}" if moment.year == MONDAY.year else f"{moment:%Y-%m-%d %H:%M}"


def rows(table: str) -> list[tuple[str, str]]:
    """Sayings and meanings, one to a line, parted by an arrow."""
    pairs = [line.split("->") for line in table.strip().splitlines() if line.strip()]
    return [(saying.strip(), meaning.strip()) for saying, meaning in pairs]


def in_london(read: Read, saying: str, asked: str | None = None, now: datetime = MONDAY) -> Understanding:
    return read(saying, asked, lang="en", zone="Europe/London", now=now)


@pytest.mark.parametrize(
    ("saying", "meaning"), rows(said.DAYS + said.HOURS + said.STRETCHES + said.SEVERAL + said.LENGTHS), ids=str
)
def test_a_time_is_what_the_desk_would_write_down(read: Read, saying: str, meaning: str) -> None:
    assert told(in_london(read, saying)) == meaning


@pytest.mark.parametrize(("saying", "meaning"), rows(said.NOT_TIMES))
def test_words_that_only_look_like_times_name_none(read: Read, saying: str, meaning: str) -> None:
    understood = in_london(read, saying)
    assert (understood.first("when"), understood.first("duration")) == (None, None), meaning


@pytest.mark.parametrize(("saying", "meaning"), rows(said.NO_SUCH))
def test_a_day_or_hour_there_is_not_is_told_and_never_guessed(read: Read, saying: str, meaning: str) -> None:
    assert told(in_london(read, saying)) == meaning


@pytest.mark.parametrize(("saying", "meaning"), rows(said.ANSWERS))
def test_a_short_answer_to_when_is_a_time(read: Read, saying: str, meaning: str) -> None:
    assert told(in_london(read, saying, "when")) == meaning


@pytest.mark.parametrize(("saying", "meaning"), rows(said.NEW_YORK))
def test_in_new_york_the_month_goes_first(read: Read, saying: str, meaning: str) -> None:
    now = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
    assert told(read(saying, lang="en", zone="America/New_York", now=now)) == meaning


@pytest.mark.parametrize(("saying", "meaning"), rows(said.LATER))
def test_the_hour_it_is_said_decides_what_is_still_to_come(read: Read, saying: str, meaning: str) -> None:
    clock, _, words = saying.removeprefix("?").removeprefix("@").partition(" ")
    hour, minute = map(int, clock.split(":"))
    now = MONDAY.replace(hour=hour, minute=minute)
    assert told(in_london(read, words, "when" if saying.startswith("?") else None, now)) == meaning


def test_next_friday_tells_the_coming_one_too(read: Read) -> None:
    entity = in_london(read, "next Friday at 3").first("when")
    assert entity is not None
    assert isinstance(entity.value, When)
    assert [other.start for other in entity.value.alternatives][:1] != []
    assert datetime(2026, 11, 27, 15, 0) in [other.start for other in entity.value.alternatives]  # noqa: DTZ001


def test_a_misspelt_day_keeps_its_place_in_the_message(read: Read) -> None:
    understood = in_london(read, "can you come on wensday at 4 please")
    entity = understood.first("when")
    assert entity is not None
    assert entity.text == "wensday at 4"
    assert understood.text[entity.start : entity.end] == entity.text


def test_what_a_correction_takes_back_is_no_time_any_more(read: Read) -> None:
    understood = in_london(read, "tomorrow at 3, no, 4")
    assert [entity.text for entity in understood.entities if entity.kind == "when"] == ["4"]
