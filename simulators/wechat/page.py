"""What the page of the WeChat simulator shows and does."""

from collections.abc import Mapping
from typing import Protocol
from urllib.parse import urlencode

from simulators.page import WatchedSimulator
from simulators.tinypng import plain_png
from simulators.wechat.fan import Fan, SeenMessage
from simulators.wechat.menus import leaves


class _Simulator(Protocol):
    fans: list[Fan]

    @property
    def callback_url(self) -> str | None: ...

    def fan(self, nickname: str = ...) -> Fan: ...

    def advance(self, hours: float) -> None: ...


class WeChatPage(WatchedSimulator):
    """The chats of every person with the account."""

    def __init__(self, simulator: _Simulator) -> None:
        self._simulator = simulator

    def state(self) -> dict[str, object]:
        """Everything the page shows."""
        return {
            "platform": "WeChat",
            "target": self._simulator.callback_url or "no callback",
            "acts": ["photo", "location", "voice", "follow", "unfollow", "49 h later"],
            "people": [
                {
                    "id": fan.openid,
                    "name": fan.account.nickname,
                    "messages": [_shown(fan, at, one) for at, one in enumerate(fan.messages)],
                    "menu": [str(button.get("name")) for button in leaves(fan.menu)],
                }
                for fan in self._simulator.fans
            ],
        }

    async def act(self, person_id: str, act: str, value: Mapping[str, object]) -> None:
        """Let a person do something."""
        text = str(value.get("text", ""))
        if act == "new":
            await self._simulator.fan(text or "小安").follows()
            return
        fan = self._fan(person_id)
        if act == "says":
            await fan.says(text)
        elif act == "presses":
            await fan.taps(text)
        elif act == "menu":
            await fan.clicks_menu(text)
        elif act == "49 h later":
            self._simulator.advance(49)
        else:
            await _do(fan, act)

    def picture(self, person_id: str, position: int) -> bytes | None:
        """The picture in a message."""
        messages = self._fan(person_id).messages
        return messages[position].photo if position < len(messages) else None

    def _fan(self, person_id: str) -> Fan:
        for fan in self._simulator.fans:
            if fan.openid == person_id:
                return fan
        raise LookupError("nobody has this openid")


async def _do(fan: Fan, act: str) -> None:
    if act == "photo":
        await fan.sends_photo(plain_png())
    elif act == "location":
        await fan.sends_location(31.2304, 121.4737, "上海市黄浦区人民广场")
    elif act == "voice":
        await fan.sends_voice()
    elif act == "follow":
        await fan.follows()
    elif act == "unfollow":
        await fan.unfollows()
    else:
        raise ValueError(f"nobody can do {act!r}")


def _shown(fan: Fan, position: int, message: SeenMessage) -> dict[str, object]:
    taps = [[{"label": tap.label, "value": tap.label, "url": None}] for tap in message.taps]
    links = [
        [
            {
                "label": link.label,
                "value": "",
                "url": "/simulator/open?" + urlencode({"person": fan.openid, "url": link.url}),
            }
        ]
        for link in message.links
    ]
    return {
        "id": position,
        "mine": message.mine,
        "text": message.text,
        "edited": False,
        "kind": message.kind,
        "picture": f"/simulator/picture/{fan.openid}/{position}" if message.photo else None,
        "buttons": taps + links,
    }
