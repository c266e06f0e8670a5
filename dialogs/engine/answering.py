"""What one update comes to: words, a press, a photo, a pin, a contact or an event, each to whoever it concerns."""

import logging
from datetime import datetime

from core import effects, files
from core.messages import MessageKind
from core.messages.numbers import card_by_number
from core.messages.outbox import open_body
from dialogs import arrivals
from dialogs import incoming as coming
from dialogs.cards.under_way import not_set_out
from dialogs.engine import acting, asking, filling, handover, hearing, labelled, listening, who_asks
from dialogs.engine.flow import Answer
from dialogs.engine.state import SUMMARY
from dialogs.engine.talk import Talk
from dialogs.incoming import Incoming
from dialogs.lasting import goes_on_with_a_visit
from dialogs.outgoing import NUMBERED, Body, Button, decode_body, read_token

_log = logging.getLogger(__name__)


def respond(talk: Talk, incoming: Incoming, *, real_now: datetime) -> Body | None:
    """Return what to say; None while a human owns the thread and nothing is to be said."""
    match incoming.content:
        case coming.Text(text, forwarded):
            return _forwarded(talk, text) if forwarded else _text(talk, text)
        case coming.Press(token):
            return _press(talk, token)
        case coming.Photo(file_id, ref):
            return _sent(talk, Answer(photo_file_id=_file(talk, incoming, file_id, ref, real_now)))
        case coming.Location(lat, lng, label, live):
            told = _shared_too_soon(talk) if live else None
            return told or _sent(talk, Answer(point=(lat, lng, label)))
        case coming.Contact(phone, own):
            if own or _is_a_humans(talk):
                return _sent(talk, Answer(phone=phone))
            talk.lead.append(talk.say("engine.contact_not_own"))
            return asking.go_on(talk, once_more=True)
        case coming.Event():
            return arrivals.event(talk, incoming.content)
        case coming.Unreadable(kind):
            return _unreadable(talk, kind)


def _is_a_humans(talk: Talk) -> bool:
    """Whether a human owns this thread, or is awaited in it."""
    return talk.loaded.ticket_id is not None


def _sent(talk: Talk, answer: Answer) -> Body | None:
    return listening.sent(talk, answer) if _is_a_humans(talk) else hearing.sent(talk, answer)


def _unreadable(talk: Talk, kind: str) -> Body:
    _log.info("odd input", extra={"kind": f"unreadable {kind}", "person_id": talk.loaded.person_id})
    key = f"engine.unreadable_{kind.removeprefix('short')}"  # a short video is a video
    why = talk.say(key if talk.house.texts.has(key) else "engine.unreadable")
    if _is_a_humans(talk):
        return listening.unreadable(talk, why)
    talk.lead.append(why)
    return asking.go_on(talk, once_more=True)


def _forwarded(talk: Talk, text: str) -> Body | None:
    """Somebody else's words are no answer of this person's: a human may read them, the bot asks for their own."""
    if _is_a_humans(talk):
        return listening.heard(talk, text)
    if _fills(talk, text):
        return asking.go_on(talk)
    talk.lead.append(talk.say("engine.forwarded"))
    return asking.go_on(talk, once_more=True)


def _fills(talk: Talk, text: str) -> bool:
    """Let an address somebody else wrote, or a wish they had, answer questions that a summary is still to follow."""
    flow, frame, lang, spoke = talk.flow, talk.state.top, talk.lang, talk.state.spoke
    if flow is None or frame is None or flow.summary is None or flow.grave or frame.asking == SUMMARY:
        return False
    asked = hearing.asked_field(talk)
    if asked is not None and asked.kind == "name":
        return False  # any words could be one
    understood = hearing.understood_of(talk, text, None)
    talk.lang, talk.state.spoke = lang, spoke  # nobody is answered in the language of what they pass on
    talk.memo.pop("language", None)
    return filling.offer(talk, Answer(text=text, understood=understood))[0]


def _shared_too_soon(talk: Talk) -> Body | None:
    """Tell a technician who has not set out yet how a shared way is shown; None for everybody else."""
    if talk.state.top is not None or _is_a_humans(talk):
        return None
    shown = not_set_out(talk.step())
    return None if shown is None else talk.body_of_shown(shown)


