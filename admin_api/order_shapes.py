"""What the answers about orders look like."""

from datetime import date
from typing import Any

from admin_api.shapes import Facts, Id, Model, Moment, Money, Named, Picture, shown
from core.changes import ChangeState
from core.dispatch.offers import OfferState
from core.money.payments import PaymentState
from core.money.pricing import ItemCode
from core.money.refunds import RefundState
from core.orders.moves import ActorKind
from core.orders.reasons import RefusalReason
from core.orders.states import OrderEvent, OrderState


def _money(minor: int) -> dict[str, Any]:
    return {"minor": minor, "currency": "CNY"}


_LINE = {
    "id": "112365899124084743",
    "code": "K7QX3M",
    "state": "accepted",
    "starts_at": "2026-03-11T07:00:00Z",
    "ends_at": "2026-03-11T08:00:00Z",
    "zone": "Asia/Shanghai",
    "local_day": "2026-03-11",
    "service": {"id": "112365899124084737", "names": {"zh-Hans": "肩颈舒缓", "en": "Neck and shoulder relief"}},
    "customer_id": "112365899124084747",
    "technician_id": "112365899124084736",
    "companion_id": None,
    "total": _money(18700),
    "created_at": "2026-03-10T02:00:00Z",
}
_WHOLE: dict[str, Any] = {
    **_LINE,
    "store_id": "112365899124084741",
    "option": {"id": "112365899124084748", "names": {"zh-Hans": "60 分钟", "en": "60 min"}},
    "quantity": 1,
    "region": {"id": "112365899124084738", "names": {"zh-Hans": "锦江区", "en": "Jinjiang"}},
    "anyone": False,
    "address": {
        "text": None,
        "lat": None,
        "lng": None,
        "phone": "138****8000",
        "name": None,
        "wishes": "",
    },
    "quote": {
        "items": [
            {"code": "base", "amount": _money(19800)},
            {"code": "fare", "amount": _money(900)},
            {"code": "coupon", "amount": _money(-2000)},
        ],
        "total": _money(18700),
        "commission": _money(3960),
        "technician_income": _money(16740),
        "leg_metres": 1200,
    },
    "code_tries": 0,
    "decide_by": None,
    "departed_at": None,
    "arrived_at": None,
    "started_at": None,
    "finished_at": None,
    "confirmed_at": None,
    "cancelled_at": None,
    "photos": [],
    "payments": [
        {
            "id": "112365899124084749",
            "attempt": 1,
            "number": "P0ULM3PAYX2Q",
            "provider": "sandbox",
            "provider_txn": "sbx-20260310-1",
            "state": "paid",
            "amount": _money(18700),
            "expires_at": "2026-03-10T02:15:00Z",
            "paid_at": "2026-03-10T02:02:00Z",
        }
    ],
    "refunds": [],
    "offers": [
        {
            "id": "112365899124084750",
            "technician_id": "112365899124084736",
            "round": 1,
            "state": "accepted",
            "reason": None,
            "words": None,
            "expires_at": "2026-03-10T02:17:00Z",
            "created_at": "2026-03-10T02:02:00Z",
        }
    ],
    "changes": [
        {
            "id": "112365899124084751",
            "asked_by": "customer",
            "asker_id": "112365899124084747",
            "technician_id": "112365899124084736",
            "companion_id": None,
            "from_at": "2026-03-11T06:00:00Z",
            "starts_at": "2026-03-11T07:00:00Z",
            "state": "agreed",
            "reason": None,
            "words": None,
            "answers": [
                {
                    "kind": "technician",
                    "party_id": "112365899124084736",
                    "answer": "agreed",
                    "reason": None,
                    "words": None,
                }
            ],
            "expires_at": "2026-03-10T14:00:00Z",
            "created_at": "2026-03-10T03:00:00Z",
            "decided_at": "2026-03-10T03:10:00Z",
        }
    ],
    "events": [
        {
            "seq": 1,
            "event": "placed",
            "from_state": None,
            "to_state": "to_pay",
            "actor_kind": "customer",
            "actor_id": "112365899124084747",
            "facts": {},
            "at": "2026-03-10T02:00:00Z",
        }
    ],
}


