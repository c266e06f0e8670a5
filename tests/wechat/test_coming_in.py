"""Callbacks through the real safe mode: each kind becomes what the dialogs understand; forgeries become nothing."""

import random
import secrets
import time
from collections.abc import Mapping
from pathlib import Path

import httpx
import pytest

from core.db import DatabaseBusy
from core.geo import Point, metres_between, to_gcj02
from dialogs.incoming import Event, Location, Photo, Press, Text, Unreadable
from dialogs.outgoing import Sent
from simulators.tinypng import plain_png
from simulators.wechat.crypto import SafeMode, signature
from simulators.wechat.fan import Fan
from simulators.wechat.xml import Raw, Value, render
from tests.builders import a_database
from tests.busy import BusyReception
from tests.fake_reception import a_prompt
from tests.wechat.conftest import AES_KEY, APPID, TOKEN, Open, Opened, RowReception

pytestmark = pytest.mark.anyio
_SAFE = SafeMode(appid=APPID, token=TOKEN, encoding_aes_key=AES_KEY)


def a_follower(opened: Opened) -> Fan:
    """Somebody who follows the account already, without having said so to this door."""
    fan = opened.sim.fan()
    fan.account.following = True
    return fan


def a_message(**over: Value) -> str:
    """The XML of a text, as WeChat writes it before sealing."""
    fields: dict[str, Value] = {
        "ToUserName": "gh_0123456789ab", "FromUserName": "oAnna-0123456789abcdefghijkl", "CreateTime": 1795000000,
        "MsgType": "text", "Content": "你好", "MsgId": 24000000000000001,
    }  # fmt: skip
    return render(fields | over)


def sealed(document: str, *, at: float | None = None) -> tuple[dict[str, str], str]:
    """Query and body of a safe-mode callback."""
    encrypted = _SAFE.encrypt(document)
    query = signed(at) | {"encrypt_type": "aes"}
    query["msg_signature"] = _SAFE.sign(query["timestamp"], query["nonce"], encrypted)
    return query, render({"ToUserName": "gh_0123456789ab", "Encrypt": encrypted})


def signed(at: float | None = None) -> dict[str, str]:
    timestamp, nonce = str(int(time.time() if at is None else at)), str(secrets.randbelow(10**9))
    return {"signature": signature(TOKEN, timestamp, nonce), "timestamp": timestamp, "nonce": nonce}


async def post(opened: Opened, query: Mapping[str, str], body: str | bytes) -> httpx.Response:
    async with httpx.AsyncClient(trust_env=False) as client:
        return await client.post(str(opened.sim.callback_url), params=dict(query), content=body)


async def test_the_consoles_check_of_the_address_passes(open_door: Open) -> None:
    opened = await open_door()

    assert await opened.sim.verify_callback()


async def test_words_come_in_and_are_answered_in_the_same_breath(open_door: Open) -> None:
    opened = await open_door()
    fan = a_follower(opened)

    exchange = await fan.says("明天下午三点想约个肩颈按摩 💆 ]]> & <b>")
    await fan.sees("heard")

    came = opened.reception.came[0]
    assert came.content == Text("明天下午三点想约个肩颈按摩 💆 ]]> & <b>")
    assert (came.channel, came.account, came.sender) == ("wechat", "bell", fan.openid)
    assert came.external_id == str(exchange.msg_id)
    assert opened.sim.calls_of("/cgi-bin/message/custom/send") == []


async def test_events_of_following_scanning_and_the_menu(open_door: Open) -> None:
    opened = await open_door(RowReception(script=lambda _: []))
    fan = opened.sim.fan()

    await fan.follows()
    await fan.scans("order-M7K2QX")
    await fan.clicks_menu("我的订单")
    await fan.unfollows()
    await fan.follows("invite-7")

    assert opened.reception.heard == [
        Event("start", ""),
        Event("start", "order-M7K2QX"),
        Event("menu", "my_orders"),
        Event("stop"),
        Event("start", "invite-7"),
    ]
    assert len({one.external_id for one in opened.reception.came}) == 5


async def test_what_the_phone_tells_by_itself_is_no_turn(open_door: Open) -> None:
    opened = await open_door()
    fan = a_follower(opened)

    await fan.reports_position(31.23, 121.47)
    await fan.permits("template-1")

    assert opened.reception.came == []
    assert [one.broken for one in opened.sim.exchanges] == ["", ""]


async def test_a_pin_is_moved_from_chinas_datum_to_the_worlds(open_door: Open) -> None:
    opened = await open_door()
    true = Point(39.9334, 116.4785)
    shown = to_gcj02(true)

    await a_follower(opened).sends_location(shown.lat, shown.lng, "朝阳公园")

    pin = opened.reception.came[0].content
    assert isinstance(pin, Location)
    assert pin.label == "朝阳公园"
    assert metres_between(Point(pin.lat, pin.lng), true) <= 1
    assert metres_between(Point(shown.lat, shown.lng), true) > 300


