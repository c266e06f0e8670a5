"""Buttons that stand in a chat and are good only while their order stands as it did: to be taken away after that."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    delete,
    func,
    literal,
    or_,
    select,
    union,
    update,
)

from core.db import Instant, Row, Tx, insert_into
from core.messages.tables import keyboard, message
from core.messages.telling import MessageKind
from core.orders.states import OrderState
from core.orders.tables import order
from core.people.tables import identity

_KEPT = timedelta(days=30)
"""So long a chat is tidied up after an order; what stands there longer says by itself that it is out of date."""
LEASE = timedelta(minutes=1)
"""So long one process has what it took; what it has not cleared away by then another takes."""
_INSERT = insert_into(keyboard)
_EVER = datetime(2000, 1, 1, tzinfo=UTC)
_NEVER = datetime(9000, 1, 1, tzinfo=UTC)
_KEY = (keyboard.c.order_id, keyboard.c.message_id, keyboard.c.what)
_THIS = (
    keyboard.c.order_id == bindparam("b_order"),
    keyboard.c.message_id == bindparam("b_message"),
    keyboard.c.what == bindparam("b_what"),
)
# Written so that no database reads it from an index: nearly all rows are free.
_free = func.coalesce(keyboard.c.leased_until, literal(_EVER, Instant)) <= bindparam("b_real", type_=Instant)
_later = message.alias("later")
_lately = order.alias("lately")
_ORDER = select(message.c.order_id).where(message.c.id == bindparam("b_message"))
_its_chat = and_(
    identity.c.person_id == message.c.person_id,
    identity.c.channel == message.c.channel,
    identity.c.account == message.c.account,
)


def _over_where(new: ColumnElement[bool]) -> Select[Any]:
    """Select the keys of buttons whose order has moved on, of those about which something is new.

    All that stand are many, these are few: what is new is read from an index, the rest by its key.
    """
    return (
        select(*_KEY)
        .select_from(
            keyboard.join(order, order.c.id == keyboard.c.order_id).join(message, message.c.id == keyboard.c.message_id)
        )
        .where(
            new,
            message.c.channel == bindparam("b_channel"),
            message.c.account == bindparam("b_account"),
            or_(
                keyboard.c.state != order.c.state,
                keyboard.c.state.is_(None) & (message.c.order_version != order.c.version),
            ),
            # Of whom nobody can reach any more it would take the place of others in every look.
            select(identity.c.id).where(_its_chat).exists(),
        )
    )


# As a list of its own: joined, SQLite would read all that stand and look up the order of each.
_moved = select(_lately.c.id).where(_lately.c.updated_at > bindparam("b_moved"))
_found = union(
    _over_where(keyboard.c.order_id.in_(_moved) & _free),
    _over_where((keyboard.c.shown_at > bindparam("b_shown")) & _free),
    _over_where(keyboard.c.leased_until <= bindparam("b_real")),
).subquery("found")
_OVER = select(_found).order_by(_found.c.message_id).limit(bindparam("b_most", type_=Integer))
_WHERE = (
    select(
        keyboard.c.order_id,
        keyboard.c.message_id,
        keyboard.c.what,
        keyboard.c.ref,
        message.c.person_id,
        message.c.kind,
        message.c.body_sealed,
        identity.c.external_id,
        order.c.state.label("order_state"),
        select(_later.c.id)
        .where(
            _later.c.person_id == message.c.person_id,
            _later.c.id > message.c.id,
            _later.c.external_ref == keyboard.c.ref,
        )
        .exists()
        .label("is_replaced"),
    )
    .select_from(
        keyboard.join(message, message.c.id == keyboard.c.message_id)
        .join(order, order.c.id == keyboard.c.order_id)
        .join(identity, _its_chat)
    )
    .where(*_THIS)
    .limit(1)
)
_REPLACED = (
    select(_later.c.id)
    .select_from(message.join(_later, (_later.c.person_id == message.c.person_id) & (_later.c.id > message.c.id)))
    .where(message.c.id == bindparam("b_message"), _later.c.external_ref == bindparam("b_ref"))
    .limit(1)
)
_TAKE = update(keyboard).where(*_THIS, _free).values(leased_until=bindparam("b_until"))
_LEAVE = update(keyboard).where(*_THIS).values(leased_until=bindparam("b_until"))
_CLEARED = delete(keyboard).where(*_THIS)
_FORGET = delete(keyboard).where(keyboard.c.shown_at < bindparam("b_before"))


class Shown(StrEnum):
    """What stands in the chat: a message's buttons, or a bill beside it."""

    BUTTONS = "buttons"
    BILL = "bill"


