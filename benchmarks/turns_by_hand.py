"""The floor of a turn: typed update, a dict of states, the reply encoded; nothing kept, nothing understood."""

import msgspec

from benchmarks.turns_by_aiogram import pressed, typed


class _Sender(msgspec.Struct):
    id: int


class _Message(msgspec.Struct):
    chat: _Sender
    text: str = ""


class _Query(msgspec.Struct):
    data: str
    message: _Message


class _Update(msgspec.Struct):
    update_id: int
    message: _Message | None = None
    callback_query: _Query | None = None


class _Reply(msgspec.Struct):
    chat_id: int
    text: str
    buttons: list[tuple[str, str]]


_STEPS = ("想约哪项服务？", "要哪一种？", "想约哪位？", "什么时候方便？", "请核对：肩颈舒缓 60 分钟 ¥213")
_BUTTONS = [("肩颈舒缓", "1"), ("全身推拿", "2"), ("取消", "0")]
_states: dict[int, tuple[int, list[str]]] = {}
_decoder = msgspec.json.Decoder(_Update)
_encoder = msgspec.json.Encoder()


async def all_at_once(chats: int, *, words: bool, times: int) -> int:
    """Take five turns of every chat `times` times; how many turns that was."""
    updates = [
        typed(chat, text) if words or text == "/book" else pressed(chat, text)
        for text in ("/book", "service:1", "option:2", "technician:3", "start:4")
        for chat in range(1, chats + 1)
    ]
    for _ in range(times):
        for raw in updates:
            _turn(raw)
    return len(updates) * times


def _turn(raw: bytes) -> bytes:
    update = _decoder.decode(raw)
    if update.callback_query is not None:
        chat, said = update.callback_query.message.chat.id, update.callback_query.data
    elif update.message is not None:
        chat, said = update.message.chat.id, update.message.text
    else:
        return b""
    step, kept = _states.get(chat, (0, []))
    if step == len(_STEPS):
        step, kept = 0, []
    _states[chat] = (step + 1, [*kept, said])
    return _encoder.encode(_Reply(chat, _STEPS[step], _BUTTONS))
