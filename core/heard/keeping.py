"""Keeping words that were not understood: sealed with their person's key, for so long as the settings say."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Integer, bindparam, delete, select

from core.crypto import Key, Unreadable
from core.db import Row, Tx, insert_into
from core.heard.tables import heard_words as table
from core.ids import new_id
from core.people.tables import person
from core.settings import rules

LONGEST = 300
"""Letters kept of one message: what somebody wants is said by then."""
_PURPOSE = "heard.words"
_INSERT = insert_into(table)
_MOST = bindparam("b_most", type_=Integer)
_AFTER = (
    select(table, person.c.sealed_key, person.c.zone)
    .join(person, person.c.id == table.c.person_id)
    .where(
        table.c.heard_at >= bindparam("b_since"), table.c.id > bindparam("b_after"), person.c.sealed_key.is_not(None)
    )
    .order_by(table.c.id)
    .limit(_MOST)
)
_OLD = select(table.c.id).where(table.c.heard_at < bindparam("b_before")).order_by(table.c.heard_at).limit(_MOST)
_FORGET = delete(table).where(table.c.id == bindparam("b_id"))


class How(StrEnum):
    """Why words were kept: not understood, we had to ask which of several things, or the person put us right."""

    MISSED = "missed"
    UNCLEAR = "unclear"
    CORRECTED = "corrected"


@dataclass(frozen=True, slots=True)
class Heard:
    """Words kept, and what they were taken for; `zone` is their person's (IANA)."""

    id: int
    person_id: int
    how: How
    lang: str
    zone: str
    asked: str | None
    intent: str
    confidence: float
    words: str
    heard_at: datetime


def keep(
    tx: Tx,
    person_id: int,
    *,
    key: Key,
    how: How,
    words: str,
    lang: str,
    asked: str | None,
    intent: str,
    confidence: float,
    now: datetime,
) -> None:
    """Keep words, already without what tells who somebody is; nothing where the settings keep none."""
    if not words.strip() or rules(tx).heard_words_days == 0:
        return
    tx.execute(
        _INSERT,
        {
            "id": new_id(), "person_id": person_id, "how": how.value, "lang": lang, "asked": asked, "intent": intent,
            "confidence": round(confidence * 1000), "words_sealed": key.seal_text(words[:LONGEST], _PURPOSE),
            "heard_at": now,
        },
    )  # fmt: skip


def kept(tx: Tx, *, since: datetime, after_id: int = 0, most: int = 200) -> tuple[Heard, ...]:
    """Return words heard since then, oldest first, after the row `after_id`; what cannot be opened is passed over.

    Nothing is returned only when nothing more is there.
    """
    while rows := tx.all(_AFTER, {"b_since": since, "b_after": after_id, "b_most": most}):
        found = tuple(heard for row in rows for heard in _opened(tx, row))
        if found:
            return found
        after_id = rows[-1].id
    return ()


def forget_old(tx: Tx, now: datetime, most: int = 200) -> int:
    """Delete words older than the settings allow, at most so many; returns how many."""
    before = now - timedelta(days=rules(tx).heard_words_days)
    old = tx.all(_OLD, {"b_before": before, "b_most": most})
    tx.execute_many(_FORGET, [{"b_id": row.id} for row in old])
    return len(old)


def _opened(tx: Tx, row: Row) -> Iterator[Heard]:
    try:
        words = tx.vault.key(bytes(row.sealed_key)).open_text(bytes(row.words_sealed), _PURPOSE)
    except Unreadable:
        return
    yield Heard(
        id=row.id,
        person_id=row.person_id,
        how=How(row.how),
        lang=row.lang,
        zone=row.zone,
        asked=row.asked,
        intent=row.intent,
        confidence=row.confidence / 1000,
        words=words,
        heard_at=row.heard_at,
    )
