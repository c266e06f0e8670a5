"""The page of a house that serves its people in a bot alone: it leads there, with what a link was to open."""

import re
from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

_START: Final = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)


def leading_to(bot: str) -> APIRouter:
    """Return the page's route; `bot` is the bot's address, such as https://t.me/NAME."""

    async def lead(request: Request) -> Response:
        start = request.query_params.get("start", "")
        address = f"{bot}?start={start}" if _START.fullmatch(start) else bot
        return RedirectResponse(address, status_code=303, headers={"Cache-Control": "no-store"})

    router = APIRouter()
    router.add_route("/", lead, methods=["GET"], include_in_schema=False)
    return router
