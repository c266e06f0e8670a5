"""Thousands of random steps, by this process and another, kept and undone: the calendar says what the oracle says.

Every refusal names the oracle's rule, every slot offered can be held, and nothing that was undone is remembered.
"""

import random
from collections.abc import Iterator

import pytest

from core.db import Database
from core.invariants import check_invariants
from tests.core.calendar.comparing import Question, a_question, compare_slots
from tests.core.calendar.scenes import SCENES, a_world
from tests.core.calendar.walk import Plan, Walk
from tests.core.calendar.walking import Answer, DoneAndFailed, Hand, Here, Neighbour, Twice, UndoneThenMore

STEPS = 400


@pytest.fixture(scope="module")
def neighbour() -> Iterator[Neighbour]:
    """One other process for all walks of this worker."""
    found = Neighbour()
    yield found
    found.end()


@pytest.fixture
def there(neighbour: Neighbour, database_url: str, database: Database) -> Iterator[Neighbour]:
    neighbour.open(database_url)
    yield neighbour
    neighbour.shut()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("seed", range(25))
def test_whatever_happens_the_calendar_says_what_plain_reckoning_says(
    database: Database, there: Neighbour, seed: int
) -> None:
    walk_through(database, there, seed, STEPS)


@pytest.mark.parametrize("database_url", ["mariadb", "postgresql"], indirect=True)
@pytest.mark.parametrize("seed", [101, 102, 103])
def test_on_servers_it_says_the_same(database: Database, there: Neighbour, seed: int) -> None:
    walk_through(database, there, seed, 334)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_among_many_technicians_it_says_the_same(database: Database, there: Neighbour) -> None:
    walk_through(database, there, 201, 50, staff=150)


def walk_through(database: Database, there: Neighbour, seed: int, steps: int, staff: int = 6) -> None:
    dice, scene = random.Random(seed), SCENES[seed % len(SCENES)]
    walk = Walk(database.run(lambda tx: a_world(tx, scene, dice, staff)), scene, dice)
    here = Here(database)
    for step in range(steps):
        walk.pass_time()
        take(walk, walk.plan(), here, there)
        question = a_question(walk)
        asked = dice.choice([here.read, here.read, here.run, there.read, there.run])
        assert asked(question.do(walk.now)).value == question.answer(walk)
        if step % 8 == 0:
            compare_slots(walk, here if dice.random() < 0.5 else there)
        if step % 10 == 9:
            found = database.read(check_invariants)
            assert [line for line in found if "which does not exist" not in line] == []
    assert walk.sold > steps // 20
    assert len(walk.refusals) >= 3


def take(walk: Walk, plan: Plan, here: Here, there: Neighbour) -> None:
    """Do the step here or there; alone, with another in one unit, beside units that fail, or undone and gone on."""
    hand: Hand = there if walk.dice.random() < 0.3 else here
    question = a_question(walk)
    look = question.do(walk.now)
    match walk.dice.choices(["alone", "twice", "beside", "undone", "failed"], [70, 10, 7, 7, 6])[0]:
        case "twice":
            do_twice(walk, plan, question, hand)
        case "beside":
            failing = [DoneAndFailed(walk.plan().do, look) for _ in range(2)]
            first, answer, last = here.together([failing[0], plan.do, failing[1]])
            assert (first.undone, last.undone) == (True, True)
            plan.settle(answer)
        case "undone":
            more = walk.hold()
            seen, answer, at_last = hand.run(UndoneThenMore(plan.do, look, more.do)).value
            assert seen == question.answer(walk)
            more.settle(answer)
            assert at_last == question.answer(walk)
        case "failed":
            assert hand.run(DoneAndFailed(plan.do, look)).undone
        case _:
            plan.settle(hand.run(plan.do))


def do_twice(walk: Walk, plan: Plan, question: Question, hand: Hand) -> None:
    more = walk.hold()
    answer = hand.run(Twice(plan.do, question.do(walk.now), more.do))
    if answer.refused:
        plan.settle(answer)
        return
    value, seen, other, at_last = answer.value
    plan.settle(Answer(value))
    assert seen == question.answer(walk)
    more.settle(other)
    assert at_last == question.answer(walk)
