"""What the stories of the 47 behaviours start from: their number, the people, and what these see and what is kept.

The people of the demo city live in Chengdu; it is Saturday, 21 November 2026, ten in the morning.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import pytest

from bots.telegram.words import WORDS
from menling.rehearsal import OrderSeen, Person, Reply, World
from menling.rehearsal.desk import Operator
from tests.behaviours.table import DOORS

T = TypeVar("T", bound=Callable[..., Any])

ZH, EN = "zh-Hans", "en"
BOTH = pytest.mark.parametrize("lang", [ZH, EN])

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
"""Saturday, 10:00 in Chengdu."""

WAYS_OUT = {ZH: ("返回", "取消", "人工"), EN: ("Back", "Cancel", "A person")}

# One sentence from each of two demo customers, with everything in it; both come to a summary at once.
ALL_IN_ONE = {
    ZH: "明天下午三点肩颈按摩90分钟王师傅在家",
    EN: "tomorrow at 3pm, neck massage, 90 minutes, at home, with Wang",
}
CUSTOMER = {ZH: "xiaoyu", EN: "emma"}
PLEASE_CHECK = {ZH: "请核对", EN: "Please check"}
YES = {ZH: "好的", EN: "yes please"}
TOTAL = {ZH: 26300, EN: 26600}

_SHARING = {
    hint for one in WORDS.values() for hint in (one.share_phone_hint, one.share_location_hint, one.keyboard_gone)
}

# The same told bit by bit by somebody new.
STEPS = {
    ZH: ("明天下午三点想约个肩颈按摩", "90分钟的", "武侯区桐梓苑 3 栋 502", "王师傅", "13800138001"),
    EN: (
        "could I book a neck massage tomorrow at 3pm",
        "the 90 minute one",
        "Tongzi Court, Block 3, 502, Wuhou",
        "Wang",
        "+44 7700 900123",
    ),
}


def behaviour(*numbers: int, doors: tuple[str, ...] = DOORS) -> Callable[[T], T]:
    """Say which of the 47 a test keeps; docs/behaviours.md is drawn from these, so numbers stand here literally."""
    assert all(1 <= number <= 47 for number in numbers)
    assert set(doors) <= set(DOORS)
    return lambda test: test


# --- what a person sees


def seen(person: Person) -> str:
    """Everything that came since the last act, words and labels."""
    return "\n".join(reply.shown for reply in person.replies)


def sees(person: Person, *texts: str) -> str:
    """All of these texts came, in words or on buttons."""
    came = seen(person)
    for text in texts:
        assert text in came, f"{text!r} is not in\n{came}"
    return came


def does_not_see(person: Person, *texts: str) -> None:
    """None of these texts came."""
    came = seen(person)
    for text in texts:
        assert text not in came, f"{text!r} is in\n{came}"


def messages(person: Person) -> list[Reply]:
    """What came since the last act, but for Telegram's hints that a keyboard now shares the phone or the place."""
    return [reply for reply in person.replies if reply.text not in _SHARING]


def question(person: Person) -> Reply:
    """The newest message."""
    came = messages(person)
    assert came, "silence"
    return came[-1]


def choices(person: Person) -> list[str]:
    """The labels of the newest message that answer its question, ways out and links left aside."""
    last = question(person)
    links = {link.label for link in last.links}
    out = {*WAYS_OUT[ZH], *WAYS_OUT[EN], *links}
    return [label for label in last.buttons if label not in out]


def number_of(person: Person, label: str) -> str:
    """The number that stands for a choice: its place in the list."""
    at = next(at for at, one in enumerate(choices(person)) if label in one)
    return str(at + 1)


# --- what is kept


def first_ticket(w: World, desk: Operator) -> Any:
    """The case at the head of the operators' queue."""
    tickets = desk.get("/tickets")["items"]
    assert tickets, "nobody is waiting"
    return desk.get(f"/tickets/{tickets[0]['id']}")


def at_wall(order: OrderSeen) -> str:
    """The start of an order on the wall clock of Chengdu: 11-22 15:00."""
    return f"{order.starts_at:%m-%d %H:%M}"


def only_order(w: World) -> OrderSeen:
    """The one order there is."""
    [order] = w.orders()
    return order


def orders_of(w: World, *people: Person) -> list[OrderSeen]:
    """The orders of these people, oldest first."""
    ids = {person.person_id for person in people}
    return [order for order in w.orders() if order.person_id in ids]


# --- stretches that a test is not about


def a_customer(w: World, lang: str = ZH) -> Person:
    """Somebody who has been here before, with phone and addresses on record."""
    return w.person(demo=CUSTOMER[lang], lang=lang)


def at_the_summary(w: World, lang: str = ZH, said: str | None = None) -> Person:
    """A customer in front of the summary: tomorrow 15:00 with Wang, neck and shoulders, 90 minutes, at home."""
    person = a_customer(w, lang)
    person.say(said or ALL_IN_ONE[lang])
    sees(person, PLEASE_CHECK[lang])
    return person


def newcomer_at_the_summary(w: World, lang: str = ZH, phone: str | None = None) -> Person:
    """The same by somebody new, bit by bit."""
    person = w.person(lang=lang)
    for said in (*STEPS[lang][:-1], phone or STEPS[lang][-1]):
        person.say(said)
    sees(person, PLEASE_CHECK[lang])
    return person


def to_pay(w: World, lang: str = ZH) -> Person:
    """A customer whose order waits for its payment."""
    person = at_the_summary(w, lang)
    person.say(YES[lang])
    assert orders_of(w, person)[-1].state == "to_pay"
    return person


def paid(w: World, lang: str = ZH) -> tuple[Person, Person]:
    """A customer who has paid, and Wang, who is asked."""
    wang = w.person(demo="wang", lang=ZH)
    person = to_pay(w, lang)
    person.pay()
    assert orders_of(w, person)[-1].state == "to_accept"
    return person, wang


def accepted(w: World, lang: str = ZH) -> tuple[Person, Person]:
    """A customer whose visit Wang has taken."""
    person, wang = paid(w, lang)
    wang.press("接单")
    assert orders_of(w, person)[-1].state == "accepted"
    return person, wang


def departed(w: World, lang: str = ZH) -> tuple[Person, Person]:
    """Wang is on the way."""
    person, wang = accepted(w, lang)
    w.at(orders_of(w, person)[-1].starts_at - timedelta(minutes=40))
    wang.press("我出发了")
    assert orders_of(w, person)[-1].state == "departed"
    return person, wang
