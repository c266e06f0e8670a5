"""What must hold of announcements whatever happened."""

from collections.abc import Iterator

from sqlalchemy import func, select

from core.announcements.states import AnnouncementState
from core.announcements.tables import announced, announcement
from core.db import Tx
from core.messages.tables import message

_COUNTED = (
    select(announcement.c.id, announcement.c.state, announcement.c.written, func.count(message.c.id).label("messages"))
    .select_from(
        announcement.outerjoin(announced, announced.c.announcement_id == announcement.c.id).outerjoin(
            message, message.c.id == announced.c.message_id
        )
    )
    .group_by(announcement.c.id, announcement.c.state, announcement.c.written)
    .order_by(announcement.c.id)
)


def check(tx: Tx) -> Iterator[str]:
    """Yield a sentence for each announcement whose messages are not those it counted, or a draft that has some."""
    for row in tx.all(_COUNTED):
        if row.messages != row.written:
            yield f"announcement {row.id} says {row.written} messages were written, and there are {row.messages}"
        elif row.state == AnnouncementState.DRAFT and row.messages:
            yield f"announcement {row.id} is a draft and has {row.messages} messages"
