"""The keys that messages are unique by."""

from datetime import timedelta

import pytest

from core.db import Database, Tx, UniqueViolation
from core.ids import new_id
from core.messages import MessageKind
from core.messages.outbox import write_own
from core.messages.telling import answer_key
from tests.core.messages.ground import NOON, REAL, persons, rows


def answered(db: Database, person_id: int, message_ids: list[int]) -> None:
    def unit(tx: Tx) -> None:
        for message_id in message_ids:
            write_own(
                tx,
                person_id,
                [(message_id, MessageKind.PROMPT, "turn", b"sealed")],
                channel="web",
                account="main",
                lease=new_id(),
                leased_until=REAL + timedelta(seconds=20),
                now=NOON,
            )

    db.run(unit)


def test_keys_of_answers_rise_with_time_so_that_the_newest_share_a_page_of_the_index(any_database: Database) -> None:
    [anna] = persons(any_database, 1)
    answered(any_database, anna, [new_id() for _ in range(20)])

    found = [bytes(row.dedupe_key) for row in sorted(rows(any_database), key=lambda row: row.id)]

    assert (len(found), {len(key) for key in found}) == (20, {32})
    assert found == sorted(found)


def test_an_answer_is_written_once(any_database: Database) -> None:
    [anna] = persons(any_database, 1)
    number = new_id()
    answered(any_database, anna, [number])

    with pytest.raises(UniqueViolation):
        answered(any_database, anna, [number])
    assert answer_key(number) != answer_key(new_id())
