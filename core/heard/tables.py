"""Words that were not understood, kept for a while to learn from."""

from sqlalchemy import Column, Index, Integer, String

from core.db.schema import Id, Instant, Sealed, id_column, table

heard_words = table(
    "heard_words",
    id_column(),
    Column("person_id", Id, nullable=False),
    Column("how", String(12), nullable=False),
    Column("lang", String(12), nullable=False),
    Column("asked", String(16)),  # the kind of question they were said to
    Column("intent", String(32), nullable=False),  # what they were taken for
    Column("confidence", Integer, nullable=False),  # of a thousand
    Column("words_sealed", Sealed, nullable=False),
    Column("heard_at", Instant, nullable=False),
    Index("ix_heard_words_heard_at", "heard_at", "id"),
    Index("ix_heard_words_person", "person_id"),
)
