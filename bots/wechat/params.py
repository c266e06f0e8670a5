"""What the WeChat door must be told, and what it refuses to be told."""

import base64
import binascii
import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from bots.wechat.templates import Templates

OFFICIAL_API = "https://api.weixin.qq.com"
OFFICIAL_WEB = "https://open.weixin.qq.com"

_APPID = re.compile(r"wx[0-9A-Za-z]{6,40}")
_TOKEN = re.compile(r"[0-9A-Za-z_-]{3,64}")
_ACCOUNT = re.compile(r"[0-9A-Za-z_-]{1,64}")


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What WeChat has granted the account; without customer-service messages words wait for the next passive reply."""

    kefu: bool = True
    menu: bool = True
    tags: bool = True
    """Menus of their own for technicians and for other languages, by tags."""

    oauth: bool = False
    """The web login, by which the pay page learns who pays in WeChat."""


@dataclass(frozen=True, slots=True)
class Quotas:
    """How many calls WeChat allows the account a day, by Shanghai's days."""

    kefu: int = 500_000
    template: int = 100_000
    subscription: int = 100_000


@dataclass(frozen=True, slots=True)
class WeChatParams:
    """One official account in safe mode; `account` names it in our rows and in the callback's path."""

    appid: str
    secret: str
    token: str
    aes_key: str
    account: str = "main"
    api_base: str = OFFICIAL_API
    web_base: str = OFFICIAL_WEB
    public_url: str = ""
    """Our own address, to which the web login leads back."""

    capabilities: Capabilities = field(default_factory=Capabilities)
    templates: Templates = field(default_factory=Templates)
    quotas: Quotas = field(default_factory=Quotas)
    tappable: bool = True
    """Whether choices are lines to tap; their numbers can be typed either way."""

    reply_seconds: float = 3.8
    """How long a passive reply may take: answered within 4 s whatever happens, for WeChat hangs up after 5."""

    def check(self) -> None:
        """Raise ValueError with a sentence when anybody could speak in WeChat's name, or nobody could at all."""
        if not _APPID.fullmatch(self.appid) or not self.secret:
            raise ValueError("the WeChat account needs its appid in WECHAT_APPID (wx...), its secret in WECHAT_SECRET")
        if not _ACCOUNT.fullmatch(self.account):
            raise ValueError("the WeChat account's name may hold letters, digits, - and _ only")
        if not _TOKEN.fullmatch(self.token):
            raise ValueError("WECHAT_TOKEN, the callback's, has 3 to 64 letters and digits")
        if not _is_aes_key(self.aes_key):
            raise ValueError(
                "WeChat is served in safe mode only: WECHAT_AES_KEY, the EncodingAESKey, has 43 letters and digits"
            )
        if self.capabilities.oauth and not urlsplit(self.public_url).netloc:
            raise ValueError("WeChat's web login needs our own address to lead back to: set MENLING_PUBLIC_URL")

    def __repr__(self) -> str:
        """Show which account, never its secrets."""
        return f"WeChatParams(account={self.account!r}, appid={self.appid!r})"


def _is_aes_key(key: str) -> bool:
    try:
        return len(key) == 43 and len(base64.b64decode(key + "=", validate=True)) == 32
    except binascii.Error:
        return False
