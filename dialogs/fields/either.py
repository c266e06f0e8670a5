"""Nine o'clock, but which: a time that could be meant in two ways is asked about, when both are possible."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.stores import store, the_store
from core.wall import instants
from dialogs.engine.flow import Ask, Choice
from dialogs.engine.step import Step
from dialogs.fields.plan import option_of, quantity_of, service_of
from dialogs.texts.formats import local
from nlu import When

EITHER = "_either"
"""Value holding the starts that may be meant, as ISO instants."""
_SHORTEST_VISIT = 30


def meant(step: Step, when: When, day: date, at: time) -> list[datetime]:
    """Return the starts the words may mean, the likelier first: those still ahead and inside the store's hours."""
    others = (other.start for other in when.alternatives if other.start and other.kind in ("datetime", "time"))
    said = (datetime.combine(other.date() if when.date_given else day, other.time()) for other in others)
    walls = [datetime.combine(day, at), *said]
    found = dict.fromkeys(start for wall in walls for start in instants(wall, ZoneInfo(step.zone))[:1])
    ahead = [start for start in found if start >= step.now and _is_open(step, start)]
    today = local(step.now, step.zone).date()
    if when.date_given and day == today:  # "Sunday" on a Sunday is today while the hour is to come
        return [start for start in ahead if local(start, step.zone).date() == today] or ahead
    return ahead


def _is_open(step: Step, start: datetime) -> bool:
    shop = store(step.tx, service_of(step).store_id) if "service" in step.values else the_store(step.tx)
    there = local(start, shop.zone)
    begins = there.hour * 60 + there.minute
    lasts = option_of(step).minutes * quantity_of(step) if "option" in step.values else _SHORTEST_VISIT
    return shop.opens_minute <= begins and begins + lasts <= shop.closes_minute


def ask_which(step: Step) -> Ask:
    """Put the question between them."""
    choices = (Choice(step.moment(start), {"start": start.isoformat(), EITHER: None}) for start in _kept(step))
    return Ask(step.say("book.which_time"), tuple(choices))


def answered(step: Step, when: When) -> datetime | None:
    """Return the one that "in the morning" says; None when the words say another thing."""
    if EITHER not in step.values or when.start is None or when.end is None or when.date_given:
        return None
    first, last = when.start.time(), (when.end - timedelta(minutes=1)).time()
    fitting = [start for start in _kept(step) if first <= local(start, step.zone).time() <= last]
    return fitting[0] if len(fitting) == 1 else None


def _kept(step: Step) -> Iterable[datetime]:
    return (datetime.fromisoformat(start) for start in step.values[EITHER])
