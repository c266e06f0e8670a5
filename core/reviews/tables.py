"""Reviews: stars on five dimensions, words, a photo."""

from sqlalchemy import Column, Index, Integer

from core.db.schema import Id, Instant, Sealed, id_column, table

review = table(
    "review",
    id_column(),
    Column("order_id", Id, nullable=False, unique=True),
    Column("person_id", Id, nullable=False),
    Column("technician_id", Id, nullable=False),
    Column("attitude", Integer, nullable=False),
    Column("skill", Integer, nullable=False),
    Column("efficiency", Integer, nullable=False),
    Column("agreement", Integer, nullable=False),
    Column("overall", Integer, nullable=False),
    Column("words_sealed", Sealed),
    Column("photo_file_id", Id),
    Column("at", Instant, nullable=False),
    Index("ix_review_technician", "technician_id", "id"),
)
