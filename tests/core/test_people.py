from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from core import people
from core.conversations.tables import conversation
from core.db import Database, Tx
from core.errors import InvalidInput, NotFound, PersonErased
from core.people import AddressLabel, CodeTooSoon
from core.people.sign_in import MOST_TRIES
from core.people.tables import identity, person, sign_in_code
from core.technicians.tables import technician
from tests.builders import NOW, ZONE, a_city, a_customer, a_person, a_region, an_address

_PERSONS = select(func.count(person.c.id).label("n"))
_CONVERSATIONS = select(conversation)
_IDENTITIES = select(identity)


def test_the_first_word_makes_a_person_and_the_second_finds_them(any_database: Database) -> None:
    first = any_database.run(lambda tx: a_person(tx, external_id="Openid-1"))
    again = any_database.run(lambda tx: a_person(tx, external_id="Openid-1", lang="en"))
    other = any_database.run(lambda tx: a_person(tx, external_id="openid-1"))

    assert first == again
    assert other.id != first.id
    assert [row.version for row in any_database.read(lambda tx: tx.all(_CONVERSATIONS))] == [0, 0]


def test_ten_first_messages_at_once_make_one_person(any_database: Database) -> None:
    with ThreadPoolExecutor(10) as threads:
        found = list(threads.map(lambda _: any_database.run(lambda tx: a_person(tx, external_id="same")), range(10)))

    assert len({one.id for one in found}) == 1
    assert any_database.read(lambda tx: tx.scalar(_PERSONS)) == 1


def test_name_and_phone_are_kept_sealed_and_read_back(any_database: Database) -> None:
    customer = any_database.run(lambda tx: a_customer(tx, name=" 王小姐 ", phone="+8613800138000"))

    assert any_database.read(lambda tx: people.name_of(tx, customer.id)) == "王小姐"
    assert any_database.read(lambda tx: people.phone_of(tx, customer.id)) == "+8613800138000"
    row = any_database.read(lambda tx: tx.first(select(person).where(person.c.id == customer.id)))
    assert row is not None
    assert "王小姐".encode() not in bytes(row.name_sealed)
    assert b"13800138000" not in bytes(row.phone_sealed)


def test_who_told_nothing_has_no_name_and_no_phone(database: Database) -> None:
    visitor = database.run(a_person)

    assert database.read(lambda tx: people.name_of(tx, visitor.id)) is None
    assert database.read(lambda tx: people.phone_of(tx, visitor.id)) is None


@pytest.mark.parametrize("phone", ["13800138000", "+0123456789", "+86 13800138000", "", "+86138001380001234"])
def test_a_phone_not_in_e164_is_refused(database: Database, phone: str) -> None:
    visitor = database.run(a_person)

    with pytest.raises(InvalidInput):
        database.run(lambda tx: people.set_phone(tx, visitor.id, phone))


@pytest.mark.parametrize("name", ["", "   ", "长" * 61])
def test_a_name_nobody_could_be_called_by_is_refused(database: Database, name: str) -> None:
    visitor = database.run(a_person)

    with pytest.raises(InvalidInput):
        database.run(lambda tx: people.set_name(tx, visitor.id, name))


@pytest.mark.parametrize(
    ("phone", "shown"),
    [("+8613800138000", "138****8000"), ("+447911123456", "+447****3456"), ("+862555", "****")],
)
def test_a_phone_is_masked_where_nobody_dials_it(phone: str, shown: str) -> None:
    assert people.masked_phone(phone) == shown


def test_a_person_can_be_spoken_to_in_another_language_from_now_on(database: Database) -> None:
    visitor = database.run(a_person)

    database.run(lambda tx: people.set_language(tx, visitor.id, "en"))

    assert database.read(lambda tx: people.person(tx, visitor.id)).lang == "en"
    with pytest.raises(NotFound):
        database.run(lambda tx: people.set_language(tx, 1, "en"))


def test_the_address_used_last_is_offered_first(any_database: Database) -> None:
    city = any_database.run(a_city)
    mine = city.customer.id
    office = any_database.run(lambda tx: an_address(tx, city.customer, city.region, text="天府三街 88 号"))

    later = NOW + timedelta(hours=1)
    any_database.run(
        lambda tx: people.save_address(
            tx, mine, text=city.address.text, region_id=city.region.id, lat=30.6, lng=104.1, now=later
        )
    )

    assert [a.id for a in any_database.read(lambda tx: people.addresses(tx, mine))] == [city.address.id, office.id]


def test_the_same_address_told_again_is_one_address_with_the_newest_position(database: Database) -> None:
    city = database.run(a_city)
    where = {"region_id": city.region.id, "lat": 30.7, "lng": 104.1, "now": NOW + timedelta(hours=1)}

    again = database.run(
        lambda tx: people.save_address(tx, city.customer.id, text="  望京花园  3 号楼 1201 ", **where)  # type: ignore[arg-type]
    )

    assert again.id == city.address.id
    assert database.read(lambda tx: people.addresses(tx, city.customer.id)) == (again,)
    assert again.lat == 30.7


