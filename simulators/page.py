"""The page on which a person watches a simulator and pokes it: one file, and two routes behind it."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import cast

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from simulators.screen import CannotDo, NotOnScreen

_PAGE = Path(__file__).with_name("page.html")


class WatchedSimulator(ABC):
    """What a simulator tells its page and takes from it."""

    @abstractmethod
    def state(self) -> dict[str, object]:
        """Everything the page shows."""

    @abstractmethod
    async def act(self, person_id: str, act: str, value: Mapping[str, object]) -> None:
        """Let a person do something; NotOnScreen, CannotDo, LookupError or ValueError when that is impossible."""

    @abstractmethod
    def picture(self, person_id: str, position: int) -> bytes | None:
        """The picture in a message, counted from the top of the chat."""


def page_routes(watched: WatchedSimulator) -> list[Route]:
    """The routes of the page."""

    async def show(_: Request) -> Response:
        return HTMLResponse(_PAGE.read_text(encoding="utf-8"))

    async def state(_: Request) -> Response:
        return JSONResponse(watched.state())

    async def act(request: Request) -> Response:
        wish = cast("dict[str, object]", await request.json())
        try:
            await watched.act(str(wish.get("person", "")), str(wish.get("act", "")), wish)
        except (NotOnScreen, CannotDo, LookupError, ValueError) as error:
            return JSONResponse({"error": str(error).splitlines()[0]}, status_code=400)
        return JSONResponse({"ok": True})

    async def picture(request: Request) -> Response:
        data = watched.picture(request.path_params["person"], request.path_params["position"])
        return Response(status_code=404) if data is None else Response(data, media_type="image/png")

    return [
        Route("/", show),
        Route("/simulator/state", state),
        Route("/simulator/act", act, methods=["POST"]),
        Route("/simulator/picture/{person}/{position:int}", picture),
    ]
