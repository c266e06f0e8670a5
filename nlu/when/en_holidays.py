"""The days that have a name in England and America: fixed ones, counted ones and those that follow Easter."""

from datetime import date, timedelta

from nlu.when.days import next_month_day

_FIXED = {
    "christmas eve": (12, 24), "christmas": (12, 25), "boxing day": (12, 26), "new year eve": (12, 31), "nye": (12, 31),
    "new year": (1, 1), "nyd": (1, 1), "valentine": (2, 14), "halloween": (10, 31), "bonfire night": (11, 5),
    "guy fawkes": (11, 5), "st patrick": (3, 17), "st paddy": (3, 17), "4th of july": (7, 4), "july 4th": (7, 4),
    "independence": (7, 4), "april fool": (4, 1), "may day": (5, 1), "burns night": (1, 25),
}  # fmt: skip
# Days after Easter Sunday.
_EASTER = {
    "good friday": -2, "easter saturday": -1, "easter monday": 1, "easter": 0, "pancake": -47, "shrove tuesday": -47,
    "ash wednesday": -46, "mothering": -21,
}  # fmt: skip


def holiday(name: str, today: date) -> date | None:
    """The next day of this name (folded words); none where the name has no date of its own."""
    plain = name.replace("'s", "").replace("'", "").replace(".", "").replace("years", "year")
    if "bank holiday" in plain or plain.startswith(("mother", "father")):
        return None
    for known, (month, number) in _FIXED.items():
        if plain.startswith(known):
            return next_month_day(today, month, number)
    return next((day for year in (today.year, today.year + 1) if (day := _of_year(plain, year)) and day >= today), None)


def _of_year(plain: str, year: int) -> date | None:
    thanksgiving = _thursday(year)
    if plain.startswith("thanksgiving"):
        return thanksgiving
    if plain in ("black friday", "cyber monday"):
        return thanksgiving + timedelta(days=1 if plain == "black friday" else 4)
    shift = next((days for known, days in _EASTER.items() if plain.startswith(known)), None)
    return _easter(year) + timedelta(days=shift) if shift is not None else None


def _thursday(year: int) -> date:
    """The fourth Thursday of November."""
    first = date(year, 11, 1)
    return first + timedelta(days=(3 - first.weekday()) % 7 + 21)


def _easter(year: int) -> date:
    """Easter Sunday of the western churches (the rule of 1876, good for every Gregorian year)."""
    golden, century, rest = year % 19, year // 100, year % 100
    leap, cycle = divmod(century, 4)
    shift = (century - (century + 8) // 25 + 1) // 3
    moon = (19 * golden + century - leap - shift + 15) % 30
    quarter, left = divmod(rest, 4)
    sunday = (32 + 2 * cycle + 2 * quarter - moon - left) % 7
    late = (golden + 11 * moon + 22 * sunday) // 451
    month, day = divmod(moon + sunday - 7 * late + 114, 31)
    return date(year, month, day + 1)
