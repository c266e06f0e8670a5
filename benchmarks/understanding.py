"""Goal 4: what understanding a message costs and how often it is right, beside libraries and a bare expression."""

import asyncio
import gc
import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from subprocess import CalledProcessError
from typing import TypeVar

from benchmarks import understanding_fresh as fresh
from benchmarks import understanding_learning as learning
from benchmarks import understanding_times as times
from benchmarks.measuring import Block, interleaved, percentile, times_cheaper
from benchmarks.report import Line, judged, skipped
from benchmarks.understanding_lists import LANGUAGES, cases, shop, understood
from menling.understanding.cases import Case
from menling.understanding.scoring import Score, score
from nlu import Lexicon
from tests.nlu.odd_texts import hostile_texts

_Said = TypeVar("_Said")

_BLOCKS = 8
_CHUNK = 60
_ROUNDS = 5
_RASA_MESSAGES = 109.0
_RICH = 3
"""Entities of a message that says it all."""
_ONE_EXPRESSION = re.compile(
    r"(?P<day>今天|明天|后天|[下这本]?(?:周|星期|礼拜)[一二三四五六日天末]|[0-9一二三四五六七八九十]{1,3}[号日]"
    r"|today|tomorrow|(?:next |this )?(?:mon|tues|wednes|thurs|fri|satur|sun)day|the [0-9]{1,2}(?:st|nd|rd|th))?"
    r"\s*(?P<part>上午|下午|晚上|早上|中午|morning|afternoon|evening)?\s*(?:at )?"
    r"(?P<hour>[0-9一二两三四五六七八九十]{1,3})(?:[点:](?P<minute>半|[0-9]{2})?|\s?[ap]m|\b)"
)
"""The floor: one expression for a day and an hour, which means nothing yet."""


def measure() -> Iterator[Line]:
    """Yield every line of goal 4."""
    lexicon = shop()
    with asyncio.Runner() as runner:
        for lang, language in LANGUAGES.items():
            yield from _whole(runner, lang, language, lexicon)
        for lang, language in LANGUAGES.items():
            yield from _times_alone(runner, lang, language)
        yield from _by_n_grams(runner, lexicon)
    yield from _long(lexicon)
    yield from _right(lexicon)
    yield from _ready()
    yield from _steady()


def _whole(runner: asyncio.Runner, lang: str, language: str, lexicon: Lexicon) -> Iterator[Line]:
    """One message after another, each read whole: intent, service, time, address and whatever else it names."""
    said = cases("utterances", lang)
    rich = [case for case in said if len(case.labels) >= _RICH]
    for about, some in ((language, said), (f"{language}, {_RICH} entities or more", rich)):
        wall, cpu = _each(lambda case: understood(case, lexicon), some)
        for percent, target in ((50, 150.0), (99, 1000.0)):
            name = f"a message whole p{percent}, {about}"
            yield judged(Line(4, name, "us CPU", "lower", percentile(cpu, percent), target=target))
            yield Line(4, f"{name}, as waited for", "us", "lower", percentile(wall, percent))
    paths = {
        "ours": _over(said, lambda case: understood(case, lexicon)),
        "floor": _over(said, lambda case: _ONE_EXPRESSION.search(case.question.text), repeat=40),
    }
    found = interleaved(runner, paths, blocks=_BLOCKS)
    rate, floor = 1e6 / found["ours"].cpu, 1e6 / found["floor"].cpu
    beside = f"messages a CPU-second, {language}, beside DIET of Rasa 3.6.21 as measured elsewhere"
    yield judged(Line(4, beside, "messages", "higher", rate, _RASA_MESSAGES, floor, rate / _RASA_MESSAGES, 50.0))


