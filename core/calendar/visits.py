"""What an order occupies: taking, moving to another technician or time, freeing; and a technician's day."""

from collections.abc import Sequence
from datetime import datetime

from core.calendar import occupations
from core.calendar.board import Board, empty_board
from core.calendar.occupations import Occupation
from core.calendar.occupying import Keeping, free, occupy
from core.calendar.refusing import why_not
from core.calendar.wishes import NotBookable, Rule, SlotTaken, Wish, check_instants
from core.db import Tx


def take_for_order(
    tx: Tx,
    order_id: int,
    person_id: int,
    wish: Wish,
    *,
    starts_at: datetime,
    now: datetime,
    companions: Sequence[int] = (),
    notice: bool = False,
) -> Occupation:
    """Occupy `wish.technician_id` and the companions for an order, in place of whatever the order occupied before.

    Notice is asked for only where it is said: an order already paid may come at once. Raises SlotTaken, NotBookable.
    """
    check_instants(starts_at)
    if wish.technician_id is None:
        raise NotBookable(Rule.TECHNICIAN)
    old = occupations.of_order(tx, order_id)
    crew = (wish.technician_id, *companions)
    occupations.guard(tx, [*crew, *(one.technician_id for one in old)])
    for one in old:
        free(tx, one, now)
    board = empty_board(tx, now, notice=notice)
    lead: Occupation | None = None
    for technician_id in crew:
        keeping = Keeping(person_id, order_id=order_id, lead_id=None if lead is None else lead.id)
        taken = _taken(tx, board, wish.of_crew(technician_id), technician_id, starts_at=starts_at, keeping=keeping)
        lead = lead or taken
    assert lead is not None
    return lead


def release_order(tx: Tx, order_id: int, now: datetime) -> tuple[Occupation, ...]:
    """Free what an order occupies. Never fails.

    Returns the visits it leaves worse off: their way, no longer from this visit, takes more time than there is.
    """
    found = occupations.of_order(tx, order_id)
    occupations.guard(tx, [one.technician_id for one in found])
    return tuple(late for one in found if (late := free(tx, one, now)) is not None)


def occupation_of(tx: Tx, order_id: int) -> Occupation | None:
    """Return what an order occupies of its lead's time."""
    return next(iter(occupations.of_order(tx, order_id)), None)


def crew_of(tx: Tx, order_id: int) -> tuple[Occupation, ...]:
    """Return what an order occupies of everybody's time, the lead's first."""
    return tuple(occupations.of_order(tx, order_id))


def _taken(
    tx: Tx, board: Board, wish: Wish, technician_id: int, *, starts_at: datetime, keeping: Keeping
) -> Occupation:
    taken = occupy(tx, board, wish, technician_id, starts_at=starts_at, keeping=keeping)
    if taken is None:
        rule = why_not(board, wish, starts_at)
        raise SlotTaken if rule is None else NotBookable(rule)
    return taken
