"""Effects: work that needs the network and is not words."""

from sqlalchemy import Column, Index, Integer, String

from core.db.schema import Digest, Id, Instant, Json, id_column, state_column, table

effect = table(
    "effect",
    id_column(),
    Column("kind", String(32), nullable=False),
    Column("unique_key", Digest, nullable=False, unique=True),
    Column("number", String(32), nullable=False),  # our own number at the other side: the same at every try
    Column("facts", Json, nullable=False),
    state_column(),
    Column("due_at", Instant),  # real time; null once done
    Column("leased_until", Instant),  # nobody claims it sooner: it is under way, or rests (then without a lease)
    Column("lease", Id),
    Column("attempts", Integer, nullable=False),
    Column("last_error", String(200)),
    Column("trace", String(16)),  # what the log calls the unit that wanted it
    Column("created_at", Instant, nullable=False),
    Column("done_at", Instant),
    Index("ix_effect_due", "due_at", "id"),
)
