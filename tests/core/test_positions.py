"""A technician's position is kept only on the way to a visit, sealed, once a minute, and not a minute longer."""

import json
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from core import people, positions
from core.db import Database, Tx
from core.geo import Point
from core.messages import MessageState
from core.messages.tables import message
from core.orders import cancelling, moves, visit
from core.orders.moves import Order
from core.orders.states import OrderState
from core.orders.telling import person_of
from core.people.erasing import erase
from core.positions.tables import position
from tests.builders import CENTRE, NOW, City, a_city
from tests.visits import an_order

NEAR = Point(CENTRE.lat + 0.02, CENTRE.lng)
MINUTE = timedelta(minutes=1)
NONE = timedelta(0)


@dataclass(frozen=True)
class Way:
    """A technician on the way to a visit."""

    db: Database
    city: City
    order: Order
    technician: int
    who: dict[str, str]

    def takes(self, *, point: Point = NEAR, share: str = "m1", after: timedelta = NONE, hours: int = 1) -> object:
        now = NOW + after
        until = NOW + timedelta(hours=hours)
        return self.db.run(
            lambda tx: positions.take(tx, **self.who, share=share, point=point, live_until=until, now=now)
        )

    def where(self, *, after: timedelta = NONE) -> Point | None:
        found = self.db.read(lambda tx: positions.where(tx, moves.load(tx, self.order.id), now=NOW + after))
        return None if found is None else found.point

    def over(self, *, after: timedelta = NONE) -> tuple[positions.Over, ...]:
        where = {"channel": self.who["channel"], "account": self.who["account"]}
        return self.db.run(lambda tx: positions.over(tx, **where, now=NOW + after, most=20))

    def told(self) -> list[str]:
        def read(tx: Tx) -> list[str]:
            rows = tx.all(select(message.c.template).where(message.c.template.like("position%")).order_by(message.c.id))
            return [row.template for row in rows]

        return self.db.read(read)

    def rows(self) -> int:
        return len(self.db.read(lambda tx: tx.all(select(position.c.person_id))))


def a_way(db: Database, *, state: OrderState = OrderState.DEPARTED) -> Way:
    """A visit whose technician has set out, unless said otherwise."""

    def made(tx: Tx) -> Way:
        city = a_city(tx)
        order = an_order(tx, city, state=state)
        technician = person_of(tx, city.technician.id)
        identity = people.identities_of(tx, technician)[0]
        who = {"channel": identity.channel, "account": identity.account, "external_id": identity.external_id}
        return Way(db, city, order, technician, who)

    return db.run(made)


def test_a_position_on_the_way_is_kept_sealed_and_told_to_both_sides_once(any_database: Database) -> None:
    way = a_way(any_database)

    first = way.takes()
    second = way.takes(after=timedelta(seconds=20))

    assert isinstance(first, positions.Taken)
    assert isinstance(second, positions.Taken)
    assert (first.ours, first.fresh, second.ours, second.fresh) == (True, True, False, False)
    assert way.where() == NEAR
    assert way.told() == ["position_shared", "position_on"]
    (row,) = any_database.read(lambda tx: tx.all(select(position.c.sealed)))
    assert json.dumps([NEAR.lat, NEAR.lng]).encode() not in bytes(row.sealed)


def test_of_all_who_hear_a_sharing_one_writes_a_minute(any_database: Database) -> None:
    way = a_way(any_database)
    written = 0
    for second in range(0, 300, 5):  # 60 pings in 5 minutes, heard by whichever process
        taken = way.takes(after=timedelta(seconds=second), point=Point(NEAR.lat - second / 1e6, NEAR.lng))
        assert isinstance(taken, positions.Taken)
        written += taken.ours

    assert written <= 6
    assert way.told() == ["position_shared", "position_on"]


@pytest.mark.parametrize("state", [OrderState.ACCEPTED, OrderState.ARRIVED, OrderState.FINISHED])
def test_nobody_is_followed_who_is_not_on_the_way(any_database: Database, state: OrderState) -> None:
    way = a_way(any_database, state=state)

    assert way.takes() is None
    assert (way.rows(), way.told()) == (0, [])


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_customer_is_never_followed(any_database: Database) -> None:
    way = a_way(any_database)
    customer = any_database.read(lambda tx: people.identities_of(tx, way.city.customer.id)[0])
    theirs = Way(way.db, way.city, way.order, 0, way.who | {"external_id": customer.external_id})

    assert theirs.takes() is None
    assert way.rows() == 0