def _text(talk: Talk, text: str) -> Body | None:
    if len(text) > coming.MOST_TEXT and not _is_a_humans(talk):
        _log.info("odd input", extra={"kind": "too long", "person_id": talk.loaded.person_id})
        talk.lead.append(talk.say("engine.too_long", most=coming.MOST_TEXT))
        return asking.go_on(talk, once_more=True)
    loaded = talk.loaded
    prompt = None
    if loaded.prompt_sealed is not None:
        prompt = decode_body(open_body(loaded.key, loaded.prompt_sealed))
    plain = hearing.normal(text)
    if talk.channel in NUMBERED and plain.isascii() and plain.isdigit() and len(plain) == 2:
        card = card_by_number(talk.tx, loaded.person_id, int(plain))
        if card is not None:
            numbered = decode_body(open_body(loaded.key, card.body_sealed)).numbered
            if card.place < len(numbered):
                return acting.press(talk, numbered[card.place][1].action)
    if _is_a_humans(talk):
        return listening.words(talk, text, prompt=prompt)
    if listening.wants_the_bot(text):
        return handover.alone(talk)
    if hearing.chosen(plain, prompt) is not None:
        return hearing.words(talk, text, prompt=prompt)
    on_a_card = labelled.said(talk, text) or who_asks.said(talk, text, prompt)
    return on_a_card or hearing.words(talk, text, prompt=prompt)


def _press(talk: Talk, token: str) -> Body:
    """A press counts on the prompt now open, or on a card of this person; anything else changes nothing."""
    loaded, read = talk.loaded, read_token(token)
    if read is None or loaded.pressed_sealed is None:
        _log.info("odd input", extra={"kind": "foreign button", "person_id": loaded.person_id})
        talk.lead.append(talk.say("engine.foreign_button"))
        return asking.go_on(talk, once_more=True)
    message_id, place = read
    buttons = decode_body(open_body(loaded.key, loaded.pressed_sealed)).buttons
    old_prompt = loaded.pressed_kind == MessageKind.PROMPT and message_id != loaded.prompt_id
    action = buttons[place].action if place < len(buttons) else None
    if old_prompt and (acting.only_looks(action) or goes_on_with_a_visit(action)):
        return acting.press(talk, action)  # a look changes nothing; of a visit its state says what may be done
    if old_prompt and acting.begins_what_runs(talk, action):
        return asking.go_on(talk, once_more=True)
    if old_prompt and place < len(buttons) and _stands_still(talk, buttons):
        return acting.press(talk, action)
    if old_prompt or not loaded.pressed_stands or place >= len(buttons) or buttons[place].url is not None:
        talk.lead.append(talk.say("engine.stale"))
        return acting.as_it_stands(talk, loaded.pressed_order_id or acting.order_of_button(action))
    return acting.press(talk, buttons[place].action)


def _stands_still(talk: Talk, buttons: tuple[Button, ...]) -> bool:
    """Whether the summary these buttons stand under is, to the letter, the one shown last: put once more, not anew."""
    sealed = talk.loaded.prompt_sealed
    now_open = () if sealed is None else decode_body(open_body(talk.loaded.key, sealed)).buttons
    yes = acting.yes_among(buttons)
    return yes is not None and yes == acting.yes_among(now_open)


def _file(talk: Talk, incoming: Incoming, file_id: int | None, ref: str | None, real_now: datetime) -> int | None:
    """A picture kept by the door is there already; one with a reference is fetched by an effect after this turn."""
    if file_id is None and ref is not None:
        file_id = files.expect(talk.tx, talk.loaded.person_id, purpose="sent", now=talk.now)
        facts = {"channel": incoming.channel, "account": incoming.account, "ref": ref, "file_id": file_id}
        effects.want(
            talk.tx,
            effects.EffectKind.FILE_FETCH,
            key=f"file:{file_id}",
            number=str(file_id),
            facts=facts,
            now_real=real_now,
        )
    return file_id
