"""The API of the official-account simulator, over plain HTTP."""

import time
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from simulators.client import http_client
from simulators.tinypng import plain_png
from simulators.wechat import Fan, WeChatSimulator, code_of
from tests.simulators.wechat.conftest import APPID, SECRET, Account

pytestmark = pytest.mark.anyio


async def test_a_message_allows_five_words_within_48_hours(sim: WeChatSimulator, account: Account, fan: Fan) -> None:
    sim.advance(1)
    await account.login()
    await fan.says("你好")

    sent = [await account.writes(fan, f"{i}") for i in range(6)]
    await fan.says("再来")
    again = await account.writes(fan, "6")
    sim.advance(48.1)
    await account.login()
    too_late = await account.writes(fan, "7")

    assert sent == [0, 0, 0, 0, 0, 45047]
    assert (again, too_late) == (0, 45015)


@pytest.mark.parametrize("trigger", ["follow", "menu", "scan", "tap"])
async def test_other_acts_allow_three_words_within_a_minute(
    sim: WeChatSimulator, account: Account, fan: Fan, trigger: str
) -> None:
    account.reply = lambda _: '<a href="weixin://bizmsgmenu?msgmenucontent=1&msgmenuid=1">好</a>'
    await fan.says("约")
    sim.advance(49)
    await account.login()
    acts: dict[str, Callable[[], Awaitable[object]]] = {
        "follow": fan.follows,
        "menu": lambda: fan.clicks_menu("k"),
        "scan": lambda: fan.scans("s"),
        "tap": lambda: fan.taps("好"),
    }

    await acts[trigger]()
    sent = [await account.writes(fan, f"{i}") for i in range(4)]
    sim.advance(61 / 3600)

    assert sent == [0, 0, 0, 45047]
    assert await account.writes(fan, "late") == 45015
    assert await account.writes(sim.fan("stranger"), "hello") == 45015


async def test_a_menu_message_and_a_picture_reach_the_person(account: Account, fan: Fan) -> None:
    await fan.says("你好")
    upload = await account.client.post(
        "/cgi-bin/media/upload", params={"access_token": account.token, "type": "image"}, files={"media": plain_png()}
    )
    choices = [{"id": "101", "content": "满意"}, {"id": "102", "content": "不满意"}]
    menu = {"head_content": "满意吗？", "list": choices, "tail_content": "谢谢"}

    shown = await account.post("/cgi-bin/message/custom/send", touser=fan.openid, msgtype="msgmenu", msgmenu=menu)
    image = {"media_id": upload.json()["media_id"]}
    await account.post("/cgi-bin/message/custom/send", touser=fan.openid, msgtype="image", image=image)
    await fan.taps("不满意")

    assert shown["errcode"] == 0
    assert [message.text for message in fan.messages[1:3]] == ["满意吗？\n满意\n不满意\n谢谢", ""]
    assert fan.messages[2].photo == plain_png()
    assert (account.got[-1].content, account.got[-1]._data["bizmsgmenuid"]) == ("不满意", "102")


async def test_a_wrong_call_gets_its_errcode_under_status_200(account: Account, fan: Fan) -> None:
    path = "/cgi-bin/message/custom/send"
    await fan.says("你好")

    assert (await account.post(path, touser="nobody", msgtype="text", text={"content": "x"}))["errcode"] == 40003
    assert (await account.post(path, touser=fan.openid, msgtype="hologram"))["errcode"] == 40008
    assert await account.writes(fan, "") == 44004
    assert await account.writes(fan, "门" * 683) == 45002
    broken = await account.client.post(path, params={"access_token": account.token}, content=b"{")
    assert (broken.status_code, broken.json()["errcode"]) == (200, 47001)


