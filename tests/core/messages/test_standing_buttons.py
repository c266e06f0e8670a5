"""Buttons that stand in chats are found once their order has moved on, and the cards somebody was shown lately."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from core.db import Database, Tx
from core.messages import Template, keyboards, tell
from core.messages.keyboards import KeyboardOver, Shown
from core.messages.shown_cards import CardShown, cards_shown
from core.messages.tables import message
from core.orders import cancelling, moves
from core.orders.moves import Order
from core.orders.states import OrderState
from core.people import identities_of
from tests.builders import NOW, City, a_city, a_person
from tests.visits import an_order

REF = "77"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
REAL = datetime(2030, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Chat:
    """A customer's chat with cards of an order in it."""

    db: Database
    city: City
    order: Order

    def shows(self, template: Template = Template.REMINDER_DAY, *, at: datetime = NOW, **over: Any) -> int:
        """Send a card about the order as it stands; returns its id."""

        def unit(tx: Tx) -> int:
            order = moves.load(tx, self.order.id)
            me = identities_of(tx, self.city.customer.id)[0]
            facts: dict[str, Any] = {"order_id": order.id, "order_version": order.version} | over
            tell(tx, self.city.customer.id, template, dedupe=f"{template}{at}{over}", now=at, **facts)
            row_id = tx.scalar(select(message.c.id).order_by(message.c.id.desc()).limit(1))
            sent = {"sent_at": at, "body_sealed": b"sealed", "channel": me.channel, "account": me.account}
            tx.execute(update(message).where(message.c.id == row_id).values(sent | {"external_ref": REF}))
            return int(row_id)

        return self.db.run(unit)

    def stands(self, message_id: int, **how: Any) -> bool:
        facts: dict[str, Any] = {"ref": REF, "now": NOW} | how
        return self.db.run(lambda tx: keyboards.stands(tx, message_id, **facts))

    def over(
        self, *, since: datetime = LONG_AGO, real_now: datetime = REAL, most: int = 20
    ) -> tuple[KeyboardOver, ...]:
        def unit(tx: Tx) -> tuple[KeyboardOver, ...]:
            me = identities_of(tx, self.city.customer.id)[0]
            who: dict[str, Any] = {"channel": me.channel, "account": me.account, "most": most}
            return keyboards.over(tx, **who, since=since, real_now=real_now)

        return self.db.read(unit)

    def cancels(self) -> None:
        def unit(tx: Tx) -> None:
            seen = cancelling.consequence(tx, moves.load(tx, self.order.id), NOW)
            cancelling.cancel(tx, self.order.id, person_id=self.city.customer.id, shown=seen, now=NOW)

        self.db.run(unit)

    def cards(self, *, now: datetime = NOW, most: int = 5) -> tuple[CardShown, ...]:
        return self.db.read(lambda tx: cards_shown(tx, self.city.customer.id, now=now, most=most))


def a_chat(db: Database) -> Chat:
    city = db.run(a_city)
    return Chat(db, city, db.run(lambda tx: an_order(tx, city, state=OrderState.ACCEPTED)))


def test_a_cards_buttons_are_over_once_its_order_has_moved_and_are_taken_away_by_one(any_database: Database) -> None:
    chat = a_chat(any_database)
    card = chat.shows()
    assert chat.stands(card)
    assert not chat.stands(card)  # told twice, noted once
    assert chat.over() == ()

    chat.cancels()

    (found,) = chat.over()
    assert (found.message_id, found.ref, found.order_state) == (card, REF, OrderState.CANCELLED)
    assert (found.of_card, found.replaced, found.what) == (True, False, Shown.BUTTONS)
    assert [any_database.run(lambda tx: keyboards.take(tx, found, real_now=REAL)) for _ in range(2)] == [True, False]
    assert chat.over() == ()


def test_what_was_taken_and_not_cleared_away_is_taken_again_a_minute_later(any_database: Database) -> None:
    chat = a_chat(any_database)
    chat.stands(chat.shows())
    chat.cancels()
    (found,) = chat.over()
    any_database.run(lambda tx: keyboards.take(tx, found, real_now=REAL))
    much_later = NOW + timedelta(days=1)

    assert chat.over(since=much_later, real_now=REAL + keyboards.LEASE - timedelta(seconds=1)) == ()
    later = REAL + keyboards.LEASE
    assert chat.over(since=much_later, real_now=later) == (found,)

    any_database.run(lambda tx: keyboards.leave(tx, found, until=later + timedelta(seconds=1)))
    assert chat.over(since=much_later, real_now=later) == ()
    any_database.run(lambda tx: keyboards.cleared(tx, found))
    assert chat.over(real_now=later + timedelta(days=1)) == ()


