"""Facts as JSON can carry them: ids as strings, times in ISO UTC, nothing a client could stumble over."""

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from typing import Any

from pydantic import JsonValue

_SAFE = 1 << 53
"""Larger whole numbers lose digits in clients that know only doubles: those are ids, and go as strings."""

_LONGEST = 200


def plain(value: Any) -> JsonValue:
    """Return a value of facts as plain JSON."""
    match value:
        case None | bool() | float():
            return value
        case int():
            return value if abs(value) < _SAFE else str(value)
        case str():
            return str(value).encode("utf-8", "backslashreplace").decode()[:_LONGEST]
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case _ if is_dataclass(value) and not isinstance(value, type):
            return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
        case Mapping():
            return {str(plain(str(name))): plain(inner) for name, inner in value.items()}
        case Iterable():
            return [plain(inner) for inner in value]
    return plain(str(value))


def plain_facts(facts: Mapping[str, Any]) -> dict[str, JsonValue]:
    """Return the facts of a line as plain JSON."""
    return {str(name): plain(value) for name, value in facts.items()}
