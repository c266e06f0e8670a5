"""What an order occupies: taking, moving to another technician or time, freeing; and a technician's day."""

from datetime import datetime

from core.calendar import occupations, search
from core.calendar.occupations import Occupation
from core.calendar.occupying import free, occupy
from core.calendar.wishes import NotBookable, Rule, SlotTaken, Wish
from core.db import Tx


def take_for_order(
    tx: Tx, order_id: int, person_id: int, wish: Wish, *, starts_at: datetime, now: datetime, notice: bool = False
) -> Occupation:
    """Occupy `wish.technician_id` for an order, in place of whatever the order occupied before.

    Notice is asked for only where it is said: an order already paid may come at once. Raises SlotTaken, NotBookable.
    """
    if wish.technician_id is None:
        raise NotBookable(Rule.TECHNICIAN)
    old = occupations.of_order(tx, order_id)
    occupations.guard(tx, [wish.technician_id, *(one.technician_id for one in old)])
    for one in old:
        free(tx, one)
    board = search.empty_board(tx, now, notice=notice)
    taken = occupy(tx, board, wish, person_id=person_id, starts_at=starts_at, order_id=order_id)
    if taken is None:
        rule = search.why_not(board, wish, starts_at)
        raise SlotTaken if rule is None else NotBookable(rule)
    return taken


def release_order(tx: Tx, order_id: int) -> bool:
    """Free what an order occupies; False when it occupies nothing. Never fails."""
    found = occupations.of_order(tx, order_id)
    if not found:
        return False
    occupations.guard(tx, [one.technician_id for one in found])
    return sum(free(tx, one) for one in found) > 0


def occupation_of(tx: Tx, order_id: int) -> Occupation | None:
    """Return what an order occupies."""
    return next(iter(occupations.of_order(tx, order_id)), None)
