"""A log line tells what happened under its number; what people or libraries worded has no way into it."""

import asyncio
import io
import json
import logging
import sys
import threading
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.tracing import follow
from menling.logs import ROOMS, set_up_logs

CANARY = "canary 13800138000 望京花园"


@pytest.fixture(params=[True, False], ids=["json", "console"])
def written(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    """The log as one form or the other, at its most talkative; everything is put back afterwards."""
    root = logging.getLogger()
    kept = root.handlers[:], root.level, {room: logging.getLogger(room).level for room in ROOMS}
    hooks = sys.excepthook, threading.excepthook, sys.unraisablehook, warnings.showwarning
    set_up_logs(as_json=request.param, level="debug")
    stream = io.StringIO()
    getvalue = stream.getvalue
    root.handlers[0].setStream(stream)  # type: ignore[attr-defined]

    def told() -> str:
        root.handlers[0].flush()
        return getvalue()

    stream.getvalue = told  # type: ignore[method-assign]
    yield stream
    root.handlers[:], root.level = kept[0], kept[1]
    for room, level in kept[2].items():
        logging.getLogger(room).setLevel(level)
    sys.excepthook, threading.excepthook, sys.unraisablehook, warnings.showwarning = hooks
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = True


def lines_of(written: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


@pytest.mark.parametrize("written", [True], ids=["json"], indirect=True)
def test_a_line_tells_when_who_what_and_under_which_number(written: io.StringIO) -> None:
    follow("0123456789abcdef")
    logging.getLogger("dialogs.turn").warning("turn put off", extra={"inbox_id": 7, "lang": "中文"})

    (line,) = lines_of(written)
    assert line.pop("timestamp").endswith("+00:00")
    assert line == {
        "level": "warning",
        "logger": "dialogs.turn",
        "event": "turn put off",
        "trace": "0123456789abcdef",
        "inbox_id": 7,
        "lang": "中文",
    }


def test_an_error_is_told_by_kind_and_place(written: io.StringIO) -> None:
    def fails() -> None:
        raise ZeroDivisionError(CANARY) from KeyError(CANARY)

    try:
        fails()
    except ZeroDivisionError:
        logging.getLogger("dialogs.turn").exception("turn failed")

    assert "ZeroDivisionError from KeyError" in written.getvalue()
    assert "test_logs.py" in written.getvalue()
    assert "canary" not in written.getvalue()


def test_an_error_keeps_its_number(written: io.StringIO) -> None:
    try:
        Path("/nowhere/canary").read_text()
    except OSError:
        logging.getLogger("menling.worker").exception("chore failed")

    assert "FileNotFoundError(2)" in written.getvalue()
    assert "canary" not in written.getvalue()


def test_what_libraries_put_into_their_lines_is_left_out(written: io.StringIO) -> None:
    for name in ("aiogram.event", "httpx", "sqlalchemy.engine", "some_library"):
        logging.getLogger(name).error("Failed to fetch updates - %s", CANARY)
        logging.getLogger(name).info("HTTP Request: %s", CANARY)
        logging.getLogger(name).warning(ValueError(CANARY))

    assert written.getvalue().count("Failed to fetch updates - %s") == 4
    assert "HTTP Request" not in written.getvalue()
    assert "canary" not in written.getvalue()


def test_a_line_that_a_library_puts_together_is_told_by_its_place_alone(written: io.StringIO) -> None:
    library = logging.getLogger("some_library")
    library.error(f"could not reach {CANARY}")
    library.error("could not reach " + CANARY)
    library.error("could not reach {}".format(CANARY))  # noqa: UP032
    logging.getLogger("asyncio").error(f"Exception in callback {CANARY}()\nhandle: {CANARY}")  # noqa: G004
    logging.getLogger("asyncio").error(f"Executing {CANARY}")  # noqa: G004

    told = written.getvalue()
    assert told.count("a library's line") == 4
    assert told.count("test_a_line_that_a_library_puts_together_is_told_by_its_place_alone") == 4
    assert told.count("Exception in callback") == 1
    assert "canary" not in told
    assert "could not" not in told


def test_a_librarys_fixed_words_pass_through_a_helper_of_its_own(written: io.StringIO) -> None:
    def warn(words: str) -> None:
        logging.getLogger("some_library").warning(words, stacklevel=2)

    warn("the pool is full\nand more")

    assert "the pool is full" in written.getvalue()
    assert "and more" not in written.getvalue()


def test_an_error_nobody_waited_for_is_told_without_its_words(written: io.StringIO) -> None:
    async def fails() -> None:
        raise ValueError(CANARY)

    async def story() -> None:
        task = asyncio.create_task(fails())
        await asyncio.wait([task])
        del task

    shown = warnings.showwarning
    asyncio.run(story())
    sys.excepthook(ValueError, ValueError(CANARY), None)
    thread = threading.Thread(target=lambda: int(CANARY))
    thread.start()
    thread.join()
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.showwarning = shown
        warnings.warn_explicit(CANARY, UserWarning, "bots/telegram/door.py", 1)

    told = written.getvalue()
    for event in ("Task exception was never retrieved", "the process ends", "a thread ends", "python warns"):
        assert event in told
    assert "canary" not in told


def test_a_line_that_cannot_be_made_is_told_of_and_quotes_nothing(written: io.StringIO) -> None:
    class Odd:
        def __repr__(self) -> str:
            raise ValueError(CANARY)

    logging.getLogger("core.db").warning("slow unit", extra={"unit": Odd(), "words": CANARY})

    assert written.getvalue().count("a line of core.db could not be made") == 1
    assert "canary" not in written.getvalue()


def test_lines_are_written_soon_though_nobody_asks(written: io.StringIO) -> None:
    logging.getLogger("core.db").warning("slow unit")

    give_up_at = time.monotonic() + 30
    while written.tell() == 0:
        assert time.monotonic() < give_up_at
        time.sleep(0.005)


def test_a_line_that_no_file_could_hold_is_written_all_the_same(written: io.StringIO) -> None:
    logging.getLogger("core.db").warning("slow unit", extra={"unit": "half \ud83d", "what": object})

    assert "slow unit" in written.getvalue()
    written.getvalue().encode()
