"""Hundreds of random requests and answers on a few visits that lie close: time, legs, rows and memory agree."""

import random
from collections import Counter
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from core import calendar, changes, dispatch
from core.calendar import Free, Hold, NotBookable, SlotTaken, index
from core.calendar.cells import minute_of
from core.calendar.diaries import Entry
from core.changes import Change, ChangeState
from core.changes.tables import change_request
from core.db import Database, Tx
from core.dispatch import RefusalReason
from core.errors import BookingError
from core.invariants import check_invariants
from core.orders import cancelling, visit
from core.orders.moves import Actor, Order, load
from core.orders.states import OrderState
from core.technicians.tables import technician as technician_table
from tests.builders import NOW, City, a_customer, a_service, a_technician
from tests.core.calendar.ground import TEN_KM_EAST, a_wish, at
from tests.core.changes.ground import MINUTE, customer, technician
from tests.core.orders.ground import cancel, paid

STEPS = 250
_TECHNICIANS = select(technician_table.c.id)
_STATES = select(change_request.c.state)


class _Undone(Exception):
    """Raised to take a trial back."""


class Walk:
    """A few technicians whose day is full of visits that somebody wants to change."""

    def __init__(self, database: Database, city: City, seed: int) -> None:
        self.dice, self.database, self.city, self.now = random.Random(seed), database, city, NOW
        self.team = database.run(self._a_team)
        self.people = database.run(lambda tx: [a_customer(tx).id for _ in range(4)])
        self.orders: list[int] = []

    def _a_team(self, tx: Tx) -> list[int]:
        town = self.city
        self.pair = a_service(tx, town.store, en="Four hands", crew=2)
        skills, regions = [town.service, self.pair], [town.region]
        bases = [None, TEN_KM_EAST, None]
        return [a_technician(tx, store=town.store, services=skills, regions=regions, base=one).id for one in bases]

    def step(self) -> str:
        """Do one thing; a refusal is as good as a success, anything else is not."""
        acts = [self.book, self.hold, self.ask, self.ask, self.answer, self.answer, self.withdraw, self.leave,
                self.stranger, self.clock]  # fmt: skip
        act = self.dice.choice(acts)
        try:
            self.database.run(act)
        except BookingError as refused:
            return refused.code
        finally:
            self.now += self.dice.randrange(3) * MINUTE
        return act.__name__

    @property
    def start(self) -> datetime:
        return at("10:00", day=self.dice.choice([11, 11, 12])) + self.dice.randrange(0, 36) * calendar.CELL

    def one(self, tx: Tx) -> Order:
        live = [order for one in self.orders if (order := load(tx, one)).state is OrderState.ACCEPTED]
        if not live:
            raise BookingError
        return self.dice.choice(live[-5:])

    def book(self, tx: Tx) -> None:
        """Somebody's visit, accepted by all who come; six at once are enough."""
        if sum(load(tx, one).state is OrderState.ACCEPTED for one in self.orders) >= 6:
            return
        two = {"service_id": self.pair.id, "option_id": self.pair.options[0].id} if self.dice.random() < 0.3 else {}
        where = TEN_KM_EAST if self.dice.random() < 0.3 else self.city.region.point
        order = paid(
            tx, self.city, now=self.now, person_id=self.dice.choice(self.people), starts_at=self.start,
            technician_id=self.dice.choice(self.team), lat=where.lat, lng=where.lng, **two,
        )  # fmt: skip
        for one in order.crew_ids:
            dispatch.accept(tx, order.id, technician_id=one, now=self.now)
        self.orders.append(order.id)

    def wanted(self, tx: Tx) -> tuple[Order, dict[str, Any]]:
        order = self.one(tx)
        by = customer(order) if self.dice.random() < 0.6 else technician(self.dice.choice(order.crew_ids))
        near = order.starts_at + self.dice.randrange(-6, 7) * calendar.CELL
        starts_at = near if self.dice.random() < 0.6 else self.start
        who = self.dice.choice([order.technician_id, order.technician_id, None, *self.team])
        return order, {"by": by, "technician_id": who, "starts_at": starts_at, "now": self.now}

    def hold(self, tx: Tx) -> None:
        order, facts = self.wanted(tx)
        changes.hold_change(tx, order.id, **facts)

    def ask(self, tx: Tx) -> None:
        order, facts = self.wanted(tx)
        changes.ask_change(tx, order.id, **facts)

    def request(self, tx: Tx) -> tuple[Change, Actor]:
        """An open request, and one whose yes it needs."""
        found = [one for one in changes.open_changes(tx, self.orders).values() if self.dice.random() < 0.7]
        if not found:
            raise BookingError
        change = self.dice.choice(found)
        return change, self.dice.choice(changes.consents(tx, change.id)).party

    def answer(self, tx: Tx) -> None:
        change, by = self.request(tx)
        dice = self.dice.random()
        if dice < 0.5:
            changes.agree(tx, change.id, by=by, now=self.now)
        elif dice < 0.7:
            changes.refuse(tx, change.id, by=by, reason=RefusalReason.FAR, words=None, now=self.now)
        else:
            near = change.starts_at + self.dice.randrange(-4, 5) * calendar.CELL
            changes.counter(tx, change.id, by=by, starts_at=near, now=self.now)

    def withdraw(self, tx: Tx) -> None:
        change, _ = self.request(tx)
        changes.withdraw(tx, change.id, by=change.asker, now=self.now)

    def leave(self, tx: Tx) -> None:
        """The visit goes another way: cancelled by either side, given to somebody else, or set out for."""
        order, dice = self.one(tx), self.dice.random()
        who = order.technician_id or 0
        if dice < 0.2:
            cancel(tx, order, self.now)
        elif dice < 0.4:
            cancelling.technician_cancels(tx, order.id, technician_id=who, reason=RefusalReason.UNWELL, now=self.now)
        elif dice < 0.8:
            to = self.dice.choice(self.team)
            dispatch.assign(tx, order.id, technician_id=to, agreed=order.crew == 1, operator_id=7, now=self.now)
        elif order.starts_at - self.now < timedelta(hours=2):
            visit.depart(tx, order.id, technician_id=who, now=self.now)

    def stranger(self, tx: Tx) -> None:
        """Somebody holds a time for a visit of their own."""
        wish = a_wish(self.city, technician_id=self.dice.choice(self.team))
        person = self.dice.choice(self.people)
        calendar.hold(tx, person, wish, technician_id=wish.technician_id, starts_at=self.start, now=self.now)

    def clock(self, tx: Tx) -> None:
        self.now += self.dice.choice([0, 4, 30]) * MINUTE
        changes.due_work(tx, self.now, 20)
        calendar.sweep_holds(tx, self.now)

    def listed_otherwise_than_held(self, tx: Tx) -> list[datetime]:
        """Starts of a day that are listed for a change and cannot be held, or the other way round."""
        try:
            order = self.one(tx)
            who = technician(order.technician_id)
            wish = changes.wish_for(tx, order, who, technician_id=order.technician_id)
        except BookingError:
            return []
        person = self.dice.choice([order.person_id, self.people[0]])
        begin = at("09:00", day=12)
        found = calendar.free_starts(
            tx, wish, person_id=person, now=self.now, from_at=begin, until_at=begin + timedelta(hours=14)
        )
        listed = found.starts if isinstance(found, Free) else ()
        asked = self.dice.sample([begin + place * calendar.CELL for place in range(56)], 4)
        asked += [order.starts_at] if order.starts_at >= begin else []
        return [one for one in asked if self.can_hold(tx, person, wish, one) != (one in listed)]

    def can_hold(self, tx: Tx, person_id: int, wish: calendar.Wish, starts_at: datetime) -> bool:
        held: Hold | None = None
        try:
            with tx.savepoint():
                who = wish.technician_id
                held = calendar.hold(tx, person_id, wish, technician_id=who, starts_at=starts_at, now=self.now)
                raise _Undone  # noqa: TRY301  only an error takes a savepoint back
        except (_Undone, SlotTaken, NotBookable):
            return held is not None

    def remembered_otherwise(self, tx: Tx) -> list[int]:
        """Technicians whose diary in memory is not what the database says."""
        team = [row.id for row in tx.all(_TECHNICIANS)]
        memory = index.diaries(tx, self.now)
        known = tx.shared.pop("calendar")
        tx.memo.clear()
        tx.kept.clear()
        fresh = index.diaries(tx, self.now)
        tx.shared["calendar"] = known
        tx.memo.clear()
        tx.kept.clear()
        ahead = minute_of(self.now)

        def of(found: index.Diaries, who: int) -> Counter[Entry]:
            return Counter(one for one in found.of(who).entries if one.free > ahead)

        return [one for one in team if of(memory, one) != of(fresh, one)]


def what_became_of_them(database: Database) -> Counter[str]:
    return Counter(row.state for row in database.run(lambda tx: tx.all(_STATES)))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_whatever_is_asked_and_answered_time_and_rows_agree(database: Database, city: City, seed: int) -> None:
    walk, done = Walk(database, city, seed), Counter[str]()

    for number in range(STEPS):
        done[walk.step()] += 1
        assert database.run(check_invariants) == [], (number, done)
        if number % 5 == 0:
            assert database.run(walk.remembered_otherwise) == [], number
            assert database.run(walk.listed_otherwise_than_held) == [], number

    ended = what_became_of_them(database)
    assert {ChangeState.AGREED, ChangeState.REFUSED, ChangeState.WITHDRAWN} <= set(ended), ended
    for one in list(database.run(partial(changes.open_changes, order_ids=walk.orders)).values()):
        database.run(partial(changes.due_work, now=one.expires_at, most=20))
        assert database.run(check_invariants) == []
