"""What people say about a change: sealed with their own key, opened for operators."""

from collections.abc import Mapping

from sqlalchemy import bindparam, select

from core.changes.requests import Change
from core.changes.tables import change_consent, change_request
from core.changes.telling import person_behind
from core.db import Tx
from core.errors import PersonErased
from core.orders.moves import Actor, ActorKind
from core.people import key_of
from core.words import prose

_PURPOSE = "change.words"
_ASKED = select(change_request.c.words_sealed).where(change_request.c.id == bindparam("b_change"))
_ANSWERED = select(change_consent.c.kind, change_consent.c.party_id, change_consent.c.words_sealed).where(
    change_consent.c.change_id == bindparam("b_change")
)


def sealed(tx: Tx, by: Actor, words: str | None) -> bytes | None:
    """Seal what somebody said with their own key; None when it was nothing."""
    said = prose(words or "")
    return key_of(tx, person_behind(tx, by)).seal_text(said, _PURPOSE) if said else None


def words_of(tx: Tx, change: Change) -> Mapping[Actor, str]:
    """Return what the people of a request said, for operators; without those who said nothing or were erased."""
    rows = tx.all(_ANSWERED, {"b_change": change.id})
    said = {Actor(ActorKind(row.kind), row.party_id): row.words_sealed for row in rows}
    said[change.asker] = tx.scalar(_ASKED, {"b_change": change.id})
    opened = {one: _open(tx, one, bytes(words)) for one, words in said.items() if words is not None}
    return {one: words for one, words in opened.items() if words is not None}


def _open(tx: Tx, by: Actor, words: bytes) -> str | None:
    try:
        return key_of(tx, person_behind(tx, by)).open_text(words, _PURPOSE)
    except PersonErased:
        return None
