"""Audit lines and operators."""

from core.audit.lines import AuditLine, lines, note, seal_pending, verify_chain
from core.audit.operators import (
    Operator,
    Role,
    add_operator,
    count_login_try,
    end_sessions,
    operator,
    operator_by_login,
)
from core.audit.presence import at_work

__all__ = [
    "AuditLine",
    "Operator",
    "Role",
    "add_operator",
    "at_work",
    "count_login_try",
    "end_sessions",
    "lines",
    "note",
    "operator",
    "operator_by_login",
    "seal_pending",
    "verify_chain",
]
