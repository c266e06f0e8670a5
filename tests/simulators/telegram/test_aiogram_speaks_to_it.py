"""The Bot API simulator, spoken to by aiogram: whatever does not fit its types would raise here."""

from collections.abc import AsyncIterator

import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.types import (
    BotCommand,
    BotCommandScopeChat,
    BufferedInputFile,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    LabeledPrice,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    Update,
)

from simulators.telegram import Person, TelegramSimulator
from simulators.tinypng import plain_png

pytestmark = pytest.mark.anyio


def a_bot(sim: TelegramSimulator, *, token: str | None = None, timeout: float = 5) -> Bot:
    session = AiohttpSession(api=TelegramAPIServer.from_base(sim.base_url), timeout=timeout)
    return Bot(token or sim.token, session=session)


@pytest.fixture
async def sim() -> AsyncIterator[TelegramSimulator]:
    simulator = TelegramSimulator()
    await simulator.start()
    yield simulator
    await simulator.stop()


@pytest.fixture
async def bot(sim: TelegramSimulator) -> AsyncIterator[Bot]:
    bot = a_bot(sim)
    yield bot
    await bot.session.close()


@pytest.fixture
async def anna(sim: TelegramSimulator) -> Person:
    person = sim.user("Anna", username="anna")
    await person.starts("order-7")
    return person


async def test_a_bot_knows_itself_and_its_settings(bot: Bot, sim: TelegramSimulator) -> None:
    commands = [BotCommand(command="orders", description="我的订单")]

    me = await bot.get_me()
    await bot.set_my_commands(commands, scope=BotCommandScopeChat(chat_id=1), language_code="zh")
    await bot.set_webhook("http://127.0.0.1:9/hook", secret_token="abc", allowed_updates=["message", "callback_query"])
    info = await bot.get_webhook_info()
    await bot.delete_webhook(drop_pending_updates=True)

    assert (me.is_bot, me.username, me.id) == (True, "menling_bot", bot.id)
    kept = await bot.get_my_commands(scope=BotCommandScopeChat(chat_id=1), language_code="zh")
    assert [(one.command, one.description) for one in kept] == [("orders", "我的订单")]
    assert await bot.get_my_commands() == []
    assert (info.url, info.allowed_updates) == ("http://127.0.0.1:9/hook", ["message", "callback_query"])
    assert (await bot.get_webhook_info()).url == ""


async def test_words_buttons_edits_and_presses(bot: Bot, anna: Person) -> None:
    keys = InlineKeyboardMarkup(
        inline_keyboard=[
            [
                InlineKeyboardButton(text="三点", callback_data="t:15"),
                InlineKeyboardButton(text="付款", url="https://pay.example/x"),
            ]
        ]
    )
    sent = await bot.send_message(anna.id, "<b>几点</b>？", parse_mode="HTML", reply_markup=keys)
    await anna.presses("三点")
    query = (await bot.get_updates())[-1].callback_query
    assert query is not None
    assert query.message is not None

    await bot.answer_callback_query(query.id, text="好")
    edited = await bot.edit_message_text(text="三点 ✅", chat_id=anna.id, message_id=query.message.message_id)
    with pytest.raises(TelegramBadRequest, match="message is not modified"):
        await bot.edit_message_text(text="三点 ✅", chat_id=anna.id, message_id=sent.message_id)

    assert (query.data, sent.entities and sent.entities[0].type) == ("t:15", "bold")
    assert not isinstance(edited, bool)
    assert edited.edit_date is not None
    assert await bot.delete_message(anna.id, sent.message_id)


