"""Two persons become one: nothing is lost, nothing is done twice, and no crash leaves a half of anybody."""

import threading
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import select

from core import conversations, files, people, reviews, support, uniting
from core.conversations.inbox import PURPOSE
from core.db import Database, Tx
from core.files import FilePurpose, check_picture
from core.invariants import check_invariants
from core.messages import Template, tell
from core.messages.tables import message
from core.money import coupons
from core.money.kinds import AccountKind
from core.money.ledger import balance, record_compensation
from core.orders import moves
from core.orders.cancelling import cancel_by_operator, reason_of
from core.orders.states import OrderState
from core.orders.tables import order as order_table
from core.orders.views import Viewer, details, orders_of
from core.people.joining import known
from core.people.tables import consent, identity, person
from core.settings import rules
from core.tables import metadata
from core.uniting import CannotJoin, Side, ask_to_join, due_work
from core.uniting import uniting as verbs
from core.uniting.moving import AT_ONCE, FORGOTTEN, OTHERWISE, PORTIONS, OneEach
from core.uniting.states import JoiningState
from core.uniting.tables import joining
from core.wall import at_wall
from simulators.tinypng import plain_png
from tests.builders import NOW, ZONE, City, a_city, a_customer, a_person, an_address
from tests.core.racing import race
from tests.visits import an_order

LATER = NOW + timedelta(minutes=2)
_JOINING = select(joining.c.state, joining.c.keep_id, joining.c.gone_id)


def _side(person_id: int, channel: str = "web") -> Side:
    return Side(person_id, channel, "test")


def _ask(database: Database, asker_id: int, other_id: int, now: datetime = NOW) -> int:
    return database.run(
        lambda tx: ask_to_join(tx, _side(asker_id, "wechat"), _side(other_id, "telegram"), agreed=True, now=now)
    )


def _work(database: Database, now: datetime = NOW) -> None:
    while database.run(lambda tx: due_work(tx, now)):
        pass


def _become_one(database: Database, asker_id: int, other_id: int) -> None:
    _ask(database, asker_id, other_id)
    _work(database)
    _work(database, LATER)
    assert database.read(check_invariants) == []


def _now_is(database: Database, person_id: int) -> int | None:
    found = database.read(lambda tx: tx.first(select(person.c.joined_to).where(person.c.id == person_id)))
    assert found is not None
    return found.joined_to  # type: ignore[no-any-return]


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


def test_what_one_person_told_is_read_as_the_others(any_database: Database) -> None:
    city = any_database.run(a_city)
    older = any_database.run(lambda tx: a_person(tx, channel="telegram"))
    order = any_database.run(lambda tx: an_order(tx, city, state=OrderState.REVIEWED))
    gone = city.customer.id
    any_database.run(lambda tx: an_order(tx, replace(city, customer=older), starts_at=order.starts_at + timedelta(hours=5)))
    ticket_id = any_database.run(
        lambda tx: support.open_ticket(tx, gone, kind="complaint", summary="手有点重", order_id=order.id, now=NOW)
    )
    kept = partial(files.keep, purpose=FilePurpose.REVIEW, picture=check_picture(plain_png()), now=NOW)
    file_id = any_database.run(lambda tx: kept(tx, gone))
    any_database.run(
        lambda tx: conversations.receive(
            tx, channel="web", account="test", external_id="1", person_id=gone, key=people.key_of(tx, gone), raw=b"{}", now=NOW
        )
    )
    any_database.run(lambda tx: tell(tx, gone, Template.REFUND_DONE, dedupe="x", order_id=order.id, now=NOW))
    # Who came first stays where both have orders.
    first, second = sorted((older.id, gone))

    _become_one(any_database, gone, older.id)

    assert _now_is(any_database, second) == first
    with any_database_of(any_database) as tx_of:
        mine = tx_of(lambda tx: {one.id for one in orders_of(tx, first, most=10)})
        assert order.id in mine
        assert tx_of(lambda tx: details(tx, order.id, viewer=Viewer.CUSTOMER)).address_text == city.address.text
        assert [one.text for one in tx_of(lambda tx: people.addresses(tx, first))] == [city.address.text]
        assert tx_of(lambda tx: support.ticket(tx, ticket_id)).summary == "手有点重"
        assert tx_of(lambda tx: files.read(tx, file_id)).body
        assert tx_of(lambda tx: people.phone_of(tx, first)) == "+8613800138000"
        assert tx_of(lambda tx: people.name_of(tx, first)) == "王小姐"
        assert {one.channel for one in tx_of(lambda tx: people.identities_of(tx, first))} == {"web", "telegram"}
        raw = tx_of(lambda tx: conversations.history(tx, first, after=NOW - timedelta(days=1), most=5))
        assert tx_of(lambda tx: people.key_of(tx, first)).open(raw[0].raw_sealed, PURPOSE) == b"{}"
        assert tx_of(lambda tx: tx.all(select(message.c.id).where(message.c.person_id == second))) == []


class any_database_of:  # noqa: N801  reads as a phrase
    """Look at the database once more and once more."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def __enter__(self):  # type: ignore[no-untyped-def]  # noqa: ANN204
        return self._database.read

    def __exit__(self, *_: object) -> None:
        return None
