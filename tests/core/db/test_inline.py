"""The database of a rehearsal keeps the promises of the one that serves, without its threads."""

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from core import people
from core.crypto import Vault
from core.db import Tx
from core.db.inline import InlineDatabase
from core.migrations.running import engine_for
from core.people.joining import known
from core.tables import metadata
from tests.builders import NOW


@pytest.fixture
def inline(tmp_path: Path) -> Iterator[InlineDatabase]:
    path = tmp_path / "menling.db"
    engine = engine_for(f"sqlite:///{path}")
    metadata.create_all(engine)
    engine.dispose()
    made = InlineDatabase(str(path), Vault(b"test" * 8))
    yield made
    made.close()


def arrive(tx: Tx, name: str) -> int:
    return people.arrive(
        tx, channel="web", account="page", external_id=name, lang="en", zone="Asia/Shanghai", now=NOW
    ).id


def is_known(db: InlineDatabase, name: str) -> bool:
    return db.read(lambda tx: known(tx, channel="web", account="page", external_id=name)) is not None


def test_units_run_in_the_thread_that_asks_and_are_committed_when_they_return(inline: InlineDatabase) -> None:
    where = inline.run(lambda tx: (arrive(tx, "anna"), threading.get_ident())[1])

    assert where == threading.get_ident()
    assert is_known(inline, "anna")


def test_a_unit_that_raises_is_undone_alone_among_those_committed_together(inline: InlineDatabase) -> None:
    def fails(tx: Tx) -> None:
        arrive(tx, "lost")
        raise ValueError("on purpose")

    async def both() -> tuple[object, ...]:
        first, second = inline.arun(lambda tx: arrive(tx, "kept")), inline.arun(fails)
        return tuple(await asyncio.gather(first, second, return_exceptions=True))

    before = inline.commits
    kept, lost = asyncio.run(both())

    assert isinstance(kept, int)
    assert isinstance(lost, ValueError)
    assert inline.commits == before + 1
    assert is_known(inline, "kept")
    assert not is_known(inline, "lost")


def test_a_unit_that_runs_another_is_refused_at_once(inline: InlineDatabase) -> None:
    with pytest.raises(RuntimeError, match="pass its Tx on"):
        inline.run(lambda _: inline.run(lambda tx: arrive(tx, "nested")))
    assert not is_known(inline, "nested")


def test_what_is_to_happen_after_a_commit_happens_before_the_unit_returns(inline: InlineDatabase) -> None:
    told: list[str] = []

    inline.run(lambda tx: tx.after_commit(lambda: told.append("committed")))

    assert told == ["committed"]
