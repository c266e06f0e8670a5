"""Times by themselves: our grammar, the two libraries that read them in Chinese or English, and one rule for all.

The rule is lenient, because each library has its own idea of an afternoon: a clock time is right by its start, a day
by its date, a part of a day when the middle of what was read lies in it, any other stretch by both ends. A message is
right when every time in it was found (what was found besides is forgiven), or, without a time, when none was found.
"""

import contextlib
import io
import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from opencc import OpenCC

from menling.understanding.cases import Case
from nlu import AskedKind, When
from nlu.text import normalise
from nlu.when import find, moment_of

_PARTS = frozenset(
    {(0, 6), (6, 9), (6, 12), (8, 10), (10, 12), (11, 14), (12, 15), (12, 18), (15, 18), (17, 19), (18, 20), (18, 23),
     (22, 1)}
)  # fmt: skip
"""Hours of the parts of a day as the messages are labelled."""
_SECOND, _DAY = timedelta(seconds=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Read:
    """One time that was read, local; an end that is not told is none. The end is exclusive."""

    start: datetime | None
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """A message with its local time of speaking; `folded` is simplified Chinese for those who read nothing else."""

    case: Case
    folded: str
    local: datetime

    @property
    def wanted(self) -> list[dict[str, Any]]:
        """The times that are labelled."""
        return [label.value for label in self.case.labels if label.kind == "when"]

    @property
    def speaks_for_itself(self) -> bool:
        """Whether it names a time and rests on no question that was asked."""
        return bool(self.wanted) and self.case.question.asked.kind is None


Reader = Callable[[Message], object]
"""Reads the times of a message as it is built to; what comes back is read by `Library.readings`."""


@dataclass(frozen=True, slots=True)
class Library:
    """A way to read times: what is measured, and (not measured) what it came to.

    Where a library offers several readings of one time, any of them that is right counts.
    """

    name: str
    read: Reader
    readings: Callable[[Message], Iterable[Read]]


class NotHere(Exception):
    """A library is not installed; carries its name."""


def messages(cases: Iterable[Case]) -> list[Message]:
    """Prepare the messages for all readers; none of this is measured."""
    simplified = OpenCC("t2s")
    return [
        Message(
            case,
            simplified.convert(case.question.text),
            case.question.now.astimezone(ZoneInfo(case.question.zone)).replace(tzinfo=None),
        )
        for case in cases
    ]


def share_right(library: Library, said: Sequence[Message]) -> float:
    """Return the part of the messages that the library reads right."""
    return sum(_is_right(message, list(library.readings(message))) for message in said) / len(said)


def ours() -> Library:
    """Our grammar: folding the text, placing the moment, finding and resolving every time."""

    def read(message: Message) -> list[When]:
        asked = message.case.question
        moment = moment_of(asked.now, asked.zone, asked=asked.asked.kind == AskedKind.WHEN, lang=asked.lang)
        found = find(normalise(asked.text).text, moment)
        return [each.value for each in found if isinstance(each.value, When)]

    return Library("ours", read, lambda message: [Read(each.start, each.end) for each in read(message)])


def jionlp() -> Library:
    """The Chinese library, which extracts and resolves in one call; raises NotHere."""
    try:
        with contextlib.redirect_stdout(io.StringIO()):  # it greets
            from jionlp import ner  # noqa: PLC0415  measured without it where it is missing
    except ImportError:
        raise NotHere("jionlp") from None

    def read(message: Message, *, future: bool = False) -> list[dict[str, Any]]:
        try:
            found: list[dict[str, Any]] = ner.extract_time(message.folded, time_base=message.local, ret_future=future)
        except Exception:  # noqa: BLE001  what it breaks on it has not read
            return []
        return found

    def readings(message: Message) -> Iterable[Read]:
        """As it reads by itself and as it reads when told that everything is to come."""
        for found in (*read(message), *read(message, future=True)):
            told = found["detail"]["time"]
            if found["type"] in ("time_point", "time_span") and isinstance(told, list):
                start, end = (_instant(said) for said in told)
                yield Read(start, None if end is None else end + _SECOND if end.second else end)

    return Library("jionlp", read, readings)


def recognizers(lang: str) -> Library:
    """Microsoft's recognizers for zh or en, the model made once; raises NotHere."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # at two slips of theirs that Python warns of
            from recognizers_date_time import (  # noqa: PLC0415  measured without it where it is missing
                Culture,
                DateTimeRecognizer,
            )
    except ImportError:
        raise NotHere("recognizers-text") from None
    culture = Culture.Chinese if lang == "zh" else Culture.English
    model = DateTimeRecognizer(culture).get_datetime_model()

    def read(message: Message) -> Sequence[Any]:
        try:
            found: Sequence[Any] = model.parse(message.folded, message.local)
        except Exception:  # noqa: BLE001  what it breaks on it has not read
            return []
        return found

    def readings(message: Message) -> Iterable[Read]:
        for found in read(message):
            for value in (found.resolution or {}).get("values", ()):
                yield from _resolved(value, message.local)

    return Library("recognizers-text", read, readings)


def _resolved(value: dict[str, str], now: datetime) -> Iterable[Read]:
    """What the recognizers resolve to; an hour without a day is today's, or tomorrow's once it is over."""
    kind = value["type"]
    if kind in ("date", "datetime", "time") and value["value"] != "not resolved":
        yield Read(_placed(value["value"], now, now))
    elif kind in ("daterange", "datetimerange", "timerange"):
        start = _placed(value["start"], now, now) if "start" in value else None
        end = _placed(value["end"], now, start or now) if "end" in value else None
        yield Read(start, end)


def _placed(said: str, now: datetime, since: datetime) -> datetime | None:
    if "-" in said:
        return _instant(said)
    hour, minute, second = (int(part) for part in said.split(":"))
    at = now.replace(hour=hour % 24, minute=minute, second=second, microsecond=0) + (_DAY if hour == 24 else 0 * _DAY)
    return at if at >= since else at + _DAY


def _instant(said: str) -> datetime | None:
    try:
        return datetime.fromisoformat(said)
    except ValueError:  # without end, or no day of any calendar
        return None


def _is_right(message: Message, found: list[Read]) -> bool:
    if not message.wanted:
        return not found
    return all(any(_agrees(wanted, read) for read in found) for wanted in message.wanted)


def _agrees(wanted: dict[str, Any], read: Read) -> bool:
    start = datetime.fromisoformat(wanted["start"])
    if wanted["kind"] == "date":
        return read.start is not None and read.start.date() == start.date()
    if wanted["kind"] != "range":
        return read.start is not None and read.start.replace(second=0, microsecond=0) == start
    end = None if wanted["end"] is None else datetime.fromisoformat(wanted["end"])
    if end is not None and (start.hour, end.hour) in _PARTS and end - start < _DAY and read.start and read.end:
        return start <= read.start + (read.end - read.start) / 2 < end
    if read.start is None or read.end is None:  # since seven, until Friday: the end that was said
        return start == read.start if read.end is None else end == read.end
    return (start, end) == (read.start, read.end)
