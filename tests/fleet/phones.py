"""Somebody's phone in a fleet: Telegram or WeChat in the hand of one coroutine among hundreds."""

import asyncio
import re
import time
from typing import Final, Protocol

from simulators.telegram import Person
from simulators.tinypng import plain_png
from simulators.wechat import Fan

PATIENCE: Final = 60.0
"""So long an answer may take while processes die: a lease, a start, a busy machine."""

_LINK: Final = re.compile(r"http://house\.test(/pay/[A-Za-z0-9_-]+)")


class NotSeen(AssertionError):
    """What was waited for did not come; holds the whole chat."""


class Phone(Protocol):
    """What a person can do, whichever platform it is."""

    channel: str

    @property
    def identity(self) -> str:
        """The platform's id of the person."""

    async def arrives(self) -> None:
        """Be known to the platform, and not yet to the house."""

    async def says(self, text: str) -> None:
        """Type words."""

    async def takes(self, label: str) -> None:
        """Take a choice by what it says."""

    async def photo(self) -> None:
        """Send a picture."""

    async def sees(self, *texts: str, patience: float = PATIENCE, since: int | None = None) -> str:
        """Wait for one message, newer than one's own last act, that holds all these texts; return it."""

    def lines(self) -> list[str]:
        """All that was said to this person, with links, oldest first."""

    def mark(self) -> int:
        """Return a point in the chat for `sees(since=...)`."""

    def pay_path(self) -> str:
        """Return the path of the newest link to pay."""


class _Watching:
    """What both phones share."""

    _since = 0

    def lines(self) -> list[str]:
        raise AssertionError("each platform says how")

    def mark(self) -> int:
        return len(self.lines())

    async def sees(self, *texts: str, patience: float = PATIENCE, since: int | None = None) -> str:
        ends = time.monotonic() + patience
        while True:
            for line in reversed(self.lines()[self._since if since is None else since :]):
                if all(text in line for text in texts):
                    return line
            if time.monotonic() > ends:
                raise NotSeen(f"waited {patience:.0f} s for {texts}\n--- the chat ---\n" + "\n".join(self.lines()))
            await asyncio.sleep(0.05)

    def pay_path(self) -> str:
        links = _LINK.findall("\n".join(self.lines()))
        assert links, self.lines()
        return str(links[-1])


class TelegramPhone(_Watching):
    """Telegram."""

    channel = "telegram"

    def __init__(self, person: Person) -> None:
        self._person = person
        self._seen: dict[int, str] = {}
        self._all: list[str] = []

    @property
    def identity(self) -> str:
        return str(self._person.id)

    async def arrives(self) -> None:
        self._person.account.started = True

    async def says(self, text: str) -> None:
        self._since = self.mark()
        await self._person.says(text)

    async def takes(self, label: str) -> None:
        self._since = self.mark()
        await self._person.presses(label)

    async def photo(self) -> None:
        self._since = self.mark()
        await self._person.sends_photo(plain_png())

    def lines(self) -> list[str]:
        """Add what came or was edited since the last look: an edited prompt is a message of its own."""
        for message in self._person.messages:
            if message.mine:
                continue
            whole = message.text + "".join(f"\n[{label}] {data}" for row in message.buttons for label, data in row)
            before = self._seen.get(message.message_id)
            if whole != before:
                self._seen[message.message_id] = whole
                if before is None or message.buttons or not before.startswith(message.text):
                    self._all.append(whole)
        return self._all


class WeChatPhone(_Watching):
    """WeChat."""

    channel = "wechat"

    def __init__(self, fan: Fan) -> None:
        self._fan = fan

    @property
    def identity(self) -> str:
        return self._fan.openid

    async def arrives(self) -> None:
        self._fan.account.following = True

    async def says(self, text: str) -> None:
        self._since = self.mark()
        await self._fan.says(text)

    async def takes(self, label: str) -> None:
        self._since = self.mark()
        await self._fan.taps(label)

    async def photo(self) -> None:
        self._since = self.mark()
        await self._fan.sends_photo(plain_png())

    def lines(self) -> list[str]:
        return [line.shown.text + _links(line.shown) for line in self._fan.account.chat if line.kind != "mine"]


def _links(shown: object) -> str:
    return "".join(f"\n{link.url}" for link in getattr(shown, "links", ()))
