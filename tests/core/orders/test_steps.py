"""Hundreds of random steps by everybody on a handful of orders: after each, time, money and history agree."""

import random
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest

from core import calendar, changes, dispatch
from core.changes import Change
from core.db import Database, Tx
from core.dispatch import OfferState, RefusalReason
from core.errors import BookingError
from core.invariants import check_invariants
from core.orders import cancelling, deadlines, placing, views, visit
from core.orders.moves import Actor, ActorKind, Order, load
from core.orders.placing import Placed
from core.orders.states import ADDRESS_OPEN, DEAD, SERVED, OrderState
from core.technicians import Technician
from tests.builders import NOW, City, a_customer, a_service, a_technician
from tests.core.orders.ground import START, a_photo, cancel, pay, placed

MINUTE = timedelta(minutes=1)
LAST = DEAD | SERVED


LIKELY = {
    OrderState.TO_PAY: ("pay",),
    OrderState.EXPIRED: ("revive", "place"),
    OrderState.TO_ACCEPT: ("accept", "refuse"),
    OrderState.UNDECIDED: ("wait", "retime"),
    OrderState.ACCEPTED: ("depart", "retime", "hold_change", "answer", "answer", "withdraw"),
    OrderState.DEPARTED: ("arrive",),
    OrderState.ARRIVED: ("start", "start_by_tap"),
    OrderState.IN_SERVICE: ("finish",),
    OrderState.FINISHED: ("confirm",),
}
"""What moves an order on; half of the steps do, the other half is anything."""


