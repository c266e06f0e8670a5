from datetime import timedelta

import pytest
from sqlalchemy import select

from core import people, reviews, technicians
from core.db import Database
from core.errors import BookingError, InvalidInput, NotFound, StateConflict
from core.files import FilePurpose
from core.messages.tables import message
from core.orders import moves
from core.orders.states import OrderState
from core.reviews import Stars
from core.reviews.tables import review as review_table
from core.technicians import roster
from tests.builders import NOW, a_city, a_customer
from tests.visits import STARTS_AT, a_photo, an_order

FIVE = Stars(5, 5, 5, 5, 5)
LATER = STARTS_AT + timedelta(hours=3)


def test_a_review_moves_the_order_counts_its_stars_and_reaches_the_technician(any_database: Database) -> None:
    city = any_database.run(a_city)
    order = any_database.run(lambda tx: an_order(tx, city, state=OrderState.CONFIRMED))
    photo = any_database.run(lambda tx: a_photo(tx, city.customer.id, FilePurpose.REVIEW))
    stars = Stars(attitude=5, skill=4, efficiency=3, agreement=5, overall=4)

    made = any_database.run(
        lambda tx: reviews.add(
            tx, order.id, person_id=city.customer.id, stars=stars, words=" 手法很好 ", photo_file_id=photo, now=LATER
        )
    )

    assert (made.words, made.stars, made.photo_file_id) == ("手法很好", stars, photo)
    assert any_database.read(lambda tx: moves.load(tx, order.id)).state is OrderState.REVIEWED
    card = any_database.read(roster).get(city.technician.id)
    assert (card.stars_sum, card.stars_count) == (48 + 4, 10 + 1)
    assert any_database.read(lambda tx: reviews.reviews_of(tx, city.technician.id, 10)) == (made,)
    assert any_database.read(lambda tx: reviews.review_of_order(tx, order.id)) == made
    told = any_database.read(lambda tx: tx.all(select(message).where(message.c.template == "reviewed")))
    assert [(row.person_id, row.facts["stars"]) for row in told] == [(city.technician.person_id, 4)]


def test_a_review_of_a_finished_visit_confirms_it_first(any_database: Database) -> None:
    city = any_database.run(a_city)
    order = any_database.run(lambda tx: an_order(tx, city, state=OrderState.FINISHED))

    any_database.run(
        lambda tx: reviews.add(
            tx, order.id, person_id=city.customer.id, stars=FIVE, words=None, photo_file_id=None, now=LATER
        )
    )

    after = any_database.read(lambda tx: moves.load(tx, order.id))
    assert (after.state, after.confirmed_at) == (OrderState.REVIEWED, LATER)
    assert any_database.read(lambda tx: technicians.technician(tx, city.technician.id)).visits_done == 1


@pytest.mark.parametrize("state", [OrderState.TO_PAY, OrderState.ACCEPTED, OrderState.IN_SERVICE])
def test_a_visit_not_over_yet_cannot_be_reviewed(database: Database, state: OrderState) -> None:
    city = database.run(a_city)
    order = database.run(lambda tx: an_order(tx, city, state=state))

    with pytest.raises(StateConflict):
        database.run(
            lambda tx: reviews.add(
                tx, order.id, person_id=city.customer.id, stars=FIVE, words=None, photo_file_id=None, now=LATER
            )
        )

    assert database.read(lambda tx: reviews.review_of_order(tx, order.id)) is None
    assert database.read(roster).get(city.technician.id).stars_count == 10


def test_a_visit_is_reviewed_once_and_only_by_its_customer(database: Database) -> None:
    city = database.run(a_city)
    order = database.run(lambda tx: an_order(tx, city, state=OrderState.CONFIRMED))
    stranger = database.run(a_customer)

    def review(person_id: int, photo: int | None = None) -> None:
        database.run(
            lambda tx: reviews.add(
                tx, order.id, person_id=person_id, stars=FIVE, words=None, photo_file_id=photo, now=LATER
            )
        )

    with pytest.raises(NotFound):
        review(stranger.id)
    with pytest.raises(NotFound):
        review(city.customer.id, database.run(lambda tx: a_photo(tx, stranger.id)))
    review(city.customer.id)
    with pytest.raises(StateConflict):
        review(city.customer.id)
    assert database.read(roster).get(city.technician.id).stars_count == 11


@pytest.mark.parametrize(
    ("stars", "words"),
    [(Stars(0, 5, 5, 5, 5), None), (Stars(5, 5, 5, 5, 6), None), (FIVE, "长" * 1001)],
)
def test_impossible_stars_and_endless_words_are_refused(database: Database, stars: Stars, words: str | None) -> None:
    city = database.run(a_city)
    order = database.run(lambda tx: an_order(tx, city, state=OrderState.CONFIRMED))

    with pytest.raises(BookingError) as refusal:
        database.run(
            lambda tx: reviews.add(
                tx, order.id, person_id=city.customer.id, stars=stars, words=words, photo_file_id=None, now=LATER
            )
        )
    assert isinstance(refusal.value, InvalidInput)


def test_an_erased_customers_words_are_gone_and_the_stars_stay(database: Database) -> None:
    city = database.run(a_city)
    order = database.run(lambda tx: an_order(tx, city, state=OrderState.CONFIRMED))
    database.run(
        lambda tx: reviews.add(
            tx, order.id, person_id=city.customer.id, stars=FIVE, words="canary", photo_file_id=None, now=LATER
        )
    )
    row = database.read(lambda tx: tx.first(select(review_table)))
    assert row is not None
    assert b"canary" not in bytes(row.words_sealed)

    database.run(lambda tx: people.erase(tx, city.customer.id, NOW))

    (left,) = database.read(lambda tx: reviews.reviews_of(tx, city.technician.id, 5))
    assert (left.words, left.stars) == (None, FIVE)
