"""What every door's person can do and see, and the one at the page."""

import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol, TypeVar
from urllib.parse import urlencode

import msgspec
from starlette.responses import Response

from bots.web import DEMO_ACCOUNT, Seat, SeatName
from menling.rehearsal.house import RehearsalHouse
from menling.rehearsal.shapes import Link, NotPossible, Reply
from menling.rehearsal.wire import HOUSE, Answer, ask
from simulators.screen import NotOnScreen
from simulators.tinypng import plain_png

B = TypeVar("B")


class Hands(Protocol):
    """One person's phone: acts go in by the door, what is on the screen comes back."""

    @property
    def identity(self) -> tuple[str, str, str]:
        """Channel, account and external id by which the house knows this person."""
        ...

    async def arrive(self) -> None:
        """Come for the first time: open the page, press Start, follow."""
        ...

    async def say(self, text: str) -> None:
        """Type words."""
        ...

    @property
    def shown(self) -> list[tuple["Choice", ...]]:
        """The choices of each message seen so far, oldest first."""
        ...

    async def take(self, choice: "Choice") -> None:
        """Send what a choice sends, be it stale or another person's; NotPossible for a link."""
        ...

    async def photo(self, data: bytes) -> None:
        """Send a picture."""
        ...

    async def location(self, lat: float, lng: float) -> None:
        """Send a pin, WGS-84 degrees."""
        ...

    async def contact(self, phone: str, *, own: bool) -> None:
        """Share a phone number, where a platform has a way to; type it where it has none."""
        ...

    async def again(self) -> None:
        """Let the platform deliver the last update once more."""
        ...

    async def look(self) -> list[Reply]:
        """Return what has come since the last look, oldest first."""
        ...


@dataclass(frozen=True, slots=True)
class Choice:
    """A button as it was shown: its label, and what the platform sends for it."""

    label: str
    sends: object


def pick(wanted: str, shown: list[tuple[Choice, ...]], *, ago: int, transcript: str) -> Choice:
    """Return the choice of that label on the newest message that has it; `ago` messages with it are passed over."""
    for choices in reversed(shown):
        exact = [one for one in choices if one.label == wanted]
        near = [one for one in choices if wanted in one.label]
        if exact or near:
            if ago == 0:
                return (exact or near)[0]
            ago -= 1
    raise NotOnScreen(f"no button {wanted!r}", transcript)


class _Button(msgspec.Struct, frozen=True):
    label: str
    token: str | None
    url: str | None


class _Line(msgspec.Struct, frozen=True):
    id: str
    at: str
    mine: bool
    text: str
    rows: tuple[tuple[_Button, ...], ...]


class _News(msgspec.Struct, frozen=True):
    lines: tuple[_Line, ...]


class _Error(msgspec.Struct, frozen=True):
    code: str
    message: str


class _Refusal(msgspec.Struct, frozen=True):
    error: _Error


_read_news = msgspec.json.Decoder(_News)
_read_refusal = msgspec.json.Decoder(_Refusal)
_COOKIE = re.compile(r"[^=;]+=[^;]+")
_BEGINNING = "2000-01-01T00:00:00.000000Z"


