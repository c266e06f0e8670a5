"""The parameters of one call, whether they came as JSON, as a form, in parts or in the address."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from starlette.datastructures import UploadFile
from starlette.requests import Request

from simulators.telegram.errors import bad_request

_JSON_FIELDS = frozenset({"reply_markup", "entities", "allowed_updates", "commands", "prices", "scope", "photo_size"})
_ATTACHED = "attach://"


@dataclass(frozen=True, slots=True)
class Params:
    """What a call carries: plain values, and the bytes of its attached files."""

    values: Mapping[str, object] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)

    def has(self, name: str) -> bool:
        """Whether the call names this parameter at all."""
        return self.values.get(name) is not None

    def text(self, name: str, default: str = "") -> str:
        """A string parameter; numbers are taken as they are written."""
        value = self.values.get(name)
        return default if value is None else str(value)

    def integer(self, name: str, default: int = 0) -> int:
        """A whole number; anything else is refused."""
        value = self.values.get(name)
        if value is None or value == "":
            return default
        try:
            return int(str(value))
        except ValueError:
            raise bad_request(f"can't parse {name}: expected an Integer") from None

    def number(self, name: str) -> float:
        """A required decimal number."""
        try:
            return float(str(self.values[name]))
        except (KeyError, ValueError):
            raise bad_request(f"{name} is empty or not a number") from None

    def flag(self, name: str) -> bool:
        """A boolean, as JSON or as the words of a form."""
        return str(self.values.get(name, "")).lower() in ("true", "1", "yes")

    def structure(self, name: str) -> object:
        """A JSON-serialised parameter, already decoded; None when absent."""
        value = self.values.get(name)
        if isinstance(value, str):
            try:
                return cast("object", json.loads(value)) if value else None
            except ValueError:
                raise bad_request(f"can't parse {name} JSON object") from None
        return value

    def file(self, name: str) -> bytes | None:
        """The bytes uploaded for this parameter, directly or by an attach:// name."""
        value = self.values.get(name)
        if isinstance(value, str) and value.startswith(_ATTACHED):
            return self.files.get(value.removeprefix(_ATTACHED))
        return self.files.get(name)


async def read_params(request: Request) -> Params:
    """Read a call's parameters from its body and its query; a body that is no JSON is refused."""
    values: dict[str, object] = dict(request.query_params)
    content_type = request.headers.get("content-type", "")
    if content_type.startswith("application/json"):
        values |= _json_body(await request.body())
        return Params(values)
    files: dict[str, bytes] = {}
    if content_type.startswith(("multipart/form-data", "application/x-www-form-urlencoded")):
        async with request.form() as form:
            for name, part in form.multi_items():
                if isinstance(part, UploadFile):
                    files[name] = await part.read()
                else:
                    values[name] = part
    return Params({name: _decoded(name, value) for name, value in values.items()}, files)


def _json_body(body: bytes) -> dict[str, object]:
    try:
        decoded = json.loads(body or b"{}")
    except ValueError:
        raise bad_request("can't parse JSON object") from None
    if not isinstance(decoded, dict):
        raise bad_request("expected a JSON object")
    return decoded


def _decoded(name: str, value: object) -> object:
    # Recorded calls are easier to read when keyboards and lists are structures; bad JSON is refused where it is used.
    if name in _JSON_FIELDS and isinstance(value, str):
        try:
            return cast("object", json.loads(value))
        except ValueError:
            return value
    return value
