"""A message or event of WeChat becomes an Incoming, or nothing at all."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wechatpy.parser import parse_message

from bots.wechat.sealing import Unreadable as BadContent
from core.geo import Datum, Point, to_wgs84
from dialogs.incoming import Content, Event, Incoming, Location, Photo, Press, Text, Unreadable
from dialogs.outgoing import read_token

_LONGEST_ID = 64
_UNREADABLE = ("voice", "video", "shortvideo", "link", "file")


@dataclass(frozen=True, slots=True)
class Read:
    """Who wrote to which of our accounts (WeChat's own name of it), and what; None when it means nothing to us."""

    openid: str
    account_id: str
    incoming: Incoming | None


def read_message(document: str, *, account: str) -> Read:
    """Return what the opened XML means; raises sealing.Unreadable when it is no message of WeChat's."""
    try:
        message = parse_message(document)
        data: Mapping[str, Any] = message._data  # noqa: SLF001  wechatpy offers no other way to bizmsgmenuid
        kind, event = str(message.type), str(getattr(message, "event", ""))
    except Exception as error:  # noqa: BLE001  wechatpy fails on odd XML in half a dozen ways
        raise BadContent(type(error).__name__) from None
    openid, account_id = _text(data, "FromUserName"), _text(data, "ToUserName")
    if not 1 <= len(openid) <= _LONGEST_ID or not account_id:
        raise BadContent("names")
    content = _of_event(event, data) if kind == "event" else _of_message(_text(data, "MsgType").lower(), data)
    if content is None:
        return Read(openid, account_id, None)
    incoming = Incoming(
        channel="wechat", account=account, external_id=_external_id(data), sender=openid, content=content
    )
    return Read(openid, account_id, incoming)


def _of_message(kind: str, data: Mapping[str, Any]) -> Content | None:
    if kind == "text":
        token = _text(data, "bizmsgmenuid")
        return Press(token) if read_token(token) is not None else Text(_text(data, "Content"))
    if kind == "image":
        return Photo(ref=f"{_text(data, 'MediaId')} {_text(data, 'PicUrl')}")
    if kind == "location":
        return _location(data)
    return Unreadable(kind) if kind in _UNREADABLE else None


def _of_event(event: str, data: Mapping[str, Any]) -> Content | None:
    if event in ("subscribe", "subscribe_scan", "scan"):
        return Event("start", _text(data, "EventKey")[:_LONGEST_ID])
    if event == "unsubscribe":
        return Event("stop")
    if event == "click":
        return Event("menu", _text(data, "EventKey")[:_LONGEST_ID])
    return None


def _location(data: Mapping[str, Any]) -> Location:
    try:
        lat, lng = float(_text(data, "Location_X")), float(_text(data, "Location_Y"))
    except ValueError:
        raise BadContent("location") from None
    if not (-90 <= lat <= 90 and -180 <= lng <= 180):
        raise BadContent("location")
    point = to_wgs84(Point(lat, lng, Datum.GCJ02))
    return Location(point.lat, point.lng, _text(data, "Label")[:200])


def _external_id(data: Mapping[str, Any]) -> str:
    message_id = _text(data, "MsgId")
    if message_id.strip("0"):
        return message_id[:_LONGEST_ID]
    # Events carry no id, and two of a person may share a second (the key tells them apart).
    parts = [_text(data, name) for name in ("FromUserName", "CreateTime", "Event", "EventKey")]
    return "event:" + hashlib.sha256("\n".join(parts).encode()).hexdigest()[:40]


def _text(data: Mapping[str, Any], name: str) -> str:
    # A doubled element comes as a list and a nested one as a mapping: neither is WeChat's.
    value = data.get(name)
    return value if isinstance(value, str) else ""
