"""One request, one unit: the operator is checked in the same transaction that does the work."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, TypeVar

from fastapi import Depends
from starlette.requests import Request

from admin_api.passwords import Passwords
from admin_api.refusals import Refused
from admin_api.showing import Show, as_typed
from admin_api.tokens import Session, Tokens
from core import audit
from core.audit import Operator, Role
from core.clock import Clock
from core.db import Database, Tx
from core.errors import NotFound

T = TypeVar("T")
Verb = Callable[[Tx, Operator], T]


@dataclass(frozen=True, slots=True)
class Desk:
    """What every request is served with."""

    db: Database
    clock: Clock
    tokens: Tokens
    passwords: Passwords
    wake: Callable[[], None]
    """Called after every change, for it may have written messages that somebody waits for."""
    show: Show = as_typed
    """Says how an announcement will look."""
    newsless: frozenset[str] = frozenset()
    """Channels that carry no advertising."""
    channels: Collection[str] = ()
    """Channels on which people are spoken to, as far as they are open."""


@dataclass(frozen=True, slots=True)
class Act:
    """A request of somebody who showed a good token; `now` is the business time it came in."""

    desk: Desk
    session: Session
    roles: frozenset[Role]
    now: datetime

    async def write(self, verb: Verb[T]) -> T:
        """Run a verb in one writing unit; raises Refused when the operator may not (any more)."""
        done = await self.desk.db.arun(lambda tx: verb(tx, self._admit(tx)))
        self.desk.wake()
        return done

    async def read(self, verb: Verb[T]) -> T:
        """Run a verb on one consistent snapshot; raises Refused when the operator may not (any more)."""
        return await self.desk.db.aread(lambda tx: verb(tx, self._admit(tx)))

    def _admit(self, tx: Tx) -> Operator:
        """Return the operator as stored now: a token outlives neither a sign-out nor a change of role."""
        try:
            found = audit.operator(tx, self.session.operator_id)
        except NotFound:
            raise Refused("unauthenticated") from None
        if found.disabled_at is not None or found.token_version != self.session.version:
            raise Refused("unauthenticated")
        if found.role not in self.roles:
            raise Refused("forbidden")
        return found


def seat(desk: Desk, authorization: str | None, roles: frozenset[Role]) -> Act:
    """Let a request in by its token, before anything of its body is read; raises Refused."""
    session = desk.tokens.session(authorization)
    if session.role not in roles:
        raise Refused("forbidden")
    return Act(desk, session, roles, desk.clock.now())


def _act(request: Request) -> Act:
    act: Act = request.state.act
    return act


def _desk(request: Request) -> Desk:
    desk: Desk = request.state.desk
    return desk


Acting = Annotated[Act, Depends(_act)]
AtDesk = Annotated[Desk, Depends(_desk)]
