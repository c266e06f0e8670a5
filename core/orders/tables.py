"""Orders, their events, and the visit they promise."""

from sqlalchemy import Column, ForeignKey, Index, Integer, PrimaryKeyConstraint, String

from core.db.schema import Id, Instant, Json, LocalDate, Sealed, id_column, state_column, table

order = table(
    "visit_order",
    id_column(),
    Column("code", String(8), nullable=False, unique=True),
    Column("person_id", Id, nullable=False),
    Column("store_id", Id, nullable=False),
    Column("service_id", Id, nullable=False),
    Column("option_id", Id, nullable=False),
    Column("quantity", Integer, nullable=False, server_default="1"),  # how many of the option
    Column("technician_id", Id),  # who has it or is asked now; of two who come together, the one who leads
    Column("crew", Integer, nullable=False, server_default="1"),  # how many technicians come together
    Column("companion_id", Id),  # who comes with them, or is asked to (docs/decisions/0016)
    Column("sex", String(8)),  # of whoever comes, where the customer wished for one
    Column("anyone_at", Instant),  # the customer said anyone will do
    state_column(),
    Column("version", Integer, nullable=False),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("zone", String(48), nullable=False),
    Column("local_day", LocalDate, nullable=False),
    Column("region_id", Id, nullable=False),
    Column("address_sealed", Sealed, nullable=False),  # JSON {text, lat, lng, phone, name, wishes}; the customer's key
    Column("quote", Json, nullable=False),  # {items: [{code, minor}], total_minor, currency, commission_minor, ...}
    Column("total_minor", Id, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("coupon_id", Id),
    Column("start_code", String(4), nullable=False),
    Column("code_tries", Integer, nullable=False),
    Column("decide_by", Instant),  # until when the present state may wait: to pay, to accept, to confirm
    Column("departed_at", Instant),
    Column("arrived_at", Instant),
    Column("started_at", Instant),
    Column("finished_at", Instant),
    Column("confirmed_at", Instant),
    Column("cancelled_at", Instant),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Index("ix_visit_order_person", "person_id", "id"),
    Index("ix_visit_order_technician", "technician_id", "starts_at"),
    Index("ix_visit_order_companion", "companion_id", "starts_at"),
    Index("ix_visit_order_decide", "state", "decide_by"),
    Index("ix_visit_order_store", "store_id", "local_day"),
    Index("ix_visit_order_moved", "updated_at"),  # what a move leaves to be done is found by it
)

order_event = table(
    "order_event",
    Column("order_id", Id, ForeignKey("visit_order.id"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("event", String(32), nullable=False),
    Column("from_state", String(24)),
    Column("to_state", String(24), nullable=False),
    Column("actor_kind", String(12), nullable=False),  # customer, technician, operator, clock, provider
    Column("actor_id", Id),
    Column("facts", Json, nullable=False),  # ids and figures only
    Column("at", Instant, nullable=False),
    PrimaryKeyConstraint("order_id", "seq"),
)

visit_confirmation = table(
    "visit_confirmation",
    Column("order_id", Id, nullable=False, primary_key=True),
    Column("starts_at", Instant, nullable=False),  # the start it is about: another one is asked for anew
    Column("due_at", Instant),  # staff is told when there is no answer by then; null once settled
    Column("confirmed_at", Instant),
    Index("ix_visit_confirmation_due", "due_at"),
)

visit_photo = table(
    "visit_photo",
    Column("order_id", Id, nullable=False),
    Column("file_id", Id, nullable=False),
    Column("at", Instant, nullable=False),
    PrimaryKeyConstraint("order_id", "file_id"),
)
