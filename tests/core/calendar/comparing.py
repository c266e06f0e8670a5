"""Questions that are put to the calendar and to the oracle; both must say the same."""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core import calendar
from core.calendar import Free, Full, NotBookable, Slot, SlotTaken, Wish
from core.db import Tx
from tests.core.calendar.ground import free_slots
from tests.core.calendar.oracle import DAY, QUARTER
from tests.core.calendar.walk import Walk
from tests.core.calendar.walking import Do, Hand, Undone


@dataclass(frozen=True)
class Question:
    """When can this wish be booked by this person?"""

    wish: Wish
    person: int
    begin: datetime
    until: datetime

    def do(self, now: datetime) -> Do:
        facts = {"person_id": self.person, "now": now, "from_at": self.begin, "until_at": self.until}
        return Do(calendar.free_starts, (self.wish,), facts)

    def answer(self, walk: Walk) -> Free | Full:
        """Return what the oracle says."""
        starts = walk.starts(self.begin, self.until)
        free = walk.oracle.free(self.wish, starts, walk.now, person=self.person)
        return Free(tuple(free)) if free else Full(walk.oracle.rule(self.wish, starts, walk.now))


def a_question(walk: Walk) -> Question:
    """Return a question about a day, a few hours or all that can be booked."""
    dice, wish = walk.dice, walk.a_wish(walk.maybe_a_technician())
    if dice.random() < 0.05:
        return Question(wish, walk.somebody(), walk.now - DAY, walk.now + 16 * DAY)
    begin, until = dice.choice(walk.a_day()), dice.choice([1, 8, 60, 96]) * QUARTER
    if dice.random() < 0.1:  # edges beside the grid
        begin, until = begin - timedelta(seconds=dice.randrange(900)), until + timedelta(seconds=dice.randrange(900))
    return Question(wish, walk.somebody(), begin, begin + until)


def compare_slots(walk: Walk, hand: Hand) -> None:
    """Slots are at the oracle's starts, with everybody who can come then, and each can be held."""
    question = a_question(walk)
    wish, person, now = question.wish, question.person, walk.now
    starts = walk.starts(question.begin, question.until)
    free = walk.oracle.free(wish, starts, now, person=person)
    asked = {"person_id": person, "now": now}

    window = asked | {"from_at": question.begin, "until_at": question.until, "most": 3}
    slots = hand.read(Do(free_slots, (wish,), window)).value
    assert [slot.starts_at for slot in slots] == free[:3]
    some = walk.dice.sample(starts, min(5, len(starts)))
    best = hand.read(Do(calendar.best_slots, (wish,), asked | {"starts": some})).value
    assert [slot.starts_at for slot in best] == sorted(set(some) & set(free))
    at = walk.dice.choice(free or starts)
    offers = hand.read(Do(calendar.offers_at, (wish,), asked | {"at": at, "most": 50})).value
    assert {slot.technician_id for slot in offers} == leaders(walk, question, at)
    every = hand.read(Do(calendar.best_slots, (wish,), asked | {"starts": some, "each": 50})).value
    assert {(slot.technician_id, slot.starts_at) for slot in every} == {
        (one, start) for start in some for one in leaders(walk, question, start)
    }
    others = hand.read(Do(calendar.alternatives, (replace(wish, technician_id=None),), asked | {"at": at})).value
    for slot in (*slots, *best, *offers):
        walk.check_slot(slot, wish, person)
    for slot in others:
        walk.check_slot(slot, replace(wish, technician_id=None), person)
    refused = hand.run(Do(not_holdable, (wish, person, (*slots, *best, *offers, *others), now))).value
    assert refused == []
    compare_holds(walk, hand)


def leaders(walk: Walk, question: Question, at: datetime) -> set[int]:
    """Return who can lead at a start."""
    wish = question.wish
    if not walk.oracle.free(wish, [at], walk.now, person=question.person):
        return set()
    coming = walk.oracle.comers(wish, [at], walk.now, person=question.person)[at]
    return coming & walk.oracle.leads(wish)


def compare_holds(walk: Walk, hand: Hand) -> None:
    """A person sees their live holds and the time they have left."""
    person, now = walk.somebody(), walk.now
    seen = hand.read(Do(calendar.live_holds, (person, now))).value
    mine = [one for one in walk.oracle.holds if one.person == person and not one.lapsed(now)]
    assert [(one.id, one.expires_at, one.slot.crew) for one in seen] == [
        (one.key, one.expires, one.crew) for one in mine
    ]


def not_holdable(tx: Tx, wish: Wish, person: int, slots: tuple[Slot, ...], now: datetime) -> list[Slot]:
    """Hold each slot and undo it; return those that could not be held."""
    refused = []
    for slot in slots:
        named = replace(wish, technician_id=slot.technician_id)
        with suppress(Undone), tx.savepoint():
            try:
                calendar.hold(tx, person, named, technician_id=slot.technician_id, starts_at=slot.starts_at, now=now)
            except (SlotTaken, NotBookable):
                refused.append(slot)
            raise Undone
    return refused


__all__ = ["Question", "a_question", "compare_holds", "compare_slots"]
