# ruff: noqa: E501 - one expression to a line
"""Dates and months said in English."""

import re
from datetime import date, timedelta

from nlu.when import days
from nlu.when.atoms import Atom, Moment
from nlu.when.en_days import DAY_NUMBERS, Atoms, Match, span
from nlu.when.en_words import MONTHS, ORDINAL_WORDS, SURE_MONTHS

_MONTH_NUMBERS = {
    name: place + 1 for place, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split())
}
_NTH = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "last": -1}
_FIRSTS = {
    word: place + 1
    for place, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth "
        "sixteenth seventeenth eighteenth nineteenth twentieth".split()
    )
} | {"thirtieth": 30}
_DIGITS = re.compile(r"[0-9]+")
_MONTH = re.compile(rf"(?<![a-z])(?:{MONTHS})(?![a-z])")
_NUMBERED = re.compile(rf"[0-9]+|{ORDINAL_WORDS}")
_RATED = re.compile(
    r"(?:\b(?:rate|rated|score|give|gave|giving|solid|definite|deserves?|easily|easy|is|was|it's|an?|massage|service|experience)\b)[^0-9a-z]*$"
)
_RATING = re.compile(
    r"\s*(?:[!.]*$|for |service|experience|recommend|stars?|rating|highly|love|great|amazing|best|excellent|perfect)"
)
_NO_NUMBER = re.compile(r"(?:\b(?:birthday|anniversary|floor|my|her|his|size|scale of)\b)\s*$")


def _month_named(text: str, today: date) -> date | None:
    """First day of the month named, of this year or the next."""
    found = list(_MONTH.finditer(text))
    if not found:
        return None
    number = _MONTH_NUMBERS[found[-1][0][:3]]
    return date(today.year + (number < today.month), number, 1)


def mend(match: Match, moment: Moment) -> Atoms:
    """The end of the month, early next week, mid December, the first week of January."""
    text, today = match.group(), moment.today
    which = match["me"] or (match["ml"] or "end").partition(" ")[0]
    if (match["mw"] or "week").endswith("week") and text != "eom":
        return _of_week(
            match, "mid" if text.startswith("mid") else which, int("next" in text or "following" in text), today
        )
    first = _month_named(match["mw"] or "", today) or days.month_ahead(
        today, int("next" in text or "following" in text)
    )
    low, last = _of_month(which, first)
    if last <= today and first.month == today.month and first.year == today.year:
        first = date(first.year + 1, first.month, 1) if _MONTH.search(match["mw"] or "") else days.month_ahead(first, 1)
        low, last = _of_month(which, first)
    return span(match, today if which in ("rest", "later") and low < today else low, last, "month")


def _of_month(which: str, first: date) -> tuple[date, date]:
    end = days.month_end(first)
    low, high = {
        "end": (25, 31), "late": (21, 31), "later part": (21, 31), "start": (1, 5), "beginning": (1, 5), "early": (1, 10),
        "early part": (1, 10), "mid": (11, 20), "middle": (11, 20), "first half": (1, 15), "second half": (16, 31),
        "first week": (1, 7),
    }.get(which, (1, 31))  # fmt: skip
    if which == "last week":
        return end - timedelta(days=7), end
    return first + timedelta(days=low - 1), min(end, first + timedelta(days=high))


def _of_week(match: Match, which: str, ahead: int, today: date) -> Atoms:
    monday = days.week_ahead(today, 0, ahead)
    low, high = {
        "end": (4, 7), "late": (3, 7), "start": (0, 2), "beginning": (0, 2), "early": (0, 2), "mid": (1, 4), "middle": (1, 4),
        "later": (2, 7) if ahead else (0, 7), "first half": (0, 3), "second half": (3, 7),
    }.get(which, (0, 7))  # fmt: skip
    last = monday + timedelta(days=high)
    if last <= today:
        monday, last = monday + timedelta(days=7), last + timedelta(days=7)
    return span(match, max(monday + timedelta(days=low), today), last, "week")


def nthday(match: Match, moment: Moment) -> Atoms:
    """The first Monday of December, the last day of the month, the second week of January."""
    text, today = match.group(), moment.today
    first = _month_named(text.rpartition(" ")[2], today) or days.month_ahead(
        today, int("next" in text or "following" in text)
    )
    nth = _NTH[text.removeprefix("the ").split()[0]]
    end = days.month_end(first)
    if match["nw"] == "day":
        return span(match, end - days.DAY if nth < 0 else first + timedelta(days=nth - 1))
    if match["nw"] == "week":
        low = end - timedelta(days=7) if nth < 0 else first + timedelta(days=7 * (nth - 1))
        return span(match, low, min(low + timedelta(days=7), end), "week")
    wide = match["nw"] == "weekend"
    weekday = 5 if wide else DAY_NUMBERS[match["nw"][:3]]
    if nth > 0:
        low = first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))
    else:
        low = end - timedelta(days=(end.weekday() - weekday - 1) % 7 + 1)
    return span(match, low, low + timedelta(days=2 if wide else 1))


def week_of(match: Match, moment: Moment) -> Atoms:
    """The week of the 7th: Monday to Sunday around that day."""
    number = int(match["wd"])
    if match["wm"]:
        day = days.next_month_day(moment.today, _MONTH_NUMBERS[match["wm"][:3]], number)
    else:
        day = days.next_day_of_month(moment.today, number)
    monday = day - timedelta(days=day.weekday()) if day is not None else None
    return span(match, monday, monday + timedelta(days=7) if monday is not None else None, "week")


