"""Time-ordered 63-bit ids and short codes people can read aloud (docs/decisions/0002)."""

import random
import secrets
import threading
import time

_EPOCH_MS = 1_735_689_600_000  # 2025-01-01T00:00:00Z; 41 bits of milliseconds last until 2094
_LOW_BITS = 22
_LOW_MASK = (1 << _LOW_BITS) - 1

CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Letters of an order code: none that is mistaken for another when read aloud or typed (no 0 O 1 I L)."""


class _IdSource:
    """Milliseconds in the high bits; in the low bits a random start each millisecond, then counting up."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last_ms = 0
        self._low = 0

    def next(self) -> int:
        with self._lock:
            ms = max(time.time_ns() // 1_000_000 - _EPOCH_MS, self._last_ms)
            if ms > self._last_ms:
                self._last_ms = ms
                # The top bit stays clear so that counting up within the millisecond has room.
                self._low = random.getrandbits(_LOW_BITS - 1)
            else:
                self._low += 1
                if self._low > _LOW_MASK:
                    self._last_ms += 1
                    self._low = 0
            return (self._last_ms << _LOW_BITS) | self._low


_source = _IdSource()


def new_id() -> int:
    """Return a fresh positive 63-bit id; ids of one process rise, ids of others interleave by time."""
    return _source.next()


def new_code(length: int = 6) -> str:
    """Return a random short code of `length` letters; uniqueness is the table's unique key, not a promise here."""
    letters, rest = "", secrets.randbelow(len(CODE_LETTERS) ** length)  # one call to the system, not one a letter
    for _ in range(length):
        rest, at = divmod(rest, len(CODE_LETTERS))
        letters += CODE_LETTERS[at]
    return letters


def new_token(nbytes: int = 18) -> str:
    """Return an unguessable URL-safe token (24 characters for the default 18 bytes)."""
    return secrets.token_urlsafe(nbytes)


_BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz"


def to_base36(number: int) -> str:
    """Write a non-negative id in base 36, as buttons carry it (64-byte limit of Telegram callback data)."""
    digits = ""
    while True:
        number, rest = divmod(number, 36)
        digits = _BASE36[rest] + digits
        if not number:
            return digits
