"""An announcement: drafted, started once, stopped at any time; every word of it the operators' own."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Integer, bindparam, select, update

from core import audit
from core.announcements.audience import Audience
from core.announcements.states import EDGES, AnnouncementEvent, AnnouncementState
from core.announcements.tables import announcement as table
from core.catalog import catalogue
from core.catalog.answering import LANGUAGES
from core.db import Row, Tx, insert_into
from core.errors import InvalidInput, NotFound, StateConflict
from core.ids import new_id
from core.words import one_line, prose

LONGEST_WORDS = 500
"""Characters: with its heading and a link it fits into one message of every channel."""
LONGEST_LABEL = 30
LONGEST_URL = 300
MOST_PACE = 6000
USUAL_PACE = 600

_URL = re.compile(r"https://[!-~]+")
_NO_LIMIT = (1 << 63) - 1


class AnnouncementKind(StrEnum):
    """What the law tells apart: what one has to know, and what one may like to hear."""

    NOTICE = "notice"
    NEWS = "news"


@dataclass(frozen=True, slots=True)
class Link:
    """Where more can be read, and what the button says by language."""

    url: str
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Draft:
    """What an operator wants said, to whom, and when; `pace` is messages a minute."""

    kind: AnnouncementKind
    audience: Audience
    texts: Mapping[str, str]
    region_id: int | None = None
    link: Link | None = None
    not_before_at: datetime | None = None
    expires_at: datetime | None = None
    pace: int = USUAL_PACE


@dataclass(frozen=True, slots=True)
class Announcement:
    """A draft with what has become of it; `written` are the messages written so far."""

    id: int
    said: Draft
    state: AnnouncementState
    written: int
    created_by: int
    created_at: datetime
    started_by: int | None
    started_at: datetime | None
    stopped_at: datetime | None


_INSERT = insert_into(table)
_ONE = select(table).where(table.c.id == bindparam("b_id"))
_NEWEST = (
    select(table)
    .where(table.c.id < bindparam("b_before"))
    .order_by(table.c.id.desc())
    .limit(bindparam("b_most", type_=Integer))
)
_IN_STATE = (table.c.id == bindparam("b_id"), table.c.state == bindparam("b_state"))
_START = (
    update(table)
    .where(*_IN_STATE)
    .values(
        state=bindparam("new_state"),
        started_by=bindparam("new_by"),
        started_at=bindparam("new_at"),
        next_at=bindparam("new_next"),
    )
)
_STOP = (
    update(table)
    .where(*_IN_STATE)
    .values(state=bindparam("new_state"), stopped_at=bindparam("new_at"), cursor_id=0, next_at=None)
)


def draft(tx: Tx, said: Draft, *, operator_id: int, now: datetime) -> Announcement:
    """Keep a draft and return it as it will be said, with an audit line; raises InvalidInput, naming the field."""
    said = _checked(tx, said, now)
    made = Announcement(new_id(), said, AnnouncementState.DRAFT, 0, operator_id, now, None, None, None)
    link = said.link
    tx.execute(
        _INSERT,
        {
            "id": made.id, "kind": said.kind.value, "audience": said.audience.value, "region_id": said.region_id,
            "texts": dict(said.texts), "link_url": None if link is None else link.url,
            "link_texts": None if link is None else dict(link.texts), "not_before_at": said.not_before_at,
            "expires_at": said.expires_at, "pace": said.pace, "state": made.state.value, "cursor_id": 0,
            "next_at": None, "written": 0, "created_by": operator_id, "created_at": now, "started_by": None,
            "started_at": None, "stopped_at": None,
        },
    )  # fmt: skip
    _note(tx, "announcement.drafted", made, operator_id, now)
    return made


def announcement(tx: Tx, announcement_id: int) -> Announcement:
    """Return one announcement; raises NotFound."""
    row = tx.first(_ONE, {"b_id": announcement_id})
    if row is None:
        raise NotFound(kind="announcement")
    return _read(row)


def announcements(tx: Tx, *, before_id: int | None = None, most: int) -> tuple[Announcement, ...]:
    """Return announcements, newest first; `before_id` continues a page."""
    return tuple(_read(row) for row in tx.all(_NEWEST, {"b_before": before_id or _NO_LIMIT, "b_most": most}))


def start(tx: Tx, announcement_id: int, *, operator_id: int, now: datetime) -> Announcement:
    """Let it go out to everybody it is for at this moment; once started, starting again changes nothing.

    Raises NotFound, StateConflict once it has been stopped, InvalidInput when its time is over already.
    """
    found = announcement(tx, announcement_id)
    if found.state in (AnnouncementState.STARTED, AnnouncementState.WRITTEN):
        return found
    after = _after(found, AnnouncementEvent.START)
    if found.said.expires_at is not None and found.said.expires_at <= now:
        raise InvalidInput(field="expires_at", problem="in_the_past")
    params = {
        "b_id": found.id, "b_state": found.state.value, "new_state": after.value, "new_by": operator_id, "new_at": now,
        "new_next": max(now, found.said.not_before_at or now),
    }  # fmt: skip
    if not tx.execute(_START, params):  # somebody else was a moment sooner: with what, the second look says
        return start(tx, announcement_id, operator_id=operator_id, now=now)
    _note(tx, "announcement.started", found, operator_id, now)
    return announcement(tx, announcement_id)


def stop(tx: Tx, announcement_id: int, *, operator_id: int, now: datetime) -> Announcement:
    """Let no more of it go out, from this moment on; stopping again changes nothing. Raises NotFound."""
    found = announcement(tx, announcement_id)
    if found.state in (AnnouncementState.STOPPING, AnnouncementState.STOPPED):
        return found
    after = _after(found, AnnouncementEvent.STOP)
    params = {"b_id": found.id, "b_state": found.state.value, "new_state": after.value, "new_at": now}
    if not tx.execute(_STOP, params):
        return stop(tx, announcement_id, operator_id=operator_id, now=now)
    _note(tx, "announcement.stopped", found, operator_id, now)
    return announcement(tx, announcement_id)


def _after(found: Announcement, event: AnnouncementEvent) -> AnnouncementState:
    after = EDGES.get((found.state, event))
    if after is None:
        raise StateConflict(announcement_id=found.id, state=found.state.value)
    return after


def _checked(tx: Tx, said: Draft, now: datetime) -> Draft:
    """Return the draft with its words made fit to show; raises InvalidInput."""
    if (said.audience is Audience.REGION) != (said.region_id is not None):
        raise InvalidInput(field="audience")
    if said.region_id is not None and all(region.id != said.region_id for region in catalogue(tx).regions):
        raise InvalidInput(field="audience", problem="unknown_region")
    if not 1 <= said.pace <= MOST_PACE:
        raise InvalidInput(field="pace", least=1, most=MOST_PACE)
    if said.expires_at is not None and said.expires_at <= now:
        raise InvalidInput(field="expires_at", problem="in_the_past")
    if said.expires_at is not None and said.expires_at <= (said.not_before_at or now):
        raise InvalidInput(field="expires_at", problem="before_it_begins")
    texts = {lang: prose(words) for lang, words in said.texts.items()}
    _check_words(texts, "texts", LONGEST_WORDS)
    link = None if said.link is None else _checked_link(said.link)
    return Draft(
        kind=said.kind,
        audience=said.audience,
        texts=texts,
        region_id=said.region_id,
        link=link,
        not_before_at=said.not_before_at,
        expires_at=said.expires_at,
        pace=said.pace,
    )


def _checked_link(link: Link) -> Link:
    """Return a link that leads where it says: https, a host, nobody's password in it."""
    problem = _wrong_with(link.url)
    if problem is not None:
        raise InvalidInput(field="link.url", problem=problem)
    texts = {lang: one_line(words) for lang, words in link.texts.items()}
    _check_words(texts, "link.texts", LONGEST_LABEL)
    return Link(link.url, texts)