@dataclass(frozen=True, slots=True)
class KeyboardOver:
    """Buttons whose order has moved on, in whose chat; `replaced` ones are gone: other words stand in their place."""

    order_id: int
    message_id: int
    what: Shown
    ref: str
    person_id: int
    external_id: str
    body_sealed: bytes | None
    order_state: OrderState
    of_card: bool
    replaced: bool


def stands(
    tx: Tx,
    message_id: int,
    *,
    ref: str,
    now: datetime,
    what: Shown = Shown.BUTTONS,
    order_id: int | None = None,
    good_in: OrderState | None = None,
) -> bool:
    """Note that a message's buttons stand in a chat as `ref`; False when they are about no order.

    They are good in one state of the order; without one, as those of a card, while it has the version it was told of.
    """
    about = order_id if order_id is not None else tx.scalar(_ORDER, {"b_message": message_id})
    if about is None:
        return False
    row = {
        "order_id": about, "message_id": message_id, "what": what.value, "ref": ref,
        "state": None if good_in is None else good_in.value, "shown_at": now, "leased_until": None,
    }  # fmt: skip
    return tx.insert_if_new(_INSERT, row)


def over(
    tx: Tx, *, channel: str, account: str, since: datetime | None, real_now: datetime, most: int
) -> tuple[KeyboardOver, ...]:
    """Return the buttons in chats of a channel whose order has moved on, and that nobody is clearing away just now.

    Looked at are those shown, or whose order moved, after `since` (business time; None: all that stand), and what
    somebody took and left.
    """
    params = {
        "b_channel": channel, "b_account": account, "b_real": real_now, "b_most": most,
        "b_shown": since or _EVER, "b_moved": since or _NEVER,
    }  # fmt: skip
    keys = ({"b_order": row.order_id, "b_message": row.message_id, "b_what": row.what} for row in tx.all(_OVER, params))
    return tuple(_over(row) for row in (tx.first(_WHERE, key) for key in keys) if row is not None)


def _over(row: Row) -> KeyboardOver:
    return KeyboardOver(
        order_id=row.order_id,
        message_id=row.message_id,
        what=Shown(row.what),
        ref=row.ref,
        person_id=row.person_id,
        external_id=row.external_id,
        body_sealed=None if row.body_sealed is None else bytes(row.body_sealed),
        order_state=OrderState(row.order_state),
        of_card=row.kind == MessageKind.CARD,
        replaced=bool(row.is_replaced),
    )


def is_replaced(tx: Tx, message_id: int, *, ref: str) -> bool:
    """Tell whether the words of a later message stand where this one stood in its chat."""
    return tx.scalar(_REPLACED, {"b_message": message_id, "b_ref": ref}) is not None


def take(tx: Tx, found: KeyboardOver, *, real_now: datetime) -> bool:
    """Take it upon oneself to clear these buttons away within a minute; False when another process has."""
    return tx.execute(_TAKE, _this(found) | {"b_real": real_now, "b_until": real_now + LEASE}) == 1


def leave(tx: Tx, found: KeyboardOver, *, until: datetime) -> None:
    """Leave buttons that could not be cleared away to whoever looks after `until` (real time)."""
    tx.execute(_LEAVE, _this(found) | {"b_until": until})


def cleared(tx: Tx, found: KeyboardOver) -> None:
    """Note that these buttons stand no more."""
    tx.execute(_CLEARED, _this(found))


def _this(found: KeyboardOver) -> dict[str, object]:
    return {"b_order": found.order_id, "b_message": found.message_id, "b_what": found.what.value}


def forget_old(tx: Tx, *, now: datetime) -> int:
    """Forget what has stood in a chat for a month; how many there were."""
    return tx.execute(_FORGET, {"b_before": now - _KEPT})
