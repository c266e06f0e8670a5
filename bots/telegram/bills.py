"""Bills in the chat: shown beside a pay link, looked at once more before the money goes, booked when it has gone."""

import asyncio
import logging
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from aiogram import Bot
from aiogram.exceptions import AiogramError, TelegramForbiddenError
from aiogram.types import LabeledPrice, Message
from prometheus_client import Counter

from bots.telegram.health import Health
from bots.telegram.reading import Checkout, Paid
from bots.telegram.receipts import PROVIDER, is_plain, notice_of, put_on_record, raw_of
from bots.telegram.sending import best_effort, delivery_of, patiently
from bots.telegram.words import words_for
from core import effects, people, tracing
from core.catalog import catalogue, text_in
from core.crash import crash_point
from core.db import DatabaseError, Tx
from core.effects import Effect, EffectKind
from core.errors import BookingError
from core.messages import keyboards
from core.money import payments
from core.orders.checkout import Bill, Verdict, allow, bill
from core.orders.moves import load
from core.orders.paying import take_notice
from core.orders.states import OrderState
from dialogs.cutting import shortened
from dialogs.outgoing import Later, Outgoing, Refused, Sent
from dialogs.reception import Reception
from dialogs.texts import formats

_MOST_TITLE: Final = 32
_MOST_DESCRIPTION: Final = 255
_DECIDE_SECONDS: Final = 6.0
_ANSWER_SECONDS: Final = 3
"""Together less than the 10 s after which Telegram gives the payment up."""
_AGAIN_AFTER: Final = 600.0
_OWED_AFTER: Final = timedelta(seconds=20)
"""So long a bill is left to the process that shows its words: their delivery takes 10 s at most."""
_SOON: Final = timedelta(seconds=5)
_REMEMBERED: Final = 10_000
_log = logging.getLogger(__name__)
_BILLS = Counter("menling_telegram_bills", "Bills and payments in Telegram by what became of them", ["outcome"])


@dataclass(frozen=True, slots=True)
class _Shown:
    """A bill's words in the language of whoever is to pay."""

    bill: Bill
    title: str
    description: str


@dataclass(frozen=True, slots=True)
class _Owed:
    """A bill that is owed, to whom, and the words it comes in."""

    chat_id: int
    lang: str
    shown: _Shown


