# ruff: noqa: E501 - one table row to a line
"""Readers of Chinese words that name hours, parts of day and lengths: 三点半, 傍晚, 一个半小时后."""

import re
from collections.abc import Callable, Iterator

from nlu.when.atoms import Atom, Moment
from nlu.when.zh_days import READERS as DAY_READERS
from nlu.when.zh_days import length_atom, named_day, shift_of
from nlu.when.zh_numbers import decimal, number, numbers, two_hours, vague

Reader = Callable[[re.Match[str], Moment], Iterator[Atom]]

_DATES = DAY_READERS["slash"]
_AFTER_MIDNIGHT = ("night", (1320, 1500))
_MORNINGS = "早晨 早上 早间 上午 上昼 上半天 前半天 朝早 早 朝"
_DAWNS = "一早 一大早 一大清早 大清早 一清早 清早 清晨 晨 朝头早"
_AFTERNOONS = "午后 下午 下昼 下半天 后半天 后晌 晏昼"
_EVENINGS = "晚上 晚间 晚黑 晚 夜晚"
_NOONS = "中午 中午头 晌午 晌午头 午间 午餐时间 午饭时间 午休时间 午休"
_NIGHTS = "午夜 半夜 大半夜 深夜 下半夜 后半夜"
_SHARED: tuple[tuple[str, str, tuple[int, int] | None], ...] = (
    (_MORNINGS, "morning", None), (_DAWNS, "morning", (360, 540)), (_AFTERNOONS, "afternoon", None),
    (_EVENINGS, "evening", None), (_NOONS, "noon", None), (_NIGHTS, *_AFTER_MIDNIGHT), ("傍晚 傍黑 黄昏", "evening", (1020, 1140)),
    ("夜里 夜间", "night", (1260, 1500)), ("夜", "evening", None), ("凌晨", "night", None), ("白天 大白天", "morning", (360, 1080)),
)  # fmt: skip
_PARTS = {word: (part, hours) for words, part, hours in _SHARED for word in words.split()}
_LENGTH = re.compile(
    r"(?P<n>[0-9.]+|[半一二两俩仨三四五六七八九十百零]+)?\s*(?P<ge>个(?:把)?)?\s*(?P<half>半)?\s*个?"
    r"(?P<unit>小时|钟头|刻钟|分钟|min|分|h|钟|天|日|周|星期|礼拜|月)[a-z]*"
    r"(?P<tail>半)?(?:[零过又]?(?P<m>[0-9]{1,2}|[一二两三四五六七八九十]{1,3})(?:分钟?)|(?P<k>[一三])刻)?"
)
_SECONDS = {"小时": 3600, "钟头": 3600, "钟": 3600, "h": 3600, "刻钟": 900, "分钟": 60, "分": 60, "min": 60}
_DAYS = {"天": "天", "日": "天", "周": "周", "星期": "周", "礼拜": "周", "月": "月"}
_DAY_AND_NIGHT = 86400
_SHORTEST = 300
# 便宜一点, 早一点: a little, not one o'clock. One o'clock stands at a beginning or after these.
_BEFORE_ONE = frozenset(
    " ,.!?:;~-()\"'天日号午上晚早夜晨后前末里间约到在是改等或和就那从选换成至定于周一二三四五六说为吧"
)
_NEVER_AFTER_ONE = frozenset("都也儿不没点力小意建想水油钱用")
_FOR_A_WHILE = ("一时", "一时半")
_PLAIN_ONE = ("一点", "1点")
_PART_BEFORE = re.compile(r"(?:[午上晚早夜晨昼]|凌晨|傍晚)\s*$")
_DAY_BEFORE = re.compile(r"(?:[天日明]|周[一二三四五六])\s*$")
_AHEAD = re.compile(r"(?:提前|至少|最少|需要?|要|得)\s*$")
_GREETS = re.compile(r"早晨[呀啊!,.~ ]?")
_DATE_BESIDE = re.compile(r"\s*(?:[早晚上下中凌号日]|[0-9])")


