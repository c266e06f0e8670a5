"""The message centre: what the house has told somebody of its own accord, newest first."""

import re
from typing import Any

from core import announcements
from core.errors import NotFound
from core.messages import Template
from core.messages.centre import Told, seen, told, told_one
from core.messages.outbox import open_body
from core.orders.views import order_of
from core.people import key_of
from dialogs.cutting import shortened
from dialogs.engine.actions import Look, plain
from dialogs.engine.flow import Shown, View
from dialogs.engine.step import Step
from dialogs.engine.talk import MOST_LISTED
from dialogs.outgoing import NUMBERED, Body, Button, decode_body
from dialogs.views.paging import page_of
from nlu import Understanding

_NAME = "my_messages"
_LINE, _LABEL = 80, 24
"""Room for a message in its line of the list, and on its button; a Chinese character takes two."""
_HEADING = re.compile(r"^(?:【[^】]*】|\[[^\]]*\])\s*")
_TO_MANY = frozenset({Template.ANNOUNCEMENT, Template.NEWS})


def _show(step: Step, _understood: Understanding | None, about: dict[str, Any]) -> Shown:
    if "message" in about:
        return _one(step, told_one(step.tx, step.person_id, int(about["message"])))
    known = _once([one for one in told(step.tx, step.person_id, most=MOST_LISTED) if _to_be_seen(step, one)])
    if not known:
        return Shown(step.say("my_messages.none"))
    page = page_of(step, _NAME, about, [one.id for one in known])
    listed = [one for one in known if one.id in page.ids]
    is_list = step.channel in NUMBERED  # the choices are lines there: one list is enough
    head = step.say("my_messages.head")
    lines = "\n".join([head, *(_line(step, one) for one in listed)])
    room = _LINE if is_list else _LABEL
    buttons = tuple(
        Button(f"{step.short_moment(one.at)} {_about(step, one, room)}", plain(Look(_NAME, {"message": one.id})))
        for one in listed
    )
    return Shown(head if is_list else lines, (*buttons, *page.more), beside=lines)


def _once(known: list[Told]) -> list[Told]:
    """Drop what the other side of a joining was told of the same: both sides are this one person now."""
    first: dict[int, Told] = {}
    for one in known:
        first.setdefault(int(one.facts["joining_id"]) if one.template is Template.JOINED else one.id, one)
    return list(first.values())


def _line(step: Step, one: Told) -> str:
    return step.say("my_messages.line", moment=step.moment(one.at), words=shortened(_words(step, one), _LINE, _width))


def _about(step: Step, one: Told, room: int) -> str:
    """A button's few words: what it is about, without the heading all of its kind have."""
    return shortened(_HEADING.sub("", _words(step, one)), room, _width)


def _one(step: Step, one: Told) -> Shown:
    """Show one in full; what waited for a channel to carry it has been read with that."""
    if not _to_be_seen(step, one):
        raise NotFound(kind="message")
    if one.waits:
        seen(step.tx, step.person_id, one.id, now=step.now)
    body = _body(step, one)
    moment = step.moment(one.at)
    lines = [moment[:1].upper() + moment[1:], body.text]
    live = body.buttons if one.stands else tuple(button for button in body.buttons if one.order_id is None)
    if body.buttons and not live:
        lines.append(step.say("my_messages.over"))
    back = Button(step.say("my_messages.all"), plain(Look(_NAME)))
    return Shown("\n".join(lines), (*(live or _its_order(step, one)), back), photo_file_id=body.photo_file_id)


def _its_order(step: Step, one: Told) -> tuple[Button, ...]:
    """The order it was about, for its customer."""
    if one.order_id is None:
        return ()
    try:
        order = order_of(step.tx, step.person_id, one.order_id)
    except NotFound:
        return ()
    return (Button(step.say("my_messages.order", code=order.code), plain(Look("order", {"order": order.id}))),)


def _to_be_seen(step: Step, one: Told) -> bool:
    """Tell whether it may be shown: what waits only in its time, an announcement only while it goes to this person."""
    if not one.waits or one.by_phone:
        return True
    if one.expires_at is not None and one.expires_at <= step.now:
        return False
    if one.template not in _TO_MANY:
        return True
    return announcements.still_goes(step.tx, int(one.facts["announcement_id"]), step.person_id, one.id)


def _words(step: Step, one: Told) -> str:
    return " ".join(_body(step, one).text.split())


def _width(text: str) -> int:
    return sum(1 if letter.isascii() else 2 for letter in text)


def _body(step: Step, one: Told) -> Body:
    key = step.memo.get("own_key") or step.memo.setdefault("own_key", key_of(step.tx, step.person_id))
    return decode_body(open_body(key, one.body_sealed))


MY_MESSAGES = View(_NAME, "anyone", ("my_messages",), _show)
