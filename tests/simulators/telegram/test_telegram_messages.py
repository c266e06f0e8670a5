"""What a bot and a person do in a chat of the Bot API simulator, over plain HTTP."""

import asyncio

import pytest

from simulators.screen import CannotDo, NotOnScreen
from simulators.telegram import TelegramSimulator
from simulators.telegram.person import HOME
from simulators.tinypng import plain_png
from tests.simulators.telegram.conftest import Bot, inline

pytestmark = pytest.mark.anyio


async def test_html_becomes_text_and_entities_counted_in_utf16(sim: TelegramSimulator, bot: Bot) -> None:
    anna = sim.user("Anna")
    await anna.starts()

    sent = await bot(
        "sendMessage",
        chat_id=anna.id,
        parse_mode="HTML",
        text='💆 <b>肩颈</b> &lt;90&gt; <a href="https://m.example/a?b=1&amp;c=2">付款</a>',
    )

    assert sent["result"]["text"] == "💆 肩颈 <90> 付款"
    assert sent["result"]["entities"] == [
        {"offset": 3, "length": 2, "type": "bold"},
        {"offset": 11, "length": 2, "type": "text_link", "url": "https://m.example/a?b=1&c=2"},
    ]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a <kahn@inbox> b", "can't parse entities"),
        ("<blink>x</blink>", 'Unsupported start tag "blink" at byte offset 0'),
        ("价<b>90", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<b><i>x</b></i>", "Unmatched end tag"),
        ("A & B", 'Unescaped sign "&" at byte offset 2'),
        ("1 > 0", "can't parse entities"),
        ("1 < 2", "can't parse entities"),
        ("   ", "message text is empty"),
        ("长" * 4097, "message is too long"),
    ],
)
async def test_a_text_telegram_would_not_take_is_refused(sim: TelegramSimulator, bot: Bot, text: str, why: str) -> None:
    anna = sim.user("Anna")
    await anna.starts()

    assert why in await bot.refusal("sendMessage", chat_id=anna.id, text=text, parse_mode="HTML")
    assert anna.messages[-1].mine


@pytest.mark.parametrize(("data", "accepted"), [("x" * 64, True), ("预" * 21, True), ("预" * 22, False), ("", False)])
async def test_button_data_is_1_to_64_bytes(sim: TelegramSimulator, bot: Bot, data: str, *, accepted: bool) -> None:
    anna = sim.user("Anna")
    await anna.starts()

    answer = await bot("sendMessage", chat_id=anna.id, text="?", reply_markup=inline(("好", data)))

    assert answer["ok"] is accepted
    assert accepted or answer["description"] == "Bad Request: BUTTON_DATA_INVALID"


async def test_a_press_is_told_with_its_message_and_answered_once_and_in_time(sim: TelegramSimulator, bot: Bot) -> None:
    anna = sim.user("Anna")
    await anna.starts()
    message_id = (await bot("sendMessage", chat_id=anna.id, text="?", reply_markup=inline(("确认", "ok:1"))))["result"][
        "message_id"
    ]

    press, late = await anna.presses("确认"), await anna.presses("ok:1")
    query = (await bot("getUpdates"))["result"][1]["callback_query"]
    first = await bot("answerCallbackQuery", callback_query_id=query["id"], text="收到", show_alert=True)
    twice = await bot.refusal("answerCallbackQuery", callback_query_id=query["id"])
    sim.advance(31)
    too_late = await bot.refusal("answerCallbackQuery", callback_query_id=late.id)

    assert (query["data"], query["message"]["message_id"], query["from"]["id"]) == ("ok:1", message_id, anna.id)
    assert first["result"] is True
    assert ((await anna.waits_for_answer(press)).text, press.alert) == ("收到", True)
    assert twice.startswith("Bad Request: query is too old")
    assert too_late == twice


async def test_a_press_on_a_message_that_is_gone_is_told_without_its_content(sim: TelegramSimulator, bot: Bot) -> None:
    anna = sim.user("Anna")
    await anna.starts()

    await anna.presses_on(987654, "forged")

    query = (await bot("getUpdates"))["result"][1]["callback_query"]
    assert query["message"] == {"chat": anna.account.as_chat(), "message_id": 987654, "date": 0}
    assert query["data"] == "forged"


