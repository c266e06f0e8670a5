"""Persons, their identities on channels, their saved addresses."""

from sqlalchemy import Column, Index, LargeBinary, String, UniqueConstraint

from core.db.schema import Digest, Id, Instant, Sealed, id_column, table

person = table(
    "person",
    id_column(),
    Column("sealed_key", LargeBinary(96)),  # null once erased
    Column("lang", String(12), nullable=False),
    Column("zone", String(48), nullable=False),
    Column("name_sealed", Sealed),
    Column("phone_sealed", Sealed),
    Column("phone_hash", Digest),
    Column("created_at", Instant, nullable=False),
    Column("erased_at", Instant),
    Column("joined_to", Id),  # the person this one was joined to; nothing is done under this row any more
    Column("tell_on", String(12)),  # the channel this person wants to be told on first
    Index("ix_person_phone", "phone_hash"),
)

identity = table(
    "identity",
    id_column(),
    Column("channel", String(12), nullable=False),
    Column("account", String(64), nullable=False),
    Column("external_id", String(128), nullable=False),
    Column("person_id", Id, nullable=False),
    Column("blocked_at", Instant),
    Column("seen_at", Instant, nullable=False),  # the person's last act here: WeChat's 48 h window counts from it
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("channel", "account", "external_id"),
    Index("ix_identity_person", "person_id"),
)

address = table(
    "address",
    id_column(),
    Column("person_id", Id, nullable=False),
    Column("region_id", Id, nullable=False),
    Column("sealed", Sealed, nullable=False),  # JSON {text, lat, lng}; datum WGS84
    Column("created_at", Instant, nullable=False),
    Column("used_at", Instant, nullable=False),
    Column("removed_at", Instant),
    Index("ix_address_person", "person_id", "used_at"),
)

sign_in_code = table(
    "sign_in_code",
    Column("phone_hash", Digest, primary_key=True),
    Column("code_hash", Digest, nullable=False),
    Column("tries", Id, nullable=False),
    Column("expires_at", Instant, nullable=False),
)
