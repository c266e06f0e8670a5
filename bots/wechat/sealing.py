"""Safe mode: who may speak to us, opening what WeChat sends and sealing what we answer.

A message is sixteen random characters, its length in four bytes, its text and the appid, padded to a multiple of 32 and
enciphered with AES-256-CBC. The checks are our own because wechatpy compares signatures byte by byte and knows no time;
the cipher is because wechatpy makes one anew, and checks and reads the envelope once more, for each message.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from typing import Final

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from bots.wechat.xml import BadXml, Fields, read_xml, reply_xml, sealed_xml

WINDOW_SECONDS: Final = 300
_BLOCK: Final = 32
_DRAWN_AT_ONCE: Final = 4096


class Forged(Exception):
    """The request is not WeChat's: wrong signature, wrong time, wrong account, or not in safe mode."""


class Unreadable(Exception):
    """The request is WeChat's, and its content is nothing we can read."""


class Seal:
    """Checks and enciphers for one account, in the event loop's thread."""

    def __init__(self, *, token: str, aes_key: str, appid: str) -> None:
        self._token = token
        self._appid = appid.encode()
        key = base64.b64decode(aes_key + "=")
        self._cipher = Cipher(algorithms.AES(key), modes.CBC(key[:16]))
        self._chance = _Chance()

    def check_query(self, query: Mapping[str, str], *, now: float) -> None:
        """Raise Forged unless token, time stamp and nonce are signed and fresh; `now` in seconds of real time."""
        timestamp = query.get("timestamp", "")
        if not _same(self._signature(timestamp, query.get("nonce", "")), query.get("signature", "")):
            raise Forged("signature")
        if not timestamp.isascii() or not timestamp.isdigit() or abs(now - int(timestamp[:15])) > WINDOW_SECONDS:
            raise Forged("time")

    def open(self, raw: bytes, query: Mapping[str, str]) -> Fields:
        """Return the message inside a callback's body; raises Forged or Unreadable."""
        if query.get("encrypt_type") != "aes":
            raise Forged("plain text")
        sealed = _sealed_part(raw)
        signature = self._signature(query.get("timestamp", ""), query.get("nonce", ""), sealed)
        if not _same(signature, query.get("msg_signature", "")):
            raise Forged("msg_signature")
        return _read(self._opened(sealed))

    def reply(self, text: str, *, to: str, account_id: str, now: float) -> str:
        """Return the sealed XML of a text reply."""
        at = int(now)
        plain = reply_xml(text, to=to, account_id=account_id, now=at).encode()
        sealed, nonce = self._sealed(plain), self._chance.draw(8).hex()
        return sealed_xml(sealed, signature=self._signature(str(at), nonce, sealed), nonce=nonce, now=at)

    def _opened(self, sealed: str) -> bytes:
        try:
            cipher = self._cipher.decryptor()
            padded = cipher.update(base64.b64decode(sealed)) + cipher.finalize()
            if not 1 <= padded[-1] <= _BLOCK:
                raise Unreadable("padding")
        except (ValueError, IndexError) as error:
            raise Unreadable(type(error).__name__) from None
        content = padded[16 : -padded[-1]]
        end = 4 + int.from_bytes(content[:4], "big")
        if content[end:] != self._appid:
            raise Forged("another account")
        return content[4:end]

    def _sealed(self, plain: bytes) -> str:
        # The first block is not secret, but nobody may foresee it: the cipher begins each message the same way.
        first = base64.b64encode(self._chance.draw(12))
        content = first + len(plain).to_bytes(4, "big") + plain + self._appid
        padding = _BLOCK - len(content) % _BLOCK
        cipher = self._cipher.encryptor()
        return base64.b64encode(cipher.update(content + bytes([padding]) * padding) + cipher.finalize()).decode()

    def _signature(self, *parts: str) -> str:
        joined = "".join(sorted((self._token, *parts)))
        return hashlib.sha1(joined.encode("utf-8", "replace"), usedforsecurity=False).hexdigest()


class _Chance:
    """Random bytes, drawn from the system many at a time: each asking lets go of the interpreter's lock.

    The loop would wait for it behind the thread that writes, at every reply.
    """

    __slots__ = ("_at", "_drawn")

    def __init__(self) -> None:
        self._drawn, self._at = b"", 0

    def draw(self, many: int) -> bytes:
        """Return so many bytes that were never given before."""
        if self._at + many > len(self._drawn):
            self._drawn, self._at = secrets.token_bytes(_DRAWN_AT_ONCE), 0
        self._at += many
        return self._drawn[self._at - many : self._at]


def _sealed_part(raw: bytes) -> str:
    envelope = _read(raw)
    sealed = envelope.get("Encrypt")
    if not isinstance(sealed, str):
        raise Unreadable("Encrypt")
    if "FromUserName" in envelope or "MsgType" in envelope:
        raise Forged("compatible mode")  # which says everything twice, once in the clear
    return sealed


def _read(document: bytes) -> Fields:
    try:
        return read_xml(document)
    except BadXml as error:
        raise Unreadable(str(error)) from None


def _same(computed: str, given: str) -> bool:
    return hmac.compare_digest(computed.encode(), given.encode("utf-8", "replace"))
