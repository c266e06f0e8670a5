"""The calendar: what occupies a technician's time, and the claims that make a slot sold once.

An occupation is a hold or a visit; its claims are 15-minute cells (epoch minutes // 15) of service and buffer. Rows of
one order with the same technician share their cells: each cell is claimed once, and goes to the other row when one goes
(docs/decisions/0018). The position is rounded to about 100 m (docs/decisions/0006).
"""

from sqlalchemy import Column, Float, Index, Integer, PrimaryKeyConstraint, String

from core.db.schema import Id, Instant, id_column, table

occupation = table(
    "occupation",
    id_column(),
    Column("technician_id", Id, nullable=False),
    Column("person_id", Id, nullable=False),  # whose time it is kept for
    Column("order_id", Id),  # null: a hold
    Column("lead_id", Id),  # companions only: the occupation of who leads
    Column("change_id", Id),  # the request it waits for: not yet the order's time
    Column("moving_id", Id),  # holds only: the order that would move here
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("free_at", Instant, nullable=False),  # end plus buffer
    Column("lat", Float(53), nullable=False),
    Column("lng", Float(53), nullable=False),
    Column("leg_minutes", Integer, nullable=False),  # of the way here
    Column("leg_metres", Integer, nullable=False),
    Column("leg_from", String(24), nullable=False),  # "base" or the occupation before
    Column("expires_at", Instant),  # holds only
    Column("first_held_at", Instant, nullable=False),
    Index("ix_occupation_technician", "technician_id", "free_at"),
    Index("ix_occupation_person", "person_id", "order_id"),
    Index("ix_occupation_order", "order_id"),
    Index("ix_occupation_moving", "moving_id"),
    Index("ix_occupation_expiry", "expires_at"),
)

claim = table(
    "claim",
    Column("technician_id", Id, nullable=False),
    Column("cell_start", Id, nullable=False),
    Column("occupation_id", Id, nullable=False),
    PrimaryKeyConstraint("technician_id", "cell_start"),
    Index("ix_claim_occupation", "occupation_id"),
)
