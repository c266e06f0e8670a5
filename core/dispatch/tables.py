"""Offers: who was asked to take an order, until when, and what they said."""

from sqlalchemy import Column, Index, Integer, String, UniqueConstraint

from core.db.schema import Id, Instant, Sealed, id_column, state_column, table

offer = table(
    "offer",
    id_column(),
    Column("order_id", Id, nullable=False),
    Column("technician_id", Id, nullable=False),
    Column("round", Integer, nullable=False),
    state_column(),
    Column("reason", String(24)),
    Column("reason_sealed", Sealed),
    Column("expires_at", Instant, nullable=False),
    Column("decided_at", Instant),
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("order_id", "round"),
    Index("ix_offer_technician", "technician_id", "state"),
    Index("ix_offer_due", "state", "expires_at"),
)
