"""Log lines for people and for machines: under the number of what they belong to, and without personal data.

Nothing is logged that others have worded: of an error its kind and its places, of a library's line what stands in its
code as it stands there, without what it put into it. So a name, an address or a token has no way in, whoever raises or
logs it.
"""

import inspect
import logging
import sys
import threading
import time
import traceback
import warnings
from collections import deque
from collections.abc import Callable
from contextlib import nullcontext, suppress
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Final, TextIO

import msgspec
import structlog

from core.tracing import trace

ROOMS: Final = ("admin_api", "bots", "core", "dialogs", "gateways", "menling", "nlu")
"""Whose lines are ours: made of fixed words and fields. Others are heard from warnings upwards."""

_FRAMES: Final = 12
_DEPTH: Final = 24
_UNTOLD: Final = "a library's line"
_BEGINNINGS: Final = {
    # The event loop puts its lines together, the fixed words first.
    "asyncio": (
        "Task exception was never retrieved",
        "Future exception was never retrieved",
        "Task was destroyed but it is pending!",
        "Exception in callback",
        "Unhandled exception in",
        "Unhandled error in",
        "Unclosed client session",
        "Unclosed connector",
        "Unclosed connection",
        "Fatal read error on",
        "Fatal write error on",
        "Fatal error on",
        "Fatal error:",
        "SSL handshake failed",
        "SSL error in",
        "an error occurred during closing of asynchronous generator",
    ),
}
_PORTION_SECONDS: Final = 0.02
_LONGEST: Final = 200
_OURS: Final = tuple(f"{room}." for room in ROOMS)
_USUAL: Final = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_LEVELS: Final = {level: logging.getLevelName(level).lower() for level in (10, 20, 30, 40, 50)}
_encode: Final = msgspec.json.Encoder(enc_hook=repr).encode
_log = logging.getLogger(__name__)

Fields = dict[str, Any]


class Desk(logging.StreamHandler[TextIO]):
    """Writes lines in portions, on a thread of its own; what a killed process loses is the last moment.

    Writing lets go of the interpreter's lock: once a line, whoever had it would wait behind every other thread.
    """

    def __init__(self, stream: TextIO) -> None:
        super().__init__(stream)
        self._lines: deque[str] = deque()
        self._waiting = threading.Event()
        threading.Thread(target=self._write_on, name="menling-log", daemon=True).start()

    def emit(self, record: logging.LogRecord) -> None:
        """Take one line."""
        try:
            self._lines.append(self.format(record))
        except Exception:  # noqa: BLE001  a line that cannot be made must not stop what it tells of
            self._lines.append(f"a line of {record.name} could not be made")  # and none of its words are shown
        self._waiting.set()

    def flush(self) -> None:
        """Write what has been taken."""
        with self.lock or nullcontext():
            taken = len(self._lines)
            if taken:
                self.stream.write("".join(f"{self._lines.popleft()}\n" for _ in range(taken)))
                self.stream.flush()

    def _write_on(self) -> None:
        while True:
            self._waiting.wait()
            time.sleep(_PORTION_SECONDS)
            self._waiting.clear()
            with suppress(ValueError, OSError):  # nobody reads any more
                self.flush()


