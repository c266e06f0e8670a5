from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from core import audit, people, technicians
from core.db import Database, Tx
from core.errors import BookingError, InvalidInput, NotFound, PersonErased, StateConflict
from core.files import FilePurpose
from core.messages.tables import message
from core.technicians import (
    EDGES,
    Preferences,
    RotaSpan,
    Sex,
    Technician,
    TechnicianEvent,
    TechnicianLine,
    TechnicianState,
    roster,
)
from tests.builders import EVERY_DAY, NOW, City, a_city, a_customer, a_person, a_technician
from tests.visits import a_photo

OPERATOR = 7
_MESSAGES = select(message).order_by(message.c.id)


def an_application(tx: Tx, city: City, person_id: int, **over: object) -> Technician:
    facts: dict[str, object] = {
        "name": "李芳",
        "sex": "female",
        "service_ids": [city.service.id],
        "region_ids": [city.region.id],
        "rota": EVERY_DAY,
        "certificate_file_ids": [a_photo(tx, person_id, FilePurpose.CERTIFICATE)],
        "now": NOW,
    }
    return technicians.apply(tx, person_id, **(facts | over))  # type: ignore[arg-type]


def waiting(database: Database) -> tuple[TechnicianLine, ...]:
    """Who waits for an operator's decision."""
    return database.read(lambda tx: technicians.listed(tx, state=TechnicianState.APPLIED, most=9))


def _templates(database: Database, person_id: int) -> list[str]:
    return [row.template for row in database.read(lambda tx: tx.all(_MESSAGES)) if row.person_id == person_id]


def test_an_approved_applicant_gets_the_next_number_goes_on_duty_and_is_told(any_database: Database) -> None:
    city = any_database.run(a_city)
    person = any_database.run(a_person)

    applied = any_database.run(lambda tx: an_application(tx, city, person.id))
    assert applied.state is TechnicianState.APPLIED
    assert applied.base == city.region.point
    assert [one.id for one in waiting(any_database)] == [applied.id]
    assert any_database.read(roster).find(applied.id) is None

    approved = any_database.run(lambda tx: technicians.approve(tx, applied.id, operator_id=OPERATOR, now=NOW))

    assert (approved.state, approved.number) == (TechnicianState.APPROVED, 2)
    assert approved.on_duty_at == NOW
    assert approved.certificates[0].checked_at == NOW
    assert any_database.read(roster).get(applied.id) == approved
    assert any_database.read(roster).times_of(applied.id).rota == EVERY_DAY
    assert waiting(any_database) == ()
    assert _templates(any_database, person.id) == ["application_approved"]
    (line,) = any_database.read(lambda tx: audit.lines(tx, subject_kind="technician", subject_id=applied.id))
    assert (line.action, line.actor_id, line.facts) == ("technician.approved", OPERATOR, {"number": 2})


def test_two_approvals_at_once_give_two_numbers(any_database: Database) -> None:
    city = any_database.run(a_city)
    waiting = [any_database.run(lambda tx: an_application(tx, city, a_person(tx).id)).id for _ in range(6)]

    with ThreadPoolExecutor(6) as threads:
        approved = list(
            threads.map(
                lambda one: any_database.run(lambda tx: technicians.approve(tx, one, operator_id=OPERATOR, now=NOW)),
                waiting,
            )
        )

    assert sorted(one.number or 0 for one in approved) == [2, 3, 4, 5, 6, 7]


def test_a_refused_applicant_reads_why_and_may_apply_again(any_database: Database) -> None:
    city = any_database.run(a_city)
    person = any_database.run(a_person)
    applied = any_database.run(lambda tx: an_application(tx, city, person.id))

    any_database.run(lambda tx: technicians.refuse(tx, applied.id, reason="证书看不清", operator_id=OPERATOR, now=NOW))

    assert any_database.read(lambda tx: technicians.refusal_of(tx, applied.id)) == "证书看不清"
    assert _templates(any_database, person.id) == ["application_refused"]

    later = NOW + timedelta(days=1)
    paper = any_database.run(lambda tx: a_photo(tx, person.id, FilePurpose.CERTIFICATE))
    again = any_database.run(
        lambda tx: an_application(tx, city, person.id, name="李芳芳", certificate_file_ids=[paper], now=later)
    )
    assert again.id == applied.id
    assert again.state is TechnicianState.APPLIED
    assert [one.file_id for one in again.certificates] == [paper]
    assert any_database.read(lambda tx: technicians.refusal_of(tx, applied.id)) is None

    any_database.run(lambda tx: technicians.refuse(tx, applied.id, reason="再拍一张", operator_id=OPERATOR, now=later))
    assert _templates(any_database, person.id) == ["application_refused", "application_refused"]


