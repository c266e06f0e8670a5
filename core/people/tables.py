"""Persons, their identities on channels, their saved addresses, and what joins and introduces them."""

from sqlalchemy import Column, Index, Integer, LargeBinary, String, UniqueConstraint

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

consent = table(
    "consent",  # to what the law lets nobody be sent unasked
    Column("person_id", Id, primary_key=True, autoincrement=False),
    Column("kind", String(12), primary_key=True),
    Column("given_at", Instant, nullable=False),
    Column("ended_at", Instant),
)

sign_in_code = table(
    "sign_in_code",
    Column("phone_hash", Digest, primary_key=True),
    Column("code_hash", Digest, nullable=False),
    Column("tries", Id, nullable=False),
    Column("expires_at", Instant, nullable=False),
)

link_code = table(
    "link_code",  # shown to a person on one channel, typed by the same person on another
    Column("person_id", Id, primary_key=True, autoincrement=False),
    Column("code_hash", Digest, nullable=False, unique=True),
    Column("code_sealed", Sealed),  # so that the same one is shown again while it is good
    Column("channel", String(12), nullable=False),
    Column("account", String(64), nullable=False),
    Column("expires_at", Instant, nullable=False),
)

link_try = table(
    "link_try",  # how often somebody typed a code since then
    Column("person_id", Id, primary_key=True, autoincrement=False),
    Column("tries", Integer, nullable=False),
    Column("since_at", Instant, nullable=False),
)

proved_phone = table(
    "proved_phone",  # a phone that a person has shown to be theirs
    Column("person_id", Id, primary_key=True, autoincrement=False),
    Column("phone_hash", Digest, nullable=False),
    Column("proved_at", Instant, nullable=False),
)

public_code = table(
    "public_code",  # what stands in a link that people pass on: it tells nothing and opens nothing
    Column("code", String(12), primary_key=True),
    Column("kind", String(12), nullable=False),  # technician, person
    Column("owner_id", Id, nullable=False),
    UniqueConstraint("kind", "owner_id"),
)

invitation = table(
    "invitation",
    Column("person_id", Id, primary_key=True, autoincrement=False),  # who came: of one invitation, the first
    Column("inviter_id", Id, nullable=False),
    Column("created_at", Instant, nullable=False),
    Index("ix_invitation_inviter", "inviter_id"),
)
