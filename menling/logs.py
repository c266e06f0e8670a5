"""Log lines for people and for machines: with the number of the request they belong to, and without personal data."""

import logging
import sys
import traceback
from types import TracebackType
from typing import Any, Final

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

_QUIET: Final = ("alembic", "apscheduler", "httpx", "httpcore", "aiogram", "uvicorn.error", "asyncio")
_FRAMES: Final = 12


def set_up_logs(*, as_json: bool, level: str) -> None:
    """Send every log line of the process to standard error, as JSON or as readable lines."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        name_the_error,
    ]
    renderer: Processor = structlog.processors.JSONRenderer() if as_json else _readable()
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def name_the_error(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Keep an error's type and where it happened, drop its words: they may quote what a person wrote."""
    given = event.pop("exc_info", None)
    if not given:
        return event
    error = given if isinstance(given, BaseException) else (given[1] if isinstance(given, tuple) else sys.exc_info()[1])
    if error is not None:
        event["error"] = _chain(error)
        event["at"] = _places(error.__traceback__)
    return event


def _chain(error: BaseException) -> str:
    names: list[str] = []
    step: BaseException | None = error
    while step is not None and len(names) < _FRAMES:
        names.append(type(step).__qualname__)
        step = step.__cause__ or (None if step.__suppress_context__ else step.__context__)
    return " from ".join(names)


def _places(trace: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(trace)[-_FRAMES:]
    return [f"{'/'.join(frame.filename.split('/')[-3:])}:{frame.lineno} {frame.name}" for frame in frames]


def _readable() -> Any:
    return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
