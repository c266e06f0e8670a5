"""Words that work at any step: back, cancel, help, repeat, human, more, resume, drop."""

from collections.abc import Callable

from core.support import open_ticket
from dialogs.engine import asking
from dialogs.engine.flow import Shown
from dialogs.engine.state import SUMMARY
from dialogs.engine.talk import Talk
from dialogs.outgoing import Body, Button


def back(talk: Talk) -> Body:
    """Ask the question before this one again."""
    frame = talk.state.top
    if frame is None:
        return asking.menu(talk)
    if asking.keep(talk):
        return asking.go_on(talk)
    if not frame.trail:
        talk.lead.append(talk.say("engine.first_step"))
        return asking.go_on(talk, once_more=True)
    before = frame.trail[-1]
    frame.trail = frame.trail[:-1]
    asking.forget(talk, (before,), ask=True)
    frame.asking = None
    return asking.go_on(talk)


def cancel(talk: Talk) -> Body:
    """Drop the running flow and say what was let go; with nothing running, cancelling means an order."""
    frame = talk.state.top
    if frame is None:
        return asking.begin(talk, "cancel_order", {})
    talk.state.stack = talk.state.stack[:-1]
    words = asking.let_go(talk, frame)
    if talk.state.top is not None:
        talk.lead.append(words)
        return asking.go_on(talk, once_more=True)
    return talk.body_of_shown(Shown(words, _what_now(talk), columns=2))


def help_here(talk: Talk) -> Body:
    """Say what is possible here."""
    if talk.state.top is None:
        talk.lead.append(talk.say("engine.help"))
        return asking.menu(talk)
    talk.lead.append(talk.say("engine.help_in_flow", flow=talk.say(f"flow.{talk.state.top.flow}")))
    return asking.go_on(talk, once_more=True)


def repeat(talk: Talk) -> Body:
    """Put the last question again, in full."""
    return asking.go_on(talk)


def more(talk: Talk) -> Body:
    """Turn the page of a long list."""
    if talk.state.top is not None and talk.state.top.asking != SUMMARY:
        talk.state.top.page += 1
    return asking.go_on(talk)


def human(talk: Talk) -> Body:
    """Call a person of the house: a ticket with a summary, and an honest sentence."""
    return call_human(talk, "human")


def emergency(talk: Talk) -> Body:
    """Safety first: an urgent ticket and the numbers that help at once."""
    return call_human(talk, "emergency")


def complain(talk: Talk) -> Body:
    """Somebody is not content: a person of the house is told at once, whatever else the words name."""
    return call_human(talk, "complaint")


def call_human(talk: Talk, kind: str) -> Body:
    """Open a ticket (one open of a kind a person) and say so; the running flow stays where it is."""
    frame = talk.state.top
    summary = f"flow={frame.flow} asking={frame.asking}" if frame is not None else "no flow"
    open_ticket(talk.tx, talk.loaded.person_id, kind=kind, summary=summary, order_id=None, now=talk.now)
    text = talk.say(f"engine.ticket_{kind}")
    if frame is None:
        return talk.body_of_shown(Shown(text))
    talk.lead.append(text)
    return asking.go_on(talk, once_more=True)


def resume(talk: Talk) -> Body:
    """Go on with what was left open."""
    return asking.go_on(talk)


def _what_now(talk: Talk) -> tuple[Button, ...]:
    return talk.house.views["menu"].show(talk.step(), None, {}).buttons


WORDS: dict[str, Callable[[Talk], Body]] = {
    "back": back,
    "cancel": cancel,
    "drop": cancel,
    "help": help_here,
    "repeat": repeat,
    "more": more,
    "human": human,
    "emergency": emergency,
    "resume": resume,
}
"""Every command by its word; intents of the same name run the same function."""