def test_nobody_applies_twice_and_nobody_is_decided_on_twice(database: Database) -> None:
    city = database.run(a_city)
    person = database.run(a_person)
    applied = database.run(lambda tx: an_application(tx, city, person.id))

    with pytest.raises(StateConflict):
        database.run(lambda tx: an_application(tx, city, person.id))
    database.run(lambda tx: technicians.approve(tx, applied.id, operator_id=OPERATOR, now=NOW))
    with pytest.raises(StateConflict):
        database.run(lambda tx: technicians.approve(tx, applied.id, operator_id=OPERATOR, now=NOW))
    with pytest.raises(StateConflict):
        database.run(lambda tx: technicians.refuse(tx, applied.id, reason="no", operator_id=OPERATOR, now=NOW))
    with pytest.raises(NotFound):
        database.run(lambda tx: technicians.approve(tx, 1, operator_id=OPERATOR, now=NOW))
    assert _templates(database, person.id) == ["application_approved"]


@pytest.mark.parametrize(
    "over",
    [
        {"name": "  "},
        {"sex": "unknown"},
        {"service_ids": []},
        {"service_ids": [1]},
        {"region_ids": []},
        {"region_ids": [1]},
        {"rota": [RotaSpan(7, 0, 60)]},
        {"rota": [RotaSpan(0, 600, 600)]},
        {"rota": [RotaSpan(0, 600, 720), RotaSpan(0, 700, 800)]},
        {"rota": [RotaSpan(6, 1200, 1500), RotaSpan(0, 0, 120)]},
    ],
)
def test_an_application_that_makes_no_sense_is_refused_whole(database: Database, over: dict[str, object]) -> None:
    city = database.run(a_city)
    person = database.run(a_person)

    with pytest.raises(BookingError):
        database.run(lambda tx: an_application(tx, city, person.id, **over))

    assert database.read(lambda tx: technicians.of_person(tx, person.id)) is None


@pytest.mark.parametrize("reason", ["", "  ", "长" * 501])
def test_a_refusal_needs_a_reason(database: Database, reason: str) -> None:
    city = database.run(a_city)
    applied = database.run(lambda tx: an_application(tx, city, a_person(tx).id))

    with pytest.raises(InvalidInput):
        database.run(lambda tx: technicians.refuse(tx, applied.id, reason=reason, operator_id=OPERATOR, now=NOW))


def test_a_suspended_technician_leaves_the_roster_until_resumed(database: Database) -> None:
    city = database.run(a_city)
    who = city.technician.id

    database.run(lambda tx: technicians.suspend(tx, who, operator_id=OPERATOR, now=NOW))
    assert database.read(roster).find(who) is None
    with pytest.raises(StateConflict):
        database.run(lambda tx: technicians.suspend(tx, who, operator_id=OPERATOR, now=NOW))

    database.run(lambda tx: technicians.resume(tx, who, operator_id=OPERATOR, now=NOW))
    assert database.read(roster).find(who) is not None
    told = database.read(lambda tx: audit.lines(tx, subject_kind="technician", subject_id=who))
    assert [line.action for line in told] == ["technician.resume", "technician.suspend"]


def test_every_state_has_a_way_in_or_is_the_first() -> None:
    reached = set(EDGES.values()) | {TechnicianState.APPLIED}

    assert reached == set(TechnicianState)
    assert {event for _, event in EDGES} == set(TechnicianEvent)


def test_a_technician_found_by_person_by_id_and_on_the_roster_is_the_same(any_database: Database) -> None:
    city = any_database.run(a_city)

    by_id = any_database.read(lambda tx: technicians.technician(tx, city.technician.id))

    assert by_id == city.technician
    assert any_database.read(lambda tx: technicians.of_person(tx, city.technician.person_id)) == by_id
    assert any_database.read(roster).get(by_id.id) == by_id
    assert any_database.read(lambda tx: technicians.of_person(tx, city.customer.id)) is None
    with pytest.raises(NotFound):
        any_database.read(lambda tx: technicians.technician(tx, 1))
    with pytest.raises(NotFound):
        any_database.read(roster).get(1)


def test_who_can_come_has_the_skill_the_region_the_sex_and_is_on_duty(database: Database) -> None:
    city = database.run(a_city)
    her = city.technician
    him = database.run(lambda tx: a_technician(tx, city, sex=Sex.MALE))
    database.run(lambda tx: a_technician(tx, city, services=[]))
    database.run(lambda tx: a_technician(tx, city, regions=[], base=city.region.point))  # serves nowhere

    def able(sex: str | None = None) -> list[int]:
        wanted = Preferences(sex=sex)
        return [one.id for one in database.read(roster).able(city.service.id, city.region.id, wanted)]

    assert able() == [her.id, him.id]
    assert able("male") == [him.id]

    database.run(lambda tx: technicians.set_duty(tx, him.id, on=False, now=NOW))
    assert able() == [her.id]
    database.run(lambda tx: technicians.set_duty(tx, him.id, on=True, now=NOW))
    assert able() == [her.id, him.id]