def length_of(text: str) -> tuple[int, int, str] | None:
    """(seconds, count, unit of days) of a length such as 一个半小时 or 三天; none when it is vague."""
    match = _LENGTH.search(text)
    if match is None or (match["n"] and vague(match["n"])):
        return None
    count = decimal(match["n"]) if match["n"] else 1.0
    if count is None:
        return None
    count += 0.5 if match["half"] or match["tail"] else 0
    if match["half"] and not match["n"] and not match["ge"]:
        count = 0.5
    unit = match["unit"]
    if unit in _DAYS:
        if _DAYS[unit] == "月" and count == 0.5:
            return 0, 15, "天"
        return 0, int(count), _DAYS[unit]
    more = number(match["m"]) or 0 if match["m"] else 15 * (number(match["k"]) or 0) if match["k"] else 0
    return int(count * _SECONDS[unit]) + 60 * more, 0, ""


def only_a_little(text: str, match: re.Match[str], reach: int) -> bool:
    """Whether 一点 is a little and no hour, or 第三点 a point made."""
    if text[match.start() - 1 : match.start()] == "第" or (match.group() in _FOR_A_WHILE and match.start() != reach):
        return True
    if match.group() not in _PLAIN_ONE or match.start() == reach:
        return False
    before = text[match.start() - 1] if match.start() else " "
    after = text[match.end()] if match.end() < len(text) else " "
    return before not in _BEFORE_ONE or after in _NEVER_AFTER_ONE


