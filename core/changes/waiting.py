"""What the clock does to open requests: one nudge at half time, and the end."""

import logging
from datetime import datetime, timedelta

from core.changes import requests
from core.changes.answering import expire
from core.changes.requests import Change
from core.changes.states import ChangeState
from core.changes.telling import tell_parties
from core.db import Tx
from core.errors import BookingError
from core.messages import Template
from core.orders.moves import load

_PAUSE = timedelta(minutes=1)
_log = logging.getLogger(__name__)


def due_work(tx: Tx, now: datetime, most: int) -> int:
    """Nudge or end up to `most` requests whose time has come; how many there were. Call again until it is 0.

    One that cannot be ended is put off for a minute, so that it never keeps the others from their turn.
    """
    return sum(_settled(tx, change_id, now) for change_id in requests.due(tx, now, most))


def _settled(tx: Tx, change_id: int, now: datetime) -> bool:
    change = requests.change_of(tx, change_id)
    if change.state is not ChangeState.OPEN or change.due_at is None or change.due_at > now:
        return False  # somebody was quicker
    try:
        with tx.savepoint():
            _settle(tx, change, now)
    except BookingError as refused:
        _log.warning("change left for later", extra={"change_id": change_id, "code": refused.code})
        return requests.put_off(tx, change, now, due_at=now + _PAUSE, nudged_at=change.nudged_at)
    return True


def _settle(tx: Tx, change: Change, now: datetime) -> None:
    if change.expires_at <= now:
        expire(tx, change, now)
        return
    if requests.put_off(tx, change, now, due_at=change.expires_at, nudged_at=now):
        silent = [one.party for one in requests.consents(tx, change.id) if one.answer is None]
        order = load(tx, change.order_id)
        tell_parties(tx, order, change, Template.CHANGE_NUDGE, silent, now=now, expires_at=change.expires_at)
