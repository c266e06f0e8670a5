"""Two names of one day side by side: Saturday the 5th, next week on Tuesday, 明天（周六）."""

from nlu.when.atoms import Atom
from nlu.when.days import DAY, on_date


def one_day(one: Atom, other: Atom, *, listed: bool) -> Atom | None:
    """The narrower of two days that can be one; none when they are two. Listed says a comma parts them."""
    if one.first is None or one.last is None or other.first is None or other.last is None:
        return None
    if one.weekday and other.weekday:
        return None
    if one.weekday or other.weekday:
        return _with_weekday(*((one, other) if one.weekday else (other, one)), listed=listed)
    if one.number or other.number:
        numbered, wide = (one, other) if one.number else (other, one)
        if (day := _numbered(numbered, wide)) is not None:
            return day
    wide, narrow = sorted((one, other), key=lambda day: (day.first or day.last, day.last), reverse=True)
    if _length(one) != _length(other):
        wide, narrow = sorted((one, other), key=_length, reverse=True)
    return narrow if _holds(wide, narrow) else None


def next_named(one: Atom | None, other: Atom) -> Atom:
    """Next week Thursday or Friday: a weekday offered beside a dated day is the one that follows it."""
    if one is None or one.weekday or not other.weekday or one.first is None or other.first is None:
        return other
    if other.first >= one.first or one.last != one.first + DAY:
        return other
    first = one.first + DAY * ((other.first - one.first).days % 7)
    return other._replace(first=first, last=first + DAY, other=None)


def _length(day: Atom) -> int:
    return (day.last - day.first).days if day.first is not None and day.last is not None else 0


def _holds(wide: Atom, narrow: Atom) -> bool:
    if wide.first is None or wide.last is None or narrow.first is None or narrow.last is None:
        return False
    return wide.first <= narrow.first and narrow.last <= wide.last


def _with_weekday(named: Atom, dated: Atom, *, listed: bool) -> Atom | None:
    """Saturday + a date is the date; + a week is that week's Saturday; one that does not fit is another reading."""
    if named.first is None or dated.first is None or dated.last is None:
        return None
    ahead = (named.first - dated.first).days % 7
    if dated.last - dated.first > DAY:
        first = dated.first + DAY * ahead
        return named._replace(first=first, last=first + DAY, other=None, weekday=False) if first < dated.last else None
    if ahead == 0:
        return dated._replace(other=None)
    return None if listed else dated._replace(other=named.first)


def _numbered(numbered: Atom, wide: Atom) -> Atom | None:
    """Next month, the 5th: the fifth of that month."""
    if wide.first is None or wide.last is None or wide.grain != "month":
        return None
    first = on_date(wide.first.year, wide.first.month, numbered.number)
    if first is None or not wide.first <= first < wide.last:
        return None
    return numbered._replace(first=first, last=first + DAY, other=None, number=0)
