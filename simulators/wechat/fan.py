"""A person with WeChat on the phone: acts as a hand would and tells what the screen shows."""

import secrets
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from simulators.client import http_client
from simulators.images import image_type
from simulators.screen import CannotDo, NotOnScreen, best_match
from simulators.wechat.callback import Callback, Exchange
from simulators.wechat.menus import Button, leaves, menu_of
from simulators.wechat.messages import grant_permit
from simulators.wechat.state import ChatLine, FanAccount, Platform
from simulators.wechat.texts import Link, ShownText, Tap
from simulators.wechat.windows import Trigger
from simulators.wechat.xml import Raw, Value, elements

OPENID_COOKIE = "simulated_openid"
_FIRST_MSG_ID = 24_000_000_000_000_000


@dataclass(frozen=True, slots=True)
class SeenMessage:
    """A message as its reader sees it; `kind` says how it came."""

    kind: str
    text: str
    taps: tuple[Tap, ...]
    links: tuple[Link, ...]
    photo: bytes | None

    @property
    def mine(self) -> bool:
        """Whether the person wrote it."""
        return self.kind == "mine"

    def line(self) -> str:
        """The message as lines of a transcript."""
        mark = {"mine": ">", "notice": "!"}.get(self.kind, "<")
        body = "[photo]" if self.photo is not None else self.text
        return f"{mark} {body}" + "".join(f"\n    [{tap.label}]" for tap in self.taps)


@dataclass(slots=True)
class Habits:
    """How the platform behaves where accounts differ; a test may change it in the middle of a story."""

    base_url: str = ""
    bizmsgmenuid: bool = True
    taps_open_message_window: bool = False


