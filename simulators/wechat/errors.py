"""Refusals of the official-account API: an errcode and an errmsg under HTTP status 200."""

import secrets

MESSAGES = {
    -1: "system error",
    40001: "invalid credential, access_token is invalid or not latest",
    40002: "invalid grant_type",
    40003: "invalid openid",
    40004: "invalid media type",
    40007: "invalid media_id",
    40008: "invalid message type",
    40013: "invalid appid",
    40014: "invalid access_token",
    40016: "invalid button size",
    40017: "invalid button type",
    40018: "invalid button name size",
    40019: "invalid button key size",
    40020: "invalid button url size",
    40023: "invalid sub button size",
    40029: "invalid code",
    40037: "invalid template_id",
    40053: "invalid action info",
    40125: "invalid appsecret",
    40130: "invalid openid list size, at least two openid",
    40163: "code been used",
    40200: "invalid account type",
    41001: "access_token missing",
    41005: "media data missing",
    42001: "access_token expired",
    43004: "require subscribe",
    43101: "user refuse to accept the msg",
    44004: "empty content",
    45002: "content size out of limit",
    45009: "reach max api daily quota limit",
    45011: "api minute-quota reach limit, must slower, retry next minute",
    45015: "response out of time limit or subscription is canceled",
    45047: "out of response count limit",
    45056: "too many tag now, no need to add new",
    45058: "can not modify sys tag",
    45157: "invalid tag name",
    46003: "menu no exist",
    47001: "data format error",
    47003: "argument invalid!",
    48001: "api unauthorized",
    48004: "api forbidden for irregularities",
    65303: "there is no selfmenu, please create selfmenu first, or matchrule is empty",
    76021: "cgi_path not found, please check",
    48006: "forbid to clear quota because of reaching the limit",
}


class Refusal(Exception):
    """A call the platform refuses; `detail` follows its usual words."""

    def __init__(self, errcode: int, detail: str = "") -> None:
        super().__init__(errcode, detail)
        self.errcode = errcode
        self.detail = detail

    def body(self) -> dict[str, object]:
        """The JSON body of the refusal, with a request id as the platform adds it."""
        words = " ".join(filter(None, (MESSAGES.get(self.errcode, "unknown error"), self.detail)))
        return {"errcode": self.errcode, "errmsg": f"{words} rid: {secrets.token_hex(4)}-{secrets.token_hex(4)}"}
