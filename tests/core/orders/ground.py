"""Orders brought to where a test begins, through the verbs themselves."""

import itertools
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select

from core import dispatch, files
from core.db import Row, Tx
from core.files import Picture
from core.messages import MessageState
from core.messages.tables import message
from core.money.notices import NoticeKind, ProviderNotice
from core.orders import cancelling, paying, placing, visit
from core.orders.moves import Order, load
from core.orders.placing import Placed, VisitPlan
from tests.builders import CENTRE, NOW, City
from tests.core.calendar.ground import at

START = at("14:00")  # tomorrow
MERCHANT = "menling"
_txns = itertools.count(1)

Unit = Callable[[Tx], Any]


def a_plan(city: City, **over: Any) -> VisitPlan:
    facts: dict[str, Any] = {
        "service_id": city.service.id,
        "option_id": city.option.id,
        "technician_id": city.technician.id,
        "anyone": False,
        "starts_at": START,
        "region_id": city.region.id,
        "lat": CENTRE.lat,
        "lng": CENTRE.lng,
        "address_text": "望京花园 3 号楼 1201",
        "phone": "+8613800138000",
        "name": "王小姐",
        "wishes": "请带瑜伽垫",
    }
    return VisitPlan(**(facts | over))


def placed(tx: Tx, city: City, *, now: datetime = NOW, person_id: int | None = None, **over: Any) -> Placed:
    """An order to pay: previewed and confirmed."""
    who = person_id or city.customer.id
    plan = a_plan(city, **over)
    shown = placing.preview(tx, who, plan, now)
    return placing.place(tx, who, plan, shown=shown.quote, hold_id=shown.hold.id, now=now)


def pay(tx: Tx, made: Placed, *, now: datetime = NOW) -> paying.Outcome:
    """The provider says that the whole amount has come in."""
    number = next(_txns)
    notice = ProviderNotice(
        provider="sandbox",
        event_id=f"event-{number}",
        number=made.payment.number,
        provider_txn=f"txn-{number}",
        kind=NoticeKind.PAID,
        amount_minor=made.payment.amount_minor,
        currency=made.payment.currency,
        merchant=MERCHANT,
        at=now,
    )
    return paying.take_notice(tx, notice, raw=b"{}", expected_merchant=MERCHANT, now=now)


def paid(tx: Tx, city: City, *, now: datetime = NOW, **over: Any) -> Order:
    """A paid order whose technician is being asked."""
    made = placed(tx, city, now=now, **over)
    pay(tx, made, now=now)
    return load(tx, made.order.id)


def accepted(tx: Tx, city: City, **over: Any) -> Order:
    order = paid(tx, city, **over)
    return dispatch.accept(tx, order.id, technician_id=city.technician.id, now=NOW)


def arrived(tx: Tx, city: City, **over: Any) -> Order:
    order = accepted(tx, city, **over)
    visit.depart(tx, order.id, technician_id=city.technician.id, now=START - timedelta(minutes=20))
    return visit.arrive(tx, order.id, technician_id=city.technician.id, now=START)


def in_service(tx: Tx, city: City, **over: Any) -> Order:
    order = arrived(tx, city, **over)
    started = visit.start(tx, order.id, technician_id=city.technician.id, code=order.start_code, now=START)
    assert isinstance(started, Order)
    return started


def a_photo(tx: Tx, person_id: int) -> int:
    return files.keep(tx, person_id, purpose="finished", picture=Picture("image/png", b"png"), now=NOW)


def finished(tx: Tx, city: City, *, now: datetime = START + timedelta(minutes=60), **over: Any) -> Order:
    order = in_service(tx, city, **over)
    photo = a_photo(tx, city.technician.person_id)
    return visit.finish(tx, order.id, technician_id=city.technician.id, photo_file_ids=(photo,), now=now)


def cancel(tx: Tx, order: Order, now: datetime) -> Order:
    """The customer sees the consequence and says yes to it."""
    shown = cancelling.consequence(tx, order, now)
    return cancelling.cancel(tx, order.id, person_id=order.person_id, shown=shown, now=now)


_TOLD = (
    select(message.c.template, message.c.due_at, message.c.facts)
    .where(message.c.person_id == bindparam("b_id"), message.c.state != MessageState.DROPPED.value)
    .order_by(message.c.id)
)


def messages_to(tx: Tx, person_id: int) -> list[Row]:
    """What was written to a person and not dropped since, in order."""
    return tx.all(_TOLD, {"b_id": person_id})


def told(tx: Tx, person_id: int) -> list[str]:
    """The templates written to a person and not dropped since, in order."""
    return [row.template for row in messages_to(tx, person_id)]
