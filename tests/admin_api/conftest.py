"""An admin API on a fresh database, and operators who work at its desk."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI

from admin_api import PREFIX, build_router
from core import audit
from core.audit import Operator, Role
from core.db import Database, Unit
from tests.builders import NOW, City, a_city, a_database

SECRET = b"admin-secret-of-the-tests-32-bytes"
PASSWORD = "correct horse"
HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)  # the product's takes a tenth of a second
_HASHED = HASHER.hash(PASSWORD)
T = TypeVar("T")


@dataclass
class StandingClock:
    """A clock that shows what a test has set it to."""

    at: datetime = NOW

    def now(self) -> datetime:
        """The business time."""
        return self.at


class _Behind:
    """The database and the clock behind the one API all tests share, for building it takes a fifth of a second."""

    def __init__(self) -> None:
        self.office: Office
        self.dialect = "any"

    def now(self) -> datetime:
        return self.office.clock.now()

    def run(self, unit: Unit[T]) -> T:
        return self.office.db.run(unit)

    async def arun(self, unit: Unit[T]) -> T:
        return await self.office.db.arun(unit)

    def read(self, unit: Unit[T]) -> T:
        return self.office.db.read(unit)

    async def aread(self, unit: Unit[T]) -> T:
        return await self.office.db.aread(unit)

    def close(self) -> None:
        self.office.db.close()


@cache
def _shared() -> tuple[_Behind, FastAPI]:
    behind, app = _Behind(), FastAPI(openapi_url=None)
    app.include_router(
        build_router(
            db=behind,
            clock=behind,
            secret=SECRET,
            password_hasher=HASHER,
            newsless=frozenset({"wechat"}),
            channels=("wechat", "telegram"),
        )
    )
    return behind, app


@dataclass
class Office:
    """The API and the database behind it; asks it questions as an operator, or as nobody."""

    db: Database
    clock: StandingClock
    _runner: asyncio.Runner = field(default_factory=asyncio.Runner)
    _tokens: dict[str, str] = field(default_factory=dict)

    def hire(self, login: str, role: Role, *, password_hash: str = _HASHED) -> Operator:
        """Add an operator, whose password is PASSWORD."""
        return self.db.run(lambda tx: audit.add_operator(tx, login, password_hash, role, NOW))

    def ask(self, method: str, path: str, *, by: str | None = None, **how: Any) -> httpx.Response:
        """Send one request, signed in as a login if one is given."""
        headers = dict(how.pop("headers", {}))
        if by is not None:
            headers.setdefault("Authorization", f"Bearer {self.token(by)}")
        return self._runner.run(self._send(method, path, headers=headers, **how))

    def get(self, path: str, *, by: str | None = "lin", **how: Any) -> httpx.Response:
        """Ask for something."""
        return self.ask("GET", path, by=by, **how)

    def post(self, path: str, *, by: str | None = "lin", **how: Any) -> httpx.Response:
        """Do something."""
        return self.ask("POST", path, by=by, **how)

    def sign_in(self, login: str, password: str = PASSWORD, *, address: str = "127.0.0.1") -> httpx.Response:
        """Try to sign in from an address."""
        body = {"login": login, "password": password}
        return self._runner.run(self._send("POST", "/sessions", json=body, address=address))

    def token(self, login: str) -> str:
        """The token of an operator, signed in once."""
        if login not in self._tokens:
            self._tokens[login] = self.sign_in(login).json()["token"]
        return self._tokens[login]

    def close(self) -> None:
        """Go home."""
        self._runner.close()
        self.db.close()

    async def _send(self, method: str, path: str, *, address: str = "127.0.0.1", **how: Any) -> httpx.Response:
        behind, app = _shared()
        behind.office = self
        transport = httpx.ASGITransport(app, client=(address, 50000))
        async with httpx.AsyncClient(transport=transport, base_url=f"http://desk{PREFIX}") as client:
            return await client.request(method, path, **how)


def an_office(db: Database) -> Office:
    """A fresh office where Lin (admin), Audrey (auditor) and Finn (finance) work."""
    office = Office(db, StandingClock())
    for login, role in (("lin", Role.ADMIN), ("audrey", Role.AUDITOR), ("finn", Role.FINANCE)):
        office.hire(login, role)
    return office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """A fresh office."""
    opened = an_office(a_database(tmp_path))
    yield opened
    opened.close()


@pytest.fixture
def city(office: Office) -> City:
    """A town in which a visit can be booked."""
    return office.db.run(a_city)


def code_of(answer: httpx.Response) -> str:
    """The stable code of an error, once its shape has been looked at."""
    body = answer.json()
    assert set(body) == {"error"}
    assert set(body["error"]) == {"code", "message", "facts"}
    assert len(body["error"]["message"]) > 4
    assert "Traceback" not in answer.text
    return str(body["error"]["code"])
