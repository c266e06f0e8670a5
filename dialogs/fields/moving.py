"""What a message says of moving a visit: which one is meant, by its day, and to when, by how much, by whom."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from core.orders.moves import Order
from dialogs.engine.flow import Answer
from dialogs.engine.step import Step
from dialogs.lexicon import lexicon_of
from dialogs.texts.formats import local
from nlu import Asked, Entity, Understanding, When, understand
from nlu.shifts import a_bit, shift_said

_HALF_A_DAY = 720

_AFTER_SOURCE = re.compile(
    r"(?:'s|’s)?\s*(?:的?(?:那|这)?[一个]*(?:单|预约|订单|上门)|那[个次]|的|(?:booking|appointment|order|visit|session|slot|one)\b)",
    re.IGNORECASE,
)
_BEFORE_SOURCE = re.compile(
    r"(?:把|从|将|\bfrom|\b(?:booking|appointment|order|visit|session)(?: (?:on|for|at))?)\s*$", re.IGNORECASE
)
_BEFORE_TARGET = re.compile(r"(?:[改换挪推移约延调]期?[到成为]|到|\bto|\buntil)\s*$", re.IGNORECASE)
_FROM_TO = re.compile(r"\bfrom\b(.+?)\bto\b(.+)", re.IGNORECASE | re.DOTALL)
_BOOKING = r"(?:booking|appointment|order|visit|session|slot|one)\b"
_WEEKDAY = "(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?"
_DAYS_BOOKING = re.compile(rf"\b(?:{_WEEKDAY}|to(?:day|morrow))(?:'?s)? {_BOOKING}", re.IGNORECASE)
_SWAP = re.compile(r"改|换|还是(?=.{1,4}[点半时:])|instead|\bmake it\b|\bcan we do\b|\bmov(?:e|ing)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Moving:
    """What a message says: `source` is when the visit meant is now, `aimed` the answer with only what is wanted left.

    `says_time` tells whether a new time is in it, `swaps` whether another technician is and no time, `plainly` whether
    its words speak of moving something that is already fixed.
    """

    source: When | None
    aimed: Answer
    says_time: bool = False
    swaps: bool = False
    plainly: bool = False


def read_moving(step: Step, answer: Answer, orders: Sequence[Order]) -> Moving:
    """Tell apart the time a visit has and the time wanted: 把明天的改到周六三点半, push Friday's back an hour."""
    understood = answer.understood
    if understood is None:
        return Moving(None, answer)
    understood = _wanted_of_range(step, understood)
    shift = shift_said(understood.normal)
    whens = _whens(understood)
    source = _source(understood, whens, orders)
    left = [one for one in whens if one is not source and shift is None]
    entities = tuple(e for e in understood.entities if e.kind != "when" or e in left)
    if shift is not None:
        meant = [order for order in orders if source is None or is_at(source.value, order, step)]
        entities = (*entities, *_shifted(step, meant, shift, understood))
    elif not left and source is None and _SWAP.search(understood.normal):
        left = _whens(_again(step, understood))  # "can we do 4 instead": a bare hour, since a time is the question
        entities = (*entities, *left)
    aimed = replace(answer, understood=replace(understood, entities=_other_technician(entities, orders)))
    says_time = bool(left) or shift is not None
    return Moving(
        source=_when(source) or _given_up(step, understood, orders) or _day_of_both(understood, left),
        aimed=aimed,
        says_time=says_time,
        swaps=not says_time and _of_somebody_else(understood),
        plainly=shift is not None or source is not None or _SWAP.search(understood.normal) is not None,
    )


def speaks_of_moving(understood: Understanding) -> bool:
    """Tell, without a look at any order, whether words can be about moving something that is fixed already."""
    normal = understood.normal
    return understood.corrects or _SWAP.search(normal) is not None or shift_said(normal) is not None or a_bit(normal)


def is_at(said: object, order: Order, step: Step) -> bool:
    """Tell whether an order is on the day, and at the hour, that somebody named."""
    if not isinstance(said, When) or said.start is None or said.grain in ("week", "month"):
        return False
    there = local(order.starts_at, step.zone)
    if said.date_given and said.start.date() != there.date():
        return False
    if said.time_given and said.kind in ("datetime", "time"):
        spoken, real = (at.hour * 60 + at.minute for at in (said.start, there))
        return (spoken - real) % _HALF_A_DAY == 0
    return said.date_given


