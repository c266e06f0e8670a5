"""Two persons become one: in a unit of its own, under the guards of both conversations.

A turn of the one who goes that waited for its guard finds no conversation, looks anew, and is the other's turn.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Integer, bindparam, delete, func, or_, select, update

from core import audit, conversations, people, technicians
from core.calendar import release_hold
from core.conversations.tables import conversation
from core.db import ConstraintViolation, Row, Tx, UniqueViolation
from core.errors import BookingError
from core.messages import Template, tell
from core.money.kinds import AccountKind, JournalKind
from core.money.ledger import post
from core.money.tables import account, posting
from core.orders.tables import order
from core.people.persons import now_is
from core.people.tables import person
from core.uniting.asking import CannotJoin, Joining, Side, check_can_join, joining_in, step
from core.uniting.moving import Hands, move_at_once, move_portion
from core.uniting.states import JoiningEvent, JoiningState
from core.uniting.tables import joining

SETTLES: Final = timedelta(minutes=1)
"""So long units that had read the old person may still write: what they wrote is moved by another look."""
_SHARED: Final = frozenset({"web"})
"""Channels that show a person's whole conversation wherever they sit: both sides would be told twice there."""
_log = logging.getLogger(__name__)

_DUE = (
    select(joining)
    .where(joining.c.due_at <= bindparam("b_now"))
    .order_by(joining.c.due_at, joining.c.id)
    .limit(bindparam("b_most", type_=Integer))
)
_UNITED = (
    update(joining)
    .where(joining.c.id == bindparam("b_id"))
    .values(keep_id=bindparam("new_keep"), gone_id=bindparam("new_gone"), joined_at=bindparam("new_joined_at"))
)
_AGAIN = (
    update(joining)
    .where(joining.c.id == bindparam("b_id"), joining.c.due_at == bindparam("b_due"))
    .values(due_at=bindparam("new_due_at"))
)
_ORDERS = select(order.c.id).where(order.c.person_id == bindparam("b_person")).limit(1)
_SEALED = select(person.c.id, person.c.name_sealed, person.c.phone_sealed, person.c.phone_hash).where(
    person.c.id == bindparam("b_person")
)
_FILL_NAME = (
    update(person)
    .where(person.c.id == bindparam("b_person"), person.c.name_sealed.is_(None))
    .values(name_sealed=bindparam("new_name"))
)
_FILL_PHONE = (
    update(person)
    .where(person.c.id == bindparam("b_person"), person.c.phone_sealed.is_(None))
    .values(phone_sealed=bindparam("new_phone"), phone_hash=bindparam("new_hash"))
)
_GO = (
    update(person)
    .where(person.c.id == bindparam("b_person"), person.c.joined_to.is_(None))
    .values(joined_to=bindparam("new_keep"), name_sealed=None, phone_sealed=None, phone_hash=None, tell_on=None)
)
_BEFORE_THEM = update(person).where(person.c.joined_to == bindparam("b_person")).values(joined_to=bindparam("new_keep"))
_TICKET = select(conversation.c.ticket_id).where(conversation.c.person_id == bindparam("b_person"))
_SPOKE_LAST = (
    select(person.c.lang)
    .join(conversation, conversation.c.person_id == person.c.id)
    .where(or_(person.c.id == bindparam("b_keep"), person.c.id == bindparam("b_gone")))
    .order_by(conversation.c.updated_at.desc(), person.c.id)
    .limit(1)
)
_NO_CONVERSATION = delete(conversation).where(conversation.c.person_id == bindparam("b_person"))
_PERSONS_OWN: Final = (AccountKind.CUSTOMER_PAYABLE,)
_BALANCES = (
    select(
        account.c.kind,
        account.c.unit,
        func.sum(posting.c.amount_minor).label("minor"),
        func.max(posting.c.id).label("last_id"),
    )
    .join(posting, posting.c.account_id == account.c.id)
    .where(account.c.owner_id == bindparam("b_person"), or_(*(account.c.kind == kind.value for kind in _PERSONS_OWN)))
    .group_by(account.c.kind, account.c.unit)
    .order_by(account.c.kind, account.c.unit)
)


