"""A walk of random steps through a world: each is told to the calendar and to the oracle, and the two are compared."""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from core import calendar, settings, technicians
from core.calendar import Hold, Rule, Slot, Wish
from core.geo import Point
from core.ids import new_id
from core.travel import TRAVEL
from tests.core.calendar.choosing import Chooser
from tests.core.calendar.oracle import DAY, MINUTE, QUARTER, Kept, Worker
from tests.core.calendar.oracle_ranking import offers
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
        if self.undecided:
            self.undecided -= 1
            return self.rethink()
        if self.dice.random() < 0.012:
            self.undecided = self.dice.randrange(6, 30)
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
        replacing = self.dice.choice([one.key for one in mine]) if mine and self.dice.random() < 0.5 else None
        return self._hold(person, wish, start, replacing)

    def rethink(self) -> Plan:
        """Let whoever held last want another time, most often with the same technician and in place of that hold."""
        dice = self.dice
        live = [one for one in self.oracle.holds if not one.lapsed(self.now)]
        if not live:
            return self.hold()
        known = live[-1]
        named = known.crew[0] if dice.random() < 0.8 else self.maybe_a_technician()
        wish = replace(self._as_before(self.a_wish(named), known), crew=len(known.crew))
        near = self.starts(known.starts - timedelta(hours=3), known.starts + timedelta(hours=3))
        free = [at for at in self.oracle.free(wish, near, self.now, person=known.person) if at != known.starts]
        replacing = known.key if dice.random() < 0.5 else None
        return self._hold(known.person, wish, dice.choice(free or near), replacing)

    def _hold(self, person: int, wish: Wish, start: datetime, replacing: int | None) -> Plan:
        facts = {"technician_id": wish.technician_id, "starts_at": start, "now": self.now, "replacing": replacing}

        def settle(answer: Answer) -> None:
            before = self.oracle.held_before(person, wish, start, self.now)
            if before is not None:
                self._renewed(before, answer.value)
            elif self.oracle.free(wish, [start], self.now, person=person):
                self._held(person, wish, start, answer.value, replacing)
            else:
                self.check_refusal(answer, wish, start, person)

        return Plan(Do(calendar.hold, (person, wish), facts), settle)

    def _renewed(self, before: Kept, value: Any) -> None:
        longer = self.oracle.longer(before, self.now)
        assert isinstance(value, Hold)
        assert (value.id, value.expires_at) == (before.key, longer.expires)
        self.oracle.replace_hold(before, longer)
        self._given[value.id] = value

    def _held(self, person: int, wish: Wish, start: datetime, value: Any, replacing: int | None) -> None:
        assert isinstance(value, Hold)
        slot, now = value.slot, self.now
        self._check_who(slot, wish, person)
        best = offers(self.oracle, wish, start, now, person=person)[0]
        told = () if wish.technician_id and wish.crew == 1 else best.facts  # whom the person named, we did not rank
        assert (slot.starts_at, slot.crew, slot.facts) == (start, best.crew, told)
        new = Kept(value.id, person, slot.crew, start, wish.minutes, wish.buffer_minutes, wish.point)
        in_the_way = self.oracle.in_the_way(wish, slot.crew, start, now, person)
        new = self.oracle.put_hold(new, in_the_way, now, replacing)
        assert (value.expires_at, slot.leg_minutes) == (new.expires, self.oracle.leg_of(new, now))
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
            self._check_worse_off(answer, gone)

        return Plan(Do(calendar.release_order, (gone.key, self.now)), settle)

    def move(self) -> Plan:
        """Move an order, often by less than its own length; or take time for an order that has none yet."""
        dice, visits = self.dice, list(self.oracle.visits.values())
        old = dice.choice(visits) if visits and dice.random() < 0.8 else None
        crew = [one.id for one in dice.sample(list(self.oracle.staff.values())[:5], 2)]
        person = old.person if old else self.somebody()
        wish = replace(self.a_wish(crew[0]), crew=1)
        start = self.a_start(wish, person)
        if old is not None and dice.random() < 0.6:
            wish, start = self._as_before(wish, old), old.starts + dice.choice([-4, -2, -1, 0, 1, 2, 4, 40]) * QUARTER
            crew = [*old.crew, *(one for one in crew if one not in old.crew)]
        return self._take(old, person, wish, start, crew[: 1 if dice.random() < 0.8 else 2])

    def recrew(self) -> Plan:
        """Let others come to a visit, or its own in another order: who stays is not judged again."""
        dice, visits = self.dice, list(self.oracle.visits.values())
        if not visits:
            return self.hold()
        old = dice.choice(visits)
        others = [one for one in self.oracle.staff if one not in old.crew]
        crew = dice.sample([*old.crew, *dice.sample(others, 2)], dice.choice([1, 2]))
        return self._take(old, old.person, self._as_before(self.a_wish(), old), old.starts, crew)

    @staticmethod
    def _as_before(wish: Wish, old: Kept) -> Wish:
        """Return a wish as long as an order's visit and at its place."""
        wish = replace(wish, minutes=old.minutes, buffer_minutes=old.buffer, crew=1)
        return replace(wish, lat=old.point.lat, lng=old.point.lng)

    def _take(self, old: Kept | None, person: int, wish: Wish, start: datetime, crew: list[int]) -> Plan:
        """Take time for an order, for one who is named in the wish alone or for a crew."""
        dice, now = self.dice, self.now
        if old is not None and (start, wish.minutes) == (old.starts, old.minutes):
            wish = self._as_before(wish, old)
        order_id, notice, twice = old.key if old else new_id(), dice.random() < 0.3, dice.random() < 0.02
        wish = replace(wish, technician_id=crew[0] if dice.random() < 0.8 else None)
        facts = {"starts_at": start, "now": now, "notice": notice}
        if len(crew) > 1 or wish.technician_id is None or twice or dice.random() < 0.5:
            facts["crew"] = [*crew, crew[0]] if twice else crew
        new = Kept(order_id, person, tuple(crew), start, wish.minutes, wish.buffer_minutes, wish.point)

        def settle(answer: Answer) -> None:
            staying = self._staying(old, new)
            joining = [one for one in crew if one not in staying]
            if twice:
                assert answer.refused
            elif not self._refused(answer, joining, wish, new, notice=notice):
                self._taken(answer, wish, old, new, staying)

        return Plan(Do(calendar.take_for_order, (order_id, person, wish), facts), settle)

    def _taken(self, answer: Answer, wish: Wish, old: Kept | None, new: Kept, staying: set[int]) -> None:
        """Write an order's visit; whoever it does not need any longer may leave a later one worse off."""
        left = replace(old, crew=tuple(one for one in old.crew if one not in staying)) if old else None
        visits = {key: one for key, one in self.oracle.visits.items() if key != new.key}
        if old and staying:
            visits[new.key] = replace(old, crew=tuple(staying))
        self.oracle.visits = visits
        self._check_worse_off(answer, left)
        joining = [one for one in new.crew if one not in staying]
        self.oracle.strike(self.oracle.in_the_way(wish, joining, new.starts, self.now, new.person))
        self.oracle.visits[new.key] = new
        self.sold += 1

    def _check_worse_off(self, answer: Answer, gone: Kept | None) -> None:
        """The visits told as worse off are the oracle's; a lapsed hold may come before or after one, swept or not."""
        crew = set(gone.crew) if gone else set()
        if not any(held.lapsed(self.now) and set(held.crew) & crew for held in self.oracle.holds):
            late = self.oracle.worse_off(gone, self.now) if gone else set()
            assert {one.order_id for one in answer.value} == late

    @staticmethod
    def _staying(old: Kept | None, new: Kept) -> set[int]:
        """Return who has the order's time already."""
        if old is None or (old.starts, old.minutes) != (new.starts, new.minutes):
            return set()
        return set(old.crew) & set(new.crew)

    def _refused(self, answer: Answer, joining: list[int], wish: Wish, new: Kept, *, notice: bool) -> bool:
        """Whether somebody who joins cannot come, and then the refusal is of the first such and names the rule."""
        for one in joining:
            alone = replace(wish, technician_id=one, most_metres=None)
            if not self.oracle.judged(alone, new, self.now, notice=notice):
                rule = self.oracle.rule(alone, [new.starts], self.now, notice=notice)
                assert (answer.refused, answer.rule, answer.whose) == (True, rule, one)
                return True
        assert not answer.refused
        return False

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
        self._check_who(slot, wish, person)
        taken = self.oracle.taken(slot.technician_id, self.now, person=person)
        lead = self.oracle.staff[slot.technician_id]
        assert slot.leg_minutes == self.oracle.leg(lead, wish.point, slot.starts_at, taken)

    def _check_who(self, slot: Slot, wish: Wish, person: int) -> None:
        coming = self.oracle.comers(wish, [slot.starts_at], self.now, person=person)[slot.starts_at]
        assert coming.issuperset(slot.crew)
        assert len(set(slot.crew)) == wish.crew
        assert slot.technician_id in self.oracle.leads(wish)
        base = self.oracle.staff[slot.technician_id].base
        assert slot.leg_metres == TRAVEL.metres(base, Point(wish.lat, wish.lng))
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
        if rule is Rule.OFF_GRID or self.dice.random() < 0.1:
            free = self.oracle.free(asked, self.starts(self.now, self.now + 17 * DAY), self.now, person=person)
            distances = sorted(abs(at - max(start, self.now)) for at in free)
            if rule:
                assert [abs(slot.starts_at - max(start, self.now)) for slot in answer.offered] == distances[:1]
            else:
                assert len(answer.offered) >= min(3, len(free))