async def test_a_picture_comes_as_a_reference_that_can_be_fetched(open_door: Open) -> None:
    opened = await open_door()
    picture = plain_png(40, 40)

    await a_follower(opened).sends_photo(picture)

    photo = opened.reception.came[0].content
    assert isinstance(photo, Photo)
    media_id, _, address = str(photo.ref).partition(" ")
    assert await opened.door.fetch("bell", str(photo.ref)) == picture
    assert await opened.door.fetch("bell", f"{media_id} ") == picture
    assert await opened.door.fetch("bell", f"no-such-media {address}") == picture


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:1/x", "file:///etc/passwd", "https://mmbiz.qpic.cn.example/x", ""]
)
async def test_a_pictures_address_elsewhere_is_never_visited(open_door: Open, address: str) -> None:
    opened = await open_door()

    with pytest.raises(OSError, match="did not hand the picture over, or"):
        await opened.door.fetch("bell", f"no-such-media {address}")


async def test_voice_is_said_to_be_unreadable(open_door: Open) -> None:
    opened = await open_door()

    await a_follower(opened).sends_voice()

    assert opened.reception.heard == [Unreadable("voice")]


@pytest.mark.parametrize("with_id", [True, False])
async def test_a_tapped_line_is_a_press_or_its_number(open_door: Open, with_id: bool) -> None:
    opened = await open_door(RowReception(script=lambda _: [a_prompt("选哪位？", "王师傅", "李师傅")]))
    opened.sim.habits.bizmsgmenuid = with_id
    fan = a_follower(opened)
    await fan.says("按摩")

    await fan.taps("2 李师傅")

    tapped = opened.reception.came[1].content
    assert isinstance(tapped, Press) if with_id else tapped == Text("2")


async def test_a_foreign_menu_id_is_no_press(open_door: Open) -> None:
    opened = await open_door()

    await post(opened, *sealed(a_message(Content="2", bizmsgmenuid="somebody's menu")))

    assert opened.reception.heard == [Text("2")]


async def test_ten_thousand_characters_come_in_whole(open_door: Open) -> None:
    opened = await open_door()

    response = await post(opened, *sealed(a_message(Content="按摩" * 5000)))

    assert response.status_code == 200
    assert opened.reception.heard == [Text("按摩" * 5000)]


async def test_a_repeated_message_is_taken_once_and_gets_the_same_answer(open_door: Open) -> None:
    opened = await open_door()
    document = a_message()

    first = await post(opened, *sealed(document))
    again = await post(opened, *sealed(document))

    assert len(opened.reception.came) == 1
    assert reply_of(first) == reply_of(again)
    assert "heard" in reply_of(again)
    assert await opened.reception.notes(1) == [Sent(how="passive")]


async def test_two_events_in_one_second_are_two_and_a_repeated_one_is_one(open_door: Open) -> None:
    opened = await open_door(RowReception(script=lambda _: []))
    event: dict[str, Value] = {"MsgType": "event", "Event": "CLICK", "MsgId": Raw(""), "Content": ""}

    for key in ("book", "my_orders", "book"):
        await post(opened, *sealed(a_message(**event, EventKey=key)))

    assert opened.reception.heard == [Event("menu", "book"), Event("menu", "my_orders")]


async def test_forged_requests_are_refused_and_never_read(open_door: Open) -> None:
    opened = await open_door()
    query, body = sealed(a_message())
    stale, stale_body = sealed(a_message(), at=time.time() - 330)
    early, early_body = sealed(a_message(), at=time.time() + 330)
    other = SafeMode(appid="wx9999999999999999", token=TOKEN, encoding_aes_key=AES_KEY).encrypt(a_message())
    foreign = {**query, "msg_signature": _SAFE.sign(query["timestamp"], query["nonce"], other)}

    answers = [
        await post(opened, {}, body),
        await post(opened, query | {"signature": "0" * 40}, body),
        await post(opened, query | {"msg_signature": "0" * 40}, body),
        await post(opened, query | {"nonce": "1"}, body),
        await post(opened, stale, stale_body),
        await post(opened, early, early_body),
        await post(opened, query, sealed(a_message(Content="forged"))[1]),
        await post(opened, signed(), a_message()),
        await post(opened, foreign, render({"ToUserName": "gh", "Encrypt": other})),
    ]

    assert [answer.status_code for answer in answers] == [403] * 9
    assert opened.reception.came == []