def test_what_is_shown_after_its_order_moved_is_looked_at_from_then_on(any_database: Database) -> None:
    chat = a_chat(any_database)
    card = chat.shows()
    chat.cancels()
    chat.stands(card, now=NOW + timedelta(minutes=5))  # on the screen only after its order had moved

    assert [len(chat.over(since=NOW + timedelta(minutes=at))) for at in (-1, 4, 6)] == [1, 1, 0]


def test_buttons_shown_long_ago_are_looked_at_when_their_order_moves(any_database: Database) -> None:
    chat = a_chat(any_database)
    chat.stands(chat.shows(), now=NOW - timedelta(days=3))
    chat.cancels()
    assert [len(chat.over(since=NOW + timedelta(minutes=at))) for at in (-1, 1)] == [1, 0]


def test_buttons_of_whom_nobody_can_reach_any_more_take_no_place_in_a_look(any_database: Database) -> None:
    chat = a_chat(any_database)
    gone, there = chat.shows(), chat.shows(Template.ACCEPTED)
    for card in (gone, there):
        chat.stands(card)
    nobody = {"person_id": any_database.run(lambda tx: a_person(tx, channel="elsewhere").id)}
    any_database.run(lambda tx: tx.execute(update(message).where(message.c.id == gone).values(nobody)))

    chat.cancels()

    assert [found.message_id for found in chat.over(most=1)] == [there]


def test_buttons_good_in_one_state_are_over_in_another_and_a_bill_is_kept_apart(any_database: Database) -> None:
    chat = a_chat(any_database)
    shown = chat.shows()
    about: dict[str, Any] = {"order_id": chat.order.id}
    assert chat.stands(shown, **about, good_in=OrderState.ACCEPTED)
    assert chat.stands(shown, **about, what=Shown.BILL, good_in=OrderState.TO_PAY)

    assert [found.what for found in chat.over()] == [Shown.BILL]
    chat.cancels()
    assert {found.what for found in chat.over()} == {Shown.BILL, Shown.BUTTONS}


def test_buttons_another_message_was_written_over_are_said_to_be_replaced(any_database: Database) -> None:
    chat = a_chat(any_database)
    card = chat.shows()
    chat.stands(card)
    assert not any_database.read(lambda tx: keyboards.is_replaced(tx, card, ref=REF))
    chat.shows(Template.ACCEPTED)  # the same place in the chat
    assert any_database.read(lambda tx: keyboards.is_replaced(tx, card, ref=REF))
    assert not any_database.read(lambda tx: keyboards.is_replaced(tx, card, ref="78"))

    chat.cancels()

    assert [found.replaced for found in chat.over()] == [True]


def test_what_is_about_no_order_is_not_noted_and_old_notes_are_forgotten(any_database: Database) -> None:
    chat = a_chat(any_database)
    card, bare = chat.shows(), chat.shows(Template.NEWS, order_id=None, order_version=None)
    assert not chat.stands(bare)
    assert chat.stands(card)

    later = [any_database.run(lambda tx, d=days: keyboards.forget_old(tx, now=NOW + timedelta(d))) for days in (29, 31)]  # type: ignore[misc]

    assert later == [0, 1]


def test_the_cards_shown_lately_come_newest_first_and_say_whether_they_still_count(any_database: Database) -> None:
    chat = a_chat(any_database)
    chat.shows(Template.ACCEPTED, at=NOW - timedelta(days=15))
    chat.shows(Template.REMINDER_DAY, at=NOW - timedelta(hours=2), expires_at=NOW)
    chat.shows(Template.REMINDER_HOURS, at=NOW - timedelta(hours=1))
    chat.shows(Template.STARTED)  # which has no buttons

    assert [(one.sent_at, one.stands) for one in chat.cards()] == [
        (NOW - timedelta(hours=1), True),
        (NOW - timedelta(hours=2), False),
    ]
    assert len(chat.cards(most=1)) == 1
    chat.cancels()
    assert [one.stands for one in chat.cards()] == [False, False]
    assert chat.cards(now=NOW + timedelta(days=15)) == ()
