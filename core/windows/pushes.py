"""Windows: an act of a person lets us write so many messages for so long (WeChat's notice of 12 June 2023)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from sqlalchemy import bindparam, select, update

from core.db import Tx, insert_into
from core.windows.tables import push_window as table


class Trigger(StrEnum):
    """Acts of a person that let us write."""

    MESSAGE = "message"
    MENU = "menu"
    FOLLOW = "follow"
    SCAN = "scan"


ALLOWED: Final[Mapping[Trigger, tuple[int, timedelta]]] = MappingProxyType(
    {
        Trigger.MESSAGE: (5, timedelta(hours=48)),
        Trigger.MENU: (3, timedelta(minutes=1)),
        Trigger.FOLLOW: (3, timedelta(minutes=1)),
        Trigger.SCAN: (3, timedelta(minutes=1)),
    }
)
"""How many messages each act allows, and for how long."""

EARLY: Final = timedelta(seconds=3)
"""So much sooner a window ends here: the platform's own began when the act was made, not when we were told."""


@dataclass(frozen=True, slots=True)
class Spent:
    """One message taken out of a window, before it is sent."""

    trigger: Trigger
    ends_at: datetime


_INSERT = insert_into(table)
_THIS = (table.c.identity_id == bindparam("b_identity"), table.c.opened_by == bindparam("b_by"))
_AGAIN = update(table).where(*_THIS).values(left=bindparam("new_left"), ends_at=bindparam("new_ends"))
_OPEN = (
    select(table.c.opened_by, table.c.left, table.c.ends_at)
    .where(table.c.identity_id == bindparam("b_identity"), table.c.ends_at > bindparam("b_now"), table.c.left > 0)
    .order_by(table.c.ends_at)
)
_TAKE = (
    update(table)
    .where(
        *_THIS, table.c.ends_at == bindparam("b_ends"), table.c.ends_at > bindparam("b_now"),
        table.c.left > bindparam("b_kept"),
    )
    .values(left=table.c.left - 1)
)  # fmt: skip
_RETURN = (
    update(table)
    .where(*_THIS, table.c.ends_at == bindparam("b_ends"), table.c.left < bindparam("b_most"))
    .values(left=table.c.left + 1)
)
_SHUT = update(table).where(*_THIS, table.c.ends_at <= bindparam("b_until")).values(left=0)


def grant(tx: Tx, identity_id: int, trigger: Trigger, *, now: datetime) -> None:
    """Open the act's window anew, in the unit that takes the act."""
    most, lasts = ALLOWED[trigger]
    ends_at = now + lasts - EARLY
    params = {"b_identity": identity_id, "b_by": trigger.value, "new_left": most, "new_ends": ends_at}
    if tx.execute(_AGAIN, params):
        return
    row = {"identity_id": identity_id, "opened_by": trigger.value, "left": most, "ends_at": ends_at}
    if not tx.insert_if_new(_INSERT, row):
        tx.execute(_AGAIN, params)


def spend(tx: Tx, identity_id: int, *, urgent: bool, now: datetime) -> Spent | None:
    """Take one message out of the window that ends first, before the call is made; None when there is none to take.

    The last message of a window that lasts is kept for what is urgent. A crash after this leaves one unsent: the
    platform's count is never overrun.
    """
    for row in tx.all(_OPEN, {"b_identity": identity_id, "b_now": now}):
        trigger = Trigger(row.opened_by)
        kept = 1 if trigger is Trigger.MESSAGE and not urgent else 0
        params = {
            "b_identity": identity_id, "b_by": trigger.value, "b_ends": row.ends_at, "b_now": now, "b_kept": kept,
        }  # fmt: skip
        if tx.execute(_TAKE, params):
            return Spent(trigger, row.ends_at)
    return None


def give_back(tx: Tx, identity_id: int, spent: Spent) -> None:
    """Put a message back that the platform certainly did not take; a window opened anew since is full already."""
    params = {
        "b_identity": identity_id, "b_by": spent.trigger.value, "b_ends": spent.ends_at,
        "b_most": ALLOWED[spent.trigger][0],
    }  # fmt: skip
    tx.execute(_RETURN, params)


def shut(tx: Tx, identity_id: int, *, now: datetime) -> None:
    """Take the platform's word that nothing is left of the windows opened until now; later ones stay open."""
    rows = [
        {"b_identity": identity_id, "b_by": trigger.value, "b_until": now + lasts - EARLY}
        for trigger, (_, lasts) in ALLOWED.items()
    ]
    tx.execute_many(_SHUT, rows)


def left(tx: Tx, identity_id: int, *, now: datetime) -> int:
    """Return how many messages may still be written to somebody now."""
    return sum(int(row.left) for row in tx.all(_OPEN, {"b_identity": identity_id, "b_now": now}))
