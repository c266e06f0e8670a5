"""A message or event of WeChat becomes an Incoming, a notice for the door itself, or nothing at all."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from bots.wechat.sealing import Unreadable as BadContent
from bots.wechat.xml import Fields
from core.geo import Datum, Point, to_wgs84
from core.windows import Trigger
from dialogs.incoming import Content, Event, Incoming, Location, Photo, Press, Text, Unreadable
from dialogs.outgoing import read_token

_LONGEST_ID: Final = 64
_UNREADABLE: Final = ("voice", "video", "shortvideo", "link", "file", "miniprogrampage", "music", "card")
_MOST_PERMITS: Final = 20
_LAST_TRADE: Final = "last_trade_no_"
"""What a key begins with when somebody follows from the page after paying: no scene of ours."""


@dataclass(frozen=True, slots=True)
class Permit:
    """What somebody said of one template: allowed once more, or nothing of it any more."""

    template: str
    allowed: bool


@dataclass(frozen=True, slots=True)
class Permits:
    """A person answered the window that asks for notifications, or changed them in the settings."""

    told: str
    permits: tuple[Permit, ...]


@dataclass(frozen=True, slots=True)
class Receipt:
    """WeChat tells later what became of a template or subscription message; `ref` is its own number of it."""

    ref: str
    delivered: bool
    template: str = ""
    errcode: int = 0


@dataclass(frozen=True, slots=True)
class Position:
    """The phone reports by itself where it is, WGS-84 degrees."""

    lat: float
    lng: float


Notice = Permits | Receipt | Position


@dataclass(frozen=True, slots=True)
class Read:
    """Who wrote to which of our accounts (WeChat's own name of it), and what: at most one of the two."""

    openid: str
    account_id: str
    incoming: Incoming | None = None
    notice: Notice | None = None


def read_message(data: Fields, *, account: str) -> Read:
    """Return what an opened message means; raises sealing.Unreadable when it is none of WeChat's."""
    openid, account_id = _text(data, "FromUserName"), _text(data, "ToUserName")
    if not 1 <= len(openid) <= _LONGEST_ID or not account_id:
        raise BadContent("names")
    kind = _text(data, "MsgType").lower()
    if not kind:
        raise BadContent("kind")
    if kind != "event":
        content, allows = _of_message(kind, data), _allowed_by_message(kind, data)
    else:
        event = _text(data, "Event").lower()
        notice = _notice(event, data)
        if notice is not None:
            return Read(openid, account_id, notice=notice)
        content, allows = _of_event(event, data), _ALLOWED_BY_EVENT.get(event, "")
    if content is None:
        return Read(openid, account_id)
    incoming = Incoming(
        channel="wechat",
        account=account,
        external_id=_external_id(data),
        sender=openid,
        content=content,
        allows=allows,
    )
    return Read(openid, account_id, incoming)


def _of_message(kind: str, data: Fields) -> Content | None:
    if kind == "text":
        token = _text(data, "bizmsgmenuid")
        return Press(token) if read_token(token) is not None else Text(_text(data, "Content"))
    if kind == "image":
        return Photo(ref=f"{_text(data, 'MediaId')} {_text(data, 'PicUrl')}")
    if kind == "location":
        return _location(data)
    return Unreadable(kind) if kind in _UNREADABLE else None


def _allowed_by_message(kind: str, data: Fields) -> str:
    # A tap on a line of our own message counts for WeChat as a click on the menu: it earns none of the five.
    return Trigger.MENU if kind == "text" and _text(data, "bizmsgmenuid") else Trigger.MESSAGE


_ALLOWED_BY_EVENT: Final[Mapping[str, str]] = {
    "subscribe": Trigger.FOLLOW,
    "scan": Trigger.SCAN,
    "click": Trigger.MENU,
    "scancode_push": Trigger.MENU,
    "scancode_waitmsg": Trigger.MENU,
}


def _of_event(event: str, data: Fields) -> Content | None:
    """Return what an event says to us.

    VIEW and the menus that open a camera or a map are followed by the picture or the pin itself, as a message; those of
    customer-service sessions, mass sending and whatever WeChat adds are not ours.
    """
    key = _text(data, "EventKey")[:_LONGEST_ID]
    if event in ("subscribe", "scan"):
        return Event("start", "" if key.startswith(_LAST_TRADE) else key.removeprefix("qrscene_"))
    if event == "unsubscribe":
        return Event("stop")
    if event == "click":
        return Event("menu", key)
    if event == "scancode_waitmsg":  # the person waits for our words to what was scanned
        return Text(_text(_part(data, "ScanCodeInfo"), "ScanResult"))
    return None


def _notice(event: str, data: Fields) -> Notice | None:
    if event in ("subscribe_msg_popup_event", "subscribe_msg_change_event"):
        return Permits(_external_id(data), tuple(_permits(event, data))[:_MOST_PERMITS])
    if event == "subscribe_msg_sent_event":
        return next(iter(_sent(data)), None)
    if event == "templatesendjobfinish":
        return Receipt(_text(data, "MsgID")[:_LONGEST_ID], _text(data, "Status").lower() == "success")
    return _position(data) if event == "location" else None


def _permits(event: str, data: Fields) -> Iterator[Permit]:
    popup = event == "subscribe_msg_popup_event"
    for one in _list(data, "SubscribeMsgPopupEvent" if popup else "SubscribeMsgChangeEvent"):
        template, status = _text(one, "TemplateId")[:_LONGEST_ID], _text(one, "SubscribeStatusString").lower()
        # Turning one away once says nothing of those allowed before; turning it off in the settings does.
        if template and (status == "accept" if popup else status == "reject"):
            yield Permit(template, allowed=popup)


def _sent(data: Fields) -> Iterator[Receipt]:
    for one in _list(data, "SubscribeMsgSentEvent"):
        code = _text(one, "ErrorCode")
        errcode = int(code) if code.isascii() and code.isdigit() and len(code) < 8 else -1
        ref, template = _text(one, "MsgID")[:_LONGEST_ID], _text(one, "TemplateId")[:_LONGEST_ID]
        yield Receipt(ref, errcode == 0, template, errcode)


def _position(data: Fields) -> Position:
    # Unlike a pin it is what the phone measured, in the world's datum already.
    try:
        point = _point(_text(data, "Latitude"), _text(data, "Longitude"), Datum.WGS84)
    except ValueError:
        raise BadContent("location") from None
    return Position(point.lat, point.lng)


def _location(data: Fields) -> Location:
    try:
        point = _point(_text(data, "Location_X"), _text(data, "Location_Y"), Datum.GCJ02)
    except ValueError:
        raise BadContent("location") from None
    return Location(point.lat, point.lng, _text(data, "Label")[:200])


def _point(latitude: str, longitude: str, datum: Datum) -> Point:
    """Return a point in the world's datum; ValueError when there is no such place."""
    lat, lng = float(latitude), float(longitude)
    if not (-90 <= lat <= 90 and -180 <= lng <= 180):
        raise ValueError("nowhere")
    return to_wgs84(Point(lat, lng, datum))


def _external_id(data: Fields) -> str:
    message_id = _text(data, "MsgId")
    if message_id.strip("0"):
        return message_id[:_LONGEST_ID]
    # Events carry no id, and two of a person may share a second (the key tells them apart).
    parts = [_text(data, name) for name in ("FromUserName", "CreateTime", "Event", "EventKey")]
    return "event:" + hashlib.sha256("\n".join(parts).encode()).hexdigest()[:40]


def _list(data: Fields, name: str) -> Iterator[Fields]:
    """Return the entries of a list inside an event: one comes as itself, several as a list."""
    found = _part(data, name).get("List")
    for one in found if isinstance(found, list) else [found]:
        if isinstance(one, dict):
            yield one


def _part(data: Fields, name: str) -> Fields:
    value = data.get(name)
    return value if isinstance(value, dict) else {}


def _text(data: Fields, name: str) -> str:
    # A doubled element comes as a list and a nested one as a mapping: neither is WeChat's.
    value = data.get(name)
    return value if isinstance(value, str) else ""
