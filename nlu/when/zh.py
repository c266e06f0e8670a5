# ruff: noqa: E501 - one expression to a line
"""The time words of Chinese."""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from nlu.numbers import amount, integer
from nlu.when import days
from nlu.when.atoms import Atom, Moment

_N = r"(?:[0-9]{1,2}|[零〇一二两三四五六七八九十]{1,3})"
_UNIT = r"(?:小时|钟头|钟(?!头)|刻钟|分钟|天|日|周|星期|礼拜|月)"
_LENGTH = rf"(?:[0-9]+(?:\.[0-9]+)?|[半一二两三四五六七八九十]{{1,4}}|(?=个半))\s*个?半?\s*{_UNIT}半?(?:零?{_N}分钟?)?"
_WEEK = r"(?:周|星期|礼拜)"
_NEAR = r"这个?|本|下下个?|下个?|上个?"

_MASTER = re.compile(
    "|".join(
        (
            rf"(?P<soon>越快越好|越早越好|尽快|尽早|马上|立刻|立即|现在(?=就|来|过来|上门|可以|能|有|约|$)|最快(?![几什多能可])|最早(?![几什多能可是]|{_N})|一会儿?|待会儿?|等会儿?|等下|等一下)",
            r"(?P<anytime>随时|(?:一整|全|整)天(?:都行|都可以|都有空)?|任何时间|任何时候|什么时候都[行可好]以?|几点都[行可好]以?|时间(?:不限|随意|随便|都行|都可以)|哪天都[行可]以?)",
            rf"(?P<within>(?:在)?{_LENGTH}(?:之内|以内|内))",
            rf"(?P<offset>(?:再过|过|再等)?\s*{_LENGTH}(?:之后|以后|过后|后(?!天|面|来))|(?:再过|再等|过){_LENGTH})",
            rf"(?P<ymd>20[0-9]{{2}}\s*[-/.年]\s*{_N}\s*[-/.月]\s*{_N}[日号]?)",
            rf"(?P<md>{_N}月份?{_N}(?:[日号]|(?![0-9点个])))",
            rf"(?P<nmd>(?:{_NEAR})月{_N}[日号])",
            rf"(?P<mpart>(?:(?:{_NEAR})月|(?<![0-9一二三四五六七八九十个])月)(?:初|中旬?|底|末|上旬|下旬))",
            rf"(?P<month>(?:{_NEAR})月(?![0-9一二三四五六七八九十]))",
            r"(?P<slash>(?<![0-9./-])[0-9]{1,2}/[0-9]{1,2}(?![0-9./]))",
            r"(?P<dot>(?<![0-9./-])[0-9]{1,2}\.[0-9]{1,2}(?![0-9./元块小个星分]))",
            r"(?P<combo>[今明后当昨](?:早上?|晚上?|晨|夜)(?![餐饭]))",
            r"(?P<day>大后天|后天|后日|明天|明日|明儿个?|明个|今天|今日|今儿个?|当天|大前天|前天|昨天|昨日|昨儿)",
            rf"(?P<wend>(?:{_NEAR})?周末|(?:{_NEAR})礼拜末)",
            rf"(?P<wday>(?:{_NEAR}|每个?)?{_WEEK}(?:[一二三四五六日天]|[1-7](?![0-9点:个])))",
            rf"(?P<week>(?:{_NEAR}){_WEEK}(?![一二三四五六日天末0-9]))",
            (
                r"(?P<dom>(?<![0-9第路街道巷弄村里号楼栋师技庄桥口坊.#])(?:[1-3]?[0-9]|[一二三四五六七八九十廿]{1,3})[号日]"
                r"(?![技师楼院门房线单店柜桌床座馆厅室栋弄地仓机库]|的?(?:师傅|技师|老师|阿姨)|[0-9]{1,4}(?![0-9点:])))"
            ),
            rf"(?P<lack>差{_N}分钟?到?{_N}点钟?|{_N}点钟?差{_N}分)",
            r"(?P<colon>(?<![0-9:.])[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?!\s*[0-9ap]))",
            (
                rf"(?P<clock>(?:(?P<from>{_N})\s*[-~到至]\s*)?(?P<hour>{_N})\s*(?:点钟?|时(?![候间长段刻不尚常而]))"
                rf"(?:\s*(?P<half>半)|(?P<quarter>[一三两]刻钟?)|(?:过|零|〇)?(?P<minute>{_N})分(?!钟?之?后)|(?P<bare>[0-5][0-9]|[零〇][一二三四五六七八九]|[二三四五]?十[一二三四五六七八九]?)(?![0-9号楼栋单个])|整)?)"
            ),
            rf"(?P<length>{_LENGTH}|[1-9][0-9]{{1,2}}分(?![之钟]))",
            r"(?P<part>凌晨|一大早|大清早|清早|清晨|早晨|早上|上午|中午|正午|晌午|午间|午后|下午|傍晚|黄昏|晚上|晚间|夜里|夜间|夜晚|大?半夜|深夜|午夜)(?![好安茶])",
            r"(?P<short>(?<![最不])[早晚](?=\s*(?:[0-9]{1,2}\s*[点:]|(?!一点(?![半钟零一二三四五十0-9]))[一二两三四五六七八九十]{1,2}点)(?!儿)))",
        )
    )
)

