"""An operator of a rehearsal: signed in at the admin API, over its own routes."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec

from admin_api import hash_password
from core import audit
from core.audit import Role
from core.db import Tx
from menling.rehearsal.wire import Answer

PASSWORD: Final = "rehearsal password"  # noqa: S105  of operators who live as long as a rehearsal
PREFIX: Final = "/admin/v1"

Ask = Callable[[str, str, Mapping[str, str], bytes], Answer]


class Refused(RuntimeError):
    """The admin API did not do it; `status` and the error's `code` say why."""

    def __init__(self, path: str, answer: Answer) -> None:
        super().__init__(f"{path} answered {answer.status}: {answer.body.decode()[:500]}")
        self.status = answer.status


class Operator:
    """Somebody behind the desk; each call is one request, and what follows from it is done before it returns."""

    def __init__(self, ask: Ask, login: str) -> None:
        self._ask = ask
        self._headers = {"content-type": "application/json"}
        token = self.post("/sessions", {"login": login, "password": PASSWORD})["token"]
        self._headers["authorization"] = f"Bearer {token}"

    def get(self, path: str) -> Any:
        """Return the JSON of a path below /admin/v1; raises Refused."""
        return self._call("GET", path, None)

    def post(self, path: str, body: Any = None) -> Any:
        """Do something; returns the JSON answered, None for an empty one. Raises Refused."""
        return self._call("POST", path, body)

    def put(self, path: str, body: Any = None) -> Any:
        """Set something; as `post`."""
        return self._call("PUT", path, body)

    def delete(self, path: str) -> Any:
        """Take something away; as `post`."""
        return self._call("DELETE", path, None)

    def _call(self, method: str, path: str, body: Any) -> Any:
        raw = b"" if body is None else msgspec.json.encode(body)
        answer = self._ask(method, f"{PREFIX}{path}", self._headers, raw)
        if answer.status >= 400:
            raise Refused(path, answer)
        return msgspec.json.decode(answer.body) if answer.body else None


def hire(tx: Tx, login: str, role: str, now: Any) -> None:
    """Let somebody work behind the desk."""
    audit.add_operator(tx, login, hash_password(PASSWORD), Role(role), now)
