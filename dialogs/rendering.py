"""Preparing a due message: is it still true, may it ring now, what are its words, where can it go."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from core import people
from core.conversations.place import shown_last
from core.crypto import Key
from core.db import Tx
from core.errors import NotFound, PersonErased
from core.messages import MessageKind, Template
from core.messages.outbox import BODY_PURPOSE, Due, freeze, next_number, open_body
from core.orders.moves import Order, load
from core.settings import rules
from core.wall import at_wall
from dialogs.cards.changing import WAITING, still_open
from dialogs.cards.words import STANDS, Card, words_of
from dialogs.engine.state import Frame
from dialogs.engine.step import Step
from dialogs.house import House
from dialogs.outgoing import NUMBERED, Body, Outgoing, decode_body, encode_body
from dialogs.texts.formats import local

_ANSWERING = timedelta(minutes=2)
"""So long after a numbered question a card that is not urgent stays out of the way (conversation behaviour 6)."""

_OF_ONE_VERSION = frozenset(
    {Template.OFFER, Template.TECHNICIAN_CHANGED, Template.VISIT_ASSIGNED, Template.VISIT_TIGHT}
)
"""Messages of one of several technicians an order may have in turn: untrue once it has moved at all."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """What the sender does with a due message: send (one Outgoing an identity, first choice first), drop, or wait."""

    outgoing: tuple[Outgoing, ...] = ()
    drop: bool = False
    later: datetime | None = None


def prepare(tx: Tx, due: Due, *, house: House, now: datetime) -> Prepared:
    """Check the message against the present, freeze its words at the first send, and list where it can go."""
    try:
        person = people.person(tx, due.person_id)
        key = people.key_of(tx, due.person_id)
    except (PersonErased, NotFound):
        return Prepared(drop=True)
    if due.expires_at is not None and due.expires_at <= now:
        return Prepared(drop=True)
    order = load(tx, due.order_id) if due.order_id is not None else None
    if due.body_sealed is None and not _still_true(tx, due, order):
        return Prepared(drop=True)
    morning = None if due.urgent else _quiet_until(tx, now, person.zone)
    if morning is not None:
        return Prepared(later=morning)
    identities = people.identities_of(tx, due.person_id)
    if not identities:
        return Prepared(drop=True)
    first = identities[0]
    answering = _answering_until(tx, due, key, first.channel, now)
    if answering is not None:
        return Prepared(later=answering)
    body = _body(tx, due, order, house=house, lang=person.lang, zone=person.zone, now=now, channel=first.channel)
    number = due.first_number
    if due.body_sealed is None:
        if due.kind == MessageKind.CARD and body.numbered and any(i.channel in NUMBERED for i in identities):
            number = next_number(tx, due.person_id, places=len(body.numbered))
        freeze(
            tx,
            due,
            body_sealed=key.seal(encode_body(body), BODY_PURPOSE),
            channel=first.channel,
            account=first.account,
            first_number=number,
        )
    else:
        body = decode_body(open_body(key, due.body_sealed))
    return Prepared(tuple(_outgoing(due, one, body, lang=person.lang, first_number=number) for one in identities))


def _outgoing(due: Due, identity: people.Identity, body: Body, *, lang: str, first_number: int | None) -> Outgoing:
    return Outgoing(
        message_id=due.id,
        person_id=due.person_id,
        kind=due.kind,
        channel=identity.channel,
        account=identity.account,
        external_id=identity.external_id,
        body=body,
        lang=lang,
        first_number=first_number,
    )


def _still_true(tx: Tx, due: Due, order: Order | None) -> bool:
    """Ask again at send time: a visit that moved or died is never reminded of (complaints 13)."""
    template = Template(due.template)
    states = STANDS.get(template)
    if states is None or order is None:
        return True
    if order.state not in states or (template in WAITING and not still_open(tx, due.facts)):
        return False
    return due.order_version is None or template not in _OF_ONE_VERSION or due.order_version == order.version


def _quiet_until(tx: Tx, now: datetime, zone: str) -> datetime | None:
    """Return the morning to wait for when it is night where the person is, else None."""
    figures = rules(tx)
    there = local(now, zone)
    minute = there.hour * 60 + there.minute
    if figures.quiet_to_minute <= minute < figures.quiet_from_minute:
        return None
    days = 1 if minute >= figures.quiet_from_minute else 0
    return at_wall(there.date() + timedelta(days=days), figures.quiet_to_minute, ZoneInfo(zone))


def _answering_until(tx: Tx, due: Due, key: Key, channel: str, now: datetime) -> datetime | None:
    """Return until when a card waits because the person is answering a numbered question; None when it may go."""
    if due.urgent or due.kind != MessageKind.CARD or channel not in NUMBERED:
        return None
    shown = shown_last(tx, due.person_id)
    if shown is None or now - shown[0] >= _ANSWERING:
        return None
    return shown[0] + _ANSWERING if decode_body(open_body(key, shown[1])).numbered else None


def _body(
    tx: Tx, due: Due, order: Order | None, *, house: House, lang: str, zone: str, now: datetime, channel: str
) -> Body:
    if due.body_sealed is not None:
        return Body(text="")
    step = Step(
        tx=tx,
        house=house,
        person_id=due.person_id,
        lang=lang,
        zone=zone,
        now=now,
        frame=Frame(flow=""),
        channel=channel,
        account="",
    )
    return words_of(Template(due.template), Card(step, order, due.facts))
