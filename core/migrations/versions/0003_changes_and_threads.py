"""Change requests, a human in the chat, answers to reminders."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0003_changes_and_threads"
down_revision = "0002_calendar"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.BigInteger()
JSON = sa.Text().with_variant(mysql.MEDIUMTEXT(), "mysql")
DAY = sa.Integer()
SEALED = sa.LargeBinary().with_variant(mysql.MEDIUMBLOB(), "mysql")
DIGEST = sa.LargeBinary(32).with_variant(sa.BINARY(32), "mysql")
BYTEWISE: dict[str, Any] = {"mysql_charset": "utf8mb4", "mysql_collate": "utf8mb4_bin", "mysql_engine": "InnoDB"}


def upgrade() -> None:
    """Move the schema forward."""
    op.create_table(
        "change_consent",
        sa.Column("change_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("party_id", ID, nullable=False),
        sa.Column("answer", sa.String(length=12), nullable=True),
        sa.Column("reason", sa.String(length=24), nullable=True),
        sa.Column("words_sealed", SEALED, nullable=True),
        sa.Column("answered_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("change_id", "kind", "party_id", name=op.f("pk_change_consent")),
        **BYTEWISE,
    )
    op.create_table(
        "change_request",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("order_id", ID, nullable=False),
        sa.Column("open_order_id", ID, nullable=True),
        sa.Column("order_version", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.String(length=12), nullable=False),
        sa.Column("asker_id", ID, nullable=False),
        sa.Column("technician_id", ID, nullable=False),
        sa.Column("companion_id", ID, nullable=True),
        sa.Column("anyone", sa.Integer(), nullable=False),
        sa.Column("from_at", INSTANT, nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("reason", sa.String(length=24), nullable=True),
        sa.Column("words_sealed", SEALED, nullable=True),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("nudged_at", INSTANT, nullable=True),
        sa.Column("due_at", INSTANT, nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_request")),
        sa.UniqueConstraint("open_order_id", name=op.f("uq_change_request_open_order_id")),
        **BYTEWISE,
    )
    op.create_index("ix_change_request_due", "change_request", ["due_at"], unique=False)
    op.create_index("ix_change_request_order", "change_request", ["order_id"], unique=False)
    op.create_table(
        "ticket_line",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("ticket_id", ID, nullable=False),
        sa.Column("author", sa.String(length=12), nullable=False),
        sa.Column("operator_id", ID, nullable=True),
        sa.Column("event", sa.String(length=16), nullable=True),
        sa.Column("text_sealed", SEALED, nullable=True),
        sa.Column("file_id", ID, nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_line")),
        **BYTEWISE,
    )
    op.create_index("ix_ticket_line_ticket", "ticket_line", ["ticket_id", "at", "id"], unique=False)
    op.create_table(
        "visit_confirmation",
        sa.Column("order_id", ID, nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("due_at", INSTANT, nullable=True),
        sa.Column("confirmed_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_visit_confirmation")),
        **BYTEWISE,
    )
    op.create_index("ix_visit_confirmation_due", "visit_confirmation", ["due_at"], unique=False)
    op.add_column("conversation", sa.Column("ticket_id", ID, nullable=True))
    op.add_column("occupation", sa.Column("change_id", ID, nullable=True))
    op.add_column("occupation", sa.Column("moving_id", ID, nullable=True))
    op.create_index("ix_occupation_moving", "occupation", ["moving_id"], unique=False)
    op.add_column("ticket", sa.Column("taken_by", ID, nullable=True))
    op.add_column("ticket", sa.Column("taken_at", INSTANT, nullable=True))
    op.add_column("ticket", sa.Column("waiting_since", INSTANT, nullable=True))
    op.add_column("ticket", sa.Column("soothed_at", INSTANT, nullable=True))
    op.add_column("ticket", sa.Column("waited_seconds", sa.Integer(), nullable=True))
    op.add_column("ticket", sa.Column("heard_at", INSTANT, nullable=True))
    op.add_column("ticket", sa.Column("call_back_at", INSTANT, nullable=True))
