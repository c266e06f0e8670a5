"""Every kind of message and event in WeChat's documentation, and what it is to us."""

from collections.abc import Mapping

import pytest
from sqlalchemy import update

from bots.wechat.reading import Permit, Permits, Position, Read, Receipt, read_message
from bots.wechat.xml import read_xml
from core import positions
from core.orders.moves import load
from core.orders.states import OrderState
from core.technicians.tables import technician as technician_table
from core.windows import Trigger
from dialogs.incoming import Content, Event, Location, Photo, Press, Text, Unreadable
from dialogs.outgoing import token_of
from simulators.wechat.xml import Raw, Value, render
from tests.builders import a_city
from tests.visits import an_order
from tests.wechat.conftest import Open, opening
from tests.wechat.test_coming_in import a_follower

_ANNA = "oAnna-0123456789abcdefghijkl"


def read(kind: str, fields: Mapping[str, Value]) -> Read:
    head: dict[str, Value] = {"ToUserName": "gh_0123456789ab", "FromUserName": _ANNA, "CreateTime": 1795000000}
    what: dict[str, Value] = {"MsgType": kind, "MsgId": 24000000000000001}
    return read_message(read_xml(render(head | what | dict(fields)).encode()), account="bell")


def event(name: str, **fields: Value) -> Read:
    head: dict[str, Value] = {"ToUserName": "gh_0123456789ab", "FromUserName": _ANNA, "CreateTime": 1795000000}
    document = render(head | {"MsgType": "event", "Event": name} | fields)
    return read_message(read_xml(document.encode()), account="bell")


@pytest.mark.parametrize(
    ("kind", "fields", "content"),
    [
        ("text", {"Content": "约按摩"}, Text("约按摩")),
        ("text", {"Content": "1", "bizmsgmenuid": token_of(7, 1)}, Press(token_of(7, 1))),
        ("image", {"MediaId": "m", "PicUrl": "http://mmbiz.qpic.cn/x"}, Photo(ref="m http://mmbiz.qpic.cn/x")),
        ("voice", {"MediaId": "m", "Format": "amr", "Recognition": "我要按摩"}, Unreadable("voice")),
        ("video", {"MediaId": "m", "ThumbMediaId": "t"}, Unreadable("video")),
        ("shortvideo", {"MediaId": "m", "ThumbMediaId": "t"}, Unreadable("shortvideo")),
        ("link", {"Title": "t", "Description": "d", "Url": "https://x.example"}, Unreadable("link")),
        ("file", {"Title": "a.pdf"}, Unreadable("file")),
    ],
)
def test_messages(kind: str, fields: dict[str, Value], content: Content) -> None:
    came = read(kind, fields).incoming

    assert came is not None
    assert came.content == content
    assert came.allows == (Trigger.MENU if isinstance(content, Press) else Trigger.MESSAGE)


def test_a_pin_is_a_location() -> None:
    came = read("location", {"Location_X": 39.93, "Location_Y": 116.47, "Scale": 16, "Label": "朝阳公园"}).incoming

    assert came is not None
    assert isinstance(came.content, Location)


@pytest.mark.parametrize(
    ("name", "fields", "content", "allows"),
    [
        ("subscribe", {"EventKey": ""}, Event("start", ""), "follow"),
        ("subscribe", {"EventKey": "qrscene_t_AB12", "Ticket": "T"}, Event("start", "t_AB12"), "follow"),
        ("subscribe", {"EventKey": "last_trade_no_4200"}, Event("start", ""), "follow"),
        ("SCAN", {"EventKey": "i_XY9", "Ticket": "T"}, Event("start", "i_XY9"), "scan"),
        ("unsubscribe", {"EventKey": ""}, Event("stop"), ""),
        ("CLICK", {"EventKey": "my_orders"}, Event("menu", "my_orders"), "menu"),
        (
            "scancode_waitmsg",
            {"EventKey": "scan", "ScanCodeInfo": Raw("<ScanType>qrcode</ScanType><ScanResult>M7K2QX</ScanResult>")},
            Text("M7K2QX"),
            "menu",
        ),
    ],
)
def test_events_that_are_turns(name: str, fields: dict[str, Value], content: Content, allows: str) -> None:
    came = event(name, **fields).incoming

    assert came is not None
    assert (came.content, came.allows) == (content, allows)


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("VIEW", {"EventKey": "https://menling.example", "MenuId": "400000001"}),
        ("view_miniprogram", {"EventKey": "pages/index", "MenuId": "400000001"}),
        (
            "scancode_push",
            {"EventKey": "k", "ScanCodeInfo": Raw("<ScanResult>1</ScanResult>")},
        ),
        ("pic_sysphoto", {"EventKey": "k", "SendPicsInfo": Raw("<Count>1</Count><PicList></PicList>")}),
        ("pic_photo_or_album", {"EventKey": "k", "SendPicsInfo": Raw("<Count>1</Count><PicList></PicList>")}),
        ("pic_weixin", {"EventKey": "k", "SendPicsInfo": Raw("<Count>1</Count><PicList></PicList>")}),
        ("location_select", {"EventKey": "k", "SendLocationInfo": Raw("<Location_X>23</Location_X>")}),
        ("MASSSENDJOBFINISH", {"MsgID": 1, "Status": "send success"}),
        ("kf_create_session", {"KfAccount": "kf1@x"}),
        ("kf_close_session", {"KfAccount": "kf1@x", "CloseType": "KF"}),
        ("kf_switch_session", {"FromKfAccount": "kf1@x", "ToKfAccount": "kf2@x"}),
        ("qualification_verify_success", {"ExpiredTime": 1}),
        ("annual_renew", {"ExpiredTime": 1}),
        ("verify_expired", {"ExpiredTime": 1}),
        ("user_enter_tempsession", {"SessionFrom": "x"}),
        ("something_new", {"EventKey": "x"}),
    ],
)
def test_events_that_are_nothing_to_us(name: str, fields: dict[str, Value]) -> None:
    assert event(name, **fields) == Read(_ANNA, "gh_0123456789ab")


