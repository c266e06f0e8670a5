"""Change requests: another time or technician for an accepted visit, and whose yes it needs."""

from sqlalchemy import Column, Index, Integer, PrimaryKeyConstraint, String

from core.db.schema import Id, Instant, Sealed, id_column, state_column, table

change_request = table(
    "change_request",
    id_column(),
    Column("order_id", Id, nullable=False),
    Column("open_order_id", Id, unique=True),  # the order again while the request is open: it has one at most
    Column("order_version", Integer, nullable=False),  # what was asked about; a move by anything else overtakes it
    Column("asked_by", String(12), nullable=False),  # customer, technician
    Column("asker_id", Id, nullable=False),  # the person's id, or the technician's
    Column("technician_id", Id, nullable=False),  # who would come; of two, the one who would lead
    Column("companion_id", Id),
    Column("anyone", Integer, nullable=False),  # 1: the customer left it to us who comes
    Column("from_at", Instant, nullable=False),  # the start it would give up
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    state_column(),
    Column("reason", String(24)),  # of the asker
    Column("words_sealed", Sealed),  # the asker's key
    Column("expires_at", Instant, nullable=False),
    Column("nudged_at", Instant),
    Column("due_at", Instant),  # the next nudge or end; null once decided
    Column("created_at", Instant, nullable=False),
    Column("decided_at", Instant),
    Index("ix_change_request_order", "order_id"),
    Index("ix_change_request_due", "due_at"),
)

change_consent = table(
    "change_consent",
    Column("change_id", Id, nullable=False),
    Column("kind", String(12), nullable=False),  # customer, technician
    Column("party_id", Id, nullable=False),  # the person's id, or the technician's
    Column("answer", String(12)),  # agreed, refused; null: not yet
    Column("reason", String(24)),  # of a no
    Column("words_sealed", Sealed),  # the key of who answers
    Column("answered_at", Instant),
    PrimaryKeyConstraint("change_id", "kind", "party_id"),
)
