"""Everything the house has written about one person: what a story that went wrong is read by."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

from sqlalchemy import bindparam, select

from core import people
from core.conversations.inbox import PURPOSE as INBOX_PURPOSE
from core.conversations.tables import conversation, inbox
from core.db import Tx
from core.effects.tables import effect
from core.messages.outbox import open_body
from core.messages.tables import held, message
from core.money.tables import payment
from core.orders.tables import order
from dialogs.outgoing import decode_body
from tests.fleet.fleet import Fleet
from tests.fleet.phones import NotSeen
from tests.fleet.scripts import Told

_WORDS = 60
_INBOX = select(inbox).where(inbox.c.person_id == bindparam("b_person")).order_by(inbox.c.id)
_MESSAGES = select(message).where(message.c.person_id == bindparam("b_person")).order_by(message.c.id)
_HELD = select(held.c.message_id, held.c.channel).where(held.c.person_id == bindparam("b_person"))
_PLACE = select(conversation.c.version, conversation.c.prompt_id, conversation.c.updated_at).where(
    conversation.c.person_id == bindparam("b_person")
)
_ORDERS = select(order.c.id, order.c.code, order.c.state, order.c.created_at).where(
    order.c.person_id == bindparam("b_person")
)
_PAYMENTS = (
    select(payment.c.number, payment.c.state, payment.c.paid_at)
    .select_from(payment.join(order, order.c.id == payment.c.order_id))
    .where(order.c.person_id == bindparam("b_person"))
)
_EFFECTS = select(effect.c.kind, effect.c.state, effect.c.attempts, effect.c.due_at).where(effect.c.due_at.is_not(None))


@asynccontextmanager
async def explained(fleet: Fleet, told: Told) -> AsyncIterator[None]:
    """Let a story that does not go on say what is written about its person."""
    try:
        yield
    except NotSeen as unseen:
        written = await fleet.db.aread(lambda tx: everything_about(tx, told.person_id))
        raise NotSeen("\n".join([str(unseen), "--- what is written ---", *written])) from None


def everything_about(tx: Tx, person_id: int) -> list[str]:
    """Return a line for each row about a person: updates, messages, what waits, orders, payments; then open effects."""
    who = {"b_person": person_id}
    key = people.key_of(tx, person_id)
    lines = [f"place {tuple(row)}" for row in tx.all(_PLACE, who)]
    for row in tx.all(_INBOX, who):
        said = "" if row.raw_sealed is None else key.open(row.raw_sealed, INBOX_PURPOSE).decode(errors="replace")
        lines.append(
            f"{_at(row.received_at)} update {row.id} {row.state}, {row.attempts} tries, again {_at(row.retry_at)}, "
            f"answer {row.answer_id}: {said[-_WORDS:]}"
        )
    for row in tx.all(_MESSAGES, who):
        words = "" if row.body_sealed is None else decode_body(open_body(key, row.body_sealed)).text[:_WORDS]
        lines.append(
            f"{_at(row.created_at)} {row.kind} {row.id} {row.template} {row.state} by {row.sent_by} at "
            f"{_at(row.sent_at)}, {row.attempts} tries, due {_at(row.due_at)}, leased until {_at(row.leased_until)}, "
            f"why {row.why}, trace {row.trace}: {words!r}"
        )
    lines += [f"held {tuple(row)}" for row in tx.all(_HELD, who)]
    lines += [f"order {tuple(row)}" for row in tx.all(_ORDERS, who)]
    lines += [f"payment {tuple(row)}" for row in tx.all(_PAYMENTS, who)]
    return lines + [f"effect {tuple(row)}" for row in tx.all(_EFFECTS)]


def _at(when: datetime | None) -> str:
    return "-" if when is None else when.strftime("%H:%M:%S.%f")[:-3]
