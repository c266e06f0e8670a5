"""An effect is wanted once, claimed by one worker at a time, and tried under one number until it is done or stuck."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import bindparam, update

from core import effects
from core.db import Database, Tx
from core.effects import Effect, EffectKind, EffectState, work
from core.effects.tables import effect as effect_table
from core.errors import NotFound, StateConflict

REAL = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


def wanted(db: Database, key: str = "k", **more: timedelta) -> int | None:
    return db.run(
        lambda tx: effects.want(tx, EffectKind.REFUND, key=key, number=f"R{key}", facts={"a": 1}, now_real=REAL, **more)
    )


def claim(db: Database, at: datetime = REAL, most: int = 10) -> tuple[Effect, ...]:
    return db.run(lambda tx: effects.claim_due(tx, kinds=(EffectKind.REFUND,), real_now=at, most=most))


def state_of(db: Database, key: str = "k") -> EffectState | None:
    found = db.read(lambda tx: effects.effect_of(tx, EffectKind.REFUND, f"R{key}"))
    return None if found is None else found.state


def test_the_same_effect_is_wanted_once(db: Database) -> None:
    assert wanted(db) is not None
    assert wanted(db) is None
    assert len(claim(db)) == 1


def test_a_claimed_effect_is_nobody_elses_until_its_lease_ends(db: Database) -> None:
    wanted(db)

    (first,) = claim(db)
    assert claim(db, REAL + timedelta(seconds=59)) == ()
    (second,) = claim(db, REAL + timedelta(seconds=60))

    assert (first.number, first.attempts) == ("Rk", 1)
    assert (second.number, second.attempts) == ("Rk", 2)
    assert not db.run(lambda tx: effects.done(tx, first, now=REAL))
    assert db.run(lambda tx: effects.done(tx, second, now=REAL))
    assert state_of(db) is EffectState.DONE
    assert claim(db, REAL + timedelta(days=1)) == ()


def test_an_effect_that_waits_is_not_due_before(db: Database) -> None:
    wanted(db, after=timedelta(minutes=1))

    assert claim(db, REAL + timedelta(seconds=59)) == ()
    assert len(claim(db, REAL + timedelta(seconds=60))) == 1


def test_a_moved_business_clock_does_not_delay_what_is_due_at_once(db: Database) -> None:
    ahead = REAL + timedelta(days=3)
    db.run(lambda tx: effects.want(tx, EffectKind.REFUND, key="k", number="Rk", facts={}, now_real=ahead))

    assert len(claim(db, REAL)) == 1


def test_failures_wait_longer_each_time_and_end_stuck_in_sight(db: Database) -> None:
    wanted(db)
    at = REAL
    for pause in (5, 15, 45, 135, 405, 1215, 3645, 0):
        (one,) = claim(db, at)
        db.run(lambda tx, one=one, at=at: effects.failed(tx, one, error="no" * 200, real_now=at))  # type: ignore[misc]
        at += timedelta(seconds=pause)
        assert claim(db, at - timedelta(seconds=1)) == ()

    assert claim(db, at + timedelta(days=9)) == ()
    assert state_of(db) is EffectState.STUCK
    assert [one.number for one in db.read(effects.stuck_effects)] == ["Rk"]


def test_what_waits_can_be_hurried_but_not_what_has_failed_and_keeps_its_pauses(db: Database) -> None:
    wanted(db, after=timedelta(minutes=1))
    hurry = partial(effects.hasten, kind=EffectKind.REFUND, number="Rk")

    assert db.run(hurry)
    (one,) = claim(db)
    assert not db.run(hurry)  # it is under way
    db.run(lambda tx: effects.failed(tx, one, error="no", real_now=REAL))

    assert not db.run(hurry)
    assert claim(db, REAL + timedelta(seconds=4)) == ()
    assert len(claim(db, REAL + timedelta(seconds=5))) == 1


def test_whoever_is_in_a_hurry_has_it_asked_once_in_five_seconds_however_often_they_come(db: Database) -> None:
    wanted(db, after=timedelta(minutes=1))
    hurry = partial(effects.hasten, kind=EffectKind.REFUND, number="Rk")
    asked = []

    for second in range(21):
        at = REAL + timedelta(seconds=second)
        db.run(hurry)
        assert not db.run(hurry)  # nothing is written that stands already
        for one in claim(db, at):
            asked.append(second)
            db.run(partial(effects.again, performed=one, due_at=at + timedelta(minutes=5), real_now=at))

    assert asked == [0, 5, 10, 15, 20]


def test_an_answer_of_not_yet_is_no_failure(db: Database) -> None:
    wanted(db)
    (one,) = claim(db)

    assert db.run(lambda tx: effects.again(tx, one, due_at=REAL + timedelta(minutes=5), real_now=REAL))
    assert claim(db, REAL + timedelta(minutes=4)) == ()
    assert len(claim(db, REAL + timedelta(minutes=5))) == 1


def test_an_unknown_outcome_is_tried_again_under_the_same_number(db: Database) -> None:
    wanted(db)
    (one,) = claim(db)
    db.run(lambda tx: effects.unknown(tx, one, error="timed out", real_now=REAL))

    (later,) = claim(db, REAL + timedelta(seconds=5))

    assert later.number == one.number


def test_a_heap_of_one_kind_does_not_hide_another(db: Database) -> None:
    def heap(tx: Tx) -> None:
        for number in range(80):
            effects.want(tx, EffectKind.FILE_FETCH, key=str(number), number=str(number), facts={}, now_real=REAL)
        effects.want(tx, EffectKind.REFUND, key="k", number="Rk", facts={}, now_real=REAL)

    db.run(heap)

    assert [one.number for one in claim(db, most=5)] == ["Rk"]


def _claims_of_many_workers(db: Database) -> list[Effect]:
    for number in range(10):
        wanted(db, str(number))
    with ThreadPoolExecutor(8) as workers:
        return [one for found in workers.map(lambda _: claim(db), range(8)) for one in found]


def test_no_two_workers_get_the_same_effect(db: Database) -> None:
    claimed = _claims_of_many_workers(db)

    assert sorted(one.number for one in claimed) == [f"R{number}" for number in range(10)]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_without_the_guard_two_workers_would_get_the_same_effect(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    by_id_alone = (
        update(effect_table)
        .where(effect_table.c.id == bindparam("b_id"))
        .values(lease=bindparam("b_lease"), leased_until=None)
    )
    monkeypatch.setattr(work, "_CLAIM", by_id_alone)

    assert len(_claims_of_many_workers(db)) > 10


def test_a_code_by_sms_is_sealed_in_the_row(db: Database) -> None:
    db.run(
        lambda tx: effects.want_sms(
            tx, phone="+8613800138000", code="482913", lang="zh-Hans", key="k", number="S1", now_real=REAL
        )
    )
    kept = db.read(lambda tx: effects.effect_of(tx, EffectKind.SMS, "S1"))

    assert kept is not None
    assert "13800138000" not in str(kept.facts)
    assert "482913" not in str(kept.facts)
    opened = db.read(lambda tx: effects.open_sms(tx, kept))
    assert (opened.phone, opened.code, opened.lang) == ("+8613800138000", "482913", "zh-Hans")
    assert "482913" not in repr(opened)


def stuck(db: Database, key: str = "k") -> int:
    wanted(db, key)
    for _ in range(effects.MOST_TRIES):
        (one,) = claim(db, REAL + timedelta(days=99))
        db.run(lambda tx, one=one: effects.failed(tx, one, error="no", real_now=REAL))  # type: ignore[misc]
    return one.id


def test_a_stuck_effect_put_back_has_its_number_and_all_its_tries_again(db: Database) -> None:
    effect_id = stuck(db)
    assert claim(db) == ()

    put_back = db.run(lambda tx: effects.retry(tx, effect_id))

    (one,) = claim(db)
    assert (put_back.number, put_back.state) == ("Rk", EffectState.WAITING)
    assert (one.id, one.number, one.attempts, dict(one.facts)) == (effect_id, "Rk", 1, {"a": 1})
    assert db.read(effects.stuck_effects) == ()


def test_what_is_not_stuck_cannot_be_put_back(db: Database) -> None:
    wanted(db)
    (one,) = claim(db)

    with pytest.raises(StateConflict):
        db.run(lambda tx: effects.retry(tx, one.id))
    db.run(lambda tx: effects.done(tx, one, now=REAL))
    with pytest.raises(StateConflict):
        db.run(lambda tx: effects.retry(tx, one.id))
    with pytest.raises(NotFound):
        db.run(lambda tx: effects.retry(tx, 1))

    assert state_of(db) is EffectState.DONE


def test_a_text_message_whose_facts_are_forgotten_cannot_be_put_back(db: Database) -> None:
    db.run(lambda tx: effects.want(tx, EffectKind.SMS, key="s", number="S1", facts={"a": 1}, now_real=REAL))
    later = REAL + timedelta(days=99)
    for _ in range(effects.MOST_TRIES):
        (one,) = db.run(lambda tx: effects.claim_due(tx, kinds=(EffectKind.SMS,), real_now=later, most=1))
        db.run(lambda tx, one=one: effects.failed(tx, one, error="no", real_now=REAL))  # type: ignore[misc]

    with pytest.raises(StateConflict):
        db.run(lambda tx: effects.retry(tx, one.id))

    assert [left.id for left in db.read(effects.stuck_effects)] == [one.id]
