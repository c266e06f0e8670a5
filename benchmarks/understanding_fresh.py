"""What understanding weighs and how long it is in getting ready, each time in a process that has done nothing else.

`python -m benchmarks.understanding_fresh ours` loads one thing, reads a sentence with it and prints what that took;
`all` understands every labelled message and prints a mark of each answer and how often a socket was asked for.
"""

# ruff: noqa: PLC0415  what is loaded, and when, is what is measured

import contextlib
import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

_LEXICON = Path("tests/nlu/corpus/lexicon.json")
_NOW = datetime(2026, 11, 21, 2, tzinfo=UTC)
_CHINESE = "明天下午三点想约王师傅做肩颈按摩，朝阳区望京花园3号楼1201，电话13800138000"
_ENGLISH = "could Mia come to Flat 3B, 22 Acacia Road tomorrow at half past two for a manicure?"
_PATIENCE = 120


@dataclass(frozen=True, slots=True)
class Weight:
    """Processor seconds until the first sentences were read, those on the wall, and megabytes resident by then."""

    cpu: float
    wall: float
    megabytes: float


@dataclass(frozen=True, slots=True)
class Answers:
    """A mark of the answer to every message, and how often the process asked for a socket."""

    marks: tuple[str, ...]
    sockets: int


def weight(what: str) -> Weight:
    """Load nothing, ours, jionlp, recognizers or sklearn in a new process; raises CalledProcessError without it."""
    told = _run(what)
    return Weight(told["cpu"], told["wall"], told["megabytes"])


def answers(seed: int) -> Answers:
    """Understand every labelled message in a new process, whose sets are ordered by this seed."""
    told = _run("all", PYTHONHASHSEED=str(seed))
    return Answers(tuple(told["marks"]), told["sockets"])


def main(arguments: Sequence[str]) -> None:
    """Do what is asked and print it."""
    (what,) = arguments
    print(json.dumps(_all_answers() if what == "all" else _weighed(_LOADS[what])))


def _run(what: str, **environment: str) -> dict[str, Any]:
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.understanding_fresh", what]
    ran = subprocess.run(command, env=os.environ | environment, capture_output=True, check=True, timeout=_PATIENCE)
    told: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return told


def _weighed(load: Callable[[], None]) -> dict[str, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    with contextlib.redirect_stdout(io.StringIO()):  # some greet
        load()
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    status = Path("/proc/self/status").read_text().splitlines()
    kilobytes = next(int(line.split()[1]) for line in status if line.startswith("VmRSS:"))
    return {"cpu": cpu, "wall": wall, "megabytes": kilobytes / 1024}


def _nothing() -> None:
    pass


def _ours() -> None:
    from nlu import Lexicon, LexiconEntry, understand

    told = json.loads(_LEXICON.read_text("utf-8"))["entries"]
    lexicon = Lexicon.of(
        LexiconEntry(each["id"], each["kind"], tuple(each["names"]), each.get("number"), each.get("sex"))
        for each in told
    )
    understand(_CHINESE, lang="zh-Hans", zone="Asia/Shanghai", now=_NOW, lexicon=lexicon)
    understand(_ENGLISH, lang="en", zone="Europe/London", now=_NOW, lexicon=lexicon)


def _jionlp() -> None:
    from jionlp import ner

    ner.extract_time(_CHINESE, time_base=_NOW)


def _recognizers() -> None:
    from recognizers_date_time import Culture, DateTimeRecognizer

    DateTimeRecognizer(Culture.Chinese).get_datetime_model().parse(_CHINESE, _NOW)
    DateTimeRecognizer(Culture.English).get_datetime_model().parse(_ENGLISH, _NOW)


def _sklearn() -> None:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    vectors = TfidfVectorizer(analyzer="char", ngram_range=(1, 3))
    model = LogisticRegression().fit(vectors.fit_transform([_CHINESE, _ENGLISH]), [0, 1])
    model.predict_proba(vectors.transform([_CHINESE]))


def _all_answers() -> dict[str, Any]:
    from hashlib import sha256

    from benchmarks.understanding_lists import LANGUAGES, cases, shop, understood

    lexicon = shop()
    said = [case for lang in LANGUAGES for kind in ("utterances", "times") for case in cases(kind, lang)]
    sockets = 0

    def watch(event: str, _: object) -> None:
        nonlocal sockets
        sockets += event.startswith("socket.")

    sys.addaudithook(watch)
    marks = [sha256(repr(understood(case, lexicon)).encode()).hexdigest()[:16] for case in said]
    return {"marks": marks, "sockets": sockets}


_LOADS: dict[str, Callable[[], None]] = {
    "nothing": _nothing,
    "ours": _ours,
    "jionlp": _jionlp,
    "recognizers": _recognizers,
    "sklearn": _sklearn,
}

if __name__ == "__main__":
    main(sys.argv[1:])
