import pytest

from core.db import Database
from core.errors import NotFound
from core.stores import store, stores, the_store
from tests.builders import a_store


def test_a_store_is_read_back_as_it_was_opened(any_database: Database) -> None:
    opened = any_database.run(lambda tx: a_store(tx, address={"zh-Hans": "春熙路 1 号"}))

    assert any_database.read(lambda tx: store(tx, opened.id)) == opened
    assert opened.address == {"zh-Hans": "春熙路 1 号"}


def test_the_store_is_the_first_one(database: Database) -> None:
    first, second = database.run(a_store), database.run(a_store)

    assert database.read(the_store) == first
    assert database.read(stores) == (first, second)


def test_an_empty_database_has_no_store(database: Database) -> None:
    with pytest.raises(NotFound):
        database.read(the_store)
    with pytest.raises(NotFound):
        database.read(lambda tx: store(tx, 1))
