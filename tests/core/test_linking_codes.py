"""A code for linking: good once, for ten minutes, for whoever types it first."""

import pytest
from sqlalchemy import select

from core import people
from core.db import Database, Tx
from core.people import Person, TriesUsed
from core.people.linking import LIFETIME, MOST_TRIES
from core.people.tables import link_code
from tests.builders import NOW, a_person
from tests.core.racing import race

_ALL = select(link_code.c.code_hash, link_code.c.code_sealed)


def shown(database: Database, who: Person) -> str:
    """What this person is shown now."""
    return database.run(lambda tx: people.link_code_of(tx, who.id, channel="web", account="test", now=NOW)).code


def test_of_many_who_use_one_code_at_once_one_has_it(any_database: Database) -> None:
    owner = any_database.run(a_person)
    code = shown(any_database, owner)

    won = race(any_database, [lambda tx: people.take_link_code(tx, owner.id, code, NOW)] * 8)

    assert sorted(won) == [False] * 7 + [True]


def test_however_many_are_tried_at_once_five_are_looked_at(any_database: Database) -> None:
    owner, guesser = any_database.run(a_person), any_database.run(a_person)
    code = shown(any_database, owner)

    def look(tx: Tx) -> object:
        return people.whose_link_code(tx, guesser.id, code, NOW)

    found = race(any_database, [look] * 12)

    assert sum(not isinstance(one, Exception) for one in found) == MOST_TRIES
    assert all(isinstance(one, TriesUsed) for one in found if isinstance(one, Exception))
    later = NOW + LIFETIME  # by then the code has lapsed, and one may try again
    assert any_database.run(lambda tx: people.whose_link_code(tx, guesser.id, code, later)) is None


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("绑定 k7qm2w9f", "K7QM2W9F"),
        ("K7QM-2W9F", "K7QM2W9F"),
        ("绑定Ｋ７ＱＭ２Ｗ９Ｆ", "K7QM2W9F"),
        ("my code is K7QM 2W9F, thanks", "K7QM2W9F"),
        ("exchange", None),
        ("2345 6789", None),
        ("1K7QM2W9F", None),
        ("K7QM2W9", None),
        ("13800138000", None),
    ],
)
def test_a_code_is_told_from_words_and_numbers(words: str, code: str | None) -> None:
    assert people.link_code_in(words) == code


def test_the_code_is_kept_neither_in_the_clear_nor_past_the_person(database: Database) -> None:
    owner = database.run(a_person)
    code = shown(database, owner)

    kept = database.read(lambda tx: tx.all(_ALL))
    assert code.encode() not in b"".join(bytes(row.code_hash) + bytes(row.code_sealed) for row in kept)
    database.run(lambda tx: people.erase(tx, owner.id, NOW))
    assert database.read(lambda tx: tx.all(_ALL)) == []
