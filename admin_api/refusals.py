"""The one shape of an error: a stable code, a sentence in English or Chinese, and facts; never a traceback."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import msgspec
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from admin_api.plain import plain
from core.db import DatabaseError
from core.errors import BookingError

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Reason:
    """One way to refuse."""

    status: int
    en: str
    zh: str


REASONS: Final[Mapping[str, Reason]] = {
    "unauthenticated": Reason(401, "Please sign in: this login or session is not good.", "请先登录：账号或会话无效。"),
    "forbidden": Reason(403, "Your role does not allow this.", "您的角色没有这个权限。"),
    "self_approval": Reason(
        403, "Whoever closed a settlement does not pay it as well.", "结算单不能由同一人关账又付款。"
    ),
    "not_found": Reason(404, "There is nothing here.", "没有找到这个内容。"),
    "method_not_allowed": Reason(405, "That cannot be done here.", "这里不支持这个操作。"),
    "state_conflict": Reason(409, "It has moved on meanwhile; please look again.", "状态已经变化，请刷新后再看。"),
    "slot_taken": Reason(409, "The technician is not free then.", "该技师这个时间没有空。"),
    "not_bookable": Reason(409, "A rule forbids this start; see `rule`.", "按照规则不能这样安排，原因见 rule。"),
    "nothing_to_settle": Reason(409, "Nothing is owed up to then that is not settled.", "截至该时间没有待结算的款项。"),
    "person_erased": Reason(410, "This person's data has been erased.", "此人的个人数据已被抹除。"),
    "too_large": Reason(413, "That is too large.", "内容太大了。"),
    "invalid_input": Reason(422, "Something in the request is not right.", "请求里有不正确的内容。"),
    "too_many": Reason(429, "Too many tries; please wait a while.", "尝试太频繁，请稍后再试。"),
    "internal": Reason(500, "Something went wrong on our side; it has been noted.", "系统出了点问题，已经记录。"),
    "could_not_check": Reason(
        503, "What is free could not be found out just now; please try again.", "暂时查不到空档，请稍后再试。"
    ),
    "busy": Reason(503, "We are busy for a moment; please try again.", "系统正忙，请稍后再试。"),
}

_OTHER_RULE: Final = Reason(409, "The rules do not allow this now.", "按照规则，现在不能这样做。")
_BY_STATUS: Final = {400: "invalid_input", 404: "not_found", 405: "method_not_allowed", 413: "too_large"}
_MOST_FIELDS: Final = 20


class Refused(Exception):
    """A request that is not served; `code` is a key of REASONS."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


def refusal(error: Exception, request: Request) -> Response:
    """Return the answer for whatever was raised while a request was served, and log it in one line."""
    code, facts = _meaning(error)
    reason = REASONS.get(code, _OTHER_RULE)
    if reason.status == 500:
        _log.error("admin request failed", exc_info=error)
    else:
        _log.info("admin request refused", extra={"code": code, "status": reason.status})
    body = {"error": {"code": code, "message": _sentence(reason, request), "facts": plain(facts)}}
    response = Response(msgspec.json.encode(body), reason.status, media_type="application/json")
    if reason.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    if reason.status in (429, 503):
        response.headers["Retry-After"] = "900" if reason.status == 429 else "1"
    return response


def _meaning(error: Exception) -> tuple[str, Mapping[str, Any]]:
    """Return the code and the facts of an error."""
    match error:
        case Refused():
            return error.code, error.facts
        case BookingError(code="invalid_input"):
            bounds = {name: figure for name, figure in error.facts.items() if name in ("least", "most")}
            field = {"field": str(error.facts.get("field", "")), "problem": str(error.facts.get("problem", "invalid"))}
            return error.code, {"fields": [field | bounds]}
        case BookingError():
            return error.code, error.facts
        case RequestValidationError():
            return "invalid_input", {"fields": _fields(error.errors())}
        case HTTPException(__cause__=Refused() as within):  # raised while the body was being read
            return within.code, within.facts
        case HTTPException() if error.status_code in _BY_STATUS:
            return _BY_STATUS[error.status_code], {}
        case DatabaseError():
            return "busy", {}
    return "internal", {}


def _fields(errors: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Name what is wrong without repeating what was sent."""
    found = [{"field": ".".join(map(str, one["loc"])), "problem": str(one["type"])} for one in errors]
    return found[:_MOST_FIELDS]


def _sentence(reason: Reason, request: Request) -> str:
    wanted = request.headers.get("accept-language", "").lstrip().lower()
    return reason.zh if wanted.startswith("zh") else reason.en
