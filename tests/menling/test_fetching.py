"""A picture a platform holds is fetched once, tried again when it cannot be had, and refused when it is none."""

import asyncio
import io
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from PIL import Image

from core import effects, files, people
from core.clock import SystemClock
from core.db import Database, Tx
from core.effects import EffectKind
from core.files import FileState
from dialogs.outgoing import Delivery, Outgoing, Sent, Trouble
from menling.fetching import fetch_due

NOW = datetime(2026, 11, 20, 4, tzinfo=UTC)
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


class Album:
    """A platform that hands over what it is told to, in turn."""

    channel = "telegram"
    pace = None

    def __init__(self, *pictures: bytes | OSError) -> None:
        self.pictures = list(pictures)
        self.asked: list[tuple[str, str]] = []

    async def deliver(self, message: Outgoing) -> Delivery:
        return Sent()

    async def fetch(self, account: str, ref: str) -> bytes:
        self.asked.append((account, ref))
        picture = self.pictures.pop(0)
        if isinstance(picture, OSError):
            raise picture
        return picture

    def troubles(self) -> Mapping[str, Trouble]:
        return {}


def a_picture() -> bytes:
    body = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(body, "JPEG")
    return body.getvalue()


def expected(database: Database) -> int:
    """A picture somebody has sent, which the platform still holds."""

    def unit(tx: Tx) -> int:
        anna = people.arrive(
            tx, channel="telegram", account="main", external_id="1", lang="en", zone="Asia/Shanghai", now=NOW
        )
        file_id = files.expect(tx, anna.id, purpose=files.FilePurpose.SENT, now=NOW)
        facts = {"channel": "telegram", "account": "main", "ref": "abc", "file_id": file_id}
        effects.want(tx, EffectKind.FILE_FETCH, key=f"file:{file_id}", number=str(file_id), facts=facts, now_real=NOW)
        return file_id

    return database.run(unit)


def fetch(database: Database, album: Album | None = None, *, later: timedelta = timedelta()) -> int:
    with time_machine.travel(NOW + timedelta(days=1) + later, tick=False):  # no machine is so slow that it is later
        return asyncio.run(fetch_due(database, {} if album is None else {"telegram": album}, SystemClock()))


def state_of(database: Database, file_id: int) -> FileState:
    return database.read(lambda tx: files.file(tx, file_id)).state


def facts_of(database: Database, file_id: int) -> Mapping[str, Any]:
    kept = database.read(lambda tx: effects.effect_of(tx, EffectKind.FILE_FETCH, str(file_id)))
    assert kept is not None
    return kept.facts


def test_a_picture_is_fetched_once_and_kept(database: Database) -> None:
    file_id, album = expected(database), Album(a_picture())

    assert fetch(database, album) == 1
    assert fetch(database, album) == 0

    mime, body = database.read(lambda tx: files.body(tx, file_id))
    assert (mime, Image.open(io.BytesIO(body)).size) == ("image/jpeg", (40, 30))
    assert album.asked == [("main", "abc")]
    assert facts_of(database, file_id) == {}  # where the platform keeps it is nobody's business any more


def test_a_picture_that_cannot_be_had_now_is_asked_for_again(database: Database) -> None:
    file_id, album = expected(database), Album(OSError("away"), a_picture())

    assert fetch(database, album) == 1
    assert state_of(database, file_id) is FileState.EXPECTED
    assert fetch(database, album) == 0
    assert fetch(database, album, later=timedelta(seconds=6)) == 1

    assert state_of(database, file_id) is FileState.KEPT


def test_a_picture_that_never_comes_is_given_up(database: Database) -> None:
    file_id, album = expected(database), Album(*[OSError("away")] * effects.MOST_TRIES)

    for day in range(effects.MOST_TRIES + 2):
        fetch(database, album, later=timedelta(days=day))

    assert album.pictures == []
    assert state_of(database, file_id) is FileState.FAILED
    assert facts_of(database, file_id) == {}


def test_a_picture_that_cannot_be_kept_stops_no_other_and_is_given_up(database: Database) -> None:
    file_id = expected(database)
    database.run(lambda tx: people.erase(tx, files.file_owner(tx, file_id), NOW))

    for day in range(effects.MOST_TRIES + 2):
        fetch(database, Album(a_picture()), later=timedelta(days=day))

    assert state_of(database, file_id) is FileState.FAILED
    assert [one.number for one in database.read(effects.stuck_effects)] == [str(file_id)]


def test_what_is_no_picture_is_refused_for_good(database: Database) -> None:
    file_id, album = expected(database), Album(b"#!/bin/sh\n")

    fetch(database, album)

    assert state_of(database, file_id) is FileState.FAILED
    assert fetch(database, album, later=timedelta(days=1)) == 0


def test_a_picture_of_a_channel_that_is_not_open_yet_waits(database: Database) -> None:
    file_id = expected(database)

    assert fetch(database) == 1

    assert state_of(database, file_id) is FileState.EXPECTED
