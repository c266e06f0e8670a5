# ruff: noqa: E501 - one expression to a line
"""The time words of English."""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from nlu.numbers import ENGLISH, amount, integer
from nlu.when import days
from nlu.when.atoms import Atom, Moment

_WORD = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_N = rf"(?:[0-9]{{1,2}}|{_WORD})"
_MONTHS = "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
_WEEKDAYS = (
    "mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday|s)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?"
)
_HOURS = r"h(?:ou)?rs?|h"
_MINS = r"min(?:ute)?s?"
_COUNT = rf"(?:[0-9]+(?:\.[0-9]+)?|{_WORD}|fifteen|twenty|thirty|forty|forty[ -]five|fifty|sixty|ninety|an?|a couple of|couple of|a few)"
_LENGTH = (
    rf"(?:an? hour and a half|one and a half hours?|(?:a )?half an? hour|(?:a )?half hour|(?:a )?quarter of an hour|three quarters of an hour"
    rf"|{_COUNT}(?: and a half)?[ -]?(?:{_HOURS}|{_MINS})(?: and a half)?(?:,? ?(?:and )?[0-9]{{1,2}} ?(?:{_MINS})?(?![0-9:]))?)(?![a-z])"
)
_NOT_CLOCK = (
    r"(?! ?(?:minutes?|mins?|hours?|hrs?|days?|weeks?|months?|people|persons?|stars?|pounds?|yuan|rmb|percent|%|st\b|nd\b|rd\b|th\b|of us|or [0-9]+ min"
    rf"|(?:{_MONTHS})\b(?! (?:be|work|suit|do)\b)"
    r"|[a-z]+ (?:street|st|road|rd|lane|avenue|ave|close|square|court|gardens?|park)\b))(?![0-9a-z/.:]|\.[0-9])"
)
_CLOCK = r"[0-9]{1,2}(?:[:.][0-5][0-9])?"

_MASTER = re.compile(
    r"(?<![a-z0-9])(?:"
    + "|".join(
        (
            r"(?P<soon>asap|a\.s\.a\.p\.?|as soon as (?:possible|you can|poss)|right (?:now|away)|straight away|immediately|(?:the )?soonest(?: possible)?|(?:the )?earliest(?: possible| available| you have)?(?! (?:you|time|slot|i|can|that|we|she|he)\b)|now(?= please|$))",
            r"(?P<anytime>any ?time|whenever(?: suits| you like| works)?|any day|any hour|(?:i'?m )?flexible)",
            r"(?P<first>first thing(?: in the morning)?)",
            rf"(?P<within>(?:within|in the next) (?:the next )?{_LENGTH})",
            rf"(?P<offset>in (?:about |around |like )?{_LENGTH}(?!'s)|{_LENGTH} (?:from now|later|time))",
            rf"(?P<days>in (?:about )?{_COUNT} (?:days?|weeks?|months?)(?:' time|'s time)?|{_COUNT} (?:days?|weeks?) from (?:now|today)|a week today)",
            r"(?P<after>(?:the )?day after (?:tomorrow|tmrw?))",
            r"(?P<day>tomorrow|tommorr?ow|tomorow|tomoro|tomoz|tmrw?|tmw|2moro|today|tonight|tonite|2nite|yesterday)(?:'s)?",
            r"(?P<weekend>(?:this |next |the |at the |this coming )?weekend)",
            rf"(?P<wday>(?:(?:next|this coming|this|coming|every|last) )?(?:{_WEEKDAYS})(?:'s|s)?(?: week(?!end))?(?![a-z]))",
            r"(?P<week>(?:this|next|the following) (?:week|month)(?! ?end))",
            r"(?P<mend>(?:the )?end of (?:the |this |next )?(?:month|week))",
            r"(?P<ymd>20[0-9]{2}[-/.][0-9]{1,2}[-/.][0-9]{1,2})",
            rf"(?P<dmon>(?:the )?[0-9]{{1,2}}(?:st|nd|rd|th)?(?: of)? (?:{_MONTHS})\.?(?:,? 20[0-9]{{2}})?(?![a-z]))",
            rf"(?P<mond>(?:{_MONTHS})\.? (?:the )?[0-9]{{1,2}}(?:st|nd|rd|th)?(?:,? 20[0-9]{{2}})?(?![0-9a-z:]))",
            r"(?P<slash>[0-9]{1,2}/[0-9]{1,2}(?:/(?:20)?[0-9]{2})?(?![0-9/]))",
            r"(?P<dom>(?:the )?[1-3]?[0-9](?:st|nd|rd|th)(?! (?:floor|fl|street|st|avenue|ave|road|one|option|choice|time|slot|guy|person))(?![a-z]))",
            rf"(?P<range>(?:from |between )?(?P<r1>{_CLOCK})(?: ?(?P<rm1>[ap])\.?m\.?)? ?(?:-|~|to|till|until|and) ?(?P<r2>{_CLOCK}) ?(?P<rm2>[ap])\.?m(?![a-z]))",
            rf"(?P<between>(?:from|between) (?P<b1>{_CLOCK}|{_WORD}) ?(?:-|to|till|until|and) ?(?P<b2>{_CLOCK}|{_WORD})(?: o'?clock)?{_NOT_CLOCK})",
            rf"(?P<half>half(?: past)? (?P<hh>{_N})(?: ?(?P<hm>[ap])\.?m)?(?![a-z0-9]))",
            rf"(?P<past>(?P<pm>(?:a )?quarter|five|ten|twenty(?:[ -]five)?|5|10|20|25)(?: ?{_MINS})? (?P<pw>past|to|after) (?P<ph>{_N})(?: ?(?P<pa>[ap])\.?m)?(?![a-z0-9:]))",
            r"(?P<ampm>(?P<ah>[0-9]{1,2})(?:[:.](?P<am>[0-5][0-9]))? ?(?P<aa>[ap])\.?m(?:\.(?=\s|$))?(?![a-z]))",
            rf"(?P<oclock>(?P<oh>{_N}) ?o'? ?clock)",
            rf"(?P<inthe>(?P<ih>{_CLOCK}|{_WORD})(?: o'?clock)? (?:in the (?P<ip>morning|afternoon|evening)|at (?P<inight>night)))",
            r"(?P<colon>(?<![:.])[0-9]{1,2}:[0-5][0-9](?::[0-9]{2})?(?!:?[0-9]))",
            r"(?P<noon>noon|midday|mid-day|12 noon)",
            r"(?P<midnight>midnight)",
            r"(?P<hundred>[0-2][0-9][0-5][0-9] ?(?:hrs|hours|h)(?![a-z]))",
            rf"(?P<length>{_LENGTH})",
            r"(?P<part>(?:(?:in |during )the |this |late |early |the )*(?<!good )(?P<pn>mornings?|afternoons?|arvo|evenings?|lunch ?time|nights?)(?![a-z]))",
            rf"(?P<ish>(?P<sh>{_CLOCK}|{_WORD}) ?-?ish)",
            rf"(?P<bare>(?:not before|not until|no earlier than|no later than|at|@|by|after|before|around|(?:how |what )?about|till|until|past|since|from|make it|make that|i meant?|say) (?:about |around )?(?P<bh>{_CLOCK}|{_WORD}){_NOT_CLOCK})",
        )
    )
    + ")"
)

