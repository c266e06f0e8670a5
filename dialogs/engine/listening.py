"""While a human owns the thread: what the person says goes to them, buttons still act, and the bot says nothing."""

from core import support
from core.messages import Template
from core.messages.centre import last_sent
from dialogs.engine import handover, hearing
from dialogs.engine.acting import press
from dialogs.engine.confidence import SURE
from dialogs.engine.flow import Answer, Shown
from dialogs.engine.talk import Talk
from dialogs.outgoing import Body
from nlu import Understanding

_TO_THE_BOT = frozenset(
    {
        "回到自助", "返回自助", "自助", "自助服务", "自助服務", "机器人", "機器人", "回到机器人", "回到機器人",
        "back to the bot", "back to bot", "bot", "the bot",
    }
)  # fmt: skip
_BACK_TO_THE_BOT = _TO_THE_BOT | {
    "退出", "退出人工", "结束人工", "結束人工", "不用人工了", "帮助", "幫助", "菜单", "選單", "主菜单",
    "exit", "quit", "leave", "help", "menu", "no human", "no need for a human",
}  # fmt: skip
"""Words that take the bot back; only as the whole of what was said, for a sentence is meant for the human."""

_CRIES = frozenset({"help", "帮助", "幫助"})
"""Where an emergency was called these are no command: whoever is in danger stays with the human."""
_FOR_THE_BOT = frozenset(
    {"back", "cancel", "book", "rebook", "reschedule", "change_technician", "order_status", "leave", "my_day"}
)
"""What is the bot's business, though a human was called."""


def words(talk: Talk, text: str, *, prompt: Body | None) -> Body | None:
    """Keep what was typed for the human; a label of the prompt still presses it, and the way back is always open.

    A number does not: it answers the human, whatever list the bot had shown before they took over.
    """
    plain = hearing.normal(text)
    chosen = None if plain.isdigit() else hearing.chosen(plain, prompt)
    if chosen is not None:
        return press(talk, chosen)
    bare = plain.rstrip("。.!！")
    if bare in _BACK_TO_THE_BOT and not (bare in _CRIES and _in_danger(talk)):
        return handover.alone(talk)
    understood = hearing.understood_of(talk, text, prompt)
    if understood.intent == "emergency" and understood.confidence >= SURE:
        heard(talk, text)
        return handover.call_human(talk, "emergency")
    said = heard(talk, text)
    return said or _way_back(talk, understood) or _answered_elsewhere(talk)


def wants_the_bot(text: str) -> bool:
    """Tell whether these words ask for the bot by name: whoever has it already is told so."""
    return hearing.normal(text).rstrip("。.!！") in _TO_THE_BOT


def _in_danger(talk: Talk) -> bool:
    ticket_id = talk.loaded.ticket_id
    return ticket_id is not None and support.ticket(talk.tx, ticket_id).kind == support.TicketKind.EMERGENCY


def _way_back(talk: Talk, understood: Understanding) -> Body | None:
    """Show the way back to somebody who waits for nobody yet and asks for what the bot can do."""
    ticket_id = talk.loaded.ticket_id
    meant = understood.intent in _FOR_THE_BOT and understood.confidence >= SURE
    if not meant or ticket_id is None or not support.awaited(talk.tx, ticket_id):
        return None
    return handover.soothing(talk)


def _answered_elsewhere(talk: Talk) -> Body | None:
    """Say, once in a talk, where the human's answers are, to somebody who writes where these do not come."""
    ticket_id = talk.loaded.ticket_id
    if ticket_id is None or talk.state.pointed == ticket_id:
        return None
    answered = last_sent(talk.tx, talk.loaded.person_id, Template.TICKET_ANSWERED)
    if answered is None or answered[0] == talk.channel or int(answered[1]["ticket_id"]) != ticket_id:
        return None
    talk.state.pointed = ticket_id
    return handover.answered_on(talk, answered[0])


def sent(talk: Talk, answer: Answer) -> Body | None:
    """Keep a photo, a pin or a phone number for the human."""
    if answer.point is not None:
        lat, lng, label = answer.point
        return heard(talk, f"📍 {label} {lat:.5f}, {lng:.5f}")
    return heard(talk, answer.phone or "", file_id=answer.photo_file_id)


def unreadable(talk: Talk, why: str) -> Body:
    """Say what the human cannot be shown: somebody who waits for an answer to it would wait in vain."""
    return talk.body_of_shown(Shown(why))


def heard(talk: Talk, text: str, *, file_id: int | None = None) -> Body | None:
    """Add a line to the thread; None is silence, but for the one soothing line of a spell of waiting."""
    ticket_id = talk.loaded.ticket_id
    if ticket_id is None:
        raise LookupError("nobody owns this thread")
    due = support.heard(talk.tx, ticket_id, key=talk.loaded.key, text=text, file_id=file_id, now=talk.now)
    return handover.soothing(talk) if due else None
