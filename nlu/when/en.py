# ruff: noqa: E501 - one expression to a line
"""The time words of English: clock times, parts of day, lengths; days are in en_days."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

from nlu.numbers import integer
from nlu.when import days, en_dates, en_days
from nlu.when.atoms import Atom, Moment
from nlu.when.en_words import COUNT, HINT, HOUR_WORDS, HOURS, MINUTES, PIECES, WORDS

__all__ = ["HINT", "atoms"]

_PART_NAMES = {
    "morning": "morning",
    "afternoon": "afternoon",
    "evening": "evening",
    "lunch": "noon",
    "night": "evening",
}
_HALVES = {
    ("morning", "early"): (360, 540), ("morning", "late"): (600, 720), ("morning", "mid"): (540, 660),
    ("afternoon", "early"): (720, 900), ("afternoon", "late"): (900, 1080), ("afternoon", "mid"): (840, 960),
    ("evening", "early"): (1080, 1200), ("evening", "late"): (1200, 1380), ("evening", "mid"): (1140, 1260),
}  # fmt: skip
_CLOCK = re.compile(
    r"(?:at )?(?:(?P<half>half(?:[ -]past)?[ -])|(?:a )?(?P<off>quarter|five|ten|twenty(?:[ -]five)?|[0-9]+)(?: ?(?:minutes?|mins?))? ?(?P<way>past|after|to|till?|before|of) )?"
    r"(?:(?P<noon>(?:12 )?noon|mid-?day)|(?P<midnight>(?:12 )?midnight)|(?P<glued>[0-9]{3,4})|(?P<h>[0-9]{1,2}|"
    + HOUR_WORDS
    + r")"
    r"(?:[:.h](?P<mm>[0-9]{2})|h| (?P<loose>[0-5][0-9])(?= ?[ap]|$)|[ -](?P<said>fifteen|thirty[ -]five|thirty|forty[ -]five|forty|twenty[ -]five|twenty|ten|oh[ -]five|fifty[ -]five|fifty))?(?::[0-9]{2})?)"
    r" ?-?(?:ish)? ?(?:[o0]? ?'? ?clock|hrs|hours|h)? ?(?:(?P<ap>[ap])(?:\.? ?m\b|(?![a-z])))?(?:.*?(?:in the (?:early |late )?(?P<the>morning|afternoon|evening)|(?P<night>at night)))?"
)
_SAID = {"fifteen": 15, "thirty": 30, "forty": 40, "twenty": 20, "ten": 10, "oh": 5, "fifty": 50}
_SHORT = {
    "am": "morning",
    "a.": "morning",
    "pm": "afternoon",
    "p.": "afternoon",
    "ev": "evening",
    "af": "afternoon",
    "lu": "noon",
}
_VAGUE = re.compile(r"ish\b")
_COUNTED = re.compile(
    rf"({COUNT})( and (?:a )?(?:half|quarter))?[ -]?((?:{HOURS}|{MINUTES}|m)(?![a-z]))( and (?:a )?(?:half|quarter))?(?:,? ?(?:and )?([0-9]{{1,2}}|(?:fifteen|twenty|thirty|forty(?:[ -]five)?|fifty)(?![a-z])))?"
)
_BEFORE_DAY = re.compile(
    r"(?:(?:on|this|next|the) )*[a-z]+(?: the [0-9a-z]+)?(?: in the)? (?:morning|afternoon|evening|night|lunch)"
)
_DAYLIKE = re.compile(
    r"(?:day|tomorrow|that|\bon the|mon|tues?|weds?|thu|thurs?|fri|sat|sun|weekend|[0-9](?:st|nd|rd|th)|/[0-9]{1,2}|(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*|[a-z]{3,9} [0-9]{1,2}),?(?: at| in the)? $"
)


def atoms(text: str, moment: Moment) -> Iterator[Atom]:
    """The English time pieces of a folded text, from left to right."""
    reach = 0
    for word in WORDS.finditer(text):
        start = word.start()
        if start < reach:
            continue
        said = word.group()
        for piece in PIECES.get("0" if said[0] <= "9" else said, ()):
            match = piece.match(text, start)
            if match is not None:
                reach = match.end()
                yield from _READERS[match.lastgroup or ""](match, moment)
                break


_COMES = re.compile(r"\b(?:come|send|need|want|get|available|free|anyone|someone|somebody|anybody|book)\b")
# Pay now, where is he now, starting now: nobody is asked to come.
_NOT_NOW = re.compile(
    r"\b(?:pay|paying|paid|where|where's|wheres|far|rate|rating|review|starting|start|kicking|buzzing|finish|finished|finishing|done|home|bed|don'?t need|not need|phone|number|name|by|what|more|back|live|address|angry|weather|temperature|london|leaving|left|here|arrived|arriving|going|heading|outside|off|on my way|until|sorted|works|better|clear|right)\b[^,.!?;]{0,24}$"
)


def _soon(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    if match.group().endswith("now") and not moment.asked:
        before = _NOT_NOW.search(match.string, max(0, match.start() - 48), match.start())
        if before is not None and not _COMES.search(match.string, max(0, match.start() - 48), match.start()):
            return
    yield Atom("soon", *match.span(), open_end="after")


def _anytime(match: re.Match[str], _: Moment) -> Iterator[Atom]:
    yield Atom("anytime", *match.span(), open_end="after")


def _first(match: re.Match[str], _: Moment) -> Iterator[Atom]:
    yield Atom("part", *match.span(), part="morning", hours=(480, 600))


def _this_time(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    yield Atom("clock", *match.span(), minute=moment.local.hour * 60 + moment.local.minute, fixed=True)


def _offset(match: re.Match[str], _: Moment) -> Iterator[Atom]:
    if seconds := _seconds(match.group()):
        yield Atom("offset", *match.span(), seconds=seconds)


def _within(match: re.Match[str], _: Moment) -> Iterator[Atom]:
    yield Atom("offset", *match.span(), seconds=_seconds(match.group()) or 3600, open_end="before")


_WAITED = re.compile(
    r"\b(?:wait(?:ed|ing)?|late|been here|sat here|standing here|give (?:me|us)|hang on|hold on)(?: for| about| around| over| nearly| almost| by)* $"
)


def _length(match: re.Match[str], _: Moment) -> Iterator[Atom]:
    seconds = _seconds(match.group())
    then = (match["then"] or "").lstrip("' s")
    if then in ("from now", "time"):
        yield Atom("offset", *match.span(), seconds=seconds)
        return
    if then:  # an hour later than what was booked, half an hour ago: no time of a visit
        yield Atom("void", *match.span())
        return
    if _WAITED.search(match.string, max(0, match.start() - 24), match.start()):
        return
    if 0 < seconds < 43200:  # 24 hours is a notice, not a visit
        yield Atom("length", *match.span(), seconds=seconds)


def _seconds(text: str) -> int:
    if "three quarters" in text or "three-quarters" in text or "3/4" in text:
        return 6300 if "and three" in text else 2700
    fraction = re.search(r"([0-9])? ?(?:1[/⁄]2|½)", text)
    if fraction:
        return 3600 * int(fraction[1] or 0) + 1800
    if "and" not in text and "half" in text:
        return 1800
    if re.search(r"quarter(?: of)? an? (?:hour|hr)", text):
        return 900
    counted = _COUNTED.search(
        re.sub(
            r"\b(?:with ?in|after|in under|in less than|in|over|the|next|coming|for|about|around|like|roughly|say)\b ?",
            "",
            text,
        )
    )
    if counted is None:
        extra = 1800 if "half" in text else 900 if "quarter" in text else 0
        return 3600 + extra if re.search(r"hour|hr", text) else 0
    extra_words = (counted[2] or counted[4] or text[counted.end() :] if "and" in text else "") or ""
    if counted[3][0] == "h" and "and" in text and not extra_words and ("half" in text or "quarter" in text):
        extra_words = "half" if "half" in text else "quarter"
    number = en_days.count(counted[1]) + (0.5 if "half" in extra_words else 0.25 if "quarter" in extra_words else 0)
    return int(min(number, 10_000) * (3600 if counted[3][0] == "h" else 60)) + 60 * int(
        en_days.count(counted[5]) if counted[5] else 0
    )


def _clock(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    return _read(match, weak=False)


_SOON = timedelta(days=60)


def _weak(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    if moment.asked and not moment.day_first and "." in match.group():
        month, number = map(int, match.group().split("."))
        first = days.next_month_day(moment.today, month, number)
        if first is not None and first - moment.today < _SOON:  # 11.25 in November is a day, 7.30 an hour
            yield Atom("day", *match.span(), first=first, last=first + days.DAY)
            return
    for atom in _read(match, weak=True):
        if atom.kind == "clock" and (len(match.group()) < 3 or not match.group().isdigit() or atom.minute % 5 == 0):
            yield atom


def _read(match: re.Match[str], *, weak: bool) -> Iterator[Atom]:
    told = _CLOCK.match(match.group())
    if told is None:
        return
    vague = "around" if not weak and _VAGUE.search(match.group()) else None
    if told["noon"] or told["midnight"]:
        minute: tuple[int, bool] | None = (720, True) if told["noon"] else (1440, True)
    else:
        minute = _minute(told)
    start = match.end() - len(match.group().removeprefix("at ")) if match.group().startswith("at ") else match.start()
    if minute is None:
        yield Atom("impossible", start, match.end())
        return
    shift = 30 if told["half"] else _shift(told)
    yield Atom("clock", start, match.end(), minute=minute[0] + shift, fixed=minute[1], open_end=vague, weak=weak)


def _shift(told: re.Match[str]) -> int:
    if not told["off"]:
        return 0
    said = told["off"]
    minutes = 15 if said == "quarter" else int(said) if said.isdigit() else integer(said.replace(" ", "-")) or 0
    return minutes if told["way"] in ("past", "after") else -minutes


def _minute(told: re.Match[str]) -> tuple[int, bool] | None:
    """(minute of the day, whether it is certain), none when there is no such time."""
    glued = told["glued"]
    said = glued[:-2] if glued else told["h"]
    hour = integer(said)
    minute = int((glued[-2:] if glued else told["mm"] or told["loose"]) or 0)
    if told["said"]:
        tens, _, unit = told["said"].replace("-", " ").partition(" ")
        minute = _SAID[tens] + (5 if unit and tens != "oh" else 0)
    if hour is None or hour > 24 or minute > 59 or (hour == 24 and minute):
        return None
    half = told["ap"] or _half_of(told, hour)
    if half and 0 < hour <= 12:
        if told["night"] and hour == 12:
            return 1440 + minute, True
        return (hour % 12 + (12 if half == "p" else 0)) * 60 + minute, True
    leading = said[0] == "0" and (bool(told["mm"]) or bool(glued))
    return hour * 60 + minute, hour > 12 or hour == 0 or leading


def _half_of(told: re.Match[str], hour: int) -> str | None:
    if told["night"]:
        return "p" if hour >= 5 else "a"
    if told["the"]:
        return "a" if told["the"] == "morning" else "p"
    return None


def _part(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    text = match.group()
    start, end = match.span()
    if re.search(r"\b(?:early|small|wee) hours", text):
        yield Atom("part", start, end, part="night")
        return
    if _greets(match, moment) or (text == "night" and not moment.asked and not _DAYLIKE.search(match.string, 0, start)):
        return
    name = next(key for key in _PART_NAMES if key in text)
    words = text.replace("-", " ").split()
    if "this" in words:
        yield Atom("day", start, start, first=moment.today, last=moment.today + days.DAY)
    half = next((word for word in ("early", "late", "mid") if word in words or text.startswith(word)), None)
    if name == "night" and half == "late":
        yield Atom("part", start, end, part="night", hours=(1320, 1500))
        return
    part = _PART_NAMES[name]
    coming = "coming" if text in ("in the morning", "the morning") else "day"
    yield Atom("part", start, end, part=part, hours=_HALVES.get((part, half or "")), grain=coming)


_GREETED = re.compile(
    r"\s*(?:$|[!,.](?!\s*(?:after|before|around|at|from|about|say|or|[0-9]))|(?:all|there|mate|hun|both|team|everyone|guys|folks|love|darling|sir|madam)\b)"
)


def _greets(match: re.Match[str], moment: Moment) -> bool:
    """Morning! is a greeting where no time was asked."""
    if match.start() or moment.asked or " " in match.group():
        return False
    return _GREETED.match(match.string, match.end()) is not None


def _early(match: re.Match[str], _: Moment) -> Iterator[Atom]:
    """Early thursday morning narrows the morning; early tomorrow is a part of day by itself."""
    half = "late" if "late" in match.group() else "early"
    follows = match.string[match.end() : match.end() + 40].lstrip()
    if follows.startswith(("tonight", "this")) or _BEFORE_DAY.match(follows):
        yield Atom("half", *match.span(), part=half)
    elif half == "early":
        yield Atom("part", *match.span(), part="morning", hours=(360, 540))


def _half(match: re.Match[str], _: Moment) -> Iterator[Atom]:
    yield Atom("half", *match.span(), part="late" if "late" in match.group() else "early")


def _halfday(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    """Sunday pm, tomorrow eve, in the am."""
    before = match.string[: match.start()]
    word = match.group()
    if (
        not before.endswith("this ")
        and not (before.endswith("the ") and word not in ("eve", "aft", "lunch"))
        and not _DAYLIKE.search(before)
    ):
        return
    if before.endswith("this "):
        yield Atom("day", match.start() - 5, match.start(), first=moment.today, last=moment.today + days.DAY)
    yield Atom("part", *match.span(), part=_SHORT[word[:2]])


_READERS: dict[str, Callable[[re.Match[str], Moment], Iterator[Atom]]] = {
    "soon": _soon, "anytime": _anytime, "first": _first, "ago": en_days.ago, "within": _within, "ndays": en_days.ndays,
    "offset": _offset, "weeks": en_days.weeks, "weekof": en_dates.week_of, "days": en_days.counted_days, "sametime": _this_time,
    "afternext": en_days.afternext, "after": en_days.after, "beforelast": en_days.beforelast,
    "holiday": en_days.named_holiday, "day": en_days.day, "weekend": en_days.weekend, "every": en_days.void,
    "nthday": en_dates.nthday, "mend": en_dates.mend, "wday": en_days.wday, "week": en_days.week, "ymd": en_dates.ymd,
    "dmons": en_dates.month_days, "dmon": en_dates.named_month, "mdays": en_dates.month_days, "mond": en_dates.named_month,
    "mon": en_dates.month, "slash": en_dates.slash, "dotted": en_dates.dotted, "dashed": en_dates.dotted,
    "doms": en_dates.numbered_days, "dom": en_dates.dom, "clock": _clock, "length": _length, "part": _part,
    "early": _early, "half": _half, "halfday": _halfday, "weak": _weak,
}  # fmt: skip
