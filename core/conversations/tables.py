"""The inbox of what came in, and where each conversation stands."""

from sqlalchemy import Column, Index, Integer, String, UniqueConstraint

from core.db.schema import Digest, Id, Instant, Sealed, id_column, state_column, table

inbox = table(
    "inbox",
    id_column(),
    Column("channel", String(12), nullable=False),
    Column("account", String(64), nullable=False),
    Column("external_hash", Digest, nullable=False),  # of the platform's id of the update
    Column("person_id", Id, nullable=False),
    Column("raw_sealed", Sealed),  # the Incoming: tried again from here, and what the page shows as said
    state_column(),
    Column("attempts", Integer, nullable=False),
    Column("retry_at", Instant),
    Column("received_at", Instant, nullable=False),
    Column("answer_id", Id),  # the message that answered it: a platform that asks again is given the same
    Column("error", String(120)),  # why its turn failed last: an error's kind and place, never its words
    Column("after_id", Id),  # what the same person said before and was put off as well: it is done first
    Column("trace", String(16)),  # what the log calls the unit that failed first
    UniqueConstraint("channel", "account", "external_hash"),
    Index("ix_inbox_retry", "retry_at"),
)

conversation = table(
    "conversation",
    Column("person_id", Id, primary_key=True, autoincrement=False),
    Column("version", Id, nullable=False),
    Column("state_sealed", Sealed),
    Column("prompt_id", Id),  # the message that carries the question now open
    Column("prompt_at", Instant),
    Column("updated_at", Instant, nullable=False),
    Column("put_off_id", Id),  # the newest in the inbox that was put off: what is said meanwhile waits behind it
    Column("ticket_id", Id),  # a human owns the thread, or is awaited: the bot is silent
)
