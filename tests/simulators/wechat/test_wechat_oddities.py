"""What WeChat does to an account on its worse days."""

import pytest

from simulators.wechat import Fan, WeChatSimulator
from simulators.wechat.errors import Refusal
from simulators.wechat.fields import check, oddities
from tests.simulators.conftest import ListeningApp
from tests.simulators.wechat.conftest import APPID, KEY, SECRET, TOKEN, Account

pytestmark = pytest.mark.anyio

SEND = "/cgi-bin/message/custom/send"


async def test_what_was_not_granted_or_was_taken_away_is_refused(
    sim: WeChatSimulator, account: Account, fan: Fan
) -> None:
    await fan.says("你好")
    sim.revoke("kefu")
    missing = await account.writes(fan, "a")
    sim.revoke("kefu", for_misuse=True)
    banned = await account.writes(fan, "a")
    sim.grant("kefu")

    assert (missing, banned, await account.writes(fan, "a")) == (48001, 48004, 0)
    with pytest.raises(ValueError, match="kefu"):
        sim.revoke("telepathy")


async def test_a_days_quota_ends_at_midnight_in_shanghai_or_is_cleared_ten_times_a_month(
    sim: WeChatSimulator, account: Account, fan: Fan
) -> None:
    await fan.says("你好")
    sim.limit(SEND, a_day=1)
    sent = [await account.writes(fan, "a") for _ in range(2)]
    told = await account.post("/cgi-bin/openapi/quota/get", cgi_path=SEND)
    cleared = await account.post("/cgi-bin/clear_quota", appid=APPID)
    after = [await account.writes(fan, "a") for _ in range(2)]
    again = [(await account.post("/cgi-bin/clear_quota", appid=APPID))["errcode"] for _ in range(10)]
    sim.limit(SEND, a_day=0)
    used_up = await account.writes(fan, "a")
    sim.limit(SEND, a_day=5)
    sim.advance(24)
    await account.login()

    assert sent == [0, 45009]
    assert told["quota"] == {"daily_limit": 1, "used": 1, "remain": 0}
    assert (cleared["errcode"], after) == (0, [0, 45009])
    assert again == [0] * 9 + [48006]
    assert (used_up, await account.writes(fan, "a"), sim.quota_left(SEND)) == (45009, 0, 4)


async def test_a_minutes_quota_is_back_in_the_next_minute(sim: WeChatSimulator, account: Account, fan: Fan) -> None:
    await fan.says("你好")
    sim.limit(SEND, a_minute=0)
    refused = await account.writes(fan, "a")
    sim.limit(SEND, a_minute=9)

    assert (refused, await account.writes(fan, "a")) == (45011, 0)


async def test_a_test_account_has_no_menu_messages_and_no_ids_of_taps(app: ListeningApp) -> None:
    sim = WeChatSimulator(APPID, SECRET, TOKEN, KEY, test_account=True)
    await sim.start()
    account = Account(sim, app)
    await account.login()
    fan = sim.fan()
    await fan.follows()
    account.reply = lambda _: '<a href="weixin://bizmsgmenu?msgmenucontent=1&msgmenuid=7">好</a>'
    await fan.says("约")
    await fan.taps("好")
    menu = {"head_content": "?", "list": [{"id": "1", "content": "好"}]}
    refused = await account.post(SEND, touser=fan.openid, msgtype="msgmenu", msgmenu=menu)
    await account.client.aclose()
    await sim.stop()

    assert refused["errcode"] == 40200
    assert (account.got[-1].content, account.got[-1]._data.get("bizmsgmenuid")) == ("1", None)


@pytest.mark.parametrize(
    ("key", "good", "bad"),
    [
        ("thing1", "肩颈按摩" * 5, "肩颈按摩" * 5 + "。"),
        ("time2", "2026年11月23日 15:00", "明天下午三点"),
        ("date3", "2026-11-23", "周一"),
        ("amount4", "¥263.00", "二百六十三"),
        ("character_string5", "K7M2Q-1", "订单K7M2Q"),
        ("phrase6", "已确认", "已经确认了呀"),
        ("name7", "王师傅", "a" * 21),
        ("phone_number8", "028-12345678", "没有"),
        ("number9", "2", "两次"),
        ("letter10", "ABC", "A1"),
    ],
)
def test_a_field_takes_what_its_kind_allows(key: str, good: str, bad: str) -> None:
    assert check(key, good) == good
    with pytest.raises(Refusal) as refused:
        check(key, bad)
    assert refused.value.errcode == 47003


def test_what_a_template_would_lose_is_named() -> None:
    assert oddities("thing1", "好的👌\n第二行") == ["lines", "emoji"]
    assert oddities("thing1", "好的👌") == ["emoji"]
    assert oddities("thing1", "长" * 21) == ["characters"]
    assert oddities("time2", "2026年11月23日 15:00~17:00") == []