async def test_a_classic_token_kills_the_one_before_and_a_stable_one_does_not(account: Account, fan: Fan) -> None:
    app = {"appid": APPID, "secret": SECRET}
    stable = {"grant_type": "client_credential"} | app
    first, second = [(await account.get("/cgi-bin/token", **stable))["access_token"] for _ in range(2)]
    same = [(await account.post("/cgi-bin/stable_token", **stable))["access_token"] for _ in range(2)]

    async def errcode(token: str) -> int:
        account.token = token
        return int((await account.get("/cgi-bin/user/info", openid=fan.openid)).get("errcode", 0))

    assert (await errcode(first), await errcode(second)) == (40001, 0)
    assert len(set(same)) == 1
    assert await errcode(same[0]) == 0
    assert await errcode("") == 41001
    account.sim.advance(1.95)
    renewed = (await account.post("/cgi-bin/stable_token", **stable))["access_token"]
    assert renewed != same[0]
    assert await errcode(same[0]) == 0
    account.sim.advance(0.1)
    assert (await errcode(same[0]), await errcode(renewed)) == (42001, 0)
    account.sim.invalidate_token()
    assert await errcode(renewed) == 40001
    assert (await account.post("/cgi-bin/stable_token", **stable | {"secret": "wrong"}))["errcode"] == 40125


async def test_a_forced_stable_token_kills_the_old_one_but_not_twice_in_30_seconds(account: Account) -> None:
    forced = {"grant_type": "client_credential", "appid": APPID, "secret": SECRET, "force_refresh": True}
    old = account.token

    fresh = (await account.post("/cgi-bin/stable_token", **forced))["access_token"]
    too_soon = await account.post("/cgi-bin/stable_token", **forced)

    assert fresh != old
    assert (await account.get("/cgi-bin/user/get"))["errcode"] == 40001
    assert too_soon["errcode"] == 45011


async def test_template_fields_are_cut_at_twenty_characters_and_followers_only_get_them(
    sim: WeChatSimulator, account: Account, fan: Fan
) -> None:
    sim.add_template("tpl", title="预约提醒", fields={"thing1": "服务", "time2": "时间"})
    data = {"thing1": {"value": "肩颈放松" * 6}, "time2": {"value": "2026年11月23日 15:00"}}
    wish = {"touser": fan.openid, "template_id": "tpl", "data": data, "url": "http://127.0.0.1/o"}

    sent = await account.post("/cgi-bin/message/template/send", **wish)
    unknown = await account.post("/cgi-bin/message/template/send", **wish | {"template_id": "other"})
    empty = await account.post("/cgi-bin/message/template/send", **wish | {"data": {}})
    await sim.settled()
    await fan.unfollows()

    assert fan.messages[-1].text == f"预约提醒\n服务：{'肩颈放松' * 5}\n时间：2026年11月23日 15:00"
    assert "was cut" in sim.violations[0]
    assert (account.got[0].event, account.got[0].id) == ("templatesendjobfinish", sent["msgid"])
    assert (unknown["errcode"], empty["errcode"]) == (40037, 47003)
    assert (await account.post("/cgi-bin/message/template/send", **wish))["errcode"] == 43004


async def test_a_subscription_notification_needs_a_permit_for_each_time(
    sim: WeChatSimulator, account: Account, fan: Fan
) -> None:
    sim.add_template("sub", title="上门提醒", fields={"thing1": "服务"})
    path, wish = "/cgi-bin/message/subscribe/bizsend", {"touser": fan.openid, "template_id": "sub"}
    short, long = ({"thing1": {"value": "肩" * length}} for length in (20, 21))

    before = await account.post(path, **wish, data=short)
    await fan.permits("sub")
    too_long = await account.post(path, **wish, data=long)
    allowed = await account.post(path, **wish, data=short)
    after = await account.post(path, **wish, data=short)
    await fan.permits("sub", accepts=False)

    codes = [one["errcode"] for one in (before, too_long, allowed, after)]
    assert codes == [43101, 47003, 0, 43101]
    assert (await account.post(path, **wish, data=short))["errcode"] == 43101


