"""An Understanding as JSON: places count characters of the text as it came, times are local, their end exclusive."""

from datetime import datetime
from typing import Any

from nlu import LAST_TIME, Entity, EntityKind, EntityValue, Understanding, When

_NAMED_ALONE = frozenset({EntityKind.ANYONE, EntityKind.CERTIFIED, EntityKind.EARLIEST})
"""Kinds that say all by being there; their value is told as "yes"."""

_USUAL = "usual"


def told(id_: str | int, understood: Understanding) -> dict[str, Any]:
    """Return the answer to one line, intents best first, entities in the order of the words."""
    return {
        "id": id_,
        "intent": understood.intent,
        "confidence": _rounded(understood.confidence),
        "intents": [{"name": one.name, "confidence": _rounded(one.confidence)} for one in understood.intents],
        "entities": [told_entity(entity) for entity in understood.entities],
    }


def told_entity(entity: Entity) -> dict[str, Any]:
    """Return one entity as JSON."""
    return {
        "kind": entity.kind,
        "text": entity.text,
        "from": entity.start,
        "to": entity.end,
        "value": told_value(entity.kind, entity.value),
    }


def told_value(kind: str, value: EntityValue) -> Any:
    """Return a value as JSON: a time as an object, an amount as [minor units, currency]."""
    if isinstance(value, When):
        return told_when(value)
    if isinstance(value, tuple):
        return list(value)
    if kind == EntityKind.PLACE_NAME and value == _USUAL:
        return LAST_TIME
    return "yes" if kind in _NAMED_ALONE else value


def told_when(when: When) -> dict[str, Any]:
    """Return a time with its other readings."""
    return {
        "kind": when.kind,
        "start": _local(when.start),
        "end": _local(when.end),
        "seconds": when.seconds,
        "alternatives": [told_when(other) for other in when.alternatives],
    }


def _local(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat(timespec="minutes")


def _rounded(confidence: float) -> float:
    return round(confidence, 3)