class PageHands:
    """Somebody at the page: its own endpoints, called as the browser calls them."""

    def __init__(self, house: Callable[[], RehearsalHouse], *, demo: str | None, lang: str) -> None:
        self._house = house
        self._demo = demo
        self._seat = SeatName.TECHNICIAN if demo is not None and demo.startswith("technician-") else SeatName.CUSTOMER
        self._cookie = ""
        self._headers = {
            "origin": HOUSE,
            "accept-language": "en" if lang == "en" else "zh-CN",
            "content-type": "application/json",
        }
        self._wants_hant = lang == "zh-Hant"
        self._acts = itertools.count(1)
        self._last: tuple[str, dict[str, str], bytes] | None = None
        self._since = _BEGINNING
        self._seen: set[str] = set()
        self.shown: list[tuple[Choice, ...]] = []
        self._notices: list[Reply] = []
        self._external_id = demo or ""

    @property
    def identity(self) -> tuple[str, str, str]:
        """Channel, account and external id by which the house knows this person."""
        return "web", DEMO_ACCOUNT if self._demo is not None else "page", self._external_id

    async def arrive(self) -> None:
        """Take a seat and open the empty chat."""
        self._cookie = self._demo_cookie() if self._demo is not None else await self._new_cookie()
        self._headers["cookie"] = self._cookie
        self._external_id = self._cookie.partition("=")[2].split(".")[1]
        if self._wants_hant:
            await self._send("lang", {"lang": "zh-Hant"}, numbered=False)
        await self._send("start", {})

    async def say(self, text: str) -> None:
        """Type words; the page does not send what holds none."""
        if not text.strip():
            raise NotPossible("the page does not send an empty message")
        await self._send("say", {"text": text})

    async def take(self, choice: Choice) -> None:
        """Press a button."""
        if choice.sends is None:
            raise NotPossible(f"{choice.label} is a link: open it, or pay it")
        await self._send("press", {"token": choice.sends})

    async def photo(self, data: bytes) -> None:
        """Send a picture by the page's form."""
        edge = "rehearsal-form-edge"
        parts = (
            f'--{edge}\r\nContent-Disposition: form-data; name="id"\r\n\r\n{self._act_id()}\r\n'.encode(),
            f'--{edge}\r\nContent-Disposition: form-data; name="photo"; filename="photo.png"\r\n'.encode(),
            b"Content-Type: image/png\r\n\r\n",
            data,
            f"\r\n--{edge}--\r\n".encode(),
        )
        headers = {**self._headers, "content-type": f"multipart/form-data; boundary={edge}"}
        await self._post("photo", headers, b"".join(parts))

    async def location(self, lat: float, lng: float) -> None:
        """Send a pin."""
        await self._send("location", {"lat": lat, "lng": lng})

    async def contact(self, phone: str, *, own: bool) -> None:
        """Type the number: a page has no address book."""
        await self.say(phone)

    async def again(self) -> None:
        """Send the last request once more, as the page does when it missed the answer."""
        if self._last is None:
            raise NotPossible("nothing has been sent yet")
        await self._post(*self._last)

    async def look(self) -> list[Reply]:
        """Read the lines after the newest one known."""
        query = urlencode({"after": f"{self._since},0"})
        path = f"/web/{self._seat}/lines"
        answer = await ask(self._house().app, "GET", path, headers=self._headers, query=query)
        if answer.status != 200:
            raise RuntimeError(f"{path} answered {answer.status}")
        found, self._notices = self._notices, []
        for line in _read_news.decode(answer.body).lines:
            self._since = max(self._since, line.at)
            if line.mine or line.id in self._seen:
                continue
            self._seen.add(line.id)
            found.append(self._reply(line))
        return found

    def _reply(self, line: _Line) -> Reply:
        buttons = [button for row in line.rows for button in row]
        self.shown.append(tuple(Choice(one.label, one.token) for one in buttons))
        links = tuple(Link(one.label, one.url) for one in buttons if one.url is not None)
        return Reply(line.text, tuple(one.label for one in buttons), links)

    def _act_id(self) -> str:
        return f"act-{next(self._acts):08d}"

    async def _send(self, verb: str, body: dict[str, object], *, numbered: bool = True) -> None:
        whole = {"id": self._act_id(), **body} if numbered else body
        await self._post(verb, self._headers, msgspec.json.encode(whole))

    async def _post(self, verb: str, headers: dict[str, str], body: bytes) -> None:
        self._last = (verb, headers, body)
        answer = await ask(self._house().app, "POST", f"/web/{self._seat}/{verb}", headers=headers, body=body)
        if answer.status >= 500:
            raise RuntimeError(f"the page answered {answer.status} to {verb}")
        if answer.status != 200:  # the page shows the sentence below the text box
            self._notices.append(Reply(_read_refusal.decode(answer.body).error.message))

    async def _new_cookie(self) -> str:
        answer = await ask(self._house().app, "GET", "/web/start", headers=self._headers)
        return _cookie_of(answer, self._house().jar.name_of(self._seat))

    def _demo_cookie(self) -> str:
        response = Response()
        seat = Seat(self._seat, DEMO_ACCOUNT, self._demo or "", datetime.now(UTC))
        self._house().jar.write(response, seat)
        found = _COOKIE.match(response.headers["set-cookie"])
        return found[0] if found else ""


def _cookie_of(answer: Answer, name: str) -> str:
    for value in answer.all("set-cookie"):
        found = _COOKIE.match(value)
        if found and found[0].startswith(f"{name}="):
            return found[0]
    raise RuntimeError("the page gave no seat")


def a_picture(number: int) -> bytes:
    """Return a small picture, a different one for each number."""
    return plain_png(64, 64, colour=((37 * number) % 256, (91 * number) % 256, (151 * number) % 256))
