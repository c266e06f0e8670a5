"""Announcements: what the house says to many; drafted, looked at as people will see it, started, stopped."""

from typing import Annotated

from fastapi import Path
from pydantic import Field

from admin_api.acting import Act, Acting
from admin_api.shapes import CLEAN, Cursor, Id, Limit, Model, Moment, Names, next_cursor, shown
from core import announcements
from core.announcements import (
    LONGEST_LABEL,
    LONGEST_URL,
    LONGEST_WORDS,
    MOST_PACE,
    USUAL_PACE,
    Announcement,
    AnnouncementKind,
    AnnouncementState,
    Audience,
    Draft,
)
from core.audit import Operator
from core.catalog.answering import LANGUAGES
from core.db import Tx

_WORDS = {
    "kind": "notice",
    "audience": "all",
    "texts": {
        "zh-Hans": "2月16日至20日春节休息，21日起正常上门。",
        "en": "We are closed from 16 to 20 February and back on the 21st.",
    },
    "link": {"url": "https://menling.example/spring", "texts": {"zh-Hans": "放假安排", "en": "Holiday hours"}},
    "not_before_at": "2026-02-10T02:00:00Z",
    "expires_at": "2026-02-16T02:00:00Z",
    "pace": 600,
}
_SHOWN = {
    "id": "112365899124084760",
    **_WORDS,
    "state": "started",
    "written": 500,
    "created_by": "112365899124084752",
    "created_at": "2026-02-09T02:00:00Z",
    "started_by": "112365899124084752",
    "started_at": "2026-02-09T03:00:00Z",
    "stopped_at": None,
}
_PROGRESS = {
    "people": 1200, "written": 500, "waiting": 380, "sent": 112, "held": 5, "failed": 1, "dropped": 2,
    "unsubscribed": 0, "blocked": 1,
}  # fmt: skip

Words = Annotated[str, Field(min_length=1, max_length=LONGEST_WORDS), CLEAN]
Label = Annotated[str, Field(min_length=1, max_length=LONGEST_LABEL), CLEAN]
AudienceName = Annotated[
    str,
    Field(
        pattern="^(all|customers|technicians|region:[0-9]{1,19})$",
        description="`all`, `customers`, `technicians`, or `region:ID`: who lives or works there.",
    ),
]
AnnouncementId = Annotated[Id, Path(description="The announcement.")]


class LinkIn(Model):
    """A page with more about it: https alone, and what its button says by language."""

    url: Annotated[str, Field(max_length=LONGEST_URL)]
    texts: dict[str, Label]


class AnnouncementIn(Model):
    """What is to be said, at least in one language; a missing one is said in the nearest. `pace` is messages a minute.

    A notice tells what one has to know and goes to everybody of the audience; news go to who asked for them alone.
    """

    model_config = shown(_WORDS)

    kind: AnnouncementKind
    audience: AudienceName
    texts: dict[str, Words]
    link: LinkIn | None = None
    not_before_at: Moment | None = None
    expires_at: Moment | None = None
    pace: Annotated[int, Field(ge=1, le=MOST_PACE)] = USUAL_PACE


class AnnouncementLinkOut(Model):
    """Where more can be read."""

    url: str
    texts: Names


class AnnouncementOut(Model):
    """An announcement as it stands; `written` are the messages written so far."""

    model_config = shown(_SHOWN)

    id: Id
    kind: AnnouncementKind
    audience: str
    texts: Names
    link: AnnouncementLinkOut | None
    not_before_at: Moment | None
    expires_at: Moment | None
    pace: int
    state: AnnouncementState
    written: int
    created_by: Id
    created_at: Moment
    started_by: Id | None
    started_at: Moment | None
    stopped_at: Moment | None


class AnnouncementPage(Model):
    """Announcements, newest first."""

    model_config = shown({"items": [_SHOWN], "next_cursor": None})

    items: list[AnnouncementOut]
    next_cursor: Id | None


class ProgressOut(Model):
    """How far it has come: people of the audience, messages by what became of them, who left since the start."""

    model_config = shown(_PROGRESS)

    people: int
    written: int
    waiting: int
    sent: int
    held: int
    failed: int
    dropped: int
    unsubscribed: int
    blocked: int


class AnnouncementProgressOut(AnnouncementOut):
    """An announcement and how far it has come, all figures of one moment."""

    model_config = shown({**_SHOWN, "progress": _PROGRESS})

    progress: ProgressOut


class SeenOut(Model):
    """How it looks in one language on one channel; not sent: it lies in the message centre until somebody looks."""

    lang: str
    channel: str
    text: str
    buttons: list[str]
    sent: bool


class AnnouncementPreviewOut(Model):
    """Whom it would reach now, and how it would look: while it reaches nobody, in every language on every open channel.

    `recipients` would get it; `unreachable` have blocked us everywhere; `consented` want news; `by_channel` are the
    recipients by the channel they would be told on first, `centre_only` those of them who would find it in the message
    centre only.
    """

    model_config = shown(
        {
            "people": 1200,
            "recipients": 1180,
            "unreachable": 20,
            "consented": 310,
            "centre_only": 0,
            "by_channel": {"telegram": 430, "wechat": 700, "web": 50},
            "by_language": {"en": 130, "zh-Hans": 1050},
            "shown": [
                {
                    "lang": "en",
                    "channel": "telegram",
                    "text": "[Menling] We are closed from 16 to 20 February and back on the 21st.",
                    "buttons": ["Holiday hours"],
                    "sent": True,
                }
            ],
        }
    )

    people: int
    recipients: int
    unreachable: int
    consented: int
    centre_only: int
    by_channel: dict[str, int]
    by_language: dict[str, int]
    shown: list[SeenOut]


