"""Orders: search, detail with money and history, and the operator's word that starts, assigns or cancels a visit."""

from datetime import date
from typing import Annotated, Literal

from fastapi import Path, Query
from pydantic import StringConstraints

from admin_api.acting import Acting
from admin_api.order_shapes import (
    AddressOut,
    AnswerOut,
    ChangeOut,
    EventOut,
    OfferOut,
    OrderItem,
    OrderOut,
    OrderPage,
    PaymentOut,
    QuoteItemOut,
    QuoteOut,
    RefundOut,
)
from admin_api.plain import plain_facts
from admin_api.refusals import Refused
from admin_api.shapes import CLEAN, Cursor, Id, Limit, Model, Money, next_cursor, shown
from admin_api.technicians import name_it, picture
from core import audit, catalog, changes
from core.audit import Operator, Role
from core.catalog import Catalogue
from core.changes import Change
from core.db import Tx
from core.dispatch import assign, offers_of, refusal_words
from core.errors import NotFound
from core.money.payments import payments_of
from core.money.pricing import Quote
from core.money.refunds import refunds_of
from core.orders import cancelling, views, visit
from core.orders.moves import ActorKind, Order, load
from core.orders.retaking import address_of
from core.orders.searching import search
from core.orders.states import OrderState
from core.orders.views import OrderView

REVEALERS = frozenset({Role.ADMIN, Role.AUDITOR})
"""Who may see a customer's address and phone; each look leaves an audit line."""

_LONGEST_CODE = 8
_HIGHEST_ID = (1 << 63) - 1

Code = Annotated[str, Query(pattern="^[0-9A-Za-z]{1,8}$", description="The short code customers read aloud.")]
Which = Annotated[
    str, Path(pattern="^[0-9A-Za-z]{1,19}$", description="The order's short code, or its id.", examples=["K7QX3M"])
]
Day = Annotated[date | None, Query(description="The local day of the visit, e.g. 2026-03-11.")]


class Cancel(Model):
    """Why the house cancels: for the desk, the customer is not shown it."""

    model_config = shown({"reason": "技师临时生病，当天没有别的技师能去。"})

    reason: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=cancelling.LONGEST_REASON), CLEAN
    ]


class Assignment(Model):
    """Who shall have the order; `agreed` when they have said yes already, on the phone: then nobody is asked again."""

    model_config = shown({"technician_id": "112365899124084736", "agreed": True})

    technician_id: Id
    agreed: bool = False


