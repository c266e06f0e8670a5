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


def upgrade() -> None:
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
    _rank_messages()


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
