"""Audit lines of operator and security acts, sealed into a hash chain; the operators themselves."""

from sqlalchemy import Column, Index, Integer, String

from core.db.schema import Digest, Id, Instant, Json, id_column, table

audit_line = table(
    "audit_line",
    id_column(),
    Column("action", String(48), nullable=False),  # dotted: technician.approved
    Column("actor_id", Id),
    Column("subject_kind", String(24), nullable=False),
    Column("subject_id", Id),
    Column("facts", Json, nullable=False),
    Column("at", Instant, nullable=False),
    Column("seal_seq", Id, unique=True),
    Column("seal", Digest),
    Index("ix_audit_line_subject", "subject_kind", "subject_id"),
)

operator = table(
    "operator",
    id_column(),
    Column("login", String(64), nullable=False, unique=True),
    Column("password_hash", String(160), nullable=False),
    Column("role", String(16), nullable=False),  # admin, auditor, finance
    Column("token_version", Integer, nullable=False),  # raised to end every session
    Column("created_at", Instant, nullable=False),
    Column("disabled_at", Instant),
)

login_try = table(
    "login_try",
    Column("bucket", Digest, primary_key=True),  # of login and address
    Column("tries", Integer, nullable=False),
    Column("since_at", Instant, nullable=False),
)