class Fan:
    """One person's side of the chat with the account."""

    def __init__(self, platform: Platform, callback: Callback, habits: Habits, account: FanAccount) -> None:
        self._platform = platform
        self._callback = callback
        self._habits = habits
        self.account = account
        self._acted_at = 0

    @property
    def openid(self) -> str:
        """The person's id towards this account."""
        return self.account.openid

    @property
    def messages(self) -> list[SeenMessage]:
        """The chat, oldest first."""
        return [_seen(line) for line in self.account.chat]

    @property
    def menu(self) -> list[Button]:
        """The menu below the chat."""
        return menu_of(self._platform, self.account)

    def transcript(self) -> str:
        """The whole chat: '>' the person's words, '<' the account's, '!' the platform's own notices."""
        return "\n".join(message.line() for message in self.messages)

    async def follows(self, scene: str | None = None) -> Exchange:
        """Follow the account, by the QR code of a scene when one is given."""
        fan = self.account
        fan.following, fan.scene = True, scene or ""
        fan.followed_at = int(self._platform.clock.now())
        fields: dict[str, Value] = {"EventKey": f"qrscene_{scene}" if scene else ""}
        return await self._event("subscribe", fields | self._ticket(scene), trigger=Trigger.FOLLOW)

    async def unfollows(self) -> Exchange:
        """Leave the account: every window closes."""
        self._must_follow()
        self.account.following = False
        self.account.windows.close()
        return await self._event("unsubscribe", {"EventKey": ""}, answerable=False)

    async def scans(self, scene: str) -> Exchange:
        """Scan a QR code of the account: follows by it, or tells the scene when following already."""
        if not self.account.following:
            return await self.follows(scene)
        return await self._event("SCAN", {"EventKey": scene} | self._ticket(scene), trigger=Trigger.SCAN)

    async def says(self, text: str) -> Exchange:
        """Write a text; returns once the account has answered or given up."""
        return await self._message("text", {"Content": text}, ShownText(text))

    async def taps(self, label: str) -> Exchange:
        """Tap a line of the newest message that has it; NotOnScreen when there is none."""
        lines = [tap for line in reversed(self.account.chat) for tap in line.shown.taps]
        tap = best_match(label, lines, names=lambda one: [one.label])
        if tap is None:
            raise NotOnScreen(f"no line {label!r} to tap", self.transcript())
        return await self.taps_on(tap)

    async def taps_on(self, tap: Tap) -> Exchange:
        """Tap this line, however old its message is."""
        fields: dict[str, Value] = {"Content": tap.content}
        if self._habits.bizmsgmenuid:
            fields["bizmsgmenuid"] = tap.id
        trigger = Trigger.MESSAGE if self._habits.taps_open_message_window else Trigger.MENU
        return await self._message("text", fields, ShownText(tap.content), trigger=trigger)

    async def clicks_menu(self, key: str) -> Exchange:
        """Click the menu button of this key or name; an unknown one is sent as it is, as from an old menu."""
        buttons = list(leaves(self.menu))
        button = next((one for one in buttons if key in (one.get("key"), one.get("name"))), None)
        if button is not None and button.get("type") == "view":
            return await self._event("VIEW", {"EventKey": str(button["url"])}, answerable=False)
        event_key = key if button is None else str(button["key"])
        return await self._event("CLICK", {"EventKey": event_key}, trigger=Trigger.MENU)

    async def sends_photo(self, data: bytes) -> Exchange:
        """Send a picture, which the account can download for three days; ValueError when the bytes are none."""
        if image_type(data) is None:
            raise ValueError("these bytes are no picture")
        media = self._platform.store_media(data, kind="image")
        url = f"{self._habits.base_url}/mmbiz_pic/{media.public_name}/0"
        return await self._message("image", {"PicUrl": url, "MediaId": media.media_id}, ShownText(""), image=data)

    async def sends_voice(self, data: bytes = b"#!AMR\n") -> Exchange:
        """Send a voice note."""
        media = self._platform.store_media(data, kind="voice")
        fields: dict[str, Value] = {"MediaId": media.media_id, "Format": "amr"}
        return await self._message("voice", fields, ShownText("[voice]"))

    async def sends_odd(self, kind: str) -> Exchange:
        """Send something an account seldom wants: video, shortvideo, link or file; ValueError for another kind."""
        media = self._platform.store_media(b"\x00" * 64, kind="video")
        film: dict[str, Value] = {"MediaId": media.media_id, "ThumbMediaId": media.media_id}
        page: dict[str, Value] = {"Title": "一篇文章", "Description": "说说看", "Url": "https://example.com/a"}
        paper: dict[str, Value] = {
            "Title": "报价.pdf",
            "Description": "",
            "FileKey": media.media_id,
            "FileTotalLen": 64,
        }
        fields = {"video": film, "shortvideo": film, "link": page, "file": paper}.get(kind)
        if fields is None:
            raise ValueError(f"nobody can send a {kind!r}")
        return await self._message(kind, fields, ShownText(f"[{kind}]"))

    async def sends_location(self, latitude: float, longitude: float, label: str = "") -> Exchange:
        """Send a point (GCJ-02) with the name WeChat gives it."""
        fields: dict[str, Value] = {"Location_X": latitude, "Location_Y": longitude, "Scale": 15, "Label": label}
        return await self._message("location", fields, ShownText(f"[location] {label}".rstrip()))

    async def reports_position(self, latitude: float, longitude: float, *, precision: float = 30.0) -> Exchange:
        """Let the phone report where it is, as it does by itself when allowed; metres of precision."""
        fields: dict[str, Value] = {"Latitude": latitude, "Longitude": longitude, "Precision": precision}
        return await self._event("LOCATION", fields, answerable=False, an_act=False)

    async def permits(self, template_id: str, *, accepts: bool = True) -> Exchange:
        """Allow one subscription notification, or refuse it, in the window that asks."""
        if accepts:
            grant_permit(self.account, template_id)
        answer: dict[str, Value] = {
            "TemplateId": template_id,
            "SubscribeStatusString": "accept" if accepts else "reject",
            "PopupScene": 1,
        }
        popup = Raw(f"<List>{elements(answer)}</List>")
        return await self._event("subscribe_msg_popup_event", {"SubscribeMsgPopupEvent": popup}, answerable=False)

    async def ends_permits(self, template_id: str) -> Exchange:
        """Take the permits of a template back in the account's settings."""
        self.account.permits[template_id] = 0
        answer: dict[str, Value] = {"TemplateId": template_id, "SubscribeStatusString": "reject"}
        change = Raw(f"<List>{elements(answer)}</List>")
        return await self._event("subscribe_msg_change_event", {"SubscribeMsgChangeEvent": change}, answerable=False)

    async def authorizes(self, url: str) -> str:
        """Open an OAuth2 address in WeChat's browser; the address it leads back to, with code and state."""
        async with http_client(cookies={OPENID_COOKIE: self.openid}) as browser:
            response = await browser.get(url)
        if response.status_code != 302:
            raise CannotDo(response.text)
        return response.headers["location"]

    async def sees(self, text: str, timeout: float = 15.0, *, anywhere: bool = False) -> SeenMessage:  # noqa: ASYNC109 - part of the tests' language
        """Wait for a message with `text` that came since this person last acted; `anywhere` lets old ones count."""
        since = -1 if anywhere else self._acted_at

        def look() -> ChatLine | None:
            fits = [one for one in self.account.chat if one.kind != "mine" and one.seen_as > since]
            return next((one for one in reversed(fits) if text in one.shown.text), None)

        found = await self._platform.bell.wait_for(look, timeout=timeout)
        if found is None:
            raise NotOnScreen(f"{self.account.nickname} does not see {text!r}", self.transcript())
        return _seen(found)

    async def _message(
        self,
        kind: str,
        fields: dict[str, Value],
        shown: ShownText,
        *,
        image: bytes | None = None,
        trigger: Trigger = Trigger.MESSAGE,
    ) -> Exchange:
        self._must_follow()
        line = ChatLine("mine", shown, image=image)
        self._platform.show(self.account, line)
        self._acted_at = line.seen_as
        self.account.windows.grant(trigger, now=self._platform.clock.now())
        msg_id = _FIRST_MSG_ID + self._platform.number() * 1_000 + secrets.randbelow(1_000)
        return await self._callback.deliver(self.account, {"MsgType": kind} | fields | {"MsgId": msg_id})

    async def _event(
        self,
        event: str,
        fields: dict[str, Value],
        *,
        trigger: Trigger | None = None,
        answerable: bool = True,
        an_act: bool = True,
    ) -> Exchange:
        if an_act:
            self._platform.bell.ring()
            self._acted_at = self._platform.bell.rings
        if trigger is not None:
            self._must_follow()
            self.account.windows.grant(trigger, now=self._platform.clock.now())
        head: dict[str, Value] = {"MsgType": "event", "Event": event}
        return await self._callback.deliver(self.account, head | fields, answerable=answerable)

    def _ticket(self, scene: str | None) -> dict[str, Value]:
        if not scene:
            return {}
        ticket = self._platform.tickets.get(scene)
        if ticket is None:
            return {"Ticket": f"gQ{secrets.token_urlsafe(60)}"}
        if ticket.expires_at is not None and ticket.expires_at <= self._platform.clock.now():
            raise CannotDo("this QR code has expired")
        return {"Ticket": ticket.ticket}

    def _must_follow(self) -> None:
        if not self.account.following:
            raise CannotDo(f"{self.account.nickname} does not follow the account")


def code_of(url: str) -> str:
    """The code in an address that `authorizes` led back to."""
    return parse_qs(urlsplit(url).query)["code"][0]


def _seen(line: ChatLine) -> SeenMessage:
    return SeenMessage(line.kind, line.shown.text, line.shown.taps, line.shown.links, line.image)