@dataclass(frozen=True, slots=True)
class _Two:
    """Who stays and who goes."""

    keep_id: int
    gone_id: int


def due_work(tx: Tx, now: datetime, most: int = 1) -> int:
    """Take joinings a step further whose time has come; how many there were. One to a unit keeps units short.

    One that cannot be done is put off for a minute, so that it never keeps the others from their turn.
    """
    found = tx.all(_DUE, {"b_now": now, "b_most": most})
    for row in found:
        try:
            with tx.savepoint():
                _further(tx, row, now)
        except (BookingError, UniqueViolation, ConstraintViolation) as refused:
            _log.warning("joining left for later", extra={"joining_id": row.id, "error": type(refused).__name__})
            tx.execute(_AGAIN, {"b_id": row.id, "b_due": row.due_at, "new_due_at": now + SETTLES})
    return len(found)


def _further(tx: Tx, row: Row, now: datetime) -> None:
    one = joining_in(row)
    if one.state is JoiningState.AGREED:
        _unite(tx, one, now)
    elif tx.execute(_AGAIN, {"b_id": one.id, "b_due": row.due_at, "new_due_at": now + SETTLES}):
        _follow(tx, one, now)


def _unite(tx: Tx, one: Joining, now: datetime) -> None:
    """Make two persons one, or say why not. Guards in the order of ids, then nothing of theirs can move."""
    _guard(tx, one)
    try:
        check_can_join(tx, one.asker.person_id, one.other.person_id)
    except CannotJoin as error:
        if step(tx, one.id, JoiningState.AGREED, JoiningEvent.IMPOSSIBLE, due_at=None):
            _tell(tx, one.asker, Template.JOIN_FAILED, one, now, cannot=error.facts["why"])
        return
    if not step(tx, one.id, JoiningState.AGREED, JoiningEvent.MADE_ONE, due_at=now):
        return  # another worker was faster
    two = _who_stays(tx, now_is(tx, one.asker.person_id), now_is(tx, one.other.person_id))
    sides = [(side, _where(tx, side)) for side in (one.other, one.asker)]
    release_hold(tx, two.gone_id, now)
    _move(tx, two, one, now)
    _leave(tx, two)
    tx.execute(_UNITED, {"b_id": one.id, "new_keep": two.keep_id, "new_gone": two.gone_id, "new_joined_at": now})
    facts = {"joined_id": str(two.gone_id)}
    audit.note(
        tx, "person.joined", actor_id=one.asker.person_id, subject_kind="person", subject_id=two.keep_id,
        facts=facts, now=now,
    )  # fmt: skip
    told = list(zip(sides, reversed(sides), strict=True))
    if one.asker.channel == one.other.channel and one.asker.channel in _SHARED:
        told = told[-1:]
    for (side, where), (elsewhere, _) in told:
        _tell(tx, side, Template.JOINED, one, now, with_channel=elsewhere.channel, **where)


def _guard(tx: Tx, one: Joining) -> None:
    """Hold both conversations; whoever has become somebody else while we waited is held as that one too."""
    while True:
        both = sorted({now_is(tx, one.asker.person_id), now_is(tx, one.other.person_id)})
        if all(person_id in tx.guarded for person_id in both):
            return
        for person_id in both:
            conversations.guard(tx, person_id)


def _who_stays(tx: Tx, one_id: int, other_id: int) -> _Two:
    """A technician stays, then who has orders, then who came first."""

    def rank(person_id: int) -> tuple[bool, bool, int]:
        is_technician = technicians.of_person(tx, person_id) is not None
        return not is_technician, tx.first(_ORDERS, {"b_person": person_id}) is None, person_id

    keep_id, gone_id = sorted((one_id, other_id), key=rank)
    return _Two(keep_id, gone_id)


