"""Two persons become one: what each of them had is the one's who stays, and nothing is done twice."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from core import audit, conversations, files, people, support
from core.conversations.inbox import PURPOSE
from core.db import Database, Tx
from core.files import FilePurpose, check_picture
from core.messages import Template, tell
from core.messages.tables import message
from core.money.kinds import AccountKind
from core.money.ledger import balance, record_compensation
from core.money.tables import coupon
from core.orders.cancelling import cancel_by_operator, reason_of
from core.orders.views import Viewer, details, orders_of
from core.people import Person
from core.people.tables import person
from core.tables import metadata
from core.uniting import CannotJoin
from core.uniting.moving import AT_ONCE, FORGOTTEN, OTHERWISE, PORTIONS, OneEach
from simulators.tinypng import plain_png
from tests.builders import NOW, a_city, a_person
from tests.core.uniting.ground import STATES, an_old_hand, ask, become_one, now_is, with_orders_of_both, work
from tests.visits import STARTS_AT, an_order


def test_every_column_that_names_a_person_is_moved_or_named_as_one_that_is_not() -> None:
    seen_to = {f"{one.table.name}.{'person_id' if isinstance(one, OneEach) else one.column}" for one in AT_ONCE}
    seen_to |= {f"{one.table.name}.{one.column}" for one, _ in PORTIONS}
    seen_to |= {f"{one.name}.person_id" for one in FORGOTTEN} | OTHERWISE

    named = {
        f"{table.name}.{column.name}"
        for table in metadata.tables.values()
        for column in table.columns
        if column.name in ("person_id", "inviter_id")
    }

    assert named <= seen_to


def test_where_both_have_orders_the_one_who_came_first_stays_and_has_them_all(any_database: Database) -> None:
    city, old, mine, theirs = with_orders_of_both(any_database)

    become_one(any_database, city.customer, old)

    assert now_is(any_database, city.customer) == old.id
    assert now_is(any_database, old) is None
    found = any_database.read(lambda tx: orders_of(tx, old.id, most=10))
    assert {one.id for one in found} == {mine.id, theirs.id}
    for one, where in ((mine, "建设路 2 号"), (theirs, city.address.text)):
        seen = any_database.read(lambda tx, order_id=one.id: details(tx, order_id, viewer=Viewer.CUSTOMER))  # type: ignore[misc]
        assert seen.address_text == where


def test_name_phone_and_addresses_come_along_where_the_other_told_none(any_database: Database) -> None:
    city, old, _, _ = with_orders_of_both(any_database)

    become_one(any_database, old, city.customer)

    assert any_database.read(lambda tx: people.name_of(tx, old.id)) == "王小姐"
    assert any_database.read(lambda tx: people.phone_of(tx, old.id)) == "+8613800138000"
    texts = {one.text for one in any_database.read(lambda tx: people.addresses(tx, old.id))}
    assert texts == {"建设路 2 号", city.address.text}
    channels = [one.channel for one in any_database.read(lambda tx: people.identities_of(tx, old.id))]
    assert sorted(channels) == ["telegram", "web"]


def test_what_was_said_and_shown_is_read_under_the_new_key(any_database: Database) -> None:
    city, old, _, theirs = with_orders_of_both(any_database)
    gone, picture = city.customer.id, check_picture(plain_png())
    ticket_id = any_database.run(
        lambda tx: support.open_ticket(tx, gone, kind="complaint", summary="手有点重", order_id=theirs.id, now=NOW)
    )
    file_id = any_database.run(lambda tx: files.keep(tx, gone, purpose=FilePurpose.REVIEW, picture=picture, now=NOW))
    any_database.run(
        lambda tx: conversations.receive(
            tx, channel="web", account="test", external_id="1", person_id=gone, key=people.key_of(tx, gone),
            raw=b"{}", answer_id=7, now=NOW,
        )
    )  # fmt: skip

    become_one(any_database, old, city.customer)

    assert any_database.read(lambda tx: support.ticket(tx, ticket_id)).summary == "手有点重"
    assert any_database.read(lambda tx: files.body(tx, file_id))[1] == picture.body
    heard = any_database.read(lambda tx: conversations.history(tx, old.id, after=NOW - timedelta(days=1), most=5))
    assert any_database.read(lambda tx: people.key_of(tx, old.id)).open(heard[0].raw_sealed, PURPOSE) == b"{}"


def test_messages_that_wait_and_messages_sent_are_the_ones_who_stays(any_database: Database) -> None:
    city, old, _, theirs = with_orders_of_both(any_database)
    for number in range(150):
        any_database.run(
            lambda tx, n=number: tell(  # type: ignore[misc]
                tx, city.customer.id, Template.REFUND_DONE, dedupe=f"x{n}", order_id=theirs.id, now=NOW
            )
        )
        if number % 2:
            any_database.run(lambda tx: tx.execute(_ALL_SENT))

    become_one(any_database, old, city.customer)

    left = select(message.c.id).where(message.c.person_id == city.customer.id)
    assert any_database.read(lambda tx: tx.all(left)) == []


_ALL_SENT = message.update().where(message.c.template == Template.REFUND_DONE.value).values(state="sent", due_at=None)


def test_both_sides_are_told_each_on_its_own_channel(any_database: Database) -> None:
    asker = any_database.run(lambda tx: a_person(tx, channel="wechat"))
    other = any_database.run(lambda tx: a_person(tx, channel="telegram"))

    become_one(any_database, asker, other)

    told = select(message.c.channel, message.c.person_id).where(message.c.template == Template.JOINED.value)
    found = any_database.read(lambda tx: tx.all(told))
    assert sorted(row.channel for row in found) == ["telegram", "wechat"]
    assert {row.person_id for row in found} == {asker.id}


def test_what_is_owed_moves_by_a_journal(any_database: Database) -> None:
    city, old, _, theirs = with_orders_of_both(any_database)
    any_database.run(
        lambda tx: record_compensation(
            tx, order_id=theirs.id, person_id=city.customer.id, amount_minor=2000, currency="CNY", now=NOW
        )
    )

    become_one(any_database, old, city.customer)

    def owed(who: Person) -> Callable[[Tx], int]:
        return lambda tx: balance(tx, AccountKind.CUSTOMER_PAYABLE, who.id, "CNY")

    assert any_database.read(owed(city.customer)) == 0
    assert any_database.read(owed(old)) == -2000


@pytest.mark.parametrize("used", ["neither", "first", "second"])
def test_nobody_has_a_new_customers_coupon_twice(any_database: Database, used: str) -> None:
    first, second = any_database.run(an_old_hand), any_database.run(a_person)
    for number, who in enumerate((first, second)):
        row = {
            "id": number + 1, "person_id": who.id, "kind": "new_customer", "amount_minor": 3000, "currency": "CNY",
            "order_id": 77 + number if used == ("first", "second")[number] else None, "granted_at": NOW,
            "used_at": None,
        }  # fmt: skip
        any_database.run(lambda tx, one=row: tx.execute(coupon.insert().values(**one)))  # type: ignore[misc]

    become_one(any_database, second, first)

    kept = any_database.read(lambda tx: tx.all(select(coupon.c.person_id, coupon.c.order_id)))
    assert [(row.person_id, row.order_id) for row in kept] == [
        (first.id, {"neither": None, "first": 77, "second": 78}[used])
    ]


def test_a_technician_stays_whoever_came_first(any_database: Database) -> None:
    old = any_database.run(an_old_hand)
    city = any_database.run(a_city)
    technician = Person(city.technician.person_id, "zh-Hans", "Asia/Shanghai", None)

    become_one(any_database, old, technician)

    assert now_is(any_database, old) == technician.id


def test_two_technicians_are_refused_at_the_asking_and_at_the_doing(database: Database) -> None:
    city = database.run(a_city)
    other = database.run(a_city)
    one, two = (Person(each.technician.person_id, "zh-Hans", "Asia/Shanghai", None) for each in (city, other))

    with pytest.raises(CannotJoin):
        ask(database, one, two)


def test_who_was_erased_is_joined_to_nobody(database: Database) -> None:
    one, two = database.run(a_person), database.run(an_old_hand)
    ask(database, one, two)
    database.run(lambda tx: people.erase(tx, two.id, NOW))

    work(database)

    assert [row.state for row in database.read(lambda tx: tx.all(STATES))] == ["refused"]
    assert now_is(database, one) is None


def test_why_an_operator_cancelled_is_still_read_and_goes_with_the_person(any_database: Database) -> None:
    city, old, _, _ = with_orders_of_both(any_database)
    order = any_database.run(lambda tx: an_order(tx, city, starts_at=STARTS_AT + timedelta(hours=3)))
    any_database.run(lambda tx: cancel_by_operator(tx, order.id, operator_id=1, reason="客人来电说家里停水", now=NOW))
    become_one(any_database, old, city.customer)
    (line,) = (
        one
        for one in any_database.read(lambda tx: audit.lines(tx, subject_kind="order", subject_id=order.id))
        if one.facts.get("reason_sealed")
    )

    assert any_database.read(lambda tx: reason_of(tx, line)) == "客人来电说家里停水"
    any_database.run(lambda tx: people.erase(tx, old.id, NOW))
    assert any_database.read(lambda tx: reason_of(tx, line)) is None
    keys = select(person.c.sealed_key).where(person.c.id == city.customer.id)
    assert any_database.read(lambda tx: tx.scalar(keys)) is None


def test_who_was_joined_before_belongs_to_the_newest_too(any_database: Database) -> None:
    first, second, third = (any_database.run(a_person) for _ in range(3))

    become_one(any_database, third, second)
    become_one(any_database, second, first)

    assert now_is(any_database, third) == now_is(any_database, second) == first.id
