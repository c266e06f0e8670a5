"""How the official-account simulator calls an account; wechatpy takes the calls and answers."""

import time

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from wechatpy.crypto import WeChatCrypto

from simulators.screen import CannotDo, NotOnScreen
from simulators.tinypng import plain_png
from simulators.wechat import Fan, WeChatSimulator
from simulators.wechat.crypto import NotAuthentic, SafeMode, signature
from simulators.wechat.state import OUT_OF_SERVICE
from tests.simulators.conftest import ListeningApp
from tests.simulators.wechat.conftest import APPID, KEY, TOKEN, Account

pytestmark = pytest.mark.anyio


def test_its_ciphers_and_those_of_wechatpy_open_each_other() -> None:
    ours = SafeMode(appid=APPID, token=TOKEN, encoding_aes_key=KEY)
    theirs = WeChatCrypto(TOKEN, KEY, APPID)

    for text in ("", "<xml>门铃 💆</xml>", "x" * 31, "x" * 5000):
        encrypted = ours.encrypt(text)
        opened = theirs.decrypt_message({"Encrypt": encrypted}, ours.sign("1", "2", encrypted), "1", "2")
        sealed = theirs.encrypt_message(text, "2", "1")
        inner = sealed.split("<Encrypt><![CDATA[")[1].split("]]>")[0]
        assert opened == text
        assert ours.decrypt(inner) == text


def test_a_cipher_of_another_account_or_a_changed_one_is_not_opened() -> None:
    ours = SafeMode(appid=APPID, token=TOKEN, encoding_aes_key=KEY)
    foreign = SafeMode(appid="wx0000000000000000", token=TOKEN, encoding_aes_key=KEY).encrypt("hello")
    good = ours.encrypt("hello")

    for bad in (foreign, good[:-8], "not base64!", "", "A" + good[1:] if good[0] != "A" else "B" + good[1:]):
        if bad.endswith(good[1:]):
            with pytest.raises(NotAuthentic):
                ours.open_reply(encrypted=bad, msg_signature=ours.sign("1", "2", good), timestamp="1", nonce="2")
        else:
            with pytest.raises(NotAuthentic):
                ours.decrypt(bad)


async def test_the_console_check_of_the_callback_address(sim: WeChatSimulator, account: Account) -> None:
    assert await sim.verify_callback()


async def test_a_passive_reply_is_shown_to_the_person(account: Account, fan: Fan) -> None:
    account.reply = lambda _: "好的 & <b>"

    exchange = await fan.says("明天下午三点 ]]> <b>")

    assert (await fan.sees("好的 & <b>")).kind == "passive"
    assert (account.got[0].id, account.got[0].content) == (exchange.msg_id, "明天下午三点 ]]> <b>")
    assert fan.transcript() == "> 明天下午三点 ]]> <b>\n< 好的 & <b>"


@pytest.mark.parametrize("body", ["", "success"])
async def test_an_empty_answer_and_success_show_nothing(account: Account, fan: Fan, body: str) -> None:
    account.reply = lambda _: PlainTextResponse(body)

    await fan.says("你好")

    assert [message.text for message in fan.messages] == ["你好"]


@pytest.mark.parametrize(
    "answer",
    [
        Response('{"ok": true}', media_type="application/json"),
        Response(status_code=500),
        Response("<xml><ToUserName>plain</ToUserName></xml>", media_type="text/xml"),
        Response(
            "<xml><Encrypt>AAAA</Encrypt><MsgSignature>0</MsgSignature><TimeStamp>1</TimeStamp><Nonce>2</Nonce></xml>"
        ),
    ],
)
async def test_any_other_answer_looks_like_an_outage_to_the_person(
    account: Account, fan: Fan, answer: Response
) -> None:
    account.reply = lambda _: answer

    exchange = await fan.says("你好")

    assert fan.messages[-1].text == OUT_OF_SERVICE
    assert exchange.broken
    assert len(exchange.tries) == 1


async def test_a_late_answer_is_asked_for_three_times_with_the_same_msg_id(account: Account, fan: Fan) -> None:
    account.reply = lambda _: "好的"
    account.sim._callback._timeout = 1.0
    account.delays = [1.3, 1.3, 0.0]

    exchange = await fan.says("你好")

    assert len(exchange.tries) == 3
    assert {message.id for message in account.got} == {exchange.msg_id}
    assert fan.messages[-1].text == "好的"


