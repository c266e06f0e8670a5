"""A person's thread as it was: their words from the inbox, ours from the message centre, in order of time."""

from dataclasses import dataclass
from datetime import datetime

from core import conversations, people
from core.conversations.inbox import PURPOSE
from core.conversations.place import prompt_of
from core.db import Tx
from core.messages import MessageKind
from core.messages.centre import shown
from core.messages.outbox import open_body
from dialogs.incoming import Contact, Event, Incoming, Location, Photo, Press, Text, decode
from dialogs.outgoing import decode_body, token_of


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the thread; `live` buttons still count. A button is (label, token, url)."""

    at: datetime
    id: int
    mine: bool
    kind: str
    text: str
    buttons: tuple[tuple[tuple[str, str | None, str | None], ...], ...] = ()
    photo_file_id: int | None = None
    asks: str | None = None
    live: bool = False


def history(tx: Tx, person_id: int, *, after: tuple[datetime, int], most: int) -> tuple[Line, ...]:
    """Return what was said on both sides after a point, oldest first; presses show as the label that was pressed."""
    key = people.key_of(tx, person_id)
    prompt_id = prompt_of(tx, person_id)
    lines: list[Line] = []
    labels: dict[str, str] = {}
    for message in shown(tx, person_id, after=after[0], after_id=after[1], most=most):
        body = decode_body(open_body(key, message.body_sealed))
        live = message.id == prompt_id or (message.kind == MessageKind.CARD and message.stands)
        rows, place = [], 0
        for row in body.rows:
            made = []
            for button in row:
                token = token_of(message.id, place)
                labels[token] = button.label
                made.append((button.label, None if button.url else token, button.url))
                place += 1
            rows.append(tuple(made))
        lines.append(
            Line(
                at=message.sent_at,
                id=message.id,
                mine=False,
                kind=message.kind,
                text=body.text,
                buttons=tuple(rows),
                photo_file_id=body.photo_file_id,
                asks=body.asks,
                live=live,
            )
        )
    for row in conversations.history(tx, person_id, after=after[0], most=most):
        said = _said(decode(key.open(row.raw_sealed, PURPOSE)), labels)
        if said is not None:
            text, photo = said
            lines.append(Line(at=row.received_at, id=row.id, mine=True, kind="said", text=text, photo_file_id=photo))
    return tuple(sorted(lines, key=lambda line: (line.at, line.id)))


def _said(incoming: Incoming, labels: dict[str, str]) -> tuple[str, int | None] | None:
    match incoming.content:
        case Text(text):
            return text, None
        case Press(token):
            return (labels[token], None) if token in labels else None
        case Photo(file_id, _):
            return "", file_id
        case Location(lat, lng, label):
            return f"📍 {label or f'{lat:.4f}, {lng:.4f}'}", None
        case Contact(phone, _):
            return phone, None
        case Event():
            return None
        case _:
            return None