async def test_an_edit_changes_what_the_person_sees_and_a_repeat_is_refused(sim: TelegramSimulator, bot: Bot) -> None:
    anna = sim.user("Anna")
    await anna.starts()
    sent = (await bot("sendMessage", chat_id=anna.id, text="几点？", reply_markup=inline(("三点", "3"))))["result"]
    target = {"chat_id": anna.id, "message_id": sent["message_id"]}

    await bot("editMessageText", **target, text="定在三点")

    seen = await anna.sees("定在三点")
    assert (seen.edited, seen.labels) == (True, [])
    assert "message is not modified" in await bot.refusal("editMessageText", **target, text="定在三点")
    assert (await bot.refusal("editMessageText", chat_id=anna.id, message_id=99, text="x")).endswith("edit not found")
    assert (await bot.refusal("editMessageText", chat_id=anna.id, message_id=1, text="x")).endswith("can't be edited")


async def test_a_message_can_be_deleted_for_48_hours(sim: TelegramSimulator, bot: Bot) -> None:
    anna = sim.user("Anna")
    await anna.starts()
    first, second = [
        (await bot("sendMessage", chat_id=anna.id, text=text))["result"]["message_id"] for text in ("one", "two")
    ]

    assert (await bot("deleteMessage", chat_id=anna.id, message_id=first))["result"] is True
    assert [message.text for message in anna.messages] == ["/start", "two"]
    sim.advance(48 * 3600 + 1)
    assert "can't be deleted" in await bot.refusal("deleteMessage", chat_id=anna.id, message_id=second)


async def test_a_keyboard_below_the_text_box_shares_phone_and_place(sim: TelegramSimulator, bot: Bot) -> None:
    anna = sim.user("Anna", phone="+8613800138000")
    await anna.starts()
    keys = [[{"text": "发手机号", "request_contact": True}], [{"text": "发位置", "request_location": True}], ["算了"]]
    await bot("sendMessage", chat_id=anna.id, text="联系方式？", reply_markup={"keyboard": keys})

    await anna.presses("发手机号")
    await anna.presses("发位置")
    await anna.presses("算了")
    await bot("sendMessage", chat_id=anna.id, text="好", reply_markup={"remove_keyboard": True})

    messages = [update["message"] for update in (await bot("getUpdates"))["result"][1:]]
    assert messages[0]["contact"] == {"phone_number": "+8613800138000", "first_name": "Anna", "user_id": anna.id}
    assert messages[1]["location"] == {"latitude": HOME[0], "longitude": HOME[1]}
    assert messages[2]["text"] == "算了"
    with pytest.raises(NotOnScreen, match="算了"):
        await anna.presses("算了")


async def test_photos_travel_both_ways_and_junk_is_refused(sim: TelegramSimulator, bot: Bot) -> None:
    anna = sim.user("Anna")
    picture = plain_png(30, 20)
    await anna.sends_photo(picture, caption="证书")

    photo = (await bot("getUpdates"))["result"][0]["message"]["photo"][-1]
    path = (await bot("getFile", file_id=photo["file_id"]))["result"]["file_path"]
    file_url = f"{sim.base_url}/file/bot{sim.token}/{path}"
    downloaded = (await bot.client.get(file_url)).content
    upload = await bot.client.post("/sendPhoto", data={"chat_id": anna.id, "photo": "attach://p"}, files={"p": picture})
    junk = await bot.client.post("/sendPhoto", data={"chat_id": anna.id}, files={"photo": b"no picture"})

    assert (photo["width"], photo["height"]) == (30, 20)
    assert downloaded == picture
    assert upload.json()["result"]["photo"][0]["file_size"] == len(picture)
    assert anna.messages[-1].photo == picture
    assert junk.json()["description"] == "Bad Request: IMAGE_PROCESS_FAILED"


