"""Safe mode: who may speak to us, opening what WeChat sends and sealing what we answer.

wechatpy enciphers; the checks are our own, because wechatpy compares signatures byte by byte and knows no time.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

import xmltodict
from wechatpy.crypto import WeChatCrypto
from wechatpy.exceptions import InvalidAppIdException
from wechatpy.replies import TextReply

WINDOW_SECONDS = 300
_CDATA = re.compile(r"<!\[CDATA\[.*?\]\]>", re.DOTALL)
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff￾￿]")


class Forged(Exception):
    """The request is not WeChat's: wrong signature, wrong time, wrong account, or not in safe mode."""


class Unreadable(Exception):
    """The request is WeChat's, and its content is nothing we can read."""


@dataclass(frozen=True, slots=True)
class Seal:
    """Checks and enciphers for one account."""

    token: str
    crypto: WeChatCrypto

    def check_query(self, query: Mapping[str, str], *, now: float) -> None:
        """Raise Forged unless token, time stamp and nonce are signed and fresh; `now` in seconds of real time."""
        timestamp = query.get("timestamp", "")
        if not _same(self._signature(timestamp, query.get("nonce", "")), query.get("signature", "")):
            raise Forged("signature")
        if not timestamp.isascii() or not timestamp.isdigit() or abs(now - int(timestamp[:15])) > WINDOW_SECONDS:
            raise Forged("time")

    def open(self, raw: bytes, query: Mapping[str, str]) -> str:
        """Return the XML inside a callback's body; raises Forged or Unreadable."""
        if query.get("encrypt_type") != "aes":
            raise Forged("plain text")
        sealed = _sealed_part(raw)
        timestamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
        given = query.get("msg_signature", "")
        if not _same(self._signature(timestamp, nonce, sealed), given):
            raise Forged("msg_signature")
        try:
            opened: str = self.crypto.decrypt_message({"Encrypt": sealed}, given, timestamp, nonce)
        except InvalidAppIdException:
            raise Forged("another account") from None
        except Exception as error:  # noqa: BLE001  wechatpy fails on damaged bodies in half a dozen ways
            raise Unreadable(type(error).__name__) from None
        refuse_doctype(opened)
        return opened

    def reply(self, text: str, *, to: str, account_id: str, now: float) -> str:
        """Return the sealed XML of a text reply."""
        plain = TextReply(source=account_id, target=to, content=_cdata(text), time=int(now)).render()
        return str(self.crypto.encrypt_message(plain, secrets.token_hex(8), str(int(now))))

    def _signature(self, *parts: str) -> str:
        joined = "".join(sorted((self.token, *parts)))
        return hashlib.sha1(joined.encode("utf-8", "replace"), usedforsecurity=False).hexdigest()


def refuse_doctype(document: str) -> None:
    """Raise Unreadable when the document declares anything: WeChat's never do, entity bombs must."""
    if "<!" in _CDATA.sub("", document):
        raise Unreadable("doctype")


def clean(text: str) -> str:
    """Return the text without characters that XML cannot carry."""
    return _NOT_XML.sub("", text)


def _sealed_part(raw: bytes) -> str:
    try:
        document = raw.decode()
        refuse_doctype(document)
        envelope = xmltodict.parse(document)["xml"]
        sealed = envelope["Encrypt"]
    except Unreadable:
        raise
    except Exception as error:  # noqa: BLE001  expat and missing elements alike: it is no envelope
        raise Unreadable(type(error).__name__) from None
    if "FromUserName" in envelope or "MsgType" in envelope:
        raise Forged("compatible mode")  # which says everything twice, once in the clear
    if not isinstance(sealed, str):
        raise Unreadable("Encrypt")
    return sealed


def _cdata(text: str) -> str:
    # wechatpy writes the text into one CDATA section as it is, and the first ]]> would end it.
    return clean(text).replace("]]>", "]]＞")


def _same(computed: str, given: str) -> bool:
    return hmac.compare_digest(computed.encode(), given.encode("utf-8", "replace"))
