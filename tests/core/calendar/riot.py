"""What customers, the desk and the clock do to one calendar, one by one or all at once in a riot."""

import itertools
import os
import random
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from core import calendar, changes, dispatch
from core.calendar import Hold
from core.changes import Change
from core.db import Database, Tx, open_database
from core.errors import BookingError, StateConflict
from core.orders import cancelling, deadlines, moves
from core.orders.moves import CLOCK, Actor, ActorKind, Order
from core.orders.placing import Placed
from core.orders.retaking import wish_of
from core.orders.states import OrderEvent
from core.orders.tables import order as order_table
from tests.builders import NOW, City, a_vault
from tests.core.calendar.ground import a_wish, at
from tests.core.orders import ground
from tests.core.orders.ground import cancel, pay, placed

ROWDIES = 6
"""How many act at once in a riot."""
_MINUTES_A_SECOND = 10
_MOST_PAYMENTS = 1_000_000
_STARTS = tuple(at("10:00") + timedelta(minutes=45 * place) for place in range(12))
_ORDERS = select(order_table.c.id)

Act = Callable[["Rowdy", Tx], Any]


def moving(
    tx: Tx, *, order_id: int, technician_id: int, starts_at: datetime, seen: Order | None = None, now: datetime = NOW
) -> Order:
    """Give an accepted order another time, or another technician to lead it, or both; `seen` is how it stood before."""
    order = moves.load(tx, order_id) if seen is None else seen
    if order.crew > max(1, len(order.crew_ids)):  # a pair that is none any more is the desk's to put together
        raise StateConflict(order_id=order.id, state=order.state)
    if technician_id in order.crew_ids[1:]:
        technician_id = order.crew_ids[0]
    wish = replace(wish_of(tx, order), technician_id=technician_id)
    calendar.take_for_order(
        tx, order.id, order.person_id, wish, starts_at=starts_at, now=now, crew=(technician_id, *order.crew_ids[1:])
    )
    moved = moves.move(
        tx,
        order,
        OrderEvent.ASSIGNED,
        actor=CLOCK,
        now=now,
        technician_id=technician_id,
        starts_at=starts_at,
        ends_at=starts_at + wish.service_time,
        local_day=starts_at.astimezone(ZoneInfo(order.zone)).date(),
    )
    changes.overtake(tx, order, moved, now=now)
    return moved


def asking(
    tx: Tx, *, order_id: int, technician_id: int | None, starts_at: datetime, by_technician: bool, now: datetime
) -> Change | Order:
    """Ask for another time or technician: its customer, or who leads."""
    order = moves.load(tx, order_id)
    who = Actor(ActorKind.TECHNICIAN, order.technician_id) if by_technician else customer(order)
    return changes.ask_change(tx, order.id, by=who, technician_id=technician_id, starts_at=starts_at, now=now)


def answering(tx: Tx, *, order_id: int, said: str, starts_at: datetime, now: datetime) -> object:
    """Answer what is asked about an order, the first of those who have not; or take it back."""
    change = changes.open_change(tx, order_id)
    if change is None:
        return None
    by = next(one.party for one in changes.consents(tx, change.id) if one.answer is None)
    if said == "yes":
        return changes.agree(tx, change.id, by=by, now=now)
    if said == "no":
        return changes.refuse(tx, change.id, by=by, reason=None, words=None, now=now)
    if said == "another":
        return changes.counter(tx, change.id, by=by, starts_at=starts_at, now=now)
    return changes.withdraw(tx, change.id, by=change.asker, now=now)


def customer(order: Order) -> Actor:
    """Its customer as one who acts."""
    return Actor(ActorKind.CUSTOMER, order.person_id)


def cancelled(tx: Tx, *, order_id: int, seen: Order | None = None, now: datetime = NOW) -> Order:
    """Cancel for the customer; `seen` is the order as it stood before."""
    return cancel(tx, moves.load(tx, order_id) if seen is None else seen, now)


def holding(
    tx: Tx,
    *,
    city: City,
    person_id: int,
    technician_id: int | None,
    starts_at: datetime,
    crew: int = 1,
    now: datetime = NOW,
) -> Hold:
    """Hold a time with one technician, with anyone, or with two."""
    wish = a_wish(city, technician_id=technician_id, crew=crew)
    return calendar.hold(tx, person_id, wish, technician_id=technician_id, starts_at=starts_at, now=now)


class Rowdy:
    """One who does anything at any time; of what it was told was done it keeps a note on disk."""

    def __init__(self, database: Database, scene: "Scene", seed: int) -> None:
        self._database, self.scene, self.random = database, scene, random.Random(seed)
        self._note = os.open(scene.notes, os.O_APPEND | os.O_WRONLY | os.O_CREAT)
        self._began = time.monotonic()
        self.orders = [row.id for row in database.read(lambda tx: tx.all(_ORDERS))]

    def go_on(self) -> None:
        """Act until killed."""
        while True:
            act = self.random.choice(ACTS)
            try:
                made = act(self)
            except BookingError:
                continue
            if isinstance(made, Placed):
                os.write(self._note, f"{made.order.id}\n".encode())
                self.orders.append(made.order.id)

    def run(self, verb: Callable[..., Any], **facts: Any) -> Any:
        return self._database.run(partial(verb, **facts, now=self.now))

    @property
    def now(self) -> datetime:
        """Ten minutes pass in a second, so that holds lapse and links expire while the riot lasts."""
        elapsed = time.monotonic() - self._began
        return self.scene.began_at + timedelta(minutes=_MINUTES_A_SECOND * elapsed)

    @property
    def somebody(self) -> int:
        return self.random.choice(self.scene.people)

    @property
    def technician(self) -> int:
        return self.random.choice(self.scene.team)

    @property
    def start(self) -> datetime:
        return self.random.choice(_STARTS)

    @property
    def order_id(self) -> int:
        return self.random.choice(self.orders) if self.orders else 0

    @property
    def new_order_id(self) -> int:
        """One of those that are probably still to come."""
        return self.random.choice(self.orders[-4:]) if self.orders else 0


