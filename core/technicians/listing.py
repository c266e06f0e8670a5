"""Listing technicians in any state, for operators: newest first, a page at a time."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, bindparam, select

from core.db import Tx
from core.technicians.shapes import Sex, TechnicianState
from core.technicians.tables import technician as table


@dataclass(frozen=True, slots=True)
class TechnicianLine:
    """A technician as one line of a list."""

    id: int
    number: int | None
    state: TechnicianState
    names: Mapping[str, str]
    sex: Sex
    stars_sum: int
    stars_count: int
    visits_done: int
    on_duty_at: datetime | None
    applied_at: datetime


_NO_LIMIT = (1 << 63) - 1
_ALL = (
    select(*(table.c[field.name] for field in fields(TechnicianLine)))
    .where(table.c.id < bindparam("b_before"))
    .order_by(table.c.id.desc())
    .limit(bindparam("b_most", type_=Integer))
)
_IN_STATE = _ALL.where(table.c.state == bindparam("b_state"))


def listed(
    tx: Tx, *, state: TechnicianState | None = None, before_id: int | None = None, most: int
) -> tuple[TechnicianLine, ...]:
    """Return technicians, newest first, in one state if asked; `before_id` continues a page."""
    params: dict[str, Any] = {"b_before": before_id or _NO_LIMIT, "b_most": most}
    rows = tx.all(_ALL, params) if state is None else tx.all(_IN_STATE, params | {"b_state": state})
    return tuple(
        TechnicianLine(**(row._asdict() | {"state": TechnicianState(row.state), "sex": Sex(row.sex)})) for row in rows
    )
