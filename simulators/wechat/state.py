"""What the platform remembers about one official account: fans, chats, media, menus, codes."""

import secrets
from collections import Counter
from dataclasses import dataclass, field

from simulators.bell import Bell
from simulators.clock import Clock
from simulators.wechat.errors import Refusal
from simulators.wechat.grants import Grants
from simulators.wechat.quotas import Quotas
from simulators.wechat.texts import ShownText
from simulators.wechat.tokens import Tokens
from simulators.wechat.windows import Windows
from simulators.wechat.xml import Value

MEDIA_SECONDS = 3 * 86_400
OUT_OF_SERVICE = "该公众号暂时无法提供服务，请稍后再试"


@dataclass(slots=True)
class ChatLine:
    """One message; `kind` says how it came: mine, passive, kefu, template, subscription, mass or notice."""

    kind: str
    shown: ShownText
    image: bytes | None = None
    seen_as: int = 0


@dataclass(slots=True)
class FanAccount:
    """A person on WeChat, as the account knows them."""

    openid: str
    nickname: str
    following: bool = False
    followed_at: int = 0
    scene: str = ""
    windows: Windows = field(default_factory=Windows)
    permits: Counter[str] = field(default_factory=Counter)
    tags: set[int] = field(default_factory=set)
    chat: list[ChatLine] = field(default_factory=list)
    mass_at: list[float] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Media:
    """A temporary file; `public_name` is its address without a token."""

    media_id: str
    kind: str
    data: bytes
    created_at: float
    public_name: str


@dataclass(frozen=True, slots=True)
class QrTicket:
    """A QR code with a scene; `expires_at` is None for a permanent one."""

    ticket: str
    scene: str
    expires_at: float | None


@dataclass(slots=True)
class OAuthCode:
    """A code of the web login: good once, for five minutes."""

    openid: str
    scope: str
    made_at: float
    used: bool = False


@dataclass(frozen=True, slots=True)
class Template:
    """A template of the category library: its title and the labels of its fields."""

    title: str
    fields: dict[str, str]


@dataclass(slots=True)
class Platform:
    """The whole state of one official account."""

    appid: str
    secret: str
    original_id: str
    clock: Clock
    bell: Bell
    tokens: Tokens
    quotas: Quotas
    grants: Grants = field(default_factory=Grants)
    is_test_account: bool = False
    template_outcome: str = "success"
    fans: dict[str, FanAccount] = field(default_factory=dict)
    media: dict[str, Media] = field(default_factory=dict)
    tickets: dict[str, QrTicket] = field(default_factory=dict)
    codes: dict[str, OAuthCode] = field(default_factory=dict)
    templates: dict[str, Template] = field(default_factory=dict)
    template_ids: dict[str, tuple[int, float]] = field(default_factory=dict)
    tags: dict[int, str] = field(default_factory=dict)
    menu: dict[str, object] | None = None
    conditional_menus: list[dict[str, object]] = field(default_factory=list)
    events: list[tuple[FanAccount, dict[str, Value]]] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    last_number: int = 0

    def number(self) -> int:
        """The next number of a message, a menu or a ticket."""
        self.last_number += 1
        return self.last_number

    def add_fan(self, nickname: str) -> FanAccount:
        """Register a person who has not followed yet."""
        account = FanAccount(openid=f"o{secrets.token_urlsafe(20)[:27]}", nickname=nickname)
        self.fans[account.openid] = account
        return account

    def fan(self, openid: object) -> FanAccount:
        """The person of an openid; 40003 when there is none."""
        account = self.fans.get(str(openid or ""))
        if account is None:
            raise Refusal(40003)
        return account

    def show(self, account: FanAccount, line: ChatLine) -> None:
        """Put a message into a chat and let all who watch know."""
        account.chat.append(line)
        self.bell.ring()
        line.seen_as = self.bell.rings

    def store_media(self, data: bytes, *, kind: str) -> Media:
        """Keep a file for three days."""
        media = Media(secrets.token_urlsafe(48), kind, data, self.clock.now(), secrets.token_urlsafe(24))
        self.media[media.media_id] = media
        return media

    def live_media(self, media_id: object) -> Media:
        """A file that has not expired; 40007 otherwise."""
        media = self.media.get(str(media_id or ""))
        if media is None or self.clock.now() - media.created_at > MEDIA_SECONDS:
            raise Refusal(40007)
        return media
