"""Hands that move the calendar at random: this process and another one, units that commit and units that are undone."""

import asyncio
import multiprocessing
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Any, Protocol

from core.calendar import NotBookable, Rule, Slot, SlotTaken
from core.db import Database, Tx, open_database
from core.errors import BookingError, InvalidInput
from tests.builders import a_vault


@dataclass(frozen=True)
class Do:
    """A verb of the calendar with everything it is told: it can be sent to another process."""

    verb: Callable[..., Any]
    args: tuple[Any, ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)

    def __call__(self, tx: Tx) -> Any:
        return self.verb(tx, *self.args, **self.facts)


class Undone(Exception):
    """What was done is not wanted after all."""


@dataclass(frozen=True)
class Answer:
    """What a verb said: a value, or a refusal with its rule and the slots it offers instead."""

    value: Any = None
    refused: bool = False
    undone: bool = False
    rule: Rule | None = None
    offered: tuple[Slot, ...] = ()
    whose: int | None = None


def answer_of(run: Callable[[Do], Any], do: Any) -> Answer:
    try:
        return Answer(run(do))
    except SlotTaken as refusal:
        return Answer(refused=True, offered=refusal.alternatives, whose=refusal.technician_id)
    except NotBookable as refusal:
        offered = (refusal.nearest,) if refusal.nearest else ()
        return Answer(refused=True, rule=refusal.rule, offered=offered, whose=refusal.technician_id)
    except InvalidInput:
        return Answer(refused=True)
    except Undone:
        return Answer(undone=True)


@dataclass(frozen=True)
class Twice:
    """Does something, looks, does something more and looks again: the value, what was seen, and both again."""

    do: Do
    look: Do
    more: Do

    def __call__(self, tx: Tx) -> tuple[Any, Any, Answer, Any]:
        return self.do(tx), self.look(tx), answer_in_savepoint(tx, self.more), self.look(tx)


@dataclass(frozen=True)
class UndoneThenMore:
    """Does something in a savepoint, looks at it, undoes it, and goes on: what was seen, the answer, what is seen."""

    do: Do
    look: Do
    more: Do

    def __call__(self, tx: Tx) -> tuple[Any, Answer, Any]:
        with suppress(Undone, BookingError), tx.savepoint():
            self.do(tx)
            self.look(tx)
            raise Undone
        return self.look(tx), answer_in_savepoint(tx, self.more), self.look(tx)


def answer_in_savepoint(tx: Tx, do: Do) -> Answer:
    def apart(do: Do) -> Any:
        with tx.savepoint():
            return do(tx)

    return answer_of(apart, do)


@dataclass(frozen=True)
class DoneAndFailed:
    """Does something, looks at it, and fails."""

    do: Do
    look: Do

    def __call__(self, tx: Tx) -> Any:
        with suppress(BookingError):
            self.do(tx)
            self.look(tx)
        raise Undone


class Hand(Protocol):
    """Somebody who runs units on the database."""

    def run(self, do: Any) -> Answer: ...

    def read(self, do: Any) -> Answer: ...


class Here:
    """This process."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def run(self, do: Any) -> Answer:
        return answer_of(self._database.run, do)

    def read(self, do: Any) -> Answer:
        return answer_of(self._database.read, do)

    def together(self, units: Sequence[Any]) -> list[Answer]:
        """Run units at once: on SQLite they share a commit."""

        async def one(unit: Any) -> Answer:
            try:
                value = await self._database.arun(unit)
            except (BookingError, Undone) as error:
                caught: Exception = error
            else:
                return Answer(value)
            return answer_of(_raised(caught), unit)

        async def all_of_them() -> list[Answer]:
            return list(await asyncio.gather(*(one(unit) for unit in units)))

        return asyncio.run(all_of_them())


class Neighbour:
    """Another process with the same database open; it does what it is told."""

    def __init__(self) -> None:
        spawning = multiprocessing.get_context("spawn")
        self._pipe, theirs = spawning.Pipe()
        self._process = spawning.Process(target=obey, args=(theirs,), daemon=True)
        self._process.start()

    def open(self, url: str) -> None:
        self._ask(("open", url))

    def shut(self) -> None:
        self._ask(("shut", None))

    def run(self, do: Any) -> Answer:
        return self._ask(("run", do))

    def read(self, do: Any) -> Answer:
        return self._ask(("read", do))

    def end(self) -> None:
        self._pipe.send(("end", None))
        self._process.join(10)

    def _ask(self, order: tuple[str, Any]) -> Answer:
        self._pipe.send(order)
        told = self._pipe.recv()
        assert isinstance(told, Answer), f"the other process failed: {told}"
        return told


def obey(pipe: Connection) -> None:
    """Open, shut, run and read as told, until told to end."""
    database: Database | None = None
    while True:
        order, what = pipe.recv()
        if order == "end":
            return
        try:
            if order == "open":
                database, told = open_database(what, a_vault()), Answer()
            else:
                assert database is not None
                told = _obeyed(database, order, what)
        except Exception as error:  # noqa: BLE001  whatever went wrong, the test is told
            pipe.send(f"{type(error).__name__}: {error}")
        else:
            pipe.send(told)


def _obeyed(database: Database, order: str, what: Any) -> Answer:
    if order == "shut":
        database.close()
        return Answer()
    return answer_of(database.run if order == "run" else database.read, what)


def _raised(error: Exception) -> Callable[[Any], Any]:
    def run(_: Any) -> Any:
        raise error

    return run