async def test_keyboards_chat_actions_and_places(bot: Bot, anna: Person) -> None:
    phone = ReplyKeyboardMarkup(keyboard=[[KeyboardButton(text="发手机号", request_contact=True)]])
    await bot.send_chat_action(anna.id, "typing")
    await bot.send_message(anna.id, "手机号？", reply_markup=phone)
    await anna.presses("发手机号")
    await bot.send_message(anna.id, "好", reply_markup=ReplyKeyboardRemove())
    live = await bot.send_location(anna.id, latitude=31.2, longitude=121.4, live_period=900)

    await bot.edit_message_live_location(chat_id=anna.id, message_id=live.message_id, latitude=31.3, longitude=121.5)
    await bot.stop_message_live_location(chat_id=anna.id, message_id=live.message_id)

    message = (await bot.get_updates())[-1].message
    assert message is not None
    assert message.contact is not None
    assert message.contact.user_id == anna.id
    assert anna.messages[-1].location == (31.3, 121.5)


async def test_files_go_up_and_down(bot: Bot, anna: Person) -> None:
    picture = plain_png(40, 30)
    sent = await bot.send_photo(anna.id, BufferedInputFile(picture, "face.png"), caption="王师傅")
    await anna.sends_photo(picture)
    message = (await bot.get_updates())[-1].message
    assert message is not None
    assert message.photo is not None
    assert sent.photo is not None

    file = await bot.get_file(message.photo[-1].file_id)
    assert file.file_path is not None
    content = await bot.download_file(file.file_path)
    again = await bot.send_photo(anna.id, sent.photo[-1].file_id)

    assert content is not None
    assert content.read() == picture
    assert again.photo is not None
    assert anna.messages[-1].photo == picture


async def test_every_kind_of_update_fits_the_types(bot: Bot, anna: Person) -> None:
    await anna.sends_document(b"x", name="证书.pdf", mime_type="application/pdf")
    await anna.sends_voice()
    await anna.sends_location(31.2, 121.4, live_period=60)
    await anna.moves(31.21, 121.4)
    await anna.shares_contact("+8613900139000", own=False)
    await anna.presses_on(999, "stale")
    await anna.blocks()

    updates: list[Update] = await bot.get_updates()

    assert [update.event_type for update in updates] == [
        *["message"] * 4,
        "edited_message",
        "message",
        "callback_query",
        "my_chat_member",
    ]


async def test_bills(bot: Bot, anna: Person) -> None:
    sent = await bot.send_invoice(
        anna.id,
        title="肩颈",
        description="上门",
        payload="o-1",
        currency="CNY",
        provider_token="t",
        prices=[LabeledPrice(label="服务", amount=19800), LabeledPrice(label="车费", amount=1200)],
    )

    assert sent.invoice is not None
    assert sent.invoice.total_amount == 21000


async def test_refusals_are_the_errors_aiogram_knows(bot: Bot, sim: TelegramSimulator, anna: Person) -> None:
    stranger = a_bot(sim, token="1:wrong")
    sim.fail_next("sendMessage", "429", retry_after=9)
    sim.fail_next("sendMessage", "500")
    sim.fail_next("sendMessage", "reset")

    with pytest.raises(TelegramRetryAfter) as slow_down:
        await bot.send_message(anna.id, "1")
    with pytest.raises(TelegramServerError):
        await bot.send_message(anna.id, "2")
    with pytest.raises(TelegramNetworkError):
        await bot.send_message(anna.id, "3")
    await anna.blocks()
    with pytest.raises(TelegramForbiddenError):
        await bot.send_message(anna.id, "4")
    with pytest.raises(TelegramUnauthorizedError):
        await stranger.get_me()
    await stranger.session.close()

    assert slow_down.value.retry_after == 9


async def test_an_answer_lost_on_the_way_back_is_a_time_out_though_the_message_arrived(
    sim: TelegramSimulator, anna: Person
) -> None:
    impatient = a_bot(sim, timeout=1.0)
    sim.fail_next("sendMessage", "success_then_timeout")

    with pytest.raises(TelegramNetworkError):
        await impatient.send_message(anna.id, "arrived")
    await impatient.session.close()

    assert anna.messages[-1].text == "arrived"
