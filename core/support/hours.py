"""When people of the house are there, how long it takes until one comes, and by when somebody gets back to a person."""

import statistics
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select

from core.audit import Role, at_work
from core.db import Tx
from core.settings import Rules, rules
from core.support.states import TicketKind, TicketState
from core.support.tables import ticket as table
from core.wall import at_wall

AT_THE_DESK = frozenset({Role.ADMIN, Role.AUDITOR})
"""Who may talk with people (the roles of the admin API's ticket routes)."""
_RECENT = 10
_WAITED = (
    select(table.c.waited_seconds).where(table.c.waited_seconds.is_not(None)).order_by(table.c.id.desc()).limit(_RECENT)
)
_QUEUE = select(table.c.id, table.c.kind, table.c.waiting_since).where(
    table.c.state == TicketState.OPEN.value, table.c.waiting_since.is_not(None), table.c.id != bindparam("b_id")
)


def is_open(figures: Rules, zone: str, now: datetime) -> bool:
    """Tell whether the desk is open at an instant; hours may reach over midnight."""
    there = now.astimezone(ZoneInfo(zone))
    minute = there.hour * 60 + there.minute
    first, last = figures.human_from_minute, figures.human_to_minute
    return first <= minute < last if first <= last else minute >= first or minute < last


def is_staffed(tx: Tx, *, zone: str, now: datetime) -> bool:
    """Tell whether somebody is at the desk now: it is open, and an operator has done something lately."""
    return is_open(rules(tx), zone, now) and bool(at_work(tx, roles=AT_THE_DESK, now=now))


def call_back_by(figures: Rules, zone: str, now: datetime) -> datetime:
    """Return by when somebody gets back to a person: so long within opening hours, or so long after the next ones."""
    promise = timedelta(minutes=figures.call_back_minutes)
    if is_open(figures, zone, now) and is_open(figures, zone, now + promise):
        return now + promise
    place = ZoneInfo(zone)
    today = now.astimezone(place).date()
    openings = (at_wall(today + timedelta(days=days), figures.human_from_minute, place) for days in (0, 1, 2))
    return next(opening for opening in openings if opening >= now) + promise


def ahead_of(tx: Tx, ticket_id: int, *, kind: TicketKind, now: datetime) -> int:
    """Return how many who wait come before a ticket: whoever has waited longer, and emergencies."""
    urgent = kind is TicketKind.EMERGENCY
    return sum(
        row.waiting_since <= now if (row.kind == TicketKind.EMERGENCY) is urgent else not urgent
        for row in tx.all(_QUEUE, {"b_id": ticket_id})
    )


def expected_minutes(tx: Tx, *, ahead: int) -> int | None:
    """Return about how long it takes until somebody comes, from the last ten who waited; None when nobody has yet."""
    waited = [int(row.waited_seconds) for row in tx.all(_WAITED)]
    if not waited:
        return None
    return max(1, round(statistics.median(waited) * (ahead + 1) / 60))
