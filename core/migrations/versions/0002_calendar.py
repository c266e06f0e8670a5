"""Quantities and crews, leave, house tickets."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0002_calendar"
down_revision = "0001_ground"

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
        "technician_leave",
        sa.Column("technician_id", ID, nullable=False),
        sa.Column("first_day", DAY, nullable=False),
        sa.Column("last_day", DAY, nullable=False),
        sa.PrimaryKeyConstraint("technician_id", "first_day", name=op.f("pk_technician_leave")),
        **BYTEWISE,
    )
    op.create_table(
        "times_stamp",
        sa.Column("technician_id", ID, autoincrement=False, nullable=False),
        sa.Column("stamp", ID, nullable=False),
        sa.PrimaryKeyConstraint("technician_id", name=op.f("pk_times_stamp")),
        **BYTEWISE,
    )
    op.add_column("occupation", sa.Column("lead_id", ID, nullable=True))
    op.add_column("service_option", sa.Column("most_quantity", sa.Integer(), server_default="1", nullable=False))
    op.add_column("service_option", sa.Column("crew", sa.Integer(), server_default="1", nullable=False))
    # SQLite changes neither constraints nor columns in place: there the table is copied.
    with op.batch_alter_table("settlement_line") as batch:
        batch.drop_constraint(op.f("uq_settlement_line_order_id"), type_="unique")
        batch.create_unique_constraint(op.f("uq_settlement_line_order_id_technician_id"), ["order_id", "technician_id"])
    with op.batch_alter_table("ticket") as batch:
        batch.alter_column("person_id", existing_type=ID, nullable=True)
    op.add_column("visit_order", sa.Column("quantity", sa.Integer(), server_default="1", nullable=False))
    op.add_column("visit_order", sa.Column("crew", sa.Integer(), server_default="1", nullable=False))
    op.add_column("visit_order", sa.Column("companion_id", ID, nullable=True))
    op.add_column("visit_order", sa.Column("sex", sa.String(length=8), nullable=True))
    op.create_index("ix_visit_order_companion", "visit_order", ["companion_id", "starts_at"], unique=False)
