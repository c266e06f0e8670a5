# ruff: noqa: E501 - one expression to a line
"""Days and weeks said in English."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from nlu.numbers import amount, integer
from nlu.when import days
from nlu.when.atoms import Atom, Moment
from nlu.when.en_holidays import holiday
from nlu.when.en_words import COUNT, WEEKDAYS

Match = re.Match[str]
Atoms = Iterator[Atom]

DAY_NUMBERS = {name: place for place, name in enumerate("mon tue wed thu fri sat sun".split())}
_COUNTS = re.compile(rf"(?<![a-z]){COUNT}(?![a-z])")
_WEEKDAY = re.compile(rf"(?<![a-z])(?:{WEEKDAYS})(?![a-z])")


def count(text: str) -> float:
    """How many: 3, two, a couple, twenty-five, a hundred and twenty."""
    word = text.strip().removesuffix(" of").removeprefix("a ") if text.strip() not in ("a", "an") else "a"
    if word == "several":
        return 3
    if "hundred" in word:
        return 100 + (amount(word.split()[-1]) or 0 if not word.endswith("hundred") else 0)
    tens, _, unit = word.replace("-", " ").partition(" ")
    if unit and tens.endswith("ty"):
        return (_TENS.get(tens) or 0) + (integer(unit) or 0)
    return _TENS.get(word) or amount(word) or 1.0


_TENS = {
    "seventy": 70.0,
    "eighty": 80.0,
    "twenty": 20.0,
    "thirty": 30.0,
    "forty": 40.0,
    "fifty": 50.0,
    "sixty": 60.0,
    "ninety": 90.0,
}


def span(match: Match, first: date | None, last: date | None = None, grain: str = "day") -> Atoms:
    """The day or days; a date there is not makes the words impossible."""
    if first is None:
        yield Atom("impossible", *match.span())
    else:
        yield Atom("day", *match.span(), first=first, last=last or first + days.DAY, grain=grain)


def _reach(match: Match, today: date, ahead: float) -> Atoms:
    """So many days on; beyond the calendar it is nothing."""
    first = days.plus_days(today, int(min(ahead, 4_000_000)))
    return span(match, first) if first is not None else iter((Atom("void", *match.span()),))


def _weekday_in(text: str) -> int | None:
    found = _WEEKDAY.search(text)
    return DAY_NUMBERS[found[0][:3]] if found else None


def day(match: Match, moment: Moment) -> Atoms:
    """Today, tonight, tomorrow, yesterday, last night."""
    word = match["day"]
    shift = -1 if word in ("yesterday", "last night") else 1 if word == "tomorrow" else 0
    first = moment.today + timedelta(days=shift)
    other = first - days.DAY if shift > 0 and moment.local.hour < 4 else None
    end = match.end()
    yield Atom("day", match.start(), end, first=first, last=first + days.DAY, other=other)
    if word in ("tonight", "last night"):
        yield Atom("part", end, end, part="evening")


def after(match: Match, moment: Moment) -> Atoms:
    """The day after tomorrow; tomorrow or the day after."""
    before = match.string[max(0, match.start() - 20) : match.start()]
    if match.group().endswith("after") and "tomorrow" not in before:
        return iter(())
    return _reach(match, moment.today, 2)


def beforelast(match: Match, moment: Moment) -> Atoms:
    """The day before yesterday."""
    return _reach(match, moment.today, -2)


def ndays(match: Match, moment: Moment) -> Atoms:
    """In the next two days: today and as many as told."""
    text = match.group()
    counted = _COUNTS.search(re.sub(r"\b(?:the|next|coming|following|any ?time)\b", " ", text))
    number = count(counted[0]) if counted else 3.0
    number *= 7 if "week" in text else 30 if "month" in text else 1
    last = days.plus_days(moment.today, int(min(number, 400)))
    return span(match, moment.today, last)


def counted_days(match: Match, moment: Moment) -> Atoms:
    """In 3 days, in a day or two."""
    text = match.group()
    told = [
        count(word)
        for word in _COUNTS.findall(
            text.removeprefix("in ").removeprefix("after ").replace("about ", "").replace("around ", "")
        )
    ]
    told = told or [1.0]
    if "month" in text:
        yield from span(match, days.same_day_ahead(moment.today, int(min(told[0], 120))))
        return
    ahead = int(min(told[0], 4_000_000)) + ("tomorrow" in text)
    if len(told) > 1 and told[1] > told[0]:
        first, last = days.plus_days(moment.today, ahead), days.plus_days(moment.today, int(min(told[1], 400)) + 1)
        yield from span(match, first, last) if first is not None else ()
        return
    yield from _reach(match, moment.today, ahead)


def weeks(match: Match, moment: Moment) -> Atoms:
    """A week on Friday, two weeks today, Tuesday week, in a fortnight."""
    text = match.group()
    weekday = _weekday_in(text)
    start = moment.today if weekday is None else days.this_week(moment.today, weekday)
    start += timedelta(days=int("tomorrow" in text))
    counted = _COUNTS.match(text.removeprefix("in ").removeprefix("on ").removeprefix("about "))
    number = count(counted[0]) if counted else 1.0
    return _reach(match, start, number * (14 if "fortnight" in text else 7))


def afternext(match: Match, moment: Moment) -> Atoms:
    """The week after next, the Friday after next."""
    text, today = match.group(), moment.today
    if "weekend" in text:
        return span(match, *days.weekend(today, 2))
    if "month" in text:
        first = days.month_ahead(today, 2)
        return span(match, first, days.month_end(first), "month")
    weekday = _weekday_in(text)
    if weekday is None:
        monday = days.week_ahead(today, 0, 2)
        return span(match, monday, monday + timedelta(days=7), "week")
    return span(match, days.week_ahead(today, weekday, 2))


def ago(match: Match, moment: Moment) -> Atoms:
    """Two days ago; hours ago are no time anyone books."""
    text = match.group()
    if not re.search(r"days?|weeks?|months?|years?", text) or "earlier" in text:
        yield Atom("void", *match.span())
        return
    counted = _COUNTS.match(text)
    scale = 7 if "week" in text else 30 if "month" in text else 365 if "year" in text else 1
    first = days.plus_days(moment.today, -int(min((count(counted[0]) if counted else 1) * scale, 700_000)))
    if first is not None:
        yield from span(match, first)


_PARTS_OF_DAY = {"mornings": "morning", "afternoons": "afternoon", "evenings": "evening", "nights": "evening"}
_DAY_BEFORE = re.compile(r"(?:day|tomorrow|mon|tues?|weds?|thu|thurs?|fri|sat|sun) $")


def void(match: Match, _: Moment) -> Atoms:
    """Every Tuesday, weekends: no time of one visit; Sunday mornings is said of one Sunday too."""
    part = _PARTS_OF_DAY.get(match.group())
    if part and _DAY_BEFORE.search(match.string, max(0, match.start() - 10), match.start()):
        yield Atom("part", *match.span(), part=part)
        return
    yield Atom("void", *match.span())


def named_holiday(match: Match, moment: Moment) -> Atoms:
    """Christmas Eve, Boxing Day; a holiday without a date of its own is nothing."""
    first = holiday(match.group(), moment.today)
    if first is None:
        yield Atom("void", *match.span())
        return
    yield from span(match, first)


def weekend(match: Match, moment: Moment) -> Atoms:
    """The weekend, next weekend, last weekend."""
    word = match.group()
    if "last" in word:
        saturday = days.week_ahead(moment.today, 5, -1)
        yield from span(match, saturday, saturday + timedelta(days=2))
        return
    for atom in span(match, *days.weekend(moment.today, int("next" in word or "following" in word))):
        yield atom._replace(spread=True)


def wday(match: Match, moment: Moment) -> Atoms:
    """Friday, this Friday, next Friday, last Friday; sun, sat and wed may be other words."""
    words = match.group().split()
    name = words[-1]
    if len(words) == 1 and name in _OTHER_WORDS and _other_word(match, name):
        return
    weekday = DAY_NUMBERS[name[:3]]
    nearest = days.this_week(moment.today, weekday)
    near = words[0] if len(words) > 1 else ""
    if near == "last":
        yield from span(match, nearest - timedelta(days=7))
        return
    following = days.week_ahead(moment.today, weekday, 1)
    first, other = nearest, None
    if near == "next":
        first = following
        other = nearest if nearest not in (following, moment.today) else None
    elif nearest == moment.today and not near:
        other = following
    yield Atom(
        "day", *match.span(), first=first, last=first + days.DAY, other=other, weekday=near not in ("next", "following")
    )


_OTHER_WORDS = {
    "sun": re.compile(r"\b(?:the|much|some|of|hot|any|little|more|in|caught|no|good|enough) $"),
    "sat": re.compile(
        r"\b(?:i|we|you|she|he|they|it|just|been|was|is|were|be|have|had|has|who|being|i've|we've|then|still|got) $"
    ),
    "wed": re.compile(r"\b(?:to be|newly|get|got|getting|be|we) $"),
    "mon": re.compile(r"\b(?:ma|c'est) $"),
    "fri": re.compile(r"(?!)"),
}
_OTHER_AFTER = re.compile(
    r"(?<=sun)\s*-?(?:burn|cream|tan|bed|damage|screen|lounger|exposure|block|kissed)|(?<=sat) (?:down|on|in|at|nav|there|here|all|funny|wrong|up|next|with|for ages)\b(?! (?:the [0-9]|[0-9]))|(?<=wed) (?:my|him|her|in the)\b"
)


def _other_word(match: Match, name: str) -> bool:
    if _OTHER_WORDS[name].search(match.string, max(0, match.start() - 12), match.start()):
        return True
    verb = name in ("sun", "wed") or match.start() > 0
    return verb and _OTHER_AFTER.match(match.string, match.end()) is not None


def week(match: Match, moment: Moment) -> Atoms:
    """A week or month named by this, next or last."""
    text, today = match.group(), moment.today
    ahead = 0 if "this" in text else -1 if "last" in text else 1
    if text.endswith("month"):
        first = days.month_ahead(today, ahead)
        return span(match, first if ahead else today, days.month_end(first), "month")
    monday = days.week_ahead(today, 0, ahead)
    return span(match, monday if ahead else today, monday + timedelta(days=7), "week")
