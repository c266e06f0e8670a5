"""WeChat's XML: read in one pass, written for a reply.

wechatpy reads with xmltodict, which keeps attributes and name spaces that no message of WeChat has, at several times
the cost; and each callback is read twice, sealed and opened.
"""

import re
from collections.abc import Mapping
from typing import Any, Final
from xml.parsers import expat

Fields = Mapping[str, Any]
"""A text by its element's name; a mapping where elements lie within, a list where several have the name."""

_NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_REPLY: Final = (
    "<xml><ToUserName><![CDATA[{to}]]></ToUserName><FromUserName><![CDATA[{account_id}]]></FromUserName>"
    "<CreateTime>{now}</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[{text}]]></Content></xml>"
)
_SEALED: Final = (
    "<xml><Encrypt><![CDATA[{sealed}]]></Encrypt><MsgSignature><![CDATA[{signature}]]></MsgSignature>"
    "<TimeStamp>{now}</TimeStamp><Nonce><![CDATA[{nonce}]]></Nonce></xml>"
)


class BadXml(Exception):
    """No XML of WeChat's; the error says why in one word."""


def read_xml(document: bytes) -> Fields:
    """Return what lies in the root element; raises BadXml, also when anything is declared (entity bombs must)."""
    reader = _Reader()
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = reader.begins, reader.ends
    parser.CharacterDataHandler = reader.says
    parser.StartDoctypeDeclHandler = parser.CommentHandler = _declares
    try:
        parser.Parse(document, True)  # noqa: FBT003  expat's own way to say that this is all
    except expat.ExpatError:
        raise BadXml("malformed") from None
    if not isinstance(reader.root, dict):
        raise BadXml("empty")
    return reader.root


def clean(text: str) -> str:
    """Return the text without characters that XML cannot carry."""
    return _NOT_XML.sub("", text)


def reply_xml(text: str, *, to: str, account_id: str, now: int) -> str:
    """Return a text reply before it is sealed; `now` in seconds."""
    return _REPLY.format(to=_cdata(to), account_id=_cdata(account_id), now=now, text=_cdata(text))


def sealed_xml(sealed: str, *, signature: str, nonce: str, now: int) -> str:
    """Return the envelope of a sealed reply."""
    return _SEALED.format(sealed=sealed, signature=signature, nonce=nonce, now=now)


def _cdata(text: str) -> str:
    # The first ]]> would end the section it is written into.
    return clean(text).replace("]]>", "]]＞")


def _declares(*_: object) -> None:
    raise BadXml("declares")


class _Reader:
    """Collects elements as expat tells of them."""

    __slots__ = ("_inside", "_open", "_texts", "root")

    def __init__(self) -> None:
        self.root: Any = None
        self._open: list[dict[str, Any]] = []
        self._inside: dict[str, Any] = {}
        self._texts: list[str] = []

    def begins(self, name: str, _: object) -> None:
        if not self._open and name != "xml":
            raise BadXml("root")
        self._open.append(self._inside)
        self._inside = {}
        self._texts.clear()

    def says(self, text: str) -> None:
        self._texts.append(text)

    def ends(self, name: str) -> None:
        found: Any = self._inside or "".join(self._texts).strip()
        self._texts.clear()
        self._inside = self._open.pop()
        if not self._open:
            self.root = found
        elif name not in self._inside:
            self._inside[name] = found
        elif isinstance(before := self._inside[name], list):
            before.append(found)
        else:
            self._inside[name] = [before, found]
