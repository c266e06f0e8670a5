"""Where technicians on the way are, while they share it and no longer."""

from sqlalchemy import Column, Index, String

from core.db.schema import Id, Instant, Sealed, table

position = table(
    "position",
    Column("person_id", Id, primary_key=True, autoincrement=False),  # the technician's
    Column("order_id", Id, nullable=False),
    Column("sealed", Sealed),  # JSON [lat, lng], WGS84, with the technician's key; null once the sharing is over
    Column("share", String(64), nullable=False),  # the platform's id of the message that shares it
    Column("live_until", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Index("ix_position_order", "order_id"),
)
