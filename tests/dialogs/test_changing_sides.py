"""Somebody else, an order nobody has accepted yet, and a technician who asks."""

from core.orders.cancelling import cancel_by_operator
from dialogs.incoming import Press
from tests.dialogs.changing import BOTH, NO, YES, local, proposes, requests, swaps
from tests.dialogs.chat import World
from tests.dialogs.steps import ZH, accepted, paid

# somebody else


@BOTH
def test_somebody_else_comes_once_they_have_said_yes(world: World, lang: str) -> None:
    chat, wang, li = swaps(world, lang)
    assert chat.order.technician_id == wang.working.id
    li.sees("换您上门" if lang == ZH else "come instead", "15:00")
    li.does_not_see("望京花园 3", "Block 3", "138 0013 8000")
    li.presses(YES[lang])
    li.sees("望京花园" if lang == ZH else "Wangjing")
    world.deliver()

    assert chat.order.technician_id == li.working.id
    chat.sees("李师傅" if lang == ZH else "Li")
    wang.sees("不用去了" if lang == ZH else "needn't go", "15:00")
    wang.does_not_see("李" if lang == ZH else "Li ")
    assert chat.order.total_minor == 26300
    world.settled()


@BOTH
def test_somebody_elses_no_leaves_who_had_it(world: World, lang: str) -> None:
    chat, wang, li = swaps(world, lang)
    li.presses(NO[lang])
    li.presses("太远" if lang == ZH else "Too far")
    world.deliver()

    assert chat.order.technician_id == wang.working.id
    chat.sees("王师傅上门" if lang == ZH else "with Wang")
    assert not [m for m in wang.received if ("不用去" if lang == ZH else "needn't go") in m.body.text]
    world.settled()


@BOTH
def test_another_technician_is_chosen_among_those_free_then(world: World, lang: str) -> None:
    chat, wang = accepted(world, lang)
    chat.says("换个师傅" if lang == ZH else "can I have a different therapist")

    assert chat.asking == "technician"
    assert not [label for label in chat.labels if ("王师傅" if lang == ZH else "Wang") in label]
    chat.presses("谁都行" if lang == ZH else "Anyone")
    assert chat.asking == "*summary*"
    assert chat.held[0].technician_id != wang.working.id
    assert chat.start == "11-22 15:00"


# before anybody has accepted


@BOTH
def test_an_order_nobody_has_accepted_moves_at_once(world: World, lang: str) -> None:
    chat, wang = paid(world, lang)
    world.deliver()
    old = Press(wang.token("接单" if lang == ZH else "Accept"))
    chat.says("改到后天下午四点" if lang == ZH else "can we make it Monday at 4pm instead")
    chat.presses("就这样改" if lang == ZH else "Change it")
    world.deliver()

    assert (local(chat), chat.order.state) == ("11-23 16:00", "to_accept")
    wang.sends(old)
    assert chat.order.state == "to_accept"
    wang.presses("接单" if lang == ZH else "Accept")
    assert chat.order.state == "accepted"
    world.settled()


@BOTH
def test_an_order_not_paid_yet_moves_at_once_and_is_paid_then(world: World, lang: str) -> None:
    chat = world.chat("lin", lang)
    chat.books()
    chat.says("改到后天下午四点" if lang == ZH else "can we make it Monday at 4pm instead")
    chat.sees("¥263")
    chat.presses("就这样改" if lang == ZH else "Change it")

    assert (local(chat), chat.order.state) == ("11-23 16:00", "to_pay")
    chat.sees("付款" if lang == ZH else "Pay")
    chat.pays()
    assert chat.order.state == "to_accept"
    world.settled()


# the technician asks


@BOTH
def test_a_technician_s_wish_for_another_time_waits_for_the_customer(world: World, lang: str) -> None:
    chat, wang = proposes(world, lang)

    assert local(chat) == "11-22 15:00"
    wang.sees("还是" if lang == ZH else "still")
    chat.sees("临时有变动" if lang == ZH else "something has come up", "16:00")
    chat.does_not_see("时间不合适", "suit")
    chat.presses(YES[lang])
    world.deliver()

    assert local(chat) == "11-23 16:00"
    wang.sees("顾客同意了" if lang == ZH else "has agreed")
    world.settled()


@BOTH
def test_a_customer_who_would_rather_keep_the_time_needs_no_reason(world: World, lang: str) -> None:
    chat, wang = proposes(world, lang)
    chat.presses("还是原来的时间" if lang == ZH else "Keep the present time")
    chat.sees("15:00")
    world.deliver()

    assert (local(chat), requests(world)) == ("11-22 15:00", ["refused"])
    wang.sees("照原来的时间" if lang == ZH else "keep the present time")
    world.settled()


@BOTH
def test_a_time_the_customer_names_answers_the_technicians_request(world: World, lang: str) -> None:
    chat, wang = proposes(world, lang)
    chat.says("改到后天下午五点" if lang == ZH else "can we make it Monday at 5pm instead")
    chat.presses("就这样改" if lang == ZH else "Change it")
    world.deliver()

    assert requests(world) == ["refused", "open"]
    wang.presses(YES[lang])
    assert local(chat) == "11-23 17:00"
    world.settled()


@BOTH
def test_a_technician_says_it_in_words(world: World, lang: str) -> None:
    chat, wang = accepted(world, lang)
    wang.says("这单要改时间" if lang == ZH else "I need to reschedule this one")
    assert (wang.flow, wang.asking) == ("propose_time", "start")
    wang.says("推迟一小时" if lang == ZH else "an hour later")
    assert wang.start == "11-22 16:00"
    wang.says("算了" if lang == ZH else "never mind")
    wang.sees("照旧" if lang == ZH else "stays as it was")
    assert local(chat) == "11-22 15:00"
    assert requests(world) == []


@BOTH
def test_a_technician_takes_the_request_back(world: World, lang: str) -> None:
    chat, wang = proposes(world, lang)
    wang.says("不改了" if lang == ZH else "leave it as it was")
    world.deliver()

    chat.sees("又可以了" if lang == ZH else "after all", "15:00")
    assert requests(world) == ["withdrawn"]


# a refusal


def test_a_change_refused_at_the_yes_lets_go_of_the_time_it_held(world: World) -> None:
    chat, _ = accepted(world, ZH)
    chat.says("改到后天下午四点")
    (held,) = chat.held
    assert held.starts_at != chat.order.starts_at
    order_id, now = chat.order.id, world.now
    world.run(lambda tx: cancel_by_operator(tx, order_id, operator_id=1, reason="rain", now=now))

    chat.presses("就这样改")

    assert chat.flow is None
    assert chat.held == []
    world.settled()
