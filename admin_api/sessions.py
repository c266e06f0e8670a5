"""Signing in and out."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from pydantic import Field, SecretStr, StringConstraints
from starlette.requests import Request

from admin_api.acting import Acting, AtDesk
from admin_api.refusals import Refused
from admin_api.shapes import CLEAN, Id, Model, Moment, shown
from admin_api.tokens import real_now
from core import audit
from core.audit import Operator, Role
from core.db import Tx

_LONGEST_LOGIN = 64
_LONGEST_PASSWORD = 1024


class SignIn(Model):
    """Who wants to work at the desk."""

    model_config = shown({"login": "lin", "password": "correct horse battery staple"})

    login: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=_LONGEST_LOGIN), CLEAN]
    password: Annotated[SecretStr, Field(min_length=1, max_length=_LONGEST_PASSWORD)]


class SessionOut(Model):
    """A session: send the token as `Authorization: Bearer <token>` until `expires_at`."""

    model_config = shown(
        {
            "token": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
            "expires_at": "2026-03-10T02:15:00Z",
            "operator_id": "112365899124084736",
            "role": "admin",
        }
    )

    token: str
    expires_at: Moment
    operator_id: Id
    role: Role


@dataclass(frozen=True, slots=True)
class _Try:
    allowed: bool
    operator: Operator | None


async def sign_in(body: SignIn, desk: AtDesk, request: Request) -> SessionOut:
    """Exchange login and password for a token of 15 minutes.

    At most 10 tries in 15 minutes from one address with one login. Unknown logins, wrong passwords and disabled
    operators are answered alike, and as slowly.
    """
    login = body.login.lower()
    address = request.client.host if request.client else ""
    found = await desk.db.arun(lambda tx: _count(tx, login, address))
    if not found.allowed:
        raise Refused("too_many")
    kept = found.operator.password_hash if found.operator else None
    matched = await desk.passwords.match(kept, body.password.get_secret_value())
    # The password is compared between two units, for a unit may not wait a tenth of a second.
    operator = await desk.db.arun(lambda tx: _settle(tx, found.operator, matched=matched, now=desk.clock.now()))
    if operator is None:
        raise Refused("unauthenticated")
    token, expires_at = desk.tokens.issue(operator, real_now=real_now())
    return SessionOut(token=token, expires_at=expires_at, operator_id=operator.id, role=operator.role)


async def sign_out(act: Acting) -> None:
    """End all sessions of the operator: every token made so far is worthless at once."""

    def end(tx: Tx, by: Operator) -> None:
        audit.end_sessions(tx, by.id)
        _note(tx, "operator.signed_out", by.id, by, act.now)

    await act.write(end)


def _count(tx: Tx, login: str, address: str) -> _Try:
    """Count the try and look the login up; the count stands whatever comes of it."""
    allowed = audit.count_login_try(tx, f"{login}\n{address}", real_now())
    found = audit.operator_by_login(tx, login)
    return _Try(allowed, None if found is None or found.disabled_at else found)


def _settle(tx: Tx, tried: Operator | None, *, matched: bool, now: datetime) -> Operator | None:
    """Write down who signed in or failed to; None when the session may not begin."""
    if tried is None:
        return None
    who = audit.operator(tx, tried.id)
    good = matched and who.disabled_at is None and who.password_hash == tried.password_hash
    _note(tx, "operator.signed_in" if good else "operator.sign_in_refused", who.id if good else None, who, now)
    return who if good else None


def _note(tx: Tx, action: str, actor_id: int | None, subject: Operator, now: datetime) -> None:
    audit.note(tx, action, actor_id=actor_id, subject_kind="operator", subject_id=subject.id, now=now)
