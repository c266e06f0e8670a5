"""Local days as a technician works by them, at their store."""

from datetime import date
from zoneinfo import ZoneInfo

from core.stores import store
from dialogs.engine.step import Step
from dialogs.roles import technician_of
from dialogs.texts import formats


def zone_of(step: Step) -> ZoneInfo:
    """Return the zone whose days a technician works by: the store's."""
    technician = technician_of(step)
    assert technician is not None
    return ZoneInfo(store(step.tx, technician.store_id).zone)


def today(step: Step) -> date:
    """Return the day it is at the technician's store."""
    return step.now.astimezone(zone_of(step)).date()


def days_words(step: Step, first: date, last: date) -> str:
    """Write a stretch of days, or the one day it is."""
    if first == last:
        return day_words(step, first)
    return step.say("leave.days", first=day_words(step, first), last=day_words(step, last))


def day_words(step: Step, day: date) -> str:
    """Write a local day: 11月22日 周日 / Sun 22 Nov."""
    return formats.calendar_day(day, step.lang)
