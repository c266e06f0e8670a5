"""Training files in Rasa's nlu.yml format: what people say, the intent it has, and what stretches of it name."""

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

EXAMPLES = Path(__file__).parent / "examples"
"""Our own training files, a folder a language."""

_MARK = re.compile(r"\[(?P<text>[^\]]+)\](?:\((?P<kind>[^):]+)(?::(?P<value>[^)]*))?\)|(?P<facts>\{[^}]*\}))")


class NotLabelled(ValueError):
    """A training file is not as Rasa's format wants it; says where."""


@dataclass(frozen=True, slots=True)
class Marked:
    """A stretch [start, end) of an example that names something; value None where the file gives none."""

    start: int
    end: int
    kind: str
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """One thing somebody says."""

    text: str
    intent: str
    lang: str
    marks: tuple[Marked, ...] = ()


def own_examples() -> list[Example]:
    """Every example of our own training files, in the order of their names."""
    return [
        example
        for path in sorted(EXAMPLES.glob("*/*.yml"))
        for example in read_examples(path, "zh-Hans" if path.parent.name == "zh" else "en")
    ]


def digest(examples: Sequence[Example]) -> str:
    """What the weights were made of, so that examples changed since are noticed."""
    told = "\n".join(f"{each.intent}\t{each.text}" for each in examples)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def read_examples(path: Path, lang: str) -> Iterator[Example]:
    """Yield the examples of one file; raises NotLabelled. Synonyms, look-ups and patterns of Rasa's are passed over."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as wrong:
        raise NotLabelled(f"{path.name} is not YAML: {wrong}") from None
    groups = content.get("nlu") if isinstance(content, dict) else None
    if not isinstance(groups, list):
        raise NotLabelled(f"{path.name} has no list nlu")
    for group in groups:
        if isinstance(group, dict) and "intent" in group:
            yield from _of_intent(group, lang, path.name)


def _of_intent(group: dict[str, Any], lang: str, file: str) -> Iterator[Example]:
    intent, lines = group["intent"], group.get("examples")
    if not isinstance(intent, str) or not isinstance(lines, str):
        raise NotLabelled(f"{file}: examples of {intent!r} are not one block of text")
    for line in lines.splitlines():
        if not line.strip():
            continue
        if not line.lstrip().startswith("- "):
            raise NotLabelled(f"{file}: {intent}: a line does not begin with a dash: {line!r}")
        yield unmarked(line.lstrip()[2:].strip(), intent, lang)


def unmarked(line: str, intent: str, lang: str) -> Example:
    """Take the marks of a line away and keep where they were."""
    words: list[str] = []
    marks: list[Marked] = []
    reach, length = 0, 0
    for found in _MARK.finditer(line):
        before, said = line[reach : found.start()], found["text"]
        words += [before, said]
        start = length + len(before)
        length = start + len(said)
        marks.append(_mark(found, start, length))
        reach = found.end()
    return Example("".join([*words, line[reach:]]), intent, lang, tuple(marks))


def _mark(found: re.Match[str], start: int, end: int) -> Marked:
    if found["facts"] is None:
        return Marked(start, end, found["kind"], found["value"])
    try:
        facts = json.loads(found["facts"])
        return Marked(start, end, facts["entity"], facts.get("value"))
    except (ValueError, KeyError):
        raise NotLabelled(f"not an entity: {found[0]!r}") from None
