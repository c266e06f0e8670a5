"""Paying in the chat: the bill is what was agreed, looked at once more, and its money is booked exactly once."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from core import effects
from core.audit.tables import audit_line
from core.db import DatabaseBusy, Tx
from core.effects import EffectState
from core.money import payments, refunds
from core.money.payments import Payment, PaymentState
from core.money.refunds import RefundState
from core.orders import cancelling, deadlines
from core.orders.moves import Order
from core.orders.states import OrderState
from dialogs.outgoing import Body, Button, Outgoing
from gateways import build_gateways, perform_due
from simulators.telegram import Person, SeenMessage
from tests.builders import City
from tests.telegram.conftest import SECRET, Open, Opened
from tests.telegram.trade import Trade, a_trade

pytestmark = pytest.mark.anyio
PROVIDER = "284685063:TEST:ZmFrZXByb3ZpZGVy"
_HEADERS = {"X-Telegram-Bot-Api-Secret-Token": SECRET}


@dataclass(frozen=True)
class Till:
    """An order that waits to be paid, its customer in Telegram, and the bill on the screen."""

    opened: Opened
    trade: Trade
    city: City
    order: Order
    payment: Payment
    anna: Person

    @property
    def state(self) -> OrderState:
        return self.trade.now(self.order).state

    def paid(self) -> tuple[Payment, ...]:
        return self.trade.database.read(lambda tx: payments.payments_of(tx, self.order.id))

    def message(self, *, kind: str = "prompt") -> Outgoing:
        """A message with the pay link."""
        link = Button("付款", url="https://menling.example/pay/x", pays=self.payment.token)
        return Outgoing(
            message_id=36**5, person_id=self.city.customer.id, kind=kind, channel="telegram", account="bell",
            external_id=str(self.anna.id), body=Body("请付款", ((link,),)), lang="zh-Hans",
        )  # fmt: skip

    async def shows(self, *, kind: str = "prompt") -> None:
        """Deliver it."""
        await self.opened.door.deliver(self.message(kind=kind))
        await asyncio.gather(*self.opened.door._background)

    @property
    def bills(self) -> list[SeenMessage]:
        return [one for one in self.anna.messages if one.text.startswith("[invoice")]

    async def settled(self) -> None:
        await self.opened.sim.settled()
        await self.trade.sends(self.opened)


async def a_till(open_door: Open, folder: Path, *, provider_token: str = PROVIDER, bills_alone: bool = False) -> Till:
    trade = a_trade(folder)
    opened = await open_door(trade, provider_token=provider_token, bills_alone=bills_alone)
    anna = opened.sim.user("Anna")
    anna.account.started = True
    city = trade.city()
    order = trade.order(city, OrderState.TO_PAY)
    trade.has_telegram(city.customer.id, anna.id)
    payment = trade.database.read(lambda tx: payments.live_payment(tx, order.id))
    assert payment is not None
    return Till(opened, trade, city, order, payment, anna)


async def test_a_pay_link_brings_a_bill_over_what_was_agreed(open_door: Open, tmp_path: Path) -> None:
    till = await a_till(open_door, tmp_path)

    await till.shows()

    sent = till.opened.sim.calls_of("sendInvoice")[0].params
    assert sent["payload"] == till.payment.number
    assert (sent["currency"], sent["start_parameter"]) == ("CNY", f"order_{till.order.code}")
    assert sent["prices"] == [{"label": sent["title"], "amount": till.payment.amount_minor}]
    assert "肩颈舒缓" in str(sent["title"])
    assert till.order.code in str(sent["description"])
    assert not any(name.startswith("need_") for name in sent)
    assert str(till.payment.amount_minor) in till.bills[0].text


async def test_where_the_bill_is_the_only_way_it_comes_without_a_link(open_door: Open, tmp_path: Path) -> None:
    till = await a_till(open_door, tmp_path, bills_alone=True)

    await till.shows()

    words, bill = till.anna.messages
    assert (words.text, words.labels) == ("请付款", [])
    assert str(till.payment.amount_minor) in bill.text


async def test_a_bill_is_not_repeated_under_every_message(open_door: Open, tmp_path: Path) -> None:
    till = await a_till(open_door, tmp_path)

    await till.shows()
    await till.shows(kind="card")

    assert len(till.bills) == 1


async def test_a_prompt_and_a_card_that_go_out_together_bring_one_bill(open_door: Open, tmp_path: Path) -> None:
    till = await a_till(open_door, tmp_path)

    await asyncio.gather(till.shows(), till.shows(kind="card"))

    assert len(till.bills) == 1


async def test_without_a_provider_there_is_the_link_alone(open_door: Open, tmp_path: Path) -> None:
    till = await a_till(open_door, tmp_path, provider_token="")

    await till.shows()

    assert till.bills == []
    assert [one.text for one in till.anna.messages] == ["请付款"]


async def test_a_bill_telegram_refuses_leaves_the_link_and_the_message_sent(open_door: Open, tmp_path: Path) -> None:
    till = await a_till(open_door, tmp_path)
    till.opened.sim.fail_next("sendInvoice", "500")

    await till.shows()

    assert [one.text for one in till.anna.messages] == ["请付款"]


async def test_a_bill_told_to_slow_down_comes_a_moment_later(open_door: Open, tmp_path: Path) -> None:
    till = await a_till(open_door, tmp_path)
    till.opened.sim.fail_next("sendInvoice", "429", retry_after=1)

    await till.shows()

    assert len(till.bills) == 1


async def test_money_paid_in_the_chat_books_the_order_once_however_often_it_is_told(
    open_door: Open, tmp_path: Path
) -> None:
    till = await a_till(open_door, tmp_path)
    await till.shows()

    checkout = await till.anna.pays(till.bills[0].message_id)
    await till.settled()
    told = till.opened.sim.last_update_of(till.anna.id)
    assert told is not None
    for _ in range(3):
        till.opened.sim.redeliver(told)
    await till.anna.told_payment_again()
    await till.settled()

    assert checkout.accepted
    assert till.state is OrderState.TO_ACCEPT
    (paid,) = till.paid()
    assert (paid.state, paid.provider) == (PaymentState.PAID, "telegram")
    assert till.trade.templates(till.city.customer.id).count("payment_received") == 1


async def test_an_order_cancelled_meanwhile_is_not_paid_and_the_person_hears_why(
    open_door: Open, tmp_path: Path
) -> None:
    till = await a_till(open_door, tmp_path)
    await till.shows()

    def cancel(tx: Tx) -> None:
        seen = cancelling.consequence(tx, till.order, till.trade.clock.at)
        cancelling.cancel(tx, till.order.id, person_id=till.city.customer.id, shown=seen, now=till.trade.clock.at)

    till.trade.database.run(cancel)
    checkout = await till.anna.pays(till.bills[0].message_id)

    assert not checkout.accepted
    assert "已经取消，没有扣款" in checkout.text
    await till.anna.sees("已经取消，没有扣款")  # Telegram's own window is gone in a moment
    assert till.paid()[0].state is not PaymentState.PAID


async def test_a_bill_whose_time_is_over_is_not_paid(open_door: Open, tmp_path: Path) -> None:
    till = await a_till(open_door, tmp_path)
    await till.shows()
    till.trade.clock.at = till.payment.expires_at

    checkout = await till.anna.pays(till.bills[0].message_id)

    assert (checkout.accepted, "付款时间已过" in checkout.text) == (False, True)


async def test_a_database_that_is_away_lets_no_money_go(
    open_door: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    till = await a_till(open_door, tmp_path)
    await till.shows()

    async def away(_: object) -> None:
        raise DatabaseBusy("away")

    monkeypatch.setattr(till.trade.real.db, "arun", away)
    checkout = await till.anna.pays(till.bills[0].message_id)

    assert (checkout.accepted, "没有扣款" in checkout.text) == (False, True)


async def test_money_told_while_the_database_is_away_is_told_again(
    open_door: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    till = await a_till(open_door, tmp_path)
    told = a_payment(till)

    async def away(_: object) -> None:
        raise DatabaseBusy("away")

    async with httpx.AsyncClient() as client:
        with monkeypatch.context() as patched:
            patched.setattr(till.trade.real.db, "arun", away)
            down = await client.post(till.opened.webhook, json=told, headers=_HEADERS)
        again = await client.post(till.opened.webhook, json=told, headers=_HEADERS)

    assert (down.status_code, again.status_code) == (503, 200)
    assert till.state is OrderState.TO_ACCEPT


async def test_money_in_an_update_the_library_cannot_read_is_booked_all_the_same(
    open_door: Open, tmp_path: Path
) -> None:
    till = await a_till(open_door, tmp_path)
    told = a_payment(till)
    assert isinstance(told["message"], dict)
    told["message"]["reply_to_message"] = {"message_id": 1}

    async with httpx.AsyncClient() as client:
        assert (await client.post(till.opened.webhook, json=told, headers=_HEADERS)).status_code == 200

    assert till.state is OrderState.TO_ACCEPT


async def test_money_that_comes_after_the_order_expired_takes_the_slot_again(open_door: Open, tmp_path: Path) -> None:
    till = await a_till(open_door, tmp_path)
    till.trade.clock.at = till.payment.expires_at + timedelta(minutes=3)
    till.trade.database.run(lambda tx: deadlines.due_work(tx, till.trade.clock.at, 5))
    ended = till.state

    async with httpx.AsyncClient() as client:
        await client.post(till.opened.webhook, json=a_payment(till), headers=_HEADERS)

    assert (ended, till.state) == (OrderState.EXPIRED, OrderState.TO_ACCEPT)


async def test_money_that_is_not_what_was_asked_for_is_set_aside(open_door: Open, tmp_path: Path) -> None:
    till = await a_till(open_door, tmp_path)

    async with httpx.AsyncClient() as client:
        wrong = a_payment(till, total_amount=1, currency="XTR")
        assert (await client.post(till.opened.webhook, json=wrong, headers=_HEADERS)).status_code == 200

    assert till.state is OrderState.TO_PAY
    assert till.paid()[0].state is PaymentState.PARKED


@pytest.mark.parametrize("odd", [{"total_amount": -1}, {"total_amount": 2**60}, {"currency": "YUAN"}])
async def test_money_no_bill_can_have_come_to_is_kept_as_told_for_an_operator(
    open_door: Open, tmp_path: Path, odd: dict[str, object]
) -> None:
    till = await a_till(open_door, tmp_path)

    async with httpx.AsyncClient() as client:
        for _ in range(2):
            told = await client.post(till.opened.webhook, json=a_payment(till, **odd), headers=_HEADERS)
            assert told.status_code == 200

    assert till.state is OrderState.TO_PAY
    lines = till.trade.database.read(
        lambda tx: tx.all(select(audit_line.c.facts).where(audit_line.c.action == "payment.unknown"))
    )
    assert len(lines) == 1
    assert str(next(iter(odd.values()))) in lines[0].facts["told"]


async def test_a_refund_waits_for_a_person_at_once_and_says_where_the_money_is(open_door: Open, tmp_path: Path) -> None:
    till = await a_till(open_door, tmp_path)
    async with httpx.AsyncClient() as client:
        await client.post(till.opened.webhook, json=a_payment(till), headers=_HEADERS)
    till.trade.database.run(
        lambda tx: cancelling.cancel_by_operator(
            tx, till.order.id, operator_id=1, reason="停业", now=till.trade.clock.at
        )
    )
    gateways = build_gateways(secret=b"s" * 16, callback_base="http://127.0.0.1", telegram="bell")

    await perform_due(till.trade.database, gateways, till.trade.clock)
    await gateways.aclose()

    (stuck,) = till.trade.database.read(effects.stuck_effects)
    assert (stuck.attempts, stuck.why) == (1, "by hand at the provider: pi_77")
    (refund,) = till.trade.database.read(lambda tx: refunds.refunds_of(tx, till.order.id))
    assert (stuck.state, refund.state) == (EffectState.STUCK, RefundState.STUCK)


def a_payment(till: Till, **over: object) -> dict[str, object]:
    """Telegram's news that the bill was paid."""
    facts = {
        "currency": "CNY", "total_amount": till.payment.amount_minor, "invoice_payload": till.payment.number,
        "telegram_payment_charge_id": "tg_77", "provider_payment_charge_id": "pi_77",
    }  # fmt: skip
    anna = {"id": till.anna.id, "is_bot": False, "first_name": "Anna"}
    message = {"message_id": 9, "date": 1_773_100_000, "chat": anna | {"type": "private"}, "from": anna}
    return {"update_id": 9, "message": message | {"successful_payment": facts | over}}
