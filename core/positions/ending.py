"""The end of a sharing: by the technician, by its time, by the visit. The position goes first, then its map."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, or_, select, update

from core.db import Tx
from core.messages import MessageState, Template, tell
from core.messages.tables import message
from core.orders.states import OrderState
from core.orders.tables import order
from core.people.tables import identity
from core.positions.sharing import Map
from core.positions.tables import position

_BY_SHARE = (
    select(position.c.person_id, position.c.order_id, position.c.share)
    .select_from(position.join(identity, identity.c.person_id == position.c.person_id))
    .where(
        identity.c.channel == bindparam("b_channel"),
        identity.c.account == bindparam("b_account"),
        identity.c.external_id == bindparam("b_external"),
        position.c.share == bindparam("b_share"),
    )
)
_OVER = (
    select(
        position.c.person_id,
        position.c.order_id,
        position.c.share,
        position.c.sealed.is_not(None).label("is_news"),
        (order.c.state == OrderState.DEPARTED.value).label("goes_on"),
    )
    .select_from(position.outerjoin(order, order.c.id == position.c.order_id))
    .where(
        or_(
            position.c.sealed.is_(None),
            position.c.live_until <= bindparam("b_now"),
            order.c.id.is_(None),
            order.c.state != OrderState.DEPARTED.value,
        )
    )
    .order_by(position.c.person_id)
    .limit(bindparam("b_most"))
)
_CLEAR = (
    update(position)
    .where(
        position.c.person_id == bindparam("b_person"),
        position.c.share == bindparam("b_share"),
        position.c.sealed.is_not(None),
    )
    .values(sealed=None)
)
_FORGET = delete(position).where(
    position.c.person_id == bindparam("b_person"),
    position.c.share == bindparam("b_share"),
    position.c.sealed.is_(None),
)
_MAPS = (
    select(message.c.channel, message.c.account, identity.c.external_id, message.c.external_ref)
    .select_from(
        message.join(
            identity,
            (identity.c.person_id == message.c.person_id)
            & (identity.c.channel == message.c.channel)
            & (identity.c.account == message.c.account),
        )
    )
    .where(
        message.c.order_id == bindparam("b_order"),
        message.c.template == Template.POSITION_SHARED.value,
        message.c.state == MessageState.SENT.value,
        message.c.external_ref.is_not(None),
    )
    .order_by(message.c.id)
)


@dataclass(frozen=True, slots=True)
class Over:
    """A sharing that has ended: the maps of the channel that still show it, until `forget`."""

    person_id: int
    share: str
    maps: tuple[Map, ...]


def ended(tx: Tx, *, channel: str, account: str, external_id: str, share: str, now: datetime) -> bool:
    """Note that the technician shares no longer, and tell them what that means; False when nothing was shared."""
    who = {"b_channel": channel, "b_account": account, "b_external": external_id, "b_share": share}
    row = tx.first(_BY_SHARE, who)
    if row is None or not tx.execute(_CLEAR, {"b_person": row.person_id, "b_share": share}):
        return False
    _tell_off(tx, row.person_id, row.order_id, share, now)
    return True


def over(tx: Tx, *, channel: str, account: str, now: datetime, most: int) -> tuple[Over, ...]:
    """Take the positions of sharings that have ended away, and return what still shows them."""
    found = []
    for row in tx.all(_OVER, {"b_now": now, "b_most": most}):
        cleared = tx.execute(_CLEAR, {"b_person": row.person_id, "b_share": row.share}) == 1
        if cleared and row.goes_on:
            _tell_off(tx, row.person_id, row.order_id, row.share, now)
        maps = tuple(
            Map(one.external_id, one.external_ref)
            for one in tx.all(_MAPS, {"b_order": row.order_id})
            if (one.channel, one.account) == (channel, account)
        )
        found.append(Over(row.person_id, row.share, maps))
    return tuple(found)


def forget(tx: Tx, person_id: int, *, share: str) -> None:
    """Remove the last trace of a sharing that has ended and is shown nowhere any more."""
    tx.execute(_FORGET, {"b_person": person_id, "b_share": share})


def sweep(tx: Tx, *, now: datetime, most: int) -> int:
    """Remove sharings that have ended where no channel is open any more to show them; how many there were."""
    found = over(tx, channel="", account="", now=now, most=most)
    for one in found:
        forget(tx, one.person_id, share=one.share)
    return len(found)


def _tell_off(tx: Tx, person_id: int, order_id: int, share: str, now: datetime) -> None:
    tell(
        tx,
        person_id,
        Template.POSITION_OFF,
        dedupe=f"position:{order_id}:{person_id}:{share}:off",
        facts={},
        order_id=order_id,
        now=now,
    )
