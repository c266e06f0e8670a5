"""`menling nlu evaluate`: reads the labelled files, understands every message, and prints how often it was right."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from menling.understanding.cases import read_cases
from menling.understanding.lines import Question
from menling.understanding.scoring import Score, Tally, score
from nlu import Lexicon, understand

_USUAL = Question(id=0, text="", lang="", zone="Asia/Shanghai", now=datetime(2026, 11, 21, 2, tzinfo=UTC))
"""What a case is taken to be spoken in when it does not say: a Saturday morning in Shanghai."""
_MOST_PAIRS = 20


def evaluate(
    files: Sequence[Path], lexicon: Lexicon, *, as_json: bool, errors: bool, say: Callable[[str], None]
) -> Score:
    """Judge the understanding by these files and say the figures; raises Unlabelled."""
    cases = [case for path in files for case in read_cases(path, _USUAL)]
    found = score(
        (
            case,
            understand(
                case.question.text,
                lang=case.question.lang,
                zone=case.question.zone,
                now=case.question.now,
                lexicon=lexicon,
                asked=case.question.asked,
            ),
        )
        for case in cases
    )
    if as_json:
        say(json.dumps(_figures(found, errors=errors), ensure_ascii=False, indent=1))
    else:
        for row in _table(found, errors=errors):
            say(row)
    return found


def _table(found: Score, *, errors: bool) -> Iterator[str]:
    if errors:
        for error in found.errors:
            yield f"{error.id}  {error.text!r}"
            yield f"    wanted  {'; '.join(error.wanted) or 'nothing'}"
            yield f"    got     {'; '.join(error.got) or 'nothing'}"
        yield ""
    if found.intents:
        yield from _rows("intent", found.intents)
        yield ""
        for (wanted, said), times in found.confused.most_common(_MOST_PAIRS):
            yield f"{times:>5} x  {wanted} was taken for {said}"
        yield ""
    if found.kinds:
        yield from _rows("entity", found.kinds)
        yield ""
    if found.judged:
        yield f"intents   {_share(found.intents_right, found.judged)}"
        yield f"  sure    {_share(found.sure_right, found.sure)} of those it was sure of"
    if found.kinds:
        total = _sum(found.kinds)
        figures = (f"{name} {_number(getattr(total, name.lower()))}" for name in ("precision", "recall", "F1"))
        yield f"entities  {'  '.join(figures)}"
    if found.timed:
        yield f"times     {_share(found.times_right, found.timed)} of messages with one: exact"
    yield f"messages  {_share(found.all_right, found.cases)} right in everything labelled"


def _rows(title: str, tallies: Mapping[str, Tally]) -> Iterator[str]:
    yield f"{title:<22}{'labelled':>9}{'found':>7}{'right':>7}{'near':>6}{'precision':>11}{'recall':>8}{'F1':>7}"
    for name, tally in sorted(tallies.items(), key=lambda each: (-each[1].labelled, each[0])):
        figures = f"{tally.labelled:>9}{tally.found:>7}{tally.right:>7}{tally.near:>6}"
        yield f"{name:<22}{figures}{_number(tally.precision):>11}{_number(tally.recall):>8}{_number(tally.f1):>7}"


def _sum(tallies: Mapping[str, Tally]) -> Tally:
    total = Tally()
    for tally in tallies.values():
        total.labelled += tally.labelled
        total.found += tally.found
        total.right += tally.right
        total.near += tally.near
    return total


def _share(part: int, whole: int) -> str:
    return f"{part} of {whole} ({part / whole:.1%})" if whole else "none"


def _number(share: float | None) -> str:
    return "-" if share is None else f"{share:.3f}"


def _figures(found: Score, *, errors: bool) -> dict[str, Any]:
    figures: dict[str, Any] = {
        "cases": found.cases,
        "right": found.all_right,
        "intents": {
            "judged": found.judged,
            "right": found.intents_right,
            "sure": found.sure,
            "sure_right": found.sure_right,
            "by_name": {name: _tally(tally) for name, tally in sorted(found.intents.items())},
            "confused": [
                {"wanted": wanted, "got": said, "times": times}
                for (wanted, said), times in found.confused.most_common()
            ],
        },
        "entities": {
            **_tally(_sum(found.kinds)),
            "by_kind": {name: _tally(tally) for name, tally in sorted(found.kinds.items())},
        },
        "times": {"judged": found.timed, "right": found.times_right},
    }
    if errors:
        figures["errors"] = [
            {"id": each.id, "text": each.text, "wanted": list(each.wanted), "got": list(each.got)}
            for each in found.errors
        ]
    return figures


def _tally(tally: Tally) -> dict[str, Any]:
    return {
        "labelled": tally.labelled,
        "found": tally.found,
        "right": tally.right,
        "near": tally.near,
        "precision": tally.precision,
        "recall": tally.recall,
        "f1": tally.f1,
    }
