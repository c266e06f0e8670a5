"""Keeping pictures, sealed with the key of the person they belong to."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import bindparam, select, update

from core.db import Tx, insert_into
from core.errors import NotFound, StateConflict
from core.files.pictures import Picture
from core.files.tables import file as table
from core.ids import new_id
from core.people import key_of


class FilePurpose(StrEnum):
    """What a picture is for."""

    CERTIFICATE = "certificate"
    FINISHED = "finished"
    REVIEW = "review"
    FACE = "face"
    SENT = "sent"  # in a chat; what it is for, the conversation knows


class FileState(StrEnum):
    """Expected: a platform still has to hand it over."""

    EXPECTED = "expected"
    KEPT = "kept"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class File:
    """A picture without its body; `size` in bytes."""

    id: int
    person_id: int
    purpose: FilePurpose
    state: FileState
    mime: str | None
    size: int | None


_PURPOSE = "file"
_INSERT = insert_into(table)
_THIS = table.c.id == bindparam("b_id")
_ONE = select(table.c.id, table.c.person_id, table.c.purpose, table.c.state, table.c.mime, table.c.size).where(_THIS)
_BODY = select(table.c.person_id, table.c.mime, table.c.body_sealed).where(_THIS)
_EXPECTED = (_THIS, table.c.state == FileState.EXPECTED.value)
_FILL = (
    update(table)
    .where(*_EXPECTED, table.c.person_id == bindparam("b_owner"))
    .values(
        state=FileState.KEPT.value,
        mime=bindparam("new_mime"),
        size=bindparam("new_size"),
        body_sealed=bindparam("new_body"),
    )
)
_FAIL = update(table).where(*_EXPECTED).values(state=FileState.FAILED.value)


def keep(tx: Tx, person_id: int, *, purpose: str, picture: Picture, now: datetime) -> int:
    """Keep a checked picture of this person and return the file's id; raises PersonErased."""
    sealed = key_of(tx, person_id).seal(picture.body, _PURPOSE)
    return _insert(tx, person_id, FilePurpose(purpose), FileState.KEPT, picture=picture, sealed=sealed, now=now)


def expect(tx: Tx, person_id: int, *, purpose: str, now: datetime) -> int:
    """Give a picture that is still to be fetched its id."""
    return _insert(tx, person_id, FilePurpose(purpose), FileState.EXPECTED, now=now)


def fill(tx: Tx, file_id: int, picture: Picture, now: datetime) -> None:
    """Keep the picture that was expected; raises NotFound, PersonErased, StateConflict when it came before."""
    owner_id = file_owner(tx, file_id)
    sealed = key_of(tx, owner_id).seal(picture.body, _PURPOSE)
    facts = {"new_mime": picture.mime, "new_size": len(picture.body), "new_body": sealed}
    if tx.execute(_FILL, {"b_id": file_id, "b_owner": owner_id, **facts}):
        return
    if file_owner(tx, file_id) == owner_id:
        raise StateConflict(kind="file")
    fill(tx, file_id, picture, now)  # its person has become one with another meanwhile: their key opens it


def fail(tx: Tx, file_id: int) -> bool:
    """Note that an expected picture will not come; False when it is there or was given up before."""
    return tx.execute(_FAIL, {"b_id": file_id}) == 1


def file(tx: Tx, file_id: int) -> File:
    """Return what is known of a file; raises NotFound."""
    row = tx.first(_ONE, {"b_id": file_id})
    if row is None:
        raise NotFound(kind="file")
    return File(row.id, row.person_id, FilePurpose(row.purpose), FileState(row.state), row.mime, row.size)


def file_owner(tx: Tx, file_id: int) -> int:
    """Return the person a file belongs to; raises NotFound."""
    return file(tx, file_id).person_id


def body(tx: Tx, file_id: int) -> tuple[str, bytes]:
    """Return MIME type and bytes of a kept picture; raises NotFound before it came, PersonErased after erasure."""
    row = tx.first(_BODY, {"b_id": file_id})
    if row is None:
        raise NotFound(kind="file")
    key = key_of(tx, row.person_id)
    if row.body_sealed is None:
        raise NotFound(kind="file")
    return row.mime, key.open(bytes(row.body_sealed), _PURPOSE)


def _insert(
    tx: Tx,
    person_id: int,
    purpose: FilePurpose,
    state: FileState,
    *,
    now: datetime,
    picture: Picture | None = None,
    sealed: bytes | None = None,
) -> int:
    file_id = new_id()
    tx.execute(
        _INSERT,
        {
            "id": file_id, "person_id": person_id, "purpose": purpose, "state": state,
            "mime": picture.mime if picture else None, "size": len(picture.body) if picture else None,
            "body_sealed": sealed, "created_at": now,
        },
    )  # fmt: skip
    return file_id
