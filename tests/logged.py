"""What log lines say."""

import logging
import re
from typing import Final

import pytest

_ITS_OWN: Final = frozenset(vars(logging.makeLogRecord({})))
"""What every record has of itself: among it times and numbers of threads, whose digits may be anything."""


def said_in(caplog: pytest.LogCaptureFixture) -> str:
    """Return every message that was logged, with the facts told beside it and the error it came with."""
    return "\n".join(_all_of(record) for record in caplog.records)


def tells(said: str, canary: str) -> bool:
    """Tell whether this was said; a number only as a whole: ids and ports may hold any four digits."""
    if canary.isdecimal():
        return re.search(rf"(?<!\d){canary}(?!\d)", said) is not None
    return canary in said


def _all_of(record: logging.LogRecord) -> str:
    beside = {key: fact for key, fact in vars(record).items() if key not in _ITS_OWN}
    return f"{record.getMessage()} {record.args} {beside} {record.exc_info and record.exc_info[1]!r}"
