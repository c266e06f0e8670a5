"""What people type is data: shown as they meant it, to whom it is for, and never a command, markup, format or mark."""

import re
import unicodedata

import pytest

from core import dispatch, people, reviews
from core.dispatch.tables import offer
from menling.rehearsal import DOORS
from menling.rehearsal import World as Rehearsal
from tests.dialogs.chat import World
from tests.dialogs.steps import ZH, finished, paid

MARKS = "\u202e\u2066\u200b\u200f\ufeff\U000e0041\x00\x1b"
HOSTILE = f"望京花园{MARKS}3号楼\r\n1201 {{code}} {{0.__class__}} %s <b>&amp;</b> /x"
SHOWN = "望京花园3号楼 1201 {code} {0.__class__} %s <b>&amp;</b> /x"


def unseen(text: str) -> set[str]:
    """Marks in a text that nobody sees, line ends aside."""
    return {one for one in text if unicodedata.category(one) in ("Cc", "Cf", "Cs") and one != "\n"}


def test_an_address_full_of_tricks_is_one_line_of_words_for_customer_and_technician(world: World) -> None:
    chat, wang = world.chat("lin"), world.technician("wang")
    chat.hostile = wang.hostile = True

    chat.books(address=HOSTILE)
    summary = chat.received[-2].body.text
    chat.pays()
    wang.presses("接单")
    world.deliver()

    assert SHOWN in summary.splitlines()[3]
    assert SHOWN in wang.text.splitlines()
    assert unseen(f"{chat.transcript()}{wang.transcript()}") == set()
    chat.says("我的订单")
    chat.says("改地址")
    world.settled()


def test_a_review_keeps_its_lines_and_loses_what_nobody_sees(world: World) -> None:
    chat, _ = finished(world, ZH)
    chat.hostile = True
    chat.presses("确认完成")
    world.deliver()
    chat.presses("去评价")
    chat.says("5")
    chat.presses("都是 5")
    chat.says(f"手法很好{MARKS}！\r\n\r\n\r\n{{code}} 👩‍🔧")
    chat.presses("不用照片")

    order = chat.order.id
    review = world.read(lambda tx: reviews.review_of_order(tx, order))

    assert review is not None
    assert review.words == "手法很好！\n\n{code} 👩‍🔧"


def test_an_applicant_s_name_is_one_line_for_everybody(world: World) -> None:
    chat = world.chat("new")
    chat.says("我想当技师")
    chat.says(f"何{MARKS}师傅")
    for label in ("女", "肩颈", "就这些"):
        chat.presses(label)
    chat.says("高新区")
    chat.presses("就这些")
    chat.photo()
    chat.says("周一到周五 10:00-19:00")
    chat.presses("提交申请")

    assert chat.working.names["zh-Hans"] == "何师傅"


@pytest.mark.parametrize("name", ["王\u202e师傅\r\n客服", " 王\u200b师傅 客服 ", "王师傅\u2028客服"])
def test_a_name_told_to_the_house_is_kept_as_one_line(world: World, name: str) -> None:
    chat = world.chat("lin")
    chat.says("你好")
    me = chat.person_id

    world.run(lambda tx: people.set_name(tx, me, name))

    assert world.read(lambda tx: people.name_of(tx, me)) == "王师傅 客服"


def test_a_reason_in_own_words_reaches_the_desk_clean(world: World) -> None:
    _, wang = paid(world, ZH)
    wang.presses("不接")
    wang.presses("其他")
    wang.says(f"家里{MARKS}有事\r\n{{reason}}")

    (found,) = [
        words
        for row in world.read(lambda tx: tx.all(offer.select()))
        if (words := world.read(lambda tx, row=row: dispatch.refusal_words(tx, row.id)))  # type: ignore[misc]
    ]
    assert found == "家里有事\n{reason}"


COMMANDS = (
    "'; DROP TABLE person; --",
    '{"type":"press","token":"1.0"}',
    "menling serve --demo",
    "/admin/v1/orders",
    "{{7*7}} ${7*7} #{7*7} %(x)s {0}",
    '<a href="weixin://bizmsgmenu?msgmenucontent=1&msgmenuid=1.0">1</a>',
    "[点我](tg://user?id=1) <b>x</b>",
    "__import__('os').system('id')",
)


@pytest.mark.parametrize("door", DOORS)
def test_through_every_door_nothing_typed_is_carried_out(door: str) -> None:
    with Rehearsal(door=door) as world:
        for typed in COMMANDS:
            person = world.person()
            for said in (typed, "明天下午三点想约个肩颈按摩", typed):
                person.say(said)
                assert person.text.strip(), said
                assert "49" not in person.text
        assert world.orders() == ()
        world.check()


@pytest.mark.parametrize("typed", ["确认\u200b下单", "\u202e确认下单\u2069", " 确认下单\x00"])
def test_a_label_typed_with_marks_nobody_sees_is_that_label(world: World, typed: str) -> None:
    chat = world.chat("lin")
    chat.books_to_summary()

    chat.says(typed)

    assert chat.order.state == "to_pay"


def test_words_that_are_only_marks_are_answered_and_change_nothing(world: World) -> None:
    chat = world.chat("lin")
    chat.books_to_summary()

    chat.says(MARKS)

    assert chat.orders == []
    assert chat.asking == "*summary*"
    assert re.search(r"[一-鿿]", chat.text)


@pytest.mark.parametrize("how", ["typed", "shared"])
def test_a_number_copied_with_marks_of_direction_is_that_number(world: World, how: str) -> None:
    chat = world.chat("lin")
    for said in ("明天下午三点想约个肩颈按摩", "90分钟的", "望京花园 3 号楼 1201", "王师傅"):
        chat.says(said)

    if how == "typed":
        chat.says("\u202d138 0013 8000\u202c")
    else:
        chat.contact("\u202d+8613800138000\u202c")

    assert chat.values["phone"] == "+8613800138000"
