"""Pictures people send: sealed with their key, kept in the database so that every process sees them."""

from sqlalchemy import Column, Index, Integer, LargeBinary, String
from sqlalchemy.dialects.mysql import LONGBLOB

from core.db.schema import Id, Instant, id_column, state_column, table

file = table(
    "file",
    id_column(),
    Column("person_id", Id, nullable=False),
    Column("purpose", String(24), nullable=False),  # certificate, finished, review, face
    state_column(),  # expected, kept, failed
    Column("mime", String(32)),
    Column("size", Integer),
    Column("body_sealed", LargeBinary().with_variant(LONGBLOB(), "mysql")),
    Column("created_at", Instant, nullable=False),
    Index("ix_file_person", "person_id"),
)