def _source(understood: Understanding, whens: Sequence[Entity], orders: Sequence[Order]) -> Entity | None:
    """Return the words that say when the visit is now, not when it should be."""
    text = understood.text
    for one in whens:
        if _BEFORE_TARGET.search(text, 0, one.start):
            continue
        after = _AFTER_SOURCE.match(text, one.end)
        if after is not None and (after[0].strip() != "的" or len(whens) > 1 or _on_a_day(one, orders)):
            return one
        if _BEFORE_SOURCE.search(text, 0, one.start) and (len(whens) > 1 or _on_a_day(one, orders)):
            return one
    return whens[0] if len(whens) > 1 and _on_a_day(whens[0], orders) else None


def _on_a_day(one: Entity, orders: Sequence[Order]) -> bool:
    said = one.value
    if not isinstance(said, When) or said.start is None or not said.date_given:
        return False
    return any(said.start.date() == local(order.starts_at, order.zone).date() for order in orders)


def _given_up(step: Step, understood: Understanding, orders: Sequence[Order]) -> When | None:
    """Return the time that somebody says is no good, where an order is then: 明天来不了了，能改天吗."""
    denied = [e.value for e in understood.negated if isinstance(e.value, When)]
    return next((said for said in denied if any(is_at(said, order, step) for order in orders)), None)


def _day_of_both(understood: Understanding, left: Sequence[Entity]) -> When | None:
    """Return the day of "move my Monday booking to 5pm": the visit's, and that of the time wanted as well."""
    wanted = _when(left[0]) if len(left) == 1 else None
    if wanted is None or not wanted.date_given or _DAYS_BOOKING.search(understood.normal) is None:
        return None
    return replace(wanted, kind="date", time_given=False, grain="day")


def _wanted_of_range(step: Step, understood: Understanding) -> Understanding:
    """Read "from tomorrow to Friday at 10" as two times: said of a visit it is no stretch of days."""
    found = _FROM_TO.search(understood.text)
    if found is None:
        return understood
    halves = [_read(step, part, understood) for part in (found[1], found[2])]
    parts = []
    for half, at in zip(halves, (found.start(1), found.start(2)), strict=True):
        said = _whens(half)
        if not said:
            return understood
        parts.append(replace(said[0], start=said[0].start + at, end=said[0].end + at))
    others = tuple(e for e in understood.entities if e.kind != "when")
    return replace(understood, entities=(*others, *parts))


def _again(step: Step, understood: Understanding) -> Understanding:
    return _read(step, understood.text, understood)


def _read(step: Step, text: str, understood: Understanding) -> Understanding:
    return understand(
        text, lang=understood.lang, zone=step.zone, now=step.now, lexicon=lexicon_of(step), asked=Asked(kind="when")
    )


def _shifted(step: Step, orders: Sequence[Order], shift: timedelta, understood: Understanding) -> tuple[Entity, ...]:
    """Return the time that so much later or earlier comes to, where it is plain which visit is meant."""
    if len(orders) != 1:
        return ()
    start = local(orders[0].starts_at + shift, step.zone).replace(tzinfo=None)
    said = When("datetime", start=start, date_given=True, time_given=True)
    return (Entity("when", understood.text, 0, len(understood.text), said),)


def _other_technician(entities: tuple[Entity, ...], orders: Sequence[Order]) -> tuple[Entity, ...]:
    """Leave out who would have come where somebody else is named too: 把王师傅换成李师傅."""
    named = {str(e.value) for e in entities if e.kind == "technician"}
    present = {str(one) for order in orders for one in order.crew_ids}
    if len(named) < 2 or not named - present:
        return entities
    return tuple(e for e in entities if e.kind != "technician" or str(e.value) not in present)


def _of_somebody_else(understood: Understanding) -> bool:
    named = any(understood.first(kind) is not None for kind in ("technician", "sex", "anyone"))
    return named or any(i.name == "change_technician" and i.confidence > _LIKELY for i in understood.intents)


_LIKELY = 0.6


def _whens(understood: Understanding) -> list[Entity]:
    return [
        e for e in understood.entities
        if e.kind == "when" and isinstance(e.value, When) and e.value.kind != "duration" and e.value.start is not None
    ]  # fmt: skip


def _when(entity: Entity | None) -> When | None:
    return entity.value if entity is not None and isinstance(entity.value, When) else None
