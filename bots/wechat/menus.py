"""The menus below the chat: one for everybody, others by tag for technicians and for who speaks another language.

WeChat matches menus by tag alone, and shows the newest that fits: a person has at most one tag of ours.
"""

import asyncio
import contextlib
import logging
import time
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final

from redis.asyncio import Redis
from redis.exceptions import RedisError

from bots.wechat.client import FAILURES, AsyncWeChatClient, errcode_of
from bots.wechat.words import MENUS, menu_tag
from core import technicians, windows
from core.db import Database, DatabaseError, Tx
from core.technicians import TechnicianState
from core.windows import Opening

_LOCK_SECONDS: Final = 60
_REDIS_SECONDS: Final = 0.3
_LOOK_AGAIN_SECONDS: Final = 600.0
_REST_SECONDS: Final = 3600.0
_REMEMBERED: Final = 20_000
_WORKING: Final = (TechnicianState.APPROVED, TechnicianState.SUSPENDED)
_log = logging.getLogger(__name__)


class Menus:
    """The menus of one account, and who sees which; everything here is best effort and never holds up a message."""

    def __init__(
        self, client: AsyncWeChatClient, db: Database, redis: Redis | None, *, appid: str, account: str, tags: bool
    ) -> None:
        self._client = client
        self._db = db
        self._redis = redis
        self._lock_name = f"menling:wechat:{appid}:menu"
        self._account = account
        self._with_tags = tags
        self._tag_ids: dict[str, int] = {}
        self._looked: OrderedDict[str, float] = OrderedDict()
        self._rests_until = 0.0

    async def put_up(self) -> None:
        """Give WeChat the menus where it has others; one process does, and a refusal is logged, not raised."""
        if not await self._is_mine():
            return
        try:
            there = await self._client.menus()
            if _plain(_buttons(there.get("menu"))) != _plain(MENUS[""]):
                await self._client.menu.create({"button": MENUS[""]})
            if self._with_tags:
                await self._put_up_by_tag(there)
        except (KeyError, TypeError, *FAILURES) as error:
            _log.warning("wechat menu not set", extra={"errcode": errcode_of(error), "error": type(error).__name__})

    async def look(
        self, openid: str, lang: str, *, person_id: int, anew: bool = False, forgotten: bool = False
    ) -> None:
        """See to it that somebody has the menu of their role and language: at times, or `anew` when either changed.

        Who has been joined to another is a new `person_id` here, with that one's role. Who follows again has
        `forgotten` the tag: WeChat takes it from those who leave.
        """
        key = f"{openid} {lang} {person_id}"
        if not self._with_tags or time.monotonic() < self._rests_until:
            return
        if not (anew or forgotten) and self._looked.get(key, 0.0) > time.monotonic():
            return
        try:
            if forgotten:
                await self._db.arun(partial(_forget, account=self._account, openid=openid))
            found = await self._db.aread(partial(_wanted, account=self._account, openid=openid))
            if found is not None:
                await self._change(openid, *found)
        except DatabaseError:
            return
        except (KeyError, TypeError, *FAILURES) as error:
            self._tag_ids.clear()
            self._rests_until = time.monotonic() + _REST_SECONDS / 60
            _log.warning("wechat tag not set", extra={"errcode": errcode_of(error), "error": type(error).__name__})
            return
        self._looked[key] = time.monotonic() + _LOOK_AGAIN_SECONDS
        while len(self._looked) > _REMEMBERED:
            self._looked.popitem(last=False)

    async def _change(self, openid: str, opening: Opening, wanted: str) -> None:
        before = opening.menu or ""
        if before == wanted:
            return
        if not self._tag_ids:
            self._tag_ids = await self._client.tags()
        if wanted and menu_tag(wanted) not in self._tag_ids:
            return  # its menu has not been put up yet
        if before and menu_tag(before) in self._tag_ids:
            await self._client.tag.untag_user(self._tag_ids[menu_tag(before)], openid)
        if wanted:
            await self._client.tag.tag_user(self._tag_ids[menu_tag(wanted)], openid)
        await self._db.arun(lambda tx: windows.note_menu(tx, opening.identity_id, wanted))

    async def _put_up_by_tag(self, there: Mapping[str, Any]) -> None:
        """Add the menus by tag that are missing, take away ours that are outdated, leave the owner's others alone."""
        tags = await self._client.tags()
        for name in (name for name in MENUS if name and menu_tag(name) not in tags):
            tags[menu_tag(name)] = await self._client.make_tag(menu_tag(name))
        self._tag_ids = tags
        missing = {tags[menu_tag(name)]: buttons for name, buttons in MENUS.items() if name}
        ours = frozenset(missing)
        for one in there.get("conditionalmenu", ()):
            tag_id = _tag_of(one)
            if tag_id in missing and _plain(_buttons(one)) == _plain(missing[tag_id]):
                del missing[tag_id]
            elif tag_id in ours:
                await self._client.menu.del_conditional(str(one["menuid"]))
        for tag_id, buttons in missing.items():
            await self._client.menu.add_conditional({"button": buttons, "matchrule": {"tag_id": str(tag_id)}})

    async def _is_mine(self) -> bool:
        """Tell whether this process shall look after the menus; while Redis is away all may: they compare first."""
        if self._redis is None:
            return True
        with contextlib.suppress(RedisError, OSError, TimeoutError):
            async with asyncio.timeout(_REDIS_SECONDS):
                return bool(await self._redis.set(self._lock_name, "1", nx=True, ex=_LOCK_SECONDS))
        return True


def _wanted(tx: Tx, *, account: str, openid: str) -> tuple[Opening, str] | None:
    """Return whom an openid belongs to, and which menu fits: everybody's for customers who speak Chinese."""
    opening = windows.opening_of(tx, channel="wechat", account=account, external_id=openid)
    if opening is None:
        return None
    found = technicians.of_person(tx, opening.person_id)
    role = "technician" if found is not None and found.state in _WORKING else "customer"
    name = f"{role}.{opening.lang}"
    return opening, name if name in MENUS else ""


def _forget(tx: Tx, *, account: str, openid: str) -> None:
    opening = windows.opening_of(tx, channel="wechat", account=account, external_id=openid)
    if opening is not None and opening.menu:
        windows.note_menu(tx, opening.identity_id, "")


def _tag_of(menu: Mapping[str, Any]) -> int:
    """Return the tag a menu is shown by, 0 for none; WeChat answers with the rule's old name, too."""
    rule = menu.get("matchrule")
    told = (rule.get("tag_id") or rule.get("group_id") or 0) if isinstance(rule, dict) else 0
    return int(told) if str(told).isdecimal() else 0


def _buttons(menu: Any) -> Sequence[Mapping[str, Any]]:
    buttons = menu.get("button") if isinstance(menu, dict) else None
    return buttons if isinstance(buttons, list) else []


def _plain(buttons: Sequence[Mapping[str, Any]]) -> list[Any]:
    """Return what matters of buttons: WeChat answers with empty lists and other additions."""
    return [
        (one.get("name"), _plain(below))
        if (below := one.get("sub_button"))
        else (one.get("name"), one.get("type"), one.get("key"), one.get("url"))
        for one in buttons
    ]