async def test_a_live_location_moves_until_it_is_stopped(sim: TelegramSimulator, bot: Bot) -> None:
    anna = sim.user("Anna")
    await anna.sends_location(31.2, 121.4, live_period=600)
    await anna.moves(31.21, 121.41)
    sent = await bot("sendLocation", chat_id=anna.id, latitude=31.2, longitude=121.4, live_period=600)
    target = {"chat_id": anna.id, "message_id": sent["result"]["message_id"]}

    await bot("editMessageLiveLocation", **target, latitude=31.22, longitude=121.42)
    moved = anna.messages[-1].location
    await bot("stopMessageLiveLocation", **target)

    first, second = (await bot("getUpdates"))["result"]
    assert first["message"]["location"]["live_period"] == 600
    assert second["edited_message"]["location"] == {"latitude": 31.21, "longitude": 121.41, "live_period": 600}
    assert second["edited_message"]["edit_date"] >= first["message"]["date"]
    assert moved == (31.22, 121.42)
    assert "can't be edited" in await bot.refusal("editMessageLiveLocation", **target, latitude=1, longitude=1)


async def test_a_bot_writes_only_to_people_who_started_it_and_have_not_blocked_it(
    sim: TelegramSimulator, bot: Bot
) -> None:
    anna = sim.user("Anna")

    too_early = await bot.refusal("sendMessage", chat_id=anna.id, text="hello")
    await anna.starts()
    await anna.blocks()
    shut_out = await bot("sendMessage", chat_id=anna.id, text="hello")
    with pytest.raises(CannotDo):
        await anna.says("hello")
    await anna.unblocks()

    assert too_early == "Forbidden: bot can't initiate conversation with a user"
    assert (shut_out["error_code"], shut_out["description"]) == (403, "Forbidden: bot was blocked by the user")
    assert (await bot("sendMessage", chat_id=anna.id, text="hello"))["ok"]
    changes = [update["my_chat_member"] for update in (await bot("getUpdates"))["result"][1:]]
    assert [change["new_chat_member"]["status"] for change in changes] == ["kicked", "member"]
    assert await bot.refusal("sendMessage", chat_id=1, text="hello") == "Bad Request: chat not found"


async def test_a_bill_is_paid_only_after_the_bot_agreed(sim: TelegramSimulator, bot: Bot) -> None:
    anna = sim.user("Anna")
    await anna.starts()
    bill = {"title": "肩颈 60", "description": "上门", "payload": "order-1", "provider_token": "t", "currency": "CNY"}
    await bot("sendInvoice", chat_id=anna.id, **bill, prices=[{"label": "服务", "amount": 19800}])

    async def answer(*, ok: bool, **why: str) -> None:
        updates = (await bot("getUpdates", timeout=2, offset=-1))["result"]
        query_id = updates[-1]["pre_checkout_query"]["id"]
        await bot("answerPreCheckoutQuery", pre_checkout_query_id=query_id, ok=ok, **why)

    refused, _ = await asyncio.gather(anna.presses("Pay"), answer(ok=False, error_message="时间已被约走"))
    paid, _ = await asyncio.gather(anna.presses("Pay"), answer(ok=True))

    assert (refused.accepted, refused.text) == (False, "时间已被约走")
    assert paid.accepted
    payment = (await bot("getUpdates", offset=-1))["result"][0]["message"]["successful_payment"]
    assert (payment["total_amount"], payment["currency"], payment["invoice_payload"]) == (19800, "CNY", "order-1")


async def test_commands_are_kept_by_scope_and_language(sim: TelegramSimulator, bot: Bot) -> None:
    menu = [{"command": "orders", "description": "我的订单"}]
    await bot("setMyCommands", commands=menu, language_code="zh")

    assert (await bot("getMyCommands", language_code="zh"))["result"] == menu
    assert (await bot("getMyCommands"))["result"] == []
    assert "BOT_COMMAND_INVALID" in await bot.refusal("setMyCommands", commands=[{"command": "订单"}])


async def test_sees_counts_only_what_came_since_the_person_acted(sim: TelegramSimulator, bot: Bot) -> None:
    anna = sim.user("Anna")
    await anna.starts()
    await bot("sendMessage", chat_id=anna.id, text="几点？")
    await anna.sees("几点")

    await anna.says("三点")

    with pytest.raises(NotOnScreen):
        await anna.sees("几点", timeout=0.02)
    assert (await anna.sees("几点", timeout=0.02, anywhere=True)).text == "几点？"
    assert anna.transcript() == "> /start\n< 几点？\n> 三点"
