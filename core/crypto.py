"""Personal data is sealed with a key of its person; destroying the key erases the person.

AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce. A person's key is itself sealed by the key-encrypting key,
which comes from the environment or, in the embedded default, from a 0600 file.
"""

import hashlib
import hmac
import secrets
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_VERSION = b"\x01"
_NONCE = 12


class Unreadable(Exception):
    """Sealed bytes do not open with this key and purpose: another key, another purpose, or tampering."""


class Key:
    """Seals and opens bytes for one person; `purpose` names where they are kept, so sealed values cannot be swapped."""

    __slots__ = ("_aead",)

    def __init__(self, raw: bytes) -> None:
        self._aead = AESGCM(raw)

    def seal(self, plain: bytes, purpose: str) -> bytes:
        """Return version, nonce and ciphertext of `plain`."""
        nonce = secrets.token_bytes(_NONCE)
        return _VERSION + nonce + self._aead.encrypt(nonce, plain, purpose.encode())

    def open(self, sealed: bytes, purpose: str) -> bytes:
        """Return what was sealed for this purpose; raises Unreadable otherwise."""
        if sealed[:1] != _VERSION:
            raise Unreadable(purpose)
        try:
            return self._aead.decrypt(sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :], purpose.encode())
        except InvalidTag:
            raise Unreadable(purpose) from None

    def seal_text(self, plain: str, purpose: str) -> bytes:
        """Seal text (UTF-8)."""
        return self.seal(plain.encode(), purpose)

    def open_text(self, sealed: bytes, purpose: str) -> str:
        """Open text (UTF-8)."""
        return self.open(sealed, purpose).decode()


class Vault:
    """Holds the key-encrypting key (32 bytes): makes and opens persons' keys, and hashes what must be found again."""

    def __init__(self, master: bytes) -> None:
        if len(master) != 32:
            raise ValueError("the key-encrypting key must be 32 bytes")
        self._kek = Key(hashlib.sha256(b"menling kek" + master).digest())
        self._pepper = hashlib.sha256(b"menling look-up" + master).digest()
        self.house_key = Key(hashlib.sha256(b"menling house" + master).digest())
        """Seals what belongs to no person, such as a provider's raw callback."""
        self._open_key = lru_cache(maxsize=4096)(self._open_uncached)

    def new_wrapped_key(self) -> bytes:
        """Return a fresh person's key, sealed for keeping in the database."""
        return self._kek.seal(secrets.token_bytes(32), "person.key")

    def key(self, wrapped: bytes) -> Key:
        """Open a person's key as the database keeps it; raises Unreadable under another master key."""
        return self._open_key(wrapped)

    def _open_uncached(self, wrapped: bytes) -> Key:
        return Key(self._kek.open(wrapped, "person.key"))

    def lookup(self, kind: str, value: str) -> bytes:
        """Return the keyed hash by which a sealed value (a phone) is found: HMAC-SHA256, 32 bytes."""
        return hmac.new(self._pepper, f"{kind}:{value}".encode(), hashlib.sha256).digest()

    def token(self, kind: str, value: str) -> str:
        """Return a keyed hex token for links and signatures that need no row of their own (64 characters)."""
        return hmac.new(self._pepper, f"token:{kind}:{value}".encode(), hashlib.sha256).hexdigest()
