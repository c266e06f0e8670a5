"""WeChat in a rehearsal: its simulator's state machines, called in this process in safe mode, with real XML."""

import re
from datetime import timedelta
from typing import Final

from core.geo import Point, to_gcj02
from menling.rehearsal.hands import Choice
from menling.rehearsal.house import WECHAT_APPID, WECHAT_KEY, WECHAT_SECRET, WECHAT_TOKEN
from menling.rehearsal.shapes import PICTURE, Link, NotPossible, Reply
from menling.rehearsal.wire import HOUSE, WECHAT, Wire
from simulators.wechat import Exchange, Fan, SeenMessage, WeChatSimulator
from simulators.wechat.texts import Tap

_NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NUMBER: Final = re.compile(r"^\d{1,2}\.? ")
_PLAIN: Final = re.compile(r"(?:^|  )(\d{1,2})\.? (\S.*?)(?=  \d{1,2}\.? |$)", re.MULTILINE)
_LINK: Final = re.compile(r"^(.*?)[:：] ?(https?://\S+)$", re.MULTILINE)
_WAYS_OUT: Final = re.compile(r"^(?:（也可以回[复覆]|\(or reply )(.+)$", re.MULTILINE)
_QUOTED: Final = re.compile(r"[“「]([^”」]+)[”」]")


class WeChatPlatform:
    """One official account's WeChat."""

    def __init__(self, wire: Wire) -> None:
        self._simulator = WeChatSimulator(
            WECHAT_APPID,
            WECHAT_SECRET,
            WECHAT_TOKEN,
            WECHAT_KEY,
            callback_url=f"{HOUSE}/wechat/main",
            transport=wire,
        )
        self._simulator.habits.base_url = WECHAT
        wire.connect(WECHAT, self._simulator.app())

    def somebody(self, name: str, lang: str) -> "WeChatHands":
        """Let somebody have WeChat on the phone; it tells nobody their language."""
        return WeChatHands(self._simulator, self._simulator.fan(name))

    def advance(self, how_long: timedelta) -> None:
        """Let time pass for windows, tokens and media."""
        self._simulator.advance(how_long.total_seconds() / 3600)

    async def close(self) -> None:
        """Hang up."""
        await self._simulator.stop()


class WeChatHands:
    """Somebody who follows the account: messages go in sealed, passive replies and customer service are seen."""

    def __init__(self, simulator: WeChatSimulator, fan: Fan) -> None:
        self._simulator = simulator
        self._fan = fan
        self._looked = 0
        self.shown: list[tuple[Choice, ...]] = []
        self._last: Exchange | None = None

    @property
    def identity(self) -> tuple[str, str, str]:
        """Channel, account and external id by which the house knows this person."""
        return "wechat", "main", self._fan.openid

    async def arrive(self) -> None:
        """Follow the account."""
        self._last = await self._fan.follows()

    async def say(self, text: str) -> None:
        """Type words; what XML cannot hold, WeChat leaves out."""
        typed = _NOT_XML.sub("", text)
        if not typed.strip():
            raise NotPossible("WeChat does not send an empty message")
        self._last = await self._fan.says(typed)

    async def take(self, choice: Choice) -> None:
        """Tap a line; type the number where lines cannot be tapped, and the word of a way out."""
        if isinstance(choice.sends, Tap):
            self._last = await self._fan.taps_on(choice.sends)
        elif isinstance(choice.sends, str):
            self._last = await self._fan.says(choice.sends)
        else:
            raise NotPossible(f"{choice.label} is a link: open it, or pay it")

    async def photo(self, data: bytes) -> None:
        """Send a picture."""
        self._last = await self._fan.sends_photo(data)

    async def location(self, lat: float, lng: float) -> None:
        """Send a point, in the datum of Chinese maps as WeChat has it."""
        point = to_gcj02(Point(lat, lng))
        self._last = await self._fan.sends_location(point.lat, point.lng)

    async def contact(self, phone: str, *, own: bool) -> None:
        """Type the number: WeChat shares none."""
        await self.say(phone)

    async def again(self) -> None:
        """Let WeChat deliver the last message once more, as it does when it waited in vain."""
        if self._last is None:
            raise NotPossible("nothing has been sent yet")
        self._last = await self._simulator.redeliver(self._last)

    async def look(self) -> list[Reply]:
        """Return the messages that came; what this person sent is passed over."""
        fresh = self._fan.messages[self._looked :]
        self._looked += len(fresh)
        return [self._reply(message) for message in fresh if not message.mine]

    def _reply(self, message: SeenMessage) -> Reply:
        links = tuple(Link(label.strip(), url) for label, url in _LINK.findall(message.text))
        choices = (*_choices(message), *(Choice(one.label, None) for one in links), *_ways_out(message.text))
        self.shown.append(choices)
        return Reply(message.text or PICTURE, tuple(one.label for one in choices), links)


def _choices(message: SeenMessage) -> tuple[Choice, ...]:
    """Return the numbered choices: lines to tap, or numbers to type where a text was too long for those."""
    if message.taps:
        return tuple(Choice(_NUMBER.sub("", tap.label, count=1), tap) for tap in message.taps)
    return tuple(Choice(label, number) for number, label in _PLAIN.findall(message.text))


def _ways_out(text: str) -> tuple[Choice, ...]:
    return tuple(Choice(word, word) for line in _WAYS_OUT.findall(text) for word in _QUOTED.findall(line))