def test_one_address_is_always_meant_first_whichever_was_used_last(database: Database) -> None:
    city = database.run(a_city)
    mine = city.customer.id
    office = database.run(lambda tx: an_address(tx, city.customer, city.region, text="天府三街 88 号"))

    database.run(lambda tx: people.mean_always(tx, mine, office.id))
    database.run(lambda tx: people.mean_always(tx, mine, city.address.id))
    later = NOW + timedelta(hours=1)
    database.run(
        lambda tx: people.save_address(
            tx,
            mine,
            text=office.text,
            region_id=city.region.id,
            lat=30.6,
            lng=104.1,
            now=later,
            label=AddressLabel.WORK,
        )
    )

    found = database.read(lambda tx: people.addresses(tx, mine))
    assert [(one.id, one.always, one.label) for one in found] == [
        (city.address.id, True, None),
        (office.id, False, AddressLabel.WORK),
    ]
    stranger = database.run(a_customer)
    with pytest.raises(NotFound):
        database.run(lambda tx: people.mean_always(tx, stranger.id, office.id))


def test_a_removed_or_foreign_address_is_not_found(database: Database) -> None:
    city = database.run(a_city)
    stranger = database.run(a_customer)

    with pytest.raises(NotFound):
        database.read(lambda tx: people.address(tx, stranger.id, city.address.id))
    with pytest.raises(NotFound):
        database.run(lambda tx: people.remove_address(tx, stranger.id, city.address.id, NOW))
    database.run(lambda tx: people.remove_address(tx, city.customer.id, city.address.id, NOW))
    with pytest.raises(NotFound):
        database.read(lambda tx: people.address(tx, city.customer.id, city.address.id))
    assert database.read(lambda tx: people.addresses(tx, city.customer.id)) == ()


@pytest.mark.parametrize("text", ["", "  ", "长" * 201])
def test_an_address_without_words_or_without_end_is_refused(database: Database, text: str) -> None:
    customer = database.run(a_customer)
    region = database.run(a_region)

    with pytest.raises(InvalidInput):
        database.run(lambda tx: an_address(tx, customer, region, text=text))


def test_channels_are_listed_by_the_last_act_and_blocked_ones_not_at_all(any_database: Database) -> None:
    visitor = any_database.run(lambda tx: a_person(tx, channel="telegram", external_id="7"))
    first = any_database.read(lambda tx: people.identities_of(tx, visitor.id))[0]

    any_database.run(lambda tx: people.seen(tx, first.id, NOW + timedelta(days=1)))
    assert any_database.read(lambda tx: people.identities_of(tx, visitor.id))[0].seen_at == NOW + timedelta(days=1)

    assert any_database.run(lambda tx: people.block(tx, "telegram", "test", "7", NOW))
    assert not any_database.run(lambda tx: people.block(tx, "telegram", "test", "7", NOW))
    assert any_database.read(lambda tx: people.identities_of(tx, visitor.id)) == ()

    any_database.run(lambda tx: people.seen(tx, first.id, NOW + timedelta(days=2)))
    assert len(any_database.read(lambda tx: people.identities_of(tx, visitor.id))) == 1


def test_an_act_of_the_person_ends_a_block(database: Database) -> None:
    visitor = database.run(lambda tx: a_person(tx, channel="telegram", external_id="7"))
    only = database.read(lambda tx: people.identities_of(tx, visitor.id))[0]
    database.run(lambda tx: people.block(tx, "telegram", "test", "7", NOW))

    database.run(lambda tx: people.seen(tx, only.id, NOW))

    assert len(database.read(lambda tx: people.identities_of(tx, visitor.id))) == 1


def test_erasing_leaves_nothing_that_could_be_read_and_the_next_word_comes_from_a_stranger(
    any_database: Database,
) -> None:
    city = any_database.run(a_city)
    gone = city.customer.id
    kept = any_database.read(lambda tx: tx.first(select(identity).where(identity.c.person_id == gone)))
    assert kept is not None

    any_database.run(lambda tx: people.erase(tx, gone, NOW))

    for question in (people.name_of, people.phone_of, people.addresses, people.key_of):
        with pytest.raises(PersonErased):
            any_database.read(lambda tx, ask=question: ask(tx, gone))  # type: ignore[misc]
    row = any_database.read(lambda tx: tx.first(select(person).where(person.c.id == gone)))
    assert row is not None
    assert (row.sealed_key, row.name_sealed, row.phone_sealed, row.phone_hash) == (None, None, None, None)
    assert any_database.read(lambda tx: people.identities_of(tx, gone)) == ()
    returned = any_database.run(lambda tx: a_person(tx, external_id=kept.external_id))
    assert returned.id != gone
    with pytest.raises(PersonErased):
        any_database.run(lambda tx: people.erase(tx, gone, NOW))


