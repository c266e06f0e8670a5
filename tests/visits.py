"""Orders in any state, walked there by the verbs themselves.

    order = database.run(lambda tx: an_order(tx, city, state=OrderState.FINISHED))

The default visit is tomorrow (Wednesday) 15:00 in Chengdu with the city's technician, booked by the city's customer.
"""

import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

from PIL import Image

from core import dispatch, files
from core.db import Tx
from core.files import FilePurpose, Picture
from core.money.notices import NoticeKind, ProviderNotice
from core.orders import cancelling, moves, paying, placing, visit
from core.orders.moves import Order
from core.orders.placing import VisitPlan
from core.orders.states import OrderState
from core.orders.telling import person_of
from tests.builders import NOW, City

STARTS_AT = datetime(2026, 3, 11, 7, 0, tzinfo=UTC)
"""15:00 in Chengdu, the day after NOW."""

MERCHANT = "test-merchant"

_numbers = itertools.count(1)


def a_plan(city: City, **over: Any) -> VisitPlan:
    """The city's service in its first option, at the customer's saved address, with the city's technician."""
    facts: dict[str, Any] = {
        "service_id": city.service.id,
        "option_id": city.option.id,
        "technician_id": city.technician.id,
        "anyone": False,
        "starts_at": STARTS_AT,
        "region_id": city.region.id,
        "lat": city.address.lat,
        "lng": city.address.lng,
        "address_text": city.address.text,
        "phone": "+8613800138000",
        "name": "王小姐",
    }
    return VisitPlan(**(facts | over))


def an_order(tx: Tx, city: City, *, state: OrderState = OrderState.TO_PAY, now: datetime = NOW, **over: Any) -> Order:
    """An order in the wanted state, as near to its birth as that state allows; `over` changes the plan."""
    plan = a_plan(city, **over)
    seen = placing.preview(tx, city.customer.id, plan, now)
    placed = placing.place(tx, city.customer.id, plan, shown=seen.quote, hold_id=seen.hold.id, now=now)
    if state is OrderState.CANCELLED:
        shown = cancelling.consequence(tx, placed.order, now)
        cancelling.cancel(tx, placed.order.id, person_id=city.customer.id, shown=shown, now=now)
    elif state is not OrderState.TO_PAY:
        pay(tx, placed, now)
        for step in _STEPS[: _REACHED[state]]:
            step(tx, moves.load(tx, placed.order.id))
    order = moves.load(tx, placed.order.id)
    assert order.state is state
    return order


def pay(tx: Tx, placed: placing.Placed, now: datetime) -> paying.Outcome:
    """The provider tells that the payment was made."""
    number = next(_numbers)
    notice = ProviderNotice(
        provider="sandbox",
        event_id=f"event-{number}",
        number=placed.payment.number,
        provider_txn=f"txn-{number}",
        kind=NoticeKind.PAID,
        amount_minor=placed.payment.amount_minor,
        currency=placed.payment.currency,
        merchant=MERCHANT,
        at=now,
    )
    return paying.take_notice(tx, notice, raw=b"{}", expected_merchant=MERCHANT, now=now)


def a_photo(tx: Tx, person_id: int, purpose: FilePurpose = FilePurpose.FINISHED, now: datetime = NOW) -> int:
    """A small picture kept for a person; returns the file's id."""
    out = BytesIO()
    Image.new("RGB", (8, 8)).save(out, "PNG")
    return files.keep(tx, person_id, purpose=purpose, picture=Picture("image/png", out.getvalue()), now=now)


def _technician(order: Order) -> int:
    assert order.technician_id is not None
    return order.technician_id


def _accept(tx: Tx, order: Order) -> None:
    dispatch.accept(tx, order.id, technician_id=_technician(order), now=order.created_at)


def _depart(tx: Tx, order: Order) -> None:
    visit.depart(tx, order.id, technician_id=_technician(order), now=order.starts_at - timedelta(minutes=40))


def _arrive(tx: Tx, order: Order) -> None:
    visit.arrive(tx, order.id, technician_id=_technician(order), now=order.starts_at - timedelta(minutes=5))


def _start(tx: Tx, order: Order) -> None:
    visit.start(tx, order.id, technician_id=_technician(order), code=order.start_code, now=order.starts_at)


def _finish(tx: Tx, order: Order) -> None:
    who = _technician(order)
    photo = a_photo(tx, person_of(tx, who), now=order.ends_at)
    visit.finish(tx, order.id, technician_id=who, photo_file_ids=(photo,), now=order.ends_at)


def _confirm(tx: Tx, order: Order) -> None:
    visit.confirm(tx, order.id, person_id=order.person_id, now=order.ends_at + timedelta(minutes=10))


_STEPS: tuple[Callable[[Tx, Order], None], ...] = (_accept, _depart, _arrive, _start, _finish, _confirm)
_REACHED = {
    state: steps
    for steps, state in enumerate(
        (
            OrderState.TO_ACCEPT,
            OrderState.ACCEPTED,
            OrderState.DEPARTED,
            OrderState.ARRIVED,
            OrderState.IN_SERVICE,
            OrderState.FINISHED,
            OrderState.CONFIRMED,
        )
    )
}
