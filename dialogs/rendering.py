"""Preparing a due message: is it still true, may it ring now, what are its words, where can it go."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from core import announcements, people
from core.conversations.place import shown_last
from core.crypto import Key
from core.db import Tx
from core.errors import NotFound, PersonErased
from core.messages import MessageKind, Rank, Template
from core.messages.numbers import next_number
from core.messages.outbox import BODY_PURPOSE, Due, freeze, open_body
from core.orders.moves import Order, load
from core.people.persons import now_is
from core.settings import rules
from core.wall import at_wall
from dialogs.cards.card import Card
from dialogs.cards.changing import WAITING, still_open
from dialogs.cards.on_the_way import moving_place
from dialogs.cards.words import STANDS, STANDS_WHILE_WAITING, words_of
from dialogs.engine.state import Frame
from dialogs.engine.step import Step
from dialogs.house import House
from dialogs.outgoing import NUMBERED, TEXTED, Body, Outgoing, decode_body, encode_body
from dialogs.texts.formats import local

_ANSWERING = timedelta(minutes=2)
"""So long after a numbered question a card that is not urgent stays out of the way (conversation behaviour 6)."""

_OF_ONE_VERSION = frozenset(
    {Template.OFFER, Template.TECHNICIAN_CHANGED, Template.VISIT_ASSIGNED, Template.VISIT_TIGHT}
)
"""Messages of one of several technicians an order may have in turn: untrue once it has moved at all."""


_TEMPLATES = frozenset(template.value for template in Template)
_TO_MANY = frozenset({Template.ANNOUNCEMENT, Template.NEWS})
_MOVING = timedelta(seconds=5)
"""So long the messages of somebody who has just become one with another person wait to be theirs."""
_MORNING = timedelta(minutes=10)
"""Over so long what waited for the morning is spread, each person at a minute of their own."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """What the sender does with a due message: send (one Outgoing an identity, first choice first), drop, or wait.

    The `body` of one that nothing can be sent to is still there, with its language, for whoever can reach the person
    otherwise.
    """

    outgoing: tuple[Outgoing, ...] = ()
    drop: bool = False
    later: datetime | None = None
    body: Body | None = None
    lang: str = "zh-Hans"


def prepare(tx: Tx, due: Due, *, house: House, now: datetime, present: bool = False) -> Prepared:
    """Check the message against the present, freeze its words at the first send, and list where it can go.

    Somebody who is `present`, writing to us this moment, is told whatever the hour.
    """
    try:
        person = _speaking(people.person(tx, due.person_id), due)
        key = people.key_of(tx, due.person_id)
    except (PersonErased, NotFound):
        return Prepared(drop=True)
    order = load(tx, due.order_id) if due.order_id is not None else None
    if not _still_true(tx, due, order, now) or (present and _is_overtaken(due, order)):
        return Prepared(drop=True)
    morning = None if due.urgent or present else _quiet_until(tx, now, person)
    if morning is not None:
        return Prepared(later=morning)
    identities = _in_order(due, people.identities_of(tx, due.person_id))
    if (identities[0].person_id if identities else now_is(tx, due.person_id)) != due.person_id:
        return Prepared(later=now + _MOVING)  # frozen with the old person's key, nobody could read it again
    if not identities and not due.urgent:
        return Prepared(drop=due.rank is Rank.BROADCAST)
    channel = identities[0].channel if identities else TEXTED
    answering = None if present else _answering_until(tx, due, key, channel, now)
    if answering is not None:
        return Prepared(later=answering)
    if due.body_sealed is not None:
        body, number = decode_body(open_body(key, due.body_sealed)), due.first_number
    else:
        body = _body(tx, due, order, house=house, person=person, now=now, channel=channel)
        number = _frozen(tx, due, body, identities, key)
    place = moving_place(tx, template, order, now=now) if (template := _template(due)) is not None else None
    if place is not None:
        body = replace(body, place=place)  # never frozen: it moves
    outgoing = tuple(_outgoing(due, one, body, lang=person.lang, first_number=number) for one in identities)
    return Prepared(outgoing, body=body, lang=person.lang)


def _speaking(person: people.Person, due: Due) -> people.Person:
    """Return the person, in the language the message is meant to be in where it names one (of two accounts in one)."""
    lang = due.facts.get("lang")
    return person if lang is None else people.Person(person.id, str(lang), person.zone, person.erased_at)


def _template(due: Due) -> Template | None:
    """Return the template of a message that a verb wrote; None for a turn's own answer."""
    return Template(due.template) if due.template in _TEMPLATES else None


