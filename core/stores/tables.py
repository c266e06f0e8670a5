"""Stores: whose zone, currency and hours rule the visits they sell."""

from sqlalchemy import Column, Float, Integer, String

from core.db.schema import Json, id_column, table

store = table(
    "store",
    id_column(),
    Column("code", String(32), nullable=False, unique=True),
    Column("names", Json, nullable=False),  # {lang: text}
    Column("zone", String(48), nullable=False),
    Column("currency", String(3), nullable=False),
    Column("opens_minute", Integer, nullable=False),  # of the local day
    Column("closes_minute", Integer, nullable=False),
    Column("address", Json, nullable=False),  # {lang: text}
    Column("phone", String(24), nullable=False),
    Column("lat", Float(53), nullable=False),
    Column("lng", Float(53), nullable=False),
)