_PART_WORDS: dict[str, tuple[str, tuple[int, int] | None]] = {
    "凌晨": ("night", None), "午夜": ("night", (1320, 1500)), "半夜": ("night", (1320, 1500)), "大半夜": ("night", (1320, 1500)),
    "深夜": ("night", (1320, 1500)), "夜里": ("night", (1260, 1500)), "夜间": ("night", (1260, 1500)),
    "夜": ("evening", (1080, 1440)), "夜晚": ("evening", None), "晨": ("morning", (360, 540)),
    "一大早": ("morning", (360, 540)), "大清早": ("morning", (360, 540)), "清早": ("morning", (360, 540)),
    "清晨": ("morning", (360, 540)), "早晨": ("morning", None), "早上": ("morning", None), "早": ("morning", None),
    "上午": ("morning", None), "中午": ("noon", None), "正午": ("noon", None), "晌午": ("noon", None),
    "午间": ("noon", None), "午后": ("afternoon", None), "下午": ("afternoon", None),
    "傍晚": ("evening", (1020, 1140)), "黄昏": ("evening", (1020, 1140)), "晚上": ("evening", None),
    "晚间": ("evening", None), "晚": ("evening", None),
}  # fmt: skip
_DAY_WORDS = {"今": 0, "当": 0, "明": 1, "后": 2, "昨": -1, "前": -2}
_WEEKDAYS = {char: place for place, char in enumerate("一二三四五六日")} | {"天": 6}
_WEEKDAYS |= {str(place + 1): place for place in range(7)}
_MONTH_PARTS = {"初": (1, 5), "上": (1, 10), "中": (11, 20), "下": (21, 31), "底": (25, 31), "末": (25, 31)}
# 便宜一点, 早一点: a little, not one o'clock.
_A_BIT_AFTER = frozenset("宜快慢早晚多少轻重好大小差有近远高低准贵迟点松紧热冷")
_A_BIT_BEFORE = frozenset("都也儿不没")
_SECONDS = {"小时": 3600, "钟头": 3600, "钟": 3600, "刻钟": 900, "分钟": 60, "分": 60}
_DAYS = {"天": 1, "日": 1, "周": 7, "星期": 7, "礼拜": 7, "月": 30}
_LENGTH_PARTS = re.compile(
    rf"(?P<n>[0-9.]+|[半一二两三四五六七八九十]+)?\s*(?P<ge>个)?(?P<half>半)?\s*(?P<unit>{_UNIT}|分)(?P<tail>半)?(?:零?(?P<m>{_N})分钟?)?"
)
_NUMBERS = re.compile(_N)
# A wide net: most messages hold no time word at all.
HINT = re.compile(r"[点时天周月日号早晚午夜晨昏分钟礼期刻随任哪几后内0-9]|越|尽|马上|立|现在|最|会儿?|等|明|今")


