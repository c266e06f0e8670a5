"""Settings that operators change, kept as rows; and named counters such as the catalogue's version."""

from sqlalchemy import Column, String

from core.db.schema import Id, Instant, Json, table

setting = table(
    "setting",
    Column("name", String(48), primary_key=True),
    Column("value", Json, nullable=False),
    Column("changed_at", Instant, nullable=False),
)

counter = table(
    "counter",
    Column("name", String(48), primary_key=True),
    Column("value", Id, nullable=False),
)
