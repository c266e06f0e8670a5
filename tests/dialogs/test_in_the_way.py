"""A technician on the way, at the door or at work meets something: told what to do, and a person is within reach."""

from datetime import timedelta

import pytest

from core.orders.states import OrderState
from tests.dialogs.chat import Chat, World
from tests.dialogs.steps import EN, ZH, accepted, arrived, in_service


def departed(world: World, lang: str) -> tuple[Chat, Chat]:
    chat, wang = accepted(world, lang)
    world.at(chat.order.starts_at - timedelta(minutes=40))
    wang.says("我出发了" if lang == ZH else "on my way")
    return chat, wang


@pytest.mark.parametrize(
    ("lang", "said", "told"),
    [
        (ZH, "保安不让进", "先打顾客电话"),
        (ZH, "找不到地方", "先打顾客电话"),
        (ZH, "爆胎了去不了", "同事来换人"),
        (EN, "the guard won't let me in", "Ring the customer first"),
        (EN, "flat tyre, can't make it", "passed on by a colleague"),
    ],
)
def test_on_the_way(world: World, lang: str, said: str, told: str) -> None:
    chat, wang = departed(world, lang)
    wang.says(said)

    wang.sees(told, "人工" if lang == ZH else "A person")
    assert (wang.flow, chat.order.state) == (None, OrderState.DEPARTED)


@pytest.mark.parametrize("said", ["等了二十分钟没人", "没人开门", "敲了半天门没人理"])
def test_at_a_door_nobody_opens_the_code_is_still_asked_for(world: World, said: str) -> None:
    _, wang = arrived(world, ZH)
    wang.says(said)

    wang.sees("先打顾客电话", "请输入顾客的 4 位开工码", "顾客不在")


@pytest.mark.parametrize(
    ("lang", "said", "told"),
    [
        (ZH, "顾客身体不舒服", "120"),
        (ZH, "顾客要加钟", "不要私下收钱"),
        (EN, "customer feels dizzy", "120"),
        (EN, "the customer is feeling sick", "120"),
        (EN, "customer wants to go longer", "no money is taken privately"),
    ],
)
def test_at_work(world: World, lang: str, said: str, told: str) -> None:
    chat, wang = in_service(world, lang)
    wang.says(said)

    wang.sees(told)
    assert (wang.flow, chat.order.state) == (None, OrderState.IN_SERVICE)


@pytest.mark.parametrize("said", ["身体不舒服", "发烧了"])
def test_who_is_ill_themselves_still_takes_leave(world: World, said: str) -> None:
    wang = world.technician("wang")
    wang.says(said)

    assert wang.flow == "leave"
