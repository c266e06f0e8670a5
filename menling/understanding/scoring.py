"""How often understanding is right: intents with their confusions, entities by kind, times, whole messages."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from dialogs.engine.confidence import SURE
from menling.understanding.cases import Case, Label
from menling.understanding.telling import told_value
from nlu import Entity, Understanding
from nlu.text import normalise

_LOOSE = frozenset({"address", "name"})
"""Kinds whose value is the words themselves: marks and spaces at their edges do not count."""
_EDGES = " ,.!?;:，。！？"
_UNLABELLED = frozenset({"more_of_it"})


@dataclass(slots=True)
class Tally:
    """Of one intent or kind: how many there are, how many were said to be there, how many of these were right."""

    labelled: int = 0
    found: int = 0
    right: int = 0
    near: int = 0
    """The words were found and their value was not right."""

    @property
    def precision(self) -> float | None:
        """Of what was found, the share that is right."""
        return self.right / self.found if self.found else None

    @property
    def recall(self) -> float | None:
        """Of what there is, the share that was found and is right."""
        return self.right / self.labelled if self.labelled else None

    @property
    def f1(self) -> float | None:
        """The harmonic mean of both."""
        return 2 * self.right / (self.labelled + self.found) if self.labelled + self.found else None


@dataclass(frozen=True, slots=True)
class Error:
    """One message that was not understood as it is labelled."""

    id: str | int
    text: str
    wanted: tuple[str, ...]
    got: tuple[str, ...]


@dataclass(slots=True)
class Score:
    """What was counted over all cases."""

    cases: int = 0
    judged: int = 0
    """Cases whose intent is labelled."""
    intents_right: int = 0
    sure: int = 0
    sure_right: int = 0
    all_right: int = 0
    """Cases in which the intent and every entity are right."""
    timed: int = 0
    """Cases with a time or a length labelled or found."""
    times_right: int = 0
    intents: dict[str, Tally] = field(default_factory=dict)
    kinds: dict[str, Tally] = field(default_factory=dict)
    confused: Counter[tuple[str, str]] = field(default_factory=Counter)
    errors: list[Error] = field(default_factory=list)


def score(cases: Iterable[tuple[Case, Understanding]]) -> Score:
    """Judge what was understood of each case by its labels; an intent under "also" is as right as the first."""
    found = Score()
    for case, understood in cases:
        found.cases += 1
        wrong_intent = _judge_intent(found, case, understood)
        missed, false = _judge_entities(found, case, understood)
        if not (wrong_intent or missed or false):
            found.all_right += 1
            continue
        wanted = (*((" or ".join(case.intents),) if wrong_intent else ()), *map(_shown_label, missed))
        got = (*((_shown_intent(understood),) if wrong_intent else ()), *map(_shown_entity, false))
        found.errors.append(Error(case.question.id, case.question.text, wanted, got))
    return found


def _judge_intent(found: Score, case: Case, understood: Understanding) -> bool:
    """Count the intent; True when it is wrong."""
    if not case.intents:
        return False
    said, right = understood.intent, understood.intent in case.intents
    wanted = said if right else case.intents[0]
    found.judged += 1
    found.intents_right += right
    sure = understood.confidence >= SURE
    found.sure += sure
    found.sure_right += sure and right
    found.intents.setdefault(wanted, Tally()).labelled += 1
    tally = found.intents.setdefault(said, Tally())
    tally.found += 1
    tally.right += right
    if not right:
        found.confused[wanted, said] += 1
    return not right


def _judge_entities(found: Score, case: Case, understood: Understanding) -> tuple[list[Label], list[Entity]]:
    """Count entities by kind; return the labels that were missed and the entities that are no label's."""
    left = [each for each in understood.entities if _is_judged(case, each.kind)]
    missed: list[Label] = []
    times = any(label.kind in ("when", "duration") for label in case.labels)
    times = times or any(each.kind in ("when", "duration") for each in left)
    for entity in left:
        found.kinds.setdefault(entity.kind, Tally()).found += 1
    for label in case.labels:
        tally = found.kinds.setdefault(label.kind, Tally())
        tally.labelled += 1
        match = next((each for each in left if _is_right(label, each)), None)
        if match is None:
            missed.append(label)
            tally.near += any(each.kind == label.kind for each in left)
        else:
            left.remove(match)
            tally.right += 1
    found.timed += times
    wrong = {*(label.kind for label in missed), *(each.kind for each in left)}
    found.times_right += times and not wrong & {"when", "duration"}
    return missed, left


def _is_judged(case: Case, kind: str) -> bool:
    return kind not in _UNLABELLED if case.kinds is None else kind in case.kinds


def _is_right(label: Label, entity: Entity) -> bool:
    if label.kind != entity.kind:
        return False
    if not label.valued:
        return _overlap(_folded(label.text), _folded(entity.text))
    value = told_value(entity.kind, entity.value)
    if isinstance(value, dict):
        wanted = label.value if isinstance(label.value, dict) else {}
        return all(value[part] == wanted.get(part) for part in ("kind", "start", "end"))
    if label.kind in _LOOSE:
        return _folded(str(value)) == _folded(str(label.value))
    return bool(value == label.value)


def _overlap(one: str, other: str) -> bool:
    return bool(one) and bool(other) and (one in other or other in one)


def _folded(text: str) -> str:
    return normalise(text).text.strip(_EDGES).replace(" ", "")


def _shown_intent(understood: Understanding) -> str:
    return f"{understood.intent} {understood.confidence:.2f}"


def _shown_label(label: Label) -> str:
    return f"{label.kind} {_shown(label.value)}" if label.valued else f'{label.kind} "{label.text}"'


def _shown_entity(entity: Entity) -> str:
    return f'{entity.kind} {_shown(told_value(entity.kind, entity.value))} "{entity.text}"'


def _shown(value: Any) -> str:
    if not isinstance(value, dict):
        return str(value)
    return f"{value.get('kind')} {value.get('start')}..{value.get('end') or ''}"
