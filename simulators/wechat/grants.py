"""What the platform has granted an account: a call of an API it does not have is refused."""

from dataclasses import dataclass, field

from simulators.wechat.errors import Refusal

_PATHS = {
    "kefu": ("/cgi-bin/message/custom/",),
    "template": ("/cgi-bin/message/template/", "/cgi-bin/template/"),
    "subscribe": ("/cgi-bin/message/subscribe/",),
    "mass": ("/cgi-bin/message/mass/",),
    "menu": ("/cgi-bin/menu/",),
    "qrcode": ("/cgi-bin/qrcode/",),
    "tags": ("/cgi-bin/tags/",),
    "media": ("/cgi-bin/media/",),
    "user": ("/cgi-bin/user/",),
    "oauth": ("/sns/", "/connect/oauth2/"),
}
NAMES = tuple(_PATHS)


@dataclass(slots=True)
class Grants:
    """Names of what is missing, and of what was taken away for misuse."""

    missing: set[str] = field(default_factory=set)
    banned: set[str] = field(default_factory=set)

    def revoke(self, name: str, *, for_misuse: bool = False) -> None:
        """Take a permission away; ValueError when there is none of that name."""
        if name not in _PATHS:
            raise ValueError(f"an account is granted {', '.join(NAMES)}, not {name!r}")
        (self.banned if for_misuse else self.missing).add(name)

    def give(self, name: str) -> None:
        """Grant it again."""
        self.missing.discard(name)
        self.banned.discard(name)

    def check(self, path: str) -> None:
        """48004 for what was taken away, 48001 for what was never granted."""
        names = {name for name, heads in _PATHS.items() if path.startswith(heads)}
        if names & self.banned:
            raise Refusal(48004)
        if names & self.missing:
            raise Refusal(48001)