@dataclass(slots=True)
class Bills:
    """The bills of one bot, where a payment provider stands behind it.

    Where they are `alone` the only way to pay, each is owed before its words go out, and shown until Telegram takes it.
    """

    bot: Bot
    account: str
    token: str
    reception: Reception
    health: Health
    alone: bool = False
    _sent: "OrderedDict[tuple[str, str], float]" = field(default_factory=OrderedDict)

    async def owe(self, message: Outgoing) -> bool:
        """Keep that a message is to be followed by its bill; False where that cannot be kept, and so cannot be said.

        It goes before the words: whatever happens to us after them, the bill comes.
        """
        tokens = _tokens(message)
        if not self.alone or not tokens or self._is_fresh(message, tokens[0]):
            return True
        real_now = datetime.now(UTC)
        try:
            await self.reception.db.arun(lambda tx: _owe(tx, message, tokens[0], self.account, real_now=real_now))
        except DatabaseError as error:
            _log.warning("bill not owed", extra={"message_id": message.message_id, "error": type(error).__name__})
            return False
        self._note(message.external_id, tokens[0])
        return True

    async def follow(self, message: Outgoing) -> None:
        """Send the bill that a message's pay link is for; a link without its bill can still be paid."""
        tokens = _tokens(message)
        if self.alone and tokens:
            await self._hasten(tokens[0])
            return
        if not self.token or not tokens or self._is_fresh(message, tokens[0]):
            return
        self._note(message.external_id, tokens[0])  # at once: a prompt and a card of one turn come side by side
        now = self.reception.clock.now()
        try:
            shown = await self.reception.db.aread(lambda tx: _words(tx, tokens[0], lang=message.lang, now=now))
            if shown is None:
                return
            sent = await patiently(lambda: self._send(int(message.external_id), shown))
        except (AiogramError, BookingError, DatabaseError, TimeoutError) as error:
            self._sent.pop((message.external_id, tokens[0]), None)
            _BILLS.labels("not_shown").inc()
            if isinstance(error, AiogramError) and _is_refusal(error):
                self.health.bill_refused()
            _log.warning("bill not shown", extra={"message_id": message.message_id, "error": type(error).__name__})
            return
        _BILLS.labels("shown").inc()
        self.health.billed()
        await self._noted(message, shown.bill.order.id, ref=str(sent.message_id))
        _log.info("telegram send", extra={"message_id": message.message_id, "outcome": "Sent", "kind": "bill"})

    async def _hasten(self, token: str) -> None:
        """Show what is owed now that its words are there; what fails here is taken up by whoever looks next."""
        crash_point("telegram.bill")
        try:
            if await self.reception.db.arun(lambda tx: _hasten(tx, token)):
                while await self.show_due():
                    pass
        except DatabaseError as error:
            _log.warning("bill shown later", extra={"error": type(error).__name__})

    async def show_due(self) -> int:
        """Show a bill that is owed; how many were tried. One alone is never under way for longer than its lease."""
        real_now = datetime.now(UTC)
        claimed = await self.reception.db.arun(
            lambda tx: effects.claim_due(tx, kinds=(EffectKind.BILL,), real_now=real_now, most=1)
        )
        for effect in claimed:
            await self._safely(effect)
        return len(claimed)

    async def _safely(self, effect: Effect) -> None:
        """Show one bill; one that cannot be put into words must neither stop the others nor come back for ever."""
        try:
            await self._show(effect)
        except DatabaseError:
            raise
        except Exception as error:  # noqa: BLE001  whatever it is, the other bills are owed too
            why, real_now = type(error).__name__, datetime.now(UTC)
            _BILLS.labels("not_shown").inc()
            _log.error("bill not shown", extra={"message_id": effect.facts.get("message_id"), "error": why})
            await self.reception.db.arun(lambda tx: effects.failed(tx, effect, error=why, real_now=real_now))

    async def _show(self, effect: Effect) -> None:
        tracing.follow(effect.trace)
        now = self.reception.clock.now()
        owed = await self.reception.db.aread(lambda tx: _owed(tx, effect, now=now))
        if owed is None:  # paid, over, or nobody there to show it to
            await self.reception.db.arun(lambda tx: effects.done(tx, effect, now=datetime.now(UTC)))
            return
        try:
            sent = await patiently(lambda: self._send(owed.chat_id, owed.shown))
        except AiogramError as error:
            await self._not_shown(effect, owed, error)
            return
        _BILLS.labels("shown").inc()
        self.health.billed()
        await self.reception.db.arun(lambda tx: _shown(tx, effect, owed, ref=str(sent.message_id), now=now))
        _log.info("telegram send", extra={"message_id": effect.facts["message_id"], "outcome": "Sent", "kind": "bill"})

    async def _not_shown(self, effect: Effect, owed: _Owed, error: AiogramError) -> None:
        """Try again later. Where it is the bill that is refused an operator is called, and its person is told."""
        outcome, real_now = delivery_of(error), datetime.now(UTC)
        _BILLS.labels("not_shown").inc()
        about = {"message_id": effect.facts["message_id"], "error": type(error).__name__}
        _log.warning("bill not shown", extra=about)
        if isinstance(outcome, Later):
            due_at = real_now + max(_SOON, timedelta(seconds=outcome.seconds))
            await self.reception.db.arun(lambda tx: effects.again(tx, effect, due_at=due_at, real_now=real_now))
            return
        if isinstance(outcome, Refused) and await self._is_nobody_there(effect, owed, error):
            # Whoever comes back asks for it.
            await self.reception.db.arun(lambda tx: effects.done(tx, effect, now=real_now))
            return
        if isinstance(outcome, Refused):
            self.health.bill_refused()
        why = type(error).__name__ if isinstance(outcome, Sent) else outcome.reason
        await self.reception.db.arun(lambda tx: effects.failed(tx, effect, error=why, real_now=real_now))

    async def _is_nobody_there(self, effect: Effect, owed: _Owed, error: AiogramError) -> bool:
        """Say, at the first refusal, that the bill is late: a chat that takes this is there, whatever was refused."""
        if isinstance(error, TelegramForbiddenError):
            return True
        if effect.attempts > 1:
            return False
        try:
            await self.bot.send_message(owed.chat_id, words_for(owed.lang).bill_late)
        except (AiogramError, TimeoutError) as second:
            _log.info("late bill not told", extra={"error": type(second).__name__})
            return _is_gone(error) and _is_gone(second)
        return False

    async def _noted(self, message: Outgoing, order_id: int, *, ref: str) -> None:
        """Keep the bill where it is found once nobody can pay it any more."""
        now, what, good_in = self.reception.clock.now(), keyboards.Shown.BILL, OrderState.TO_PAY
        try:
            await self.reception.db.arun(
                lambda tx: keyboards.stands(
                    tx, message.message_id, ref=ref, now=now, what=what, order_id=order_id, good_in=good_in
                )
            )
        except DatabaseError as error:
            _log.info("bill not noted", extra={"message_id": message.message_id, "error": type(error).__name__})

    async def answer(self, asked: Checkout) -> None:
        """Say within Telegram's 10 s whether the money may be taken; what cannot be looked up is refused."""
        now = self.reception.clock.now()
        verdict, lang = None, asked.lang
        try:
            async with asyncio.timeout(_DECIDE_SECONDS):
                verdict, lang = await self.reception.db.arun(lambda tx: _decide(tx, asked, now=now))
        except (BookingError, DatabaseError, TimeoutError) as error:
            _log.warning("checkout not decided", extra={"error": type(error).__name__})
        _BILLS.labels("no_answer" if verdict is None else f"asked_{verdict}").inc()
        is_yes = verdict is Verdict.YES
        refusal = None if is_yes else words_for(lang).checkout["busy" if verdict is None else verdict.value]
        try:
            await self.bot.answer_pre_checkout_query(
                asked.query_id, ok=is_yes, error_message=refusal, request_timeout=_ANSWER_SECONDS
            )
        except (AiogramError, TimeoutError) as error:
            # Unanswered it lapses: no money moves, and the bill can be paid again.
            _log.warning("checkout not answered", extra={"error": type(error).__name__})
        if refusal is not None and asked.sender:  # Telegram's own window closes, and with it the reason
            await best_effort(self.bot.send_message(asked.sender, refusal), "say why it is not paid")

    async def book(self, paid: Paid) -> str:
        """Take the news that a bill was paid, once however often it comes; DatabaseError when it should come again."""
        notice, raw = notice_of(paid, self.account), raw_of(paid)
        now = self.reception.clock.now()
        try:
            outcome = await self.reception.db.arun(
                lambda tx: (
                    put_on_record(tx, notice, raw=raw, odd=paid.odd, now=now)
                    if paid.odd
                    else take_notice(tx, notice, raw=raw, expected_merchant=self.account, now=now)
                )
            )
        except DatabaseError:
            raise
        except Exception as error:  # noqa: BLE001  money has moved: whatever is wrong with us, it must be on record
            _log.error("payment not booked", extra={"number": notice.number, "error": type(error).__name__})
            outcome = await self.reception.db.arun(lambda tx: put_on_record(tx, notice, raw=raw, now=now))
        _BILLS.labels(str(outcome)).inc()
        _log.info("payment taken", extra={"provider": PROVIDER, "number": notice.number, "outcome": outcome})
        self.reception.house.wake_sender()
        return "paid"

    async def _send(self, chat_id: int, shown: _Shown) -> Message:
        payment = shown.bill.payment
        return await self.bot.send_invoice(
            chat_id,
            title=shown.title,
            description=shown.description,
            payload=payment.number,
            provider_token=self.token,
            currency=payment.currency,
            prices=[LabeledPrice(label=shown.title, amount=payment.amount_minor)],
            start_parameter=f"order_{shown.bill.order.code}",  # a bill passed on opens the bot, and pays nothing
            protect_content=True,
        )

    def _is_fresh(self, message: Outgoing, token: str) -> bool:
        """Whether this chat was shown this bill a moment ago; who asks for it again is shown it again."""
        sent = self._sent.get((message.external_id, token))
        again_after = 5.0 if message.kind == "prompt" else _AGAIN_AFTER
        return sent is not None and time.monotonic() - sent < again_after

    def _note(self, chat: str, token: str) -> None:
        self._sent[chat, token] = time.monotonic()
        self._sent.move_to_end((chat, token))
        if len(self._sent) > _REMEMBERED:
            self._sent.popitem(last=False)


