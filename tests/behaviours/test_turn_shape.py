"""Turn shape (1-6): what one message looks like, and the four ways to answer it."""

from core.catalog import adding
from core.db import Tx
from core.stores import stores
from menling.rehearsal import Person, World
from tests.behaviours.scene import (
    BOTH,
    NOW,
    PLEASE_CHECK,
    STEPS,
    WAYS_OUT,
    YES,
    ZH,
    a_customer,
    at_the_summary,
    at_wall,
    behaviour,
    choices,
    does_not_see,
    messages,
    number_of,
    only_order,
    orders_of,
    question,
    sees,
)
from tests.behaviours.table import DOORS

_DAYS = {"tap": "明天", "number": "后天", "label": "周三", "words": "周四"}


@behaviour(1)
def test_a_tap_a_number_a_label_and_free_words_come_to_the_same_order(w: World) -> None:
    people = {}
    for at, (way, day) in enumerate(_DAYS.items()):
        people[way] = person = w.person(name=way)
        person.say(f"{day}下午三点想约个肩颈按摩")
        _answers(person, way, "90 分钟", "九十分钟的那种")
        person.say(STEPS[ZH][2])
        _answers(person, way, "王师傅", "想约王师傅")
        person.say(f"1380013800{at}")
        _answers(person, way, "确认下单", "好的")

    orders = [only for person in people.values() for only in orders_of(w, person)]
    assert len(orders) == len(_DAYS)
    assert {(o.service, o.option, o.technician, o.total_minor, o.state) for o in orders} == {
        ("肩颈舒缓", "90 分钟", "王师傅", 26300, "to_pay")
    }


def _answers(person: Person, way: str, wanted: str, in_words: str) -> None:
    label = next(one for one in choices(person) if wanted in one)
    if way == "tap":
        person.press(label)
    else:
        person.say({"number": number_of(person, label), "label": label, "words": in_words}[way])


@behaviour(2)
@BOTH
def test_what_came_unasked_is_never_asked_for(w: World, lang: str) -> None:
    person = a_customer(w, lang)
    person.say(
        "明天下午三点，老地方，王师傅，肩颈90分钟"
        if lang == ZH
        else "neck massage with Wang tomorrow at 3pm, 90 minutes, the usual place"
    )

    sees(person, PLEASE_CHECK[lang], "15:00–16:30", "王师傅" if lang == ZH else "Wang")
    person.say(YES[lang])
    assert at_wall(only_order(w)) == "11-22 15:00"


@behaviour(2)
def test_facts_in_any_order_leave_only_the_missing_to_ask(w: World) -> None:
    person = w.person()
    person.say("13800138001，武侯区桐梓苑 3 栋 502，王师傅")
    person.say("肩颈按摩90分钟")
    does_not_see(person, "手机号", "上门地址", "要哪一种")
    person.say("明天下午三点")

    sees(person, PLEASE_CHECK[ZH], "王师傅", "桐梓苑 3 栋 502", "138****8001")


@behaviour(2)
@BOTH
def test_every_turn_is_one_message_with_one_question(w: World, lang: str) -> None:
    person = w.person(lang=lang)
    for said in STEPS[lang]:
        person.say(said)
        [reply] = messages(person)
        assert reply.text.count("？") + reply.text.count("?") <= 1, reply.text


@behaviour(3)
def test_a_long_list_comes_in_pages_of_at_most_eight_each_shown_once(w: World) -> None:
    person = w.person()
    person.say("我想预约")
    pages = [_page(person)]
    while True:
        person.press("更多")
        if _page(person) == pages[0]:
            break
        pages.append(_page(person))

    shown = [label for page in pages for label in page]
    assert len(shown) == len(set(shown)) == 16  # every service of the city
    assert all(len(page) < 8 for page in pages)


@behaviour(3)
def test_a_list_stays_as_it_was_while_its_pages_are_turned(w: World) -> None:
    """An operator puts a service on sale between two pages: nothing is skipped, nothing is shown twice."""
    person = w.person()
    person.say("我想预约")
    pages = [_page(person)]
    w.run(_one_more_service_in_front)
    while True:
        person.press("更多")
        if _page(person) == pages[0]:
            break
        pages.append(_page(person))

    shown = [label for page in pages for label in page]
    assert len(shown) == len(set(shown)) == 16
    person.say("头部按摩")
    sees(person, "头部按摩")  # what is new can be named all the same


