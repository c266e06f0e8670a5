"""What the pay page shows of an order: enough to be sure that it is the right one, and nothing a stranger could use.

A link may be forwarded, so neither address nor phone nor name of the customer is here.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from core import people, technicians
from core.catalog import catalogue, text_in
from core.db import Tx
from core.errors import NotFound
from core.money import payments, refunds
from core.money.payments import Payment, PaymentState
from core.money.pricing import QuoteItem
from core.money.refunds import Refund, RefundState
from core.orders.moves import Order, load
from core.orders.states import OrderState
from core.stores import store
from gateways.ports import Charge


class PayState(StrEnum):
    """Which page is shown."""

    PAYABLE = "payable"
    PAID = "paid"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    REFUNDING = "refunding"
    REFUNDED = "refunded"
    PARKED = "parked"


@dataclass(frozen=True, slots=True)
class PayView:
    """One payment and its order, ready to be shown in `lang`."""

    state: PayState
    lang: str
    payment_id: int
    provider: str | None
    charge: Charge
    refund_minor: int
    code: str
    service: str
    minutes: int
    technician: str | None
    region: str
    starts_local: datetime
    expires_local: datetime
    items: tuple[QuoteItem, ...]
    leg_metres: int
    store: str
    store_phone: str

    def seconds_left(self, now: datetime) -> int:
        """Return how many seconds remain to pay."""
        return max(0, int((self.charge.expires_at - now).total_seconds()))


def pay_view(tx: Tx, token: str, *, lang: str | None, now: datetime) -> PayView | None:
    """Return what a link's page shows; None when there is no such link."""
    payment = payments.payment_by_token(tx, token)
    if payment is None:
        return None
    order = load(tx, payment.order_id)
    speaks = lang or people.person(tx, order.person_id).lang
    zone = ZoneInfo(order.zone)
    back = tuple(one for one in refunds.refunds_of(tx, order.id) if one.payment_id == payment.id)
    shop = store(tx, order.store_id)
    return PayView(
        state=_state(payment, order, back, now),
        lang=speaks,
        payment_id=payment.id,
        provider=payment.provider,
        charge=Charge(payment.number, payment.amount_minor, payment.currency, payment.expires_at),
        refund_minor=sum(one.amount_minor for one in back),
        code=order.code,
        service=_service(tx, order, speaks),
        minutes=int((order.ends_at - order.starts_at).total_seconds()) // 60,
        technician=_technician(tx, order, speaks),
        region=_region(tx, order, speaks),
        starts_local=order.starts_at.astimezone(zone),
        expires_local=payment.expires_at.astimezone(zone),
        items=order.quote.items,
        leg_metres=order.quote.leg_metres,
        store=text_in(shop.names, speaks),
        store_phone=shop.phone,
    )


def _state(payment: Payment, order: Order, back: tuple[Refund, ...], now: datetime) -> PayState:
    if payment.state is PaymentState.PARKED:
        return PayState.PARKED
    if payment.state in (PaymentState.PAID, PaymentState.REFUNDED):
        if not back:
            return PayState.PAID
        done = all(one.state is RefundState.DONE for one in back)
        return PayState.REFUNDED if done else PayState.REFUNDING
    if order.state is OrderState.TO_PAY:
        open_still = payment.state is PaymentState.OPEN and now < payment.expires_at
        return PayState.PAYABLE if open_still else PayState.EXPIRED
    if order.state is OrderState.CANCELLED:
        return PayState.CANCELLED
    return PayState.EXPIRED if order.state is OrderState.EXPIRED else PayState.PAID


def _service(tx: Tx, order: Order, lang: str) -> str:
    try:
        service, option = catalogue(tx).option(order.option_id)
        return f"{text_in(service.names, lang)} · {text_in(option.names, lang)}"
    except NotFound:  # withdrawn since it was booked
        return ""


def _region(tx: Tx, order: Order, lang: str) -> str:
    try:
        return text_in(catalogue(tx).region(order.region_id).names, lang)
    except NotFound:
        return ""


def _technician(tx: Tx, order: Order, lang: str) -> str | None:
    if order.anyone_at is not None or order.technician_id is None:
        return None
    names = [text_in(technicians.technician(tx, one).names, lang) for one in order.crew_ids]
    return (" & " if lang == "en" else "、").join(names)
