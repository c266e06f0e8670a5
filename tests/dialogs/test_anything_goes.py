"""People who press and say whatever comes to mind: no turn fails, nothing is sold twice, every amount balances."""

import random
from functools import partial

import pytest

from dialogs.incoming import Press
from dialogs.outgoing import token_of
from tests.dialogs.chat import Chat, World
from tests.dialogs.outside import provider_tells_paid

SAID = (
    "明天下午三点想约个肩颈按摩，在家",
    "王师傅，90分钟的",
    "改成四点吧",
    "不是明天，后天",
    "谁都行",
    "老地方",
    "多少钱",
    "我的订单",
    "取消",
    "算了不约了",
    "人工",
    "好的",
    "第二个",
    "换个女师傅",
    "今晚八点半",
    "这周六上午",
    "两小时后",
    "13800138000",
    "hi, any manicure this evening? after 7",
    "8pm then",
    "tomorrow at 3",
    "the second one",
    "anyone is fine",
    "how much is it",
    "cancel my booking",
    "no, Friday",
    "yes please",
    "my orders",
    "talk to a person",
    "next Tuesday at half past two",
    "望京花园 3 号楼 1201",
    "锦江区春熙路1号",
    "1",
    "2",
    "3",
    "0",
    "8",
    "更多",
    "返回",
    "帮助",
    "重复一遍",
    "我想当技师",
    "王师傅",
    "女",
    "就这些",
    "今天的单",
    "我的收入",
    "5",
    "不对",
    "换个时间",
    "评价",
    "退款",
    "1234",
    "0000",
    "会带精油吗？",
    "有证吗",
    "English please",
    "讲中文",
    "周一到周五 10:00-19:00",
    "😀",
    "随便",
    "继续",
    "不用了",
    "改时间",
    "改地址",
    "改技师",
    "下午",
    "明天",
    "三点",
    "约个足疗",
    "做美甲",
    "家里漏水了",
    "删除我的数据",
    "投诉",
    "我那单几点来？",
    "到哪了",
    "改约后天",
    "再约一次",
    "推荐一下",
    "有什么服务",
    "有哪些师傅",
    "男师傅",
)


@pytest.mark.parametrize("seed", [2, 5, 11])
def test_a_city_full_of_restless_people_breaks_nothing(world: World, seed: int) -> None:
    chance = random.Random(seed)
    people = [world.chat(f"p{at}", chance.choice(["zh-Hans", "zh-Hant", "en"])) for at in range(4)]
    people += [world.technician(code) for code in ("wang", "li", "mia")]
    for one in people:
        one.says("你好")
    for _ in range(500):
        _something(world, chance, chance.choice(people))
        if chance.random() < 0.1:
            world.later(minutes=chance.choice([1, 3, 6, 16, 40, 120, 600]))
    world.settled()


def _something(world: World, chance: random.Random, who: Chat) -> None:
    dice = chance.random()
    if dice < 0.5:
        message = chance.choice(who.received[-3:])
        places = [at for at, button in enumerate(message.body.buttons) if button.url is None]
        if places:
            who.sends(Press(token_of(message.message_id, chance.choice(places))))
    elif dice < 0.9:
        who.says(chance.choice(SAID))
    elif dice < 0.95:
        who.photo()
    elif who.orders and who.order.state == "to_pay":
        world.run(partial(provider_tells_paid, order=who.order, now=world.now))
        world.deliver()
    else:
        who.location()


def test_an_address_may_be_told_before_the_service_to_a_technician_chosen_first(world: World) -> None:
    chat = world.chat("lin")
    chat.says("王师傅有证吗？")
    chat.presses("约王师傅")
    assert chat.asking == "service"
    chat.says("锦江区春熙路 1 号")
    chat.says("肩颈按摩")

    assert chat.asking == "option"
    assert chat.values["technician"] == {"id": world.technician("wang").working.id}
    assert "春熙路" in chat.values["address"]["text"]
