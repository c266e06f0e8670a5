"""Changing who comes to a visit: who stays keeps their time, who leaves is freed, who joins is taken by the rules."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, update

from core.calendar import index, occupations
from core.calendar.board import Board, empty_board
from core.calendar.occupations import Occupation
from core.calendar.occupying import Keeping, free, occupy
from core.calendar.refusing import why_not
from core.calendar.tables import occupation
from core.calendar.wishes import NotBookable, SlotTaken, Wish
from core.db import Tx

_FOLLOW = update(occupation).where(occupation.c.id == bindparam("b_id")).values(lead_id=bindparam("new_lead"))


def change_crew(
    tx: Tx,
    order_id: int,
    person_id: int,
    wish: Wish,
    *,
    crew: Sequence[int],
    starts_at: datetime,
    now: datetime,
    notice: bool = False,
) -> tuple[Occupation, ...]:
    """Occupy exactly these technicians for an order, the one who leads first.

    Who has the order's time already keeps it and is not judged again. Returns the visits left worse off where somebody
    is freed. Raises SlotTaken, NotBookable of who joins.
    """
    old = occupations.of_order(tx, order_id)
    occupations.guard(tx, [*crew, *(one.technician_id for one in old)])
    until = starts_at + wish.service_time
    staying = {
        one.technician_id: one
        for one in old
        if one.technician_id in crew and (one.starts_at, one.ends_at) == (starts_at, until)
    }
    left = [one for one in old if one.technician_id not in staying]
    late = tuple(worse for one in left if (worse := free(tx, one, now)) is not None)
    board, keeping = empty_board(tx, now, notice=notice), Keeping(person_id, order_id=order_id)
    rows = [staying.get(one) or _joined(tx, board, wish, one, starts_at=starts_at, keeping=keeping) for one in crew]
    for row in rows:
        lead_id = None if row is rows[0] else rows[0].id
        if row.lead_id != lead_id:
            tx.execute(_FOLLOW, {"b_id": row.id, "new_lead": lead_id})
    index.forget(tx, staying)  # their guards were taken
    return late


def _joined(
    tx: Tx, board: Board, wish: Wish, technician_id: int, *, starts_at: datetime, keeping: Keeping
) -> Occupation:
    alone = wish.of_crew(technician_id)
    taken = occupy(tx, board, alone, technician_id, starts_at=starts_at, keeping=keeping)
    if taken is None:
        rule = why_not(board, alone, starts_at)
        raise SlotTaken if rule is None else NotBookable(rule)
    return taken
