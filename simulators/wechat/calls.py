"""One call of the API, read: its query, its JSON, its file."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from starlette.datastructures import UploadFile
from starlette.requests import Request

from simulators.wechat.errors import Refusal


@dataclass(frozen=True, slots=True)
class ApiCall:
    """What a caller sent."""

    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, object] = field(default_factory=dict)
    file: bytes | None = None

    def text(self, name: str) -> str:
        """A string of the body."""
        value = self.body.get(name)
        return "" if value is None else str(value)

    def part(self, name: str) -> Mapping[str, object]:
        """An object of the body; empty when it is missing or something else."""
        value = self.body.get(name)
        return cast("Mapping[str, object]", value) if isinstance(value, dict) else {}


async def read_call(request: Request) -> ApiCall:
    """Read a call; a body that is no JSON object is refused with 47001."""
    query = dict(request.query_params)
    path = request.url.path
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        async with request.form() as form:
            media = form.get("media")
            return ApiCall(path, query, {}, await media.read() if isinstance(media, UploadFile) else None)
    raw = await request.body()
    if not raw:
        return ApiCall(path, query)
    try:
        body = json.loads(raw)
    except ValueError:
        raise Refusal(47001) from None
    if not isinstance(body, dict):
        raise Refusal(47001)
    return ApiCall(path, query, body)
