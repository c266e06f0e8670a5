"""Writing to somebody who has not just written to us: each way WeChat allows, in order, counted before it is used.

A customer-service message while a window is open; a subscription message where the person allowed one; a template
message about an order; else the words wait for the person's next act (`Held`).
"""

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final

from bots.wechat.client import FAILURES, AsyncWeChatClient, delivery_of, errcode_of, was_not_taken
from bots.wechat.fields import fields_of
from bots.wechat.params import WeChatParams
from bots.wechat.templates import PURPOSES, LibraryTemplate, Purpose
from core import files, windows
from core.db import DatabaseError, Tx
from core.errors import BookingError
from core.ids import to_base36
from core.messages import Template
from core.windows import Line, Spent
from dialogs.outgoing import Delivery, Held, Outgoing, Refused, Sent
from dialogs.reception import Reception

KEFU, SUBSCRIPTION, TEMPLATE = "kefu", "subscription", "template"
_REST_SECONDS: Final = 3600.0
_NO_WINDOW: Final = frozenset({45015, 45047})
QUOTA: Final = 45009
_NO_PERMIT: Final = 43101
_NOT_GRANTED: Final = frozenset({48001, 48004})
_BAD_TEMPLATE: Final = frozenset({40037, 41028, 43107})
_BAD_FIELD: Final = frozenset({47001, 47003})
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Way:
    """A library template ready to be sent: its data is made, its quota and permit are counted."""

    library: LibraryTemplate
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Refusal:
    """What WeChat refuses, by its errcode, until an operator mends it; a quota comes back when the day ends."""

    errcode: int
    ends_at: datetime | None = None


