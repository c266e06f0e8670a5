"""Announcements: who is told, how fast, and what a start and a stop do."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import delete, update

from core import announcements, audit, people
from core.announcements import Announcement, AnnouncementState, Audience, Link
from core.announcements.states import EDGES, AnnouncementEvent
from core.db import Database, Row, Tx
from core.errors import InvalidInput, NotFound, StateConflict
from core.invariants import check_invariants
from core.messages import CARDS, URGENT, MessageState, Template, outbox
from core.messages.outbox import Due
from core.messages.tables import message
from core.people.consent import ConsentKind, consents, end_consent, give_consent
from core.people.tables import person
from tests.builders import NOW, a_city, a_customer, a_person, a_region, a_technician, an_address
from tests.core.announcements.ground import (
    ANNA,
    NEWS,
    REAL,
    SAID,
    SECOND,
    a_crowd,
    a_draft,
    messages,
    names,
    recipients,
    started,
    states,
    the,
    work,
)

SPRING = Link("https://menling.example/spring", {"zh-Hans": "放假安排"})


def test_everybody_is_told_once_behind_all_other_words(any_database: Database) -> None:
    db = any_database
    crowd = a_crowd(db, 7)
    made = started(db)
    assert work(db, most=3) == 4
    assert recipients(db) == sorted(crowd) == names(db, made.id)
    assert {(one.template, one.rank, one.kind) for one in messages(db)} == {("announcement", 0, "notice")}
    after = the(db, made.id)
    assert (after.state, after.written) == (AnnouncementState.WRITTEN, 7)
    assert work(db) == 0


def test_a_message_that_is_missing_is_found_out(database: Database) -> None:
    a_crowd(database, 2)
    started(database)
    work(database)
    assert database.read(check_invariants) == []
    lost = delete(message).where(message.c.person_id == recipients(database)[0])
    database.run(lambda tx: tx.execute(lost))
    (finding,) = database.read(check_invariants)
    assert "says 2 messages were written, and there are 1" in finding


def test_consent_goes_with_whom_is_erased(database: Database) -> None:
    (lin,) = a_crowd(database, 1, wants_news=True)
    database.run(lambda tx: people.erase(tx, lin, NOW))
    assert not database.read(lambda tx: consents(tx, lin, ConsentKind.NEWS))


def test_messages_fall_due_at_the_pace_that_was_asked_for(database: Database) -> None:
    a_crowd(database, 5)
    started(database, pace=60, not_before_at=NOW + 10 * SECOND)
    work(database, most=2)
    assert [one.due_at - NOW for one in messages(database)] == [(10 + n) * SECOND for n in range(5)]


def test_a_worker_that_comes_late_does_not_send_everything_at_once(database: Database) -> None:
    a_crowd(database, 4)
    started(database, pace=60)
    work(database, most=2, times=1)
    late = NOW + timedelta(hours=1)
    work(database, most=2, now=late)
    assert [one.due_at for one in messages(database)] == [NOW, NOW + SECOND, late, late + SECOND]


def test_who_arrives_after_the_start_is_not_told(database: Database) -> None:
    a_crowd(database, 2)
    started(database)
    database.run(partial(a_person, now=NOW + SECOND))
    work(database)
    assert len(recipients(database)) == 2


def test_who_is_gone_or_has_blocked_us_everywhere_is_left_out(database: Database) -> None:
    stays, erased, blocked, joined = a_crowd(database, 4)
    database.run(lambda tx: people.erase(tx, erased, NOW))
    who = database.read(lambda tx: people.identities_of(tx, blocked))[0]
    database.run(lambda tx: people.block(tx, who.channel, who.account, who.external_id, NOW))
    alias = update(person).where(person.c.id == joined).values(joined_to=stays)
    database.run(lambda tx: tx.execute(alias))
    started(database)
    work(database)
    assert recipients(database) == [stays]


def test_customers_technicians_and_a_region_are_told_apart(any_database: Database) -> None:
    db = any_database
    town = db.run(a_city)
    elsewhere = db.run(lambda tx: a_region(tx, zh="武侯区", en="Wuhou"))
    moved, never = db.run(a_customer), db.run(a_person)
    db.run(lambda tx: an_address(tx, moved, town.region, text="一号院"))
    db.run(lambda tx: an_address(tx, moved, elsewhere, text="二号院"))
    other = db.run(lambda tx: a_technician(tx, town, regions=(elsewhere,)))

    def told(audience: Audience, region_id: int | None = None) -> set[int]:
        made = started(db, audience=audience, region_id=region_id)
        work(db)
        return set(names(db, made.id))

    assert told(Audience.CUSTOMERS) == {town.customer.id, moved.id, never.id}
    assert told(Audience.TECHNICIANS) == {town.technician.person_id, other.person_id}
    assert told(Audience.REGION, town.region.id) == {town.customer.id, town.technician.person_id}
    assert told(Audience.REGION, elsewhere.id) == {moved.id, other.person_id}


def test_news_go_to_who_asked_for_them_and_to_nobody_else(any_database: Database) -> None:
    db = any_database
    a_crowd(db, 2)
    wants, not_any_more = a_crowd(db, 2, wants_news=True)
    db.run(lambda tx: end_consent(tx, not_any_more, ConsentKind.NEWS, now=NOW))
    started(db, NEWS)
    work(db)
    assert recipients(db) == [wants]
    assert {(one.template, one.kind) for one in messages(db)} == {("news", "card")}


def test_consent_is_given_ended_and_given_again(any_database: Database) -> None:
    db = any_database
    (lin,) = a_crowd(db, 1)
    for _ in range(2):
        assert db.run(lambda tx: give_consent(tx, lin, ConsentKind.NEWS, now=NOW))
        assert not db.run(lambda tx: give_consent(tx, lin, ConsentKind.NEWS, now=NOW))
        assert db.read(lambda tx: consents(tx, lin, ConsentKind.NEWS))
        assert db.run(lambda tx: end_consent(tx, lin, ConsentKind.NEWS, now=NOW))
        assert not db.run(lambda tx: end_consent(tx, lin, ConsentKind.NEWS, now=NOW))
        assert not db.read(lambda tx: consents(tx, lin, ConsentKind.NEWS))


def test_starting_twice_is_starting_once(database: Database) -> None:
    a_crowd(database, 2)
    made = started(database)
    again = database.run(lambda tx: announcements.start(tx, made.id, operator_id=ANNA + 1, now=NOW + SECOND))
    assert again == made
    work(database)
    assert len(recipients(database)) == 2
    lines = [line.action for line in database.read(audit.lines) if line.subject_kind == "announcement"]
    assert lines == ["announcement.started", "announcement.drafted"]


def test_what_was_stopped_does_not_start_again(database: Database) -> None:
    made = a_draft(database)
    stopped = database.run(lambda tx: announcements.stop(tx, made.id, operator_id=ANNA, now=NOW))
    assert stopped.state is AnnouncementState.STOPPED
    assert database.run(lambda tx: announcements.stop(tx, made.id, operator_id=ANNA, now=NOW)) == stopped
    with pytest.raises(StateConflict):
        database.run(lambda tx: announcements.start(tx, made.id, operator_id=ANNA, now=NOW))
    with pytest.raises(NotFound):
        database.run(lambda tx: announcements.start(tx, 1, operator_id=ANNA, now=NOW))


def test_a_stop_holds_at_once_and_drops_what_is_not_sent(any_database: Database) -> None:
    db = any_database
    a_crowd(db, 5)
    made = started(db, pace=6000)
    work(db)
    sent, under_way = db.run(lambda tx: outbox.claim(tx, now=NOW + SECOND, real_now=REAL, most=2))
    db.run(partial(_note, due=sent))
    assert all(_goes(db, made.id, one) for one in messages(db))

    db.run(lambda tx: announcements.stop(tx, made.id, operator_id=ANNA, now=NOW + SECOND))

    assert not any(_goes(db, made.id, one) for one in messages(db))
    assert work(db, most=2, now=NOW + 2 * SECOND) == 4
    assert the(db, made.id).state is AnnouncementState.STOPPED
    assert states(db) == ["dropped", "dropped", "dropped", "sent", "waiting"]
    assert [one.state for one in messages(db) if one.id == under_way.id] == ["waiting"]


def _note(tx: Tx, due: Due) -> None:
    outbox.note(tx, due.id, lease=due.lease, state=MessageState.SENT, now=NOW + SECOND, again_at=None, ref=None)


def _goes(db: Database, announcement_id: int, one: Row) -> bool:
    return db.read(lambda tx: announcements.still_goes(tx, announcement_id, one.person_id, one.id))


def test_a_stop_while_it_is_being_written_ends_the_writing(database: Database) -> None:
    a_crowd(database, 5)
    made = started(database)
    work(database, most=2, times=1)
    database.run(lambda tx: announcements.stop(tx, made.id, operator_id=ANNA, now=NOW))
    work(database, most=2)
    assert states(database) == ["dropped", "dropped"]
    assert the(database, made.id).written == 2


def test_somebody_who_has_become_one_with_another_is_told_once(database: Database) -> None:
    stays, goes = a_crowd(database, 2)
    made = started(database)
    work(database)
    mine, theirs = messages(database)

    def stands(person_id: int, message_id: int) -> bool:
        return database.read(lambda tx: announcements.still_goes(tx, made.id, person_id, message_id))

    assert stands(stays, mine.id)
    assert not stands(stays, theirs.id)
    assert stands(goes, theirs.id)


def test_a_preview_counts_who_would_get_it_and_where(any_database: Database) -> None:
    db = any_database
    a_crowd(db, 2)
    a_crowd(db, 1, channel="wechat")
    on_telegram = a_crowd(db, 3, channel="telegram", wants_news=True)
    db.run(lambda tx: people.set_language(tx, on_telegram[0], "en"))
    who = _identity(db, on_telegram[1])
    db.run(lambda tx: people.block(tx, *who, NOW))
    draft, news = a_draft(db), a_draft(db, NEWS)
    whole = db.read(lambda tx: announcements.reach_of(tx, draft, now=NOW))
    assert (whole.people, whole.unreachable, whole.consented) == (6, 1, 2)
    assert whole.by_channel == {"telegram": 2, "web": 2, "wechat": 1}
    assert whole.by_language == {"en": 1, "zh-Hans": 4}
    wanted = db.read(lambda tx: announcements.reach_of(tx, news, now=NOW))
    assert (wanted.people, wanted.by_channel) == (6, {"telegram": 2})


def _identity(db: Database, person_id: int) -> tuple[str, str, str]:
    one = db.read(lambda tx: people.identities_of(tx, person_id))[0]
    return one.channel, one.account, one.external_id


def test_progress_tells_what_became_of_the_messages_and_who_left(any_database: Database) -> None:
    db = any_database
    crowd = a_crowd(db, 4, wants_news=True)
    a_crowd(db, 1)
    made = started(db, NEWS, pace=6000)
    work(db)
    (sent,) = db.run(lambda tx: outbox.claim(tx, now=NOW, real_now=REAL, most=1))
    db.run(partial(_note, due=sent))
    db.run(lambda tx: end_consent(tx, crowd[3], ConsentKind.NEWS, now=NOW + SECOND))
    who = _identity(db, crowd[2])
    db.run(lambda tx: people.block(tx, *who, NOW + SECOND))
    far = db.read(lambda tx: announcements.progress(tx, announcements.announcement(tx, made.id), now=NOW))
    assert (far.people, far.written, far.sent, far.waiting) == (5, 4, 1, 3)
    assert (far.unsubscribed, far.blocked) == (1, 1)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"texts": {}}, "texts"),
        ({"texts": {"en": "  "}}, "texts"),
        ({"texts": {"fr": "Fermé."}}, "texts"),
        ({"texts": {"en": "x" * 501}}, "texts"),
        ({"audience": Audience.REGION}, "audience"),
        ({"audience": Audience.REGION, "region_id": 5}, "audience"),
        ({"region_id": 5}, "audience"),
        ({"pace": 0}, "pace"),
        ({"pace": 6001}, "pace"),
        ({"expires_at": NOW}, "expires_at"),
        ({"expires_at": NOW + SECOND, "not_before_at": NOW + SECOND}, "expires_at"),
        *(
            ({"link": replace(SPRING, url=url)}, "link.url")
            for url in (
                "http://menling.example",
                "https://",
                "https://anna:secret@menling.example/",
                "https://menling.example/a b",
                "https://menling.example/\n",
                "javascript:alert(1)",
                "https://[half",
                "https://menling.example:99999/",
                f"https://menling.example/{'x' * 300}",
            )
        ),
        ({"link": replace(SPRING, texts={})}, "link.texts"),
        ({"link": replace(SPRING, texts={"en": "x" * 31})}, "link.texts"),
    ],
)
def test_what_cannot_be_announced_is_refused_by_its_field(
    database: Database, wrong: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        a_draft(database, **wrong)
    assert refused.value.facts["field"] == field
    assert database.read(lambda tx: announcements.announcements(tx, most=10)) == ()


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ({"texts": {}}, "empty"),
        ({"texts": {"en": " "}}, "empty"),
        ({"texts": {"fr": "Bonjour"}}, "unknown_language"),
        ({"texts": {"en": "x" * 501}}, "too_long"),
        ({"audience": Audience.REGION, "region_id": 5}, "unknown_region"),
        ({"expires_at": NOW}, "in_the_past"),
        ({"expires_at": NOW + SECOND, "not_before_at": NOW + SECOND}, "before_it_begins"),
        ({"link": replace(SPRING, url="http://menling.example")}, "needs_https"),
        ({"link": replace(SPRING, url="https://")}, "no_address"),
        ({"link": replace(SPRING, url="https://anna:secret@menling.example/")}, "holds_a_password"),
    ],
)
def test_an_operator_is_told_what_is_wrong(database: Database, wrong: dict[str, Any], problem: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        a_draft(database, **wrong)
    assert refused.value.facts["problem"] == problem


def test_a_draft_keeps_what_was_said(any_database: Database) -> None:
    db = any_database
    said = replace(SAID, link=SPRING, not_before_at=NOW + SECOND, expires_at=NOW + 2 * SECOND, pace=30)
    made = a_draft(db, said)
    assert (
        the(db, made.id) == made == Announcement(made.id, said, AnnouncementState.DRAFT, 0, ANNA, NOW, None, None, None)
    )
    other = a_draft(db)
    assert db.read(lambda tx: announcements.announcements(tx, most=1)) == (other,)
    assert db.read(lambda tx: announcements.announcements(tx, before_id=other.id, most=1)) == (made,)


def test_an_announcement_whose_time_is_over_cannot_be_started(database: Database) -> None:
    made = a_draft(database, expires_at=NOW + SECOND)
    with pytest.raises(InvalidInput):
        database.run(lambda tx: announcements.start(tx, made.id, operator_id=ANNA, now=NOW + SECOND))
    assert the(database, made.id).state is AnnouncementState.DRAFT


def test_every_state_is_reached_and_the_last_is_left_by_nothing() -> None:
    assert set(EDGES.values()) | {AnnouncementState.DRAFT} == set(AnnouncementState)
    assert {event for _, event in EDGES} == set(AnnouncementEvent)
    assert all(state is not AnnouncementState.STOPPED for state, _ in EDGES)


def test_both_templates_wait_for_the_morning_and_news_carry_a_button() -> None:
    assert not {Template.ANNOUNCEMENT, Template.NEWS} & URGENT
    assert Template.NEWS in CARDS
