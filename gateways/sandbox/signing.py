"""The sandbox's signature: Ed25519 over time, nonce and the raw body, in headers (the shape of WeChat Pay v3)."""

import hashlib
import re
import secrets
from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from gateways.ports import CallbackRefused, Headers

TIMESTAMP: Final = "sandbox-timestamp"
NONCE: Final = "sandbox-nonce"
SIGNATURE: Final = "sandbox-signature"
WINDOW: Final = timedelta(seconds=300)
_DIGITS = re.compile(r"[0-9]{10}", re.ASCII)


def sandbox_key(secret: bytes) -> Ed25519PrivateKey:
    """Return the sandbox's own key pair: the same in every process that shares the secret."""
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"menling sandbox" + secret).digest())


def signed_headers(key: Ed25519PrivateKey, body: bytes, *, real_now: datetime) -> dict[str, str]:
    """Return the headers that prove a body comes from the sandbox now."""
    timestamp, nonce = str(int(real_now.timestamp())), secrets.token_hex(16)
    signature = b64encode(key.sign(_text(timestamp, nonce, body))).decode()
    return {TIMESTAMP: timestamp, NONCE: nonce, SIGNATURE: signature, "content-type": "application/json"}


@dataclass(frozen=True, slots=True)
class Seal:
    """The public half, as our side knows it."""

    key: Ed25519PublicKey

    def check(self, headers: Headers, body: bytes, *, real_now: datetime) -> None:
        """Raise CallbackRefused 401 unless the body was signed by the sandbox within five minutes of now."""
        timestamp, nonce, signature = (_only(headers, name) for name in (TIMESTAMP, NONCE, SIGNATURE))
        if not _DIGITS.fullmatch(timestamp):
            raise CallbackRefused(401, "timestamp")
        try:
            # Ed25519 verification is constant-time in the library.
            self.key.verify(b64decode(signature, validate=True), _text(timestamp, nonce, body))
        except (InvalidSignature, ValueError):
            raise CallbackRefused(401, "signature") from None
        if abs(real_now - datetime.fromtimestamp(int(timestamp), UTC)) > WINDOW:
            raise CallbackRefused(401, "outside the time window")


def _only(headers: Headers, name: str) -> str:
    values = headers.get(name, ())
    if len(values) != 1 or not values[0]:
        raise CallbackRefused(401, f"{len(values)} headers {name}")
    return values[0]


def _text(timestamp: str, nonce: str, body: bytes) -> bytes:
    return b"\n".join((timestamp.encode(), nonce.encode("utf-8", "surrogateescape"), body, b""))
