"""What an order occupies: taking, changing who comes or when, freeing; and whose time it is."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, update

from core.calendar import index, occupations
from core.calendar.board import Board, empty_board
from core.calendar.occupations import Occupation
from core.calendar.occupying import Keeping, free, occupy
from core.calendar.refusing import why_not
from core.calendar.tables import occupation
from core.calendar.wishes import NotBookable, Rule, SlotTaken, Wish, check_instants
from core.db import Tx
from core.errors import InvalidInput
from core.tally import count

_FOLLOW = update(occupation).where(occupation.c.id == bindparam("b_id")).values(lead_id=bindparam("new_lead"))


def take_for_order(
    tx: Tx,
    order_id: int,
    person_id: int,
    wish: Wish,
    *,
    starts_at: datetime,
    now: datetime,
    crew: Sequence[int] = (),
    notice: bool = False,
) -> tuple[Occupation, ...]:
    """Occupy exactly these technicians for an order, the one who leads first; without a crew the one wished for.

    Who has the order's time already, at the same start and for as long, keeps it and is not judged again; what else
    the order had or asked for is freed. Notice is asked for only where it is said: an order already paid may come at
    once. Returns the visits left worse off where somebody is freed. Raises SlotTaken, NotBookable of who joins.
    """
    check_instants(starts_at)
    crew = tuple(crew) or (() if wish.technician_id is None else (wish.technician_id,))
    if not crew:
        raise NotBookable(Rule.TECHNICIAN)
    if len(set(crew)) < len(crew):
        raise InvalidInput(field="crew")
    old = occupations.of_order(tx, order_id)
    occupations.guard(tx, [*crew, *(one.technician_id for one in old)])
    until = starts_at + wish.service_time
    staying = {
        one.technician_id: one
        for one in old
        if one.technician_id in crew and (one.starts_at, one.ends_at, one.change_id) == (starts_at, until, None)
    }
    left = [one for one in old if one not in staying.values()]
    late = tuple(worse for one in left if (worse := free(tx, one, now)) is not None)
    board, keeping = empty_board(tx, now, notice=notice), Keeping(person_id, order_id=order_id)
    rows = [staying.get(one) or _joined(tx, board, wish, one, starts_at=starts_at, keeping=keeping) for one in crew]
    for row in rows:
        lead_id = None if row is rows[0] else rows[0].id
        if row.lead_id != lead_id:
            tx.execute(_FOLLOW, {"b_id": row.id, "new_lead": lead_id})
    index.touched(tx, staying)  # their guards were taken
    return late


def release_order(tx: Tx, order_id: int, now: datetime) -> tuple[Occupation, ...]:
    """Free what an order occupies, and what it asked for. Never fails.

    Returns the visits it leaves worse off: their way, no longer from this visit, takes more time than there is.
    """
    found = occupations.of_order(tx, order_id)
    occupations.guard(tx, [one.technician_id for one in found])
    return tuple(late for one in found if (late := free(tx, one, now)) is not None)


def occupation_of(tx: Tx, order_id: int) -> Occupation | None:
    """Return what an order occupies of its lead's time."""
    return next(iter(crew_of(tx, order_id)), None)


def crew_of(tx: Tx, order_id: int) -> tuple[Occupation, ...]:
    """Return what an order occupies of everybody's time, the lead's first; not what it asks for."""
    return tuple(one for one in occupations.of_order(tx, order_id) if one.change_id is None)


def settle_change(tx: Tx, order_id: int, change_id: int, now: datetime) -> tuple[Occupation, ...]:
    """Let the time that an order asked for take the place of the time it had. Never fails.

    Returns the visits left worse off.
    """
    rows = occupations.of_order(tx, order_id)
    occupations.guard(tx, [one.technician_id for one in rows])
    old = [one for one in rows if one.change_id != change_id]
    late = tuple(worse for one in old if (worse := free(tx, one, now)) is not None)
    occupations.settle(tx, order_id, change_id)
    index.touched(tx, [one.technician_id for one in rows if one.change_id == change_id])  # their guards were taken
    return late


def drop_change(tx: Tx, order_id: int, change_id: int, now: datetime) -> tuple[Occupation, ...]:
    """Free the time that an order asked for; what it has stays. Never fails. Returns the visits left worse off."""
    rows = [one for one in occupations.of_order(tx, order_id) if one.change_id == change_id]
    occupations.guard(tx, [one.technician_id for one in rows])
    return tuple(worse for one in rows if (worse := free(tx, one, now)) is not None)


def guard_order(tx: Tx, order_id: int) -> None:
    """Take the calendars of everybody whose time an order has or asks for."""
    occupations.guard(tx, [one.technician_id for one in occupations.of_order(tx, order_id)])


def _joined(
    tx: Tx, board: Board, wish: Wish, technician_id: int, *, starts_at: datetime, keeping: Keeping
) -> Occupation:
    part = wish.of_crew(technician_id)
    taken = occupy(tx, board, part, technician_id, starts_at=starts_at, keeping=keeping)
    if taken is None:
        rule = why_not(board, part, starts_at)
        if rule is None:
            count("menling_claims_lost", what="slot")
            raise SlotTaken(technician_id=technician_id)
        raise NotBookable(rule, technician_id=technician_id)
    return taken