def test_at_the_door_the_position_is_gone_and_its_map_is_named_once(any_database: Database) -> None:
    way = a_way(any_database)
    way.takes()
    shown = update(message).where(message.c.template == "position_shared").values(
        state=MessageState.SENT.value, channel="web", account="test", external_ref="77"
    )  # fmt: skip
    any_database.run(lambda tx: tx.execute(shown))

    assert way.over() == ()
    any_database.run(lambda tx: visit.arrive(tx, way.order.id, technician_id=way.city.technician.id, now=NOW))
    assert way.where() is None
    (over,) = way.over()
    assert [one.ref for one in over.maps] == ["77"]
    any_database.run(lambda tx: positions.forget(tx, over.person_id, share=over.share))
    assert (way.rows(), way.over()) == (0, ())
    assert "position_off" not in way.told()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_late_ping_after_the_end_brings_nothing_back(any_database: Database) -> None:
    way = a_way(any_database)
    way.takes()

    assert any_database.run(lambda tx: positions.ended(tx, **way.who, share="m1", now=NOW))
    assert way.takes(after=2 * MINUTE) is None
    assert way.where(after=2 * MINUTE) is None
    assert way.told() == ["position_shared", "position_on", "position_off"]


def test_a_sharing_ends_with_its_time_and_a_new_one_is_told_anew(any_database: Database) -> None:
    way = a_way(any_database)
    way.takes()

    assert [one.share for one in way.over(after=timedelta(hours=1))] == ["m1"]
    assert way.told()[-1] == "position_off"
    again = way.takes(share="m2", after=timedelta(hours=1), hours=2)
    assert isinstance(again, positions.Taken)
    assert again.fresh
    assert way.told().count("position_shared") == 2


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_where_no_channel_is_open_what_has_ended_is_removed_all_the_same(any_database: Database) -> None:
    way = a_way(any_database)
    way.takes()

    def swept(tx: Tx) -> int:
        return positions.sweep(tx, now=NOW, most=20)

    before = any_database.run(swept)
    any_database.run(lambda tx: visit.arrive(tx, way.order.id, technician_id=way.city.technician.id, now=NOW))
    after = any_database.run(swept)

    assert (before, after, way.rows()) == (0, 1, 0)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_cancelled_visit_and_an_erased_technician_leave_no_position(any_database: Database) -> None:
    way = a_way(any_database)
    way.takes()
    any_database.run(lambda tx: cancelling.cancel_by_operator(tx, way.order.id, operator_id=1, reason="停业", now=NOW))
    assert len(way.over()) == 1

    other = a_way(any_database)
    other.takes()
    any_database.run(lambda tx: erase(tx, other.technician, NOW))
    assert other.where() is None
    assert (
        any_database.read(
            lambda tx: tx.all(select(position.c.person_id).where(position.c.person_id == other.technician))
        )
        == []
    )


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_place_in_another_city_is_not_believed_and_told_to_nobody(any_database: Database) -> None:
    way = a_way(any_database)

    assert way.takes(point=Point(CENTRE.lat + 8, CENTRE.lng + 12)) is None
    assert (way.rows(), way.told()) == (0, [])
    assert isinstance(way.takes(), positions.Taken)  # the next one is right: the sharing begins with it
    assert way.takes(point=Point(CENTRE.lat + 8, CENTRE.lng + 12), after=MINUTE) is None
    assert way.where(after=MINUTE) == NEAR


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_way_that_is_left_is_reckoned_from_where_they_are_and_only_while_that_is_fresh(
    any_database: Database,
) -> None:
    way = a_way(any_database)

    def left(after: timedelta) -> int | None:
        return any_database.read(lambda tx: positions.minutes_left(tx, moves.load(tx, way.order.id), now=NOW + after))

    assert left(timedelta(0)) is None
    way.takes(point=Point(CENTRE.lat + 0.05, CENTRE.lng))
    far = left(timedelta(0))
    way.takes(point=NEAR, after=MINUTE)
    near = left(MINUTE)

    assert far is not None
    assert near is not None
    assert far > near >= 5
    assert left(2 * MINUTE) == near - 1
    assert left(5 * MINUTE) is None
