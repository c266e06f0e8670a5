"""Handing the conversation to a person of the house, with all they need to know, and taking it back."""

import re
from datetime import datetime, timedelta

import msgspec

from core import support
from core.catalog import text_in
from core.orders.moves import Order
from core.orders.states import OrderState
from core.orders.views import orders_of
from core.people import masked_phone
from core.settings import rules
from core.support import Author, Said, TicketKind, Waiting
from dialogs.engine import asking
from dialogs.engine.actions import Word, plain
from dialogs.engine.flow import Shown
from dialogs.engine.state import Frame
from dialogs.engine.step import Step
from dialogs.engine.talk import Talk
from dialogs.history import Line, history
from dialogs.lexicon import catalogue_of
from dialogs.linking import channel_name
from dialogs.outgoing import Body, Button
from dialogs.texts import formats

_LINES_SHOWN = 8
_LONGEST_LINE = 400
_LOOK_BACK = timedelta(hours=12)
_PHONE = re.compile(r"\+?\d(?:[ -]?\d){6,14}")
_DIGIT = re.compile(r"\d")
_DONE_WITH = frozenset({OrderState.CANCELLED, OrderState.EXPIRED, OrderState.LAPSED, OrderState.REVIEWED})
_AT_HOME = frozenset({"address", "door"})
"""Fields whose numbers lead to somebody's door: the operator sees where, not which door."""


def after_misses(talk: Talk) -> Body:
    """Call a person of the house of our own accord: we do not understand what is said."""
    return call_human(talk, "human", "engine.ticket_missed")


def call_human(talk: Talk, kind: str, lead: str | None = None) -> Body:
    """Call a person of the house and say honestly what happens now; from here on the bot is silent.

    While the desk is shut a call-back is promised instead, and the bot goes on. `lead` is said first.
    """
    waiting = support.hand_over(
        talk.tx,
        talk.loaded.person_id,
        kind=TicketKind(kind),
        summary=_summary(talk),
        said=_said_lately(talk) if talk.loaded.ticket_id is None else (),
        order_id=_order_id(talk),
        zone=talk.house.zone,
        now=talk.now,
    )
    talk.lead.append(talk.say(lead or f"engine.ticket_{kind}"))
    if talk.state.top is not None:
        talk.state.top.misses = 0
    if not waiting.silent:
        talk.lead.append(_shut(talk, waiting))
        return asking.go_on(talk, once_more=True)
    return _waits(talk, waiting)


def alone(talk: Talk) -> Body:
    """Go on with the bot, as the person wishes; what was being done is offered again."""
    if not support.go_on_alone(talk.tx, talk.loaded.person_id, now=talk.now):
        talk.lead.append(talk.say("engine.bot_here"))
        return asking.go_on(talk, once_more=True)
    talk.lead.append(talk.say("engine.human_left"))
    return _offered_again(talk)


def call_me_back(talk: Talk) -> Body:
    """Wait no longer: somebody gets back to the person, and the bot goes on."""
    by = support.call_me_back(talk.tx, talk.loaded.person_id, zone=talk.house.zone, now=talk.now)
    if by is None:
        return asking.go_on(talk, once_more=True)
    talk.lead.append(talk.say("engine.human_call_back", call_back=by_when(talk.step(), by)))
    return _offered_again(talk)


def offered(talk: Talk, body: Body) -> Body:
    """Return a message with the human as a choice of its own, not only among the ways out."""
    shown = [row for row in body.rows if not row or not row[0].minor]
    ways = [tuple(one for one in row if one.action != plain(Word("human"))) for row in body.rows if row not in shown]
    return msgspec.structs.replace(body, rows=(*shown, (talk.word("human"),), *ways))


def soothing(talk: Talk) -> Body:
    """Say, once while somebody waits, that what they write is read."""
    return Body(text=talk.say("engine.human_soothing"), rows=_ways(talk, call_back=False))


def answered_on(talk: Talk, channel: str) -> Body:
    """Say on which channel the human has answered."""
    text = talk.say("engine.human_elsewhere", channel=channel_name(talk.step(), channel))
    return Body(text=text, rows=_ways(talk, call_back=False))


def by_when(step: Step, at: datetime) -> str:
    """Write until when something is promised: the time alone where it is today."""
    there, here = formats.local(at, step.zone).date(), formats.local(step.now, step.zone).date()
    return step.clock(at) if there == here else step.moment(at)


