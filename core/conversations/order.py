"""What one person says keeps its order, also where some of it has to wait because there is too much to do."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, select, update

from core.conversations.inbox import InboxState
from core.conversations.place import Loaded
from core.conversations.tables import conversation, inbox
from core.db import Tx

_A_MOMENT: Final = timedelta(seconds=2)

_PUT_OFF = (
    update(inbox)
    .where(inbox.c.id == bindparam("b_id"))
    .values(
        state=InboxState.PUT_OFF.value,
        attempts=1,
        retry_at=bindparam("b_retry"),
        after_id=bindparam("b_after"),
    )
)
_NEWEST = (
    update(conversation)
    .where(conversation.c.person_id == bindparam("b_person"))
    .values(put_off_id=bindparam("b_newest"))
)
_STATE = select(inbox.c.state).where(inbox.c.id == bindparam("b_id"))


def put_off(tx: Tx, loaded: Loaded, inbox_id: int, *, real_now: datetime) -> None:
    """Leave an update for a moment later, behind what its person said before and still waits; under the guard.

    It counts as a try: its person has had an answer, and is told no more until it is done or given up.
    """
    tx.execute(_PUT_OFF, {"b_id": inbox_id, "b_retry": real_now + _A_MOMENT, "b_after": loaded.put_off_id})
    tx.execute(_NEWEST, {"b_person": loaded.person_id, "b_newest": inbox_id})


def words_wait(tx: Tx, loaded: Loaded) -> bool:
    """Tell whether something this person said before was put off and is not done yet; under the guard.

    Who had nothing put off costs no statement; who had, one more once all of it is done.
    """
    if loaded.put_off_id is None:
        return False
    # The newest tells of all: each waits for the one before it.
    if tx.scalar(_STATE, {"b_id": loaded.put_off_id}) == InboxState.PUT_OFF:
        return True
    tx.execute(_NEWEST, {"b_person": loaded.person_id, "b_newest": None})
    return False
