"""Taking a technician's position, and telling the visit's customer of it once a sharing."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, or_, select, update

from core.db import Row, Tx, insert_into
from core.geo import Point
from core.messages import MessageState, Template, tell
from core.messages.tables import message
from core.orders.states import OrderState
from core.orders.tables import order
from core.people import key_of
from core.people.tables import identity
from core.positions.believing import believable
from core.positions.tables import position
from core.technicians.tables import technician

PURPOSE = "position"
_WRITTEN_EVERY = timedelta(seconds=55)
"""A little under the minute that whoever holds a sharing waits, so that one clock's haste loses no write."""
_LONGEST = timedelta(hours=8)
"""Telegram lets a sharing run for ever; ours ends with the working day."""

_ON_THE_WAY = (
    select(
        technician.c.person_id,
        technician.c.id.label("technician_id"),
        order.c.id.label("order_id"),
        order.c.person_id.label("customer_id"),
    )
    .select_from(
        identity.join(technician, technician.c.person_id == identity.c.person_id).join(
            order, or_(order.c.technician_id == technician.c.id, order.c.companion_id == technician.c.id)
        )
    )
    .where(
        identity.c.channel == bindparam("b_channel"),
        identity.c.account == bindparam("b_account"),
        identity.c.external_id == bindparam("b_external"),
        order.c.state == OrderState.DEPARTED.value,
    )
    .order_by(order.c.starts_at)
    .limit(1)
)
_KNOWN = select(position.c.order_id, position.c.share, position.c.sealed, position.c.seen_at).where(
    position.c.person_id == bindparam("b_person")
)
_INSERT = insert_into(position)
_WRITE = (
    update(position)
    .where(
        position.c.person_id == bindparam("b_person"),
        or_(
            position.c.seen_at <= bindparam("b_before"),
            position.c.order_id != bindparam("b_order"),
            position.c.share != bindparam("b_share"),
        ),
    )
    .values(
        order_id=bindparam("b_order"),
        sealed=bindparam("b_sealed"),
        share=bindparam("b_share"),
        live_until=bindparam("b_until"),
        seen_at=bindparam("b_now"),
    )
)
_MAP = (
    select(identity.c.external_id, message.c.external_ref)
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
        message.c.channel == bindparam("b_channel"),
        message.c.account == bindparam("b_account"),
        message.c.external_ref.is_not(None),
    )
    .order_by(message.c.id.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Map:
    """The message of a platform that shows the position to the customer."""

    external_id: str
    ref: str


@dataclass(frozen=True, slots=True)
class Taken:
    """A position is awaited for this order. Who is `ours` wrote it and moves the map until `again_at`.

    The others leave both alone.
    """

    order_id: int
    ours: bool
    fresh: bool
    again_at: datetime
    map: Map | None


def awaited(tx: Tx, *, channel: str, account: str, external_id: str) -> bool:
    """Tell, by looking alone, whether this is a technician on the way to a visit."""
    who = {"b_channel": channel, "b_account": account, "b_external": external_id}
    return tx.first(_ON_THE_WAY, who) is not None


def take(
    tx: Tx,
    *,
    channel: str,
    account: str,
    external_id: str,
    share: str,
    point: Point,
    live_until: datetime,
    now: datetime,
) -> Taken | None:
    """Keep where a technician on the way to a visit is; None, and nothing kept, of anybody else.

    Nor is a place kept that cannot be right. Of many processes that hear the same sharing one writes a minute. A new
    sharing is told to both sides.
    """
    found = tx.first(_ON_THE_WAY, {"b_channel": channel, "b_account": account, "b_external": external_id})
    if found is None or live_until <= now:
        return None
    known = tx.first(_KNOWN, {"b_person": found.person_id})
    if known is not None and known.sealed is None and known.share == share:
        return None  # said to be over already: an edit that came late
    if not believable(tx, found.order_id, technician_id=found.technician_id, point=point):
        return None
    written = _write(tx, found, share=share, point=point, live_until=min(live_until, now + _LONGEST), now=now)
    fresh = written and (known is None or (known.order_id, known.share) != (found.order_id, share))
    if fresh:
        _tell_both(tx, found, share=share, live_until=live_until, now=now)
    last = now if written or known is None else known.seen_at
    return Taken(
        order_id=found.order_id,
        ours=written,
        fresh=fresh,
        again_at=last + _WRITTEN_EVERY,
        map=map_of(tx, found.order_id, channel=channel, account=account),
    )


def map_of(tx: Tx, order_id: int, *, channel: str, account: str) -> Map | None:
    """Return the newest map of an order on a channel; None while its message has not been sent."""
    shown = tx.first(_MAP, {"b_order": order_id, "b_channel": channel, "b_account": account})
    return None if shown is None else Map(shown.external_id, shown.external_ref)


def _write(tx: Tx, found: Row, *, share: str, point: Point, live_until: datetime, now: datetime) -> bool:
    sealed = key_of(tx, found.person_id).seal(json.dumps([point.lat, point.lng]).encode(), PURPOSE)
    row: dict[str, Any] = {
        "person_id": found.person_id,
        "order_id": found.order_id,
        "sealed": sealed,
        "share": share,
        "live_until": live_until,
        "seen_at": now,
    }
    if tx.insert_if_new(_INSERT, row):
        return True
    params = {
        "b_person": found.person_id,
        "b_order": found.order_id,
        "b_sealed": sealed,
        "b_share": share,
        "b_until": live_until,
        "b_now": now,
        "b_before": now - _WRITTEN_EVERY,
    }
    return tx.execute(_WRITE, params) == 1


def _tell_both(tx: Tx, found: Row, *, share: str, live_until: datetime, now: datetime) -> None:
    for person_id, template in (
        (found.customer_id, Template.POSITION_SHARED),
        (found.person_id, Template.POSITION_ON),
    ):
        tell(
            tx,
            person_id,
            template,
            dedupe=f"position:{found.order_id}:{found.person_id}:{share}:{template}",
            facts={},
            order_id=found.order_id,
            expires_at=live_until,
            now=now,
        )
