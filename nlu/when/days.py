"""Calendar arithmetic both languages share: weekdays, days of the month, weekends."""

from calendar import monthrange
from datetime import date, timedelta

DAY = timedelta(days=1)


def plus_days(day: date, days: int) -> date | None:
    """The day so many days on; none outside the calendar."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return None


def this_week(today: date, weekday: int) -> date:
    """That weekday (0 = Monday) of the running week, or of the next one once it has passed."""
    day = today + timedelta(days=weekday - today.weekday())
    return day if day >= today else day + timedelta(days=7)


def week_ahead(today: date, weekday: int, weeks: int) -> date:
    """That weekday of the calendar week so many weeks on (weeks begin on Monday)."""
    return today + timedelta(days=weekday - today.weekday() + 7 * weeks)


def weekend(today: date, weeks: int) -> tuple[date, date]:
    """First day and the day after the last of a weekend; today's own when it is Saturday or Sunday already."""
    saturday = week_ahead(today, 5, weeks)
    first = today if weeks == 0 and today > saturday else saturday
    return first, saturday + timedelta(days=2)


def month_ahead(today: date, months: int) -> date:
    """The first day of the month so many months on."""
    place = today.year * 12 + today.month - 1 + months
    return date(place // 12, place % 12 + 1, 1)


def same_day_ahead(today: date, months: int) -> date:
    """The same day of the month so many months on, or the last one that month has."""
    first = month_ahead(today, months)
    return first.replace(day=min(today.day, monthrange(first.year, first.month)[1]))


def month_end(first: date) -> date:
    """The first day of the month after."""
    return first + timedelta(days=monthrange(first.year, first.month)[1])


def next_day_of_month(today: date, number: int) -> date | None:
    """The next date with this day number, today included; none when no month has it."""
    for months in range(12):
        day = on_date(month_ahead(today, months).year, month_ahead(today, months).month, number)
        if day is not None and day >= today:
            return day
    return None


def next_month_day(today: date, month: int, number: int) -> date | None:
    """The next such date, today included (29 February may be years away)."""
    for year in range(today.year, today.year + 9):
        day = on_date(year, month, number)
        if day is not None and day >= today:
            return day
    return None


def on_date(year: int, month: int, number: int) -> date | None:
    """The date, or none when it does not exist."""
    try:
        return date(year, month, number)
    except ValueError:
        return None


def months_on(day: date, months: int) -> date | None:
    """The same day so many months on, the last of the month where it has none; none outside the calendar."""
    try:
        first = month_ahead(day, months)
    except ValueError:
        return None
    return first.replace(day=min(day.day, monthrange(first.year, first.month)[1]))


def day_before(end: date, number: int) -> date | None:
    """The nearest date with this day number before the given one; none when no month has it."""
    for months in range(0, -12, -1):
        first = month_ahead(end, months)
        day = on_date(first.year, first.month, number)
        if day is not None and day < end:
            return day
    return None
