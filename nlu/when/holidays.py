# ruff: noqa: E501 - one table row to a line
"""The days that have a name in China: fixed, counted in weekdays, and those of the lunar calendar."""

from datetime import date, timedelta

from nlu.when.days import DAY, next_month_day, on_date

FIXED: dict[str, tuple[int, int]] = {
    "元旦": (1, 1), "新年第一天": (1, 1), "元旦节": (1, 1), "情人节": (2, 14), "妇女节": (3, 8), "三八节": (3, 8), "三八妇女节": (3, 8), "女神节": (3, 8),
    "女王节": (3, 8), "愚人节": (4, 1), "劳动节": (5, 1), "五一": (5, 1), "五一节": (5, 1), "五一劳动节": (5, 1),
    "五四青年节": (5, 4), "护士节": (5, 12), "儿童节": (6, 1), "六一": (6, 1), "六一节": (6, 1), "六一儿童节": (6, 1),
    "建军节": (8, 1), "八一建军节": (8, 1), "教师节": (9, 10), "国庆": (10, 1), "国庆节": (10, 1), "十一国庆": (10, 1),
    "万圣夜": (10, 31), "万圣节": (10, 31), "光棍节": (11, 11), "双十一": (11, 11), "双11": (11, 11), "双十二": (12, 12),
    "双12": (12, 12), "平安夜": (12, 24), "圣诞": (12, 25), "圣诞节": (12, 25), "跨年": (12, 31), "跨年夜": (12, 31),
}  # fmt: skip
# (month, weekday with 0 = Monday, which one of the month)
COUNTED = {"母亲节": (5, 6, 2), "父亲节": (6, 6, 3), "感恩节": (11, 3, 4)}
_NEW_YEARS = {
    2026: (2, 17), 2027: (2, 6), 2028: (1, 26), 2029: (2, 13), 2030: (2, 3), 2031: (1, 23), 2032: (2, 11), 2033: (1, 31),
    2034: (2, 19), 2035: (2, 8), 2036: (1, 28),
}  # fmt: skip
_MOONS = {
    "端午": {2026: (6, 19), 2027: (6, 9), 2028: (5, 28), 2029: (6, 16), 2030: (6, 5), 2031: (6, 24), 2032: (6, 12)},
    "七夕": {2026: (8, 19), 2027: (8, 8), 2028: (8, 26), 2029: (8, 16), 2030: (8, 5), 2031: (8, 24), 2032: (8, 12)},
    "中秋": {2026: (9, 25), 2027: (9, 15), 2028: (10, 3), 2029: (9, 22), 2030: (9, 12), 2031: (10, 1), 2032: (9, 19)},
    "清明": {2026: (4, 5), 2027: (4, 5), 2028: (4, 4), 2029: (4, 4), 2030: (4, 5), 2031: (4, 5), 2032: (4, 4)},
    "冬至": {2026: (12, 22), 2027: (12, 22), 2028: (12, 21), 2029: (12, 21), 2030: (12, 22), 2031: (12, 22), 2032: (12, 21)},
}  # fmt: skip
# Days after the lunar new year.
_FROM_NEW_YEAR = {
    "除夕": -1,
    "大年三十": -1,
    "大年夜": -1,
    "年三十": -1,
    "年三十晚": -1,
    "春节": 0,
    "元宵": 14,
    "元宵节": 14,
}
_HOLIDAY_DAYS = {"国庆": 7, "五一": 5, "春节": 7}
NAMES = (*FIXED, *COUNTED, *_MOONS, *(f"{name}节" for name in _MOONS), *_FROM_NEW_YEAR)


def holiday(name: str, today: date, year: int | None = None) -> date | None:
    """The next day of this name, or the one of the year told; none outside what the tables hold."""
    if year is not None:
        return _of_year(name, year)
    if name in FIXED:
        return next_month_day(today, *FIXED[name])
    days = (_of_year(name, today.year), _of_year(name, today.year + 1))
    return next((day for day in days if day is not None and day >= today), None)


def lunar_new_year_day(number: int, today: date) -> date | None:
    """大年初三: the third day of the next lunar new year, or of the running one while it lasts."""
    for year in (today.year, today.year + 1):
        first = _of_year("春节", year)
        if first is not None and first + (number - 1) * DAY >= today:
            return first + (number - 1) * DAY
    return None


def length_of(name: str) -> int:
    """How many days the holiday of this name usually lasts."""
    return next((days for known, days in _HOLIDAY_DAYS.items() if known in name), 3)


def _of_year(name: str, year: int) -> date | None:
    if name in FIXED:
        return on_date(year, *FIXED[name])
    if name in COUNTED:
        month, weekday, which = COUNTED[name]
        first = date(year, month, 1)
        return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (which - 1))
    if name in _FROM_NEW_YEAR:
        new_year = _NEW_YEARS.get(year)
        return date(year, *new_year) + _FROM_NEW_YEAR[name] * DAY if new_year else None
    told = _MOONS[name.removesuffix("节")].get(year)
    return date(year, *told) if told else None
