"""Somebody's phone in a fleet: Telegram or WeChat in the hand of one coroutine among hundreds."""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from typing import Final, Protocol

from simulators.telegram import Person
from simulators.tinypng import plain_png
from simulators.wechat import Exchange, Fan
from simulators.wechat.texts import Tap

PATIENCE: Final = 90.0
"""So long an answer may take while processes die: leases, starts, a busy machine."""

_NUDGE_SECONDS: Final = 10.0
_LOOK_SECONDS: Final = 0.05
_PATIENT: Final = 12
_LINK: Final = re.compile(r"http://house\.test(/pay/[A-Za-z0-9_-]+)")


class NotSeen(AssertionError):
    """What was waited for did not come; holds the whole chat."""


class Phone(Protocol):
    """What a person can do, whichever platform it is."""

    channel: str
    updates: int
    """How many updates this person has sent."""
    unsure: int
    """How many of them the platform could not bring to the house, for all it knows."""

    @property
    def identity(self) -> str:
        """The platform's id of the person."""

    async def arrives(self) -> None:
        """Be known to the platform, and not yet to the house."""

    async def says(self, text: str) -> None:
        """Type words."""

    async def takes(self, label: str, *, of: str = "") -> None:
        """Take a choice of the newest message that has it: one that holds these words, or came since the last act."""

    async def photo(self) -> None:
        """Send a picture."""

    async def sees(self, *texts: str, patience: float = PATIENCE) -> str:
        """Wait for a message, newer than one's own last act, that holds all these texts; return it."""

    async def is_told(self, *texts: str, nudge: str, since: int = 0) -> str:
        """Wait for a message that nobody asked for, after so many; whoever cannot be written to says `nudge`."""

    def lines(self) -> list[str]:
        """All that was said to this person, with links, oldest first."""

    def pay_path(self) -> str:
        """Return the path of the newest link to pay."""


class _Watching:
    """What both phones share."""

    channel = ""
    _since = 0
    updates = 0
    unsure = 0

    def lines(self) -> list[str]:
        raise AssertionError("each platform says how")

    async def says(self, text: str) -> None:
        raise AssertionError("each platform says how")

    async def sees(self, *texts: str, patience: float = PATIENCE) -> str:
        """On WeChat an answer whose process died may wait for the person's next act: who hears nothing asks again."""
        if self.channel == "telegram":
            return await self._wait(lambda: self._found(texts, self._since), str(texts), patience)
        return await self.is_told(*texts, nudge="再说一遍", since=self._since)

    async def is_told(self, *texts: str, nudge: str, since: int = 0) -> str:
        ends = time.monotonic() + PATIENCE
        while True:
            try:
                return await self._wait(lambda: self._found(texts, since), str(texts), _NUDGE_SECONDS)
            except NotSeen:
                if time.monotonic() > ends:
                    raise
            if self.channel == "wechat":
                await self.says(nudge)

    def has_seen(self, *texts: str) -> bool:
        """Whether such a message has come since one's own last act."""
        return self._found(texts, self._since) is not None

    def pay_path(self) -> str:
        links = _LINK.findall("\n".join(self.lines()))
        assert links, self.lines()
        return str(links[-1])

    def _found(self, texts: tuple[str, ...], since: int) -> str | None:
        newest_first = reversed(self.lines()[since:])
        return next((line for line in newest_first if all(text in line for text in texts)), None)

    async def _wait(self, look: Callable[[], str | None], what: str, patience: float) -> str:
        ends = time.monotonic() + patience
        while (found := look()) is None:
            if time.monotonic() > ends:
                chat = "\n".join(self.lines())
                raise NotSeen(f"waited {patience:.0f} s for {what}\n--- the chat ---\n{chat}")
            await asyncio.sleep(_LOOK_SECONDS)
        return found


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
        await self._act(self._person.says(text))

    async def photo(self) -> None:
        await self._act(self._person.sends_photo(plain_png()))

    async def takes(self, label: str, *, of: str = "") -> None:
        pressed: list[tuple[int, str]] = []

        def there() -> str | None:
            since = 0 if of else self._person._acted_at
            for message in reversed([one for one in self._person.messages if one.changed > since]):
                for name, data in [button for row in message.buttons for button in row]:
                    if of in message.text and label in name and not message.mine:
                        pressed[:] = [(message.message_id, data)]
                        return name
            return None

        await self._wait(there, f"the button {label!r} of {of!r}", PATIENCE)
        await self._act(self._person.presses_on(*pressed[0]))

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

    async def _act(self, act: Awaitable[object]) -> None:
        self._since = len(self.lines())
        self.updates += 1
        await act


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
        await self._act(lambda: self._fan.says(text))

    async def photo(self) -> None:
        await self._act(lambda: self._fan.sends_photo(plain_png()))

    async def takes(self, label: str, *, of: str = "") -> None:
        taps: list[Tap] = []

        def there() -> str | None:
            since = 0 if of else self._fan._acted_at
            for line in reversed([one for one in self._fan.account.chat if one.seen_as > since]):
                taps[:] = [tap for tap in line.shown.taps if of in line.shown.text and label in tap.label]
                if taps:
                    return str(taps[0].label)
            return None

        await self._wait(there, f"the line {label!r} of {of!r}", PATIENCE)
        await self._act(lambda: self._fan.taps_on(taps[0]))

    def lines(self) -> list[str]:
        said = [line.shown for line in self._fan.account.chat if line.kind not in ("mine", "notice")]
        return [shown.text + "".join(f"\n{link.url}" for link in shown.links) for shown in said]

    async def _act(self, act: Callable[[], Awaitable[Exchange]]) -> None:
        """Act, and again when WeChat has given up on the house three times: it shows its person that it has."""
        self._since = len(self.lines())
        for _ in range(_PATIENT):
            self.updates += 1
            told = await act()
            if not told.broken:
                return
            self.unsure += 1
            await asyncio.sleep(1)
        raise NotSeen(f"WeChat could not tell the house: {told.broken}")