class Pusher:
    """Sends through customer service, subscription and template messages, for one account."""

    def __init__(
        self,
        params: WeChatParams,
        client: AsyncWeChatClient,
        reception: Reception,
        *,
        on_sent: Callable[[Line, Outgoing], None],
    ) -> None:
        self._params = params
        self._client = client
        self._reception = reception
        self._on_sent = on_sent
        self._resting: dict[str, float] = {}
        self._refused: dict[str, Refusal] = {}

    @property
    def resting(self) -> tuple[str, ...]:
        """What WeChat has refused us for good and is left alone for an hour: a feature, or a template."""
        return tuple(sorted(what for what in self._resting if self._rests(what)))

    def refused(self, now: datetime) -> dict[str, Refusal]:
        """Return what WeChat refuses now until an operator mends it: a feature, a quota, a template."""
        standing = list(self._refused.items())  # units count in threads of their own
        return {what: one for what, one in standing if one.ends_at is None or one.ends_at > now}

    async def push(self, message: Outgoing, texts: Sequence[str]) -> Delivery:
        """Send these texts, which are the message's words; never raises for what WeChat can do."""
        if message.news:
            return Held("news", rides=False)  # advertising by any of these ways gets accounts banned
        line = await self._reception.db.aread(partial(_line, message=message))
        if line is None:
            return Refused("nobody of that name", gone=True, final=True)
        outcome = (
            await self._by_kefu(line, message, texts)
            or await self._by_subscription(line, message)
            or await self._by_template(line, message)
            or Held("no window open")
        )
        facts = {"message_id": message.message_id, "outcome": type(outcome).__name__}
        _log.info("wechat send", extra=facts | ({"how": outcome.how} if isinstance(outcome, Sent) else {}))
        if isinstance(outcome, Sent):
            self._on_sent(line, message)
        return outcome

    async def show_picture(self, message: Outgoing) -> None:
        """Send a message's picture after its words; one that cannot be shown is left out, the words stand alone."""
        file_id = message.body.photo_file_id
        if file_id is None or not self._has(KEFU, allowed=self._params.capabilities.kefu):
            return
        db, now = self._reception.db, self._reception.clock.now()
        try:
            line = await db.aread(partial(_line, message=message))
            spent = (
                None if line is None else await db.arun(partial(self._take, line=line, count=1, urgent=False, now=now))
            )
            if line is None or not spent:
                return
            mime, body = await db.aread(lambda tx: files.body(tx, file_id))
            upload = (f"photo.{mime.rpartition('/')[2]}", body, mime)
            answer = await self._client.media.upload("image", upload)
            await self._client.message.send_image(message.external_id, answer["media_id"])
        except (BookingError, DatabaseError, KeyError, *FAILURES) as error:
            _log.warning("picture left out", extra={"file_id": file_id, "error": type(error).__name__})

    async def _by_kefu(self, line: Line, message: Outgoing, texts: Sequence[str]) -> Delivery | None:
        """Send by customer service; None when that way is not open."""
        if not self._has(KEFU, allowed=self._params.capabilities.kefu):
            return None
        now = self._reception.clock.now()
        take = partial(self._take, line=line, count=len(texts), urgent=line.urgent, now=now)
        spent = await self._reception.db.arun(take)
        if not spent:
            return None
        for nth, text in enumerate(texts):
            try:
                await self._client.message.send_text(message.external_id, text)
            except FAILURES as error:
                unused = spent[nth:] if was_not_taken(error) else spent[nth + 1 :]
                return await self._kefu_failed(error, line, unused, now)
        self._is_taken(KEFU)
        return Sent(how=KEFU)

    async def _kefu_failed(
        self, error: Exception, line: Line, unused: Sequence[Spent], now: datetime
    ) -> Delivery | None:
        errcode = errcode_of(error)
        if errcode in _NO_WINDOW:
            await self._reception.db.arun(lambda tx: windows.shut(tx, line.identity_id, now=now))
            return None
        await self._reception.db.arun(lambda tx: _give_back(tx, line, unused))
        return await self._failed(error, KEFU, KEFU)

    async def _by_subscription(self, line: Line, message: Outgoing) -> Delivery | None:
        """Send by a permit the person gave; None when there is none, or no template for this message."""
        library = self._library(line, self._params.templates.subscription, SUBSCRIPTION)
        if library is None:
            return None
        quota = self._params.quotas.subscription
        way = await self._counted(line, message, library, SUBSCRIPTION, quota, windows.use_permit)
        if way is None:
            return None
        try:
            await self._client.message.send_subscribe_message(
                message.external_id, library.id, way.data, page=_link_of(message)
            )
        except FAILURES as error:
            if errcode_of(error) == _NO_PERMIT:
                await self._reception.db.arun(lambda tx: windows.forget_permit(tx, line.identity_id, library.id))
                return None
            if was_not_taken(error):
                await self._reception.db.arun(lambda tx: windows.return_permit(tx, line.identity_id, library.id))
            return await self._failed(error, SUBSCRIPTION, library.id)
        self._is_taken(SUBSCRIPTION, library.id)
        return Sent(how=SUBSCRIPTION)

    async def _by_template(self, line: Line, message: Outgoing) -> Delivery | None:
        """Send a template message about an order; None when there is no template for this message."""
        library = self._library(line, self._params.templates.template, TEMPLATE)
        if library is None:
            return None
        way = await self._counted(line, message, library, TEMPLATE, self._params.quotas.template, None)
        if way is None:
            return None
        number = to_base36(message.message_id)
        try:
            ref = await self._client.send_template(
                message.external_id, library.id, way.data, url=_link_of(message), number=number
            )
        except FAILURES as error:
            return await self._failed(error, TEMPLATE, library.id)
        self._is_taken(TEMPLATE, library.id)
        return Sent(ref or None, how=TEMPLATE)

    async def _counted(
        self,
        line: Line,
        message: Outgoing,
        library: LibraryTemplate,
        api: str,
        most: int,
        allowed: Callable[[Tx, int, str], bool] | None,
    ) -> _Way | None:
        """Make the fields, use the permit where one is needed, and count the call, in one unit."""
        now = self._reception.clock.now()

        def unit(tx: Tx) -> _Way | None:
            data = fields_of(
                tx, Template(line.template), library, order_id=line.order_id, facts=line.facts, lang=message.lang
            )
            if data is None or (allowed is not None and not allowed(tx, line.identity_id, library.id)):
                return None
            if not windows.count(tx, message.channel, message.account, api, most=most, now=now):
                self._is_used_up(api, most, now)
                return None
            return _Way(library, data)

        try:
            return await self._reception.db.arun(unit)
        except (BookingError, LookupError) as error:  # what it would speak of is gone
            _log.warning("template not filled", extra={"message_id": message.message_id, "error": type(error).__name__})
            return None

    def _take(self, tx: Tx, *, line: Line, count: int, urgent: bool, now: datetime) -> tuple[Spent, ...]:
        """Take so many messages out of the person's windows and the day's quota, or none at all."""
        most = self._params.quotas.kefu
        spent: list[Spent] = []
        for _ in range(count):
            one = windows.spend(tx, line.identity_id, urgent=urgent, now=now)
            counted = one is not None and windows.count(tx, "wechat", self._params.account, KEFU, most=most, now=now)
            if one is not None and not counted:
                self._is_used_up(KEFU, most, now)
            if one is None or not counted:
                _give_back(tx, line, [*spent, *([one] if one else [])])
                return ()
            spent.append(one)
        return tuple(spent)

    async def _failed(self, error: Exception, api: str, what: str) -> Delivery | None:
        """Draw the consequence of a refusal that is not about this person; None when the next way may be tried."""
        errcode = errcode_of(error)
        if errcode == QUOTA:
            now = self._reception.clock.now()
            await self._reception.db.arun(lambda tx: windows.used_up(tx, "wechat", self._params.account, api, now=now))
            self._refused[api] = Refusal(QUOTA, windows.day_ends_at(now))
            _log.error("wechat quota used up for today", extra={"api": api, "errcode": errcode})
            return None
        if errcode in _BAD_FIELD:  # one message's, not the template's
            _log.error("wechat does not take a field", extra={"what": what, "errcode": errcode})
            return None
        if errcode in _NOT_GRANTED or errcode in _BAD_TEMPLATE:
            self._rest(api if errcode in _NOT_GRANTED else what, errcode)
            return None
        return delivery_of(error)

    def _library(self, line: Line, known: Mapping[Purpose, LibraryTemplate], api: str) -> LibraryTemplate | None:
        try:
            purpose = PURPOSES.get(Template(line.template))
        except ValueError:  # a turn's own answer
            return None
        library = None if purpose is None else known.get(purpose)
        return library if library is not None and self._has(api) and self._has(library.id) else None

    def _has(self, what: str, *, allowed: bool = True) -> bool:
        return allowed and not self._rests(what)

    def _rests(self, what: str) -> bool:
        return self._resting.get(what, 0.0) > time.monotonic()

    def _is_used_up(self, api: str, most: int, now: datetime) -> None:
        if most:  # a quota of none is a way somebody has shut
            self._refused[api] = Refusal(QUOTA, windows.day_ends_at(now))

    def _is_taken(self, *what: str) -> None:
        for one in what:
            self._refused.pop(one, None)

    def _rest(self, what: str, errcode: int) -> None:
        self._resting[what] = time.monotonic() + _REST_SECONDS
        self._refused[what] = Refusal(errcode)
        _log.error("wechat refuses this for good", extra={"what": what, "errcode": errcode})


def _line(tx: Tx, *, message: Outgoing) -> Line | None:
    return windows.line_to(
        tx,
        channel=message.channel,
        account=message.account,
        external_id=message.external_id,
        message_id=message.message_id,
    )


def _give_back(tx: Tx, line: Line, unused: Sequence[Spent]) -> None:
    for one in unused:
        windows.give_back(tx, line.identity_id, one)


def _link_of(message: Outgoing) -> str | None:
    """Return the first link of a message: what opens when its template is tapped."""
    return next((button.url for button in message.body.buttons if button.url is not None), None)
