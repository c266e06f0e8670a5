"""An announcement to a small crowd, and what has become of its messages."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import select

from core import announcements
from core.announcements import Announcement, AnnouncementKind, Audience, Draft
from core.announcements.tables import announced
from core.db import Database, Row
from core.messages import MessageState
from core.messages.tables import message
from core.people.consent import ConsentKind, give_consent
from tests.builders import NOW, a_person

ANNA = 77
REAL = datetime(2027, 1, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)
SAID = Draft(AnnouncementKind.NOTICE, Audience.ALL, {"zh-Hans": "春节休息五天。", "en": "We are closed for five days."})
NEWS = replace(SAID, kind=AnnouncementKind.NEWS, texts={"zh-Hans": "三八节八折。"})


def a_crowd(db: Database, count: int, *, channel: str = "web", wants_news: bool = False) -> list[int]:
    """So many people who came before now."""
    people = [db.run(partial(a_person, channel=channel)).id for _ in range(count)]
    for one in people if wants_news else ():
        db.run(partial(give_consent, person_id=one, kind=ConsentKind.NEWS, now=NOW))
    return people


def a_draft(db: Database, said: Draft = SAID, **over: Any) -> Announcement:
    """A draft of Anna's."""
    return db.run(lambda tx: announcements.draft(tx, replace(said, **over), operator_id=ANNA, now=NOW))


def started(db: Database, said: Draft = SAID, *, now: datetime = NOW, **over: Any) -> Announcement:
    """An announcement that has just been started."""
    made = a_draft(db, said, **over)
    return db.run(lambda tx: announcements.start(tx, made.id, operator_id=ANNA, now=now))


def work(db: Database, *, now: datetime = NOW, most: int = 500, times: int = 1000) -> int:
    """Do what is to be done, at most so many portions; how many were."""
    for done in range(times):
        if not db.run(lambda tx: announcements.due_work(tx, now=now, real_now=REAL, most=most)):
            return done
    return times


def the(db: Database, announcement_id: int) -> Announcement:
    """An announcement as it stands."""
    return db.read(lambda tx: announcements.announcement(tx, announcement_id))


def messages(db: Database) -> Sequence[Row]:
    """All messages there are, by their recipients."""
    return db.read(lambda tx: tx.all(select(message).order_by(message.c.person_id)))


def recipients(db: Database) -> list[int]:
    """Who has a message, once for each."""
    return [one.person_id for one in messages(db)]


def names(db: Database, announcement_id: int) -> list[int]:
    """Who is on the list of an announcement."""
    listed = select(announced).where(announced.c.announcement_id == announcement_id).order_by(announced.c.person_id)
    return [row.person_id for row in db.read(lambda tx: tx.all(listed))]


def states(db: Database) -> list[str]:
    """What has become of each message."""
    return sorted(str(MessageState(one.state)) for one in messages(db))