def _tokens(message: Outgoing) -> list[str]:
    return [button.pays for button in message.body.buttons if button.pays]


def _is_refusal(error: AiogramError) -> bool:
    """Whether Telegram refuses the bill itself: neither its chat is at fault nor the moment."""
    outcome = delivery_of(error)
    return isinstance(outcome, Refused) and not outcome.gone


def _is_gone(error: Exception) -> bool:
    outcome = delivery_of(error) if isinstance(error, AiogramError) else None
    return isinstance(outcome, Refused) and outcome.gone


def _owe(tx: Tx, message: Outgoing, token: str, account: str, *, real_now: datetime) -> None:
    """Want a message's bill, once; as an effect it is claimed, and repeated as long as it can be paid."""
    payment = payments.payment_by_token(tx, token)
    if payment is None:
        return
    facts = {"message_id": message.message_id, "person_id": message.person_id, "account": account}
    key = f"{payment.number}:{message.message_id}"
    effects.want(tx, EffectKind.BILL, key=key, number=payment.number, facts=facts, now_real=real_now, after=_OWED_AFTER)


def _hasten(tx: Tx, token: str) -> bool:
    payment = payments.payment_by_token(tx, token)
    return payment is not None and effects.hasten(tx, EffectKind.BILL, payment.number)