class Scene:
    """Where a riot takes place; picklable."""

    def __init__(
        self, url: str, city: City, team: list[int], people: list[int], options: list[int], notes: Path
    ) -> None:
        self.url, self.city, self.team, self.people, self.options, self.notes = url, city, team, people, options, notes
        self.began_at = NOW


def _holds(one: Rowdy) -> Any:
    technician_id = one.random.choice((None, one.technician))
    crew = one.random.choice((1, 1, 2))
    return one.run(
        holding,
        city=one.scene.city,
        person_id=one.somebody,
        technician_id=technician_id,
        starts_at=one.start,
        crew=crew,
    )


def _lets_go(one: Rowdy) -> Any:
    return one.run(calendar.release_hold, person_id=one.somebody)


def _orders(one: Rowdy) -> Any:
    technician_id = one.random.choice((None, one.technician))
    made: Placed = one.run(
        placed,
        city=one.scene.city,
        person_id=one.somebody,
        technician_id=technician_id,
        option_id=one.random.choice(one.scene.options),
        anyone=technician_id is None,
        starts_at=one.start,
    )
    if one.random.random() < 0.7:
        one.run(pay, made=made)
    for who in made.order.crew_ids:
        if one.random.random() < 0.8:
            one.run(dispatch.accept, order_id=made.order.id, technician_id=who)
    return made


def _moves(one: Rowdy) -> Any:
    return one.run(moving, order_id=one.order_id, technician_id=one.technician, starts_at=one.start)


def _cancels(one: Rowdy) -> Any:
    return one.run(cancelled, order_id=one.order_id)


def _desk_cancels(one: Rowdy) -> Any:
    return one.run(cancelling.cancel_by_operator, order_id=one.order_id, operator_id=1, reason="关店")


def _desk_assigns(one: Rowdy) -> Any:
    agreed = one.random.choice((True, False))
    return one.run(dispatch.assign, order_id=one.order_id, technician_id=one.technician, agreed=agreed, operator_id=1)


def _asks(one: Rowdy) -> Any:
    return one.run(
        asking,
        order_id=one.new_order_id,
        technician_id=one.random.choice((None, one.technician, one.technician)),
        starts_at=one.start,
        by_technician=one.random.random() < 0.3,
    )


def _answers(one: Rowdy) -> Any:
    said = one.random.choice(("yes", "yes", "no", "another", "never mind"))
    return one.run(answering, order_id=one.new_order_id, said=said, starts_at=one.start)


def _lets_requests_lapse(one: Rowdy) -> Any:
    return one.run(changes.due_work, most=1)


def _sweeps(one: Rowdy) -> Any:
    return one.run(calendar.sweep_holds)


def _lets_deadlines_pass(one: Rowdy) -> Any:
    return one.run(deadlines.due_work, most=1)


ACTS = (
    _holds,
    _holds,
    _lets_go,
    _orders,
    _orders,
    _orders,
    _orders,
    _moves,
    _moves,
    _cancels,
    _desk_cancels,
    _desk_assigns,
    _asks,
    _asks,
    _answers,
    _lets_requests_lapse,
    _sweeps,
    _lets_deadlines_pass,
)


def riot(pipe: Connection, scene: Scene, seed: int, prepare: Callable[[], object] = bool) -> None:
    """Riot on the scene's database with several at once; says when it begins, and then only what goes wrong."""
    prepare()
    ground._txns = itertools.count(seed * _MOST_PAYMENTS + 1)  # none that an earlier riot has used
    database = open_database(scene.url, a_vault())
    rowdies = [Rowdy(database, scene, seed * ROWDIES + place) for place in range(ROWDIES)]
    threads = [threading.Thread(target=_until_killed, args=(pipe, one)) for one in rowdies]
    for thread in threads:
        thread.start()
    pipe.send("on")
    for thread in threads:
        thread.join()


def _until_killed(pipe: Connection, one: Rowdy) -> None:
    try:
        one.go_on()
    except Exception:  # noqa: BLE001  whatever it is, it is none of the trade's refusals
        pipe.send(traceback.format_exc())


def order_in_two_units() -> None:
    """Take away what a unit is for: an order is written in one, and given its time in the next."""
    given: list[tuple[Any, ...]] = []
    give, place = calendar.give_to_order, Rowdy.run

    def later(tx: Tx, held: Hold, order_id: int, now: datetime, *, person_id: int) -> bool:
        given.append((held, order_id, now, person_id))
        return True

    def run(self: Rowdy, verb: Callable[..., Any], **facts: Any) -> Any:
        made = place(self, verb, **facts)
        if isinstance(made, Placed):
            time.sleep(1.0)  # longer than any riot lasts
            held, order_id, now, person_id = next(one for one in given if one[1] == made.order.id)
            self._database.run(lambda tx: give(tx, held, order_id, now, person_id=person_id))
        return made

    calendar.give_to_order = later
    Rowdy.run = run  # type: ignore[method-assign]
