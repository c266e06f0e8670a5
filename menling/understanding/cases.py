"""Labelled messages to be judged by: JSON lines with times, JSON lines with intents and entities, or a Rasa nlu.yml."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from menling.understanding.lines import Malformed, Question, asked_in_words, question
from nlu import EntityKind, IntentName
from nlu.labelled import NotLabelled, read_examples

_RASA = (".yml", ".yaml")
_UNKNOWN_VALUE = object()


class Unlabelled(Exception):
    """A file of labelled messages cannot be read; the message is a sentence that says where and why."""


@dataclass(frozen=True, slots=True)
class Label:
    """Something the words name. `valued` is False where the file marks the words and does not say what they mean."""

    kind: str
    text: str
    value: Any
    valued: bool = True


@dataclass(frozen=True, slots=True)
class Case:
    """One message and what is right: any of `intents` (none when they are not labelled), and all its labels.

    Only entities of `kinds` are labelled; None for every kind.
    """

    question: Question
    intents: tuple[str, ...]
    labels: tuple[Label, ...]
    kinds: frozenset[str] | None


def read_cases(path: Path, usual: Question) -> list[Case]:
    """Read one file; what a line does not say (language, place, time) is as in `usual`. Raises Unlabelled."""
    try:
        if path.suffix in _RASA:
            return list(_of_rasa(path, usual))
        return list(_of_lines(path, usual))
    except OSError as error:
        raise Unlabelled(f"{path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise Unlabelled(f"{path} cannot be read: it is no text in UTF-8.") from None
    except NotLabelled as error:
        raise Unlabelled(f"{error}.") from None


def _of_rasa(path: Path, usual: Question) -> Iterator[Case]:
    for number, example in enumerate(read_examples(path, usual.lang), 1):
        asked = asked_in_words(replace(usual, id=number, text=example.text, lang=usual.lang))
        labels = tuple(
            Label(mark.kind, example.text[mark.start : mark.end], mark.value, valued=False) for mark in example.marks
        )
        yield Case(asked, (_intent(example.intent, str(path)),), labels, frozenset(label.kind for label in labels))


def _of_lines(path: Path, usual: Question) -> Iterator[Case]:
    for number, raw in enumerate(path.read_bytes().splitlines(), 1):
        where = f"{path}, line {number}"
        if not raw.strip():
            continue
        try:
            asked = question(raw, number, usual=usual)
            told = json.loads(raw.removeprefix(b"\xef\xbb\xbf"))
        except Malformed as error:
            raise Unlabelled(f"{where}: {error}.") from None
        except ValueError:
            raise Unlabelled(f"{where}: the line is no JSON object.") from None
        if not isinstance(told, dict):
            raise Unlabelled(f"{where}: the line is no JSON object.")
        yield _case(told, asked, where)


def _case(told: dict[str, Any], asked: Question, where: str) -> Case:
    if "intent" in told:
        also = _list(told, "also", where)
        intents = (_intent(told["intent"], where), *(_intent(other, where) for other in also))
        return Case(asked, intents, tuple(_labels(_list(told, "entities", where), where)), None)
    if not isinstance(told.get("when"), list):
        raise Unlabelled(f"{where}: neither an intent nor a list of times (when) is labelled.")
    labels = [Label("when", "", value) for value in told["when"]]
    kinds = {"when"}
    if "duration" in told:
        kinds.add("duration")
        labels += [Label("duration", "", value) for value in _list(told, "duration", where)]
    return Case(asked, (), tuple(labels), frozenset(kinds))


def _list(told: dict[str, Any], name: str, where: str) -> list[Any]:
    found = told.get(name) or []
    if not isinstance(found, list):
        raise Unlabelled(f"{where}: {name} is a list.")
    return found


def _labels(entities: Iterable[Any], where: str) -> Iterator[Label]:
    for entity in entities:
        kind, text = (entity.get("kind"), entity.get("text")) if isinstance(entity, dict) else (None, None)
        if kind not in {each.value for each in EntityKind} or not isinstance(text, str):
            raise Unlabelled(f"{where}: an entity has a kind of the closed list and its text: {entity!r:.80}.")
        value = entity.get("value", _UNKNOWN_VALUE)
        yield Label(kind, text, None, valued=False) if value is _UNKNOWN_VALUE else Label(kind, text, value)


def _intent(name: object, where: str) -> str:
    if not isinstance(name, str) or name not in {each.value for each in IntentName}:
        raise Unlabelled(f"{where}: {name!r:.40} is none of our intents.")
    return name
