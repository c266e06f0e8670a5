"""Nine o'clock, but which: a time that could be meant in two ways is asked about, when both are possible."""

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.stores import store, the_store
from core.wall import instant, instants
from dialogs.engine.flow import Ask, Choice
from dialogs.engine.step import Step
from dialogs.fields.plan import option_of, quantity_of, service_of
from dialogs.texts.formats import as_label, local
from nlu import Understanding, When

EITHER = "_either"
"""Value holding the starts that may be meant, as ISO instants."""
_SHORTEST_VISIT = 30
_A_DAY = timedelta(days=1)
_ONE = r"(?:那个|那個|一个|一個|那场|那一个|的|吧|[\s.!。！])*"
_BY_ORDER = (
    (0, re.compile(rf"(?:前面|前|上面|头)(?:那|一)?{_ONE}|(?:the )?(?:first|former)(?: one)?(?: please)?[\s.!]*")),
    (-1, re.compile(rf"(?:后面|后|下面)(?:那|一)?{_ONE}|(?:the )?(?:second|latter|last)(?: one)?(?: please)?[\s.!]*")),
)
_BY_TIME = (
    (
        0,
        re.compile(
            rf"(?:早|最早)(?:一?[点些])?{_ONE}|(?:the )?(?:earl(?:ier|iest)|sooner)(?: one)?(?: please)?[\s.!]*"
        ),
    ),
    (-1, re.compile(rf"(?:晚|迟|最晚)(?:一?[点些])?{_ONE}|(?:the )?(?:later|latest)(?: one)?(?: please)?[\s.!]*")),
)
"""Two starts stand on the list, the likelier first: the second need not be the later."""


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
    labels = ((as_label(step.moment(start)), start) for start in _kept(step))
    return Ask(
        step.say("book.which_time"),
        tuple(Choice(label, {"start": start.isoformat(), EITHER: None}) for label, start in labels),
    )


def picked(step: Step, understood: Understanding) -> datetime | None:
    """Return the one that "the later one" or "not today" leaves; None when neither is said, or nothing was asked."""
    if EITHER not in step.values:
        return None
    kept, said = _kept(step), understood.normal.strip()
    if step.frame.asking == "start":
        for listed, patterns in ((kept, _BY_ORDER), (sorted(kept), _BY_TIME)):
            for place, pattern in patterns:
                if pattern.fullmatch(said):
                    return listed[place]
    if understood.first("when") is not None:
        return None
    refused = [one.value for one in understood.negated if one.kind == "when" and isinstance(one.value, When)]
    days = {when.start.date() for when in refused if when.start is not None and when.date_given}
    left = [start for start in kept if local(start, step.zone).date() not in days]
    return left[0] if days and len(left) == 1 else None


def answered(step: Step, when: When) -> list[datetime]:
    """Return what is left of them after these words, of the day or part of day said; none when they say another thing.

    A day that is neither's keeps the hours: four o'clock was said, and Friday it shall be.
    """
    if EITHER not in step.values or when.start is None:
        return []
    if when.kind == "datetime" and step.frame.asking == "start":
        return _literally(step, when)
    if when.end is None or when.end - when.start > _A_DAY:
        return []
    kept = _kept(step)
    if when.date_given:
        kept = _on_the_day(step, kept, when.start.date())
        if not when.time_given:
            return kept
    first, last = when.start.time(), (when.end - timedelta(minutes=1)).time()
    fitting = [start for start in kept if first <= local(start, step.zone).time() <= last]
    return fitting if len(fitting) == 1 else []


def _literally(step: Step, when: When) -> list[datetime]:
    """Day and hour said again are meant as they are shown: only the day was in doubt."""
    walls = [local(start, step.zone).replace(tzinfo=None) for start in _kept(step)]
    if when.start not in walls or len({wall.time() for wall in walls}) > 1:
        return []
    return [_kept(step)[walls.index(when.start)]]


def _on_the_day(step: Step, kept: list[datetime], day: date) -> list[datetime]:
    """Return those of this day; of a day that is neither's, the same hours there that are still to come."""
    there = [start for start in kept if local(start, step.zone).date() == day]
    if there:
        return there
    hours = dict.fromkeys(local(start, step.zone).time() for start in kept)
    moved = (instant(datetime.combine(day, hour), ZoneInfo(step.zone)) for hour in hours)
    return [start for start in moved if start >= step.now]


def _kept(step: Step) -> list[datetime]:
    return [datetime.fromisoformat(start) for start in step.values[EITHER]]
