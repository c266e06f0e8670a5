"""Money, days and times as people of each language write them."""

from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from babel.numbers import get_currency_precision, get_currency_symbol

from core.wall import day_starts

_LOCALES = {"zh-Hans": "zh_Hans_CN", "zh-Hant": "zh_Hant_TW", "en": "en_GB"}
_OUR_SIGNS = {"CNY": "¥", "JPY": "JP¥"}
"""CLDR's CN¥ stands on no price tag where yuan are paid, nor on what the payment app shows next: no reader gets it."""
_WEEKDAYS = {
    "zh-Hans": ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
    "zh-Hant": ("週一", "週二", "週三", "週四", "週五", "週六", "週日"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_NEAR = {
    "zh-Hans": {0: "今天", 1: "明天", 2: "后天"},
    "zh-Hant": {0: "今天", 1: "明天", 2: "後天"},
    "en": {0: "today", 1: "tomorrow"},
}


def money(minor: int, currency: str, lang: str) -> str:
    """Write an amount of minor units: ¥260, ¥226.40, −¥20."""
    symbol, places = _currency(currency, lang)
    whole, rest = divmod(abs(minor), 10**places)
    return f"{'−' if minor < 0 else ''}{symbol}{whole:,}{f'.{rest:0{places}d}' if rest else ''}"


@cache
def _currency(currency: str, lang: str) -> tuple[str, int]:
    """Return a currency's sign as CLDR writes it in this language, and how many decimals it has."""
    sign = _OUR_SIGNS.get(currency) or get_currency_symbol(currency, _LOCALES[lang])
    return f"{sign} " if sign.isalpha() else sign, get_currency_precision(currency)


def local(at: datetime, zone: str) -> datetime:
    """Return an instant as the clock on the wall shows it there."""
    return at.astimezone(ZoneInfo(zone))


def day(at: datetime, zone: str, lang: str) -> str:
    """Write date and weekday of an instant: 11月22日 周日 / Sun 22 Nov."""
    return calendar_day(local(at, zone).date(), lang)


def calendar_day(there: date, lang: str) -> str:
    """Write a date and its weekday: 11月22日 周日 / Sun 22 Nov."""
    weekday = _WEEKDAYS[lang][there.weekday()]
    if lang == "en":
        return f"{weekday} {there.day} {_MONTHS[there.month - 1]}"
    return f"{there.month}月{there.day}日 {weekday}"


def clock(at: datetime, zone: str) -> str:
    """Write the time of day: 15:00; one that the clocks show twice tells which: 01:30 BST, 01:30 UTC−3."""
    return _clock(local(at, zone))


def _clock(there: datetime) -> str:
    return _with_offset(there) if _twice(there) else _hour(there)


def _hour(there: datetime) -> str:
    return f"{there.hour:02d}:{there.minute:02d}"


def time_of_day(minute: int) -> str:
    """Write a minute of the day as opening hours are written: 9:00, 23:00."""
    return f"{minute // 60}:{minute % 60:02d}"


def _twice(there: datetime) -> bool:
    """Whether the clocks, going back, show this time a second time."""
    return there.replace(fold=1 - there.fold).utcoffset() != there.utcoffset()


def _with_offset(there: datetime) -> str:
    """Write a time with the zone's name of the season, as people there say it; with the offset where there is none."""
    name = there.tzname() or ""
    return f"{_hour(there)} {name if name.isalpha() else _offset(there)}"


def _offset(there: datetime) -> str:
    minutes = (there.utcoffset() or timedelta()) // timedelta(minutes=1)
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'−' if minutes < 0 else '+'}{hours}{f':{rest:02d}' if rest else ''}"


def moment(at: datetime, zone: str, lang: str, now: datetime) -> str:
    """Write day and time, with 今天/明天/tomorrow where that is nearer to speech."""
    there = local(at, zone)
    date_there = there.date()
    near = _NEAR[lang].get((date_there - local(now, zone).date()).days)
    if near is None:
        return f"{calendar_day(date_there, lang)} {_clock(there)}"
    if lang == "en":
        return f"{near} ({calendar_day(date_there, lang)}) {_clock(there)}"
    return f"{near}（{calendar_day(date_there, lang)}）{_clock(there)}"


def as_label(words: str) -> str:
    """Begin words that stand alone on a button with a capital: Tomorrow (Sun 22 Nov) 15:00."""
    return words[:1].upper() + words[1:]


def short_moment(at: datetime, zone: str, lang: str, now: datetime) -> str:
    """Write day and time as short as a button wants it: 明天 15:00 / Sun 15:00 / 11月28日 15:00."""
    there = local(at, zone)
    date_there = there.date()
    ahead = (date_there - local(now, zone).date()).days
    near = _NEAR[lang].get(ahead)
    if near is not None:
        return f"{near.capitalize() if lang == 'en' else near} {_clock(there)}"
    if 0 <= ahead < 7:
        return f"{_WEEKDAYS[lang][date_there.weekday()]} {_clock(there)}"
    return f"{calendar_day(date_there, lang)} {_clock(there)}"


def span(starts_at: datetime, ends_at: datetime, zone: str) -> str:
    """Write from-to within a visit: 15:00–16:30; over a change of the clocks 00:30 GMT–02:30 BST, which is an hour."""
    first, last = local(starts_at, zone), local(ends_at, zone)
    if first.utcoffset() != last.utcoffset() or _twice(first) or _twice(last):
        return f"{_with_offset(first)}–{_with_offset(last)}"
    return f"{_hour(first)}–{_hour(last)}"


def phone(e164: str) -> str:
    """Write a telephone number as people at home dial it: 138 1234 5678; one from abroad keeps its +."""
    if e164.startswith("+861") and len(e164) == 14:
        return f"{e164[3:6]} {e164[6:10]} {e164[10:]}"
    return e164


def kilometres(metres: int, lang: str) -> str:
    """Write a distance: 2.1 公里 / 2.1 km."""
    return f"{metres / 1000:.1f} km" if lang == "en" else f"{metres / 1000:.1f} 公里"


def local_midnight(at: datetime, zone: str, *, days: int = 0) -> datetime:
    """Return the instant the local day of `at` (plus `days`) begins."""
    return day_starts(local(at, zone).date() + timedelta(days=days), ZoneInfo(zone))
