"""Operators' passwords: argon2id with 64 MiB, computed in threads and only a few at once."""

import asyncio
import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from admin_api.refusals import Refused

_AT_ONCE = 2
_MOST_WAITING = 16
"""Each waits for 64 MiB and a tenth of a second; who comes on top of these is asked to come again."""


@cache
def _house_hasher() -> PasswordHasher:
    """RFC 9106, section 4: the second recommended option."""
    return PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=4)


def hash_password(password: str) -> str:
    """Return the argon2id hash to keep for a password; takes about a tenth of a second and 64 MiB."""
    return _house_hasher().hash(password)


class Passwords:
    """Compares passwords beside the event loop; an unknown login costs exactly as much as a known one."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or _house_hasher()
        self._room = asyncio.Semaphore(_AT_ONCE)
        self._waiting = 0
        self._nobodys = ""

    async def match(self, kept: str | None, password: str) -> bool:
        """Tell whether the password belongs to the kept hash (None: nobody's, never); Refused when too many wait."""
        if self._waiting >= _MOST_WAITING:
            raise Refused("too_many")
        self._waiting += 1
        try:
            async with self._room:
                return await asyncio.to_thread(self._match, kept, password)
        finally:
            self._waiting -= 1

    def _match(self, kept: str | None, password: str) -> bool:
        # Made whoever comes first, so that its one-time cost tells nothing about the login.
        self._nobodys = self._nobodys or self._hasher.hash(secrets.token_urlsafe())
        try:
            self._hasher.verify(kept or self._nobodys, password)
        except (VerificationError, InvalidHashError):
            return False
        return kept is not None