def _move(tx: Tx, two: _Two, one: Joining, now: datetime) -> int:
    """Move what the next turn may ask for, and what is owed; how many rows there were."""
    hands = Hands(two.gone_id, two.keep_id, people.key_of(tx, two.gone_id), people.key_of(tx, two.keep_id))
    moved = move_at_once(tx, hands)
    for row in tx.all(_BALANCES, {"b_person": two.gone_id}):
        if row.minor:
            kind = AccountKind(row.kind)
            lines = {(kind, two.gone_id): -int(row.minor), (kind, two.keep_id): int(row.minor)}
            reference = f"{one.id}:{row.last_id}"
            post(tx, kind=JournalKind.JOINED, reference=reference, lines=lines, unit=row.unit, order_id=None, now=now)
    return moved


def _leave(tx: Tx, two: _Two) -> None:
    """Give what only one of them told, and the language last spoken, to the one who stays; the other is nobody now."""
    hands = Hands(two.gone_id, two.keep_id, people.key_of(tx, two.gone_id), people.key_of(tx, two.keep_id))
    told = tx.all(_SEALED, {"b_person": two.gone_id})[0]
    if told.name_sealed is not None:
        name = hands.resealed(told.name_sealed, "person.name")
        tx.execute(_FILL_NAME, {"b_person": two.keep_id, "new_name": name})
    if told.phone_sealed is not None:
        phone = hands.resealed(told.phone_sealed, "person.phone")
        tx.execute(_FILL_PHONE, {"b_person": two.keep_id, "new_phone": phone, "new_hash": told.phone_hash})
    lang = tx.scalar(_SPOKE_LAST, {"b_keep": two.keep_id, "b_gone": two.gone_id})
    if lang is not None:  # what comes next is told in the tongue of the chat where they have just spoken
        people.set_language(tx, two.keep_id, lang)
    tx.execute(_GO, {"b_person": two.gone_id, "new_keep": two.keep_id})
    tx.execute(_BEFORE_THEM, {"b_person": two.gone_id, "new_keep": two.keep_id})
    ticket_id = tx.scalar(_TICKET, {"b_person": two.gone_id})
    tx.execute(_NO_CONVERSATION, {"b_person": two.gone_id})
    if ticket_id is not None:
        conversations.hand_to(tx, two.keep_id, ticket_id)


def _follow(tx: Tx, one: Joining, now: datetime) -> None:
    """Move the next portion of the past, and at last what units that had read the old person wrote meanwhile."""
    assert one.gone_id is not None
    assert one.joined_at is not None
    two = _Two(now_is(tx, one.gone_id), one.gone_id)
    if people.person(tx, two.keep_id).erased_at is not None:  # nothing of the two is to be read again
        step(tx, one.id, JoiningState.JOINED, JoiningEvent.ALL_MOVED, due_at=None)
        return
    hands = Hands(two.gone_id, two.keep_id, people.key_of(tx, two.gone_id), people.key_of(tx, two.keep_id))
    if move_portion(tx, hands) or (now >= one.joined_at + SETTLES and _move(tx, two, one, now)):
        tx.execute(_AGAIN, {"b_id": one.id, "b_due": now + SETTLES, "new_due_at": now})  # until nothing is left
        return
    if now < one.joined_at + SETTLES:
        return
    step(tx, one.id, JoiningState.JOINED, JoiningEvent.ALL_MOVED, due_at=None)


def _where(tx: Tx, side: Side) -> dict[str, str | int]:
    """Return the very identity a side has, and its language, while both can still be told apart."""
    is_now = people.person(tx, now_is(tx, side.person_id))
    theirs = people.identities_of(tx, side.person_id)
    there = (each.id for each in theirs if (each.channel, each.account) == (side.channel, side.account))
    identity_id = next(there, None)
    lang: dict[str, str | int] = {"lang": is_now.lang}
    return lang if identity_id is None else lang | {"identity_id": identity_id}


def _tell(tx: Tx, side: Side, template: Template, one: Joining, now: datetime, **facts: str | int) -> None:
    """Tell one side, there where they were: each is to see that it has happened."""
    tell(
        tx, now_is(tx, side.person_id), template, dedupe=f"joining:{one.id}:{template}:{side.person_id}",
        facts={"joining_id": one.id, **facts}, channel=side.channel, account=side.account, now=now,
    )  # fmt: skip