def test_a_sign_in_code_is_right_once(any_database: Database) -> None:
    code = any_database.run(lambda tx: people.new_sign_in_code(tx, "+8613800138000", NOW))

    def prove(tx: Tx) -> bool:
        return people.prove_sign_in_code(tx, "+8613800138000", code, NOW + timedelta(minutes=9))

    assert any_database.run(prove)
    assert not any_database.run(prove)


def test_a_phone_is_whose_who_has_shown_it_to_be_theirs_never_whose_who_told_it_first(any_database: Database) -> None:
    phone = "+8613800138000"

    def owner() -> int | None:
        return any_database.read(lambda tx: people.phone_owner(tx, phone))

    def proved(person_id: int, minutes: int) -> None:
        any_database.run(lambda tx: people.phone_proved(tx, person_id, phone, NOW + timedelta(minutes=minutes)))

    assert owner() is None
    first = any_database.run(lambda tx: a_customer(tx, phone=phone)).id
    assert owner() is None
    city = any_database.run(a_city)
    any_database.run(lambda tx: people.set_phone(tx, city.technician.person_id, phone))
    assert owner() == city.technician.person_id  # an operator has seen it
    last = any_database.run(lambda tx: a_customer(tx, channel="telegram", phone=phone)).id
    proved(last, 0)
    assert owner() == last
    proved(first, 1)
    assert owner() == first  # the number has gone to somebody else since
    proved(city.technician.person_id, 0)
    assert owner() == city.technician.person_id


def test_a_phone_shown_to_be_ones_own_and_then_changed_is_no_longer_ones_own(database: Database) -> None:
    phone = "+8613800138000"
    customer = database.run(lambda tx: a_customer(tx, phone=phone)).id
    database.run(lambda tx: people.phone_proved(tx, customer, phone, NOW))
    database.run(lambda tx: people.set_phone(tx, customer, "+8613900139000"))

    assert database.read(lambda tx: people.phone_owner(tx, phone)) is None
    assert database.read(lambda tx: people.phone_owner(tx, "+8613900139000")) is None


def test_who_applies_as_a_technician_owns_no_phone_by_it(database: Database) -> None:
    city = database.run(a_city)
    database.run(lambda tx: people.set_phone(tx, city.technician.person_id, "+8613800138000"))
    database.run(lambda tx: tx.execute(update(technician).values(state="refused")))

    assert database.read(lambda tx: people.phone_owner(tx, "+8613800138000")) is None


def test_after_five_wrong_codes_the_right_one_is_worthless(any_database: Database) -> None:
    phone = "+8613800138000"
    any_database.run(lambda tx: a_customer(tx, phone=phone))
    code = any_database.run(lambda tx: people.new_sign_in_code(tx, phone, NOW))
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"

    for _ in range(MOST_TRIES):
        assert not any_database.run(lambda tx: people.prove_sign_in_code(tx, phone, wrong, NOW))

    assert not any_database.run(lambda tx: people.prove_sign_in_code(tx, phone, code, NOW))


def test_fifty_guesses_at_once_are_five_tries(any_database: Database) -> None:
    phone = "+8613800138000"
    any_database.run(lambda tx: a_customer(tx, phone=phone))
    code = any_database.run(lambda tx: people.new_sign_in_code(tx, phone, NOW))
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"

    with ThreadPoolExecutor(10) as threads:
        guesses = threads.map(
            lambda _: any_database.run(lambda tx: people.prove_sign_in_code(tx, phone, wrong, NOW)), range(50)
        )

    assert set(guesses) == {False}
    assert any_database.read(lambda tx: tx.scalar(select(sign_in_code.c.tries))) == MOST_TRIES


def test_a_code_grows_stale_and_no_second_one_comes_within_a_minute(database: Database) -> None:
    phone = "+8613800138000"
    database.run(lambda tx: a_customer(tx, phone=phone))
    code = database.run(lambda tx: people.new_sign_in_code(tx, phone, NOW))

    with pytest.raises(CodeTooSoon):
        database.run(lambda tx: people.new_sign_in_code(tx, phone, NOW + timedelta(seconds=59)))
    late = NOW + timedelta(minutes=10)
    assert not database.run(lambda tx: people.prove_sign_in_code(tx, phone, code, late))
    assert database.run(lambda tx: people.new_sign_in_code(tx, phone, late)).isdigit()


def test_a_person_lives_in_the_zone_they_arrived_in(database: Database) -> None:
    visitor = database.run(a_person)

    assert database.read(lambda tx: people.person(tx, visitor.id)).zone == ZONE
    with pytest.raises(NotFound):
        database.read(lambda tx: people.person(tx, 1))
