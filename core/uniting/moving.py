"""Every row that names a person, and how it becomes another's: what is sealed is opened and sealed anew."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, Table, Update, and_, bindparam, delete, or_, select, update

from core.calendar.tables import occupation
from core.changes.tables import change_consent, change_request
from core.conversations.tables import inbox
from core.crypto import Key, Unreadable
from core.db import Row, Tx
from core.files.tables import file
from core.heard.tables import heard_words
from core.messages import MessageKind, MessageState
from core.messages.tables import held, message
from core.money.tables import coupon
from core.orders.tables import order
from core.people.tables import address, consent, identity, invitation, link_code, link_try, proved_phone
from core.positions.tables import position
from core.reviews.tables import review
from core.support.tables import ticket, ticket_line

MOST_AT_ONCE: Final = 500
"""More rows of one kind than a person has; of pictures and words long said a portion at a time is moved."""


@dataclass(frozen=True, slots=True)
class Hands:
    """From whose hands into whose; with the keys that seal what is theirs."""

    gone_id: int
    keep_id: int
    old: Key
    new: Key

    def resealed(self, sealed: bytes | None, purpose: str) -> bytes | None:
        """Return the same words under the new key; what does not open with the old one is left as it is."""
        if sealed is None:
            return None
        try:
            return self.new.seal(self.old.open(bytes(sealed), purpose), purpose)
        except Unreadable:
            return sealed


@dataclass(frozen=True, slots=True)
class Moved:
    """A table's rows of one person. `sealed` names what each sealed column is sealed for."""

    table: Table
    column: str = "person_id"
    sealed: Mapping[str, str] = field(default_factory=dict[str, str])
    only: ColumnElement[bool] | None = None
    newest_first: bool = False
    whole: Update = field(init=False)
    rows: Select[Any] = field(init=False)
    row: Update = field(init=False)

    def __post_init__(self) -> None:
        of_person = self.table.c[self.column] == bindparam("b_gone")
        mine = of_person if self.only is None else and_(of_person, self.only)
        keys = list(self.table.primary_key.columns)
        order = [key.desc() if self.newest_first else key for key in keys]
        columns = [*keys, *(self.table.c[name] for name in self.sealed)]
        new: dict[str, Any] = {self.column: bindparam("new_person")}
        sealed_anew: dict[str, Any] = {name: bindparam(f"new_{name}") for name in self.sealed}
        this = [key == bindparam(f"b_{key.name}") for key in keys]
        object.__setattr__(self, "whole", update(self.table).where(mine).values(new))
        rows = select(*columns).where(mine).order_by(*order).limit(bindparam("b_most")).with_for_update()
        object.__setattr__(self, "rows", rows)
        object.__setattr__(self, "row", update(self.table).where(*this, of_person).values(new | sealed_anew))

    def move(self, tx: Tx, hands: Hands, most: int = MOST_AT_ONCE) -> int:
        """Move at most so many of the person's rows; how many there were."""
        if not self.sealed:
            return tx.execute(self.whole, {"b_gone": hands.gone_id, "new_person": hands.keep_id})
        found = tx.all(self.rows, {"b_gone": hands.gone_id, "b_most": most})
        for row in found:
            tx.execute(self.row, self._params(row, hands))
        return len(found)

    def _params(self, row: Row, hands: Hands) -> dict[str, Any]:
        keys = {f"b_{key.name}": getattr(row, key.name) for key in self.table.primary_key.columns}
        new = {f"new_{name}": hands.resealed(getattr(row, name), purpose) for name, purpose in self.sealed.items()}
        return {"b_gone": hands.gone_id, "new_person": hands.keep_id, **keys, **new}


@dataclass(frozen=True, slots=True)
class OneEach:
    """One row of a person, or one for each of something: where both have it, that of who stays is kept."""

    table: Table
    rows: Select[Any] = field(init=False)
    row: Update = field(init=False)
    less: Any = field(init=False)

    def __post_init__(self) -> None:
        keys = [key for key in self.table.primary_key.columns if key.name != "person_id"]
        of_person = self.table.c.person_id == bindparam("b_gone")
        this = [of_person, *(key == bindparam(f"b_{key.name}") for key in keys)]
        object.__setattr__(self, "rows", select(self.table.c.person_id, *keys).where(of_person))
        object.__setattr__(self, "row", update(self.table).where(*this).values(person_id=bindparam("new_person")))
        object.__setattr__(self, "less", delete(self.table).where(*this))

    def move(self, tx: Tx, hands: Hands) -> int:
        """Move the person's rows that the other has none of, forget the rest; how many there were."""
        theirs = {tuple(row)[1:] for row in tx.all(self.rows, {"b_gone": hands.keep_id})}
        found = tx.all(self.rows, {"b_gone": hands.gone_id})
        for row in found:
            which = {f"b_{name}": getattr(row, name) for name in row._fields if name != "person_id"}
            params = {"b_gone": hands.gone_id, **which}
            if tuple(row)[1:] in theirs:
                tx.execute(self.less, params)
            else:
                tx.execute(self.row, {**params, "new_person": hands.keep_id})
        return len(found)


_still_of_use = or_(
    message.c.due_at.is_not(None),
    message.c.kind == MessageKind.CARD.value,
    message.c.state == MessageState.HELD.value,
)
AT_ONCE: Final = (
    # Orders before messages: whoever moves an order meanwhile has written to the old person by the time we pass it.
    Moved(order, sealed={"address_sealed": "order.address"}),
    Moved(occupation),
    Moved(change_request, "asker_id", {"words_sealed": "change.words"}, change_request.c.asked_by == "customer"),
    Moved(change_consent, "party_id", {"words_sealed": "change.words"}, change_consent.c.kind == "customer"),
    Moved(review, sealed={"words_sealed": "review.words"}),
    Moved(address, sealed={"sealed": "address"}),
    Moved(ticket, sealed={"summary_sealed": "ticket.summary", "answer_sealed": "ticket.answer"}),
    Moved(held),
    OneEach(consent),
    OneEach(proved_phone),
    OneEach(invitation),
    Moved(invitation, "inviter_id"),
    Moved(message, sealed={"body_sealed": "message.body"}, only=_still_of_use, newest_first=True),
    Moved(identity),
)
"""What the next turn may ask for: it becomes the other's in the moment in which two persons become one."""

