"""Ranks of messages, messages that wait for a person's next act, the number a log line is followed by."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0005_platforms"
down_revision = "0004_heard_words"

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
        "held",
        sa.Column("person_id", ID, autoincrement=False, nullable=False),
        sa.Column("message_id", ID, autoincrement=False, nullable=False),
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "message_id", name=op.f("pk_held")),
        **BYTEWISE,
    )
    op.add_column("inbox", sa.Column("answer_id", ID, nullable=True))
    op.add_column("person", sa.Column("joined_to", ID, nullable=True))
    op.add_column("person", sa.Column("tell_on", sa.String(length=12), nullable=True))
    op.add_column("message", sa.Column("sent_by", sa.String(length=12), nullable=True))
    op.add_column("message", sa.Column("trace", sa.String(length=16), nullable=True))
    op.create_table(
        "announced",
        sa.Column("announcement_id", ID, autoincrement=False, nullable=False),
        sa.Column("person_id", ID, autoincrement=False, nullable=False),
        sa.Column("message_id", ID, nullable=False),
        sa.PrimaryKeyConstraint("announcement_id", "person_id", name=op.f("pk_announced")),
        **BYTEWISE,
    )
    op.create_table(
        "announcement",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("audience", sa.String(length=12), nullable=False),
        sa.Column("region_id", ID, nullable=True),
        sa.Column("texts", JSON, nullable=False),
        sa.Column("link_url", sa.String(length=300), nullable=True),
        sa.Column("link_texts", JSON, nullable=True),
        sa.Column("not_before_at", INSTANT, nullable=True),
        sa.Column("expires_at", INSTANT, nullable=True),
        sa.Column("pace", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("cursor_id", ID, nullable=False),
        sa.Column("next_at", INSTANT, nullable=True),
        sa.Column("written", sa.Integer(), nullable=False),
        sa.Column("created_by", ID, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("started_by", ID, nullable=True),
        sa.Column("started_at", INSTANT, nullable=True),
        sa.Column("stopped_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcement")),
        **BYTEWISE,
    )
    op.create_index("ix_announcement_state", "announcement", ["state", "id"], unique=False)
    op.create_table(
        "consent",
        sa.Column("person_id", ID, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("given_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("person_id", "kind", name=op.f("pk_consent")),
        **BYTEWISE,
    )
    op.create_table(
        "invitation",
        sa.Column("person_id", ID, autoincrement=False, nullable=False),
        sa.Column("inviter_id", ID, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_invitation")),
        **BYTEWISE,
    )
    op.create_index("ix_invitation_inviter", "invitation", ["inviter_id"], unique=False)
    op.create_table(
        "joining",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("asker_id", ID, nullable=False),
        sa.Column("asker_channel", sa.String(length=12), nullable=False),
        sa.Column("asker_account", sa.String(length=64), nullable=False),
        sa.Column("other_id", ID, nullable=False),
        sa.Column("other_channel", sa.String(length=12), nullable=False),
        sa.Column("other_account", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("keep_id", ID, nullable=True),
        sa.Column("gone_id", ID, nullable=True),
        sa.Column("due_at", INSTANT, nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("joined_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_joining")),
        **BYTEWISE,
    )
    op.create_index("ix_joining_asker", "joining", ["asker_id"], unique=False)
    op.create_index("ix_joining_due", "joining", ["due_at"], unique=False)
    op.create_index("ix_joining_gone", "joining", ["gone_id"], unique=False)
    op.create_index("ix_joining_other", "joining", ["other_id"], unique=False)
    op.create_table(
        "keyboard",
        sa.Column("order_id", ID, nullable=False),
        sa.Column("message_id", ID, nullable=False),
        sa.Column("what", sa.String(length=8), nullable=False),
        sa.Column("ref", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=True),
        sa.Column("shown_at", INSTANT, nullable=False),
        sa.Column("leased_until", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("order_id", "message_id", "what", name=op.f("pk_keyboard")),
        **BYTEWISE,
    )
    op.create_index("ix_keyboard_leased", "keyboard", ["leased_until"], unique=False)
    op.create_index("ix_keyboard_shown", "keyboard", ["shown_at"], unique=False)
    op.create_table(
        "link_code",
        sa.Column("person_id", ID, autoincrement=False, nullable=False),
        sa.Column("code_hash", DIGEST, nullable=False),
        sa.Column("code_sealed", SEALED, nullable=True),
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_link_code")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_link_code_code_hash")),
        **BYTEWISE,
    )
    op.create_table(
        "link_try",
        sa.Column("person_id", ID, autoincrement=False, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("since_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_link_try")),
        **BYTEWISE,
    )
    op.create_table(
        "menu_shown",
        sa.Column("identity_id", ID, autoincrement=False, nullable=False),
        sa.Column("menu", sa.String(length=24), nullable=False),
        sa.PrimaryKeyConstraint("identity_id", name=op.f("pk_menu_shown")),
        **BYTEWISE,
    )
    op.create_table(
        "position",
        sa.Column("person_id", ID, autoincrement=False, nullable=False),
        sa.Column("order_id", ID, nullable=False),
        sa.Column("sealed", SEALED, nullable=True),
        sa.Column("share", sa.String(length=64), nullable=False),
        sa.Column("live_until", INSTANT, nullable=False),
        sa.Column("seen_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_position")),
        **BYTEWISE,
    )
    op.create_index("ix_position_order", "position", ["order_id"], unique=False)
    op.create_table(
        "proved_phone",
        sa.Column("person_id", ID, autoincrement=False, nullable=False),
        sa.Column("phone_hash", DIGEST, nullable=False),
        sa.Column("proved_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_proved_phone")),
        **BYTEWISE,
    )
    op.create_table(
        "public_code",
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("owner_id", ID, nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_public_code")),
        sa.UniqueConstraint("kind", "owner_id", name=op.f("uq_public_code_kind_owner_id")),
        **BYTEWISE,
    )
    op.create_table(
        "push_permit",
        sa.Column("identity_id", ID, autoincrement=False, nullable=False),
        sa.Column("template", sa.String(length=64), nullable=False),
        sa.Column("left", sa.Integer(), nullable=False),
        sa.Column("told", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("identity_id", "template", name=op.f("pk_push_permit")),
        **BYTEWISE,
    )
    op.create_table(
        "push_quota",
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("api", sa.String(length=24), nullable=False),
        sa.Column("day", DAY, nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("channel", "account", "api", "day", name=op.f("pk_push_quota")),
        **BYTEWISE,
    )
    op.create_table(
        "push_window",
        sa.Column("identity_id", ID, autoincrement=False, nullable=False),
        sa.Column("opened_by", sa.String(length=12), nullable=False),
        sa.Column("left", sa.Integer(), nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("identity_id", "opened_by", name=op.f("pk_push_window")),
        **BYTEWISE,
    )
    op.create_table(
        "trouble",
        sa.Column("cause", sa.String(length=96), nullable=False),
        sa.Column("ticket_id", ID, nullable=True),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("cause", name=op.f("pk_trouble")),
        **BYTEWISE,
    )
    op.create_table(
        "trouble_seen",
        sa.Column("cause", sa.String(length=96), nullable=False),
        sa.Column("who", ID, nullable=False),
        sa.Column("seen_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("cause", "who", name=op.f("pk_trouble_seen")),
        **BYTEWISE,
    )
    op.add_column("conversation", sa.Column("put_off_id", ID, nullable=True))
    op.add_column("effect", sa.Column("trace", sa.String(length=16), nullable=True))
    op.add_column("held", sa.Column("since", INSTANT, nullable=True))
    op.add_column("inbox", sa.Column("error", sa.String(length=120), nullable=True))
    op.add_column("inbox", sa.Column("after_id", ID, nullable=True))
    op.add_column("inbox", sa.Column("trace", sa.String(length=16), nullable=True))
    op.add_column("message", sa.Column("why", sa.String(length=64), nullable=True))
    op.create_index("ix_message_person_due", "message", ["person_id", "due_at"], unique=False)
    op.create_index("ix_visit_order_moved", "visit_order", ["updated_at"], unique=False)
    _rank_messages()
    _keep_counts_fresh()


def _rank_messages() -> None:
    """What was urgent has the highest of three ranks, everything else the middle one."""
    op.drop_index("ix_message_due", table_name="message")
    if op.get_bind().dialect.name == "sqlite":  # alembic would copy the table
        op.execute("ALTER TABLE message RENAME COLUMN urgent TO rank")
    else:
        op.alter_column(
            "message", "urgent", new_column_name="rank", existing_type=sa.Integer(), existing_nullable=False
        )
    message = sa.table("message", sa.column("rank", sa.Integer))
    op.execute(message.update().values(rank=message.c.rank + 1))
    op.create_index("ix_message_due", "message", ["rank", "due_at", "id"], unique=False)


def _keep_counts_fresh() -> None:
    """A broadcast makes of a small table a large one: with old counts PostgreSQL would sort all that is due."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "ALTER TABLE message SET (autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 20000,"
            " autovacuum_vacuum_scale_factor = 0.02)"
        )