def _in_order(due: Due, identities: tuple[people.Identity, ...]) -> tuple[people.Identity, ...]:
    """Put the identity first that the message is meant for, or went to; the others keep the person's own order."""
    meant = due.facts.get("identity_id")

    def is_other(one: people.Identity) -> tuple[bool, bool]:
        return one.id != meant, (one.channel, one.account) != (due.channel, due.account)

    return tuple(sorted(identities, key=is_other))


def _frozen(tx: Tx, due: Due, body: Body, identities: tuple[people.Identity, ...], key: Key) -> int | None:
    """Keep the words as they are shown from now on, and return the first number of their buttons."""
    number = due.first_number
    if due.kind == MessageKind.CARD and body.numbered and any(one.channel in NUMBERED for one in identities):
        number = next_number(tx, due.person_id, places=len(body.numbered))
    freeze(
        tx,
        due,
        body_sealed=key.seal(encode_body(body), BODY_PURPOSE),
        channel=identities[0].channel if identities else None,
        account=identities[0].account if identities else None,
        first_number=number,
    )
    return number


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
        news=due.template == Template.NEWS,
    )


def _still_true(tx: Tx, due: Due, order: Order | None, now: datetime) -> bool:
    """Ask again at every send: a visit that moved or died is never reminded of (complaints 13)."""
    if due.expires_at is not None and due.expires_at <= now:
        return False
    if due.template in _TO_MANY:
        return announcements.still_goes(tx, due.facts["announcement_id"], due.person_id, due.id)
    template = _template(due)
    states = None if template is None else STANDS.get(template)
    if template is None or states is None or order is None:
        return True
    if order.state not in states or (template in WAITING and not still_open(tx, due.facts)):
        return False
    return due.order_version is None or template not in _OF_ONE_VERSION or due.order_version == order.version


def _is_overtaken(due: Due, order: Order | None) -> bool:
    """Whether what waited for the person's next act is told by now: a promise that was kept, a way that has ended."""
    template = _template(due)
    states = None if template is None else STANDS_WHILE_WAITING.get(template)
    return states is not None and order is not None and order.state not in states


def _quiet_until(tx: Tx, now: datetime, person: people.Person) -> datetime | None:
    """Return when in the morning it may go when it is night where the person is, else None."""
    figures = rules(tx)
    there = local(now, person.zone)
    minute = there.hour * 60 + there.minute
    if figures.quiet_to_minute <= minute < figures.quiet_from_minute:
        return None
    days = 1 if minute >= figures.quiet_from_minute else 0
    morning = at_wall(there.date() + timedelta(days=days), figures.quiet_to_minute, ZoneInfo(person.zone))
    return morning + timedelta(seconds=person.id % int(_MORNING.total_seconds()))


def _answering_until(tx: Tx, due: Due, key: Key, channel: str, now: datetime) -> datetime | None:
    """Return until when a card waits because the person is answering a numbered question; None when it may go."""
    if due.urgent or due.kind != MessageKind.CARD or channel not in NUMBERED:
        return None
    shown = shown_last(tx, due.person_id)
    if shown is None or now - shown[0] >= _ANSWERING:
        return None
    return shown[0] + _ANSWERING if decode_body(open_body(key, shown[1])).numbered else None


def _body(
    tx: Tx, due: Due, order: Order | None, *, house: House, person: people.Person, now: datetime, channel: str
) -> Body:
    step = Step(
        tx=tx,
        house=house,
        person_id=due.person_id,
        lang=person.lang,
        zone=person.zone,
        now=now,
        frame=Frame(flow=""),
        channel=channel,
        account="",
    )
    return words_of(Template(due.template), Card(step, order, due.facts))
