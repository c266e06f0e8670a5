"""Joinings: two persons who have shown that they are one, and how far their becoming one has come."""

from sqlalchemy import Column, Index, String

from core.db.schema import Id, Instant, id_column, state_column, table

joining = table(
    "joining",
    id_column(),
    Column("asker_id", Id, nullable=False),  # said yes to being one with the other
    Column("asker_channel", String(12), nullable=False),
    Column("asker_account", String(64), nullable=False),
    Column("other_id", Id, nullable=False),  # whose code it was, or whose phone
    Column("other_channel", String(12), nullable=False),
    Column("other_account", String(64), nullable=False),
    state_column(),
    Column("keep_id", Id),  # who of the two stays, once they are one
    Column("gone_id", Id),
    Column("due_at", Instant),  # of the next step; null: the other's yes is awaited, or all is done
    Column("created_at", Instant, nullable=False),
    Column("joined_at", Instant),
    Index("ix_joining_due", "due_at"),
    Index("ix_joining_asker", "asker_id"),
    Index("ix_joining_other", "other_id"),
    Index("ix_joining_gone", "gone_id"),
)
