"""What the page is told when something cannot be done: a stable code, a status, and a sentence in its language."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from core.catalog import text_in


@dataclass(frozen=True, slots=True)
class Reason:
    """One way to refuse; the sentences are shown to people as they are."""

    status: int
    zh: str
    en: str


REASONS: Final[Mapping[str, Reason]] = {
    "cross_site": Reason(
        403,
        "这个请求不是从门铃的页面发出的，已拒绝。请回到门铃页面再试。",
        "This did not come from Menling's own page, so it was refused. Please go back to the page and try again.",
    ),
    "no_seat": Reason(401, "页面已过期，请刷新后再试。", "This page is out of date. Please reload it and try again."),
    "not_found": Reason(404, "没有找到这个内容。", "There is nothing here."),
    "too_large": Reason(413, "内容太长了，请缩短后再发。", "That is too long. Please shorten it and send it again."),
    "photo_too_large": Reason(
        413, "照片超过 8 MB，请换一张小一点的。", "The photo is over 8 MB. Please choose a smaller one."
    ),
    "bad_type": Reason(415, "这种内容发不了，请刷新页面再试。", "This cannot be sent like that. Please reload."),
    "malformed": Reason(422, "内容不完整，请刷新页面再试。", "Something is missing here. Please reload the page."),
    "empty": Reason(422, "还没有写内容。", "There are no words yet."),
    "bad_place": Reason(422, "这个位置不对，请重新选择。", "That is not a place on the map. Please choose again."),
    "bad_picture": Reason(
        422,
        "这张图片打不开，请换一张 JPG 或 PNG 照片。",
        "This picture cannot be opened. Please choose a JPG or PNG photo.",
    ),
    "bad_phone": Reason(
        422, "手机号不对，请检查，例如 13800138000。", "That is no phone number. Please check it, e.g. 13800138000."
    ),
    "wrong_code": Reason(
        403,
        "验证码不对或已失效，请核对，或重新获取。",
        "That code is wrong or no longer good. Please check it, or ask for a new one.",
    ),
    "code_too_soon": Reason(
        429, "验证码刚发过，请一分钟后再获取。", "A code was sent a moment ago. Please wait a minute for the next."
    ),
    "too_fast": Reason(429, "发得太快了，请稍等几秒再试。", "That was a lot at once. Please wait a few seconds."),
    "too_many_pages": Reason(503, "现在人太多，请稍后再试。", "Too many pages are open. Please try again soon."),
    "clock_backwards": Reason(422, "演示时间只能往后拨。", "The demo clock only moves forward."),
    "busy": Reason(503, "系统正忙，请稍后再试。", "We are busy for a moment. Please try again shortly."),
    "broken": Reason(500, "出了点问题，请再试一次。", "Something went wrong. Please try again."),
}


class Refused(Exception):
    """A request that is not served; `code` is a key of REASONS."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def language_of(request: Request) -> str:
    """Return the page's language as its requests say: zh-Hans, zh-Hant or en."""
    first = request.headers.get("accept-language", "").split(",")[0].split(";")[0].strip().lower()
    if first.startswith("en"):
        return "en"
    return "zh-Hant" if any(part in first for part in ("hant", "-tw", "-hk", "-mo")) else "zh-Hans"


def refusal(code: str, request: Request) -> Response:
    """Return the answer for a refused request."""
    reason = REASONS[code]
    message = text_in({"zh-Hans": reason.zh, "en": reason.en}, language_of(request))
    body = msgspec.json.encode({"error": {"code": code, "message": message}})
    return Response(body, reason.status, media_type="application/json")