def ymd(match: Match, _: Moment) -> Atoms:
    """2026-11-25."""
    year, month, number = map(int, _DIGITS.findall(match.group())[:3])
    yield from span(match, days.on_date(year, month, number))
    if match["iso"]:
        hour, minute = map(int, match["iso"].split(":"))
        valid = hour < 24 and minute < 60
        yield Atom("clock" if valid else "impossible", match.end(), match.end(), minute=hour * 60 + minute, fixed=True)


def _number(word: str) -> int:
    word = word.replace("-", " ")
    if word.isdigit():
        return int(word)
    tens, _, unit = word.partition(" ")
    return {"twenty": 20, "thirty": 30}[tens] + _FIRSTS[unit] if unit else _FIRSTS.get(word, 0)


def _numbers(text: str) -> list[int]:
    return [_number(word) for word in _NUMBERED.findall(text)]


def _in_month(today: date, month: int, number: int, year: int | None) -> date | None:
    if year is not None:
        return days.on_date(year if year > 99 else 2000 + year, month, number)
    return days.next_month_day(today, month, number)


def named_month(match: Match, moment: Moment) -> Atoms:
    """25 November, Nov 25th, the first of December 2026."""
    numbers = _numbers(match.group())
    month = _MONTH_NUMBERS[(match["dm"] if match.lastgroup == "dmon" else match["mm"])[:3]]
    return span(match, _in_month(moment.today, month, numbers[0], numbers[1] if len(numbers) > 1 else None))


def month_days(match: Match, moment: Moment) -> Atoms:
    """16-20 November, Dec 3 to 7, 3 or 4 December."""
    text = match.group()
    low, high = _numbers(text)[:2]
    month = _MONTH_NUMBERS[(match["dsm"] if match.lastgroup == "dmons" else match["msm"])[:3]]
    first = _in_month(moment.today, month, low, None)
    last = _in_month(moment.today, month, high, None)
    if first is None or last is None or last <= first:
        yield Atom("impossible", *match.span())
    elif re.search(r"\b(?:and|or)\b|&", text) and not match.string[: match.start()].endswith("between "):
        middle = match.start() + len(re.split(r"\b(?:and|or)\b|&", text, maxsplit=1)[0])
        yield Atom("day", match.start(), middle, first=first, last=first + days.DAY)
        yield Atom("day", match.end(), match.end(), first=last, last=last + days.DAY)
    else:
        yield from span(match, first, last + days.DAY)


def numbered_days(match: Match, moment: Moment) -> Atoms:
    """The 16th to the 20th; the 3rd or 4th is two days."""
    low, high = map(int, _DIGITS.findall(match.group()))
    first = days.next_day_of_month(moment.today, low)
    if first is None or not 0 < high <= 31:
        yield Atom("impossible", *match.span())
        return
    last = days.next_day_of_month(first, high)
    two = re.search(r"\b(?:and|or)\b|&", match.group()) and not match.string[: match.start()].endswith("between ")
    if last is not None and two:
        yield Atom("day", match.start(), match.start() + 1, first=first, last=first + days.DAY)
        yield Atom("day", match.end(), match.end(), first=last, last=last + days.DAY)
    elif last is not None:
        yield from span(match, first, last + days.DAY)


_IN_MONTH = re.compile(
    r"\b(?:in|during|until|till?|by|before|after|for|some ?time|around|since|from|of|to|or|and)(?: the month of| early| late)? $"
)
_SURE_MONTH = re.compile(SURE_MONTHS)


def month(match: Match, moment: Moment) -> Atoms:
    """In December, sometime in August: from today when it is the running month; may, march and april may be other words."""
    sure = _SURE_MONTH.fullmatch(match["mo"]) or match["near"]
    if not sure and not _IN_MONTH.search(match.string, max(0, match.start() - 24), match.start()):
        return
    first = _month_named(match["mo"], moment.today)
    if first is not None:
        yield Atom("day", *match.span(), first=max(first, moment.today), last=days.month_end(first), grain="month")


def slash(match: Match, moment: Moment) -> Atoms:
    """25/11 or 11/25 by the custom of the place; the other order is another reading; 10/10 may be a mark."""
    first, second, *year = map(int, match.group().split("/"))
    if not year and second in (5, 10) and first <= second and _rating(match):
        yield Atom("void", *match.span())
        return
    day_, month_ = (first, second) if moment.day_first else (second, first)
    told = year[0] if year else None
    readings = [_in_month(moment.today, a, b, told) for a, b in ((month_, day_), (day_, month_))]
    best, other = readings if readings[0] is not None else readings[::-1]
    if best is not None:
        yield Atom("day", *match.span(), first=best, last=best + days.DAY, other=other if other != best else None)
    elif max(first, second) <= 32:
        yield Atom("impossible", *match.span())


def _rating(match: Match) -> bool:
    text = match.string
    return (
        _RATED.search(text, max(0, match.start() - 20), match.start()) is not None
        or _RATING.match(text, match.end()) is not None
    )


def dotted(match: Match, moment: Moment) -> Atoms:
    """25.11., 25.11.2026, 25-11: the day comes first wherever this is written."""
    numbers = list(map(int, _DIGITS.findall(match.group())))
    return span(match, _in_month(moment.today, numbers[1], numbers[0], numbers[2] if len(numbers) > 2 else None))


def dom(match: Match, moment: Moment) -> Atoms:
    """The 25th: the next to come."""
    number = next(iter(_numbers(match.group())), 0)
    if number > 32 or _NO_NUMBER.search(match.string, max(0, match.start() - 14), match.start()):
        return
    first = days.next_day_of_month(moment.today, number)
    for atom in span(match, first):
        yield atom._replace(number=number) if first is not None else atom
