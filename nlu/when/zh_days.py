"""Readers of Chinese words that name days: 后天, 下周三, 25号, 12月24-26号, 月底, 圣诞节."""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from nlu.when import days
from nlu.when.atoms import Atom, Moment
from nlu.when.holidays import NAMES, holiday, length_of, lunar_new_year_day
from nlu.when.zh_numbers import number, numbers

Reader = Callable[[re.Match[str], Moment], Iterator[Atom]]

_DAY_WORDS = {"今": 0, "当": 0, "明": 1, "名": 1, "听": 1, "后": 2, "昨": -1, "琴": -1, "寻": -1, "前": -2}
_WEEKDAYS = {char: place for place, char in enumerate("一二三四五六日")} | {"天": 6, "曰": 6}
_WEEKDAYS |= {str(place + 1): place for place in range(7)}
_MONTH_PARTS = {
    "初": (1, 5),
    "上": (1, 10),
    "中": (11, 20),
    "下": (21, 31),
    "底": (25, 31),
    "头": (1, 5),
    "尾": (25, 31),
    "末": (25, 31),
}
_YEARS = {"今年": 0, "明年": 1, "后年": 2, "去年": -1}
_MANY = {"两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "七": 7, "几": 3}
_NAMES = re.compile("|".join(sorted(NAMES, key=len, reverse=True)))
_EVENING_NEXT = re.compile(r"\s*[的,]?[今当那]?天?晚")
_PICKED = re.compile(r"选\s*$")
_HOUR_NEXT = re.compile(r"\s*(?:[上下中]午|早|晚|[0-9一二两三四五六七八九十]+[点:])")
_WEEK_BEFORE = re.compile(r"[上下]{1,3}一?个?(?:周|星期|礼拜)[一二三四五六日天]\s*(?:[,/或和跟]|或者|还是)?\s*$")
_LISTED = frozenset(",/或和")


def named_day(start: int, end: int, shift: int, moment: Moment) -> Atom:
    """Today, tomorrow and so on; before dawn many people still call the coming daylight tomorrow."""
    first = moment.today + timedelta(days=shift)
    other = first - days.DAY if shift > 0 and moment.local.hour < 4 else None
    return Atom("day", start, end, first=first, last=first + days.DAY, other=other)


def shift_of(word: str) -> int:
    """How many days from today: 明 1, 大后 3, 大大后 4, 昨 -1."""
    shift = _DAY_WORDS[word.lstrip("大")[0]]
    return shift + (len(word) - len(word.lstrip("大"))) * (1 if shift > 0 else -1)


def length_atom(match: re.Match[str], moment: Moment, count: int, unit: str, *, within: bool) -> Iterator[Atom]:
    """三天后, 一个月后: the day so far on; within: from today until then."""
    if unit == "月":
        then = days.months_on(moment.today, count)
    else:
        then = days.plus_days(moment.today, count * (7 if unit == "周" else 1))
    if then is not None:
        first, last = (moment.today, then) if within else (then, None)
        yield from _span(match, first, last, "day")


def _span(match: re.Match[str], first: date | None, last: date | None, grain: str) -> Iterator[Atom]:
    if first is not None:
        yield Atom("day", *match.span(), first=first, last=last or first + days.DAY, grain=grain)


def _one(match: re.Match[str], first: date | None) -> Iterator[Atom]:
    if first is not None:
        yield Atom("day", *match.span(), first=first, last=first + days.DAY)


def _impossible(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    yield Atom("impossible", *match.span())


def _void(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    yield Atom("void", *match.span())


def _day(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    yield named_day(*match.span(), shift_of(match.group()), moment)


def _span_days(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    """今明两天, 明后天, 这两天, 未来三天."""
    word, today = match.group(), moment.today
    named = [_DAY_WORDS[char] for char in word if char in "今明后"] if word[0] in "今明后" else []
    if "大后" in word:
        named[-1] = 3
    if named:
        first, last = named[0], named[-1] + 1
    else:
        count = next((char for char in reversed(word) if char in _MANY or char.isdigit()), "两")
        first, last = 0, int(count) if count.isdigit() else _MANY[count]
    return _span(match, today + first * days.DAY, today + last * days.DAY, "day")


def weeks_of(word: str) -> int:
    """How many weeks on: 下 1, 下下 2, 上 -1, 这 and none 0."""
    return word.count("下") - word.count("上") + word.count("next") - word.count("last")


def _wday(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    said = match["w1"] or match["w3"]
    place = match.end("w1") if match["w1"] else match.end("w3")
    weeks = weeks_of(match.string[match.start() : place])
    if not weeks and (said_before := _WEEK_BEFORE.search(match.string, max(0, match.start() - 10), match.start())):
        weeks = weeks_of(said_before.group())  # 下周六或者周日
    first = _weekday(moment, said, weeks)
    if match["w2"]:  # two pieces with the word for "to" between them, as in 周一到周五
        last = first + (_WEEKDAYS[match["w2"]] - _WEEKDAYS[said]) % 7 * days.DAY
        yield Atom("day", match.start(), place, first=first, last=first + days.DAY, weekday=True)
        yield Atom("day", match.end("wsep"), match.end(), first=last, last=last + days.DAY, weekday=True)
        return
    more = match["wmore"] or ""
    end = place if more else match.end()
    yield Atom("day", match.start(), end, first=first, last=first + days.DAY, weekday=True)
    for at, char in enumerate(more):
        if char in _WEEKDAYS:
            day = _weekday(moment, char, weeks)
            yield Atom("day", place + at, place + at + 1, first=day, last=day + days.DAY, weekday=True)


def _weekday(moment: Moment, char: str, weeks: int) -> date:
    if weeks:
        return days.week_ahead(moment.today, _WEEKDAYS[char], weeks)
    return days.this_week(moment.today, _WEEKDAYS[char])


def _wend(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    first, last = days.weekend(moment.today, weeks_of(match.group()))
    yield Atom("day", *match.span(), first=first, last=last, spread=True)


def _week(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    weeks = weeks_of(match.group())
    monday = days.week_ahead(moment.today, 0, weeks)
    return _span(match, moment.today if weeks == 0 else monday, monday + timedelta(days=7), "week")


def _week_today(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    """下周的今天: this weekday of another week."""
    return _one(match, moment.today + timedelta(days=7 * weeks_of(match.group())))


def _month(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    months = weeks_of(match.group().rpartition("月")[0])
    first = days.month_ahead(moment.today, months)
    return _span(match, moment.today if months == 0 else first, days.month_end(first), "month")


def _nmonth(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    """12月, 明年3月份: the month told; what is left of it when it runs."""
    first = _first_of_month(match.group(), moment)
    if first is None:
        return _impossible(match, moment)
    last = days.month_end(first)
    return _span(match, max(first, moment.today) if last > moment.today else first, last, "month")


def _first_of_month(words: str, moment: Moment) -> date | None:
    month = numbers(words.partition("月")[0].rpartition("年")[2])
    if not month or not 1 <= month[-1] <= 12:
        return None
    if (year := _year(words, moment)) is not None:
        return date(year, month[-1], 1)
    return date(moment.today.year + (month[-1] < moment.today.month), month[-1], 1)


def _year(words: str, moment: Moment) -> int | None:
    if words[:2] in _YEARS:
        return moment.today.year + _YEARS[words[:2]]
    told = re.match(r"(?:20)?([0-9]{2})年", words)
    return 2000 + int(told[1]) if told else None


def _mpart(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    """月底, 下个月初, 12月中旬; 月底前 is from today to the end of it."""
    word = match.group()
    if "年底" in word:
        first = date(moment.today.year + word.startswith("明"), 12, 1)
        return _within_month(match, moment, first, 25, 31)
    head, _, tail = word.rpartition("月")
    low, high = _MONTH_PARTS[tail.lstrip("份")[0]]
    if numbers(head):
        told = _first_of_month(word, moment)
        return _impossible(match, moment) if told is None else _within_month(match, moment, told, low, high)
    first = days.month_ahead(moment.today, weeks_of(head))
    if head == "" and first.replace(day=min(high, 28)) < moment.today and high < 28:
        first = days.month_ahead(first, 1)
    return _within_month(match, moment, first, low, high)


def _within_month(match: re.Match[str], moment: Moment, first: date, low: int, high: int) -> Iterator[Atom]:
    last = min(days.month_end(first), first + timedelta(days=high))
    begin = first.replace(day=low)
    if match.group()[-1] == "前":
        last = last if low == 25 else begin
        begin = min(moment.today, last)
    yield Atom("day", *match.span(), first=begin, last=last, grain="month")


def _dates(
    match: re.Match[str], one: date | None, other: date | None, separator: str | None, place: int
) -> Iterator[Atom]:
    """One day, or two with what stands between them; a day that does not exist makes all impossible."""
    if one is None or (separator and other is None):
        yield Atom("impossible", *match.span())
    elif separator and other is not None:
        yield Atom("day", match.start(), place, first=one, last=one + days.DAY)
        yield Atom("day", place + 1, match.end(), first=other, last=other + days.DAY)
    else:
        yield from _one(match, one)


def _picked(match: re.Match[str]) -> bool:
    """就选一号 picks the first of what is shown; 选1号下午 is a day."""
    before = _PICKED.search(match.string, max(0, match.start() - 4), match.start())
    return before is not None and _HOUR_NEXT.match(match.string, match.end()) is None


def _dom(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    first, last = number(match["e1"] or ""), number(match["e2"])
    if last is None or (last < 10 and _picked(match)):
        return
    listed = match["esep"] in _LISTED if match["esep"] else False
    if first is None or (listed and not first < last <= first + 6):
        day = days.next_day_of_month(moment.today, last)
        if day is not None:
            yield Atom("day", match.start("e2"), match.end(), first=day, last=day + days.DAY, number=last)
        return
    end = days.next_day_of_month(moment.today, last)
    if end is None or days.next_day_of_month(moment.today, first) is None:
        return
    begin = days.on_date(end.year, end.month, first) if first <= last else days.day_before(end, first)
    yield from _dates(match, begin, end, match["esep"], match.start("esep"))


def _md(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    words = match.group()
    month = numbers(words.partition("月")[0].rpartition("年")[2])
    one, two = number(match["d1"]), number(match["d2"]) if match["d2"] else None
    if not month or one is None:
        return
    year = _year(words, moment)
    first = _dated(moment, year, month[-1], one)
    second = None if two is None else _dated(moment, first.year if first else year, month[-1], two)
    yield from _dates(match, first, second, match["dsep"], match.start("dsep"))


def _dated(moment: Moment, year: int | None, month: int, day: int) -> date | None:
    """The next such date; 29 February only when it is near, or nobody would know which year was meant."""
    if year is not None:
        return days.on_date(year, month, day)
    found = days.next_month_day(moment.today, month, day)
    return found if found is not None and found < moment.today + timedelta(days=367) else None


def _nmd(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    first = days.month_ahead(moment.today, weeks_of(match.group().partition("月")[0]))
    one, two = number(match["md1"]), number(match["md2"]) if match["md2"] else None
    begin = None if one is None else days.on_date(first.year, first.month, one)
    end = None if two is None else days.on_date(first.year, first.month, two)
    yield from _dates(match, begin, end, match["msep"], match.start("msep"))


def _ymd(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    told = numbers(match.group())
    if len(told) == 3:
        day = days.on_date(*told)
        yield from _impossible(match, moment) if day is None else _one(match, day)


def _slash(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    """11/25 by the custom of the place, the other way round when only that exists."""
    one, two = map(int, re.split(r"[/.-]", match.group()))
    month, day = (two, one) if moment.day_first and "/" in match.group() else (one, two)
    readings = [days.next_month_day(moment.today, month, day), days.next_month_day(moment.today, day, month)]
    best, other = readings if readings[0] is not None else readings[::-1]
    if best is not None:
        other = other if other != best and "/" in match.group() else None
        yield Atom("day", *match.span(), first=best, last=best + days.DAY, other=other)


def _holiday(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    named = _NAMES.search(match.group())
    if named is None:
        return
    first = holiday(named.group(), moment.today, _year(match.group(), moment))
    if first is None:
        return
    if match["shift"]:
        yield from _one(match, first + days.DAY * (-1 if match["shift"][0] == "前" else 1))
        return
    if match["span"]:
        yield from _span(match, first, first + length_of(named.group()) * days.DAY, "day")
        return
    yield from _one(match, first)
    if named.group().endswith(("夜", "年三十晚")) and not _EVENING_NEXT.match(match.string, match.end()):
        yield Atom("part", match.end(), match.end(), part="evening")


def _moonday(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    told = numbers(match.group().rpartition("初")[2])
    return _one(match, lunar_new_year_day(told[0], moment.today) if told and told[0] <= 10 else None)


READERS: dict[str, Reader] = {
    "void": _void, "holiday": _holiday, "moonday": _moonday, "mpart": _mpart, "nmpart": _mpart, "nmd": _nmd,
    "month": _month, "nmonth": _nmonth, "day": _day, "span_days": _span_days, "wend": _wend, "wday": _wday,
    "no_wday": _impossible, "week": _week, "week_today": _week_today, "ymd": _ymd, "md": _md, "slash": _slash,
    "dash": _slash, "dom": _dom,
}  # fmt: skip
