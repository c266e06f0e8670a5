"""The way to the pay page through WeChat's web login: the provider wants to know who pays in WeChat.

Whatever goes wrong on the way, the person comes to the pay page: then it does not know who they are.
"""

import hmac
import logging
import re
import secrets
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlencode, urlsplit

import httpx
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from prometheus_client import Counter

from bots.wechat.params import OFFICIAL_WEB, WeChatParams
from core import payers
from core.db import Database, DatabaseError

_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{16,32}", re.ASCII)
_CODE: Final = re.compile(r"[A-Za-z0-9_-]{1,128}", re.ASCII)
_OPENID: Final = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
_STATE: Final = re.compile(r"([0-9]{10})([0-9a-f]{64})", re.ASCII)
_STATE_COOKIE: Final = "menling_wechat_state"
_STATE_LASTS: Final = timedelta(minutes=5)
_log = logging.getLogger(__name__)
_LOGINS = Counter("menling_wechat_logins", "Ways to the pay page through WeChat's web login, by outcome", ["outcome"])


class PayLinks:
    """The routes of one account's pay links, under /wechat/{account}/pay/{token}."""

    def __init__(self, params: WeChatParams, database: Database, http: httpx.AsyncClient) -> None:
        self._params = params
        self._db = database
        self._http = http
        self._base = params.public_url.rstrip("/")
        self.router = APIRouter()
        self.router.add_api_route("/wechat/{account}/pay/{token}", self._leave, methods=["GET"])
        self.router.add_api_route("/wechat/{account}/pay/{token}/back", self._back, methods=["GET"])

    def address(self, token: str) -> str:
        """Return the link to give in a chat."""
        return f"{self._base}/wechat/{self._params.account}/pay/{token}"

    async def _leave(self, account: str, token: str, request: Request) -> Response:
        """Send somebody in WeChat's browser to the web login, everybody else straight to the pay page."""
        if account != self._params.account or not _TOKEN.fullmatch(token):
            return Response(status_code=404)
        if not self._is_in_wechat(request):
            return _to_page(token)
        nonce = secrets.token_hex(16)
        asked = {
            "appid": self._params.appid,
            "redirect_uri": f"{self.address(token)}/back",
            "response_type": "code",
            "scope": "snsapi_base",
            "state": await self._state(token, nonce, until=int((datetime.now(UTC) + _STATE_LASTS).timestamp())),
        }
        # WeChat's browser shows an error unless the parameters come in this order and end in this fragment.
        address = f"{self._params.web_base.rstrip('/')}/connect/oauth2/authorize?{urlencode(asked)}#wechat_redirect"
        response = RedirectResponse(address, status_code=302, headers={"Cache-Control": "no-store"})
        self._set_cookie(response, _STATE_COOKIE, nonce, _STATE_LASTS, path=f"/wechat/{account}/pay/")
        return response

    async def _back(self, account: str, token: str, request: Request) -> Response:
        """Take the code, ask WeChat whose it is, and go on to the pay page with the answer sealed in a cookie."""
        if account != self._params.account or not _TOKEN.fullmatch(token):
            return Response(status_code=404)
        response = _to_page(token)
        response.delete_cookie(_STATE_COOKIE, path=f"/wechat/{account}/pay/")
        if not await self._is_our_state(token, request):
            _LOGINS.labels("bad state").inc()
            return response
        openid = await self._openid(request.query_params.get("code", ""))
        _LOGINS.labels("known" if openid else "unknown").inc()
        if openid is not None:
            now = datetime.now(UTC)
            try:
                sealed = await self._db.aread(lambda tx: payers.seal_payer(tx, openid, real_now=now))
            except DatabaseError:
                return response
            self._set_cookie(response, payers.COOKIE, sealed, payers.LASTS, path="/pay/")
        return response

    async def _openid(self, code: str) -> str | None:
        """Change a code, good once and for five minutes, into the openid of who opened the link."""
        if not _CODE.fullmatch(code):
            return None
        asked = {
            "appid": self._params.appid,
            "secret": self._params.secret,
            "code": code,
            "grant_type": "authorization_code",
        }
        try:
            response = await self._http.get(
                f"{self._params.api_base.rstrip('/')}/sns/oauth2/access_token", params=asked
            )
            answer = response.json()
        except (httpx.HTTPError, ValueError) as error:
            _log.warning("wechat login failed", extra={"error": type(error).__name__})
            return None
        openid = answer.get("openid") if isinstance(answer, dict) else None
        if not isinstance(openid, str) or not _OPENID.fullmatch(openid):
            errcode = answer.get("errcode") if isinstance(answer, dict) else None
            _log.warning("wechat login refused", extra={"errcode": errcode if isinstance(errcode, int) else 0})
            return None
        return openid

    async def _state(self, token: str, nonce: str, *, until: int) -> str:
        """Return the state of a login: letters and digits that only we can make for this link, browser and time."""
        meant = f"{self._params.account}:{token}:{nonce}:{until}"
        return f"{until:010d}" + await self._db.aread(lambda tx: tx.vault.token("wechat.login", meant))

    async def _is_our_state(self, token: str, request: Request) -> bool:
        told, nonce = request.query_params.get("state", ""), request.cookies.get(_STATE_COOKIE, "")
        read = _STATE.fullmatch(told)
        if read is None or not nonce or int(read[1]) <= datetime.now(UTC).timestamp():
            return False
        try:
            return hmac.compare_digest(await self._state(token, nonce, until=int(read[1])), told)
        except DatabaseError:
            return False

    def _is_in_wechat(self, request: Request) -> bool:
        # A simulator's people open links in an ordinary browser.
        return "MicroMessenger" in request.headers.get("user-agent", "") or self._params.web_base != OFFICIAL_WEB

    def _set_cookie(self, response: Response, name: str, value: str, lasts: timedelta, *, path: str) -> None:
        secure = urlsplit(self._base).scheme == "https"
        response.set_cookie(
            name, value, max_age=int(lasts.total_seconds()), path=path, httponly=True, secure=secure, samesite="lax"
        )


def _to_page(token: str) -> Response:
    """Lead to our pay page: nothing else is ever led to."""
    return RedirectResponse(f"/pay/{token}", status_code=303, headers={"Cache-Control": "no-store"})