def a_list(*templates: tuple[str, str]) -> Raw:
    return Raw(
        "".join(
            f"<List><TemplateId>{template}</TemplateId><SubscribeStatusString>{status}</SubscribeStatusString></List>"
            for template, status in templates
        )
    )


def test_permits_given_turned_away_and_taken_back() -> None:
    popup = event("subscribe_msg_popup_event", SubscribeMsgPopupEvent=a_list(("A", "accept"), ("B", "reject")))
    one = event("subscribe_msg_popup_event", SubscribeMsgPopupEvent=a_list(("A", "accept")))
    change = event("subscribe_msg_change_event", SubscribeMsgChangeEvent=a_list(("A", "reject"), ("B", "accept")))

    for notice, permits in ((popup.notice, [Permit("A", allowed=True)]), (one.notice, [Permit("A", allowed=True)])):
        assert isinstance(notice, Permits)
        assert list(notice.permits) == permits
    assert isinstance(change.notice, Permits)
    assert change.notice.permits == (Permit("A", allowed=False),)


def test_receipts_say_what_became_of_a_message() -> None:
    sent = Raw(
        "<List><TemplateId>A</TemplateId><MsgID>17</MsgID><ErrorCode>43101</ErrorCode>"
        "<ErrorStatus>user refuse</ErrorStatus></List>"
    )

    assert event("TEMPLATESENDJOBFINISH", MsgID=200163836, Status="success").notice == Receipt(
        "200163836", delivered=True
    )
    for status in ("failed:user block", "failed: system failed"):
        told = event("TEMPLATESENDJOBFINISH", MsgID=200163836, Status=status).notice
        assert told == Receipt("200163836", delivered=False)
    assert event("subscribe_msg_sent_event", SubscribeMsgSentEvent=sent).notice == Receipt(
        "17", delivered=False, template="A", errcode=43101
    )


def test_the_phones_own_report_is_a_position_in_the_worlds_datum() -> None:
    told = event("LOCATION", Latitude=31.23, Longitude=121.47, Precision=30).notice

    assert told == Position(31.23, 121.47)


def test_two_events_of_one_second_differ_by_their_kind_or_key() -> None:
    keys = {
        event(name, EventKey=key).incoming.external_id  # type: ignore[union-attr]
        for name, key in (("CLICK", "book"), ("CLICK", "my_orders"), ("SCAN", "book"), ("subscribe", ""))
    }

    assert len(keys) == 4


@pytest.mark.anyio
async def test_only_a_technician_on_the_way_is_placed(open_door: Open) -> None:
    opened = await open_door()
    city = opened.db.run(a_city)
    technician, stranger = a_follower(opened), a_follower(opened)
    for fan in (technician, stranger):
        await fan.says("hi")
    who = opened.db.read(lambda tx: opening(tx, technician.openid)).person_id
    change = update(technician_table).where(technician_table.c.id == city.technician.id).values(person_id=who)
    opened.db.run(lambda tx: tx.execute(change))
    order = opened.db.run(lambda tx: an_order(tx, city, state=OrderState.DEPARTED))

    await stranger.reports_position(30.1, 104.1)
    await technician.reports_position(30.66, 104.08)
    await technician.reports_position(30.67, 104.09)

    now = opened.reception.clock.now()
    here = opened.db.read(lambda tx: positions.where(tx, load(tx, order.id), now=now))
    assert here is not None
    assert (here.point.lat, here.point.lng) == (30.66, 104.08)
