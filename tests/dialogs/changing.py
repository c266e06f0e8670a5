"""A change of an order brought to where a test begins, in either language."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import bindparam, select

from core.changes.tables import change_request
from core.messages.tables import message
from tests.dialogs.chat import Chat, World
from tests.dialogs.steps import EN, ZH, accepted, in_english

BOTH = pytest.mark.parametrize("lang", [ZH, EN])
OLD = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
_waiting = select(message.c.template, message.c.due_at).where(
    message.c.order_id == bindparam("b_order"), message.c.state == "waiting"
)
_requests = select(change_request.c.state).order_by(change_request.c.id)


def local(chat: Chat) -> str:
    """The newest order's start on the clock in Chengdu."""
    return f"{chat.order.starts_at + timedelta(hours=8):%m-%d %H:%M}"


def waiting(world: World, chat: Chat) -> list[str]:
    """What is still to be told about the newest order, by when."""
    rows = world.read(lambda tx: tx.all(_waiting, {"b_order": chat.order.id}))
    return sorted(f"{row.template} {row.due_at + timedelta(hours=8):%m-%d %H:%M}" for row in rows)


def requests(world: World) -> list[str]:
    return [row.state for row in world.read(lambda tx: tx.all(_requests))]


def asks(world: World, lang: str) -> tuple[Chat, Chat]:
    """An accepted visit whose customer has asked for Monday at four."""
    chat, wang = accepted(world, lang)
    chat.says("改到后天下午四点" if lang == ZH else "can we make it Monday at 4pm instead")
    chat.presses("就这样改" if lang == ZH else "Change it")
    world.deliver()
    return chat, wang


def proposes(world: World, lang: str) -> tuple[Chat, Chat]:
    """An accepted visit whose technician has asked for Monday at four."""
    chat, wang = accepted(world, lang)
    wang.presses("要改时间" if lang == ZH else "Another time")
    wang.says("后天下午四点" if lang == ZH else "Monday at 4pm")
    wang.presses("时间不合适" if lang == ZH else "The time doesn't suit")
    wang.presses("发给顾客" if lang == ZH else "Ask the customer")
    world.deliver()
    return chat, wang


def swaps(world: World, lang: str) -> tuple[Chat, Chat, Chat]:
    """An accepted visit whose customer has asked for Li instead of Wang."""
    chat, wang = accepted(world, lang)
    li = in_english(world.technician("li"), lang)
    chat.says("换成李师傅" if lang == ZH else "could Li come instead")
    chat.presses("就这样改" if lang == ZH else "Change it")
    world.deliver()
    return chat, wang, li


YES = {ZH: "同意", EN: "Agree"}
NO = {ZH: "改不了", EN: "I can't"}