async def test_a_template_with_the_same_own_id_is_sent_once(sim: WeChatSimulator, account: Account, fan: Fan) -> None:
    sim.add_template("tpl", title="提醒", fields={"thing1": "服务"})
    wish = {"touser": fan.openid, "template_id": "tpl", "data": {"thing1": {"value": "按摩"}}, "client_msg_id": "m1"}
    first, again = [await account.post("/cgi-bin/message/template/send", **wish) for _ in range(2)]

    assert first["msgid"] == again["msgid"]
    assert [one.kind for one in fan.messages].count("template") == 1


async def test_a_failed_template_says_so_afterwards(sim: WeChatSimulator, account: Account, fan: Fan) -> None:
    sim.add_template("tpl", title="提醒", fields={"thing1": "服务"})
    sim.templates_end_with("failed:user block")
    wish = {"touser": fan.openid, "template_id": "tpl", "data": {"thing1": {"value": "按摩"}}}
    sent = await account.post("/cgi-bin/message/template/send", **wish)
    await sim.settled()

    assert sent["errcode"] == 0
    assert account.got[-1].status == "failed:user block"
    assert "template" not in [one.kind for one in fan.messages]


async def test_who_sees_which_menu_can_be_asked(sim: WeChatSimulator, account: Account, fan: Fan) -> None:
    button = {"type": "click", "name": "预约", "key": "book"}
    other = {"type": "click", "name": "今天的单", "key": "my_day"}
    tag = (await account.post("/cgi-bin/tags/create", tag={"name": "师傅"}))["tag"]["id"]
    await account.post("/cgi-bin/menu/create", button=[button])
    await account.post("/cgi-bin/menu/addconditional", button=[other], matchrule={"tag_id": tag})
    before = await account.post("/cgi-bin/menu/trymatch", user_id=fan.openid)
    await account.post("/cgi-bin/tags/members/batchtagging", openid_list=[fan.openid], tagid=tag)
    after = await account.post("/cgi-bin/menu/trymatch", user_id=fan.openid)
    tags = await account.post("/cgi-bin/tags/getidlist", openid=fan.openid)
    await account.post("/cgi-bin/tags/delete", tag={"id": tag})

    assert [one["button"][0]["name"] for one in (before, after)] == ["预约", "今天的单"]
    assert tags["tagid_list"] == [tag]
    assert [one["name"] for one in fan.menu] == ["预约"]


async def test_news_by_mass_message_reach_followers_four_times_a_month(sim: WeChatSimulator, account: Account) -> None:
    one, two = sim.fan("a"), sim.fan("b")
    await one.follows()
    wish = {"touser": [one.openid, two.openid], "msgtype": "text", "text": {"content": "春节放假"}}
    sent = [(await account.post("/cgi-bin/message/mass/send", **wish))["errcode"] for _ in range(5)]
    alone = await account.post("/cgi-bin/message/mass/send", **wish | {"touser": [one.openid]})

    assert sent == [0] * 5
    assert [len([line for line in fan.messages if line.kind == "mass"]) for fan in (one, two)] == [4, 0]
    assert alone["errcode"] == 40130


async def test_the_same_is_told_three_times_at_once_or_in_a_row(
    sim: WeChatSimulator, account: Account, fan: Fan
) -> None:
    told = await fan.says("你好")
    await sim.repeat(told, times=2, at_once=True)
    await sim.repeat(told, times=1)

    assert [message.id for message in account.got] == [told.msg_id] * 4


async def test_a_compatible_account_sends_the_clear_text_beside_the_cipher(app: ListeningApp) -> None:
    sim = WeChatSimulator(APPID, SECRET, TOKEN, KEY, mode="compatible")
    await sim.start()
    account = Account(sim, app)
    fan = sim.fan()
    await fan.follows()
    exchange = await fan.says("你好")
    await account.client.aclose()
    await sim.stop()

    assert account.got[-1].content == "你好"
    assert exchange.broken == ""


async def test_permits_are_told_of_when_given_used_and_taken_back(
    sim: WeChatSimulator, account: Account, fan: Fan
) -> None:
    sim.add_template("sub", title="上门提醒", fields={"thing1": "服务"})
    await fan.permits("sub")
    wish = {"touser": fan.openid, "template_id": "sub", "data": {"thing1": {"value": "按摩"}}}
    sent = await account.post("/cgi-bin/message/subscribe/bizsend", **wish)
    await sim.settled()
    await fan.ends_permits("sub")

    assert sent["errcode"] == 0
    events = [str(message._data["Event"]) for message in account.got]
    assert events == ["subscribe_msg_popup_event", "subscribe_msg_sent_event", "subscribe_msg_change_event"]


@pytest.mark.parametrize("kind", ["video", "shortvideo", "link", "file"])
async def test_an_odd_kind_arrives_under_its_own_name(account: Account, fan: Fan, kind: str) -> None:
    await fan.sends_odd(kind)

    assert account.got[-1]._data["MsgType"] == kind