def _wrong_with(url: str) -> str | None:
    """Return what is wrong with an address people are to open; None when it may stand."""
    if not url.startswith("https://"):
        return "needs_https"
    try:
        parts = urlsplit(url)
        leads = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return "no_address"
    if not leads or len(url) > LONGEST_URL or _URL.fullmatch(url) is None:
        return "no_address"
    return None if parts.username is None else "holds_a_password"


def _check_words(texts: Mapping[str, str], field: str, longest: int) -> None:
    """Raise InvalidInput unless it is said in at least one language, in ours alone, and not at length."""
    if not texts or not all(texts.values()):
        raise InvalidInput(field=field, problem="empty")
    if not texts.keys() <= set(LANGUAGES):
        raise InvalidInput(field=field, problem="unknown_language")
    if any(len(words) > longest for words in texts.values()):
        raise InvalidInput(field=field, problem="too_long", most=longest)


def _note(tx: Tx, action: str, about: Announcement, operator_id: int, now: datetime) -> None:
    facts: dict[str, Any] = {"kind": about.said.kind.value, "audience": about.said.audience.value}
    if about.said.region_id is not None:
        facts["region_id"] = about.said.region_id
    audit.note(tx, action, actor_id=operator_id, subject_kind="announcement", subject_id=about.id, now=now, facts=facts)


def _read(row: Row) -> Announcement:
    said = Draft(
        kind=AnnouncementKind(row.kind),
        audience=Audience(row.audience),
        texts=row.texts,
        region_id=row.region_id,
        link=None if row.link_url is None else Link(row.link_url, row.link_texts),
        not_before_at=row.not_before_at,
        expires_at=row.expires_at,
        pace=row.pace,
    )
    return Announcement(
        id=row.id,
        said=said,
        state=AnnouncementState(row.state),
        written=row.written,
        created_by=row.created_by,
        created_at=row.created_at,
        started_by=row.started_by,
        started_at=row.started_at,
        stopped_at=row.stopped_at,
    )
