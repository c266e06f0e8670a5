"""Tickets: a person wants a human, complains, or needs help now; or the house found something a human must see."""

from sqlalchemy import Column, Index, String

from core.db.schema import Id, Instant, Sealed, id_column, state_column, table

ticket = table(
    "ticket",
    id_column(),
    Column("person_id", Id),  # null: the house itself needs somebody
    Column("order_id", Id),
    Column("kind", String(16), nullable=False),  # human, complaint, emergency, house
    state_column(),
    Column("summary_sealed", Sealed, nullable=False),
    Column("answer_sealed", Sealed),
    Column("answered_by", Id),
    Column("created_at", Instant, nullable=False),
    Column("closed_at", Instant),
    Index("ix_ticket_state", "state", "id"),
    Index("ix_ticket_person", "person_id", "state"),
)
