"""What the page offers to poke a platform with, told so that the page can draw it and a script can read it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Field:
    """One thing to fill in; with `options` it is a choice."""

    name: str
    value: str = ""
    options: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Poke:
    """An act with fields: of the whole platform, or of the person whose chat is open."""

    act: str
    label: str
    fields: Sequence[Field] = ()
    of_person: bool = False

    def as_json(self) -> dict[str, object]:
        """The poke as the page reads it."""
        fields = [{"name": one.name, "value": one.value, "options": list(one.options)} for one in self.fields]
        return {"act": self.act, "label": self.label, "fields": fields, "of_person": self.of_person}


def text(wish: Mapping[str, object], name: str, default: str = "") -> str:
    """A field of a wish as it was written."""
    value = wish.get(name)
    return default if value is None else str(value).strip()


def number(wish: Mapping[str, object], name: str, default: float) -> float:
    """A number of a wish; ValueError when it is none."""
    written = text(wish, name)
    if not written:
        return default
    try:
        return float(written)
    except ValueError:
        raise ValueError(f"{name} is no number") from None


def times(wish: Mapping[str, object]) -> int:
    """How often, at least once and at most a thousand times."""
    return max(1, min(1000, int(number(wish, "times", 1))))
