"""What the house keeps of somebody: shown masked, changed by them, and erased when they say so."""

import pytest

from core import audit, people
from core.errors import PersonErased
from core.people.joining import known
from tests.dialogs.chat import Chat, World
from tests.dialogs.steps import EN, ZH, accepted, finished

BOTH = pytest.mark.parametrize("lang", [ZH, EN])
ERASE = {ZH: "删除我的数据", EN: "delete my data"}


def name_and_phone(world: World, chat: Chat) -> tuple[str | None, str | None]:
    me = chat.person_id
    return world.read(lambda tx: (people.name_of(tx, me), people.phone_of(tx, me)))


@BOTH
def test_the_profile_shows_the_phone_masked(world: World, lang: str) -> None:
    chat = world.customer("xiaoyu" if lang == ZH else "emma", lang)
    chat.says("我的资料" if lang == ZH else "my details")
    chat.sees(*(("林晓雨", "138****8000", "简体中文") if lang == ZH else ("Emma Clarke", "139****9000", "English")))
    chat.does_not_see("13800138000", "13900139000")


@BOTH
def test_name_and_phone_are_changed_by_words(world: World, lang: str) -> None:
    chat = world.customer("xiaoyu" if lang == ZH else "emma", lang)
    chat.says("改称呼" if lang == ZH else "change my name")
    chat.says("林女士" if lang == ZH else "Ms Clarke")
    chat.says("换个手机号" if lang == ZH else "change my phone number")
    chat.says("13912345678" if lang == ZH else "+44 7700 900123")
    expected = ("林女士", "+8613912345678") if lang == ZH else ("Ms Clarke", "+447700900123")
    assert name_and_phone(world, chat) == expected
    chat.does_not_see("13912345678", "7700900123")


def test_telling_one_s_name_out_of_nothing_is_kept(world: World) -> None:
    chat = world.chat("lin")
    chat.says("我叫小林")
    assert name_and_phone(world, chat)[0] == "小林"


@pytest.mark.parametrize("words", ["123", "😀😀", "x" * 61, "{0} %s" + "y" * 70])
def test_what_is_no_name_is_asked_again(world: World, words: str) -> None:
    chat = world.customer("xiaoyu")
    chat.hostile = True
    chat.says("改称呼")
    chat.says(words)
    assert chat.flow == "set_name"
    assert name_and_phone(world, chat)[0] == "林晓雨"


@pytest.mark.parametrize("words", ["1380013800", "12345", "+1", "不知道"])
def test_what_is_no_phone_changes_nothing(world: World, words: str) -> None:
    chat = world.customer("xiaoyu")
    chat.says("改手机号")
    chat.says(words)
    assert chat.flow == "set_phone"
    assert name_and_phone(world, chat)[1] == "+8613800138000"


def test_a_name_is_data_and_never_a_format(world: World) -> None:
    chat = world.customer("xiaoyu")
    chat.hostile = True
    chat.says("改称呼")
    chat.says("Lin {phone} %s")
    chat.sees("Lin {phone} %s")
    chat.says("我的资料")
    chat.sees("Lin {phone} %s", "138****8000")


def test_the_language_is_chosen_from_three(world: World) -> None:
    chat = world.customer("xiaoyu")
    chat.says("我的资料")
    chat.presses("换语言")
    assert chat.labels == ["简体中文", "繁體中文", "English"]
    chat.presses("English")
    chat.sees("English")
    assert chat.loaded.lang == "en"
    chat.says("my details")
    chat.presses("Change language")
    chat.presses("繁體中文")
    assert chat.loaded.lang == "zh-Hant"
    chat.says("我的資料")
    chat.sees("繁體中文", "電話" if "電話" in chat.text else "手機")


@pytest.mark.parametrize(
    ("words", "lang"), [("说英文", "en"), ("請用繁體", "zh-Hant"), ("speak Chinese please", "zh-Hans")]
)
def test_the_language_is_set_by_words(world: World, words: str, lang: str) -> None:
    chat = world.customer("xiaoyu", "zh-Hans")
    chat.says(words)
    assert chat.loaded.lang == lang


# --- erasing


@BOTH
def test_erasing_tells_what_it_means_and_does_it_after_one_yes(world: World, lang: str) -> None:
    chat, _ = finished(world, lang)
    world.later(days=4)
    me = chat.person_id
    chat.says(ERASE[lang])
    chat.sees(*(("不能恢复", "1 个历史订单", "1 个地址") if lang == ZH else ("can't be undone", "1 past", "1 saved")))
    assert known_still(world, chat)
    chat.says("好的" if lang == ZH else "yes")
    chat.sees("已经全部删除" if lang == ZH else "has been deleted")

    assert not known_still(world, chat)
    with pytest.raises(PersonErased):
        world.read(lambda tx: people.phone_of(tx, me))
    noted = world.read(audit.lines)[0]
    assert (noted.action, noted.actor_id, noted.subject_id) == ("person.erased", None, me)
    world.deliver()
    world.settled()


def known_still(world: World, chat: Chat) -> bool:
    return (
        world.read(lambda tx: known(tx, channel=chat.channel, account=chat.account, external_id=chat.name)) is not None
    )


