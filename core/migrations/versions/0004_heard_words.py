"""Words that were not understood, kept to learn from."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0004_heard_words"
down_revision = "0003_changes_and_threads"

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
        "heard_words",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("how", sa.String(length=12), nullable=False),
        sa.Column("lang", sa.String(length=12), nullable=False),
        sa.Column("asked", sa.String(length=16), nullable=True),
        sa.Column("intent", sa.String(length=32), nullable=False),
        sa.Column("confidence", sa.Integer(), nullable=False),
        sa.Column("words_sealed", SEALED, nullable=False),
        sa.Column("heard_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_heard_words")),
        **BYTEWISE,
    )
    op.create_index("ix_heard_words_heard_at", "heard_words", ["heard_at", "id"], unique=False)
    op.create_index("ix_heard_words_person", "heard_words", ["person_id"], unique=False)
