"""What must be true when a fleet has come to rest: read from the database, compared with what the platforms showed."""

import asyncio
import re
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec
from sqlalchemy import bindparam, func, or_, select

from core import people
from core.conversations.tables import inbox
from core.db import Tx
from core.effects.tables import effect
from core.invariants import check_invariants
from core.messages import Template
from core.messages.outbox import open_body
from core.messages.tables import message
from core.messages.templates import REMINDERS
from core.money.tables import payment, refund
from core.orders.states import OrderState
from core.orders.tables import order
from dialogs.outgoing import decode_body
from tests.fleet.fleet import Fleet
from tests.fleet.phones import Phone
from tests.fleet.scripts import Told

_SHORTEST: Final = 4
_CODE: Final = re.compile(r"(?:订单|新单|已接单|取消) ([2-9A-HJKMNP-Z]{6})\b")

_DUE_MESSAGES: Final = (
    select(message.c.template, message.c.state, message.c.attempts)
    .where(message.c.due_at <= bindparam("b_now"))
    .limit(5)
)
_DUE_EFFECTS: Final = select(effect.c.kind, effect.c.attempts).where(effect.c.due_at <= bindparam("b_now")).limit(5)
_UNTAKEN: Final = select(inbox.c.state, inbox.c.attempts).where(inbox.c.retry_at.is_not(None)).limit(5)
_SENT: Final = select(message.c.body_sealed, message.c.state, message.c.sent_by, message.c.trace).where(
    message.c.person_id == bindparam("b_person"), or_(message.c.state == "sent", message.c.state == "unknown")
)
_ORDERS: Final = select(order.c.code, order.c.state)
_KEPT: Final = select(inbox.c.person_id, func.count().label("n")).group_by(inbox.c.person_id)
_UNDONE: Final = select(inbox.c.person_id, inbox.c.state).where(inbox.c.state != "done")
_ANSWERS: Final = (
    select(message.c.person_id, func.count().label("n"))
    .where(message.c.template == "turn")
    .group_by(message.c.person_id)
)
_PAID: Final = select(payment.c.number, payment.c.amount_minor).where(payment.c.paid_at.is_not(None))
_BACK: Final = select(refund.c.number, refund.c.amount_minor).where(refund.c.done_at.is_not(None))
_OF_A_VISIT: Final = (Template.REMINDER_HOURS, Template.VISIT_REMINDER)
_SOON: Final = timedelta(seconds=45)
"""What will be tried again in so long is under way."""

_CLOCKS_DIFFER: Final = timedelta(seconds=5)
_REMINDED: Final = (
    select(message.c.order_id, message.c.template, message.c.sent_at, order.c.code, order.c.state, order.c.cancelled_at)
    .select_from(message.join(order, order.c.id == message.c.order_id))
    .where(message.c.state == "sent", or_(*(message.c.template == one.value for one in sorted(REMINDERS))))
)
_VISITED: Final = select(order.c.id, order.c.code).where(order.c.state == OrderState.CONFIRMED.value)
_GIVEN_UP: Final = select(message.c.person_id, message.c.template).where(message.c.state == "failed")


