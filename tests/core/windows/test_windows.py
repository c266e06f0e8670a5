"""What a platform allows is counted before each call: over processes, over restarts, never above its figure."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import bindparam, update

from core import people, windows
from core.db import Database, Tx
from core.people import joining
from core.windows import Spent, Trigger, permits, pushes, quotas
from core.windows.tables import push_permit, push_quota, push_window
from tests.builders import NOW, a_database_at, a_person
from tests.core.racing import race

WHO = 7
WINDOW_MOST = 5


@pytest.fixture
def db(database_url: str) -> Iterator[Database]:
    opened = a_database_at(database_url)
    yield opened
    opened.close()


def granted(db: Database, trigger: Trigger, at: datetime = NOW) -> None:
    db.run(lambda tx: windows.grant(tx, WHO, trigger, now=at))


def spent(db: Database, *, urgent: bool = True, at: datetime = NOW) -> Spent | None:
    return db.run(lambda tx: windows.spend(tx, WHO, urgent=urgent, now=at))


def left(db: Database, at: datetime = NOW) -> int:
    return db.read(lambda tx: windows.left(tx, WHO, now=at))


@pytest.mark.parametrize(
    ("trigger", "most", "lasts"),
    [
        (Trigger.MESSAGE, 5, timedelta(hours=48)),
        (Trigger.MENU, 3, timedelta(minutes=1)),
        (Trigger.FOLLOW, 3, timedelta(minutes=1)),
        (Trigger.SCAN, 3, timedelta(minutes=1)),
    ],
)
def test_each_act_allows_its_number_for_a_little_less_than_its_time(
    db: Database, trigger: Trigger, most: int, lasts: timedelta
) -> None:
    granted(db, trigger)

    taken = [spent(db) for _ in range(most + 1)]

    ends_at = NOW + lasts - pushes.EARLY
    assert taken == [Spent(trigger, ends_at)] * most + [None]
    granted(db, trigger)
    assert left(db, ends_at - timedelta(seconds=1)) == most
    assert spent(db, at=ends_at) is None


def test_the_window_that_ends_first_is_used_first(db: Database) -> None:
    granted(db, Trigger.MESSAGE)
    granted(db, Trigger.MENU)

    taken = [spent(db) for _ in range(4)]

    assert [one.trigger for one in taken if one] == [Trigger.MENU] * 3 + [Trigger.MESSAGE]


def test_the_last_of_a_lasting_window_is_kept_for_what_is_urgent(db: Database) -> None:
    granted(db, Trigger.MESSAGE)

    ordinary = [spent(db, urgent=False) for _ in range(5)]

    assert [one is not None for one in ordinary] == [True] * 4 + [False]
    assert spent(db, urgent=True) is not None
    granted(db, Trigger.SCAN)
    assert [spent(db, urgent=False) is not None for _ in range(4)] == [True] * 3 + [False]


def test_what_the_platform_did_not_take_goes_back_but_not_into_a_newer_window(db: Database) -> None:
    granted(db, Trigger.MESSAGE)
    one = spent(db)
    assert one is not None

    db.run(lambda tx: windows.give_back(tx, WHO, one))
    assert left(db) == WINDOW_MOST
    again = spent(db)
    assert again is not None
    granted(db, Trigger.MESSAGE, NOW + timedelta(seconds=1))
    db.run(lambda tx: windows.give_back(tx, WHO, again))

    assert left(db) == WINDOW_MOST


def test_the_platforms_word_shuts_what_was_open_then_and_not_what_opens_later(db: Database) -> None:
    granted(db, Trigger.MESSAGE)
    granted(db, Trigger.MENU)
    db.run(lambda tx: windows.shut(tx, WHO, now=NOW + timedelta(seconds=5)))
    assert left(db) == 0

    granted(db, Trigger.MESSAGE, NOW + timedelta(seconds=6))
    db.run(lambda tx: windows.shut(tx, WHO, now=NOW + timedelta(seconds=5)))

    assert left(db, NOW + timedelta(seconds=6)) == WINDOW_MOST


def test_a_quota_ends_at_its_figure_and_begins_anew_at_shanghais_midnight(db: Database) -> None:
    count = partial(windows.count, channel="wechat", account="main", api="template", most=3)

    used = [db.run(lambda tx: count(tx, now=NOW)) for _ in range(4)]
    next_day = db.run(lambda tx: count(tx, now=NOW + timedelta(hours=14)))  # 10:00 in Shanghai and fourteen hours

    assert (used, next_day) == ([True] * 3 + [False], True)


def test_the_platforms_word_ends_a_quota_for_the_day(db: Database) -> None:
    count = partial(windows.count, channel="wechat", account="main", api="kefu", most=100, now=NOW)
    assert db.run(count)

    db.run(lambda tx: windows.used_up(tx, "wechat", "main", "kefu", now=NOW))
    db.run(lambda tx: windows.used_up(tx, "wechat", "main", "template", now=NOW))

    assert not db.run(count)
    assert not db.run(lambda tx: windows.count(tx, "wechat", "main", "template", most=100, now=NOW))
    figures = {labels["api"]: value for _, labels, value in db.read(lambda tx: list(windows.figures(tx, NOW)))}
    assert figures == {"kefu": 0.0, "template": 0.0}


def test_a_lowered_figure_counts_at_once(db: Database) -> None:
    for _ in range(3):
        db.run(lambda tx: windows.count(tx, "wechat", "main", "kefu", most=100, now=NOW))

    assert not db.run(lambda tx: windows.count(tx, "wechat", "main", "kefu", most=3, now=NOW))


def test_a_permit_is_used_once_and_a_repeated_event_gives_no_second(db: Database) -> None:
    assert db.run(lambda tx: windows.permit(tx, WHO, "T1", told="event:1"))
    assert not db.run(lambda tx: windows.permit(tx, WHO, "T1", told="event:1"))
    assert db.run(lambda tx: windows.permit(tx, WHO, "T1", told="event:2"))

    uses = [db.run(lambda tx: windows.use_permit(tx, WHO, "T1")) for _ in range(3)]
    other = db.run(lambda tx: windows.use_permit(tx, WHO, "T2"))

    assert (uses, other) == ([True, True, False], False)
    db.run(lambda tx: windows.permit(tx, WHO, "T1", told="event:3"))
    db.run(lambda tx: windows.forget_permit(tx, WHO, "T1"))
    assert not db.run(lambda tx: windows.use_permit(tx, WHO, "T1"))


def _granted(tx: Tx) -> None:
    windows.grant(tx, WHO, Trigger.MESSAGE, now=NOW)


def _counted(tx: Tx) -> bool:
    return windows.count(tx, "wechat", "main", "kefu", most=3, now=NOW)


@pytest.mark.parametrize("guarded", [True, False])
def test_of_many_at_once_only_as_many_write_as_the_window_holds(
    db: Database, monkeypatch: pytest.MonkeyPatch, *, guarded: bool
) -> None:
    """Without the condition in the UPDATE everybody who read an open window would write."""
    granted(db, Trigger.MESSAGE)
    if not guarded:
        unguarded = (
            update(push_window)
            .where(push_window.c.identity_id == bindparam("b_identity"), push_window.c.opened_by == bindparam("b_by"))
            .values(left=push_window.c.left - 1)
        )
        monkeypatch.setattr(pushes, "_TAKE", unguarded)
        seen = db.read(lambda tx: tx.all(pushes._OPEN, {"b_identity": WHO, "b_now": NOW}))
        monkeypatch.setattr(Tx, "all", lambda *_: seen)

    taken = race(db, [lambda tx: windows.spend(tx, WHO, urgent=True, now=NOW) is not None] * 8)

    assert sum(taken) == 5 if guarded else sum(taken) > 5


@pytest.mark.parametrize("guarded", [True, False])
def test_of_many_calls_at_once_none_goes_above_the_quota(
    db: Database, monkeypatch: pytest.MonkeyPatch, *, guarded: bool
) -> None:
    if not guarded:
        db.run(_counted)
        unguarded = update(push_quota).where(*quotas._THIS).values(used=push_quota.c.used + 1)
        monkeypatch.setattr(quotas, "_COUNT", unguarded)

    allowed = race(db, [_counted] * 8)

    assert sum(allowed) == 3 if guarded else sum(allowed) > 3


@pytest.mark.parametrize("guarded", [True, False])
def test_of_many_who_use_one_permit_one_does(db: Database, monkeypatch: pytest.MonkeyPatch, *, guarded: bool) -> None:
    db.run(lambda tx: windows.permit(tx, WHO, "T1", told="event:1"))
    if not guarded:
        unguarded = update(push_permit).where(*permits._THIS).values(left=push_permit.c.left - 1)
        monkeypatch.setattr(permits, "_USE", unguarded)

    used = race(db, [lambda tx: windows.use_permit(tx, WHO, "T1")] * 6)

    assert sum(used) == 1 if guarded else sum(used) > 1


def test_many_first_acts_at_once_open_one_window(db: Database) -> None:
    race(db, [_granted] * 6)

    assert left(db) == WINDOW_MOST


def test_erasing_a_person_forgets_what_they_allowed(db: Database) -> None:
    person = db.run(a_person)
    db.run(
        lambda tx: joining.add_identity(tx, person.id, channel="wechat", account="main", external_id="oAnna", now=NOW)
    )
    found = db.read(lambda tx: windows.opening_of(tx, channel="wechat", account="main", external_id="oAnna"))
    assert found is not None
    db.run(lambda tx: windows.grant(tx, found.identity_id, Trigger.MESSAGE, now=NOW))
    db.run(lambda tx: windows.note_menu(tx, found.identity_id, "technician"))

    db.run(lambda tx: people.erase(tx, person.id, NOW))

    assert db.read(lambda tx: windows.left(tx, found.identity_id, now=NOW)) == 0
