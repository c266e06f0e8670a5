"""What the modules of a room keep, however deep in their tables."""

import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from types import ModuleType

_DEEPEST = 4


def kept_by(room: ModuleType, kind: type, *, but: frozenset[str] = frozenset()) -> Iterator[tuple[str, object]]:
    """Give everything of a kind that a room's modules keep, under the name it is kept by; some modules left out."""
    for module in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
        if module.name not in but:
            for name, value in vars(importlib.import_module(module.name)).items():
                yield from ((f"{module.name}.{name}", each) for each in _inside(value, kind))


def _inside(value: object, kind: type, depth: int = 0) -> Iterator[object]:
    if isinstance(value, kind):
        yield value
    elif depth == _DEEPEST or isinstance(value, type | ModuleType):
        return
    elif isinstance(value, tuple | list | set | frozenset):
        for each in value:
            yield from _inside(each, kind, depth + 1)
    elif isinstance(value, dict):
        for each in value.values():
            yield from _inside(each, kind, depth + 1)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _inside(getattr(value, field.name), kind, depth + 1)
