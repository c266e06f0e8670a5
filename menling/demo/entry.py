"""Reads one YAML entry strictly, so that a slip of the pen stops the start-up with the name of its place."""

from collections.abc import Hashable
from pathlib import Path
from typing import Any

import yaml


class DemoDataError(ValueError):
    """The demo data is wrong; the message names the file and the entry."""

    def __init__(self, where: str, problem: str) -> None:
        super().__init__(f"{where}: {problem}")
        self.where = where
        self.problem = problem


class _NoDuplicates(yaml.SafeLoader):
    """Safe loader that refuses a key written twice, which plain YAML silently overwrites."""

    def construct_mapping(  # PyYAML calls it by position
        self,
        node: yaml.MappingNode,
        deep: bool = False,  # noqa: FBT001, FBT002
    ) -> dict[Hashable, Any]:
        mapping = super().construct_mapping(node, deep=deep)
        if len(mapping) != len(node.value):
            raise yaml.constructor.ConstructorError(None, None, "a key is written twice", node.start_mark)
        return mapping


class Entry:
    """One mapping of a demo file: each key is taken once, and `finish` refuses what nobody took."""

    def __init__(self, where: str, raw: object) -> None:
        if not isinstance(raw, dict):
            raise DemoDataError(where, "expected keys and values")
        self.where = where
        self._rest: dict[object, object] = dict(raw)

    def fail(self, problem: str) -> DemoDataError:
        """The error to raise for this entry."""
        return DemoDataError(self.where, problem)

    def has(self, key: str) -> bool:
        """Whether an optional key was written."""
        return key in self._rest

    def peek(self, key: str) -> object:
        """Any value that is there, left for its reader."""
        return self._rest[key]

    def raw(self, key: object) -> object:
        """Any value; the key must be there."""
        if key not in self._rest:
            raise self.fail(f"{key} is missing")
        return self._rest.pop(key)

    def text(self, key: str) -> str:
        """A text that is not blank."""
        value = self.raw(key)
        if not isinstance(value, str) or not value.strip():
            raise self.fail(f"{key} must be a text, quoted where YAML would read something else")
        return value.strip()

    def whole(self, key: str, *, least: int = 0) -> int:
        """A whole number of at least `least`."""
        value = self.raw(key)
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            raise self.fail(f"{key} must be a whole number of at least {least}")
        return value

    def decimal(self, key: str, *, least: float, most: float) -> float:
        """A number between two bounds, both included."""
        value = self.raw(key)
        if not isinstance(value, int | float) or isinstance(value, bool) or not least <= value <= most:
            raise self.fail(f"{key} must be a number from {least} to {most}")
        return float(value)

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of different texts, at least one."""
        value = self.raw(key)
        if not isinstance(value, list) or not value or not all(isinstance(t, str) and t.strip() for t in value):
            raise self.fail(f"{key} must be a list of texts")
        if len(set(value)) != len(value):
            raise self.fail(f"{key} says something twice")
        return tuple(value)

    def child(self, key: object) -> "Entry":
        """A nested mapping."""
        return Entry(f"{self.where}, {key}", self.raw(key))

    def children(self, key: str, label: str) -> "tuple[Entry, ...]":
        """A list of nested mappings, each named in errors by its value of `label`, else by its place."""
        value = self.raw(key)
        if not isinstance(value, list) or not value:
            raise self.fail(f"{key} must be a list with at least one entry")
        return tuple(Entry(f"{self.where}, {key} {_name(item, label, n)}", item) for n, item in enumerate(value, 1))

    def untaken(self) -> tuple[object, ...]:
        """The keys not taken yet, in the order written."""
        return tuple(self._rest)

    def finish(self) -> None:
        """Refuses keys that nobody asked for."""
        if self._rest:
            raise self.fail("unknown " + ", ".join(sorted(str(key) for key in self._rest)))


def read_file(path: Path) -> Entry:
    """The whole file as an entry; raises DemoDataError when it is absent or not YAML."""
    try:
        raw = yaml.load(path.read_text(encoding="utf-8"), Loader=_NoDuplicates)  # noqa: S506 - it is a SafeLoader
    except FileNotFoundError:
        raise DemoDataError(path.name, f"it is not in {path.parent}") from None
    except OSError as error:
        raise DemoDataError(path.name, str(error.strerror)) from error
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        raise DemoDataError(path.name, str(error)) from error
    return Entry(path.name, raw)


def _name(item: object, label: str, place: int) -> str:
    named = item.get(label) if isinstance(item, dict) else None
    return str(named) if named is not None else f"number {place}"
