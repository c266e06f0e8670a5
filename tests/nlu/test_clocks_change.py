"""Waiting times said on the nights the clocks change, and dates whose number looks like an hour."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from nlu import Understanding, When

Read = Callable[..., Understanding]

LONDON = "Europe/London"


def start_of(understood: Understanding) -> str:
    entity = understood.first("when")
    assert entity is not None
    assert isinstance(entity.value, When)
    return f"{entity.value.start:%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("now", "said", "shown"),
    [
        (datetime(2026, 3, 29, 0, 30, tzinfo=UTC), "in two hours", "03-29 03:30"),
        (datetime(2026, 3, 29, 0, 30, tzinfo=UTC), "两个小时后", "03-29 03:30"),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "in two hours", "10-25 02:30"),
        (datetime(2026, 10, 25, 1, 30, 40, tzinfo=UTC), "in an hour", "10-25 02:30"),
        (datetime(2026, 10, 26, 9, 30, tzinfo=UTC), "in an hour", "10-26 10:30"),
    ],
)
def test_so_many_hours_from_now_are_hours_of_waiting(read: Read, now: datetime, said: str, shown: str) -> None:
    lang = "en" if said.isascii() else "zh-Hans"
    assert start_of(read(said, "when", lang=lang, zone=LONDON, now=now)) == shown


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("make it 25 October at 3pm", "10-25 15:00"),
        ("say 12 may at 10am", "05-12 10:00"),
        ("make it 11, may be late", "10-24 11:00"),
        ("at 3 may work", "10-23 15:00"),
    ],
)
def test_a_number_before_a_month_is_a_day_and_no_hour(read: Read, said: str, shown: str) -> None:
    now = datetime(2026, 10, 23, 10, 30, tzinfo=UTC)
    assert start_of(read(said, "when", lang="en", zone=LONDON, now=now)) == shown