def _offset(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    length = length_of(match.group())
    if length is None:
        return
    if length[1]:
        yield from length_atom(match, moment, length[1], length[2], within=False)
    elif length[0]:
        yield Atom("offset", *match.span(), seconds=length[0])


def _ago(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    """三天前, 两小时前: behind us."""
    length = length_of(match.group())
    if length is None or _AHEAD.search(match.string, max(0, match.start() - 4), match.start()):
        return
    if length[1]:
        yield from length_atom(match, moment, -length[1], length[2], within=False)
    elif length[0]:
        yield Atom("offset", *match.span(), seconds=-length[0])


def _within(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    length = length_of(match.group())
    if length is None:
        return
    if length[1]:
        yield from length_atom(match, moment, length[1], length[2], within=True)
    elif length[0]:
        yield Atom("offset", *match.span(), seconds=length[0], open_end="before")


def _length(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    length = length_of(match.group())
    if length is not None and _SHORTEST <= length[0] < _DAY_AND_NIGHT:
        yield Atom("length", *match.span(), seconds=length[0])


def _at(start: int, end: int, minute: int, *, fixed: bool) -> Atom:
    """A clock time; an hour there is not is told."""
    return Atom("clock", start, end, minute=minute, fixed=fixed) if minute <= 1440 else Atom("impossible", start, end)


def _colon(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    hour, minute = map(int, match.group().split(":")[:2])
    if minute >= 60:
        yield Atom("impossible", *match.span())
        return
    yield _at(*match.span(), hour * 60 + minute, fixed=hour > 12 or match.group()[0] == "0")


def _lack(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    words = match.group()
    told = numbers(words.replace("一刻", "15分"))
    if len(told) != 2:
        return
    hour, minute = reversed(told) if words[0] == "差" else told
    if 0 < hour <= 24 and minute < 60:
        yield Atom("clock", *match.span(), minute=hour * 60 - minute, fixed=hour > 13)


def _clock(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    said = match["hour"]
    hour, until = number(said), None
    if (both := two_hours(said)) is not None:
        hour, until = both  # 三四点
    if hour is None:
        return
    minute = _minutes(match)
    if hour > 24 or minute >= 60:
        if hour < 60:
            yield Atom("impossible", *match.span())
        return
    start, end = match.span()
    fixed = hour > 12 or said[0] in "0零〇"
    since = number(match["from"]) if match["from"] else None
    if since is not None:
        yield from _from(match, since * 60 + (30 if match["fhalf"] else 0), hour * 60 + minute, fixed=fixed)
    elif until is not None:
        yield Atom("clock", start, end, minute=hour * 60, until=until * 60, open_end="around")
    elif match["to"] is not None and (till := number(match["to"]) or 0) <= 24:
        yield Atom("clock", start, end, minute=hour * 60 + minute, fixed=fixed, until=till * 60, until_fixed=till > 12)
    else:
        yield _at(start, end, hour * 60 + minute, fixed=fixed)


def _from(match: re.Match[str], since: int, until: int, *, fixed: bool) -> Iterator[Atom]:
    """2-4点 is a range, 3、4点 too, 3或4点 a choice; 25号,3点 is neither."""
    separator, start, end = match["csep"], match.start(), match.end()
    if separator in "/或" and since < 780:
        yield Atom("clock", start, match.end("from"), minute=since)
        yield Atom("clock", match.start("hour"), end, minute=until, fixed=fixed)
    elif separator == "," and until - since != 60:
        yield _at(match.start("hour"), end, until, fixed=fixed)
    elif since <= 1440:
        vaguely = "around" if separator == "," else None
        yield Atom(
            "clock", start, end, minute=since, fixed=since >= 780, until=until, until_fixed=fixed, open_end=vaguely
        )


def _minutes(match: re.Match[str]) -> int:
    if match["half_hour"]:
        return 30
    if match["quarter"]:
        return 15 * (number(match["quarter"]) or 1)
    said = match["minute"] or match["bare"]
    return number(said) or 0 if said else 0


def _dot(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    """晚上7.30 is an hour, 11.25下午 a date."""
    one, _, two = match.group().partition(".")
    before, after = match.string[max(0, match.start() - 4) : match.start()], match.end()
    hour = int(one) <= 24 and len(two) == 2 and int(two) < 60
    if (hour and (_PART_BEFORE.search(before) or _DAY_BEFORE.search(before))) or (
        moment.asked and hour and (int(one) > 12 or int(two) > 31 or int(two) == 0)
    ):
        yield Atom("clock", *match.span(), minute=int(one) * 60 + int(two), fixed=int(one) > 12)
    elif moment.asked or _DATE_BESIDE.match(match.string, after):
        yield from _DATES(match, moment)


def _part(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    if match.group() == "早晨" and not moment.asked and _GREETS.fullmatch(match.string[: match.end() + 1]):
        return  # good morning in Cantonese
    part, hours = _PARTS[match.group()]
    yield Atom("part", *match.span(), part=part, hours=hours)


def _combo(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    """明早, 今晚凌晨, 听朝: a day and a part of it in one word."""
    word = match.group()
    middle = match.start() + (2 if word[0] == "大" else 1)
    yield named_day(match.start(), middle, shift_of(word[: middle - match.start()]), moment)
    rest = match.string[middle : match.end()]
    if rest:
        part, hours = _AFTER_MIDNIGHT if rest.endswith("凌晨") else _PARTS[rest]
        yield Atom("part", middle, match.end(), part=part, hours=hours)


def _twelve(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    yield Atom("clock", *match.span(), minute=720, fixed=True)


def _ampm(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    yield Atom("part", *match.span(), part="morning" if match.group()[0] == "a" else "afternoon")


def _same(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    """明天这个时候: the hour it is now."""
    yield Atom("clock", *match.span(), minute=moment.local.hour * 60 + moment.local.minute, fixed=True)


def _half(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    yield Atom("half", *match.span(), part="early" if any(char in "早前" for char in match.group()) else "late")


def _beside(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    """今晚8, 明天下午3-5, 周六1530: a bare number beside a day or a part of it."""
    four = match["b4"]
    if four:
        minute = int(four[:2]) * 60 + int(four[2:])
        if minute < 1440:
            yield Atom("clock", *match.span(), minute=minute, fixed=four[0] == "0" or minute >= 780)
        return
    hour, until = int(match["b1"]), int(match["b2"] or 0)
    if not 0 < hour <= 24 or until > 24:
        return
    end = None if not until else until * 60
    yield Atom("clock", *match.span(), minute=hour * 60, fixed=hour > 12, until=end, until_fixed=until > 12)


def _beside_han(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    """下午三, 早八: an hour after a part of day."""
    yield Atom("clock", *match.span(), minute=60 * (number(match.group()) or 0))


def _soon(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    yield Atom("soon", *match.span(), open_end="after")


def _anytime(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    yield Atom("anytime", *match.span(), open_end="after")


READERS: dict[str, Reader] = {
    "soon": _soon, "anytime": _anytime, "within": _within, "offset": _offset, "ago": _ago, "length": _length, "lack": _lack,
    "colon": _colon, "clock": _clock, "dot": _dot, "part": _part, "short": _part, "dusk": _part, "combo": _combo,
    "twelve": _twelve, "same": _same, "ampm": _ampm, "half": _half, "beside": _beside, "beside_han": _beside_han,
}  # fmt: skip
