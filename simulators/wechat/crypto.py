"""Safe mode: signatures, and messages enciphered with the account's EncodingAESKey.

A message is sixteen random bytes, its length in four bytes of network order, its text and the appid, padded to
a multiple of 32 and enciphered with AES-256-CBC, whose first key half is also its initial vector.
"""

import base64
import binascii
import hashlib
import secrets
import struct

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_BLOCK = 32


class NotAuthentic(ValueError):
    """A message whose signature, padding or account is not right."""


def signature(*parts: str) -> str:
    """The SHA-1 over the sorted parts, in hexadecimal."""
    return hashlib.sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()


class SafeMode:
    """Enciphers and deciphers for one account."""

    def __init__(self, *, appid: str, token: str, encoding_aes_key: str) -> None:
        self._appid = appid
        self._token = token
        key = base64.b64decode(encoding_aes_key + "=")
        if len(key) != 32:
            raise ValueError("an EncodingAESKey has 43 characters")
        self._cipher = Cipher(algorithms.AES(key), modes.CBC(key[:16]))

    def sign(self, timestamp: str, nonce: str, encrypted: str) -> str:
        """The msg_signature of an enciphered message."""
        return signature(self._token, timestamp, nonce, encrypted)

    def encrypt(self, text: str) -> str:
        """The enciphered text in base64."""
        body = text.encode()
        plain = secrets.token_bytes(16) + struct.pack("!I", len(body)) + body + self._appid.encode()
        padding = _BLOCK - len(plain) % _BLOCK
        encryptor = self._cipher.encryptor()
        sealed = encryptor.update(plain + bytes([padding]) * padding) + encryptor.finalize()
        return base64.b64encode(sealed).decode()

    def decrypt(self, encrypted: str) -> str:
        """The text of an enciphered message; NotAuthentic when it is none of this account."""
        try:
            sealed = base64.b64decode(encrypted, validate=True)
            decryptor = self._cipher.decryptor()
            padded = decryptor.update(sealed) + decryptor.finalize()
            plain = padded[: -padded[-1]]
            (length,) = struct.unpack("!I", plain[16:20])
            text, appid = plain[20 : 20 + length], plain[20 + length :]
            if not 1 <= padded[-1] <= _BLOCK or appid.decode() != self._appid:
                raise NotAuthentic("the message is for another account")
            return text.decode()
        except (ValueError, IndexError, struct.error, binascii.Error) as error:
            raise NotAuthentic("the message cannot be deciphered") from error

    def open_reply(self, *, encrypted: str, msg_signature: str, timestamp: str, nonce: str) -> str:
        """The text of an enciphered reply whose signature was checked; NotAuthentic otherwise."""
        if not secrets.compare_digest(self.sign(timestamp, nonce, encrypted), msg_signature):
            raise NotAuthentic("the signature of the reply is wrong")
        return self.decrypt(encrypted)