def test_whoever_comes_back_after_erasing_is_a_stranger(world: World) -> None:
    chat = world.customer("xiaoyu")
    chat.says("删除我的数据")
    before = chat.person_id
    chat.says("确认删除")
    chat.says("我的资料")
    assert chat.person_id != before
    chat.sees("还没填")
    chat.says("我的地址")
    chat.sees("还没有保存")


@BOTH
def test_an_order_under_way_comes_first(world: World, lang: str) -> None:
    chat, _ = accepted(world, lang)
    chat.says(ERASE[lang])
    chat.sees("进行中的订单" if lang == ZH else "under way", chat.order.code)
    assert chat.flow is None
    chat.says("好的" if lang == ZH else "yes")
    assert known_still(world, chat)


def test_a_technician_leaves_first(world: World) -> None:
    wang = world.technician("wang")
    wang.says("删除我的数据")
    wang.sees("还是我们的技师")
    assert wang.flow is None


@BOTH
def test_no_keeps_everything(world: World, lang: str) -> None:
    chat = world.customer("xiaoyu" if lang == ZH else "emma", lang)
    chat.says(ERASE[lang])
    chat.presses("不删了" if lang == ZH else "Keep my data")
    assert known_still(world, chat)
    assert chat.flow is None


def test_an_order_placed_between_question_and_yes_keeps_the_person(world: World) -> None:
    chat = world.customer("xiaoyu")
    chat.says("删除我的数据")
    chat.says("约个肩颈按摩，60分钟，王师傅，明天下午三点")
    chat.says("好的")
    assert chat.orders
    chat.presses("确认删除")
    assert known_still(world, chat)


# --- paying


@BOTH
def test_wanting_to_pay_shows_the_link_and_until_when(world: World, lang: str) -> None:
    chat = world.customer("xiaoyu" if lang == ZH else "emma", lang)
    book(chat, lang)
    chat.says("我要付款" if lang == ZH else "I want to pay")
    chat.sees(chat.order.code, "10:15", "¥")
    assert any(button.url and "/pay/" in button.url for button in chat.buttons)


def book(chat: Chat, lang: str = ZH, hour: str = "") -> None:
    chat.says(
        f"约个肩颈按摩，60分钟，王师傅，{hour or '明天下午三点'}"
        if lang == ZH
        else "a neck massage, 60 minutes, with Wang, tomorrow at 3pm"
    )
    chat.says("好的" if lang == ZH else "yes")
    assert chat.order.state == "to_pay", chat.transcript()


def test_yes_out_of_nothing_while_an_order_waits_means_paying(world: World) -> None:
    chat = world.customer("xiaoyu")
    book(chat)
    chat.says("好的")
    assert any(button.url and "/pay/" in button.url for button in chat.buttons)
    assert len(chat.orders) == 1


def test_of_several_unpaid_orders_one_is_chosen_by_name(world: World) -> None:
    chat = world.customer("xiaoyu")
    book(chat)
    book(chat, hour="后天下午三点")
    chat.says("我要付款")
    chat.sees(*(order.code for order in chat.orders))
    chat.presses(chat.orders[0].code)
    chat.sees(chat.orders[0].code, "¥")
    assert any(button.url for button in chat.buttons)


@BOTH
def test_with_nothing_to_pay_that_is_said(world: World, lang: str) -> None:
    chat = world.customer("xiaoyu" if lang == ZH else "emma", lang)
    chat.says("我要付款" if lang == ZH else "I want to pay")
    chat.sees("没有待付款" if lang == ZH else "nothing to pay")
    book(chat, lang)
    chat.pays()
    chat.says("我要付款" if lang == ZH else "I want to pay")
    chat.sees(chat.order.code, "等技师" if lang == ZH else "Nothing is waiting")
    assert not any(button.url for button in chat.buttons)


def test_an_order_that_ran_out_can_be_taken_up_again(world: World) -> None:
    chat = world.customer("xiaoyu")
    book(chat)
    world.later(minutes=20)
    chat.says("我要付款")
    chat.sees("失效")
    chat.presses("重新下单")
    assert chat.order.state == "to_pay"


def test_the_link_of_somebody_else_s_order_is_never_shown(world: World) -> None:
    owner, thief = world.customer("xiaoyu"), world.customer("laochen")
    book(owner)
    thief.says(f"订单{owner.order.code}我要付款")
    thief.does_not_see("¥", "/pay/")
    assert not any(button.url for button in thief.buttons)


def test_my_orders_are_paged_beyond_eight(world: World) -> None:
    chat = world.customer("xiaoyu")
    for day in range(10):
        hour = (
            f"11月{(23, 25, 26, 27, 28)[day // 2]}日{'上午十一点' if day % 2 else '下午三点'}"  # Wang rests on the 24th
        )
        book(chat, hour=hour)
        chat.pays()
    chat.says("我的订单")
    first = chat.labels
    assert len(first) == 8
    chat.presses("更多")
    assert {*first[:-1], *chat.labels[:-1]} == {order.code for order in chat.orders}
    chat.presses(chat.orders[0].code)
    chat.sees(chat.orders[0].code)
