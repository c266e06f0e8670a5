"""The four digits of a visit, asked about in everyday words by whoever has them and by whoever wants them."""

from datetime import timedelta

import pytest

from core.orders.states import OrderState
from tests.dialogs.chat import World
from tests.dialogs.linking import code_in
from tests.dialogs.steps import EN, ZH, accepted, arrived, in_service, paid

_WARNING = {ZH: "谁要都别给", EN: "nobody but you"}


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        (ZH, "他要我的码"),
        (ZH, "师傅问我要码"),
        (ZH, "什么码"),
        (ZH, "那个码是多少"),
        (ZH, "code是多少"),
        (ZH, "师傅要我的验证码"),
        (ZH, "四位数是哪个"),
        (EN, "she asked me for the code"),
        (EN, "what is the code"),
        (EN, "he's asking for my pin"),
        (EN, "what are the four digits"),
        (EN, "should I give him the code"),
    ],
)
def test_with_the_technician_at_the_door_the_code_is_the_one_of_the_visit(world: World, lang: str, said: str) -> None:
    chat, _ = arrived(world, lang)
    chat.says(said)

    chat.sees(chat.order.start_code, _WARNING[lang])


@pytest.mark.parametrize(
    "said",
    [
        "有人问我要绑定码",
        "优惠码怎么用",
        "门禁密码是1234#",
        "楼下密码2580",
        "二维码在哪",
        "somebody asked for my linking code",
    ],
)
def test_other_codes_are_not_the_one_of_the_visit(world: World, said: str) -> None:
    chat, _ = arrived(world, ZH)
    chat.says(said)

    chat.does_not_see(chat.order.start_code)


@pytest.mark.parametrize(
    ("lang", "said", "when"),
    [
        (ZH, "开工码是多少", "到门口时发给您"),
        (ZH, "码呢", "到门口时发给您"),
        (EN, "what's my start code", "at your door"),
    ],
)
def test_before_the_technician_is_there_the_code_is_promised_and_not_told(
    world: World, lang: str, said: str, when: str
) -> None:
    chat, _ = accepted(world, lang)
    chat.says(said)

    chat.sees(when)
    chat.does_not_see(chat.order.start_code)


@pytest.mark.parametrize("undecided", [False, True], ids=["asked", "undecided"])
@pytest.mark.parametrize(
    ("lang", "said"),
    [
        (ZH, "开工码是多少"),
        (ZH, "码是多少"),
        (ZH, "我的码"),
        (EN, "what is the code"),
        (EN, "my code"),
        (EN, "my pin?"),
    ],
)
def test_with_nobody_to_come_yet_the_code_is_for_later(world: World, lang: str, said: str, *, undecided: bool) -> None:
    chat, wang = paid(world, lang)
    if undecided:
        wang.says("不想去" if lang == ZH else "can't make it")
    assert chat.order.state is (OrderState.UNDECIDED if undecided else OrderState.TO_ACCEPT)
    chat.says(said)

    chat.sees("还没有技师接单" if lang == ZH else "Nobody has accepted yet", chat.order.code)


def test_once_the_visit_has_begun_its_code_is_over(world: World) -> None:
    chat, _ = in_service(world, ZH)
    chat.says("开工码是多少")

    chat.sees("已经开始")
    chat.does_not_see(chat.order.start_code)


def test_who_was_shown_a_code_for_linking_means_that_one(world: World) -> None:
    chat, _ = arrived(world, ZH)
    chat.says("绑定账号")
    shown = code_in(chat)
    chat.says("码呢")

    chat.sees(shown)


@pytest.mark.parametrize("said", ["输入开工码", "开工码是多少", "她没给我码", "顾客找不到码", "the code?"])
def test_a_technician_asked_for_the_code_is_told_where_it_is_and_loses_no_try(world: World, said: str) -> None:
    chat, wang = arrived(world, ZH)
    for _ in range(3):
        wang.says(said)

        wang.sees("在顾客的手机上", "请输入顾客的 4 位开工码")
    wang.says(chat.order.start_code)

    assert chat.order.state is OrderState.IN_SERVICE


@pytest.mark.parametrize("said", ["输入开工码", "开工码", "她不给我码"])
def test_a_technician_at_the_door_who_speaks_of_the_code_may_enter_it(world: World, said: str) -> None:
    _, wang = arrived(world, ZH)
    wang.says("取消")
    wang.says(said)

    wang.sees("请输入顾客的 4 位开工码")


def test_a_technician_on_the_way_is_told_when_the_code_is_to_be_had(world: World) -> None:
    chat, wang = accepted(world, ZH)
    world.at(chat.order.starts_at - timedelta(minutes=40))
    wang.presses("我出发了")
    wang.says("开工码是多少")

    wang.sees("当面向顾客要", "我到了")


@pytest.mark.parametrize("lang", [ZH, EN])
def test_where_are_they_of_an_order_nobody_took_is_answered_and_what_can_be_done_is_offered(
    world: World, lang: str
) -> None:
    chat, _ = paid(world, lang)
    while chat.order.state is OrderState.TO_ACCEPT:
        world.later(minutes=20)
    chat.says("到哪了" if lang == ZH else "where is she")

    chat.sees(*(("还没有技师接这一单", "再等等") if lang == ZH else ("Nobody has taken this visit", "Keep looking")))
    assert len(chat.labels) == 3