_MONTH_NUMBERS = {
    name: place + 1 for place, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split())
}
_DAY_NUMBERS = {name: place for place, name in enumerate("mon tue wed thu fri sat sun".split())}
_PART_NAMES = {
    "morning": "morning",
    "afternoon": "afternoon",
    "arvo": "afternoon",
    "evening": "evening",
    "night": "evening",
    "lunch": "noon",
}
# The second words of "not before", "not until", "no earlier than" and "no later than" turn their meaning round.
_TURNED = {"before": "after", "until": "after", "earlier": "after", "later": "before"}
_BEFORE = {"by": "before", "before": "before", "till": "before", "until": "before", "after": "after", "past": "after",
           "since": "after", "from": "after", "around": "around", "about": "around"}  # fmt: skip
_DIGITS = re.compile(r"[0-9]+")
_COUNTED = re.compile(
    rf"({_COUNT})( and a half)?[ -]?({_HOURS}|{_MINS}|days?|weeks?|months?)( and a half)?(?:,? ?(?:and )?([0-9]{{1,2}}))?"
)


def atoms(text: str, moment: Moment) -> Iterator[Atom]:
    """The English time pieces of a folded text, from left to right."""
    for match in _MASTER.finditer(text):
        reader = _READERS.get(match.lastgroup or "")
        if reader is not None:
            yield from reader(match, moment)


