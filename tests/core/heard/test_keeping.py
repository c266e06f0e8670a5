"""Words kept to learn from: sealed, for so long as the settings say, and gone with their person."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from core import heard, people
from core.db import Database
from core.heard import How
from core.heard.tables import heard_words
from core.people import Person
from core.settings import change
from tests.builders import NOW, a_customer, a_database

_COUNT = select(func.count()).select_from(heard_words)
_A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Desk:
    """A database, and somebody whose words are not understood."""

    database: Database
    customer: Person

    def keep(self, words: str, *, how: How = How.MISSED, now: datetime = NOW) -> None:
        self.database.run(
            lambda tx: heard.keep(
                tx,
                self.customer.id,
                key=people.key_of(tx, self.customer.id),
                how=how,
                words=words,
                lang="zh-Hans",
                asked="when",
                intent="out_of_scope",
                confidence=0.6,
                now=now,
            )
        )

    def kept(self, since: datetime = NOW) -> list[str]:
        return [one.words for one in self.database.read(lambda tx: heard.kept(tx, since=since))]

    def rows(self) -> int:
        return int(self.database.read(lambda tx: tx.scalar(_COUNT)))


def a_desk(database: Database) -> Desk:
    return Desk(database, database.run(a_customer))


def test_words_come_back_with_what_they_were_taken_for(any_database: Database) -> None:
    desk = a_desk(any_database)

    desk.keep("云雀唱到几点", how=How.UNCLEAR)

    (one,) = any_database.read(lambda tx: heard.kept(tx, since=NOW))
    assert (one.words, one.how, one.intent, one.confidence) == ("云雀唱到几点", How.UNCLEAR, "out_of_scope", 0.6)
    assert (one.person_id, one.lang, one.zone) == (desk.customer.id, "zh-Hans", "Asia/Shanghai")
    assert (one.asked, one.heard_at) == ("when", NOW)


def test_words_come_oldest_first_and_page_by_page(any_database: Database) -> None:
    desk = a_desk(any_database)
    for number in range(5):
        desk.keep(f"第{number}句", now=NOW + number * _A_DAY)

    first = any_database.read(lambda tx: heard.kept(tx, since=NOW + _A_DAY, most=2))
    second = any_database.read(lambda tx: heard.kept(tx, since=NOW + _A_DAY, after_id=first[-1].id, most=9))

    assert [one.words for one in (*first, *second)] == ["第1句", "第2句", "第3句", "第4句"]


def test_words_older_than_the_settings_allow_are_forgotten_in_portions(any_database: Database) -> None:
    desk = a_desk(any_database)
    for number in range(5):
        desk.keep(f"旧{number}", now=NOW - 91 * _A_DAY)
    desk.keep("新", now=NOW - 89 * _A_DAY)

    forgotten = [any_database.run(lambda tx: heard.forget_old(tx, NOW, most=2)) for _ in range(4)]

    assert forgotten == [2, 2, 1, 0]
    assert desk.kept(since=NOW - 365 * _A_DAY) == ["新"]


def test_where_the_settings_keep_nothing_nothing_is_kept_and_what_was_is_forgotten(database: Database) -> None:
    desk = a_desk(database)
    desk.keep("从前", now=NOW - timedelta(hours=1))

    database.run(lambda tx: change(tx, "heard_words_days", 0, NOW))
    desk.keep("如今")

    assert desk.kept(since=NOW - _A_DAY) == ["从前"]
    assert database.run(lambda tx: heard.forget_old(tx, NOW)) == 1
    assert desk.rows() == 0


def test_an_erased_persons_words_are_gone(any_database: Database) -> None:
    desk, other = a_desk(any_database), a_desk(any_database)
    desk.keep("杜鹃")
    other.keep("喜鹊")

    any_database.run(lambda tx: people.erase(tx, desk.customer.id, NOW))

    assert desk.kept() == ["喜鹊"]
    assert desk.rows() == 1


def test_a_row_that_does_not_open_is_passed_over(database: Database) -> None:
    desk = a_desk(database)
    desk.keep("一")
    desk.keep("二")

    (first, _) = database.read(lambda tx: heard.kept(tx, since=NOW))
    database.run(
        lambda tx: tx.execute(update(heard_words).where(heard_words.c.id == first.id).values(words_sealed=b"\x01" * 40))
    )

    assert desk.kept() == ["二"]
    assert [one.words for one in database.read(lambda tx: heard.kept(tx, since=NOW, most=1))] == ["二"]


@pytest.mark.parametrize("words", ["", "  \n"])
def test_nothing_said_is_nothing_kept(database: Database, words: str) -> None:
    desk = a_desk(database)
    desk.keep(words)
    assert desk.rows() == 0


def test_words_are_in_no_file_in_clear_and_long_ones_are_cut(tmp_path: Path) -> None:
    database = a_database(tmp_path)
    desk = a_desk(database)

    desk.keep("云雀" + "啊" * 1000)

    assert desk.kept() == ["云雀" + "啊" * (heard.LONGEST - 2)]
    files = [file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()]
    for form in ("云雀".encode(), "云雀".encode("utf-16-le"), b"\\u4e91\\u96c0"):
        assert not any(form in file for file in files)
    database.close()