PORTIONS: Final = (
    (Moved(message, sealed={"body_sealed": "message.body"}), 100),
    (Moved(inbox, sealed={"raw_sealed": "inbox.raw"}), 100),
    (Moved(heard_words, sealed={"words_sealed": "heard.words"}), 100),
    (Moved(file, sealed={"body_sealed": "file"}), 1),
)
"""The past, with how many rows fit in a short unit: it follows, and stays readable with the old key until then."""

FORGOTTEN: Final = (link_code, link_try, position)
"""What is of the moment only."""

OTHERWISE: Final = frozenset(
    {"coupon.person_id", "technician.person_id", "conversation.person_id", "announced.person_id"}
)
"""Columns that name a person and are seen to each in its own way, or stay as history (to whom was written then)."""

_LINES = (
    select(ticket_line.c.id, ticket_line.c.text_sealed)
    .join(ticket, ticket.c.id == ticket_line.c.ticket_id)
    .where(ticket.c.person_id == bindparam("b_gone"), ticket_line.c.text_sealed.is_not(None))
)
_LINE = update(ticket_line).where(ticket_line.c.id == bindparam("b_id")).values(text_sealed=bindparam("new_text"))
_FORGET = tuple(delete(one).where(one.c.person_id == bindparam("b_gone")) for one in FORGOTTEN)
_NO_INVITER_OF_ONESELF = delete(invitation).where(
    invitation.c.person_id == bindparam("b_keep"), invitation.c.inviter_id == bindparam("b_keep")
)
_ENDED = select(consent.c.kind, consent.c.ended_at).where(
    consent.c.person_id == bindparam("b_gone"), consent.c.ended_at.is_not(None)
)
_END = (
    update(consent)
    .where(consent.c.person_id == bindparam("b_keep"), consent.c.kind == bindparam("b_kind"))
    .where(consent.c.ended_at.is_(None))
    .values(ended_at=bindparam("new_ended_at"))
)
_COUPONS = select(coupon.c.id, coupon.c.person_id, coupon.c.kind, coupon.c.order_id).where(
    or_(coupon.c.person_id == bindparam("b_gone"), coupon.c.person_id == bindparam("b_keep"))
)
_COUPON = update(coupon).where(coupon.c.id == bindparam("b_id")).values(person_id=bindparam("new_person"))
_NO_COUPON = delete(coupon).where(coupon.c.id == bindparam("b_id"), coupon.c.order_id.is_(None))
_HAS_NUMBERS = select(message.c.id).where(
    message.c.person_id == bindparam("b_keep"), message.c.first_number.is_not(None)
).limit(1)  # fmt: skip
_NO_NUMBERS = (
    update(message)
    .where(message.c.person_id == bindparam("b_gone"), message.c.first_number.is_not(None))
    .values(first_number=None)
)


def move_at_once(tx: Tx, hands: Hands) -> int:
    """Move all that the next turn may ask for; how many rows there were."""
    _move_lines(tx, hands)  # while their ticket still says whose they are
    if tx.first(_HAS_NUMBERS, {"b_keep": hands.keep_id}) is not None:
        tx.execute(_NO_NUMBERS, {"b_gone": hands.gone_id})  # a number typed from now on means one card alone
    for row in tx.all(_ENDED, {"b_gone": hands.gone_id}):  # a no on either side is a no
        tx.execute(_END, {"b_keep": hands.keep_id, "b_kind": row.kind, "new_ended_at": row.ended_at})
    moved = sum(one.move(tx, hands) for one in AT_ONCE)
    tx.execute(_NO_INVITER_OF_ONESELF, {"b_keep": hands.keep_id})
    _move_coupons(tx, hands)
    for statement in _FORGET:
        tx.execute(statement, {"b_gone": hands.gone_id})
    return moved


def move_portion(tx: Tx, hands: Hands) -> int:
    """Move as much of the past as a short unit takes; 0 when nothing is left."""
    for one, most in PORTIONS:
        moved = one.move(tx, hands, most)
        if moved:
            return moved
    return 0


def _move_lines(tx: Tx, hands: Hands) -> None:
    for row in tx.all(_LINES, {"b_gone": hands.gone_id}):
        tx.execute(_LINE, {"b_id": row.id, "new_text": hands.resealed(row.text_sealed, "ticket.line")})


def _move_coupons(tx: Tx, hands: Hands) -> None:
    """Nobody has two of a kind by having come twice: of two, the one that was used counts, and a free one goes."""
    mine: dict[str, Row] = {}
    theirs: list[Row] = []
    for row in tx.all(_COUPONS, {"b_gone": hands.gone_id, "b_keep": hands.keep_id}):
        if row.person_id == hands.keep_id:
            mine[row.kind] = row
        else:
            theirs.append(row)
    for row in theirs:
        kept = mine.get(row.kind)
        if kept is None:
            tx.execute(_COUPON, {"b_id": row.id, "new_person": hands.keep_id})
        elif row.order_id is None:
            tx.execute(_NO_COUPON, {"b_id": row.id})
        elif kept.order_id is None:
            tx.execute(_NO_COUPON, {"b_id": kept.id})
            tx.execute(_COUPON, {"b_id": row.id, "new_person": hands.keep_id})
