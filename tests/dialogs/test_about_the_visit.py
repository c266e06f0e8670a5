"""What customers say of their visit that no flow can do: answered as far as it is known, with a person within reach."""

from collections.abc import Callable

import pytest

from core.orders.states import OrderState
from tests.dialogs.chat import Chat, World
from tests.dialogs.steps import EN, ZH, accepted, arrived, finished, in_service, paid

_PERSON = {ZH: "人工", EN: "A person"}


def _says(chat: Chat, lang: str, said: str, told: str) -> None:
    state = chat.order.state
    chat.says(said)

    chat.sees(told, chat.order.code)
    assert (chat.flow, chat.order.state) == (None, state)
    assert chat.labels[0] == _PERSON[lang]


@pytest.mark.parametrize(
    ("lang", "said", "told"),
    [
        (ZH, "师傅电话多少", "号码不对外给"),
        (ZH, "师傅会提前联系我吗", "号码不对外给"),
        (ZH, "加钟可以吗", "加不了时长"),
        (ZH, "我把地址写错了", "改不了"),
        (ZH, "我朋友在家，他电话13900001111", "改不了"),
        (ZH, "门禁密码是1234#", "改不了"),
        (ZH, "她让我加微信转账", "请不要私下付钱"),
        (ZH, "师傅让我转账", "请不要私下付钱"),
        (ZH, "提醒他带上工具", "改不了"),
        (EN, "what's his number", "give out technicians' numbers"),
        (EN, "can you extend it to two hours", "longer"),
        (EN, "I gave you the wrong address", "can't change the address"),
        (EN, "door code is 1234", "can't change the address"),
    ],
)
def test_of_a_visit_that_stands(world: World, lang: str, said: str, told: str) -> None:
    chat, _ = accepted(world, lang)

    _says(chat, lang, said, told)


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        (ZH, "我在洗澡等五分钟"),
        (ZH, "师傅敲错门了"),
        (ZH, "走错楼了"),
        (ZH, "我还没到家"),
        (EN, "I'm in the shower"),
        (EN, "I'm not home"),
    ],
)
def test_with_the_technician_at_the_door(world: World, lang: str, said: str) -> None:
    chat, _ = arrived(world, lang)

    _says(chat, lang, said, "改不了" if lang == ZH else "can't change")


@pytest.mark.parametrize(
    ("lang", "said", "told"),
    [
        (ZH, "按得太重了", "力度"),
        (ZH, "能加半小时吗", "加不了时长"),
        (EN, "can we go longer", "longer"),
        (EN, "he asked me to pay cash", "pay nobody privately"),
    ],
)
def test_of_a_visit_that_runs(world: World, lang: str, said: str, told: str) -> None:
    chat, _ = in_service(world, lang)

    _says(chat, lang, said, told)


@pytest.mark.parametrize(("lang", "said"), [(ZH, "什么时候结束"), (EN, "when does it end")])
def test_when_a_visit_that_runs_will_end(world: World, lang: str, said: str) -> None:
    chat, _ = in_service(world, lang)
    chat.says(said)

    chat.sees("16:30")


@pytest.mark.parametrize(
    ("lang", "said", "told"),
    [
        (ZH, "有东西落下了", "替您问"),
        (ZH, "钱扣多了", "核对"),
        (EN, "I left my ring", "straight away"),
        (EN, "my ring is gone", "straight away"),
        (EN, "I was overcharged", "check it"),
    ],
)
def test_of_a_visit_that_is_over(world: World, lang: str, said: str, told: str) -> None:
    chat, _ = finished(world, lang)

    _says(chat, lang, said, told)


@pytest.mark.parametrize(("lang", "said"), [(ZH, "我的订单不见了"), (EN, "my order is missing")])
def test_an_order_that_is_not_seen_was_not_left_with_the_technician(world: World, lang: str, said: str) -> None:
    chat, _ = finished(world, lang)
    chat.says(said)

    chat.does_not_see("替您问", "straight away")


@pytest.mark.parametrize(("lang", "said"), [(ZH, "我要退款"), (EN, "I want a refund")])
def test_money_back_for_a_visit_that_took_place_is_for_a_person(world: World, lang: str, said: str) -> None:
    chat, _ = finished(world, lang)

    _says(chat, lang, said, "已经做完" if lang == ZH else "has taken place")


@pytest.mark.parametrize("said", ["催一下", "能快点吗", "还要等多久", "hurry up", "how long do I have to wait"])
def test_who_cannot_wait_is_told_how_it_stands(world: World, said: str) -> None:
    lang = EN if said.isascii() else ZH
    chat, _ = paid(world, lang)
    chat.says(said)

    chat.sees("正在等王师傅确认" if lang == ZH else "waiting for Wang to accept")


@pytest.mark.parametrize(
    ("said", "flow"), [("取消吧我不在家", "cancel_order"), ("我那会儿不在家，改到后天下午", "retime")]
)
def test_what_is_to_be_done_besides_is_done(world: World, said: str, flow: str) -> None:
    chat, _ = accepted(world, ZH)
    chat.says(said)

    assert chat.flow == flow


@pytest.mark.parametrize("said", ["师傅电话多少", "我把地址写错了", "按得太重了", "有东西落下了"])
@pytest.mark.parametrize("stretch", [None, paid])
def test_without_such_a_visit_nothing_is_said_of_one(
    world: World, said: str, stretch: Callable[[World, str], tuple[Chat, Chat]] | None
) -> None:
    chat = world.chat("new") if stretch is None else stretch(world, ZH)[0]
    chat.says(said)

    if stretch is None:
        chat.does_not_see("订单 ", "替您问")
    else:
        chat.does_not_see("力度", "替您问")
    assert all(order.state is OrderState.TO_ACCEPT for order in chat.orders)


@pytest.mark.parametrize(
    ("lang", "said"),
    [(ZH, "我晚点发给你"), (ZH, "用我的定位"), (ZH, "一会儿告诉你"), (ZH, "你定位我吧"), (EN, "use my location")],
)
def test_no_address_yet_is_no_address(world: World, lang: str, said: str) -> None:
    chat = world.chat("lin", lang)
    chat.says("明天下午三点肩颈按摩60分钟" if lang == ZH else "neck massage 60 min tomorrow 3pm")
    chat.says(said)

    assert chat.asking == "address"
    chat.sees("定位" if lang == ZH else "location")
    chat.does_not_see("谁都行", "在哪个区", "Which district")


@pytest.mark.parametrize(
    ("lang", "said"), [(ZH, "天府大道88号，房号一会儿发你"), (EN, "88 Tianfu Avenue, I'll tell you the flat later")]
)
def test_an_address_whose_flat_is_to_come_is_an_address_and_moves_no_time(world: World, lang: str, said: str) -> None:
    chat = world.chat("lin", lang)
    chat.says("明天下午三点肩颈按摩60分钟" if lang == ZH else "neck massage 60 min tomorrow 3pm")
    chat.says(said)

    assert chat.asking != "address"
    chat.sees("15:00")