async def draft_announcement(body: AnnouncementIn, act: Acting) -> AnnouncementOut:
    """Keep a draft; nothing is sent before it is started."""
    audience, _, region = body.audience.partition(":")
    said = Draft(
        kind=body.kind,
        audience=Audience(audience),
        texts=body.texts,
        region_id=int(region) if region else None,
        link=None if body.link is None else announcements.Link(body.link.url, body.link.texts),
        not_before_at=body.not_before_at,
        expires_at=body.expires_at,
        pace=body.pace,
    )
    return await act.write(lambda tx, by: _out(announcements.draft(tx, said, operator_id=by.id, now=act.now)))


async def list_announcements(act: Acting, cursor: Cursor = None, limit: Limit = 50) -> AnnouncementPage:
    """List announcements, drafts among them."""

    def page(tx: Tx, by: Operator) -> AnnouncementPage:
        found = announcements.announcements(tx, before_id=cursor, most=limit)
        return AnnouncementPage(items=[_out(one) for one in found], next_cursor=next_cursor(found, limit))

    return await act.read(page)


async def get_announcement(announcement_id: AnnouncementId, act: Acting) -> AnnouncementProgressOut:
    """Show one announcement and how far it has come."""

    def found(tx: Tx, by: Operator) -> AnnouncementProgressOut:
        one = announcements.announcement(tx, announcement_id)
        return _progress_out(tx, one, act)

    return await act.read(found)


async def preview_announcement(announcement_id: AnnouncementId, act: Acting) -> AnnouncementPreviewOut:
    """Count whom it would reach, and show it as every language and channel of theirs will; sends nothing."""

    def preview(tx: Tx, by: Operator) -> AnnouncementPreviewOut:
        return _preview(tx, announcements.announcement(tx, announcement_id), act)

    return await act.read(preview)


async def start_announcement(announcement_id: AnnouncementId, act: Acting) -> AnnouncementOut:
    """Send it to all whom it is for at this moment; starting once more changes nothing."""
    return await act.write(
        lambda tx, by: _out(announcements.start(tx, announcement_id, operator_id=by.id, now=act.now))
    )


async def stop_announcement(announcement_id: AnnouncementId, act: Acting) -> AnnouncementOut:
    """Send no more of it from this moment; what is not sent yet is dropped, and a draft is put away."""
    return await act.write(lambda tx, by: _out(announcements.stop(tx, announcement_id, operator_id=by.id, now=act.now)))


def _progress_out(tx: Tx, one: Announcement, act: Act) -> AnnouncementProgressOut:
    far = announcements.progress(tx, one, now=act.now)
    progress = ProgressOut(
        people=far.people,
        written=far.written,
        waiting=far.waiting,
        sent=far.sent,
        held=far.held,
        failed=far.failed,
        dropped=far.dropped,
        unsubscribed=far.unsubscribed,
        blocked=far.blocked,
    )
    return AnnouncementProgressOut(**dict(_out(one)), progress=progress)


def _preview(tx: Tx, one: Announcement, act: Act) -> AnnouncementPreviewOut:
    silent = act.desk.newsless if one.said.kind is AnnouncementKind.NEWS else frozenset[str]()
    whom = announcements.reach_of(tx, one, now=act.now, silent=silent)
    # Whoever writes the first news has nobody yet who asked for them, and wants to see their words all the same.
    languages, channels = whom.by_language or LANGUAGES, whom.by_channel or sorted(act.desk.channels)
    seen = {(lang, channel): act.desk.show(one, lang, channel) for lang in languages for channel in channels}
    return AnnouncementPreviewOut(
        people=whom.people,
        recipients=sum(whom.by_language.values()),
        unreachable=whom.unreachable,
        consented=whom.consented,
        centre_only=sum(count for channel, count in whom.by_channel.items() if channel in silent),
        by_channel=dict(whom.by_channel),
        by_language=dict(whom.by_language),
        shown=[
            SeenOut(lang=lang, channel=channel, text=each.text, buttons=list(each.buttons), sent=each.sent)
            for (lang, channel), each in seen.items()
        ],
    )


def _out(one: Announcement) -> AnnouncementOut:
    said = one.said
    return AnnouncementOut(
        id=one.id,
        kind=said.kind,
        audience=said.audience.value if said.region_id is None else f"{said.audience.value}:{said.region_id}",
        texts=dict(said.texts),
        link=None if said.link is None else AnnouncementLinkOut(url=said.link.url, texts=dict(said.link.texts)),
        not_before_at=said.not_before_at,
        expires_at=said.expires_at,
        pace=said.pace,
        state=one.state,
        written=one.written,
        created_by=one.created_by,
        created_at=one.created_at,
        started_by=one.started_by,
        started_at=one.started_at,
        stopped_at=one.stopped_at,
    )
