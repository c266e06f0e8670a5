"""People of a story at each door: they say, press, send, and see, and never know which door it is."""

import contextlib
import time
import uuid
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

import httpx

from simulators.telegram import Person
from simulators.tinypng import plain_png
from simulators.wechat import Fan
from tests.stories.loops import Loop
from tests.stories.running import PAY_LINK, Platforms, RunningHouse

PATIENCE = 90.0
"""Seconds: what a busy machine may take for what a quiet one does at once."""


class Actor(Protocol):
    """Somebody with a phone in the hand."""

    def says(self, text: str) -> None:
        """Type words."""

    def presses(self, label: str) -> None:
        """Take a choice by what it says."""

    def photo(self) -> None:
        """Send a picture."""

    def sees(self, *texts: str, patience: float = PATIENCE) -> str:
        """Wait for one message, newer than one's own last act, that holds all these texts; return it."""

    def pay_link(self) -> str:
        """Return the newest link to pay."""


class Watching:
    """What all actors share: waiting for a message that holds certain texts."""

    def _messages(self) -> list[str]:
        """All that was said to this person since the last act, with links, oldest first."""
        raise AssertionError("each door says how")

    def _everything(self) -> str:
        raise AssertionError("each door says how")

    def sees(self, *texts: str, patience: float = PATIENCE) -> str:
        """Wait for one message that holds all these texts."""
        found: list[str] = []

        def there() -> bool:
            found[:] = [message for message in self._messages() if all(text in message for text in texts)]
            return bool(found)

        wait_for(there, f"{texts}", self._everything, patience)
        return found[-1]

    def pay_link(self) -> str:
        """Return the newest link to pay."""
        links = PAY_LINK.findall(self._everything())
        assert links, self._everything()
        return str(links[-1])


class TelegramActor(Watching):
    """Somebody in Telegram."""

    def __init__(self, platforms: Platforms, lang: str, name: str) -> None:
        self._loop: Loop = platforms.loop
        self._person: Person = platforms.telegram.user(name, language_code=lang)
        self._seen: dict[int, str] = {}
        self._run(self._person.starts())
        self.sees("")

    def _run(self, act: Any) -> None:
        self._seen = {message.message_id: self._whole(message) for message in self._person.messages}
        self._loop.run(act)

    def says(self, text: str) -> None:
        """Type words."""
        self._run(self._person.says(text))

    def presses(self, label: str) -> None:
        """Press an inline button."""
        self._run(self._person.presses(label))

    def photo(self) -> None:
        """Send a picture."""
        self._run(self._person.sends_photo(plain_png()))

    def _messages(self) -> list[str]:
        messages = [message for message in self._person.messages if not message.mine]
        return [w for m in messages if (w := self._whole(m)) != self._seen.get(m.message_id)]

    @staticmethod
    def _whole(message: Any) -> str:
        return str(message.text) + "".join(f"\n[{label}] {data}" for row in message.buttons for label, data in row)

    def _everything(self) -> str:
        return "\n".join(self._whole(message) for message in self._person.messages)


class WeChatActor(Watching):
    """Somebody who follows the official account."""

    def __init__(self, platforms: Platforms, lang: str, name: str) -> None:
        self._loop = platforms.loop
        self._fan: Fan = platforms.wechat.fan(name)
        self._since = 0
        self._run(self._fan.follows())
        self.sees("")
        if lang == "en":
            self.says("English please")
            self.sees("English")

    def _run(self, act: Any) -> None:
        self._since = len(self._fan.messages)
        self._loop.run(act)

    def says(self, text: str) -> None:
        """Type words."""
        self._run(self._fan.says(text))

    def presses(self, label: str) -> None:
        """Tap a line."""
        self._run(self._fan.taps(label))

    def photo(self) -> None:
        """Send a picture."""
        self._run(self._fan.sends_photo(plain_png()))

    def _messages(self) -> list[str]:
        return [message.text for message in self._fan.messages[self._since :] if not message.mine]

    def _everything(self) -> str:
        return self._fan.transcript() + "".join(
            f"\n{link.url}" for message in self._fan.messages for link in message.links
        )