def atoms(text: str, moment: Moment) -> Iterator[Atom]:
    """The Chinese time pieces of a folded text, from left to right."""
    reach = -1
    for match in _MASTER.finditer(text):
        for atom in _READERS[match.lastgroup or ""](match, moment):
            if atom.kind == "clock" and _only_a_bit(text, match, reach):
                continue
            reach = match.end()
            yield atom


def _only_a_bit(text: str, match: re.Match[str], reach: int) -> bool:
    if match.group() != "一点" or match.start() == reach:
        return False
    before = text[match.start() - 1] if match.start() else ""
    after = text[match.end()] if match.end() < len(text) else ""
    return before in _A_BIT_AFTER or (after != "" and after in _A_BIT_BEFORE)


def _soon(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    yield Atom("soon", *match.span(), open_end="after")


def _anytime(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    yield Atom("anytime", *match.span(), open_end="after")


def _span_days(match: re.Match[str], first: date | None, last: date | None, grain: str) -> Iterator[Atom]:
    if first is not None:
        yield Atom("day", *match.span(), first=first, last=last or first + days.DAY, grain=grain)


def _day(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    word = match.group()
    shift = _DAY_WORDS[word[1] if word[0] == "大" else word[0]]
    shift += (1 if shift > 0 else -1) * (word[0] == "大")
    yield _named_day(match.start(), match.end(), shift, moment)


def _named_day(start: int, end: int, shift: int, moment: Moment) -> Atom:
    first = moment.today + timedelta(days=shift)
    # Before dawn many people still call the coming daylight "tomorrow".
    other = first - days.DAY if shift > 0 and moment.local.hour < 4 else None
    return Atom("day", start, end, first=first, last=first + days.DAY, other=other)


def _combo(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    word = match.group()
    part, hours = _PART_WORDS[word[1:]]
    middle = match.start() + 1
    yield _named_day(match.start(), middle, _DAY_WORDS[word[0]], moment)
    yield Atom("part", middle, match.end(), part=part, hours=hours)


def _weeks(word: str) -> int:
    """How many weeks on: 下 1, 下下 2, 上 -1, 这 and none 0."""
    return word.count("下") - word.count("上")


def _wday(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    weeks, weekday = _weeks(match.group()), _WEEKDAYS[match.group()[-1]]
    if weeks:
        return _span_days(match, days.week_ahead(moment.today, weekday, weeks), None, "day")
    return _span_days(match, days.this_week(moment.today, weekday), None, "day")


def _wend(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    first, last = days.weekend(moment.today, max(0, match.group().count("下")))
    return _span_days(match, first, last, "day")


def _week(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    weeks = _weeks(match.group())
    monday = days.week_ahead(moment.today, 0, weeks)
    return _span_days(match, moment.today if weeks == 0 else monday, monday + timedelta(days=7), "week")


def _month(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    months = match.group().count("下") - match.group().count("上")
    first = days.month_ahead(moment.today, months)
    return _span_days(match, moment.today if months == 0 else first, days.month_end(first), "month")


def _mpart(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    word = match.group()
    low, high = _MONTH_PARTS[word.partition("月")[2][0]]
    first = days.month_ahead(moment.today, word.count("下", 0, 2))
    if first.replace(day=min(high, 28)) < moment.today and high < 28:
        first = days.month_ahead(first, 1)
    end = days.month_end(first)
    yield Atom(
        "day", *match.span(), first=first.replace(day=low), last=min(end, first + timedelta(days=high)), grain="month"
    )


def _dom(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    number = integer(match.group()[:-1])
    return _span_days(match, days.next_day_of_month(moment.today, number) if number else None, None, "day")


def _two_numbers(match: re.Match[str]) -> list[int]:
    return [value for value in map(integer, _NUMBERS.findall(match.group())) if value is not None]


def _md(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    numbers = _two_numbers(match)
    if len(numbers) == 2:
        yield from _span_days(match, days.next_month_day(moment.today, numbers[0], numbers[1]), None, "day")


def _nmd(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    numbers, first = _two_numbers(match), days.month_ahead(moment.today, match.group().count("下"))
    if numbers:
        yield from _span_days(match, days.on_date(first.year, first.month, numbers[-1]), None, "day")


def _dot(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    follows = match.string[match.end() :].lstrip()[:2]
    if moment.asked or (follows and (follows[0] in "早晚上下中凌号日" or follows[0].isdigit())):
        yield from _md(match, moment)


def _ymd(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    numbers = [integer(part) for part in re.findall(rf"20[0-9]{{2}}|{_N}", match.group())]
    if len(numbers) == 3 and None not in numbers:
        yield from _span_days(match, days.on_date(*(number or 0 for number in numbers)), None, "day")


def _parts_of_length(text: str) -> tuple[int, int] | None:
    """(seconds, days) of a length such as 一个半小时 or 三天."""
    match = _LENGTH_PARTS.search(text)
    if match is None:
        return None
    number = amount(match["n"]) if match["n"] else 1.0
    if number is None:
        return None
    if match["half"] or match["tail"]:
        number += 0.5
    unit = match["unit"]
    if unit in _DAYS:
        return 0, int(number * _DAYS[unit])
    return int(number * _SECONDS[unit]) + 60 * (integer(match["m"]) or 0 if match["m"] else 0), 0


def _offset(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    length = _parts_of_length(match.group())
    if length is None:
        return
    if length[1]:
        yield from _span_days(match, days.plus_days(moment.today, length[1]), None, "day")
    elif length[0]:
        yield Atom("offset", *match.span(), seconds=length[0])


def _within(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    length = _parts_of_length(match.group())
    if length is not None:
        yield Atom("offset", *match.span(), seconds=length[0] + 86400 * length[1], open_end="before")


def _length(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    length = _parts_of_length(match.group())
    if length is not None and length[0]:
        yield Atom("length", *match.span(), seconds=length[0])


def _colon(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    hour, minute = map(int, match.group().split(":")[:2])
    if hour <= 24 and minute < 60:
        yield Atom("clock", *match.span(), minute=hour * 60 + minute, fixed=hour > 12 or match.group()[0] == "0")


def _lack(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    numbers = _two_numbers(match)
    hour, minute = reversed(numbers) if match.group()[0] == "差" else numbers
    if 0 < hour <= 24:
        yield Atom("clock", *match.span(), minute=hour * 60 - minute, fixed=hour > 13)


def _clock(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    said = match["hour"]
    hour, until = integer(said), None
    if len(said) == 2 and "十" not in said and not said.isascii() and hour is not None and hour >= 10:
        hour, until = (integer(said[0]) or 0), (integer(said[1]) or 0)  # 三四点
    if hour is None or hour > 24:
        return
    minute = _minutes(match)
    if match["from"] is not None:
        since = integer(match["from"])
        if since is None or since > 24:
            return
        yield Atom(
            "clock", *match.span(), minute=since * 60, fixed=since > 12, until=hour * 60 + minute, until_fixed=hour > 12
        )
    elif until is not None:
        yield Atom("clock", *match.span(), minute=hour * 60, until=until * 60, open_end="around")
    else:
        leading = said[0] == "0" or said in ("零", "〇")
        yield Atom("clock", *match.span(), minute=hour * 60 + minute, fixed=hour > 12 or leading)


def _minutes(match: re.Match[str]) -> int:
    if match["half"]:
        return 30
    if match["quarter"]:
        return 15 * (integer(match["quarter"][0]) or 1)
    said = match["minute"] or match["bare"]
    value = integer(said) if said else 0
    return value if value is not None and value < 60 else 0


def _part(match: re.Match[str], moment: Moment) -> Iterator[Atom]:
    part, hours = _PART_WORDS[match.group()]
    yield Atom("part", *match.span(), part=part, hours=hours)


_READERS: dict[str, Callable[[re.Match[str], Moment], Iterator[Atom]]] = {
    "soon": _soon, "anytime": _anytime, "within": _within, "offset": _offset, "ymd": _ymd, "md": _md, "nmd": _nmd,
    "mpart": _mpart, "month": _month, "slash": _md, "dot": _dot, "combo": _combo, "day": _day, "wend": _wend,
    "wday": _wday, "week": _week, "dom": _dom, "lack": _lack, "colon": _colon, "clock": _clock, "length": _length,
    "part": _part, "short": _part,
}  # fmt: skip
