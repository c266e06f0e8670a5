"""A walk of random steps through a world: each is told to the calendar and to the oracle, and the two are compared."""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from core import calendar, settings, technicians
from core.calendar import Hold, Rule, Slot, Wish
from core.calendar.crews import change_crew
from core.geo import Point
from core.ids import new_id
from core.travel import TRAVEL
from tests.core.calendar.choosing import Chooser
from tests.core.calendar.oracle import DAY, MINUTE, QUARTER, Kept, Worker
from tests.core.calendar.scenes import SHIFTS, Scene, World, rota_of, some_week
from tests.core.calendar.walking import Answer, Do

OPERATOR = 1


@dataclass(frozen=True)
class Plan:
    """A step: what the calendar is told, and what the oracle makes of the answer."""

    do: Do
    settle: Callable[[Answer], None]


class Walk(Chooser):
    """One random story."""

    def __init__(self, world: World, scene: Scene, dice: random.Random) -> None:
        super().__init__(world, scene, dice)
        self._given: dict[int, Hold] = {}
        self.refusals: set[Rule | None] = set()
        self.sold = 0

    def plan(self) -> Plan:
        kinds = {
            self.hold: 40,
            self.give: 24,
            self.renew: 6,
            self.release: 4,
            self.sweep: 4,
            self.cancel: 4,
            self.move: 14,
            self.recrew: 6,
            self.rota: 3,
            self.exception: 4,
            self.leave: 3,
            self.duty: 3,
            self.stars: 1,
            self.approval: 1,
            self.figure: 1,
        }
        return self.dice.choices(list(kinds), list(kinds.values()))[0]()

    def hold(self) -> Plan:
        person, technician = self.somebody(), self.maybe_a_technician()
        if self.oracle.holds and self.dice.random() < 0.3:  # one more for somebody who has some
            person = self.oracle.holds[-1].person
        mine = [one for one in self.oracle.holds if one.person == person]
        wish = self.a_wish(technician)
        start = self.a_start(wish, person)
        if mine and self.dice.random() < 0.2:  # the same again
            known = mine[-1]
            crew, named = len(known.crew), known.crew[0]
            wish = replace(wish, minutes=known.minutes, buffer_minutes=known.buffer, technician_id=named, crew=crew)
            wish, start = replace(wish, lat=known.point.lat, lng=known.point.lng), known.starts
        facts = {"technician_id": wish.technician_id, "starts_at": start, "now": self.now}

        def settle(answer: Answer) -> None:
            before = self.oracle.held_before(person, wish, start, self.now)
            if before is not None:
                self._renewed(before, answer.value)
            elif self.oracle.free(wish, [start], self.now, person=person):
                self._held(person, wish, start, answer.value)
            else:
                self.check_refusal(answer, wish, start, person)

        return Plan(Do(calendar.hold, (person, wish), facts), settle)

    def _renewed(self, before: Kept, value: Any) -> None:
        longer = self.oracle.longer(before, self.now)
        assert isinstance(value, Hold)
        assert (value.id, value.expires_at) == (before.key, longer.expires)
        self.oracle.replace_hold(before, longer)
        self._given[value.id] = value

    def _held(self, person: int, wish: Wish, start: datetime, value: Any) -> None:
        assert isinstance(value, Hold)
        slot, until = value.slot, self.now + self.oracle.hold_minutes * MINUTE
        self.check_slot(slot, wish, person)
        assert (slot.starts_at, value.expires_at) == (start, until)
        new = Kept(value.id, person, slot.crew, start, wish.minutes, wish.buffer_minutes, wish.point, until, self.now)
        self.oracle.put_hold(new, self.now)
        self._given[value.id] = value

    def give(self) -> Plan:
        if not self.oracle.holds:
            return self.hold()
        live = [one for one in self.oracle.holds if not one.lapsed(self.now)]
        some = live if live and self.dice.random() < 0.9 else self.oracle.holds
        held, order_id = self.dice.choice(some), new_id()
        stranger = self.dice.random() < 0.05
        person = self.somebody() if stranger else held.person

        def settle(answer: Answer) -> None:
            assert answer.value is (not held.lapsed(self.now) and person == held.person)
            if answer.value:
                self.oracle.replace_hold(held, None)
                self.oracle.visits[order_id] = replace(held, key=order_id, expires=None)
                self.sold += 1

        given = (self._given[held.key], order_id, self.now)
        return Plan(Do(calendar.give_to_order, given, {"person_id": person}), settle)

    def renew(self) -> Plan:
        if not self.oracle.holds:
            return self.hold()
        held = self.dice.choice(self.oracle.holds)

        def settle(answer: Answer) -> None:
            if held.lapsed(self.now):
                assert answer.value is None
            else:
                self._renewed(held, answer.value)

        return Plan(Do(calendar.renew_hold, (held.key, held.person, self.now)), settle)

    def release(self) -> Plan:
        person = self.somebody()
        mine = [one for one in self.oracle.holds if one.person == person]
        one = self.dice.choice([*mine, None])

        def settle(answer: Answer) -> None:
            gone = [held for held in mine if one in (None, held)]
            assert answer.value or all(held.lapsed(self.now) for held in gone)
            for held in gone:
                self.oracle.replace_hold(held, None)

        return Plan(Do(calendar.release_hold, (person, self.now, one and one.key)), settle)

    def sweep(self) -> Plan:
        def settle(answer: Answer) -> None:
            lapsed = [held for held in self.oracle.holds if held.lapsed(self.now)]
            assert 0 <= answer.value <= sum(len(held.crew) for held in lapsed)
            for held in lapsed:
                self.oracle.replace_hold(held, None)

        return Plan(Do(calendar.sweep_holds, (self.now,)), settle)

    def cancel(self) -> Plan:
        if not self.oracle.visits:
            return self.hold()
        gone = self.dice.choice(list(self.oracle.visits.values()))

        def settle(answer: Answer) -> None:
            del self.oracle.visits[gone.key]
            if not any(held.lapsed(self.now) and set(held.crew) & set(gone.crew) for held in self.oracle.holds):
                assert {late.order_id for late in answer.value} == self.oracle.worse_off(gone, self.now)

        return Plan(Do(calendar.release_order, (gone.key, self.now)), settle)

    def move(self) -> Plan:
        """Move an order, often by less than its own length; or take time for an order that has none yet."""
        dice, visits = self.dice, list(self.oracle.visits.values())
        old = dice.choice(visits) if visits and dice.random() < 0.8 else None
        crew = [one.id for one in dice.sample(list(self.oracle.staff.values())[:5], 2)]
        person, wish = self.somebody(), replace(self.a_wish(crew[0]), crew=1)
        start = self.a_start(wish, person)
        if old is not None and dice.random() < 0.6:
            wish = replace(wish, minutes=old.minutes, buffer_minutes=old.buffer, lat=old.point.lat, lng=old.point.lng)
            start = old.starts + dice.choice([-4, -2, -1, 0, 1, 2, 4, 40]) * QUARTER
            crew = [*old.crew, *(one for one in crew if one not in old.crew)]
        crew = crew[: 1 if dice.random() < 0.8 else 2]
        order_id, notice = old.key if old else new_id(), dice.random() < 0.3
        wish = replace(wish, technician_id=crew[0])
        facts = {"starts_at": start, "now": self.now, "companions": crew[1:], "notice": notice}

        def settle(answer: Answer) -> None:
            if self._refused(answer, crew, wish, start, order=order_id, notice=notice):
                return
            assert [answer.value.technician_id, answer.value.starts_at] == [crew[0], start]
            moved = Kept(order_id, person, tuple(crew), start, wish.minutes, wish.buffer_minutes, wish.point)
            self.oracle.visits[order_id] = moved
            self.sold += 1

        return Plan(Do(calendar.take_for_order, (order_id, person, wish), facts), settle)

    def _refused(
        self, answer: Answer, crew: list[int], wish: Wish, start: datetime, *, order: int, notice: bool
    ) -> bool:
        """Whether somebody of a crew cannot come, and then the refusal is of the first such and names the rule."""
        for one in crew:
            alone = replace(wish, technician_id=one, crew=1, most_metres=None)
            if not self.oracle.judged(one, alone, start, self.now, order=order, notice=notice):
                rule = self.oracle.rule(alone, [start], self.now, notice=notice)
                assert (answer.refused, answer.rule) == (True, rule)
                return True
        assert not answer.refused
        return False

    def recrew(self) -> Plan:
        """Let others come to a visit: who stays is not judged again."""
        dice, visits = self.dice, list(self.oracle.visits.values())
        if not visits:
            return self.hold()
        old = dice.choice(visits)
        others = [one for one in self.oracle.staff if one not in old.crew]
        crew = dice.sample([*old.crew, *dice.sample(others, 2)], dice.choice([1, 2]))
        wish = replace(self.a_wish(), minutes=old.minutes, buffer_minutes=old.buffer, crew=1)
        wish = replace(wish, lat=old.point.lat, lng=old.point.lng)

        def settle(answer: Answer) -> None:
            joining = [one for one in crew if one not in old.crew]
            if not self._refused(answer, joining, wish, old.starts, order=old.key, notice=False):
                self.oracle.visits[old.key] = replace(old, crew=tuple(crew))

        facts = {"crew": crew, "starts_at": old.starts, "now": self.now}
        return Plan(Do(change_crew, (old.key, old.person, wish), facts), settle)

    # what technicians do

    def _times(
        self, verb: Callable[..., Any], who: Worker, change: Callable[[], Any], *args: Any, **facts: Any
    ) -> Plan:
        def settle(answer: Answer) -> None:
            assert not answer.refused
            change()
            who.set_times()

        return Plan(Do(verb, (who.id, *args), facts), settle)

    def rota(self) -> Plan:
        who, week = self.a_technician(), some_week(self.dice)
        return self._times(technicians.set_rota, who, lambda: who.week.update(week), rota_of(week))

    def _local_day(self) -> date:
        return (self.now + self.dice.randrange(-1, 15) * DAY).date()

    def exception(self) -> Plan:
        who, day, spans = self.a_technician(), self._local_day(), self.dice.choice(SHIFTS)
        if self.dice.random() < 0.3:
            return self._times(technicians.clear_exception, who, lambda: who.special.pop(day, None), day=day)
        return self._times(
            technicians.set_exception, who, lambda: who.special.update({day: spans}), day=day, spans=spans
        )

    def leave(self) -> Plan:
        who, first = self.a_technician(), self._local_day()
        days = {first + n * DAY for n in range(self.dice.randrange(1, 5))}
        if self.dice.random() < 0.4:
            return self._times(technicians.end_leave, who, lambda: who.leave.difference_update(days), first, max(days))
        return self._times(technicians.take_leave, who, lambda: who.leave.update(days), first, max(days))

    def duty(self) -> Plan:
        resting = [one for one in self.oracle.staff.values() if not one.on_duty]
        who = resting[0] if resting else self.a_technician()
        on = not who.on_duty or self.dice.random() < 0.1
        if not who.approved:
            return self.approval()

        def settle(answer: Answer) -> None:
            assert answer.value is (who.on_duty is not on)
            who.on_duty = on

        return Plan(Do(technicians.set_duty, (who.id,), {"on": on, "now": self.now}), settle)

    def stars(self) -> Plan:
        who, more = self.a_technician(), self.dice.randrange(1, 6)

        def settle(_: Answer) -> None:
            total, count = who.stars
            who.stars = (total + more, count + 1)

        return Plan(Do(technicians.add_stars, (who.id, more)), settle)

    def approval(self) -> Plan:
        """Suspend somebody, or let them work again."""
        away = [one for one in self.oracle.staff.values() if not one.approved]
        who = away[0] if away else self.a_technician()
        verb = technicians.suspend if who.approved else technicians.resume

        def settle(_: Answer) -> None:
            who.approved = not who.approved

        return Plan(Do(verb, (who.id,), {"operator_id": OPERATOR, "now": self.now}), settle)

    def figure(self) -> Plan:
        name, field = self.dice.choice([("notice_minutes", "notice"), ("horizon_days", "horizon")])
        value = self.dice.choice([20, 60]) if field == "notice" else self.dice.choice([13, 14])
        return Plan(Do(settings.change, (name, value, self.now)), lambda _: setattr(self.oracle, field, value))

    # comparing

    def check_slot(self, slot: Slot, wish: Wish, person: int) -> None:
        """A slot is what the oracle says: who can come, how far it is, when it ends."""
        coming = self.oracle.comers(wish, [slot.starts_at], self.now, person=person)[slot.starts_at]
        assert coming.issuperset(slot.crew)
        assert len(set(slot.crew)) == wish.crew
        assert slot.technician_id in self.oracle.leads(wish)
        lead, taken = (
            self.oracle.staff[slot.technician_id],
            self.oracle.taken(slot.technician_id, self.now, person=person),
        )
        assert slot.leg_minutes == self.oracle.leg(lead, wish, slot.starts_at, taken)
        assert slot.leg_metres == TRAVEL.metres(lead.base, Point(wish.lat, wish.lng))
        assert slot.ends_at == slot.starts_at + wish.minutes * MINUTE
        assert self.oracle.in_time(wish, slot.starts_at, self.now)

    def check_refusal(self, answer: Answer, wish: Wish, start: datetime, person: int) -> None:
        """The rule is the one that forbids, and whatever is offered instead is free; if anything is, some is."""
        rule = self.oracle.rule(wish, [start], self.now)
        self.refusals.add(rule)
        assert (answer.refused, answer.rule) == (True, rule)
        asked = wish if rule else replace(wish, technician_id=None)
        for slot in answer.offered:
            self.check_slot(slot, asked, person)
        assert len({(slot.technician_id, slot.starts_at) for slot in answer.offered}) == len(answer.offered) <= 3
        if self.dice.random() < 0.1:
            free = self.oracle.free(asked, self.starts(self.now, self.now + 17 * DAY), self.now, person=person)
            distances = sorted(abs(at - max(start, self.now)) for at in free)
            if rule:
                assert len(answer.offered) == min(1, len(free))
                for slot in answer.offered:  # of an odd minute the quarter it lies in is what counts
                    assert abs(slot.starts_at - max(start, self.now)) - distances[0] < QUARTER
            else:
                assert len(answer.offered) >= min(3, len(free))
