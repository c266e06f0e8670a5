"""An operator gives a visit to somebody else: what the customer and both technicians read and can press."""

from datetime import timedelta

import pytest

from core import dispatch
from core.calendar import occupation_of
from core.calendar.occupations import set_leg
from core.db import Tx
from core.orders.alerts import alert_worse_off
from core.settings import change
from dialogs.incoming import Press
from tests.dialogs.chat import Chat, World
from tests.dialogs.steps import EN, ZH, accepted, in_english, paid

BOTH = pytest.mark.parametrize("lang", [ZH, EN])
_DOOR = {ZH: ("望京花园", "138 0013 8000"), EN: ("Wangjing Garden", "+447700900123")}
_HOME = {ZH: ("从家里出发", "尽快动身"), EN: ("from home", "set out at once")}
_ON = {ZH: ("前面一单直接过去",), EN: ("straight from the one before",)}


def gives(world: World, chat: Chat, who: Chat, *, agreed: bool) -> None:
    """An operator's word at the desk."""
    order_id, technician_id = chat.order.id, who.working.id
    world.run(
        lambda tx: dispatch.assign(
            tx, order_id, technician_id=technician_id, agreed=agreed, operator_id=7, now=world.now
        )
    )
    world.deliver()


@BOTH
def test_who_agreed_on_the_phone_finds_the_visit_with_its_door_and_sets_out(world: World, lang: str) -> None:
    chat, wang = accepted(world, lang)
    li = in_english(world.technician("li"), lang)

    gives(world, chat, li, agreed=True)

    chat.sees(*(("换由", "价格不变", "取消") if lang == ZH else ("instead", "the price", "Cancel")))
    wang.sees(*(("改派", "不用去了") if lang == ZH else ("to somebody else", "needn't go")))
    li.sees("安排给您" if lang == ZH else "is yours", chat.order.code, *_DOOR[lang])
    world.at(chat.order.starts_at - timedelta(minutes=40))
    li.presses("我出发了" if lang == ZH else "I'm on my way")
    assert chat.order.state == "departed"
    world.settled()


@BOTH
def test_a_button_of_the_technician_who_lost_the_visit_moves_nothing_and_opens_no_door(world: World, lang: str) -> None:
    chat, wang = accepted(world, lang)
    old = Press(wang.token("我出发了" if lang == ZH else "I'm on my way"))
    gives(world, chat, in_english(world.technician("li"), lang), agreed=True)

    wang.sends(old)

    assert chat.order.state == "accepted"
    wang.does_not_see(*_DOOR[lang])


@BOTH
def test_a_visit_given_away_twice_before_the_message_went_out_shows_its_door_to_one(world: World, lang: str) -> None:
    chat, wang = accepted(world, lang)
    li = in_english(world.technician("li"), lang)
    order_id, first, second = chat.order.id, li.working.id, wang.working.id

    def there_and_back(tx: Tx) -> None:
        for who in (first, second):
            dispatch.assign(tx, order_id, technician_id=who, agreed=True, operator_id=7, now=world.now)

    world.run(there_and_back)
    world.deliver()

    assert not [said for said in _DOOR[lang] if said in li.transcript()]
    li.sees("改派" if lang == ZH else "to somebody else")


@BOTH
def test_who_is_asked_by_an_operator_gets_an_ordinary_offer(world: World, lang: str) -> None:
    chat, _ = accepted(world, lang)
    li = in_english(world.technician("li"), lang)

    gives(world, chat, li, agreed=False)

    li.sees("新单" if lang == ZH else "New visit", chat.order.code)
    li.presses("接单" if lang == ZH else "Accept")
    assert chat.order.state == "accepted"


@BOTH
def test_the_customer_is_told_of_the_last_of_several_changes_only(world: World, lang: str) -> None:
    chat, _ = accepted(world, lang)
    order_id, others = chat.order.id, [world.technician(code).working.id for code in ("li", "susu")]

    def twice(tx: Tx) -> None:
        for who in others:
            dispatch.assign(tx, order_id, technician_id=who, agreed=True, operator_id=7, now=world.now)

    world.run(twice)
    world.deliver()

    said = "换由" if lang == ZH else "instead"
    assert chat.transcript().count(said) == 1
    chat.sees("苏苏" if lang == ZH else "Susan")


@BOTH
@pytest.mark.parametrize(("lead", "urgent"), [(20_000, True), (0, False)])
def test_an_urgent_offer_says_so(world: World, lang: str, lead: int, urgent: bool) -> None:
    world.run(lambda tx: change(tx, "urgent_lead_minutes", lead, world.now))
    for code in ("wang", "li", "susu"):
        in_english(world.technician(code), lang)
    chat, _ = paid(world, lang, who="随便" if lang == ZH else "anyone is fine")

    offered = "到手" if lang == ZH else "You earn"
    asked = next(one for one in world.chats.values() if one.received and offered in one.text)

    words = ("急单", "新单") if lang == ZH else ("Urgent visit", "New visit")
    asked.sees(words[0 if urgent else 1], chat.order.code, "10:02" if urgent else "10:05")


@BOTH
@pytest.mark.parametrize("home", [True, False])
def test_a_technician_whose_next_way_became_too_long_reads_how_long_it_is(world: World, lang: str, home: bool) -> None:
    chat, wang = accepted(world, lang)
    order_id = chat.order.id

    def alert(tx: Tx) -> None:
        taken = occupation_of(tx, order_id)
        assert taken is not None
        set_leg(tx, taken.id, minutes=47, leg_from="base" if home else "1")
        alert_worse_off(tx, [taken], now=world.now)

    world.run(alert)
    world.deliver()

    wang.sees(chat.order.code, "15:00", "47", *(_HOME if home else _ON)[lang])