async def test_three_late_answers_are_an_outage(account: Account, fan: Fan) -> None:
    account.sim._callback._timeout = 0.25
    account.delays = [0.4, 0.4, 0.4]

    exchange = await fan.says("你好")

    assert [one.status for one in exchange.tries] == [None, None, None]
    assert fan.messages[-1].kind == "notice"


async def test_a_reply_over_2048_bytes_is_held_against_the_account_and_not_shown(
    sim: WeChatSimulator, account: Account, fan: Fan
) -> None:
    account.reply = lambda message: "门" * (682 if message.content == "just fits" else 683)

    await fan.says("just fits")
    await fan.says("too long")

    assert [message.kind for message in fan.messages] == ["mine", "passive", "mine"]
    assert sim.violations == ["passive reply of 2049 bytes, 2048 are allowed"]


async def test_lines_to_tap_come_back_as_texts_with_or_without_their_id(
    sim: WeChatSimulator, account: Account, fan: Fan
) -> None:
    line = '<a href="weixin://bizmsgmenu?msgmenucontent={}&msgmenuid={}">{}</a>'
    account.reply = lambda _: (
        "几点？\n" + line.format("1", "m7.1", "1. 三点") + "\n" + line.format("2", "m7.2", "2. 四点")
    )
    await fan.says("约")

    await fan.taps("2. 四点")
    sim.habits.bizmsgmenuid = False
    await fan.taps("三点")

    assert fan.messages[1].text == "几点？\n1. 三点\n2. 四点"
    assert [(one.content, one._data.get("bizmsgmenuid")) for one in account.got[1:]] == [("2", "m7.2"), ("1", None)]
    with pytest.raises(NotOnScreen):
        await fan.taps("五点")


async def test_events_are_what_wechatpy_knows_and_carry_no_msg_id(sim: WeChatSimulator, account: Account) -> None:
    person = sim.fan("小安")
    qr = {"scene": {"scene_str": "invite-7"}}
    made = await account.post("/cgi-bin/qrcode/create", action_name="QR_STR_SCENE", expire_seconds=60, action_info=qr)

    await person.scans("invite-7")
    await person.scans("invite-7")
    await person.clicks_menu("my-orders")
    await person.reports_position(31.2, 121.4)
    await person.permits("tpl-1")
    await person.unfollows()

    kinds = [getattr(message, "event", None) for message in account.got]
    assert kinds[:4] == ["subscribe_scan", "scan", "click", "location"]
    assert (account.got[0].scene_id, account.got[0].ticket) == ("invite-7", made["ticket"])
    assert account.got[1].scene_id == "invite-7"
    assert account.got[2].key == "my-orders"
    popup = account.got[4]._data["SubscribeMsgPopupEvent"]["List"]
    assert (popup["TemplateId"], popup["SubscribeStatusString"]) == ("tpl-1", "accept")
    assert all("MsgId" not in message._data for message in account.got)
    sim.advance(0.1)
    with pytest.raises(CannotDo):
        await sim.fan("late").follows("invite-7")
    with pytest.raises(CannotDo):
        await person.says("gone")


async def test_photos_voices_and_places_are_what_wechatpy_knows(account: Account, fan: Fan) -> None:
    picture = plain_png()

    await fan.sends_photo(picture)
    await fan.sends_location(31.2304, 121.4737, "人民广场")
    await fan.sends_voice()

    image, place, voice = account.got
    query = {"access_token": account.token, "media_id": image.media_id}
    assert (await account.client.get("/cgi-bin/media/get", params=query)).content == picture
    assert (await account.client.get(image.image)).content == picture
    assert (place.location, place.label, voice.format) == (("31.2304", "121.4737"), "人民广场", "amr")
    account.sim.advance(73)
    await account.login()
    assert (await account.get("/cgi-bin/media/get", media_id=image.media_id))["errcode"] == 40007


async def test_requests_carry_the_signature_of_their_own_time_even_after_the_clock_moved(
    sim: WeChatSimulator, app: ListeningApp, fan: Fan
) -> None:
    seen: list[dict[str, str]] = []

    async def handler(request: Request) -> Response:
        seen.append(dict(request.query_params))
        return Response()

    app.handler = handler
    sim.advance(1000)
    await fan.says("你好")

    query = seen[0]
    assert abs(int(query["timestamp"]) - time.time()) < 5
    assert query["signature"] == signature(TOKEN, query["timestamp"], query["nonce"])
    assert (query["encrypt_type"], query["openid"]) == ("aes", fan.openid)
