"""An order brought by its people to where a test begins, in either language."""

from datetime import timedelta

from tests.dialogs.chat import Chat, World

ZH, EN = "zh-Hans", "en"


def in_english(chat: Chat, lang: str) -> Chat:
    if lang == EN:
        chat.says("English please")
    return chat


def paid(world: World, lang: str, **over: str) -> tuple[Chat, Chat]:
    """A paid order, the technician asked."""
    chat, wang = world.chat("lin", lang), in_english(world.technician("wang"), lang)
    chat.books(**over)
    chat.pays()
    return chat, wang


def accepted(world: World, lang: str) -> tuple[Chat, Chat]:
    chat, wang = paid(world, lang)
    wang.presses("接单" if lang == ZH else "Accept")
    world.deliver()
    return chat, wang


def arrived(world: World, lang: str) -> tuple[Chat, Chat]:
    chat, wang = accepted(world, lang)
    world.at(chat.order.starts_at - timedelta(minutes=40))
    wang.presses("我出发了" if lang == ZH else "I'm on my way")
    world.at(chat.order.starts_at - timedelta(minutes=5))
    wang.presses("我到了" if lang == ZH else "I'm here")
    world.deliver()
    return chat, wang


def in_service(world: World, lang: str) -> tuple[Chat, Chat]:
    chat, wang = arrived(world, lang)
    wang.says(chat.order.start_code)
    world.deliver()
    return chat, wang


def finished(world: World, lang: str) -> tuple[Chat, Chat]:
    chat, wang = in_service(world, lang)
    world.at(chat.order.ends_at)
    wang.presses("完成服务" if lang == ZH else "Finish")
    wang.photo()
    wang.presses("发好了" if lang == ZH else "That's all")
    world.deliver()
    return chat, wang
