"""Technicians: application and audit, skills, regions, working time, certificates."""

from sqlalchemy import Column, Float, Index, Integer, PrimaryKeyConstraint, String

from core.db.schema import Id, Instant, Json, LocalDate, Sealed, id_column, state_column, table

technician = table(
    "technician",
    id_column(),
    Column("person_id", Id, nullable=False, unique=True),
    Column("store_id", Id, nullable=False),
    Column("number", Integer, unique=True),  # 工号, given at approval
    state_column(),
    Column("names", Json, nullable=False),  # the trade name on the card {lang: text}
    Column("sex", String(8), nullable=False),
    Column("years", Integer, nullable=False),
    Column("bio", Json, nullable=False),
    Column("base_lat", Float(53), nullable=False),
    Column("base_lng", Float(53), nullable=False),
    Column("face_file_id", Id),
    Column("stars_sum", Integer, nullable=False),
    Column("stars_count", Integer, nullable=False),
    Column("visits_done", Integer, nullable=False),
    Column("calendar_version", Id, nullable=False),  # the guard of this technician's calendar
    Column("refusal_sealed", Sealed),
    Column("on_duty_at", Instant),  # null: not taking visits now
    Column("applied_at", Instant, nullable=False),
    Column("decided_at", Instant),
    Index("ix_technician_state", "state"),
)

technician_skill = table(
    "technician_skill",
    Column("technician_id", Id, nullable=False),
    Column("service_id", Id, nullable=False),
    PrimaryKeyConstraint("technician_id", "service_id"),
    Index("ix_technician_skill_service", "service_id"),
)

technician_region = table(
    "technician_region",
    Column("technician_id", Id, nullable=False),
    Column("region_id", Id, nullable=False),
    PrimaryKeyConstraint("technician_id", "region_id"),
)

rota = table(
    "rota",
    Column("technician_id", Id, nullable=False),
    Column("weekday", Integer, nullable=False),  # Monday 0
    Column("from_minute", Integer, nullable=False),  # of the local day
    Column("to_minute", Integer, nullable=False),  # may pass 1440: across midnight
    PrimaryKeyConstraint("technician_id", "weekday", "from_minute"),
)

rota_exception = table(
    "rota_exception",
    Column("technician_id", Id, nullable=False),
    Column("day", LocalDate, nullable=False),
    Column("from_minute", Integer, nullable=False),  # from == to: the whole day off
    Column("to_minute", Integer, nullable=False),
    PrimaryKeyConstraint("technician_id", "day", "from_minute"),
)

technician_leave = table(
    "technician_leave",
    Column("technician_id", Id, nullable=False),
    Column("first_day", LocalDate, nullable=False),
    Column("last_day", LocalDate, nullable=False),  # the last day without work
    PrimaryKeyConstraint("technician_id", "first_day"),
)

times_stamp = table(
    "times_stamp",
    Column("technician_id", Id, primary_key=True, autoincrement=False),
    Column("stamp", Id, nullable=False),  # another one whenever rota, exceptions or leave change
)

certificate = table(
    "certificate",
    id_column(),
    Column("technician_id", Id, nullable=False),
    Column("file_id", Id),
    Column("names", Json, nullable=False),
    Column("checked_at", Instant),
    Index("ix_certificate_technician", "technician_id"),
)

__all__ = [
    "certificate",
    "rota",
    "rota_exception",
    "technician",
    "technician_leave",
    "technician_region",
    "technician_skill",
    "times_stamp",
]