@dataclass(slots=True)
class Findings:
    """What was lost, what was said too often, and everything else that is not as it should be."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


async def comes_to_rest(fleet: Fleet, *, seconds: float = 120.0) -> None:
    """Wait until nothing is due any more: messages, effects, updates to be tried again."""
    ends = time.monotonic() + seconds
    while True:
        due = await fleet.db.aread(lambda tx: _due(tx, fleet.clock.now()))
        if not due:
            return
        assert time.monotonic() < ends, f"the house does not come to rest: {due}"
        await asyncio.sleep(0.3)


async def look_over(fleet: Fleet, everybody: dict[int, Phone], stories: Iterable[Told]) -> Findings:
    """Compare what is written with what was seen."""
    found = Findings()
    tells = list(stories)
    rows = await fleet.db.aread(lambda tx: {one: _texts(tx, one) for one in everybody})
    for person_id, phone in everybody.items():
        _compare(fleet, phone, rows[person_id], found)
    found.wrong += await fleet.db.aread(check_invariants)
    found.wrong += await fleet.db.aread(lambda tx: _orders(tx, tells))
    found.wrong += await fleet.db.aread(lambda tx: _updates(tx, everybody))
    found.wrong += await fleet.db.aread(lambda tx: _money(tx, fleet))
    found.wrong += await fleet.db.aread(lambda tx: _ghosts(tx, everybody))
    return found


def _due(tx: Tx, now: datetime) -> list[str]:
    messages = tx.all(_DUE_MESSAGES, {"b_now": now + _SOON})
    effects = tx.all(_DUE_EFFECTS, {"b_now": datetime.now(UTC) + _SOON})
    return [str(tuple(row)) for row in (*messages, *effects, *tx.all(_UNTAKEN))]


def _texts(tx: Tx, person_id: int) -> dict[str, list[str]]:
    """Return the words of all messages that were sent to a person, each with how it went, once for each time."""
    key = people.key_of(tx, person_id)
    written: dict[str, list[str]] = defaultdict(list)
    for row in tx.all(_SENT, {"b_person": person_id}):
        how = f"{row.state} by {row.sent_by}, trace {row.trace}"
        written[decode_body(open_body(key, row.body_sealed)).text.strip()].append(how)
    return written


def _compare(fleet: Fleet, phone: Phone, written: dict[str, list[str]], found: Findings) -> None:
    """Count each text on the platform; one that is part of another cannot be counted and is left out."""
    shown = _shown(fleet, phone)
    for text, ways in written.items():
        times = len(ways)
        if len(text) < _SHORTEST or any(text in other for other in written if other != text):
            continue
        seen = sum(line.count(text) for line in shown)
        if seen < times:
            found.lost.append(f"{phone.channel} {phone.identity} saw {seen} of {times}: {text!r} ({'; '.join(ways)})")
        found.doubled += [f"{phone.channel} {phone.identity}: {text!r}"] * (seen - times)


def _shown(fleet: Fleet, phone: Phone) -> list[str]:
    """Return every text the platform was told to show, edits included."""
    if phone.channel == "wechat":
        return phone.lines()
    calls = [one for one in fleet.telegram.calls if one.ok and str(one.params.get("chat_id")) == phone.identity]
    return [str(one.params.get("text") or one.params.get("caption") or "") for one in calls]


def _orders(tx: Tx, stories: list[Told]) -> list[str]:
    """Every order stands where its story left it, and there is none without a story."""
    states = {row.code: str(row.state) for row in tx.all(_ORDERS)}
    expected = {one.code: one.states for one in stories if one.code}
    wrong = [
        f"{code} is {states.get(code)}, not {may}" for code, may in expected.items() if states.get(code) not in may
    ]
    return wrong + [f"{code} ({states[code]}) is nobody's" for code in states.keys() - expected.keys()]


def reminders(tx: Tx) -> list[str]:
    """Return what is wrong with reminders: missing where a visit took place, said twice, or said of a dead one."""
    sent: Counter[tuple[int, str]] = Counter()
    wrong = []
    rows = tx.all(_REMINDED)
    for row in rows:
        sent[row.order_id, row.template] += 1
        over = row.cancelled_at if row.state == OrderState.CANCELLED else None
        if over is not None and row.sent_at > over + _CLOCKS_DIFFER:
            wrong.append(f"{row.template} of {row.code} went out after its end")
    wrong += [
        f"{template} of {order_id} went out {times} times" for (order_id, template), times in sent.items() if times > 1
    ]
    for row in tx.all(_VISITED):
        wrong += [f"{one} of {row.code} is missing" for one in _OF_A_VISIT if not sent[row.id, one.value]]
    return wrong


def _updates(tx: Tx, everybody: dict[int, Phone]) -> list[str]:
    """Every update was taken and answered, once, and no message was given up."""
    counted = {row.person_id: row.n for row in tx.all(_KEPT)}
    answers = {row.person_id: row.n for row in tx.all(_ANSWERS)}
    wrong = [f"an update of {row.person_id} is {row.state}" for row in tx.all(_UNDONE)]
    given_up = [row for row in tx.all(_GIVEN_UP) if row.person_id in everybody]
    wrong += [f"{row.template} for {row.person_id} was given up" for row in given_up]
    for person_id, phone in everybody.items():
        kept, answered = counted.get(person_id, 0), answers.get(person_id, 0)
        if not phone.updates - phone.unsure <= kept <= phone.updates or kept != answered:
            who = f"{phone.channel} {phone.identity}"
            wrong.append(f"{who} sent {phone.updates} updates, {kept} kept, {answered} answered")
    return wrong


def _money(tx: Tx, fleet: Fleet) -> list[str]:
    """The provider's own book has each payment and each refund once, and the same sums as ours."""
    book: dict[tuple[str, str], list[int]] = defaultdict(list)
    for line in (fleet.folder / "sandbox.json").read_bytes().splitlines():
        if line.strip():
            entry = msgspec.json.decode(line)
            book[entry["kind"], entry["number"]].append(entry["amount_minor"])
    ours = {("paid", row.number): [row.amount_minor] for row in tx.all(_PAID)}
    ours |= {("refunded", row.number): [row.amount_minor] for row in tx.all(_BACK)}
    keys = book.keys() | ours.keys()
    return [f"{key} is {book.get(key)} there, {ours.get(key)} here" for key in keys if book.get(key) != ours.get(key)]


def _ghosts(tx: Tx, everybody: dict[int, Phone]) -> list[str]:
    """Nobody was told of an order that does not exist."""
    real = {row.code for row in tx.all(_ORDERS)}
    told = {code for phone in everybody.values() for line in phone.lines() for code in _CODE.findall(line)}
    return [f"somebody was told of {code}, which was rolled back" for code in told - real]