def _times_alone(runner: asyncio.Runner, lang: str, language: str) -> Iterator[Line]:
    """Time words alone, beside each library that reads this language, on the same messages by the same rule."""
    said = times.messages(cases("times", lang))
    ours = times.ours()
    makers: list[tuple[str, Callable[[], times.Library], float]] = [
        ("recognizers-text", lambda: times.recognizers(lang), 40.0)
    ]
    if lang == "zh":
        makers.insert(0, ("jionlp", times.jionlp, 2.0))
    for name, maker, target in makers:
        try:
            peer = maker()
        except times.NotHere as missing:
            yield skipped(4, f"time alone, {language}, beside {name}", f"{missing} is not installed")
            continue
        yield _time_cost(runner, said, (ours, peer), language, target)
        yield from _time_accuracy(said, ours, peer, language)


def _time_cost(
    runner: asyncio.Runner,
    said: Sequence[times.Message],
    libraries: tuple[times.Library, times.Library],
    language: str,
    target: float,
) -> Line:
    ours, peer = libraries
    paths = {
        "ours": _over(said, ours.read, repeat=3),
        "peer": _over(said, peer.read),
        "floor": _over(said, lambda message: _ONE_EXPRESSION.search(message.folded), repeat=40),
    }
    found = interleaved(runner, paths, blocks=_BLOCKS)
    cost = found["ours"].cpu, found["peer"].cpu, found["floor"].cpu
    name = f"time alone, {language}, beside {peer.name}"
    return judged(Line(4, name, "us CPU", "higher", *cost, times_cheaper(found["ours"], found["peer"]), target))


def _time_accuracy(
    said: Sequence[times.Message], ours: times.Library, peer: times.Library, language: str
) -> Iterator[Line]:
    own = [message for message in said if message.speaks_for_itself]
    lists = ((f"all {len(said)} messages", said), (f"the {len(own)} that name one unasked", own))
    for about, some in lists:
        right, theirs = times.share_right(ours, some), times.share_right(peer, some)
        name = f"times right, {language}, beside {peer.name}, {about}"
        yield judged(Line(4, name, "part of all", "higher", right, theirs, target=theirs))


def _by_n_grams(runner: asyncio.Runner, lexicon: Lexicon) -> Iterator[Line]:
    """Our model beside scikit-learn's pipeline trained on the same examples; its floor is many texts in one call."""
    try:
        peer = learning.scikit_learn()
    except learning.NotHere as missing:
        yield skipped(4, "intent by n-grams, beside scikit-learn", f"{missing} is not installed")
        return
    ours = learning.look_ups()
    for lang, language in LANGUAGES.items():
        said = cases("utterances", lang)
        texts = [case.question.text for case in said]
        chunk = texts[:_CHUNK]
        paths = {
            "ours": _over(texts, ours.read, repeat=3),
            "peer": _over(chunk, peer.read),
            "floor": _at_once(texts, peer.read_all),
        }
        found = interleaved(runner, paths, blocks=_BLOCKS)
        cost = found["ours"].cpu, found["peer"].cpu, found["floor"].cpu
        cheaper = times_cheaper(found["ours"], found["peer"])
        yield Line(4, f"intent by n-grams, {language}, beside scikit-learn", "us CPU", "higher", *cost, cheaper)
        right = learning.share_right([understood(case, lexicon).intent for case in said], said)
        theirs = learning.share_right(peer.read_all(texts), said)
        name = f"intents right, {language}, beside scikit-learn"
        yield judged(Line(4, name, "part of all", "higher", right, theirs, target=theirs))


def _right(lexicon: Lexicon) -> Iterator[Line]:
    """How often we are right on the labelled messages, by the strict rule: kind, start and end as labelled."""
    for lang, language in LANGUAGES.items():
        timed = _scored(cases("times", lang), lexicon)
        share = timed.all_right / timed.cases
        yield judged(Line(4, f"times exact, {language}", "part of all", "higher", share, target=0.95))
        found = _scored(cases("utterances", lang), lexicon)
        share = found.intents_right / found.judged
        yield judged(Line(4, f"intents right, {language}", "part of all", "higher", share, target=0.93))
        tallies = found.kinds.values()
        right = sum(tally.right for tally in tallies)
        told = sum(tally.labelled + tally.found for tally in tallies)
        yield judged(Line(4, f"entities F1, {language}", "part of all", "higher", 2 * right / told, target=0.95))