class Everybody:
    """Customers, technicians, the clock and the provider, each doing something at random."""

    def __init__(self, database: Database, city: City, seed: int) -> None:
        self.rng = random.Random(seed)
        self.database = database
        self.city = city
        self.now = NOW
        self.four_hands = database.run(lambda tx: a_service(tx, city.store, en="Four hands", crew=2, most=2))
        others = database.run(self._three_more)
        self.team = {one.id: one.person_id for one in (city.technician, *others)}
        self.people = database.run(lambda tx: [a_customer(tx).id for _ in range(3)])
        self.made: list[Placed] = []
        self.focus: Placed | None = None
        self.photos = {one: database.run(partial(a_photo, person_id=who)) for one, who in self.team.items()}

    def _three_more(self, tx: Tx) -> list[Technician]:
        """They do massages by two hands and by four."""
        town, skills = self.city, [self.city.service, self.four_hands]
        return [a_technician(tx, store=town.store, services=skills, regions=[town.region]) for _ in range(3)]

    def step(self) -> str:
        """Do one thing; a refusal is as good as a success, anything else is not."""
        acts: list[Callable[[Tx], Any]] = [
            self.place, self.pay, self.accept, self.refuse, self.wait, self.retime, self.give_up, self.depart,
            self.arrive, self.start, self.start_by_tap, self.finish, self.absent, self.confirm, self.cancel,
            self.revive, self.clock, self.sweep, self.assign, self.hold_change, self.answer, self.answer, self.withdraw,
        ]  # fmt: skip
        self.focus = self.rng.choice(self.made[-5:]) if self.made else None
        state = self.state_of(self.focus) if self.focus else None
        likely = [act for act in acts if act.__name__ in LIKELY.get(state, ())] if state else []
        act = self.rng.choice(likely if likely and self.rng.random() < 0.5 else acts)
        try:
            self.database.run(act)
        except BookingError as refused:
            return refused.code
        return act.__name__

    def pass_time(self) -> None:
        waiting = [self.database.run(partial(load, order_id=one.order.id)) for one in self.made]
        ahead = [one.starts_at for one in waiting if one.state not in LAST and one.starts_at > self.now]
        if ahead and self.rng.random() < 0.06:
            self.now = min(ahead) - 15 * MINUTE
        else:
            self.now += self.rng.randrange(4) * MINUTE

    def state_of(self, made: Placed) -> OrderState:
        return self.database.run(partial(load, order_id=made.order.id)).state

    def not_agreed(self, tx: Tx) -> list[str]:
        """Accepted orders that somebody who comes has not said yes to."""
        found = [load(tx, one.order.id) for one in self.made[-5:]]
        return [
            order.code
            for order in found
            if order.state in ADDRESS_OPEN
            and set(order.crew_ids)
            - {one.technician_id for one in dispatch.offers_of(tx, order.id) if one.state is OfferState.ACCEPTED}
        ]

    def one(self) -> Placed:
        if self.focus is None:
            raise BookingError
        return self.focus

    def technician_of(self, tx: Tx, made: Placed) -> int:
        return load(tx, made.order.id).technician_id or self.rng.choice(list(self.team))

    def one_of_crew(self, tx: Tx, made: Placed) -> int:
        return self.rng.choice(load(tx, made.order.id).crew_ids or list(self.team))

    def a_start(self) -> datetime:
        day = (self.now + timedelta(hours=8)).date() - (NOW + timedelta(hours=8)).date()
        return START + day + self.rng.randrange(-8, 20) * calendar.CELL

    def place(self, tx: Tx) -> None:
        technician = self.rng.choice([*self.team, None])
        over = self.two_together() if self.rng.random() < 0.5 else {}
        made = placed(
            tx, self.city, now=self.now, person_id=self.rng.choice(self.people), technician_id=technician,
            anyone=technician is None, starts_at=self.a_start(), **over,
        )  # fmt: skip
        self.made.append(made)

    def two_together(self) -> dict[str, int]:
        option = self.four_hands.options[0]
        return {"service_id": self.four_hands.id, "option_id": option.id, "quantity": self.rng.choice([1, 2])}

    def pay(self, tx: Tx) -> None:
        pay(tx, self.one(), now=self.now)

    def accept(self, tx: Tx) -> None:
        made = self.one()
        dispatch.accept(tx, made.order.id, technician_id=self.one_of_crew(tx, made), now=self.now)

    def refuse(self, tx: Tx) -> None:
        made = self.one()
        who, reason = self.one_of_crew(tx, made), self.rng.choice(list(RefusalReason))
        dispatch.refuse(tx, made.order.id, technician_id=who, reason=reason, words=None, now=self.now)

    def assign(self, tx: Tx) -> None:
        made, who = self.one(), self.rng.choice(list(self.team))
        agreed = self.rng.random() < 0.5
        dispatch.assign(tx, made.order.id, technician_id=who, agreed=agreed, operator_id=7, now=self.now)

    def wait(self, tx: Tx) -> None:
        made = self.one()
        dispatch.wait(tx, made.order.id, person_id=made.order.person_id, now=self.now)

    def retime(self, tx: Tx) -> None:
        order, by, who = self.a_change(tx)
        changes.ask_change(tx, order.id, by=by, technician_id=who, starts_at=self.a_start_near(order), now=self.now)

    def hold_change(self, tx: Tx) -> None:
        order, by, who = self.a_change(tx)
        changes.hold_change(tx, order.id, by=by, technician_id=who, starts_at=self.a_start_near(order), now=self.now)

    def answer(self, tx: Tx) -> None:
        """Somebody whose yes is needed says yes, no, or proposes another time."""
        change, order = self.a_request(tx)
        by = self.rng.choice(changes.consents(tx, change.id)).party
        dice = self.rng.random()
        if dice < 0.5:
            changes.agree(tx, change.id, by=by, now=self.now)
        elif dice < 0.7:
            changes.refuse(tx, change.id, by=by, reason=RefusalReason.TIME, words="不方便", now=self.now)
        else:
            changes.counter(tx, change.id, by=by, starts_at=self.a_start_near(order), now=self.now)

    def withdraw(self, tx: Tx) -> None:
        change, _ = self.a_request(tx)
        if self.rng.random() < 0.3:
            changes.withdraw(tx, change.id, by=change.asker, now=self.now)

    def a_request(self, tx: Tx) -> tuple[Change, Order]:
        order = load(tx, self.one().order.id)
        found = changes.open_change(tx, order.id)
        if found is None:
            raise BookingError
        return found, order

    def a_change(self, tx: Tx) -> tuple[Order, Actor, int | None]:
        """An order, who would change it, and who should come: mostly whoever does."""
        order = load(tx, self.one().order.id)
        by = Actor(ActorKind.CUSTOMER, order.person_id)
        if order.crew_ids and self.rng.random() < 0.3:
            by = Actor(ActorKind.TECHNICIAN, self.rng.choice(order.crew_ids))
        return order, by, self.rng.choice([order.technician_id, order.technician_id, None, *self.team])

    def a_start_near(self, order: Order) -> datetime:
        """A start that may overlap the one there is, or any."""
        near = order.starts_at + self.rng.randrange(-5, 6) * calendar.CELL
        return near if self.rng.random() < 0.6 else self.a_start()

    def give_up(self, tx: Tx) -> None:
        made = self.one()
        who = self.one_of_crew(tx, made)
        cancelling.technician_cancels(tx, made.order.id, technician_id=who, reason=RefusalReason.UNWELL, now=self.now)

    def depart(self, tx: Tx) -> None:
        made = self.one()
        visit.depart(tx, made.order.id, technician_id=self.technician_of(tx, made), now=self.now)

    def arrive(self, tx: Tx) -> None:
        made = self.one()
        visit.arrive(tx, made.order.id, technician_id=self.technician_of(tx, made), now=self.now)

    def start(self, tx: Tx) -> None:
        made = self.one()
        code = self.rng.choice([made.order.start_code, "12345"])
        visit.start(tx, made.order.id, technician_id=self.technician_of(tx, made), code=code, now=self.now)

    def start_by_tap(self, tx: Tx) -> None:
        made = self.one()
        visit.start_by_customer(tx, made.order.id, person_id=made.order.person_id, now=self.now)

    def finish(self, tx: Tx) -> None:
        made = self.one()
        who = self.technician_of(tx, made)
        visit.finish(tx, made.order.id, technician_id=who, photo_file_ids=(self.photos[who],), now=self.now)

    def absent(self, tx: Tx) -> None:
        made = self.one()
        cancelling.customer_absent(tx, made.order.id, technician_id=self.technician_of(tx, made), now=self.now)

    def confirm(self, tx: Tx) -> None:
        made = self.one()
        visit.confirm(tx, made.order.id, person_id=made.order.person_id, now=self.now)

    def cancel(self, tx: Tx) -> None:
        if self.rng.random() < 0.3:
            cancel(tx, load(tx, self.one().order.id), self.now)

    def revive(self, tx: Tx) -> None:
        made = self.one()
        placing.revive(tx, made.order.id, person_id=made.order.person_id, now=self.now)

    def clock(self, tx: Tx) -> None:
        deadlines.due_work(tx, self.now, 20)
        changes.due_work(tx, self.now, 20)

    def sweep(self, tx: Tx) -> None:
        calendar.sweep_holds(tx, self.now)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("seed", [1, 3, 4, 5])
def test_whatever_everybody_does_time_money_and_history_agree(database: Database, city: City, seed: int) -> None:
    everybody = Everybody(database, city, seed)
    done: Counter[str] = Counter()

    for _ in range(400):
        done[everybody.step()] += 1
        everybody.pass_time()
        assert database.run(check_invariants) == [], done
        assert database.run(everybody.not_agreed) == []

    seen = {
        line.to_state for one in everybody.made for line in database.run(partial(views.events, order_id=one.order.id))
    }
    assert len(seen) >= 9, seen
    assert {one.order.crew for one in everybody.made} == {1, 2}
