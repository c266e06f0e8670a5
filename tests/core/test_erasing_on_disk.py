"""What an erasure overwrites does not linger beside the database either."""

from pathlib import Path

from sqlalchemy import select

from core import people
from core.people.tables import person
from tests.builders import NOW, a_customer, a_database


def test_a_destroyed_key_is_in_no_file_of_an_open_database(tmp_path: Path) -> None:
    database = a_database(tmp_path)
    try:
        person_id = database.run(lambda tx: a_customer(tx).id)
        sealed: bytes = database.run(lambda tx: tx.scalar(_KEY))
        assert _somewhere(tmp_path, sealed)

        database.run(lambda tx: people.erase(tx, person_id, NOW))

        assert not _somewhere(tmp_path, sealed)
    finally:
        database.close()


_KEY = select(person.c.sealed_key)


def _somewhere(folder: Path, canary: bytes) -> bool:
    return any(canary in file.read_bytes() for file in folder.rglob("*") if file.is_file())
