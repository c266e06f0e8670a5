"""What a message says of days: where a stretch begins, where it ends, how many days it lasts."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from dialogs.engine.flow import Answer
from nlu import When
from nlu.numbers import integer

_N = r"[0-9]{1,3}|[一二两三四五六七八九十百]{1,5}"
_ZH_SPAN = re.compile(rf"(?<![下上本这前])({_N})\s*个?(天|(?:周|星期|礼拜)(?![一二三四五六日天]))")
_EN_SPAN = re.compile(r"\b([a-z]+|[0-9]{1,3}) (week|day)s?\b")
_ONE_DAY = re.compile(r"就(?:这|那)?一?天|当天|\b(?:just|only) (?:that|the|one)(?: one)?(?: day)?\b")
_PART_OF_A_DAY = re.compile(r"半天|\bhalf a day\b|\bhalf[- ]day\b")
_VAGUE = frozenset({"few", "couple"})
_OF_A_DAY = ("天", "day")
_WEEK = 7


@dataclass(frozen=True, slots=True)
class DaysSaid:
    """First and last day, how many, and whether hours were said as well; None for what was not said."""

    first: date | None = None
    last: date | None = None
    count: int | None = None
    hours: bool = False


def days_said(answer: Answer) -> DaysSaid:
    """Return what a message says of days; one day alone is the first."""
    if answer.understood is None:
        return DaysSaid()
    text = answer.text.casefold()
    whens = [each.value for each in answer.understood.entities if isinstance(each.value, When)]
    if not whens:  # 明天来不了 names the day all the same
        whens = [each.value for each in answer.understood.negated if isinstance(each.value, When)]
    dated = [_stretch(when) for when in whens if when.start is not None and when.date_given]
    hours = _PART_OF_A_DAY.search(text) is not None or any(when.time_given for when in whens)
    if not dated:
        return DaysSaid(count=_count(text), hours=hours)
    first, last = dated[0]
    if len(dated) > 1 and last is None:
        last = dated[-1][1] or dated[-1][0]
    return DaysSaid(first, last, _count(text) if last is None else None, hours)


def _stretch(when: When) -> tuple[date | None, date | None]:
    """Return the first and the last day of a reading, None for what it leaves open."""
    assert when.start is not None
    if when.open_end == "before":
        return None, (when.end or when.start).date()
    if when.kind == "range" and when.end is not None and when.grain in ("day", "week", "month"):
        return when.start.date(), (when.end - timedelta(microseconds=1)).date()
    return when.start.date(), None


def _count(text: str) -> int | None:
    """Return for how many days: 三天, 两周, a week."""
    if _ONE_DAY.search(text):
        return 1
    for pattern in (_ZH_SPAN, _EN_SPAN):
        found = pattern.search(text)
        number = None if found is None or found[1] in _VAGUE else integer(found[1])
        if found is not None and number:
            return number if found[2] in _OF_A_DAY else number * _WEEK
    return None
