"""Buttons and bills that stand in chats: noted when shown, taken away once their order has moved on."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec
from aiogram import Bot
from aiogram.types import InlineKeyboardMarkup

from bots.telegram.keyboards import inline_keyboard
from bots.telegram.receipts import PROVIDER
from bots.telegram.sending import settled
from core.conversations.place import prompt_of
from core.crash import crash_point
from core.crypto import Unreadable
from core.db import DatabaseError, Tx
from core.errors import BookingError
from core.messages import MessageKind, keyboards
from core.messages.keyboards import KeyboardOver, Shown
from core.messages.outbox import open_body
from core.money import payments
from core.money.payments import PaymentState
from core.orders.moves import load
from core.people import key_of
from dialogs.lasting import About, Lasting, lasting
from dialogs.outgoing import Later, Outgoing, decode_body
from dialogs.reception import Reception

_MOST: Final = 20
_LATE: Final = timedelta(seconds=90)
"""So much later than its time a move may be committed, by a clock that is as far off as one may be (a minute)."""
_TAKEN: Final = (PaymentState.PAID, PaymentState.REFUNDED, PaymentState.PARKED)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Left:
    """What is left in a chat of buttons whose order has moved on; a bill goes as a whole."""

    found: KeyboardOver
    markup: InlineKeyboardMarkup | None = None
    stays: bool = False


@dataclass(slots=True)
class Standing:
    """The buttons of one bot that are about orders."""

    bot: Bot
    account: str
    reception: Reception
    _since: datetime | None = None
    """Until when everything was looked at; None: never by this process."""

    async def note(self, message: Outgoing, ref: str | None) -> None:
        """Keep what was just shown where whoever tidies up finds it; a chat that is not tidied up is still right."""
        if ref is None:
            return
        now = self.reception.clock.now()
        try:
            await self.reception.db.arun(lambda tx: _note(tx, message, ref, now=now))
        except (BookingError, DatabaseError) as error:
            _log.info("buttons not noted", extra={"message_id": message.message_id, "error": type(error).__name__})

    async def moved_on(self, message_id: int, ref: str, found: Sequence[Lasting]) -> frozenset[About] | None:
        """Return what buttons of a message in a chat are about and no longer good for.

        None where they are not to be touched: other words stand in their place, or nobody can tell.
        """
        try:
            return await self.reception.db.aread(lambda tx: _moved_on(tx, message_id, ref, found))
        except (BookingError, DatabaseError) as error:
            _log.info("buttons not looked up", extra={"message_id": message_id, "error": type(error).__name__})
            return None

    async def end_over(self) -> int:
        """Take buttons away whose order has moved on, and bills that can no longer be paid; how many there were."""
        db, now, real_now = self.reception.db, self.reception.clock.now(), datetime.now(UTC)
        who = {"channel": "telegram", "account": self.account}
        found = await db.aread(lambda tx: keyboards.over(tx, **who, since=self._since, real_now=real_now, most=_MOST))
        if len(found) < _MOST:
            self._since = now - _LATE
        if not found:
            return 0
        taken = await db.arun(
            lambda tx: [_safely_left(tx, one) for one in found if keyboards.take(tx, one, real_now=real_now)]
        )
        for left in taken:
            later = await self._clear(left)
            await db.arun(lambda tx, one=left.found, later=later: _settle(tx, one, later))  # type: ignore[misc]
            if later is not None:
                break  # the others are tried again when their lease has run out
        return len(found)

    async def _clear(self, left: _Left) -> Later | None:
        """Take buttons or a bill out of the chat; returns when to try again where Telegram could not be told."""
        found = left.found
        if left.stays:
            return None
        crash_point("telegram.clear")
        chat_id, ref = int(found.external_id), int(found.ref)
        if found.what is Shown.BILL:
            return await settled(self.bot.delete_message(chat_id, ref), "take bill away")
        edit = self.bot.edit_message_reply_markup(chat_id=chat_id, message_id=ref, reply_markup=left.markup)
        return await settled(edit, "take buttons away")


def is_about_orders(message: Outgoing) -> bool:
    """Tell whether buttons of a message may go with an order: those of a card, and what outlasts its question."""
    if message.kind == MessageKind.CARD:
        return bool(message.body.buttons)
    return bool(lasting(message.body))


def _note(tx: Tx, message: Outgoing, ref: str, *, now: datetime) -> None:
    if message.kind == MessageKind.CARD:
        keyboards.stands(tx, message.message_id, ref=ref, now=now)
        return
    for one in lasting(message.body):
        order_id = _order_of(tx, one)
        if order_id is not None:
            keyboards.stands(tx, message.message_id, ref=ref, now=now, order_id=order_id, good_in=one.good_in)


def _settle(tx: Tx, found: KeyboardOver, later: Later | None) -> None:
    if later is None:
        keyboards.cleared(tx, found)
    else:
        keyboards.leave(tx, found, until=datetime.now(UTC) + max(keyboards.LEASE, timedelta(seconds=later.seconds)))


def _safely_left(tx: Tx, found: KeyboardOver) -> _Left:
    """Return what is still good there; of what cannot be read nothing is, and it must not stop the others."""
    try:
        return _left(tx, found)
    except (BookingError, Unreadable, msgspec.MsgspecError) as error:
        _log.warning("buttons not read", extra={"message_id": found.message_id, "error": type(error).__name__})
        return _Left(found, stays=found.replaced)


def _left(tx: Tx, found: KeyboardOver) -> _Left:
    """Return what is still good there: a question that is still open keeps its other choices."""
    if found.what is Shown.BILL:
        return _Left(found, stays=_is_receipt(tx, found.order_id))
    if found.replaced or found.body_sealed is None or found.of_card:
        return _Left(found, stays=found.replaced)
    body = decode_body(open_body(key_of(tx, found.person_id), found.body_sealed))
    is_open = prompt_of(tx, found.person_id) == found.message_id
    there = range(len(body.buttons)) if is_open else (one.place for one in lasting(body))
    dead = {one.place for one in lasting(body) if _is_dead(tx, one)}
    return _Left(found, inline_keyboard(body, found.message_id, only=frozenset(there) - dead))


def _moved_on(tx: Tx, message_id: int, ref: str, found: Sequence[Lasting]) -> frozenset[About] | None:
    if keyboards.is_replaced(tx, message_id, ref=ref):
        return None
    return frozenset(one.about for one in found if _is_dead(tx, one))


def _is_dead(tx: Tx, one: Lasting) -> bool:
    """Whether what a button is for is over: by its own order, whichever order brought somebody here to look.

    An order that is booked again is to be paid again, by another payment.
    """
    payment = None if one.pays is None else payments.payment_by_token(tx, one.pays)
    if payment is not None and payment.state is not PaymentState.OPEN:
        return True
    order_id = one.order_id if payment is None else payment.order_id
    return order_id is not None and load(tx, order_id).state is not one.good_in


def _order_of(tx: Tx, one: Lasting) -> int | None:
    if one.pays is None:
        return one.order_id
    payment = payments.payment_by_token(tx, one.pays)
    return None if payment is None else payment.order_id


def _is_receipt(tx: Tx, order_id: int) -> bool:
    """Whether the order was paid by its bill in the chat, which Telegram shows as the receipt then."""
    made = payments.payments_of(tx, order_id)
    return any(one.provider == PROVIDER and one.state in _TAKEN for one in made)
