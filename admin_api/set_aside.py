"""Updates that were set aside after their last try: why, under which number of the log, and what becomes of them."""

from collections.abc import Callable
from functools import partial

from admin_api.acting import Acting
from admin_api.shapes import Cursor, Id, Limit, Model, Moment, next_cursor, shown
from admin_api.tokens import real_now
from core import audit
from core.audit import Operator
from core.conversations import InboxState, quarantine
from core.conversations.quarantine import Quarantined
from core.db import Tx


class QuarantinedItem(Model):
    """An update whose turn failed for good; what it said stays sealed.

    `error` is the kind of what its last try raised and where, never its words; `trace` its number in the log.
    """

    id: Id
    person_id: Id
    channel: str
    account: str
    attempts: int
    error: str | None
    trace: str | None
    received_at: Moment


class QuarantinedPage(Model):
    """Updates that were set aside after their last try, newest first."""

    model_config = shown(
        {
            "items": [
                {
                    "id": "112365899124084745",
                    "person_id": "112365899124084740",
                    "channel": "telegram",
                    "account": "menling_bot",
                    "attempts": 3,
                    "error": "KeyError at dialogs/flows/booking.py:88",
                    "trace": "aa6be35c6823d6c7",
                    "received_at": "2026-03-10T02:00:00Z",
                }
            ],
            "next_cursor": None,
        }
    )

    items: list[QuarantinedItem]
    next_cursor: Id | None


class UpdateOut(Model):
    """What is to become of an update that was set aside: failed, a worker tries it again; put_away, nobody does."""

    model_config = shown({"id": "112365899124084745", "state": "failed"})

    id: Id
    state: InboxState


async def list_quarantined(act: Acting, cursor: Cursor = None, limit: Limit = 50) -> QuarantinedPage:
    """List the updates that were set aside after their last try, with why and their number in the log."""

    def page(tx: Tx, by: Operator) -> QuarantinedPage:
        found = quarantine.quarantined(tx, before_id=cursor, most=limit)
        items = [
            QuarantinedItem(
                id=one.id,
                person_id=one.person_id,
                channel=one.channel,
                account=one.account,
                attempts=one.attempts,
                error=one.error,
                trace=one.trace,
                received_at=one.received_at,
            )
            for one in found
        ]
        return QuarantinedPage(items=items, next_cursor=next_cursor(found, limit))

    return await act.read(page)


async def retry_update(inbox_id: Id, act: Acting) -> UpdateOut:
    """Have an update that was set aside tried again, once what was wrong with it is mended; the person is answered."""
    again = partial(quarantine.retry, inbox_id=inbox_id, real_now=real_now())
    return await act.write(lambda tx, by: _noted(tx, by, act, "update.retried", InboxState.FAILED, again))


async def put_update_away(inbox_id: Id, act: Acting) -> UpdateOut:
    """Take an update that was set aside off the list, once it is dealt with: it is never tried again."""
    away = partial(quarantine.put_away, inbox_id=inbox_id)
    return await act.write(lambda tx, by: _noted(tx, by, act, "update.put_away", InboxState.PUT_AWAY, away))


def _noted(
    tx: Tx, by: Operator, act: Acting, action: str, state: InboxState, verb: Callable[[Tx], Quarantined]
) -> UpdateOut:
    one = verb(tx)
    facts = {"channel": one.channel, "account": one.account}
    audit.note(tx, action, actor_id=by.id, subject_kind="update", subject_id=one.id, now=act.now, facts=facts)
    return UpdateOut(id=one.id, state=state)
