"""What the page of the WeChat simulator shows and does."""

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from simulators.page import WatchedSimulator
from simulators.pokes import Field, Poke, number, text, times
from simulators.screen import CannotDo
from simulators.tinypng import plain_png
from simulators.wechat import grants
from simulators.wechat.callback import Exchange
from simulators.wechat.fan import Fan, SeenMessage
from simulators.wechat.menus import leaves
from simulators.wechat.templates import read_template

if TYPE_CHECKING:
    from simulators.wechat.simulator import Call, WeChatSimulator

_SHOWN_CALLS = 60
_HOME = (30.656, 104.080)
"""The middle of Chengdu."""
_ADDRESS = re.compile(r"https?://[^\s<>\"'，。；、（）“”「」]+")
_PATHS = (
    "/cgi-bin/message/custom/send",
    "/cgi-bin/message/template/send",
    "/cgi-bin/message/subscribe/bizsend",
    "/cgi-bin/stable_token",
    "/cgi-bin/media/get",
    "/cgi-bin/menu/create",
)
_FAULTS = tuple("40001 42001 45009 45011 45015 45047 48001 -1 500 slow reset success_then_timeout".split())

Act = Callable[[Fan], Awaitable[object]]
_ACTS: Mapping[str, Act] = {
    "photo": lambda fan: fan.sends_photo(plain_png()),
    "voice": lambda fan: fan.sends_voice(),
    "follow": lambda fan: fan.follows(),
    "unfollow": lambda fan: fan.unfollows(),
}


class WeChatPage(WatchedSimulator):
    """The chats of every person with the account."""

    def __init__(self, simulator: "WeChatSimulator") -> None:
        self._simulator = simulator

    def state(self) -> dict[str, object]:
        """Everything the page shows."""
        sim = self._simulator
        return {
            "platform": "WeChat",
            "target": sim.callback_url or "no callback",
            "facts": self._facts(),
            "pokes": [poke.as_json() for poke in _pokes(sim.template_ids)],
            "calls": [_call(one) for one in sim.calls[-_SHOWN_CALLS:]],
            "people": [self._fan_state(fan) for fan in sim.fans],
        }

    async def act(self, person_id: str, act: str, value: Mapping[str, object]) -> None:
        """Let a person do something, or something happen to the whole platform."""
        if act == "new":
            await self._simulator.fan(text(value, "text") or "小安").follows()
        elif not await self._on_platform(act, value):
            await self._by_fan(self._fan(person_id), act, value)

    async def _on_platform(self, act: str, value: Mapping[str, object]) -> bool:
        """Do what concerns the whole account; False when the act is somebody's own."""
        sim = self._simulator
        if act == "fail":
            kind = text(value, "kind")
            wrong = int(kind) if kind.lstrip("-").isdecimal() and kind != "500" else kind
            sim.fail_next(text(value, "path", "*"), wrong, times(value), seconds=number(value, "seconds", 30.0))
        elif act == "later":
            sim.advance(number(value, "hours", 1.0))
        elif act == "kill tokens":
            sim.invalidate_token()
        elif act == "revoke":
            sim.revoke(text(value, "what"))
        elif act == "grant":
            sim.grant(text(value, "what"))
        elif act == "limit":
            sim.limit(text(value, "path"), a_day=int(number(value, "a day", 10)))
        elif act == "template":
            sim.add_template(*read_template(text(value, "text")))
        elif act == "check the address":
            if not await sim.verify_callback():
                raise CannotDo("the address does not repeat the word")
        else:
            return False
        return True

    async def _by_fan(self, fan: Fan, act: str, value: Mapping[str, object]) -> None:
        words = text(value, "text")
        if act == "says":
            await fan.says(words)
        elif act == "presses":
            await fan.taps(words)
        elif act == "menu":
            await fan.clicks_menu(words)
        elif act == "scan":
            await fan.scans(words)
        elif act == "permit":
            await fan.permits(text(value, "template"), accepts=text(value, "answer") != "reject")
        elif act == "odd":
            await fan.sends_odd(text(value, "kind"))
        elif act == "again":
            at_once = text(value, "how") == "at once"
            await self._simulator.repeat(self._last(fan), times=times(value), at_once=at_once)
        elif act == "location":
            await fan.sends_location(*_point(value), text(value, "label"))
        elif act == "position reported":
            await fan.reports_position(*_point(value))
        elif act in _ACTS:
            await _ACTS[act](fan)
        else:
            raise ValueError(f"nobody can do {act!r}")

    def picture(self, person_id: str, position: int) -> bytes | None:
        """The picture in a message."""
        messages = self._fan(person_id).messages
        return messages[position].photo if position < len(messages) else None

    def _last(self, fan: Fan) -> Exchange:
        told = [one for one in self._simulator.exchanges if one.openid == fan.openid]
        if not told:
            raise CannotDo("nothing was sent yet")
        return told[-1]

    def _fan(self, person_id: str) -> Fan:
        for fan in self._simulator.fans:
            if fan.openid == person_id:
                return fan
        raise LookupError("nobody has this openid")

    def _facts(self) -> list[str]:
        sim = self._simulator
        facts = [f"access token: {sim.token_state()}", f"tokens made: {sim.tokens_fetched}"]
        facts += [f"left today of {path.removeprefix('/cgi-bin/')}: {sim.quota_left(path)}" for path in _PATHS[:3]]
        facts += [f"not granted: {', '.join(sim.revoked)}"] if sim.revoked else []
        facts += [f"next {path.removeprefix('/cgi-bin/')}: {kind}" for path, kind in sim.planned_faults()]
        return facts + [f"! {one}" for one in sim.violations[-5:]]

    def _fan_state(self, fan: Fan) -> dict[str, object]:
        told = [one for one in self._simulator.exchanges if one.openid == fan.openid]
        permits = [f"{count} x {template}" for template, count in fan.account.permits.items() if count]
        facts = [
            "follows" if fan.account.following else "does not follow",
            f"customer-service messages left: {self._simulator.kefu_left(fan)}",
            *([f"permits: {', '.join(permits)}"] if permits else []),
            *([_tries(told[-1])] if told and told[-1].tries else []),
        ]
        return {
            "id": fan.openid,
            "name": fan.account.nickname,
            "facts": facts,
            "acts": list(_ACTS),
            "messages": [_shown(fan, at, one) for at, one in enumerate(fan.messages)],
            "menu": [str(button.get("name")) for button in leaves(fan.menu)],
        }