def test_a_day_off_and_a_special_day_stand_before_the_rota(any_database: Database) -> None:
    city = any_database.run(a_city)
    who = city.technician.id
    off, late, normal = date(2026, 3, 11), date(2026, 3, 12), date(2026, 3, 13)

    any_database.run(lambda tx: technicians.set_exception(tx, who, day=off, spans=[]))
    any_database.run(lambda tx: technicians.set_exception(tx, who, day=late, spans=[(1200, 1560), (600, 660)]))

    seen = any_database.read(roster)
    assert seen.times_of(who).on(off) == ()
    assert seen.times_of(who).on(late) == ((600, 660), (1200, 1560))
    assert seen.times_of(who).on(normal) == ((540, 1380),)
    assert len(any_database.read(lambda tx: technicians.exceptions_of(tx, who))) == 3

    any_database.run(lambda tx: technicians.clear_exception(tx, who, day=off))
    assert any_database.read(roster).times_of(who).on(off) == ((540, 1380),)


def test_a_new_rota_replaces_the_old_one_whole(any_database: Database) -> None:
    city = any_database.run(a_city)
    who = city.technician.id
    nights = (RotaSpan(5, 1200, 1500), RotaSpan(4, 1200, 1500))

    any_database.run(lambda tx: technicians.set_rota(tx, who, nights))

    assert any_database.read(lambda tx: technicians.rota_of(tx, who)) == tuple(sorted(nights))
    assert any_database.read(roster).times_of(who).on(date(2026, 3, 10)) == ()
    with pytest.raises(NotFound):
        any_database.run(lambda tx: technicians.set_rota(tx, 1, nights))


@pytest.mark.parametrize("spans", [[(0, 0)], [(60, 30)], [(1440, 1500)], [(0, 60), (30, 90)]])
def test_a_day_that_cannot_be_is_refused(database: Database, spans: list[tuple[int, int]]) -> None:
    city = database.run(a_city)

    with pytest.raises(InvalidInput):
        database.run(lambda tx: technicians.set_exception(tx, city.technician.id, day=date(2026, 3, 11), spans=spans))


def test_a_review_and_a_visit_are_counted_on_the_card(any_database: Database) -> None:
    city = any_database.run(a_city)
    who = city.technician.id

    any_database.run(lambda tx: technicians.count_visit(tx, who))
    any_database.run(lambda tx: technicians.add_stars(tx, who, 3))

    card = any_database.read(roster).get(who)
    assert (card.stars_sum, card.stars_count, card.visits_done) == (51, 11, 1)
    assert card.stars == pytest.approx(51 / 11)
    with pytest.raises(InvalidInput):
        any_database.run(lambda tx: technicians.add_stars(tx, who, 6))


def test_nobody_has_stars_before_the_first_review(database: Database) -> None:
    city = database.run(a_city)

    assert replace(city.technician, stars_sum=0, stars_count=0).stars is None


def test_an_applicants_words_of_refusal_die_with_their_key(database: Database) -> None:
    city = database.run(a_city)
    person = database.run(a_customer)
    applied = database.run(lambda tx: an_application(tx, city, person.id))
    database.run(lambda tx: technicians.refuse(tx, applied.id, reason="证书", operator_id=OPERATOR, now=NOW))

    database.run(lambda tx: people.erase(tx, person.id, NOW))

    with pytest.raises(PersonErased):
        database.read(lambda tx: technicians.refusal_of(tx, applied.id))


def test_stars_duty_and_rotas_leave_the_version_that_words_hang_on(any_database: Database) -> None:
    city = any_database.run(a_city)
    who = city.technician.id
    before = any_database.read(roster)

    any_database.run(lambda tx: technicians.add_stars(tx, who, 5))
    any_database.run(lambda tx: technicians.set_duty(tx, who, on=False, now=NOW))
    any_database.run(lambda tx: technicians.set_rota(tx, who, [RotaSpan(0, 600, 660)]))

    after = any_database.read(roster)
    assert after.version == before.version
    assert after.get(who) == any_database.read(lambda tx: technicians.technician(tx, who))
    assert after.times_of(who).rota == (RotaSpan(0, 600, 660),)
    assert any_database.read(roster) is after

    any_database.run(lambda tx: a_technician(tx, city))
    assert any_database.read(roster).version != before.version


def test_nobody_shows_somebody_elses_certificate(database: Database) -> None:
    city = database.run(a_city)
    applicant, other = database.run(a_customer), database.run(a_customer)
    paper = database.run(lambda tx: a_photo(tx, other.id, FilePurpose.CERTIFICATE))

    for foreign in (paper, 42):
        with pytest.raises(NotFound):
            database.run(
                lambda tx, foreign=foreign: an_application(  # type: ignore[misc]
                    tx, city, applicant.id, certificate_file_ids=[foreign]
                )
            )

    assert database.read(lambda tx: technicians.of_person(tx, applicant.id)) is None
