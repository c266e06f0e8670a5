"""Announcements: what operators say to many, and to whom it was written."""

from sqlalchemy import Column, Index, Integer, String

from core.db.schema import Id, Instant, Json, id_column, state_column, table

announcement = table(
    "announcement",
    id_column(),
    Column("kind", String(8), nullable=False),  # notice, news
    Column("audience", String(12), nullable=False),  # all, customers, technicians, region
    Column("region_id", Id),
    Column("texts", Json, nullable=False),  # {lang: words}, the operators' own
    Column("link_url", String(300)),
    Column("link_texts", Json),  # {lang: label}
    Column("not_before_at", Instant),
    Column("expires_at", Instant),
    Column("pace", Integer, nullable=False),  # messages a minute
    state_column(),
    Column("cursor_id", Id, nullable=False),  # of the persons gone through: written to, or their messages dropped
    Column("next_at", Instant),  # when the next message may be due
    Column("written", Integer, nullable=False),
    Column("created_by", Id, nullable=False),  # operators
    Column("created_at", Instant, nullable=False),
    Column("started_by", Id),
    Column("started_at", Instant),  # whoever comes later is not in
    Column("stopped_at", Instant),
    Index("ix_announcement_state", "state", "id"),
)

announced = table(
    "announced",
    Column("announcement_id", Id, primary_key=True, autoincrement=False),
    Column("person_id", Id, primary_key=True, autoincrement=False),
    Column("message_id", Id, nullable=False),
)
