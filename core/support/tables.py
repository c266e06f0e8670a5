"""Tickets: a person wants a human, complains, or needs help now; or the house found something a human must see."""

from sqlalchemy import Column, Index, Integer, PrimaryKeyConstraint, String

from core.db.schema import Id, Instant, Sealed, id_column, state_column, table

ticket = table(
    "ticket",
    id_column(),
    Column("person_id", Id),  # null: the house itself needs somebody
    Column("order_id", Id),
    Column("kind", String(16), nullable=False),  # human, complaint, emergency, house
    state_column(),
    Column("summary_sealed", Sealed, nullable=False),
    Column("answer_sealed", Sealed),  # the newest, so that a list needs no thread
    Column("answered_by", Id),
    Column("created_at", Instant, nullable=False),
    Column("closed_at", Instant),
    Column("taken_by", Id),  # the operator who talks with the person
    Column("taken_at", Instant),
    Column("waiting_since", Instant),  # the person waits in the chat for a word of ours; null: nobody does
    Column("soothed_at", Instant),  # in this spell of waiting the one soothing line was said
    Column("waited_seconds", Integer),  # until a human first came: what the next are told is made from it
    Column("heard_at", Instant),  # the last word of either side
    Column("call_back_at", Instant),  # promised: somebody gets back to the person by then
    Index("ix_ticket_state", "state", "id"),
    Index("ix_ticket_person", "person_id", "state"),
)

ticket_line = table(
    "ticket_line",
    id_column(),
    Column("ticket_id", Id, nullable=False),
    Column("author", String(12), nullable=False),  # person, operator, bot
    Column("operator_id", Id),
    Column("event", String(16)),  # what became of the thread, where nobody said anything
    Column("text_sealed", Sealed),
    Column("file_id", Id),
    Column("at", Instant, nullable=False),
    Index("ix_ticket_line_ticket", "ticket_id", "at", "id"),
)

trouble = table(
    "trouble",  # what keeps the house from its work until an operator mends it, and the ticket that says so
    Column("cause", String(96), primary_key=True),
    Column("ticket_id", Id),
    Column("opened_at", Instant, nullable=False),
    Column("ends_at", Instant),  # when it is over by itself, where that is known
)

trouble_seen = table(
    "trouble_seen",  # which processes run into it just now: as long as one does it is not over
    Column("cause", String(96), nullable=False),
    Column("who", Id, nullable=False),
    Column("seen_at", Instant, nullable=False),
    PrimaryKeyConstraint("cause", "who"),
)