def _owed(tx: Tx, effect: Effect, *, now: datetime) -> _Owed | None:
    """Return the bill an effect is about; None where nobody can pay it any more, or nobody can be shown it."""
    payment = payments.payment_by_number(tx, effect.number)
    here = (PROVIDER, effect.facts["account"])
    met = (one for one in people.identities_of(tx, effect.facts["person_id"]) if (one.channel, one.account) == here)
    chat = next(met, None)
    if payment is None or chat is None:
        return None
    lang = people.person(tx, chat.person_id).lang
    shown = _words(tx, payment.token, lang=lang, now=now)
    return None if shown is None else _Owed(int(chat.external_id), lang, shown)


def _shown(tx: Tx, effect: Effect, owed: _Owed, *, ref: str, now: datetime) -> None:
    """Note that a bill stands in its chat, to be taken away once nobody can pay it any more."""
    real_now = datetime.now(UTC)
    effects.done(tx, effect, now=real_now)
    effects.done_too(tx, effect, now=real_now)  # asked for again meanwhile, and as late: one bill answers both
    message_id, order_id = effect.facts["message_id"], owed.shown.bill.order.id
    keyboards.stands(
        tx, message_id, ref=ref, now=now, what=keyboards.Shown.BILL, order_id=order_id, good_in=OrderState.TO_PAY
    )


def _words(tx: Tx, token: str, *, lang: str, now: datetime) -> _Shown | None:
    found = bill(tx, token, now=now)
    if found is None:
        return None
    order, words = found.order, words_for(lang)
    service, option = catalogue(tx).option(order.option_id)
    what = f"{text_in(service.names, lang)} {text_in(option.names, lang)}".strip()
    counted = what if order.quantity == 1 else f"{what} × {order.quantity}"
    description = words.bill.format(
        what=counted,
        moment=formats.moment(order.starts_at, order.zone, lang, now=now),
        code=order.code,
        until=formats.clock(found.payment.expires_at, order.zone),
    )
    return _Shown(found, shortened(counted, _MOST_TITLE), shortened(description, _MOST_DESCRIPTION))


def _decide(tx: Tx, asked: Checkout, *, now: datetime) -> tuple[Verdict, str | None]:
    """Return the verdict, and the language of whose order it is."""
    if not is_plain(asked.number):
        return Verdict.WRONG, asked.lang
    verdict = allow(tx, asked.number, amount_minor=asked.amount_minor, currency=asked.currency, now=now)
    payment = payments.payment_by_number(tx, asked.number)
    if payment is None:
        return verdict, asked.lang
    return verdict, people.person(tx, load(tx, payment.order_id).person_id).lang