def _point(value: Mapping[str, object]) -> tuple[float, float]:
    return number(value, "lat", _HOME[0]), number(value, "lng", _HOME[1])


def _tries(exchange: Exchange) -> str:
    tries = len(exchange.tries)
    how = f"{tries} {'try' if tries == 1 else 'tries'}{': ' + exchange.broken if exchange.broken else ''}"
    return f"last told in {exchange.tries[-1].seconds * 1000:.0f} ms, {how}"


def _pokes(template_ids: list[str]) -> list[Poke]:
    wrong = (Field("path", _PATHS[0], ("*", *_PATHS)), Field("kind", "40001", _FAULTS))
    answer = Field("answer", "accept", ("accept", "reject"))
    here = (Field("lat", f"{_HOME[0]:.4f}"), Field("lng", f"{_HOME[1]:.4f}"))
    templates = Field("template", template_ids[0] if template_ids else "", template_ids)
    return [
        Poke("fail", "fail the next calls", (*wrong, Field("times", "1"), Field("seconds", "5"))),
        Poke("later", "let hours pass", (Field("hours", "49"),)),
        Poke("kill tokens", "kill every access token"),
        Poke("revoke", "take a permission away", (Field("what", "kefu", grants.NAMES),)),
        Poke("grant", "give a permission", (Field("what", "kefu", grants.NAMES),)),
        Poke("limit", "limit an API", (Field("path", _PATHS[0], _PATHS), Field("a day", "3"))),
        Poke("template", "take a template", (Field("text", "tpl_visit=上门提醒:thing1=服务,time2=时间"),)),
        Poke("check the address", "check the callback address"),
        Poke("scan", "scan a QR code with the scene", (Field("text", "t_K7M2Q"),), of_person=True),
        Poke("permit", "answer for a notification", (templates, answer), of_person=True),
        Poke("location", "send a location", (*here, Field("label", "成都市锦江区春熙路")), of_person=True),
        Poke("position reported", "report a position", here, of_person=True),
        Poke("odd", "send", (Field("kind", "video", ("video", "shortvideo", "link", "file")),), of_person=True),
        Poke(
            "again",
            "deliver the last once more",
            (Field("times", "2"), Field("how", "in a row", ("in a row", "at once"))),
            of_person=True,
        ),
    ]


def _call(call: "Call") -> dict[str, object]:
    outcome = {0: "ok", None: "cut"}.get(call.errcode, str(call.errcode))
    words = call.body.get("text")
    content = str(words.get("content", "")) if isinstance(words, dict) else str(call.body.get("template_id") or "")
    to = str(call.body.get("touser") or "")[:10]
    return {"what": call.path, "to": to, "text": content[:60], "outcome": outcome, "ok": call.errcode == 0}


def _shown(fan: Fan, position: int, message: SeenMessage) -> dict[str, object]:
    taps = [[{"label": tap.label, "value": tap.label, "url": None}] for tap in message.taps]
    bare = () if message.mine else _ADDRESS.findall(message.text)
    links = [
        [{"label": label, "value": "", "url": "/simulator/open?" + urlencode({"person": fan.openid, "url": url})}]
        for label, url in (*((link.label, link.url) for link in message.links), *((url, url) for url in bare))
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
