"""Who sits at the page: a random name in a signed cookie, one cookie a seat."""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from core.ids import new_token

CHANNEL: Final = "web"
PAGE_ACCOUNT: Final = "page"
DEMO_ACCOUNT: Final = "demo"
LIFETIME: Final = timedelta(days=180)
RENEW_AFTER: Final = timedelta(days=30)
_LONGEST_COOKIE = 400


class SeatName(StrEnum):
    """The seats a page can have."""

    CUSTOMER = "customer"
    TECHNICIAN = "technician"


@dataclass(frozen=True, slots=True)
class Seat:
    """One identity of a browser; `issued_at` is real time."""

    name: SeatName
    account: str
    external_id: str
    issued_at: datetime

    @property
    def key(self) -> str:
        """The name under which this seat is counted and woken."""
        return f"{self.account}/{self.external_id}"


def new_seat(name: SeatName, now: datetime) -> Seat:
    """Return a seat nobody ever had."""
    return Seat(name, PAGE_ACCOUNT, new_token(), now)


class CookieJar:
    """Writes and reads the seats' cookies; nobody without the secret can make one."""

    def __init__(self, secret: bytes, *, production: bool) -> None:
        self._secret = hashlib.sha256(b"menling seat cookie" + secret).digest()
        self._production = production

    def name_of(self, seat: SeatName) -> str:
        """Return the cookie's name; in production the browser itself ties it to this host and to https."""
        return f"{'__Host-' if self._production else ''}menling_{seat}"

    def read(self, request: Request, name: SeatName, now: datetime) -> Seat | None:
        """Return the seat of this browser; None when there is none, or it is forged, stale or of another seat."""
        value = request.cookies.get(self.name_of(name), "")
        parts = value.split(".")
        if len(value) > _LONGEST_COOKIE or len(parts) != 4 or not value.isascii():
            return None
        account, external_id, issued, signature = parts
        if not hmac.compare_digest(signature, self._sign(name, f"{account}.{external_id}.{issued}")):
            return None  # whatever comes after this line was written by us
        seat = Seat(name, account, external_id, datetime.fromtimestamp(int(issued), now.tzinfo))
        return seat if now - seat.issued_at < LIFETIME else None

    def write(self, response: Response, seat: Seat) -> None:
        """Put the seat's cookie on an answer."""
        payload = f"{seat.account}.{seat.external_id}.{int(seat.issued_at.timestamp())}"
        response.set_cookie(
            self.name_of(seat.name),
            f"{payload}.{self._sign(seat.name, payload)}",
            max_age=int(LIFETIME.total_seconds()),
            path="/",
            secure=self._production,
            httponly=True,
            samesite="lax",
        )

    def clear(self, response: Response, name: SeatName) -> None:
        """Take the seat's cookie away."""
        response.delete_cookie(self.name_of(name), path="/", secure=self._production, httponly=True, samesite="lax")

    def picture_key(self, seat: Seat, file_id: int) -> str:
        """Return what lets this seat, and no other, see a picture that was shown to it."""
        return self._sign(seat.name, f"picture.{seat.key}.{file_id}")

    def picture_key_fits(self, seat: Seat, file_id: int, key: str) -> bool:
        """Tell whether `picture_key` gave this very key."""
        return hmac.compare_digest(key.encode(), self.picture_key(seat, file_id).encode())

    def _sign(self, name: SeatName, payload: str) -> str:
        digest = hmac.new(self._secret, f"{name}\0{payload}".encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")
