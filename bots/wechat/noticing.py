"""What WeChat tells the account by itself and nobody is answered for: permits, receipts, positions."""

import logging
import time
from collections import OrderedDict
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Final

from prometheus_client import Counter

from bots.wechat.reading import Notice, Permits, Position, Receipt
from core import positions, windows
from core.db import Tx
from core.geo import Point
from core.windows import Opening
from dialogs.reception import Reception

_NO_PERMIT: Final = 43101
_POSITION_EVERY: Final = 60.0
_POSITION_LASTS: Final = timedelta(minutes=5)
_REMEMBERED: Final = 5_000
_log = logging.getLogger(__name__)
_BOUNCED = Counter("menling_wechat_undelivered", "Template and subscription messages WeChat could not deliver", ["way"])


class Notices:
    """The notices of one account."""

    def __init__(self, account: str, reception: Reception) -> None:
        self._account = account
        self._reception = reception
        self._placed: OrderedDict[str, float] = OrderedDict()

    async def take(self, openid: str, notice: Notice) -> None:
        """Take one notice; the same once more changes nothing. DatabaseError when it could not be kept."""
        match notice:
            case Permits():
                await self._reception.db.arun(partial(_permit, who=self._who(openid), notice=notice))
            case Receipt():
                await self._receipt(openid, notice)
            case Position():
                await self._position(openid, notice)

    async def _receipt(self, openid: str, receipt: Receipt) -> None:
        if receipt.delivered:
            return
        way = "subscription" if receipt.template else "template"
        _BOUNCED.labels(way).inc()
        found = await self._reception.db.arun(partial(_bounce, who=self._who(openid), receipt=receipt))
        _log.warning("wechat message not delivered", extra={"way": way, "errcode": receipt.errcode, "known": found})

    async def _position(self, openid: str, position: Position) -> None:
        """Keep where a technician on the way is, at most once a minute; of anybody else nothing is kept."""
        now = time.monotonic()
        if self._placed.get(openid, 0.0) > now:
            return
        self._placed[openid] = now + _POSITION_EVERY
        while len(self._placed) > _REMEMBERED:
            self._placed.popitem(last=False)
        who = {"channel": "wechat", "account": self._account, "external_id": openid}
        if not await self._reception.db.aread(lambda tx: positions.awaited(tx, **who)):
            return  # WeChat names the place of everybody whose chat is open: that must cost no write
        at = self._reception.clock.now()
        point, until = Point(position.lat, position.lng), at + _POSITION_LASTS
        await self._reception.db.arun(
            lambda tx: positions.take(tx, **who, share="wechat", point=point, live_until=until, now=at)
        )

    def _who(self, openid: str) -> Sequence[str]:
        return "wechat", self._account, openid


def _found(tx: Tx, who: Sequence[str]) -> Opening | None:
    channel, account, external_id = who
    return windows.opening_of(tx, channel=channel, account=account, external_id=external_id)


def _permit(tx: Tx, *, who: Sequence[str], notice: Permits) -> None:
    opening = _found(tx, who)
    if opening is None:
        return
    for one in notice.permits:
        if one.allowed:
            windows.permit(tx, opening.identity_id, one.template, told=notice.told)
        else:
            windows.forget_permit(tx, opening.identity_id, one.template)


def _bounce(tx: Tx, *, who: Sequence[str], receipt: Receipt) -> bool:
    opening = _found(tx, who)
    if opening is None:
        return False
    if receipt.errcode == _NO_PERMIT:
        windows.forget_permit(tx, opening.identity_id, receipt.template)
    return bool(receipt.ref) and windows.bounced(tx, opening.person_id, receipt.ref)
