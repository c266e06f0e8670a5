"""Session tokens: short-lived, signed by us with one fixed algorithm, worthless once the operator's version rises."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import jwt

from admin_api.refusals import Refused
from core.audit import Operator, Role

LIFETIME: Final = timedelta(minutes=15)
_ALGORITHM: Final = "HS256"
_ISSUER: Final = "menling"
_AUDIENCE: Final = "menling.admin"
_CLAIMS: Final = ["aud", "exp", "iat", "iss", "role", "sub", "ver"]
_LONGEST: Final = 2048


@dataclass(frozen=True, slots=True)
class Session:
    """What a good token says; whether the operator still stands is asked again in the unit itself."""

    operator_id: int
    role: Role
    version: int


class Tokens:
    """Makes and reads tokens with a key of its own, derived from the house's secret."""

    def __init__(self, secret: bytes) -> None:
        if len(secret) < 32:
            raise ValueError("the secret of the admin API has at least 32 bytes")
        self._key = hmac.digest(secret, b"admin session", hashlib.sha256)

    def issue(self, operator: Operator, *, real_now: datetime) -> tuple[str, datetime]:
        """Return a token for an operator and when it ends; tokens live by real time, whatever a demo's clock says."""
        ends_at = real_now.replace(microsecond=0) + LIFETIME
        claims = {
            "iss": _ISSUER,
            "aud": _AUDIENCE,
            "sub": str(operator.id),
            "role": operator.role.value,
            "ver": operator.token_version,
            "iat": ends_at - LIFETIME,
            "exp": ends_at,
        }
        return jwt.encode(claims, self._key, algorithm=_ALGORITHM), ends_at

    def session(self, authorization: str | None) -> Session:
        """Return the session of an Authorization header; raises Refused for anything but a good bearer token."""
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or len(token) > _LONGEST:
            raise Refused("unauthenticated")
        try:
            claims = jwt.decode(
                token.strip(),
                self._key,
                algorithms=[_ALGORITHM],  # never what the token itself asks for
                audience=_AUDIENCE,
                issuer=_ISSUER,
                options={"require": _CLAIMS},
            )
            return _session(claims)
        except (jwt.PyJWTError, ValueError, TypeError):
            raise Refused("unauthenticated") from None


def _session(claims: Mapping[str, Any]) -> Session:
    operator_id = int(claims["sub"])
    if not 0 < operator_id < 1 << 63:
        raise ValueError("no operator has this id")
    return Session(operator_id, Role(claims["role"]), int(claims["ver"]))


def real_now() -> datetime:
    """Return the real time, by which tokens live and logins are counted."""
    return datetime.now(UTC)
