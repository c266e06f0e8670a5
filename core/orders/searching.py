"""Finding orders across customers, for operators: newest first, a page at a time."""

from datetime import date
from typing import Any

from sqlalchemy import Integer, bindparam, select

from core.db import Tx
from core.orders.moves import COLUMNS, Order, order_from
from core.orders.states import OrderState
from core.orders.tables import order as order_table

_T = order_table.c
_NO_LIMIT = (1 << 63) - 1
_ALL = (
    select(*COLUMNS)
    .where(_T.id < bindparam("b_before"))
    .order_by(_T.id.desc())
    .limit(bindparam("b_most", type_=Integer))
)
_IN_STATE = _ALL.where(_T.state == bindparam("b_state"))
_ON_DAY = _ALL.where(_T.local_day == bindparam("b_day"))
_IN_STATE_ON_DAY = _IN_STATE.where(_T.local_day == bindparam("b_day"))


def search(
    tx: Tx, *, state: OrderState | None = None, day: date | None = None, before_id: int | None = None, most: int
) -> tuple[Order, ...]:
    """Return orders, newest first, in one state and on one local day if asked; `before_id` continues a page."""
    params: dict[str, Any] = {"b_before": before_id or _NO_LIMIT, "b_most": most}
    if state is not None:
        params["b_state"] = state
    if day is not None:
        params["b_day"] = day
    statement = (
        (_ALL if day is None else _ON_DAY) if state is None else (_IN_STATE if day is None else _IN_STATE_ON_DAY)
    )
    return tuple(order_from(row) for row in tx.all(statement, params))
