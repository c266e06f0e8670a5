"""Ledger, payments, refunds, coupons, settlements. Amounts are whole minor units of one currency or unit."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, String, UniqueConstraint

from core.db.schema import Id, Instant, Sealed, id_column, state_column, table

account = table(
    "account",
    id_column(),
    Column("kind", String(24), nullable=False),
    Column("owner_id", Id, nullable=False),  # 0: the house
    Column("unit", String(8), nullable=False),  # a currency, or points
    Column("balance_minor", Id),  # cached only where a floor stands
    Column("floor_minor", Id),
    UniqueConstraint("kind", "owner_id", "unit"),
)

journal = table(
    "journal",
    id_column(),
    Column("kind", String(24), nullable=False),
    Column("reference", String(64), nullable=False),
    Column("order_id", Id),
    Column("reverses_id", Id),
    Column("at", Instant, nullable=False),
    UniqueConstraint("kind", "reference"),
    Index("ix_journal_order", "order_id"),
)

posting = table(
    "posting",
    id_column(),
    Column("journal_id", Id, ForeignKey("journal.id"), nullable=False),
    Column("account_id", Id, nullable=False),
    Column("amount_minor", Id, nullable=False),
    Column("unit", String(8), nullable=False),
    CheckConstraint("amount_minor <> 0", name="amount"),
    Index("ix_posting_account", "account_id", "id"),
    Index("ix_posting_journal", "journal_id"),
)

payment = table(
    "payment",
    id_column(),
    Column("order_id", Id, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("token", String(32), nullable=False, unique=True),  # of our own link
    Column("number", String(32), nullable=False, unique=True),  # our number at the provider
    Column("provider", String(16)),  # known when the page is opened
    Column("provider_txn", String(64)),
    state_column(),
    Column("amount_minor", Id, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("paid_at", Instant),
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("order_id", "attempt"),
    UniqueConstraint("provider", "provider_txn"),
)

provider_event = table(
    "provider_event",
    id_column(),
    Column("provider", String(16), nullable=False),
    Column("event_id", String(80), nullable=False),
    Column("number", String(32)),
    Column("raw_sealed", Sealed, nullable=False),
    Column("outcome", String(24)),
    Column("received_at", Instant, nullable=False),
    Column("handled_at", Instant),
    UniqueConstraint("provider", "event_id"),
)

refund = table(
    "refund",
    id_column(),
    Column("payment_id", Id, nullable=False),
    Column("order_id", Id, nullable=False),
    Column("number", String(32), nullable=False, unique=True),
    Column("reason", String(24), nullable=False),
    state_column(),
    Column("amount_minor", Id, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("provider_ref", String(64)),
    Column("created_at", Instant, nullable=False),
    Column("done_at", Instant),
    UniqueConstraint("payment_id", "reason"),
    Index("ix_refund_order", "order_id"),
)

coupon = table(
    "coupon",
    id_column(),
    Column("person_id", Id, nullable=False),
    Column("kind", String(24), nullable=False),
    Column("amount_minor", Id, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("order_id", Id),  # taken by this order; null: free
    Column("granted_at", Instant, nullable=False),
    Column("used_at", Instant),
    UniqueConstraint("person_id", "kind"),
)

settlement = table(
    "settlement",
    id_column(),
    Column("store_id", Id, nullable=False),
    Column("currency", String(3), nullable=False),
    state_column(),
    Column("until_at", Instant, nullable=False),  # orders confirmed before
    Column("total_minor", Id, nullable=False),
    Column("closed_by", Id, nullable=False),
    Column("closed_at", Instant, nullable=False),
    Column("paid_by", Id),
    Column("paid_at", Instant),
)

settlement_line = table(
    "settlement_line",
    id_column(),
    Column("settlement_id", Id, nullable=False),
    Column("technician_id", Id, nullable=False),
    Column("order_id", Id, nullable=False),
    Column("service_minor", Id, nullable=False),
    Column("fare_minor", Id, nullable=False),
    Column("commission_minor", Id, nullable=False),
    Column("income_minor", Id, nullable=False),
    UniqueConstraint("order_id", "technician_id"),  # an order is settled once with each who made the visit
    Index("ix_settlement_line_settlement", "settlement_id"),
    Index("ix_settlement_line_technician", "technician_id"),
)

__all__ = [
    "account",
    "coupon",
    "journal",
    "payment",
    "posting",
    "provider_event",
    "refund",
    "settlement",
    "settlement_line",
]
