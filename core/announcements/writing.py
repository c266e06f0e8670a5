"""Writing an announcement's messages portion by portion, and dropping those not sent when it is stopped.

The cursor moves in the transaction that writes: a crash at any line writes to nobody twice and leaves nobody out.
"""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Integer, bindparam, delete, or_, select, update

from core.announcements.announcements import AnnouncementKind
from core.announcements.audience import Audience, portion
from core.announcements.states import EDGES, GOING, AnnouncementEvent, AnnouncementState
from core.announcements.tables import announced
from core.announcements.tables import announcement as table
from core.db import Row, Tx, insert_into
from core.messages import MessageState, Template
from core.messages.tables import held, message
from core.messages.telling import broadcast
from core.people.consent import ConsentKind, consents

PORTION: Final = 500
_S, _E = AnnouncementState, AnnouncementEvent
_MINUTE: Final = timedelta(minutes=1)

_WORK = (
    select(table)
    .where(or_(table.c.state == _S.STARTED.value, table.c.state == _S.STOPPING.value))
    .order_by(table.c.id)
    .limit(1)
)
_MOVE_ON = (
    update(table)
    .where(
        table.c.id == bindparam("b_id"),
        table.c.state == bindparam("b_state"),
        table.c.cursor_id == bindparam("b_cursor"),
    )
    .values(
        state=bindparam("new_state"),
        cursor_id=bindparam("new_cursor"),
        next_at=bindparam("new_next"),
        written=bindparam("new_written"),
    )
)
_INSERT = insert_into(announced)
_WRITTEN = (
    select(announced.c.person_id, announced.c.message_id)
    .where(announced.c.announcement_id == bindparam("b_id"), announced.c.person_id > bindparam("b_after"))
    .order_by(announced.c.person_id)
    .limit(bindparam("b_most", type_=Integer))
)
_DROP = (
    update(message)
    .where(
        message.c.id == bindparam("b_id"),
        or_(
            message.c.state == MessageState.WAITING.value,
            message.c.state == MessageState.UNKNOWN.value,
            message.c.state == MessageState.HELD.value,
        ),
        # One under way is the sender's: it looks again before each try, and finds it stopped.
        or_(message.c.leased_until.is_(None), message.c.leased_until <= bindparam("b_real")),
    )
    .values(state=MessageState.DROPPED.value, due_at=None)
)
_FORGET_HELD = delete(held).where(
    held.c.person_id == bindparam("b_person"), held.c.message_id == bindparam("b_message")
)
_STANDS = select(
    table.c.kind,
    table.c.state,
    select(announced.c.message_id)
    .where(announced.c.announcement_id == table.c.id, announced.c.person_id == bindparam("b_person"))
    .scalar_subquery()
    .label("message_id"),
).where(table.c.id == bindparam("b_id"))


def due_work(tx: Tx, *, now: datetime, real_now: datetime, most: int = PORTION) -> int:
    """Write, or drop, one portion of the oldest announcement that has some left; 0 when none has."""
    row = _next(tx)
    if row is None:
        return 0
    if row.state == _S.STARTED:
        _write(tx, row, now=now, most=most)
    else:
        _drop(tx, row, real_now=real_now, most=most)
    return 1


def still_goes(tx: Tx, announcement_id: int, person_id: int, message_id: int) -> bool:
    """Tell whether this message of it may still be shown to this person: not stopped, and news only while wanted.

    Somebody who has become one with another person is told once.
    """
    row = tx.first(_STANDS, {"b_id": announcement_id, "b_person": person_id})
    if row is None or row.state not in GOING:
        return False
    if row.message_id is not None and row.message_id != message_id:
        return False
    return row.kind != AnnouncementKind.NEWS or consents(tx, person_id, ConsentKind.NEWS)


def _next(tx: Tx) -> Row | None:
    return tx.first(_WORK)


def _write(tx: Tx, row: Row, *, now: datetime, most: int) -> None:
    news = row.kind == AnnouncementKind.NEWS
    until, people = portion(
        tx,
        Audience(row.audience),
        region_id=row.region_id,
        news=news,
        by=row.started_at,
        after_id=row.cursor_id,
        most=most,
    )
    if until is None:
        _move_on(tx, row, EDGES[_S.STARTED, _E.ALL_WRITTEN], row.cursor_id, row.next_at, row.written)
        return
    first, apart = max(now, row.next_at), _MINUTE / row.pace
    due = [(one, first + apart * place) for place, one in enumerate(people)]
    if not _move_on(tx, row, _S.STARTED, until, first + apart * len(people), row.written + len(people)):
        return  # another worker has written these
    written = broadcast(
        tx,
        due,
        Template.NEWS if news else Template.ANNOUNCEMENT,
        dedupe=f"announcement:{row.id}",
        facts={"announcement_id": row.id},
        expires_at=row.expires_at,
        now=now,
    )
    tx.execute_many(
        _INSERT,
        ({"announcement_id": row.id, "person_id": person, "message_id": message} for person, message in written),
    )


def _drop(tx: Tx, row: Row, *, real_now: datetime, most: int) -> None:
    found = tx.all(_WRITTEN, {"b_id": row.id, "b_after": row.cursor_id, "b_most": most})
    if not found:
        _move_on(tx, row, EDGES[_S.STOPPING, _E.ALL_DROPPED], row.cursor_id, None, row.written)
        return
    if not _move_on(tx, row, _S.STOPPING, found[-1].person_id, None, row.written):
        return
    tx.execute_many(_DROP, ({"b_id": one.message_id, "b_real": real_now} for one in found))
    tx.execute_many(_FORGET_HELD, ({"b_person": one.person_id, "b_message": one.message_id} for one in found))


def _move_on(
    tx: Tx, row: Row, state: AnnouncementState, cursor_id: int, next_at: datetime | None, written: int
) -> bool:
    """Move the cursor unless another worker or an operator has moved on since: the guard of all that follows."""
    params = {
        "b_id": row.id, "b_state": row.state, "b_cursor": row.cursor_id, "new_state": state.value,
        "new_cursor": cursor_id, "new_next": next_at, "new_written": written,
    }  # fmt: skip
    return tx.execute(_MOVE_ON, params) == 1