def _soon(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    yield Atom("soon", *match.span(), open_end="after")


def _anytime(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    yield Atom("anytime", *match.span(), open_end="after")


def _first(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    yield Atom("part", *match.span(), part="morning", hours=(480, 600))


def _span_days(
    match: re.Match[str], first: date | None, last: date | None = None, grain: str = "day"
) -> Iterator[Atom]:
    if first is not None:
        yield Atom("day", *match.span(), first=first, last=last or first + days.DAY, grain=grain)


def _after(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    return _span_days(match, days.plus_days(moment.today, 2))


def _day(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    word = match["day"]
    shift = 0 if word in ("today", "tonight", "tonite", "2nite") else -1 if word == "yesterday" else 1
    first = moment.today + timedelta(days=shift)
    other = first - days.DAY if shift > 0 and moment.local.hour < 4 else None
    end = match.end()
    yield Atom("day", match.start(), end, first=first, last=first + days.DAY, other=other)
    if word in ("tonight", "tonite", "2nite"):
        yield Atom("part", end, end, part="evening")


def _weekend(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    first, last = days.weekend(moment.today, int(match.group().startswith("next")))
    return _span_days(match, first, last)


def _wday(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    words = match.group().split()
    near = words[0] if words[0] in ("next", "last", "every") else ""
    name = next(word[:3] for word in words if word[:3] in _DAY_NUMBERS)
    nearest = days.this_week(moment.today, _DAY_NUMBERS[name])
    if near == "last":
        return _span_days(match, nearest - timedelta(days=7))
    if words[-1] == "week":
        return _span_days(match, nearest + timedelta(days=7))
    if near == "next":
        return _next_weekday(match, nearest, days.week_ahead(moment.today, _DAY_NUMBERS[name], 1), moment.today)
    return _span_days(match, nearest)


def _next_weekday(match: re.Match[str], nearest: date, following: date, today: date) -> Iterator[Atom]:
    """Next Friday: the one of next week; said early in the week some mean the coming one, so both are told."""
    other = nearest if nearest not in (following, today) else None
    yield Atom("day", *match.span(), first=following, last=following + days.DAY, other=other)


def _week(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    running = match.group().startswith("this")
    if match.group().endswith("month"):
        first = days.month_ahead(moment.today, 0 if running else 1)
        return _span_days(match, moment.today if running else first, days.month_end(first), "month")
    monday = days.week_ahead(moment.today, 0, 0 if running else 1)
    return _span_days(match, moment.today if running else monday, monday + timedelta(days=7), "week")


def _mend(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    ahead = int("next" in match.group())
    if match.group().endswith("month"):
        first = days.month_ahead(moment.today, ahead)
        return _span_days(match, first.replace(day=25), days.month_end(first), "month")
    friday = days.week_ahead(moment.today, 4, ahead)
    return _span_days(match, max(friday, moment.today), friday + timedelta(days=3), "week")


def _offset(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    seconds = _seconds(match.group())
    if seconds:
        yield Atom("offset", *match.span(), seconds=seconds)


def _within(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    yield Atom("offset", *match.span(), seconds=_seconds(match.group()), open_end="before")


def _length(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    seconds = _seconds(match.group())
    if seconds:
        yield Atom("length", *match.span(), seconds=seconds)


def _seconds(text: str) -> int:
    if "three quarters" in text:
        return 2700
    if "quarter" in text:
        return 900
    if "hour and a half" in text or "one and a half" in text:
        return 5400
    if "half" in text and "and a half" not in text:
        return 1800
    counted = _COUNTED.search(text)
    if counted is None:
        return 0
    number = _count(counted[1]) + (0.5 if counted[2] or counted[4] else 0)
    return int(number * (3600 if counted[3][0] == "h" else 60)) + 60 * int(counted[5] or 0)


def _count(text: str) -> float:
    word = text.removeprefix("a ").removesuffix(" of")
    return amount(word.replace(" ", "-")) or {"forty-five": 45.0, "forty five": 45.0}.get(word, 1.0)


def _days(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    counted = _COUNTED.search(match.group())
    if counted is None:
        return _span_days(match, days.plus_days(moment.today, 7))
    scale = {"d": 1, "w": 7, "m": 30}[counted[3][0]]
    return _span_days(match, days.plus_days(moment.today, int(_count(counted[1]) * scale)))


def _ymd(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    year, month, number = map(int, _DIGITS.findall(match.group()))
    return _span_days(match, days.on_date(year, month, number))


def _named_month(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    numbers = [int(part) for part in _DIGITS.findall(match.group())]
    month = next(
        _MONTH_NUMBERS[word[:3]] for word in re.findall("[a-z]{3,}", match.group()) if word[:3] in _MONTH_NUMBERS
    )
    if len(numbers) > 1:
        return _span_days(match, days.on_date(numbers[1], month, numbers[0]))
    return _span_days(match, days.next_month_day(moment.today, month, numbers[0]))


def _slash(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    first, second, *year = map(int, match.group().split("/"))
    day, month = (first, second) if moment.day_first else (second, first)
    readings = [_dated(moment, a, b, year) for a, b in ((month, day), (day, month))]
    best, other = readings if readings[0] is not None else readings[::-1]
    if best is not None:
        other = other if other != best else None
        yield Atom("day", *match.span(), first=best, last=best + days.DAY, other=other)


def _dated(moment: Moment, month: int, number: int, year: list[int]) -> date | None:
    if year:
        return days.on_date(year[0] if year[0] > 99 else 2000 + year[0], month, number)
    return days.next_month_day(moment.today, month, number)


def _dom(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    return _span_days(match, days.next_day_of_month(moment.today, int(_DIGITS.findall(match.group())[0])))


def _minute_of_day(said: str, half: str | None) -> tuple[int, bool] | None:
    """(minute of the day, whether it is certain) of 7, 7:30, seven with an optional a or p."""
    hour_said, _, minutes = said.replace(".", ":").partition(":")
    hour = integer(hour_said)
    if hour is None or hour > 24 or (half and not 0 < hour <= 12):
        return None
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    return hour * 60 + int(minutes or 0), bool(half) or hour > 12 or (said[0] == "0" and bool(minutes))


def _clock(
    match: re.Match[str], said: str, half: str | None, open_end: str | None = None, shift: int = 0
) -> Iterator[Atom]:
    read = _minute_of_day(said, half)
    if read is not None:
        yield Atom("clock", *match.span(), minute=read[0] + shift, fixed=read[1], open_end=open_end)


def _range(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    until = _minute_of_day(match["r2"], match["rm2"])
    since = _minute_of_day(match["r1"], match["rm1"] or match["rm2"])
    if since is None or until is None:
        return
    begin = since[0] - 720 if not match["rm1"] and since[0] > until[0] else since[0]  # 11-2pm
    yield Atom("clock", *match.span(), minute=begin, fixed=True, until=until[0], until_fixed=True)


def _between(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    since, until = _minute_of_day(match["b1"], None), _minute_of_day(match["b2"], None)
    if since is not None and until is not None:
        yield Atom("clock", *match.span(), minute=since[0], fixed=since[1], until=until[0], until_fixed=until[1])


def _half(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    return _clock(match, match["hh"], match["hm"], shift=30)


def _past(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    said = match["pm"].removeprefix("a ")
    minutes = 15 if said == "quarter" else integer(said) or ENGLISH.get(said.replace(" ", "-"), 0)
    return _clock(match, match["ph"], match["pa"], shift=-minutes if match["pw"] == "to" else minutes)


def _ampm(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    return _clock(match, f"{match['ah']}:{match['am'] or 0}", match["aa"])


def _oclock(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    return _clock(match, match["oh"], None)


def _inthe(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    hour = _minute_of_day(match["ih"], None)
    if match["inight"]:
        half = "p" if hour is not None and hour[0] >= 300 else "a"
    else:
        half = "a" if match["ip"] == "morning" else "p"
    return _clock(match, match["ih"], half)


def _colon(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    return _clock(match, ":".join(match.group().split(":")[:2]), None)


def _noon(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    yield Atom("clock", *match.span(), minute=720, fixed=True)


def _midnight(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    yield Atom("clock", *match.span(), minute=1440, fixed=True)


def _hundred(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    minute = int(match.group()[:2]) * 60 + int(match.group()[2:4])
    if minute < 1440:
        yield Atom("clock", *match.span(), minute=minute, fixed=True)


def _part(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    part = next(value for name, value in _PART_NAMES.items() if match["pn"].startswith(name))
    start, end = match.span()
    if "this" in match.group().split():
        yield Atom("day", start, start, first=moment.today, last=moment.today + days.DAY)
    yield Atom("part", start, end, part=part)


def _ish(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    return _clock(match, match["sh"], None, "around")


def _bare(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    first, second = match.group().split()[:2] if match.group()[0] != "@" else ("@", "")
    opened = _TURNED.get(second) if first in ("not", "no") else _BEFORE.get(first)
    return _clock(match, match["bh"], None, opened)


_READERS: dict[str, Callable[[re.Match[str], Moment], Iterator[Atom]]] = {
    "soon": _soon, "anytime": _anytime, "first": _first, "within": _within, "offset": _offset, "days": _days,
    "after": _after, "day": _day, "weekend": _weekend, "wday": _wday, "week": _week, "mend": _mend, "ymd": _ymd,
    "dmon": _named_month, "mond": _named_month, "slash": _slash, "dom": _dom, "range": _range, "between": _between,
    "half": _half, "past": _past, "ampm": _ampm, "oclock": _oclock, "inthe": _inthe, "colon": _colon, "noon": _noon,
    "midnight": _midnight, "hundred": _hundred, "length": _length, "part": _part, "ish": _ish, "bare": _bare,
}  # fmt: skip

# A wide net: most messages hold no time word at all.
HINT = re.compile(
    r"[0-9]|\b(?:mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|to(?:d|m|n)|tmr|tmw|2m|2n"
    r"|noon|mid|morn|after|arvo|even|night|lunch|week|now|asap|any|flex|first|hour|half|quarter|past|soon|earl|immed"
    r"|right|straight|end|month|day|yest|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|min|when)"
)
