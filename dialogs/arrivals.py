"""Somebody comes by a link or a code to scan: what it was to open, if it is theirs; anything else shows the menu."""

import logging
import re
from collections.abc import Callable, Mapping

from core import people
from core.errors import NotFound
from core.orders.views import order_of
from core.people import CodeOf
from core.technicians import TechnicianState, technician
from dialogs.engine import acting, asking, commands, handover
from dialogs.engine.talk import Talk
from dialogs.flows.link_account import TYPED
from dialogs.incoming import Event
from dialogs.lexicon import catalogue_of
from dialogs.outgoing import Body
from dialogs.roles import may_use

_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")
_SCENE = "qrscene_"
"""What WeChat puts before a code's own words when they were scanned by somebody new."""
_log = logging.getLogger(__name__)


def event(talk: Talk, told: Event) -> Body:
    """Answer something a platform tells: a tap on its menu, a first contact, a link that was opened."""
    if told.name == "menu":
        body = _menu(talk, told.value)
        if body is not None:
            return body
    elif told.name == "start" and told.value:
        body = _opened(talk, told.value)
        if body is not None:
            return body
    if talk.loaded.ticket_id is not None:
        return handover.alone(talk)  # whoever starts the bot wants the bot
    if talk.state.top is not None:
        return asking.go_on(talk, once_more=True)
    if not talk.lead:
        talk.lead.append(talk.say("engine.greet"))
    return asking.menu(talk)


def note_switch(talk: Talk) -> None:
    """Say that we go on here with what was begun on another channel."""
    asked_on, top = talk.loaded.prompt_channel, talk.state.top
    if top is not None and asked_on is not None and asked_on != talk.channel:
        talk.lead.append(talk.say("engine.go_on_here", flow=talk.say(f"flow.{top.flow}")))


def _menu(talk: Talk, key: str) -> Body | None:
    """A platform's menu may name any flow or view; what is not for this person's role is not begun."""
    flow, view = talk.house.flows.get(key), talk.house.views.get(key)
    if key == "human":
        return commands.human(talk)
    if flow is not None and may_use(talk.step(), flow.role):
        return asking.begin(talk, key, {})
    if view is not None and may_use(talk.step(), view.role):
        return acting.look(talk, key, None, {})
    return None


def _opened(talk: Talk, payload: str) -> Body | None:
    """Open what a link names; None where it names nothing of ours. Nothing in it is trusted."""
    payload = payload.removeprefix(_SCENE)
    if _PAYLOAD.fullmatch(payload) is None:
        return None
    kind, _, code = payload.partition("_")
    opener = _OPENERS.get(kind)
    if opener is None or not code:
        _log.info("odd input", extra={"kind": "unknown link", "person_id": talk.loaded.person_id})
        return None
    body = opener(talk, code)
    if body is None and kind in _DEAD:
        talk.lead.append(talk.say(_DEAD[kind]))
    return body


def _order(talk: Talk, code: str) -> Body | None:
    """An order of one's own; of anybody else's not even that it exists."""
    try:
        found = order_of(talk.tx, talk.loaded.person_id, code.upper())
    except NotFound:
        talk.lead.append(talk.say("arrive.no_order"))
        return asking.go_on(talk, once_more=True) if talk.state.top is not None else asking.menu(talk)
    return acting.look(talk, "order", None, {"order": found.id})


def _technician(talk: Talk, code: str) -> Body | None:
    technician_id = people.owner_of_code(talk.tx, CodeOf.TECHNICIAN, code)
    if technician_id is None or technician(talk.tx, technician_id).state is not TechnicianState.APPROVED:
        return None
    return acting.look(talk, "technicians", None, {"technician": technician_id})


def _invitation(talk: Talk, code: str) -> Body | None:
    """Who comes for the very first time by somebody's link is noted as brought by them (R39)."""
    inviter_id = people.owner_of_code(talk.tx, CodeOf.PERSON, code)
    if inviter_id is not None and talk.loaded.version == 0:
        people.invited(talk.tx, talk.loaded.person_id, inviter_id=inviter_id, now=talk.now)
    return None


def _link(talk: Talk, code: str) -> Body | None:
    said = people.link_code_in(code)
    return None if said is None else asking.begin(talk, "link_account", {TYPED: said})


def _service(talk: Talk, code: str) -> Body | None:
    wanted = code.casefold()
    on_sale = (one for one in catalogue_of(talk.step()).services if one.options)
    found = next((one for one in on_sale if one.code.casefold() == wanted or str(one.id) == wanted), None)
    return None if found is None else asking.begin(talk, "book", {"service": found.id})


_OPENERS: Mapping[str, Callable[[Talk, str], Body | None]] = {
    "o": _order,
    "order": _order,
    "t": _technician,
    "i": _invitation,
    "l": _link,
    "b": _service,
}
_DEAD: Mapping[str, str] = {
    "t": "arrive.dead_link",
    "b": "arrive.dead_link",
    "l": "link_account.code_wrong",
}
"""What is said of a link to what is not there, by its kind; an invitation has done what it can by bringing somebody."""