def _one_more_service_in_front(tx: Tx) -> None:
    store = stores(tx)[0]
    names = {"zh-Hans": "头部按摩", "en": "Head massage"}
    new = adding.add_service(
        tx, store.id, code="head", category="massage", names=names, descriptions=names, buffer_minutes=15, position=-1
    )
    adding.add_option(tx, new.id, code="30", names={"zh-Hans": "30 分钟", "en": "30 min"}, minutes=30, price_minor=9800)


@behaviour(3)
def test_everybody_of_a_long_list_can_be_reached_by_taps(door: str) -> None:
    with World(_TOWN, now=NOW, door=door) as w:
        person = w.person()
        for said in ("想约肩颈按摩", STEPS[ZH][2]):
            person.say(said)
        reached = {label[0] for label in choices(person)}
        for _ in range(2):
            person.press("更多")
            assert len(choices(person)) <= 8
            reached |= {label[0] for label in choices(person)}

        assert reached >= set(_CREW)


_CREW = "赵钱孙李周吴郑王冯陈褚卫"
_TOWN = {
    "services": [{"name": "肩颈按摩", "options": [{"name": "60 分钟", "minutes": 60, "price": 198}]}],
    "technicians": [
        {"name": f"{name}师傅", "skills": ["肩颈按摩"], "base": [30.62, 104.07], "rota": "09:00-21:00"}
        for name in _CREW
    ],
}


def _page(person: Person) -> list[str]:
    return [label for label in choices(person) if label != "更多"]


@behaviour(4)
@BOTH
def test_back_cancel_and_a_person_are_within_reach_at_every_question(w: World, lang: str) -> None:
    person = w.person(lang=lang)
    for said in STEPS[lang]:
        person.say(said)
        sees(person, *WAYS_OUT[lang])


@behaviour(4)
@BOTH
def test_at_every_question_the_word_back_returns_and_the_word_cancel_ends_it(w: World, lang: str) -> None:
    back, cancel, _ = WAYS_OUT[lang]
    for told in range(1, len(STEPS[lang]) + 1):
        person = w.person(lang=lang)
        for said in STEPS[lang][:told]:
            person.say(said)
        asked = question(person).text
        person.say(back)
        assert question(person).text != asked
        person.say(cancel)

        does_not_see(person, asked)
        person.say(YES[lang])
        assert w.orders() == ()


@behaviour(5)
@BOTH
def test_one_script_ends_in_the_same_order_through_every_door(lang: str) -> None:
    ended = [_booked_with_a_correction(door, lang) for door in DOORS]

    assert ended[0] == ended[1] == ended[2]
    assert ended[0][:2] == ("accepted", "肩颈舒缓")


def _booked_with_a_correction(door: str, lang: str) -> tuple[object, ...]:
    with World(now=NOW, door=door) as w:
        wang = w.person(demo="wang")
        person = at_the_summary(w, lang)
        person.say("改成四点吧" if lang == ZH else "no, 4pm")
        person.say("会带精油吗？" if lang == ZH else "do you bring oil?")
        person.say(YES[lang])
        person.pay()
        wang.press("接单")
        assert w.check() == []
        outcome: tuple[object, ...] = only_order(w).outcome
        return outcome


@behaviour(6)
def test_a_button_of_an_older_question_is_answered_with_the_question_now_open(w: World) -> None:
    person = w.person()
    person.say(STEPS[ZH][0])
    person.press("90 分钟")
    now_open = question(person).text
    person.press("60 分钟")

    sees(person, "过期", now_open)
    for said in (*STEPS[ZH][2:], "好的"):
        person.say(said)
    assert only_order(w).option == "90 分钟"


@behaviour(6, doors=("wechat",))
def test_on_wechat_a_number_of_a_longer_older_list_is_told_that_the_list_has_changed(wechat: World) -> None:
    person = wechat.person()
    person.say("我想预约")
    assert len(choices(person)) == 8
    person.press("肩颈舒缓")
    assert len(choices(person)) == 2
    person.say("7")

    sees(person, "变", "60 分钟", "90 分钟")
    person.say("2")
    sees(person, "地址")


@behaviour(6, doors=("wechat",))
def test_on_wechat_a_card_in_the_middle_of_a_numbered_question_never_gives_a_number_two_meanings(wechat: World) -> None:
    wang = wechat.person(demo="wang")
    person = at_the_summary(wechat)
    person.say("好的")
    person.pay()
    person.say("再约一个足疗")
    asked = choices(person)
    wang.press("接单")

    card = person.replies[-1]
    assert asked != list(card.buttons)
    person.say("2")
    sees(person, "想约哪位")  # the second of the question; the card's own buttons have two digits
    assert only_order(wechat).state == "accepted"