async def list_orders(
    act: Acting,
    code: Code | None = None,
    state: OrderState | None = None,
    day: Day = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> OrderPage:
    """Search orders by code, or by state and local day; newest first."""

    def page(tx: Tx, by: Operator) -> OrderPage:
        found = search(tx, state=state, day=day, before_id=cursor, most=limit)
        return _page(tx, found, next_cursor(found, limit))

    return await act.read(page if code is None else lambda tx, _: _page(tx, _by_code(tx, code), None))


async def get_order(
    order: Which,
    act: Acting,
    reveal: Annotated[
        Literal["address"] | None, Query(description="`address` shows address, name and phone; it is written down.")
    ] = None,
) -> OrderOut:
    """Show an order with quote, payments, refunds, offers and history; address and phone are masked unless revealed."""

    def masked(tx: Tx, by: Operator) -> OrderOut:
        return _masked(tx, _order(tx, order).id)

    if reveal is None:
        return await act.read(masked)
    if act.session.role not in REVEALERS:
        raise Refused("forbidden")

    def revealed(tx: Tx, by: Operator) -> OrderOut:
        if by.role not in REVEALERS:
            raise Refused("forbidden")
        seen = views.details(tx, _order(tx, order).id, viewer=views.Viewer.OPERATOR)
        where = _open(tx, seen.order)
        _note(tx, "order.address_revealed", seen.order, by, act)
        return _whole(tx, seen, where)

    return await act.write(revealed)


async def start_visit(order: Which, act: Acting) -> OrderOut:
    """Start the service on the operator's word, where the start code failed; customer and technician are told."""

    def started(tx: Tx, by: Operator) -> OrderOut:
        moved = visit.start_by_operator(tx, _order(tx, order).id, operator_id=by.id, now=act.now)
        _note(tx, "order.started", moved, by, act)
        return _masked(tx, moved.id)

    return await act.write(started)


async def assign_order(order: Which, body: Assignment, act: Acting) -> OrderOut:
    """Give an order that waits or is accepted to a technician who can do it: asked, or bound if they agreed already."""

    def assigned(tx: Tx, by: Operator) -> OrderOut:
        found = _order(tx, order)
        moved = assign(
            tx, found.id, technician_id=body.technician_id, agreed=body.agreed, operator_id=by.id, now=act.now
        )
        return _masked(tx, moved.id)

    return await act.write(assigned)


async def cancel_order(order: Which, body: Cancel, act: Acting) -> OrderOut:
    """Cancel an order that is not finished: all that was paid goes back, customer and technician are told."""

    def cancelled(tx: Tx, by: Operator) -> OrderOut:
        found = _order(tx, order)
        moved = cancelling.cancel_by_operator(tx, found.id, operator_id=by.id, reason=body.reason, now=act.now)
        return _masked(tx, moved.id)

    return await act.write(cancelled)


def _note(tx: Tx, action: str, order: Order, by: Operator, act: Acting) -> None:
    audit.note(tx, action, actor_id=by.id, subject_kind="order", subject_id=order.id, now=act.now)


def _by_code(tx: Tx, code: str) -> tuple[Order, ...]:
    try:
        return (views.order_by_code(tx, code),)
    except NotFound:
        return ()


def _order(tx: Tx, which: str) -> Order:
    """Return an order by code or id; raises NotFound."""
    if len(which) <= _LONGEST_CODE:
        return views.order_by_code(tx, which)
    if not which.isdecimal() or int(which) > _HIGHEST_ID:
        raise NotFound(kind="order")
    return load(tx, int(which))


def _masked(tx: Tx, order_id: int) -> OrderOut:
    """Return an order as an operator sees it without asking for more; no address once its customer is erased."""
    seen = views.details(tx, order_id, viewer=views.Viewer.OPERATOR)
    where = AddressOut(text=None, lat=None, lng=None, phone=seen.phone, name=None, wishes=seen.wishes)
    return _whole(tx, seen, where if seen.phone else None)


def _open(tx: Tx, order: Order) -> AddressOut:
    """Return the whole address; raises PersonErased."""
    where = address_of(tx, order)
    return AddressOut(
        text=where.text, lat=where.lat, lng=where.lng, phone=where.phone, name=where.name, wishes=where.wishes
    )


def _page(tx: Tx, found: tuple[Order, ...], following: int | None) -> OrderPage:
    sold = catalog.catalogue(tx)
    return OrderPage(items=[_item(one, sold) for one in found], next_cursor=following)


def _item(order: Order, sold: Catalogue) -> OrderItem:
    return OrderItem(
        id=order.id,
        code=order.code,
        state=order.state,
        starts_at=order.starts_at,
        ends_at=order.ends_at,
        zone=order.zone,
        local_day=order.local_day,
        service=name_it(order.service_id, sold.service),
        customer_id=order.person_id,
        technician_id=order.technician_id,
        companion_id=order.companion_id,
        total=Money(minor=order.total_minor, currency=order.currency),
        created_at=order.created_at,
    )


def _whole(tx: Tx, seen: OrderView, address: AddressOut | None) -> OrderOut:
    order = seen.order
    sold = catalog.catalogue(tx)
    return OrderOut(
        id=order.id,
        code=order.code,
        state=order.state,
        starts_at=order.starts_at,
        ends_at=order.ends_at,
        zone=order.zone,
        local_day=order.local_day,
        service=name_it(order.service_id, sold.service),
        customer_id=order.person_id,
        technician_id=order.technician_id,
        companion_id=order.companion_id,
        total=Money(minor=order.total_minor, currency=order.currency),
        created_at=order.created_at,
        store_id=order.store_id,
        option=name_it(order.option_id, lambda option_id: sold.option(option_id)[1]),
        quantity=order.quantity,
        region=name_it(order.region_id, sold.region),
        anyone=order.anyone_at is not None,
        address=address,
        quote=_quote(order.quote),
        code_tries=order.code_tries,
        decide_by=order.decide_by,
        departed_at=order.departed_at,
        arrived_at=order.arrived_at,
        started_at=order.started_at,
        finished_at=order.finished_at,
        confirmed_at=order.confirmed_at,
        cancelled_at=order.cancelled_at,
        photos=[picture(file_id) for file_id in seen.photo_file_ids],
        payments=_payments(tx, order.id),
        refunds=_refunds(tx, order.id),
        offers=_offers(tx, order.id),
        changes=[_change(tx, one) for one in changes.changes_of(tx, order.id)],
        events=_events(tx, order.id),
    )


def _quote(quote: Quote) -> QuoteOut:
    def money(minor: int) -> Money:
        return Money(minor=minor, currency=quote.currency)

    return QuoteOut(
        items=[QuoteItemOut(code=item.code, amount=money(item.minor)) for item in quote.items],
        total=money(quote.total_minor),
        commission=money(quote.commission_minor),
        technician_income=money(quote.income_minor),
        leg_metres=quote.leg_metres,
    )


def _payments(tx: Tx, order_id: int) -> list[PaymentOut]:
    return [
        PaymentOut(
            id=one.id,
            attempt=one.attempt,
            number=one.number,
            provider=one.provider,
            provider_txn=one.provider_txn,
            state=one.state,
            amount=Money(minor=one.amount_minor, currency=one.currency),
            expires_at=one.expires_at,
            paid_at=one.paid_at,
        )
        for one in payments_of(tx, order_id)
    ]


def _refunds(tx: Tx, order_id: int) -> list[RefundOut]:
    return [
        RefundOut(
            id=one.id,
            payment_id=one.payment_id,
            number=one.number,
            reason=one.reason,
            state=one.state,
            amount=Money(minor=one.amount_minor, currency=one.currency),
            created_at=one.created_at,
            done_at=one.done_at,
        )
        for one in refunds_of(tx, order_id)
    ]


def _offers(tx: Tx, order_id: int) -> list[OfferOut]:
    return [
        OfferOut(
            id=one.id,
            technician_id=one.technician_id,
            round=one.round,
            state=one.state,
            reason=one.reason,
            words=refusal_words(tx, one.id),
            expires_at=one.expires_at,
            created_at=one.created_at,
        )
        for one in offers_of(tx, order_id)
    ]


def _change(tx: Tx, one: Change) -> ChangeOut:
    said = changes.words_of(tx, one)
    return ChangeOut(
        id=one.id,
        asked_by=one.asked_by,
        asker_id=one.asker_id,
        technician_id=one.technician_id,
        companion_id=one.companion_id,
        from_at=one.from_at,
        starts_at=one.starts_at,
        state=one.state,
        reason=one.reason,
        words=said.get(one.asker),
        answers=[
            AnswerOut(
                kind=each.party.kind,
                party_id=each.party.id or 0,
                answer=each.answer,
                reason=each.reason,
                words=said.get(each.party),
            )
            for each in changes.consents(tx, one.id)
        ],
        expires_at=one.expires_at,
        created_at=one.created_at,
        decided_at=one.decided_at,
    )


def _events(tx: Tx, order_id: int) -> list[EventOut]:
    return [
        EventOut(
            seq=line.seq,
            event=line.event,
            from_state=line.from_state,
            to_state=line.to_state,
            actor_kind=ActorKind(line.actor_kind),
            actor_id=line.actor_id,
            facts=plain_facts(line.facts),
            at=line.at,
        )
        for line in views.events(tx, order_id)
    ]