class Lines(logging.Formatter):
    """Makes a record a line: JSON, or one that people like to read."""

    def __init__(self, render: Callable[[Fields], str]) -> None:
        super().__init__()
        self._render = render

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of one record."""
        return self._render(fields_of(record))


def set_up_logs(*, as_json: bool, level: str) -> None:
    """Send every log line of the process to standard error, as JSON or as readable lines."""
    handler = Desk(sys.stderr)
    handler.setFormatter(Lines(_as_json if as_json else _readable()))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(logging.WARNING, logging.getLevelNamesMapping()[level.upper()]))
    for room in ROOMS:
        logging.getLogger(room).setLevel(level.upper())
    # What no line shows need not be found out for each.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    warnings.showwarning = _warned
    sys.excepthook, threading.excepthook, sys.unraisablehook = _ended, _thread_ended, _not_raised


def fields_of(record: logging.LogRecord) -> Fields:
    """Return what a line tells, in its order."""
    ours = record.name.startswith(_OURS)
    fields: Fields = {
        "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="microseconds"),
        "level": _LEVELS.get(record.levelno, "other"),
        "logger": record.name,
        "event": record.getMessage() if ours else _fixed_words(record),
    }
    number = trace()
    if number is not None:
        fields["trace"] = number
    if fields["event"] == _UNTOLD:
        fields["at"] = [f"{'/'.join(record.pathname.split('/')[-3:])}:{record.lineno} {record.funcName}"]
    if ours:
        for name, value in vars(record).items():
            if name not in _USUAL:
                fields[name] = value
    if record.exc_info:
        fields |= told_of(record.exc_info[1])
    return fields


def told_of(error: BaseException | None) -> Fields:
    """Return an error's kind and where it happened, without its words: they may quote what a person wrote."""
    return {} if error is None else {"error": _chain(error), "at": _places(error.__traceback__)}


def _fixed_words(record: logging.LogRecord) -> str:
    """Return the first line of a library's words if they stand in its code: put together, they may quote anybody."""
    if not isinstance(record.msg, str):
        return type(record.msg).__name__
    first = record.msg.partition("\n")[0][:_LONGEST]
    if _stands_in_code(record.msg):
        return first  # its values come as arguments
    return next((known for known in _BEGINNINGS.get(record.name, ()) if first.startswith(known)), _UNTOLD)


def _stands_in_code(words: str) -> bool:
    """Tell whether somebody who is on the way to this line has these very words written in their code."""
    frame = inspect.currentframe()
    for _ in range(_DEPTH):
        if frame is None:
            return False
        if words in frame.f_code.co_consts:
            return True
        frame = frame.f_back
    return False


def _as_json(fields: Fields) -> str:
    try:
        return _encode(fields).decode()
    except UnicodeEncodeError:  # half a surrogate pair somewhere
        return _encode({name: _plain(value) for name, value in fields.items()}).decode()


def _plain(value: object) -> object:
    return repr(value).encode("utf-8", "backslashreplace").decode()


def _readable() -> Callable[[Fields], str]:
    render = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    return lambda fields: str(render(None, "", fields))


def _chain(error: BaseException) -> str:
    names: list[str] = []
    step: BaseException | None = error
    while step is not None and len(names) < _FRAMES:
        names.append(type(step).__qualname__ + _code(step))
        step = step.__cause__ or (None if step.__suppress_context__ else step.__context__)
    return " from ".join(names)


def _code(error: BaseException) -> str:
    """Return an error's number where it has one (a database's, the system's): it tells much and quotes nobody."""
    number = error.args[0] if error.args and type(error.args[0]) is int else getattr(error, "errno", None)
    code = getattr(error, "sqlstate", None) or getattr(error, "sqlite_errorname", None) or number
    return "" if code is None else f"({code})"


def _places(places: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(places)[-_FRAMES:]
    return [f"{'/'.join(frame.filename.split('/')[-3:])}:{frame.lineno} {frame.name}" for frame in frames]


def _warned(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    where = f"{'/'.join(filename.split('/')[-3:])}:{lineno}"
    _log.warning("python warns", extra={"kind": category.__name__, "at": [where]})


def _ended(kind: type[BaseException], error: BaseException, places: TracebackType | None) -> None:
    if isinstance(error, KeyboardInterrupt):
        return
    _log.critical("the process ends", extra=told_of(error))


def _thread_ended(what: threading.ExceptHookArgs) -> None:
    _log.critical("a thread ends", extra=told_of(what.exc_value))


def _not_raised(what: Any) -> None:
    _log.error("an error nobody could take", extra=told_of(what.exc_value))
