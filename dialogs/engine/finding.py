"""Finding what the modules of a package declare, so that adding a flow or a view is adding a file."""

import importlib
import pkgutil
from typing import TypeVar

from dialogs.engine.flow import Flow, View

T = TypeVar("T", Flow, View)


def declared(package: str, kind: type[T]) -> tuple[T, ...]:
    """Return what the modules of a package declare of this kind, by name; two of one name are a wiring error."""
    found: dict[str, T] = {}
    for each in pkgutil.iter_modules(importlib.import_module(package).__path__):
        module = importlib.import_module(f"{package}.{each.name}")
        for one in vars(module).values():
            if not isinstance(one, kind):
                continue
            if found.setdefault(one.name, one) is not one:
                raise ValueError(f"two of the name {one.name} in {package}")
    return tuple(found[name] for name in sorted(found))