async def test_a_forged_check_of_the_address_gets_no_echo(open_door: Open) -> None:
    opened = await open_door()

    async with httpx.AsyncClient(trust_env=False) as client:
        url = str(opened.sim.callback_url)
        forged = await client.get(url, params={"signature": "x", "timestamp": "1", "nonce": "1", "echostr": "hello"})
        elsewhere = await client.get(url.replace("bell", "other"), params=signed() | {"echostr": "hello"})

    assert (forged.status_code, elsewhere.status_code) == (403, 404)
    assert "hello" not in forged.text


@pytest.mark.parametrize(
    "document",
    [
        '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><xml><MsgType>text</MsgType><Content>&b;</Content></xml>',
        '<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd"><xml></xml>',
        "no xml at all",
        "<xml><MsgType>text</MsgType></xml>",
        "<xml></xml>",
        "",
    ],
)
async def test_sealed_nonsense_gets_an_empty_answer(open_door: Open, document: str) -> None:
    opened = await open_door()

    inside = await post(opened, *sealed(document))
    outside = await post(opened, signed() | {"encrypt_type": "aes", "msg_signature": "x"}, document)

    assert (inside.status_code, inside.text) == (200, "")
    assert (outside.status_code, outside.text) == (200, "")
    assert opened.reception.came == []


async def test_words_about_a_doctype_are_only_words(open_door: Open) -> None:
    opened = await open_door()

    await post(opened, *sealed(a_message(Content="<!DOCTYPE html> 怎么写？")))

    assert opened.reception.heard == [Text("<!DOCTYPE html> 怎么写？")]


async def test_a_body_larger_than_any_callback_is_dropped(open_door: Open) -> None:
    opened = await open_door()

    response = await post(opened, *sealed(a_message(Content="x" * 70_000)))

    assert (response.status_code, response.text, opened.reception.came) == (200, "", [])


async def test_only_a_database_that_is_down_lets_wechat_hang_up_and_come_again(
    open_door: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bots.wechat.door._HANGS_UP_SECONDS", 0.2)
    opened = await open_door()

    opened.reception.error = DatabaseBusy("away")
    down = await post(opened, *sealed(a_message()))
    opened.reception.error = None
    back = await post(opened, *sealed(a_message()))
    opened.reception.error = RuntimeError("a defect")
    defect = await post(opened, *sealed(a_message(MsgId=7)))

    assert (down.status_code, back.status_code, defect.status_code) == (503, 200, 200)
    assert "heard" in reply_of(back)
    assert defect.text == ""


async def test_a_turn_the_database_would_not_take_is_answered_in_the_same_breath(
    open_door: Open, tmp_path: Path
) -> None:
    opened = await open_door(BusyReception(db=a_database(tmp_path)))
    message = sealed(a_message())

    first = await post(opened, *message)
    again = await post(opened, *message)

    assert (first.status_code, again.status_code) == (200, 200)
    assert "不用重发" in reply_of(first)
    assert reply_of(again) == reply_of(first)


async def test_five_hundred_broken_callbacks_never_make_a_server_error(open_door: Open) -> None:
    opened = await open_door(RowReception(script=lambda _: []))
    chance = random.Random(20261122)
    statuses = set()

    async with httpx.AsyncClient(trust_env=False) as client:
        for nth in range(500):
            query, body = broken(a_message(MsgId=nth + 1), chance)
            response = await client.post(str(opened.sim.callback_url), params=query, content=body)
            statuses.add(response.status_code)

    assert statuses == {200, 403}


def broken(document: str, chance: random.Random) -> tuple[dict[str, str], bytes]:
    """A callback damaged inside its seal, in its envelope or in its query."""
    where = chance.choice(("inside", "inside", "inside", "envelope", "query"))
    if where == "inside":
        raw = bytearray(document.encode())
        for _ in range(chance.choice((1, 3, 30))):
            raw[chance.randrange(len(raw))] = chance.randrange(256)
        start, end = sorted((chance.randrange(len(raw)), chance.randrange(len(raw))))
        twice = raw + raw[start:end] if chance.random() < 0.3 else raw[: chance.choice((len(raw), end))]
        query, body = sealed(bytes(twice).decode(errors="replace"))
        return query, body.encode()
    query, body = sealed(document)
    if where == "query":
        query[chance.choice([*query])] = chance.choice(["", "x", "9" * 400, "-1", "é"])
        return query, body.encode()
    envelope = bytearray(body.encode())
    for _ in range(3):
        envelope[chance.randrange(len(envelope))] = chance.randrange(256)
    return query, bytes(envelope)


def reply_of(response: httpx.Response) -> str:
    """What a sealed answer says."""
    encrypted = response.text.partition("<Encrypt><![CDATA[")[2].partition("]]>")[0]
    return _SAFE.decrypt(encrypted).partition("<Content><![CDATA[")[2].partition("]]>")[0]
