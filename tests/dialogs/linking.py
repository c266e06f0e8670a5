"""Two accounts of one human, and the codes and phones that prove it, for the tests of linking."""

import re

from core import people
from core.db import Tx
from core.effects import EffectKind
from core.effects.sms import open_sms
from core.effects.work import claim_due
from tests.dialogs.chat import Chat, World

PHONE = "+8613712345678"

_CODE = re.compile(r"[2-9A-HJKMNP-Z]{8}")


def code_in(chat: Chat) -> str:
    found = _CODE.search(chat.text)
    assert found is not None, chat.text
    return found.group()


def two_accounts(world: World) -> tuple[Chat, Chat]:
    """A customer with a past on Telegram, and the same human as a stranger on WeChat."""
    telegram = world.chat("lin-on-telegram", channel="telegram", account="main")
    telegram.says("你好")
    wechat = world.chat("lin-on-wechat", channel="wechat", account="main")
    wechat.says("你好")
    return telegram, wechat


def gave_phone(world: World, chat: Chat) -> None:
    person_id = chat.person_id
    world.run(lambda tx: people.set_phone(tx, person_id, PHONE))


def sms_code(world: World) -> str:
    """The code of the newest text message that is to go out; none when there is none."""

    def newest(tx: Tx) -> str:
        found = claim_due(tx, kinds=[EffectKind.SMS], real_now=world.now, most=5)
        return open_sms(tx, found[-1]).code if found else ""

    return world.run(newest)


def by_phone(chat: Chat, phone: str) -> None:
    chat.says("绑定")
    chat.presses("改用手机号")
    chat.says(phone)


def linked(world: World) -> tuple[Chat, Chat]:
    telegram, wechat = two_accounts(world)
    telegram.says("绑定")
    wechat.says(f"绑定 {code_in(telegram)}")
    wechat.presses("合并")
    world.later(seconds=1)
    return telegram, wechat
