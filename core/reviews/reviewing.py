"""Reviews: what the customer says about a visit once it is over."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Integer, bindparam, select

from core import files, technicians
from core.db import Row, Tx, insert_into
from core.errors import InvalidInput, NotFound, PersonErased, StateConflict
from core.ids import new_id
from core.messages import Template
from core.orders import visit
from core.orders.moves import Actor, ActorKind, move
from core.orders.states import OrderEvent, OrderState
from core.orders.telling import tell_technician
from core.orders.views import order_of
from core.people import key_of
from core.reviews.tables import review as table
from core.words import prose

LONGEST_WORDS = 1000
_PURPOSE = "review.words"


@dataclass(frozen=True, slots=True)
class Stars:
    """One to five on each dimension (feature C28)."""

    attitude: int
    skill: int
    efficiency: int
    agreement: int
    overall: int


@dataclass(frozen=True, slots=True)
class Review:
    """One review; `words` are None when nothing was said or the customer is erased."""

    id: int
    order_id: int
    technician_id: int
    stars: Stars
    words: str | None
    photo_file_id: int | None
    at: datetime


_INSERT = insert_into(table)
_OF_TECHNICIAN = (
    select(table)
    .where(table.c.technician_id == bindparam("b_technician"))
    .order_by(table.c.id.desc())
    .limit(bindparam("b_most", type_=Integer))
)
_OF_ORDER = select(table).where(table.c.order_id == bindparam("b_order"))


def add(
    tx: Tx,
    order_id: int,
    *,
    person_id: int,
    stars: Stars,
    words: str | None,
    photo_file_id: int | None,
    now: datetime,
) -> Review:
    """Review one's own visit, confirming it first where that is still open; the technician is told.

    Raises InvalidInput, NotFound for a foreign order or photo, StateConflict before the end or the second time.
    """
    said = _checked(stars, words)
    order = order_of(tx, person_id, order_id)
    if photo_file_id is not None and files.file_owner(tx, photo_file_id) != person_id:
        raise NotFound(kind="file")
    if order.technician_id is None or order.state not in (OrderState.FINISHED, OrderState.CONFIRMED):
        raise StateConflict(order_id=order_id, state=order.state)
    technicians.add_stars(tx, order.technician_id, stars.overall)
    if order.state is OrderState.FINISHED:
        order = visit.confirm(tx, order_id, person_id=person_id, now=now)
    actor = Actor(ActorKind.CUSTOMER, person_id)
    moved = move(tx, order, OrderEvent.REVIEWED, actor=actor, now=now, facts=asdict(stars))
    row = {
        "id": new_id(), "order_id": order_id, "person_id": person_id, "technician_id": order.technician_id,
        **asdict(stars), "words_sealed": key_of(tx, person_id).seal_text(said, _PURPOSE) if said else None,
        "photo_file_id": photo_file_id, "at": now,
    }  # fmt: skip
    tx.execute(_INSERT, row)
    tell_technician(tx, moved, Template.REVIEWED, now=now, stars=stars.overall)
    return Review(row["id"], order_id, row["technician_id"], stars, said, photo_file_id, now)


def reviews_of(tx: Tx, technician_id: int, limit: int) -> tuple[Review, ...]:
    """Return a technician's latest reviews, newest first."""
    return tuple(_review(tx, row) for row in tx.all(_OF_TECHNICIAN, {"b_technician": technician_id, "b_most": limit}))


def review_of_order(tx: Tx, order_id: int) -> Review | None:
    """Return what was said about one visit, None before."""
    row = tx.first(_OF_ORDER, {"b_order": order_id})
    return None if row is None else _review(tx, row)


def _checked(stars: Stars, words: str | None) -> str | None:
    """Return the words worth keeping, None for none."""
    if not all(isinstance(given, int) and 1 <= given <= 5 for given in asdict(stars).values()):
        raise InvalidInput(field="stars")
    said = prose(words or "")
    if len(said) > LONGEST_WORDS:
        raise InvalidInput(field="words")
    return said or None


def _review(tx: Tx, row: Row) -> Review:
    stars = Stars(row.attitude, row.skill, row.efficiency, row.agreement, row.overall)
    words = _words(tx, row) if row.words_sealed is not None else None
    return Review(row.id, row.order_id, row.technician_id, stars, words, row.photo_file_id, row.at)


def _words(tx: Tx, row: Row) -> str | None:
    try:
        return key_of(tx, row.person_id).open_text(bytes(row.words_sealed), _PURPOSE)
    except PersonErased:
        return None