class OrderItem(Model):
    """An order as one line of the list."""

    model_config = shown(_LINE)

    id: Id
    code: str
    state: OrderState
    starts_at: Moment
    ends_at: Moment
    zone: str
    local_day: date
    service: Named
    customer_id: Id
    technician_id: Id | None
    companion_id: Id | None
    total: Money
    created_at: Moment


class OrderPage(Model):
    """Orders, newest first."""

    model_config = shown({"items": [_LINE], "next_cursor": "112365899124084743"})

    items: list[OrderItem]
    next_cursor: Id | None


class AddressOut(Model):
    """Where the visit goes; without `reveal=address` the phone is masked and the rest is null (WGS84)."""

    text: str | None
    lat: float | None
    lng: float | None
    phone: str | None
    name: str | None
    wishes: str | None


class QuoteItemOut(Model):
    """One line of the price; a discount is negative."""

    code: ItemCode
    amount: Money


class QuoteOut(Model):
    """The price as shown and charged, and how it is divided."""

    items: list[QuoteItemOut]
    total: Money
    commission: Money
    technician_income: Money
    leg_metres: int


class PaymentOut(Model):
    """One attempt to pay; a parked one brought something else than was asked for and waits for a person to look."""

    id: Id
    attempt: int
    number: str
    provider: str | None
    provider_txn: str | None
    state: PaymentState
    amount: Money
    expires_at: Moment
    paid_at: Moment | None


class RefundOut(Model):
    """Money on its way back; a stuck one waits for a person to look."""

    id: Id
    payment_id: Id
    number: str
    reason: str
    state: RefundState
    amount: Money
    created_at: Moment
    done_at: Moment | None


class OfferOut(Model):
    """One technician asked for this order, and what they said; `words` are their own, None once they are erased."""

    id: Id
    technician_id: Id
    round: int
    state: OfferState
    reason: RefusalReason | None
    words: str | None
    expires_at: Moment
    created_at: Moment


class AnswerOut(Model):
    """Somebody whose yes a change needs; `answer` is agreed, refused, or null while they are silent."""

    kind: ActorKind
    party_id: Id
    answer: str | None
    reason: RefusalReason | None
    words: str | None


class ChangeOut(Model):
    """A request for another time or technician: what was asked, by whom, and what everybody said to it."""

    id: Id
    asked_by: ActorKind
    asker_id: Id
    technician_id: Id
    companion_id: Id | None
    from_at: Moment
    starts_at: Moment
    state: ChangeState
    reason: RefusalReason | None
    words: str | None
    answers: list[AnswerOut]
    expires_at: Moment
    created_at: Moment
    decided_at: Moment | None


class EventOut(Model):
    """One line of the order's history; the actor's id is a person's, a technician's or an operator's."""

    seq: int
    event: OrderEvent
    from_state: OrderState | None
    to_state: OrderState
    actor_kind: ActorKind
    actor_id: Id | None
    facts: Facts
    at: Moment


class OrderOut(OrderItem):
    """An order with everything about it; `address` is null once its customer is erased."""

    model_config = shown(_WHOLE)

    store_id: Id
    option: Named
    quantity: int
    region: Named
    anyone: bool
    address: AddressOut | None
    quote: QuoteOut
    code_tries: int
    decide_by: Moment | None
    departed_at: Moment | None
    arrived_at: Moment | None
    started_at: Moment | None
    finished_at: Moment | None
    confirmed_at: Moment | None
    cancelled_at: Moment | None
    photos: list[Picture]
    payments: list[PaymentOut]
    refunds: list[RefundOut]
    offers: list[OfferOut]
    changes: list[ChangeOut]
    events: list[EventOut]
