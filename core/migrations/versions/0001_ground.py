"""The ground floor: every table of every room."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

from core.money.triggers import APPEND_ONLY, statements

revision = "0001_ground"
down_revision = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.BigInteger()
JSON = sa.Text().with_variant(mysql.MEDIUMTEXT(), "mysql")
DAY = sa.Integer()
SEALED = sa.LargeBinary().with_variant(mysql.MEDIUMBLOB(), "mysql")
DIGEST = sa.LargeBinary(32).with_variant(sa.BINARY(32), "mysql")
BYTEWISE: dict[str, Any] = {"mysql_charset": "utf8mb4", "mysql_collate": "utf8mb4_bin", "mysql_engine": "InnoDB"}


def upgrade() -> None:  # noqa: PLR0915  one line a table
    """Move the schema forward."""
    op.create_table(
        "account",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("owner_id", ID, nullable=False),
        sa.Column("unit", sa.String(length=8), nullable=False),
        sa.Column("balance_minor", ID, nullable=True),
        sa.Column("floor_minor", ID, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("kind", "owner_id", "unit", name=op.f("uq_account_kind_owner_id_unit")),
        **BYTEWISE,
    )
    op.create_table(
        "address",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("region_id", ID, nullable=False),
        sa.Column("sealed", SEALED, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT, nullable=False),
        sa.Column("removed_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address")),
        **BYTEWISE,
    )
    op.create_index("ix_address_person", "address", ["person_id", "used_at"], unique=False)
    op.create_table(
        "audit_line",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("action", sa.String(length=48), nullable=False),
        sa.Column("actor_id", ID, nullable=True),
        sa.Column("subject_kind", sa.String(length=24), nullable=False),
        sa.Column("subject_id", ID, nullable=True),
        sa.Column("facts", JSON, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("seal_seq", ID, nullable=True),
        sa.Column("seal", DIGEST, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_line")),
        sa.UniqueConstraint("seal_seq", name=op.f("uq_audit_line_seal_seq")),
        **BYTEWISE,
    )
    op.create_index("ix_audit_line_subject", "audit_line", ["subject_kind", "subject_id"], unique=False)
    op.create_table(
        "category",
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("names", JSON, nullable=False),
        sa.Column("synonyms", JSON, nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_category")),
        **BYTEWISE,
    )
    op.create_table(
        "certificate",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("technician_id", ID, nullable=False),
        sa.Column("file_id", ID, nullable=True),
        sa.Column("names", JSON, nullable=False),
        sa.Column("checked_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        **BYTEWISE,
    )
    op.create_index("ix_certificate_technician", "certificate", ["technician_id"], unique=False)
    op.create_table(
        "claim",
        sa.Column("technician_id", ID, nullable=False),
        sa.Column("cell_start", ID, nullable=False),
        sa.Column("occupation_id", ID, nullable=False),
        sa.PrimaryKeyConstraint("technician_id", "cell_start", name=op.f("pk_claim")),
        **BYTEWISE,
    )
    op.create_index("ix_claim_occupation", "claim", ["occupation_id"], unique=False)
    op.create_table(
        "conversation",
        sa.Column("person_id", ID, autoincrement=False, nullable=False),
        sa.Column("version", ID, nullable=False),
        sa.Column("state_sealed", SEALED, nullable=True),
        sa.Column("prompt_id", ID, nullable=True),
        sa.Column("prompt_at", INSTANT, nullable=True),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_conversation")),
        **BYTEWISE,
    )
    op.create_table(
        "counter",
        sa.Column("name", sa.String(length=48), nullable=False),
        sa.Column("value", ID, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_counter")),
        **BYTEWISE,
    )
    op.create_table(
        "coupon",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("amount_minor", ID, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("order_id", ID, nullable=True),
        sa.Column("granted_at", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coupon")),
        sa.UniqueConstraint("person_id", "kind", name=op.f("uq_coupon_person_id_kind")),
        **BYTEWISE,
    )
    op.create_table(
        "effect",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("unique_key", DIGEST, nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("facts", JSON, nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("due_at", INSTANT, nullable=True),
        sa.Column("leased_until", INSTANT, nullable=True),
        sa.Column("lease", ID, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(length=200), nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("done_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_effect")),
        sa.UniqueConstraint("unique_key", name=op.f("uq_effect_unique_key")),
        **BYTEWISE,
    )
    op.create_index("ix_effect_due", "effect", ["due_at", "id"], unique=False)
    op.create_table(
        "file",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("purpose", sa.String(length=24), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("mime", sa.String(length=32), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("body_sealed", sa.LargeBinary().with_variant(mysql.LONGBLOB(), "mysql"), nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file")),
        **BYTEWISE,
    )
    op.create_index("ix_file_person", "file", ["person_id"], unique=False)
    op.create_table(
        "identity",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("external_id", sa.String(length=128), nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("blocked_at", INSTANT, nullable=True),
        sa.Column("seen_at", INSTANT, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity")),
        sa.UniqueConstraint("channel", "account", "external_id", name=op.f("uq_identity_channel_account_external_id")),
        **BYTEWISE,
    )
    op.create_index("ix_identity_person", "identity", ["person_id"], unique=False)
    op.create_table(
        "inbox",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("external_hash", DIGEST, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("raw_sealed", SEALED, nullable=True),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("retry_at", INSTANT, nullable=True),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox")),
        sa.UniqueConstraint("channel", "account", "external_hash", name=op.f("uq_inbox_channel_account_external_hash")),
        **BYTEWISE,
    )
    op.create_index("ix_inbox_retry", "inbox", ["retry_at"], unique=False)
    op.create_table(
        "journal",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("reference", sa.String(length=64), nullable=False),
        sa.Column("order_id", ID, nullable=True),
        sa.Column("reverses_id", ID, nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal")),
        sa.UniqueConstraint("kind", "reference", name=op.f("uq_journal_kind_reference")),
        **BYTEWISE,
    )
    op.create_index("ix_journal_order", "journal", ["order_id"], unique=False)
    op.create_table(
        "login_try",
        sa.Column("bucket", DIGEST, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("since_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("bucket", name=op.f("pk_login_try")),
        **BYTEWISE,
    )
    op.create_table(
        "message",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("template", sa.String(length=48), nullable=False),
        sa.Column("facts", JSON, nullable=False),
        sa.Column("body_sealed", SEALED, nullable=True),
        sa.Column("order_id", ID, nullable=True),
        sa.Column("order_version", sa.Integer(), nullable=True),
        sa.Column("urgent", sa.Integer(), nullable=False),
        sa.Column("dedupe_key", DIGEST, nullable=False),
        sa.Column("due_at", INSTANT, nullable=True),
        sa.Column("expires_at", INSTANT, nullable=True),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("leased_until", INSTANT, nullable=True),
        sa.Column("lease", ID, nullable=True),
        sa.Column("channel", sa.String(length=12), nullable=True),
        sa.Column("account", sa.String(length=64), nullable=True),
        sa.Column("external_ref", sa.String(length=64), nullable=True),
        sa.Column("first_number", sa.Integer(), nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("sent_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_message_dedupe_key")),
        **BYTEWISE,
    )
    op.create_index("ix_message_due", "message", ["due_at", "id"], unique=False)
    op.create_index("ix_message_order", "message", ["order_id", "template"], unique=False)
    op.create_index("ix_message_person", "message", ["person_id", "id"], unique=False)
    op.create_table(
        "occupation",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("technician_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("order_id", ID, nullable=True),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("free_at", INSTANT, nullable=False),
        sa.Column("lat", sa.Float(precision=53), nullable=False),
        sa.Column("lng", sa.Float(precision=53), nullable=False),
        sa.Column("leg_minutes", sa.Integer(), nullable=False),
        sa.Column("leg_metres", sa.Integer(), nullable=False),
        sa.Column("leg_from", sa.String(length=24), nullable=False),
        sa.Column("expires_at", INSTANT, nullable=True),
        sa.Column("first_held_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_occupation")),
        **BYTEWISE,
    )
    op.create_index("ix_occupation_expiry", "occupation", ["expires_at"], unique=False)
    op.create_index("ix_occupation_order", "occupation", ["order_id"], unique=False)
    op.create_index("ix_occupation_person", "occupation", ["person_id", "order_id"], unique=False)
    op.create_index("ix_occupation_technician", "occupation", ["technician_id", "free_at"], unique=False)
    op.create_table(
        "offer",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("order_id", ID, nullable=False),
        sa.Column("technician_id", ID, nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("reason", sa.String(length=24), nullable=True),
        sa.Column("reason_sealed", SEALED, nullable=True),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer")),
        sa.UniqueConstraint("order_id", "round", name=op.f("uq_offer_order_id_round")),
        **BYTEWISE,
    )
    op.create_index("ix_offer_due", "offer", ["state", "expires_at"], unique=False)
    op.create_index("ix_offer_technician", "offer", ["technician_id", "state"], unique=False)
    op.create_table(
        "operator",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("login", sa.String(length=64), nullable=False),
        sa.Column("password_hash", sa.String(length=160), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("token_version", sa.Integer(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("disabled_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operator")),
        sa.UniqueConstraint("login", name=op.f("uq_operator_login")),
        **BYTEWISE,
    )
    op.create_table(
        "payment",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("order_id", ID, nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("provider", sa.String(length=16), nullable=True),
        sa.Column("provider_txn", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("amount_minor", ID, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("paid_at", INSTANT, nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
        sa.UniqueConstraint("number", name=op.f("uq_payment_number")),
        sa.UniqueConstraint("order_id", "attempt", name=op.f("uq_payment_order_id_attempt")),
        sa.UniqueConstraint("provider", "provider_txn", name=op.f("uq_payment_provider_provider_txn")),
        sa.UniqueConstraint("token", name=op.f("uq_payment_token")),
        **BYTEWISE,
    )
    op.create_table(
        "person",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("sealed_key", sa.LargeBinary(length=96), nullable=True),
        sa.Column("lang", sa.String(length=12), nullable=False),
        sa.Column("zone", sa.String(length=48), nullable=False),
        sa.Column("name_sealed", SEALED, nullable=True),
        sa.Column("phone_sealed", SEALED, nullable=True),
        sa.Column("phone_hash", DIGEST, nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("erased_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        **BYTEWISE,
    )
    op.create_index("ix_person_phone", "person", ["phone_hash"], unique=False)
    op.create_table(
        "place",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("region_id", ID, nullable=False),
        sa.Column("names", JSON, nullable=False),
        sa.Column("aliases", JSON, nullable=False),
        sa.Column("lat", sa.Float(precision=53), nullable=False),
        sa.Column("lng", sa.Float(precision=53), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place")),
        sa.UniqueConstraint("code", name=op.f("uq_place_code")),
        **BYTEWISE,
    )
    op.create_index("ix_place_region", "place", ["region_id"], unique=False)
    op.create_table(
        "policy_answer",
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("keywords", JSON, nullable=False),
        sa.Column("texts", JSON, nullable=False),
        sa.Column("by_category", JSON, nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_policy_answer")),
        **BYTEWISE,
    )
    op.create_table(
        "provider_event",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("provider", sa.String(length=16), nullable=False),
        sa.Column("event_id", sa.String(length=80), nullable=False),
        sa.Column("number", sa.String(length=32), nullable=True),
        sa.Column("raw_sealed", SEALED, nullable=False),
        sa.Column("outcome", sa.String(length=24), nullable=True),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("handled_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_event")),
        sa.UniqueConstraint("provider", "event_id", name=op.f("uq_provider_event_provider_event_id")),
        **BYTEWISE,
    )
    op.create_table(
        "refund",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("payment_id", ID, nullable=False),
        sa.Column("order_id", ID, nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(length=24), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("amount_minor", ID, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("provider_ref", sa.String(length=64), nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("done_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refund")),
        sa.UniqueConstraint("number", name=op.f("uq_refund_number")),
        sa.UniqueConstraint("payment_id", "reason", name=op.f("uq_refund_payment_id_reason")),
        **BYTEWISE,
    )
    op.create_index("ix_refund_order", "refund", ["order_id"], unique=False)
    op.create_table(
        "region",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("names", JSON, nullable=False),
        sa.Column("aliases", JSON, nullable=False),
        sa.Column("lat", sa.Float(precision=53), nullable=False),
        sa.Column("lng", sa.Float(precision=53), nullable=False),
        sa.Column("radius_metres", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_region")),
        sa.UniqueConstraint("code", name=op.f("uq_region_code")),
        **BYTEWISE,
    )
    op.create_table(
        "review",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("order_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("technician_id", ID, nullable=False),
        sa.Column("attitude", sa.Integer(), nullable=False),
        sa.Column("skill", sa.Integer(), nullable=False),
        sa.Column("efficiency", sa.Integer(), nullable=False),
        sa.Column("agreement", sa.Integer(), nullable=False),
        sa.Column("overall", sa.Integer(), nullable=False),
        sa.Column("words_sealed", SEALED, nullable=True),
        sa.Column("photo_file_id", ID, nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
        sa.UniqueConstraint("order_id", name=op.f("uq_review_order_id")),
        **BYTEWISE,
    )
    op.create_index("ix_review_technician", "review", ["technician_id", "id"], unique=False)
    op.create_table(
        "rota",
        sa.Column("technician_id", ID, nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("from_minute", sa.Integer(), nullable=False),
        sa.Column("to_minute", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("technician_id", "weekday", "from_minute", name=op.f("pk_rota")),
        **BYTEWISE,
    )
    op.create_table(
        "rota_exception",
        sa.Column("technician_id", ID, nullable=False),
        sa.Column("day", DAY, nullable=False),
        sa.Column("from_minute", sa.Integer(), nullable=False),
        sa.Column("to_minute", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("technician_id", "day", "from_minute", name=op.f("pk_rota_exception")),
        **BYTEWISE,
    )
    op.create_table(
        "service",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("store_id", ID, nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("category", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("names", JSON, nullable=False),
        sa.Column("descriptions", JSON, nullable=False),
        sa.Column("synonyms", JSON, nullable=False),
        sa.Column("buffer_minutes", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service")),
        sa.UniqueConstraint("code", name=op.f("uq_service_code")),
        **BYTEWISE,
    )
    op.create_table(
        "service_option",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("service_id", ID, nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("names", JSON, nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("price_minor", ID, nullable=False),
        sa.Column("withdrawn_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_option")),
        sa.UniqueConstraint("service_id", "code", name=op.f("uq_service_option_service_id_code")),
        **BYTEWISE,
    )
    op.create_table(
        "setting",
        sa.Column("name", sa.String(length=48), nullable=False),
        sa.Column("value", JSON, nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_setting")),
        **BYTEWISE,
    )
    op.create_table(
        "settlement",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("store_id", ID, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("until_at", INSTANT, nullable=False),
        sa.Column("total_minor", ID, nullable=False),
        sa.Column("closed_by", ID, nullable=False),
        sa.Column("closed_at", INSTANT, nullable=False),
        sa.Column("paid_by", ID, nullable=True),
        sa.Column("paid_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settlement")),
        **BYTEWISE,
    )
    op.create_table(
        "settlement_line",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("settlement_id", ID, nullable=False),
        sa.Column("technician_id", ID, nullable=False),
        sa.Column("order_id", ID, nullable=False),
        sa.Column("service_minor", ID, nullable=False),
        sa.Column("fare_minor", ID, nullable=False),
        sa.Column("commission_minor", ID, nullable=False),
        sa.Column("income_minor", ID, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settlement_line")),
        sa.UniqueConstraint("order_id", name=op.f("uq_settlement_line_order_id")),
        **BYTEWISE,
    )
    op.create_index("ix_settlement_line_settlement", "settlement_line", ["settlement_id"], unique=False)
    op.create_index("ix_settlement_line_technician", "settlement_line", ["technician_id"], unique=False)
    op.create_table(
        "sign_in_code",
        sa.Column("phone_hash", DIGEST, nullable=False),
        sa.Column("code_hash", DIGEST, nullable=False),
        sa.Column("tries", ID, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("phone_hash", name=op.f("pk_sign_in_code")),
        **BYTEWISE,
    )
    op.create_table(
        "store",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("names", JSON, nullable=False),
        sa.Column("zone", sa.String(length=48), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("opens_minute", sa.Integer(), nullable=False),
        sa.Column("closes_minute", sa.Integer(), nullable=False),
        sa.Column("address", JSON, nullable=False),
        sa.Column("phone", sa.String(length=24), nullable=False),
        sa.Column("lat", sa.Float(precision=53), nullable=False),
        sa.Column("lng", sa.Float(precision=53), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_store")),
        sa.UniqueConstraint("code", name=op.f("uq_store_code")),
        **BYTEWISE,
    )
    op.create_table(
        "technician",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("store_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("names", JSON, nullable=False),
        sa.Column("sex", sa.String(length=8), nullable=False),
        sa.Column("years", sa.Integer(), nullable=False),
        sa.Column("bio", JSON, nullable=False),
        sa.Column("base_lat", sa.Float(precision=53), nullable=False),
        sa.Column("base_lng", sa.Float(precision=53), nullable=False),
        sa.Column("face_file_id", ID, nullable=True),
        sa.Column("stars_sum", sa.Integer(), nullable=False),
        sa.Column("stars_count", sa.Integer(), nullable=False),
        sa.Column("visits_done", sa.Integer(), nullable=False),
        sa.Column("calendar_version", ID, nullable=False),
        sa.Column("refusal_sealed", SEALED, nullable=True),
        sa.Column("on_duty_at", INSTANT, nullable=True),
        sa.Column("applied_at", INSTANT, nullable=False),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_technician")),
        sa.UniqueConstraint("number", name=op.f("uq_technician_number")),
        sa.UniqueConstraint("person_id", name=op.f("uq_technician_person_id")),
        **BYTEWISE,
    )
    op.create_index("ix_technician_state", "technician", ["state"], unique=False)
    op.create_table(
        "technician_region",
        sa.Column("technician_id", ID, nullable=False),
        sa.Column("region_id", ID, nullable=False),
        sa.PrimaryKeyConstraint("technician_id", "region_id", name=op.f("pk_technician_region")),
        **BYTEWISE,
    )
    op.create_table(
        "technician_skill",
        sa.Column("technician_id", ID, nullable=False),
        sa.Column("service_id", ID, nullable=False),
        sa.PrimaryKeyConstraint("technician_id", "service_id", name=op.f("pk_technician_skill")),
        **BYTEWISE,
    )
    op.create_index("ix_technician_skill_service", "technician_skill", ["service_id"], unique=False)
    op.create_table(
        "ticket",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("order_id", ID, nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("summary_sealed", SEALED, nullable=False),
        sa.Column("answer_sealed", SEALED, nullable=True),
        sa.Column("answered_by", ID, nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("closed_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket")),
        **BYTEWISE,
    )
    op.create_index("ix_ticket_person", "ticket", ["person_id", "state"], unique=False)
    op.create_index("ix_ticket_state", "ticket", ["state", "id"], unique=False)
    op.create_table(
        "visit_order",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("store_id", ID, nullable=False),
        sa.Column("service_id", ID, nullable=False),
        sa.Column("option_id", ID, nullable=False),
        sa.Column("technician_id", ID, nullable=True),
        sa.Column("anyone_at", INSTANT, nullable=True),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("zone", sa.String(length=48), nullable=False),
        sa.Column("local_day", DAY, nullable=False),
        sa.Column("region_id", ID, nullable=False),
        sa.Column("address_sealed", SEALED, nullable=False),
        sa.Column("quote", JSON, nullable=False),
        sa.Column("total_minor", ID, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("coupon_id", ID, nullable=True),
        sa.Column("start_code", sa.String(length=4), nullable=False),
        sa.Column("code_tries", sa.Integer(), nullable=False),
        sa.Column("decide_by", INSTANT, nullable=True),
        sa.Column("departed_at", INSTANT, nullable=True),
        sa.Column("arrived_at", INSTANT, nullable=True),
        sa.Column("started_at", INSTANT, nullable=True),
        sa.Column("finished_at", INSTANT, nullable=True),
        sa.Column("confirmed_at", INSTANT, nullable=True),
        sa.Column("cancelled_at", INSTANT, nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_order")),
        sa.UniqueConstraint("code", name=op.f("uq_visit_order_code")),
        **BYTEWISE,
    )
    op.create_index("ix_visit_order_decide", "visit_order", ["state", "decide_by"], unique=False)
    op.create_index("ix_visit_order_person", "visit_order", ["person_id", "id"], unique=False)
    op.create_index("ix_visit_order_store", "visit_order", ["store_id", "local_day"], unique=False)
    op.create_index("ix_visit_order_technician", "visit_order", ["technician_id", "starts_at"], unique=False)
    op.create_table(
        "visit_photo",
        sa.Column("order_id", ID, nullable=False),
        sa.Column("file_id", ID, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("order_id", "file_id", name=op.f("pk_visit_photo")),
        **BYTEWISE,
    )
    op.create_table(
        "order_event",
        sa.Column("order_id", ID, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("event", sa.String(length=32), nullable=False),
        sa.Column("from_state", sa.String(length=24), nullable=True),
        sa.Column("to_state", sa.String(length=24), nullable=False),
        sa.Column("actor_kind", sa.String(length=12), nullable=False),
        sa.Column("actor_id", ID, nullable=True),
        sa.Column("facts", JSON, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["visit_order.id"], name=op.f("fk_order_event_order_id")),
        sa.PrimaryKeyConstraint("order_id", "seq", name=op.f("pk_order_event")),
        **BYTEWISE,
    )
    op.create_table(
        "posting",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("journal_id", ID, nullable=False),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("amount_minor", ID, nullable=False),
        sa.Column("unit", sa.String(length=8), nullable=False),
        sa.CheckConstraint("amount_minor <> 0", name=op.f("ck_posting_amount")),
        sa.ForeignKeyConstraint(["journal_id"], ["journal.id"], name=op.f("fk_posting_journal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posting")),
        **BYTEWISE,
    )
    op.create_index("ix_posting_account", "posting", ["account_id", "id"], unique=False)
    op.create_index("ix_posting_journal", "posting", ["journal_id"], unique=False)

    connection = op.get_bind()
    for table in APPEND_ONLY:
        for statement in statements(connection.dialect.name, table):
            connection.exec_driver_sql(statement)