async def test_people_with_a_tag_see_their_own_menu(account: Account, fan: Fan) -> None:
    def menu(name: str, key: str) -> list[dict[str, str]]:
        return [{"type": "click", "name": name, "key": key}]

    none = await account.get("/cgi-bin/menu/get")
    await account.post("/cgi-bin/menu/create", button=menu("我的订单", "orders"))
    tag = (await account.post("/cgi-bin/tags/create", tag={"name": "技师"}))["tag"]["id"]
    rule = {"tag_id": str(tag)}
    await account.post("/cgi-bin/menu/addconditional", button=menu("我的排班", "week"), matchrule=rule)
    before = [one["name"] for one in fan.menu]
    await account.post("/cgi-bin/tags/members/batchtagging", openid_list=[fan.openid], tagid=tag)
    await fan.clicks_menu("我的排班")
    crowded = await account.post("/cgi-bin/menu/create", button=menu("x", "x") * 4)

    assert none["errcode"] == 46003
    assert (before, [one["name"] for one in fan.menu]) == (["我的订单"], ["我的排班"])
    assert account.got[-1].key == "week"
    assert crowded["errcode"] == 40016
    assert (await account.get("/cgi-bin/user/info", openid=fan.openid))["tagid_list"] == [tag]


async def test_the_web_login_gives_an_openid_once(sim: WeChatSimulator, account: Account, fan: Fan) -> None:
    query = f"appid={APPID}&redirect_uri=http%3A%2F%2F127.0.0.1%2Fpay%2Fx&response_type=code&scope=snsapi_base&state=s1"
    back = await fan.authorizes(f"{sim.base_url}/connect/oauth2/authorize?{query}#wechat_redirect")
    wish = {"appid": APPID, "secret": SECRET, "code": code_of(back), "grant_type": "authorization_code"}

    first = await account.client.get("/sns/oauth2/access_token", params=wish)
    second = await account.client.get("/sns/oauth2/access_token", params=wish)
    forged = await account.client.get("/sns/oauth2/access_token", params=wish | {"code": "forged"})

    assert parse_qs(urlsplit(back).query)["state"] == ["s1"]
    assert (first.json()["openid"], first.headers["content-type"]) == (fan.openid, "text/plain")
    assert (second.json()["errcode"], forged.json()["errcode"]) == (40163, 40029)
    assert (await account.client.get(f"/connect/oauth2/authorize?{query}")).status_code == 400


async def test_planned_faults_of_the_api(sim: WeChatSimulator, account: Account, fan: Fan) -> None:
    path = "/cgi-bin/message/custom/send"
    await fan.says("你好")
    sim.fail_next(path, -1)
    sim.fail_next(path, "reset")
    sim.fail_next(path, "slow", seconds=0.1)

    busy = await account.writes(fan, "1")
    with pytest.raises(httpx.NetworkError):
        await account.writes(fan, "2")
    began = time.monotonic()
    slow = await account.writes(fan, "3")

    assert (busy, slow) == (-1, 0)
    assert time.monotonic() - began >= 0.1
    assert [call.errcode for call in sim.calls_of(path)] == [-1, None, 0]
    assert [message.text for message in fan.messages[1:]] == ["3"]


async def test_the_page_lets_a_person_follow_write_and_tap(sim: WeChatSimulator, account: Account) -> None:
    account.reply = lambda _: '<a href="weixin://bizmsgmenu?msgmenucontent=1&msgmenuid=1">好</a>'
    async with http_client(base_url=sim.base_url) as browser:
        await browser.post("/simulator/act", json={"act": "new", "text": "小安"})
        fan = sim.fans[0]
        await browser.post("/simulator/act", json={"person": fan.openid, "act": "presses", "text": "好"})
        state = (await browser.get("/simulator/state")).json()
        impossible = await browser.post("/simulator/act", json={"person": fan.openid, "act": "dance"})

    assert [message["text"] for message in state["people"][0]["messages"]] == ["好", "1", "好"]
    assert impossible.status_code == 400


async def test_the_page_makes_a_link_of_an_address_in_the_words(sim: WeChatSimulator, account: Account) -> None:
    account.reply = lambda _: "请在这里付款：https://pay.example/pay/abc。付好我就告诉您"
    async with http_client(base_url=sim.base_url) as browser:
        await browser.post("/simulator/act", json={"act": "new", "text": "小安"})
        state = (await browser.get("/simulator/state")).json()

    [[link]] = state["people"][0]["messages"][0]["buttons"]
    assert link["url"].endswith("url=https%3A%2F%2Fpay.example%2Fpay%2Fabc")
