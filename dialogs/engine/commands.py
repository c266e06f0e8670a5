"""Words that work at any step: back, cancel, help, repeat, human, more, resume, drop."""

from collections.abc import Callable

from dialogs.engine import asking, handover
from dialogs.engine.flow import Shown
from dialogs.engine.state import SUMMARY, Frame
from dialogs.engine.talk import Talk
from dialogs.outgoing import Body, Button


def back(talk: Talk) -> Body:
    """Ask the question before this one again."""
    frame = talk.state.top
    if frame is None:
        return asking.menu(talk)
    if frame.page:
        frame.page -= 1
        return asking.go_on(talk)
    if asking.CHANGING in frame.values and asking.keep(talk):
        return asking.go_on(talk)
    before = frame.trail[-1] if frame.trail else _told_before(talk, frame)
    flow = talk.flow
    shown = flow.before(talk.step()) if before is None and flow is not None and flow.before is not None else None
    if shown is not None:
        return asking.finish(talk, shown)
    if before is None:
        talk.lead.append(talk.say("engine.first_step"))
        return asking.go_on(talk, once_more=True)
    frame.trail = frame.trail[:-1]
    asking.reopen(talk, before, changing=False)
    frame.asking = None
    return asking.go_on(talk)


def _told_before(talk: Talk, frame: Frame) -> str | None:
    """Return the field before the one asked that was told without being asked, in one sentence with others."""
    flow = talk.flow
    if flow is None or asking.BEFORE in frame.values:
        return None
    names = [item.name for item in flow.fields]
    reached = names.index(frame.asking) if frame.asking in names else len(names)
    told = [item.name for item in flow.fields[:reached] if item.name in frame.values and item.tell is not None]
    return told[-1] if told else None


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
        return talk.body_of_shown(Shown(talk.say("engine.help"), _what_now(talk), columns=2))
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
    return handover.call_human(talk, "human")


def emergency(talk: Talk) -> Body:
    """Safety first: an urgent ticket and the numbers that help at once."""
    return handover.call_human(talk, "emergency")


def complain(talk: Talk) -> Body:
    """Somebody is not content: a person of the house is told at once, whatever else the words name."""
    return handover.call_human(talk, "complaint")


def keep(talk: Talk) -> Body:
    """Leave what was to be changed as it was; of a flow that would change an order, the order itself."""
    frame = talk.state.top
    if asking.keep(talk):
        return asking.go_on(talk)
    if frame is not None and "order" in frame.values:
        return cancel(talk)
    return asking.go_on(talk, once_more=True)


def wait(talk: Talk) -> Body:
    """Somebody is still thinking: nothing is done, nothing is lost, and nobody presses."""
    talk.lead.append(talk.say("engine.no_hurry"))
    return asking.go_on(talk, once_more=True)


def none_of_these(talk: Talk) -> Body:
    """None of the things we thought of was meant: ask for other words."""
    talk.lead.append(talk.say("engine.say_otherwise"))
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
    "alone": handover.alone,
    "call_back": handover.call_me_back,
    "keep": keep,
    "none_of_these": none_of_these,
}
"""Every command by its word; intents of the same name run the same function."""
