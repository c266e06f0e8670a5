"""Working hours by the week, in words: read from what somebody says, and written for them to check."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.technicians import RotaSpan, Spans
from dialogs.engine.step import Step
from nlu.numbers import integer

NOON, DAY, LONGEST = 720, 1440, 960
"""Minutes; nobody works longer than that at a stretch."""
_ALL, _WORKDAYS, _WEEKEND = tuple(range(7)), tuple(range(5)), (5, 6)
_DAYS = {"日": 6, "天": 6, "末": 5} | {sign: at for at, sign in enumerate("一二三四五六")}
_DAYS |= {name: at for at, name in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))}

_ZH = r"(?:每?个?(?:周|星期|礼拜))"
_EN = r"\b(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*"
_TO = r"\s*(?:-|–|—|~|到|至|\bto\b|\btill?\b|\buntil\b|\bthrough\b)\s*"
_PART = r"(凌晨|早上|早晨|清晨|上午|中午|下午|傍晚|晚上|夜里|半夜)?\s*"
_CLOCK = (
    r"([0-9]{1,2}|[零一二两三四五六七八九十]{1,3}|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|noon)\b)"
    r"(?:[:.]([0-5][0-9])|点([0-5]?[0-9])分?|点(半)|点钟?)?\s*(am|pm|a\.m\.|p\.m\.)?"
)
_TOKENS = re.compile(
    rf"(?P<every>每天|天天|每日|整周|every ?day|daily|all week|seven days)"
    rf"|(?P<workdays>工作日|平时|\b(?:weekdays?|workdays?|working days?)\b)"
    rf"|(?P<weekend>(?:周|星期)末|双休日?|\bweekends?\b)"
    rf"|{_ZH}(?P<zh_from>[一二三四五六日天])(?:{_TO}){_ZH}?(?P<zh_to>[一二三四五六日天])"
    rf"|(?P<en_from>{_EN}){_TO}(?P<en_to>{_EN})"
    rf"|{_ZH}(?P<zh_days>[一二三四五六日天](?:[、,和及 ]*[一二三四五六日天](?![点:十]))*)"
    rf"|(?P<en_day>{_EN})"
    rf"|(?P<hours>{_PART}{_CLOCK}{_TO}{_PART}{_CLOCK})"
    r"|(?P<off>休息|不上班|不接单|不干活|不做|放假|轮休|休|\boff\b|\bno work\b|\bnot working\b|\bclosed\b)"
)
_MORNING = frozenset({"凌晨", "早上", "早晨", "清晨", "上午", "am", "a.m."})
_LATE = frozenset({"下午", "傍晚", "晚上", "夜里", "半夜", "pm", "p.m."})


class ImpossibleHours(Exception):
    """Hours were said that no day can hold."""


@dataclass(frozen=True, slots=True)
class RotaSaid:
    """What a message says of a week: by weekday (Monday 0) its spans in minutes, none for a day off.

    `hours` were said without a day, `days` without hours.
    """

    week: dict[int, Spans]
    hours: Spans = ()
    days: tuple[int, ...] = ()


def rota_said(text: str) -> RotaSaid:
    """Return what a folded text says of the week; raises ImpossibleHours."""
    reader = _Reader()
    for found in _TOKENS.finditer(text):
        reader.take(found)
    reader.close()
    week = {day: tuple(sorted(spans)) for day, spans in reader.week.items()}
    return RotaSaid(week, tuple(reader.waiting_spans or ()), () if reader.settled else tuple(reader.days))


class _Reader:
    """Days wait for their hours, or hours for their days, whichever come first; a second span joins the first.

    A day named by itself stands before a stretch that it lies in: Wednesdays off, Monday to Friday 9 to 6.
    """

    def __init__(self) -> None:
        self.week: dict[int, list[tuple[int, int]]] = {}
        self.alone: set[int] = set()
        self.days: list[int] = []
        self.settled = False
        self.waiting_spans: list[tuple[int, int]] | None = None

    def take(self, found: re.Match[str]) -> None:
        days = _days_of(found)
        if found["zh_days"] or found["en_day"]:
            self.alone.update(days)
        elif days:
            days = tuple(day for day in days if day not in self.alone) or days
        if days:
            self._days(days)
        elif found["off"]:
            self._give([])
        else:
            self._give([_span(found)])

    def _days(self, days: Sequence[int]) -> None:
        if self.waiting_spans is not None:  # "off on Wednesdays", "9 to 6 on Mondays"
            self.week.update({day: list(self.waiting_spans) for day in days})
            self.days = [*self.days, *days] if self.settled else list(days)
            self.settled = True
            return
        self.days = list(days) if self.settled else [*self.days, *days]
        self.settled = False

    def _give(self, spans: list[tuple[int, int]]) -> None:
        if not self.days:
            self.waiting_spans = [*(self.waiting_spans or []), *spans]
            return
        self.waiting_spans = None
        for day in self.days:
            before = self.week.get(day, []) if self.settled and spans else []
            self.week[day] = [*before, *spans]
        self.settled = True

    def close(self) -> None:
        """Hours that found their days wait for nothing more."""
        if self.settled:
            self.waiting_spans = None


def _days_of(found: re.Match[str]) -> tuple[int, ...]:
    if found["every"]:
        return _ALL
    if found["workdays"]:
        return _WORKDAYS
    if found["weekend"]:
        return _WEEKEND
    first, last = found["zh_from"] or found["en_from"], found["zh_to"] or found["en_to"]
    if first and last:
        begin, end = _DAYS[first[:3]], _DAYS[last[:3]]
        return tuple((begin + ahead) % 7 for ahead in range((end - begin) % 7 + 1))
    if found["zh_days"]:
        return tuple(_DAYS[sign] for sign in found["zh_days"] if sign in _DAYS)
    return (_DAYS[found["en_day"][:3]],) if found["en_day"] else ()


def _span(found: re.Match[str]) -> tuple[int, int]:
    """From and to in minutes of the day; past midnight `to` passes 1440."""
    at = found.re.groupindex["hours"]
    first, second = found.groups()[at : at + 6], found.groups()[at + 6 : at + 12]
    start, start_part = _clock(first)
    end, end_part = _clock(second)
    if start_part in _LATE and end_part is None and end <= NOON and end + NOON > start:
        end += NOON
    if end <= start:
        end += NOON if end_part is None and start < NOON and end <= NOON and end + NOON > start else DAY
    if not (0 <= start < DAY and start < end <= start + LONGEST):
        raise ImpossibleHours
    return start, end


def _clock(parts: Sequence[str | None]) -> tuple[int, str | None]:
    """Minutes of the day, and the part of the day when one was said."""
    before, hour, colon, minutes, half, after = parts
    part = before or after
    number = 12 if hour == "noon" else integer(hour or "")
    if number is None or number > 24:
        raise ImpossibleHours
    if part in _LATE and number < 12:
        number += 12
    elif part in _MORNING and number == 12:
        number = 0
    elif part in ("晚上", "夜里", "半夜") and number == 12:
        number = 24
    return number * 60 + int(colon or minutes or 0) + (30 if half else 0), part


def span_words(step: Step, spans: Iterable[tuple[int, int]]) -> str:
    """Write the hours of a day: 09:00–12:00、14:00–18:00."""
    joined = ", " if step.lang == "en" else "、"
    return joined.join(f"{_minute(start)}–{_minute(end)}" for start, end in spans)


def week_words(step: Step, rota: Iterable[RotaSpan]) -> str:
    """Write a weekly rota, a line for all days of the same hours, days off last."""
    of_day: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for span in rota:
        of_day[span.weekday].append((span.from_minute, span.to_minute))
    alike: dict[tuple[tuple[int, int], ...], list[int]] = {}
    for weekday in _ALL:
        alike.setdefault(tuple(of_day[weekday]), []).append(weekday)
    off = alike.pop((), [])
    lines = [f"{days_words(step, weekdays)} {span_words(step, spans)}" for spans, weekdays in alike.items()]
    if off:
        lines.append(step.say("my_rota.off", days=days_words(step, off)))
    return "\n".join(lines)


def days_words(step: Step, weekdays: Sequence[int]) -> str:
    """Write weekdays: every day, a stretch of three or more, or each."""
    if len(weekdays) == len(_ALL):
        return step.say("my_rota.every_day")
    stretch = list(range(weekdays[0], weekdays[-1] + 1))
    if len(weekdays) > 2 and list(weekdays) == stretch:
        first, last = (step.say(f"weekday.{day}") for day in (weekdays[0], weekdays[-1]))
        return step.say("my_rota.stretch", first=first, last=last)
    return (", " if step.lang == "en" else "、").join(step.say(f"weekday.{day}") for day in weekdays)


def _minute(minute: int) -> str:
    return f"{minute // 60 % 24:02d}:{minute % 60:02d}" if minute != DAY else "24:00"