def _ready() -> Iterator[Line]:
    """What it takes to be ready, in processes of their own; the floor is an interpreter that does nothing."""
    empty = fresh.weight("nothing")
    ours = min((fresh.weight("ours") for _ in range(_ROUNDS)), key=lambda each: each.cpu)
    loaded = "model and dictionaries loaded, first messages read"
    yield judged(Line(4, loaded, "s CPU", "lower", ours.cpu, target=1.0))
    yield Line(4, f"{loaded}, as waited for", "s", "lower", ours.wall)
    name = "resident memory with model and dictionaries"
    yield judged(Line(4, name, "MB", "lower", ours.megabytes, None, empty.megabytes, target=100.0))
    for what, name in (("jionlp", "jionlp"), ("recognizers", "recognizers-text"), ("sklearn", "scikit-learn")):
        try:
            peer = fresh.weight(what)
        except CalledProcessError:
            yield skipped(4, f"loading, beside {name}", f"{name} is not installed")
            continue
        yield Line(4, f"loading, beside {name}", "s CPU", "lower", ours.cpu, peer.cpu)
        yield Line(4, f"memory, beside {name}", "MB", "lower", ours.megabytes, peer.megabytes, empty.megabytes)


def _long(lexicon: Lexicon) -> Iterator[Line]:
    """Texts as long as are ever read, of things said again and again that expressions may stumble over."""
    spoken = cases("utterances", "zh")[0]
    long = [replace(spoken, question=replace(spoken.question, text=text)) for text in hostile_texts()]
    costs = [min(_each(lambda case: understood(case, lexicon), [case])[1]) / 1000 for case in long]
    name = f"of {len(long)} hostile texts of 1,000 characters"
    yield judged(Line(4, f"the worst {name}", "ms CPU", "lower", percentile(costs, 100), target=5.0))
    yield Line(4, f"the median {name}", "ms CPU", "lower", percentile(costs, 50))


def _steady() -> Iterator[Line]:
    """Two processes that order their sets differently answer alike, and neither asks for a network."""
    one, other = fresh.answers(1), fresh.answers(2)
    alike = sum(mark == again for mark, again in zip(one.marks, other.marks, strict=True)) / len(one.marks)
    yield judged(Line(4, "messages answered alike in two processes", "part of all", "higher", alike, target=1.0))
    asked = float(one.sockets + other.sockets)
    yield judged(Line(4, "sockets asked for in understanding them", "sockets", "lower", asked, target=0.0))


def _scored(some: Iterable[Case], lexicon: Lexicon) -> Score:
    return score((case, understood(case, lexicon)) for case in some)


def _each(read: Callable[[Case], object], some: Sequence[Case]) -> tuple[list[float], list[float]]:
    """Return the microseconds of every call, by the clock on the wall and of the processor."""
    for case in some:
        read(case)
    gc.collect()
    wall, cpu = [], []
    for case in [*some] * _ROUNDS:
        waited, worked = time.perf_counter_ns(), time.thread_time_ns()
        read(case)
        worked, waited = time.thread_time_ns() - worked, time.perf_counter_ns() - waited
        wall.append(waited / 1000)
        cpu.append(worked / 1000)
    return wall, cpu


def _over(some: Sequence[_Said], read: Callable[[_Said], object], *, repeat: int = 1) -> Block:
    """Make a block of reading them all, one a call."""

    async def block() -> int:
        for _ in range(repeat):
            for each in some:
                read(each)
        return len(some) * repeat

    return block


def _at_once(some: Sequence[str], read_all: Callable[[Sequence[str]], object]) -> Block:
    """Make a block of reading them all in one call."""

    async def block() -> int:
        read_all(some)
        return len(some)

    return block
