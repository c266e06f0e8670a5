"""The peer of a turn: the same dialogue as an aiogram bot keeps it, from the update's JSON to the reply's fields."""

import asyncio
import itertools
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from typing import Any

import msgspec
from aiogram import Bot, Dispatcher, F, Router
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.base import BaseSession
from aiogram.filters import Command
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.base import BaseStorage
from aiogram.methods import TelegramMethod
from aiogram.types import CallbackQuery, Chat, InlineKeyboardButton, InlineKeyboardMarkup, Message, Update

_SAID = ("想约个肩颈舒缓", "90分钟的", "谁都行", "明天下午三点", "算了不约了")
_updates = itertools.count(1)


class Booking(StatesGroup):
    """Where the peer's dialogue stands."""

    service = State()
    option = State()
    technician = State()
    start = State()


class StubbedSession(BaseSession):
    """Takes a reply as the real session does, up to the fields of its form, and sends nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.replies = 0
        self._answer = Message(message_id=1, date=datetime.now(UTC), chat=Chat(id=1, type="private"))

    async def close(self) -> None:
        """Close nothing."""

    async def make_request(self, bot: Bot, method: TelegramMethod[Any], timeout: int | None = None) -> Any:  # noqa: ASYNC109
        """Prepare the form and answer at once."""
        files: dict[str, Any] = {}
        for value in method.model_dump(warnings=False).values():
            self.prepare_value(value, bot=bot, files=files)
        self.replies += 1
        return self._answer

    async def stream_content(
        self,
        url: str,
        headers: dict[str, Any] | None = None,
        timeout: int = 30,  # noqa: ASYNC109
        chunk_size: int = 65536,
        raise_for_status: bool = True,  # noqa: FBT001, FBT002
    ) -> AsyncGenerator[bytes, None]:
        """Yield nothing."""
        yield b""


class Peer:
    """A booking bot on aiogram with this storage."""

    def __init__(self, storage: BaseStorage) -> None:
        self.session = StubbedSession()
        self._bot = Bot("42:bench", session=self.session, default=DefaultBotProperties(parse_mode="HTML"))
        self._dispatcher = Dispatcher(storage=storage)
        self._dispatcher.include_router(_router())

    async def all_at_once(self, chats: int, *, words: bool, times: int = 1) -> int:
        """Let every chat book `times` times, all at the same time; how many turns that was."""
        book = self._books_by_words if words else self._books_by_presses
        before = self.session.replies
        for _ in range(times):
            await asyncio.gather(*(book(chat) for chat in range(1, chats + 1)))
        turns = 5 * chats * times
        if self.session.replies - before != turns:
            raise AssertionError("the peer did not answer every turn")
        return turns

    async def close(self) -> None:
        """Let the storage go."""
        await self._dispatcher.storage.close()

    async def _books_by_presses(self, chat: int) -> None:
        await self._feed(typed(chat, "/book"))
        for data in ("service:1", "option:2", "technician:3", "start:1732244400"):
            await self._feed(pressed(chat, data))

    async def _books_by_words(self, chat: int) -> None:
        for text in _SAID:
            await self._feed(typed(chat, text))

    async def _feed(self, raw: bytes) -> None:
        await self._dispatcher.feed_update(self._bot, Update.model_validate_json(raw, context={"bot": self._bot}))


def typed(chat: int, text: str) -> bytes:
    """Return the update of a message as Telegram writes it."""
    return msgspec.json.encode({"update_id": next(_updates), "message": _message(chat, text, _person(chat))})


def pressed(chat: int, data: str) -> bytes:
    """Return the update of a button pressed as Telegram writes it."""
    bot = {"id": 42, "is_bot": True, "first_name": "Menling", "username": "menling_bot"}
    query = {
        "id": str(next(_updates)),
        "from": _person(chat),
        "chat_instance": "1",
        "data": data,
        "message": _message(chat, "想约什么服务？", bot),
    }
    return msgspec.json.encode({"update_id": next(_updates), "callback_query": query})


def _person(chat: int) -> dict[str, Any]:
    return {"id": chat, "is_bot": False, "first_name": "小雨", "username": f"u{chat}", "language_code": "zh-hans"}


def _message(chat: int, text: str, sender: dict[str, Any]) -> dict[str, Any]:
    at = {"id": chat, "type": "private", "first_name": "小雨", "username": f"u{chat}"}
    return {"message_id": next(_updates), "date": 1732154400, "chat": at, "from": sender, "text": text}


def _keyboard(kind: str, labels: tuple[str, ...]) -> InlineKeyboardMarkup:
    buttons = [InlineKeyboardButton(text=label, callback_data=f"{kind}:{at}") for at, label in enumerate(labels)]
    return InlineKeyboardMarkup(inline_keyboard=[buttons[at : at + 2] for at in range(0, len(buttons), 2)])


def _router() -> Router:
    """The dialogue: each handler keeps what was chosen and asks the next thing, by a press or by words alike."""
    router = Router()
    asks: tuple[tuple[State, State | None, str, str, tuple[str, ...]], ...] = (
        (Booking.service, Booking.option, "option", "要哪一种？", ("60 分钟 ¥198", "90 分钟 ¥268", "返回", "取消")),
        (Booking.option, Booking.technician, "technician", "想约哪位？", ("王师傅 ★4.9", "李师傅 ★4.8", "谁都行")),
        (Booking.technician, Booking.start, "start", "什么时候方便？", ("今天 11:00", "今天 16:00", "取消")),
        (Booking.start, None, "confirm", "请核对：肩颈舒缓 60 分钟 ¥213", ("确认下单", "改时间", "换技师", "取消")),
    )  # fmt: skip

    @router.message(Command("book"))
    @router.message(F.text == _SAID[0])
    async def begin(message: Message, state: FSMContext) -> None:
        await state.clear()
        by_words = message.text == _SAID[0]
        await state.set_state(Booking.option if by_words else Booking.service)
        labels = (
            ("60 分钟 ¥198", "90 分钟 ¥268", "取消") if by_words else ("肩颈舒缓 ¥198起", "全身推拿 ¥228起", "取消")
        )
        await message.answer("想约哪项服务？", reply_markup=_keyboard("option" if by_words else "service", labels))

    @router.message(F.text == _SAID[-1])
    async def leave(message: Message, state: FSMContext) -> None:
        await state.clear()
        await message.answer("好的，不约了。", reply_markup=_keyboard("menu", ("预约服务", "我的订单")))

    for here, after, kind, text, labels in asks:
        _ask(router, here, after, text=text, markup=_keyboard(kind, labels))
    return router


def _ask(router: Router, here: State, after: State | None, *, text: str, markup: InlineKeyboardMarkup) -> None:
    field = str(here.state).partition(":")[2]

    @router.callback_query(here, F.data.startswith(f"{field}:"))
    async def chosen(query: CallbackQuery, state: FSMContext) -> None:
        await state.update_data({field: query.data})
        await state.set_state(after)
        if isinstance(query.message, Message):
            await query.message.answer(text, reply_markup=markup)

    @router.message(here, F.text)
    async def said(message: Message, state: FSMContext) -> None:
        await state.update_data({field: message.text})
        await state.set_state(after)
        await message.answer(text, reply_markup=markup)
