"""Asking that two persons become one: a yes on both sides, before anything is moved."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import bindparam, or_, select, update

from core import people, technicians
from core.db import Row, Tx, insert_into
from core.errors import BookingError, NotFound
from core.ids import new_id
from core.messages import Template, tell
from core.people.persons import now_is
from core.uniting.states import JoiningEvent, JoiningState, after
from core.uniting.tables import joining

ANSWERED_WITHIN: Final = timedelta(hours=24)
"""So long the other side may say yes; a person who proved a phone does not wait for ever."""


class CannotJoin(BookingError):
    """These two cannot be one; `why`: same, technicians, gone."""

    code = "cannot_join"


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two, on the channel where they are told of it."""

    person_id: int
    channel: str
    account: str


@dataclass(frozen=True, slots=True)
class Joining:
    """Two persons who are to be one."""

    id: int
    asker: Side
    other: Side
    state: JoiningState
    keep_id: int | None
    gone_id: int | None
    created_at: datetime
    joined_at: datetime | None


_INSERT = insert_into(joining)
_ONE = select(joining).where(joining.c.id == bindparam("b_id"))
_OPEN = (
    select(joining)
    .where(
        joining.c.other_id == bindparam("b_person"),
        joining.c.state == JoiningState.ASKED.value,
        joining.c.created_at > bindparam("b_since"),
    )
    .order_by(joining.c.id.desc())
    .limit(1)
)
_OF_ASKER = (
    select(joining)
    .where(
        joining.c.asker_id == bindparam("b_person"),
        joining.c.state == JoiningState.ASKED.value,
        joining.c.created_at > bindparam("b_since"),
    )
    .order_by(joining.c.id.desc())
    .limit(1)
)
_MOVE = (
    update(joining)
    .where(joining.c.id == bindparam("b_id"), joining.c.state == bindparam("b_state"))
    .values(state=bindparam("new_state"), due_at=bindparam("new_due_at"))
)
_RUNNING = select(joining.c.id).where(
    or_(
        (joining.c.asker_id == bindparam("b_asker")) & (joining.c.other_id == bindparam("b_other")),
        (joining.c.asker_id == bindparam("b_other")) & (joining.c.other_id == bindparam("b_asker")),
    ),
    joining.c.state == JoiningState.AGREED.value,
)


def check_can_join(tx: Tx, one_id: int, other_id: int) -> None:
    """Raise CannotJoin when the two are one already, both technicians, or one of them has been erased."""
    one, other = now_is(tx, one_id), now_is(tx, other_id)
    if one == other:
        raise CannotJoin(why="same")
    if any(people.person(tx, each).erased_at is not None for each in (one, other)):
        raise CannotJoin(why="gone")
    if all(technicians.of_person(tx, each) is not None for each in (one, other)):
        raise CannotJoin(why="technicians")


def ask_to_join(tx: Tx, asker: Side, other: Side, *, agreed: bool, now: datetime) -> int:
    """Note that the asker says yes; once the other has as well (`agreed`) a worker makes the two one.

    Without that the other side is asked by a card. Returns the joining's id; raises CannotJoin.
    """
    check_can_join(tx, asker.person_id, other.person_id)
    running: int | None = tx.scalar(_RUNNING, {"b_asker": asker.person_id, "b_other": other.person_id})
    if running is not None:
        return running
    row: dict[str, Any] = {
        "id": new_id(),
        "asker_id": asker.person_id, "asker_channel": asker.channel, "asker_account": asker.account,
        "other_id": other.person_id, "other_channel": other.channel, "other_account": other.account,
        "state": JoiningState.AGREED if agreed else JoiningState.ASKED,
        "keep_id": None, "gone_id": None, "due_at": now if agreed else None, "created_at": now, "joined_at": None,
    }  # fmt: skip
    tx.execute(_INSERT, row)
    if not agreed:
        tell(
            tx, other.person_id, Template.JOIN_ASKED, dedupe=f"joining:{row['id']}:asked", now=now,
            facts={"joining_id": row["id"]}, expires_at=now + ANSWERED_WITHIN,
            channel=other.channel, account=other.account,
        )  # fmt: skip
    return int(row["id"])


def joining_of(tx: Tx, joining_id: int) -> Joining:
    """Return a joining; raises NotFound."""
    row = tx.first(_ONE, {"b_id": joining_id})
    if row is None:
        raise NotFound(kind="joining")
    return joining_in(row)


def asked_of(tx: Tx, joining_id: int, person_id: int, now: datetime) -> Joining | None:
    """Return the joining this person is asked about; None when it is no question (any more), or not theirs."""
    found = joining_of(tx, joining_id)
    asked = found.state is JoiningState.ASKED and found.other.person_id == person_id
    return found if asked and now < found.created_at + ANSWERED_WITHIN else None


def open_for(tx: Tx, person_id: int, now: datetime) -> Joining | None:
    """Return the newest joining this person is asked about and has not answered; None when there is none."""
    row = tx.first(_OPEN, {"b_person": person_id, "b_since": now - ANSWERED_WITHIN})
    return None if row is None else joining_in(row)


def waiting_for(tx: Tx, person_id: int, now: datetime) -> Joining | None:
    """Return the newest joining this person has asked for and nobody has answered; None when there is none."""
    row = tx.first(_OF_ASKER, {"b_person": person_id, "b_since": now - ANSWERED_WITHIN})
    return None if row is None else joining_in(row)


def answer(tx: Tx, joining_id: int, *, person_id: int, yes: bool, now: datetime) -> bool:
    """Note what the other side says; False when that was no question (any more).

    A yes counts only of who has shown the same phone to be theirs: a phone that was merely told proves nothing.
    """
    found = asked_of(tx, joining_id, person_id, now)
    if found is None or (yes and not people.both_proved(tx, now_is(tx, found.asker.person_id), person_id)):
        return False
    event = JoiningEvent.SAID_YES if yes else JoiningEvent.SAID_NO
    return step(tx, joining_id, JoiningState.ASKED, event, due_at=now if yes else None)


def step(tx: Tx, joining_id: int, before: JoiningState, event: JoiningEvent, *, due_at: datetime | None) -> bool:
    """Move a joining along an edge; False when it does not stand there any more."""
    params = {"b_id": joining_id, "b_state": before, "new_state": after(before, event), "new_due_at": due_at}
    return tx.execute(_MOVE, params) == 1


def joining_in(row: Row) -> Joining:
    """Return what a row says."""
    return Joining(
        id=row.id,
        asker=Side(row.asker_id, row.asker_channel, row.asker_account),
        other=Side(row.other_id, row.other_channel, row.other_account),
        state=JoiningState(row.state),
        keep_id=row.keep_id,
        gone_id=row.gone_id,
        created_at=row.created_at,
        joined_at=row.joined_at,
    )
