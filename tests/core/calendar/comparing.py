"""Questions that are put to the calendar and to the oracle; both must say the same."""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core import calendar
from core.calendar import Free, Full, NotBookable, Slot, SlotTaken, Wish
from core.db import Tx
from tests.core.calendar.ground import free_slots
from tests.core.calendar.oracle import DAY, QUARTER
from tests.core.calendar.oracle_ranking import Offered, offers
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
    assert told(best) == expected(walk, question, sorted(some), 1)
    at, most = walk.dice.choice(free or starts), walk.dice.choice([1, 3, 50])
    offered = hand.read(Do(calendar.offers_at, (wish,), asked | {"at": at, "most": most})).value
    assert told(offered) == expected(walk, question, [at], most)
    every = hand.read(Do(calendar.best_slots, (wish,), asked | {"starts": some, "each": most})).value
    assert told(every) == expected(walk, question, sorted(some), most)
    others = hand.read(Do(calendar.alternatives, (replace(wish, technician_id=None),), asked | {"at": at})).value
    for slot in (*slots, *every, *offered):
        walk.check_slot(slot, wish, person)
    for slot in others:
        walk.check_slot(slot, replace(wish, technician_id=None), person)
    refused = hand.run(Do(not_holdable, (wish, person, (*slots, *best, *offered, *others), now))).value
    assert refused == []
    compare_holds(walk, hand)


Told = list[tuple[datetime, Offered]]


def told(slots: tuple[Slot, ...]) -> Told:
    """Return who was offered when, and why."""
    return [(slot.starts_at, Offered(slot.crew, slot.facts)) for slot in slots]


def expected(walk: Walk, question: Question, starts: list[datetime], most: int) -> Told:
    """Return what the oracle would offer at each of these starts."""
    wish, person, now = question.wish, question.person, walk.now
    return [(at, one) for at in starts for one in offers(walk.oracle, wish, at, now, person=person)[:most]]


def compare_holds(walk: Walk, hand: Hand) -> None:
    """A person sees their live holds, the time they have left, and the way there."""
    person, now = walk.somebody(), walk.now
    seen = hand.read(Do(calendar.live_holds, (person, now))).value
    mine = [one for one in walk.oracle.holds if one.person == person and not one.lapsed(now)]
    assert [(one.id, one.expires_at, one.slot.crew) for one in seen] == [
        (one.key, one.expires, one.crew) for one in mine
    ]
    for told_of, one in zip(seen, mine, strict=True):
        if not any(other.lapsed(now) and one.crew[0] in other.crew for other in walk.oracle.holds):
            assert told_of.slot.leg_minutes == walk.oracle.leg_of(one, now)


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
