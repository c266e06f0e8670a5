"""Two persons with a past, and how they become one."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select

from core.db import Database, Tx
from core.invariants import check_invariants
from core.orders.moves import Order
from core.orders.states import OrderState
from core.people import Person
from core.people.tables import person
from core.uniting import Side, ask_to_join, due_work
from core.uniting.tables import joining
from tests.builders import NOW, City, a_city, a_person, an_address
from tests.visits import an_order

LATER = NOW + timedelta(minutes=2)

STATES = select(joining.c.state).order_by(joining.c.id)


def ask(database: Database, asker: Person, other: Person) -> int:
    """The asker said yes, and the other side as well."""
    here, there = Side(asker.id, "wechat", "test"), Side(other.id, "telegram", "test")
    return database.run(lambda tx: ask_to_join(tx, here, there, agreed=True, now=NOW))


def work(database: Database, now: datetime = NOW) -> None:
    """Do what is due, to its end."""
    while database.run(lambda tx: due_work(tx, now)):
        pass


def become_one(database: Database, asker: Person, other: Person) -> None:
    """All of it, until nothing is left to be done."""
    ask(database, asker, other)
    work(database)
    assert database.read(check_invariants) == []
    work(database, LATER)
    assert database.read(check_invariants) == []
    assert {row.state for row in database.read(lambda tx: tx.all(STATES))} == {"done"}


def now_is(database: Database, who: Person) -> int | None:
    """Whom this person was joined to."""
    row = database.read(lambda tx: tx.first(select(person.c.joined_to).where(person.c.id == who.id)))
    assert row is not None
    return row.joined_to  # type: ignore[no-any-return]


def a_past(tx: Tx, city: City) -> Order:
    """An order with an address, made and confirmed."""
    return an_order(tx, city, state=OrderState.CONFIRMED)


def an_old_hand(tx: Tx) -> Person:
    """A customer who came first of all, on Telegram."""
    return a_person(tx, channel="telegram")


def with_orders_of_both(database: Database) -> tuple[City, Person, Order, Order]:
    """A city whose customer, on the web, has an order; and an old hand on Telegram who has one, too."""
    old = database.run(an_old_hand)
    city = database.run(a_city)
    theirs = database.run(lambda tx: a_past(tx, city))
    home = database.run(lambda tx: an_address(tx, old, city.region, text="建设路 2 号"))
    other_city = replace(city, customer=old, address=home)
    later = theirs.starts_at + timedelta(hours=5)
    mine = database.run(lambda tx: an_order(tx, other_city, starts_at=later))
    return city, old, mine, theirs
