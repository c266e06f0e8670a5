"""What can be booked and where: services with options, regions, named places, answers to common questions."""

from sqlalchemy import Column, Float, Index, Integer, String, UniqueConstraint

from core.db.schema import Id, Instant, Json, id_column, table

category = table(
    "category",
    Column("code", String(32), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("names", Json, nullable=False),  # {lang: text}
    Column("synonyms", Json, nullable=False),  # {lang: [text]}
)

service = table(
    "service",
    id_column(),
    Column("store_id", Id, nullable=False),
    Column("code", String(32), nullable=False, unique=True),
    Column("category", String(32), nullable=False),
    Column("position", Integer, nullable=False),
    Column("names", Json, nullable=False),  # {lang: text}
    Column("descriptions", Json, nullable=False),
    Column("synonyms", Json, nullable=False),  # {lang: [text]}
    Column("buffer_minutes", Integer, nullable=False),
    Column("withdrawn_at", Instant),
)

option = table(
    "service_option",
    id_column(),
    Column("service_id", Id, nullable=False),
    Column("code", String(32), nullable=False),
    Column("position", Integer, nullable=False),
    Column("names", Json, nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("price_minor", Id, nullable=False),
    Column("most_quantity", Integer, nullable=False, server_default="1"),  # how many of it one visit may hold
    Column("crew", Integer, nullable=False, server_default="1"),  # how many technicians come together for it
    Column("withdrawn_at", Instant),
    UniqueConstraint("service_id", "code"),
)

region = table(
    "region",
    id_column(),
    Column("code", String(32), nullable=False, unique=True),
    Column("names", Json, nullable=False),
    Column("aliases", Json, nullable=False),  # {lang: [text]}
    Column("lat", Float(53), nullable=False),
    Column("lng", Float(53), nullable=False),
    Column("radius_metres", Integer, nullable=False),  # how far around the centre visits are made
)

place = table(
    "place",
    id_column(),
    Column("code", String(32), nullable=False, unique=True),
    Column("region_id", Id, nullable=False),
    Column("names", Json, nullable=False),
    Column("aliases", Json, nullable=False),
    Column("lat", Float(53), nullable=False),
    Column("lng", Float(53), nullable=False),
    Index("ix_place_region", "region_id"),
)

answer = table(
    "policy_answer",
    Column("code", String(32), primary_key=True),
    Column("keywords", Json, nullable=False),  # {lang: [text]}
    Column("texts", Json, nullable=False),
    Column("by_category", Json, nullable=False),  # {category: {lang: text}}: better words for one trade
)