class PageActor(Watching):
    """Somebody at the page, by its own requests; the same endpoints that the browser calls."""

    def __init__(self, house: RunningHouse, lang: str, seat: str = "customer") -> None:
        headers = {"Origin": house.url, "Accept-Language": lang}
        self._http = httpx.Client(base_url=house.url, headers=headers, timeout=30)
        _open_pages.append(self._http)
        patiently(lambda: self._http.get("/web/start"))
        self._seat = seat
        self._before: set[str] = set()
        if seat == "technician":
            self.sits_down_as("")
        self._post("lang", {"lang": lang})

    def sits_down_as(self, code: str) -> None:
        """Take the technician's seat as one of the demo, or as a new applicant."""
        patiently(lambda: self._post_json("/web/technician/seat", {"code": code}))

    def _post_json(self, path: str, body: dict[str, Any]) -> None:
        answer = self._http.post(path, json=body)
        assert answer.status_code == 200, f"{path} {answer.status_code} {answer.text}"

    def _post(self, verb: str, body: dict[str, Any]) -> None:
        if verb != "lang":
            body = {"id": uuid.uuid4().hex, **body}
        patiently(lambda: self._post_json(f"/web/{self._seat}/{verb}", body))

    def _lines(self) -> list[dict[str, Any]]:
        answer = patiently(lambda: self._http.get(f"/web/{self._seat}/lines"))
        while answer.status_code == 429:  # the page paces those who look too often, a story like anybody else
            time.sleep(0.3)
            answer = self._http.get(f"/web/{self._seat}/lines")
        lines: list[dict[str, Any]] = answer.json()["lines"]
        return lines

    def _remember(self) -> None:
        self._before = {line["id"] for line in self._lines()}

    def says(self, text: str) -> None:
        """Type words."""
        self._remember()
        self._post("say", {"text": text})

    def presses(self, label: str) -> None:
        """Press the newest live button with this label."""
        self._remember()
        for line in reversed(self._lines()):
            for row in line["rows"] if line["live"] else []:
                for button in row:
                    if button["token"] and label in button["label"]:
                        self._post("press", {"token": button["token"]})
                        return
        raise AssertionError(f"no button {label}:\n{self._everything()}")

    def photo(self) -> None:
        """Send a picture."""
        self._remember()
        answer = self._http.post(
            f"/web/{self._seat}/photo",
            data={"id": uuid.uuid4().hex},
            files={"photo": ("photo.png", plain_png(), "image/png")},
        )
        assert answer.status_code == 200, answer.text

    def _messages(self) -> list[str]:
        return [_line(line) for line in self._lines() if not line["mine"] and line["id"] not in self._before]

    def everything(self) -> str:
        """The whole thread."""
        return self._everything()

    def _everything(self) -> str:
        return "\n".join(("> " if line["mine"] else "< ") + _line(line) for line in self._lines())


def _line(line: dict[str, Any]) -> str:
    buttons = [f"\n[{b['label']}] {b['url'] or ''}" for row in line["rows"] for b in row]
    return f"{line['text']}{''.join(buttons)}"


_open_pages: list[httpx.Client] = []


def leave() -> None:
    """Shut every page."""
    while _open_pages:
        _open_pages.pop().close()


T = TypeVar("T")


def patiently(act: Callable[[], T], seconds: float = PATIENCE) -> T:
    """Do the same again, as the page does, while the house cannot be reached."""
    ends = time.monotonic() + seconds
    while True:
        try:
            return act()
        except httpx.TransportError:
            if time.monotonic() > ends:
                raise
            time.sleep(0.2)


def wait_for(there: Callable[[], bool], what: str, explain: Callable[[], str], seconds: float = PATIENCE) -> None:
    """Wait until something is there, or fail with the whole chat."""
    ends = time.monotonic() + seconds
    while not there():
        if time.monotonic() > ends:
            raise AssertionError(f"waited {seconds} s for {what}\n--- the chat ---\n{explain()}")
        time.sleep(0.1)


def pays(link: str) -> None:
    """Open our pay page and press its button, as a browser does."""
    with contextlib.closing(httpx.Client(timeout=30, follow_redirects=True)) as browser:
        page = patiently(lambda: browser.get(link))
        assert page.status_code == 200, page.text
        paid = patiently(lambda: browser.post(link, data={}, headers={"Origin": link.split("/pay/", maxsplit=1)[0]}))
        assert paid.status_code == 200, paid.text