def order_summary(step: Step, order: Order) -> str:
    """Write what an operator must know of an order in one line."""
    service = text_in(catalogue_of(step).service(order.service_id).names, step.lang)
    when, state = step.moment(order.starts_at, order.zone), step.say(f"state.{order.state}")
    return step.say("engine.summary_order", code=order.code, service=service, when=when, state=state)


def _waits(talk: Talk, waiting: Waiting) -> Body:
    if waiting.taken:
        lines = [talk.say("engine.human_is_here")]
    else:
        lines = [_how_long(talk, waiting), talk.say("engine.human_silence")]
    return Body(
        text="\n".join([*talk.lead, *lines]), rows=_ways(talk, call_back=not waiting.staffed or waiting.ahead > 0)
    )


def _how_long(talk: Talk, waiting: Waiting) -> str:
    """What is known of the wait, and no more: the queue, how long others waited lately, or that nobody is there."""
    if not waiting.staffed:
        until = talk.step().clock(waiting.until)
        return talk.say("engine.human_nobody", until=until, call_back=by_when(talk.step(), waiting.call_back_at))
    known, unknown = (
        ("engine.human_ahead_minutes", "engine.human_ahead")
        if waiting.ahead
        else ("engine.human_next_minutes", "engine.human_next")
    )
    minutes = waiting.expect_minutes
    return talk.say(unknown if minutes is None else known, ahead=waiting.ahead, minutes=minutes)


def _shut(talk: Talk, waiting: Waiting) -> str:
    figures = rules(talk.tx)
    first, last = (
        f"{minute // 60}:{minute % 60:02d}" for minute in (figures.human_from_minute, figures.human_to_minute)
    )
    call_back = by_when(talk.step(), waiting.call_back_at)
    return talk.say("engine.human_shut", first=first, last=last, call_back=call_back)


def _ways(talk: Talk, *, call_back: bool) -> tuple[tuple[Button, ...], ...]:
    """The way back to the bot. Words, not numbers: a number typed here is for the human."""
    ways = [talk.word("alone", minor=True)]
    if call_back:
        ways.append(talk.word("call_back", minor=True))
    return (tuple(ways),)


def _offered_again(talk: Talk) -> Body:
    top = talk.state.top
    if top is None:
        return asking.menu(talk)
    talk.lead.append(talk.say("engine.left_open", flow=talk.say(f"flow.{top.flow}")))
    return talk.body_of_shown(Shown("", (talk.word("resume"), talk.word("drop")), columns=2))


def _summary(talk: Talk) -> str:
    """Write what an operator must know: what runs and how far it is, and the order it may be about."""
    lines = [_running(talk, frame) for frame in talk.state.stack]
    order = _open_order(talk)
    if order is not None:
        lines.append(order_summary(talk.step(), order))
    return "\n".join(lines) or talk.say("engine.summary_nothing")


def _running(talk: Talk, frame: Frame) -> str:
    flow, step = talk.house.flows[frame.flow], talk.step(frame)
    told = []
    for item in flow.fields:
        if item.tell is not None and item.name in frame.values:
            value = item.tell(step)
            told.append(_DIGIT.sub("*", value) if item.name in _AT_HOME else value)
    values = " · ".join(told) or "-"
    return talk.say("engine.summary_flow", flow=talk.say(f"flow.{frame.flow}"), values=values)


def _order_id(talk: Talk) -> int | None:
    """Return the order that is being talked about, else the person's newest that is still open."""
    top = talk.state.top
    about = None if top is None else top.values.get("order")
    if isinstance(about, int):
        return about
    order = _open_order(talk)
    return None if order is None else order.id


def _open_order(talk: Talk) -> Order | None:
    newest = orders_of(talk.tx, talk.loaded.person_id, most=3)
    return next((order for order in newest if order.state not in _DONE_WITH), None)


def _said_lately(talk: Talk) -> tuple[Said, ...]:
    """Return the last lines of both sides, phone numbers masked."""
    lines = history(talk.tx, talk.loaded.person_id, after=(talk.now - _LOOK_BACK, 0), most=_LINES_SHOWN)
    return tuple(_said(line) for line in lines[-_LINES_SHOWN:])


def _said(line: Line) -> Said:
    text = _PHONE.sub(lambda found: masked_phone(found.group()), line.text)[:_LONGEST_LINE]
    return Said(Author.PERSON if line.mine else Author.BOT, text, line.photo_file_id, line.at)
