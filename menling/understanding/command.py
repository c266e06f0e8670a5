"""`menling understand` and `menling nlu`: words in, meaning out; neither settings nor a database are needed."""

import argparse
import importlib
import json
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any, BinaryIO

from menling.understanding.cases import Unlabelled
from menling.understanding.lexicons import NoLexicon, demo_lexicon, read_lexicon
from menling.understanding.lines import (
    Malformed,
    Question,
    asked_in_words,
    instant,
    is_json,
    kind_asked,
    language_named,
    question,
    zone_named,
)
from menling.understanding.telling import told
from nlu import Asked, Lexicon, Understanding, understand

_WRONG = 1
_REFUSED = 2
_BUILD_ONLY = ("sklearn", "scipy", "numpy")


def run(options: argparse.Namespace) -> int:
    """Run the command named by `options.act`; 1 when a line was malformed, 2 when it is refused with a sentence."""
    try:
        return _ACTS[options.act](options)
    except (Malformed, NoLexicon, Unlabelled) as refused:
        sys.stderr.write(f"{refused}\n")
        return _REFUSED


def answer_lines(lines: Iterable[bytes], out: BinaryIO, *, usual: Question, lexicon: Lexicon) -> int:
    """Answer each line in its place, at once, and return how many were malformed; empty lines are passed over."""
    wrong, plain = 0, True
    for number, raw in enumerate(lines, 1):
        if not raw.strip():
            continue
        plain = plain and not is_json(raw)
        try:
            asked = question(raw, number, usual=usual, plain=plain)
            answer = told(asked.id, understood(asked, lexicon))
        except Malformed as error:
            wrong += 1
            answer = {"id": number if error.id is None else error.id, "error": str(error)}
        out.write(_json(answer))
        out.flush()
    return wrong


def understood(asked: Question, lexicon: Lexicon) -> Understanding:
    """Understand one question."""
    return understand(asked.text, lang=asked.lang, zone=asked.zone, now=asked.now, lexicon=lexicon, asked=asked.asked)


def _understand(options: argparse.Namespace) -> int:
    usual, lexicon = _usual(options), _lexicon(options)
    if options.text is None:
        wrong = answer_lines(sys.stdin.buffer, sys.stdout.buffer, usual=usual, lexicon=lexicon)
        return _WRONG if wrong else 0
    asked = asked_in_words(usual)
    if options.json:
        sys.stdout.buffer.write(_json(told(asked.id, understood(asked, lexicon))))
        return 0
    from menling.understanding.explained import explained  # noqa: PLC0415  lists do without
    from nlu.explaining import explain  # noqa: PLC0415

    found = explain(asked.text, lang=asked.lang, zone=asked.zone, now=asked.now, lexicon=lexicon, asked=asked.asked)
    sys.stdout.buffer.write(_utf8(explained(asked, found, lexicon) + "\n"))
    return 0


def _usual(options: argparse.Namespace) -> Question:
    """What holds for every line that does not say otherwise."""
    zone = zone_named(options.zone)
    return Question(
        id=1,
        text=options.text or "",
        lang=language_named(options.lang) if options.lang else "",
        zone=zone,
        now=instant(options.now, zone) if options.now else datetime.now(UTC),
        asked=Asked(kind_asked(options.asked) if options.asked else None, max(options.choices, 0)),
    )


def _lexicon(options: argparse.Namespace) -> Lexicon:
    if options.shop:
        shop = importlib.import_module("menling.understanding.shop")  # it opens the house
        found: Lexicon = shop.shop_lexicon()
        return found
    return demo_lexicon() if options.lexicon is None else read_lexicon(options.lexicon)


def _evaluate(options: argparse.Namespace) -> int:
    from menling.understanding.evaluating import evaluate  # noqa: PLC0415  understanding does without

    evaluate(options.files, _lexicon(options), as_json=options.json, errors=options.errors, say=_say)
    return 0


def _train(_options: argparse.Namespace) -> int:
    from nlu.labelled import NotLabelled  # noqa: PLC0415  it reads YAML
    from nlu.training import train  # noqa: PLC0415  only who trains needs it

    try:
        trained = train()
    except NotLabelled as wrong:
        sys.stderr.write(f"{wrong}.\n")
        return _REFUSED
    except ModuleNotFoundError as missing:
        if (missing.name or "").split(".")[0] not in _BUILD_ONLY:
            raise
        sys.stderr.write("Training needs scikit-learn, which only the build has: install the group `train`.\n")
        return _REFUSED
    _say(f"{trained.examples} examples, {trained.grams} n-grams kept.")
    _say(f"Right on examples it had not seen: {trained.accuracy:.1%}.")
    return 0


def _say(text: str) -> None:
    sys.stdout.buffer.write(_utf8(f"{text}\n"))


def _json(answer: dict[str, Any]) -> bytes:
    return _utf8(json.dumps(answer, ensure_ascii=False) + "\n")


def _utf8(text: str) -> bytes:
    """Encode text; half a surrogate pair is written as JSON escapes it."""
    return text.encode("utf-8", "backslashreplace")


_ACTS: dict[str, Callable[[argparse.Namespace], int]] = {
    "understand": _understand,
    "evaluate": _evaluate,
    "train": _train,
}
