"""Whoever watches sees how much is due, how old it is, and how much is held."""

from datetime import timedelta

from core.db import Database
from core.messages.figures import figures
from tests.core.messages.ground import NOON, announced, persons, said


def test_the_queue_is_counted_by_rank_with_the_age_of_its_oldest(any_database: Database) -> None:
    db = any_database
    anna, bo = persons(db, 2)
    said(db, anna, "one", "two")
    said(db, anna, "tomorrow", at=NOON + timedelta(days=1))
    announced(db, [bo])

    found = db.read(
        lambda tx: {(name, *labels.values()): one for name, labels, one in figures(tx, NOON + timedelta(seconds=9))}
    )

    assert found == {
        ("menling_messages_due", "urgent"): 0,
        ("menling_messages_due", "ordinary"): 2,
        ("menling_messages_due", "broadcast"): 1,
        ("menling_messages_oldest_seconds", "urgent"): 0,
        ("menling_messages_oldest_seconds", "ordinary"): 9,
        ("menling_messages_oldest_seconds", "broadcast"): 9,
        ("menling_messages_held",): 0,
    }
