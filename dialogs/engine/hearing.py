"""What typed words come to: a number or a label of the prompt, or what is understood of them."""

import re
import unicodedata
from dataclasses import replace
from typing import Any

from core.messages.outbox import open_body
from core.words import one_line
from dialogs import tongue
from dialogs.engine import asking, commands, filling, learning, routing
from dialogs.engine.acting import begins, press
from dialogs.engine.advised import advised
from dialogs.engine.confidence import CERTAIN, SURE
from dialogs.engine.flow import Answer, Field
from dialogs.engine.state import SUMMARY, Frame
from dialogs.engine.talk import Talk
from dialogs.lexicon import lexicon_of
from dialogs.outgoing import Body, decode_body
from dialogs.roles import may_use
from nlu import Asked, Intent, Understanding, understand

_ALWAYS = ("back", "human", "more", "resume")
"""Command words that count by their label, whether or not the prompt shows them as a button."""
SUMMARY_KIND = "yes_no"
_POINTS = re.compile(r"[^\w\s+]|_")
_FOREIGN = re.compile("[\u0370-\u1fff\u3040-\u30ff\uac00-\ud7af]")
"""Letters of languages the house does not speak: Greek to Greek, Japanese, Korean."""


def words(talk: Talk, text: str, *, prompt: Body | None) -> Body:
    """Do what somebody typed means: a number or label of the prompt first, then what is understood."""
    plain = normal(text)
    action = chosen(plain, prompt)
    if action is not None:
        return press(talk, action)
    if not plain:
        return routing.miss(talk, None)
    for word in _ALWAYS:
        if plain == normal(talk.say(f"word.{word}")):
            return commands.WORDS[word](talk)
    talk.prompt, talk.beyond = prompt, _beyond(plain, prompt)
    understood = understood_of(talk, text, prompt)
    item = asked_field(talk)
    learning.hear(talk, understood, _asked(talk, prompt), item)
    if understood.confidence < SURE and _FOREIGN.search(text) and not (item is not None and item.raw):
        talk.lead.append(talk.say("engine.languages"))
        return asking.go_on(talk, once_more=True)
    of_a_rota = item is not None and item.kind == "rota"  # which has words of its own for hours there are not
    if understood.impossible and understood.first("when") is None and not of_a_rota:
        talk.lead.append(talk.say("engine.no_such_time", said=one_line(understood.impossible[0])))
        if talk.state.top is None and (understood.unknown or understood.entities):
            return _what_else_is_said(talk, understood)
        if understood.confidence < SURE or (item is not None and item.kind == "when"):
            return asking.go_on(talk, once_more=True)
    picked = _nth(understood, prompt) or _next_page(talk, understood, prompt)
    if picked is not None:
        return press(talk, picked)
    if talk.advice is not None and not routing.is_answered(talk, understood):
        talk.advised = True
        understood = _fitting(talk, advised(talk, understood, asked=_asked(talk, prompt), item=item))
    return routing.meaning(talk, text, understood)


def _what_else_is_said(talk: Talk, understood: Understanding) -> Body:
    """Begin what is wanted on the day there is not: the words are read again without it."""
    rest = understood.text
    for said in understood.impossible:
        rest = rest.replace(said, " ")
    again = understood_of(talk, rest, None)
    if again.intent != "book" and again.first("service") is None:
        return asking.menu(talk)
    return routing.meaning(talk, rest, again)


def sent(talk: Talk, answer: Answer) -> Body:
    """Take a photo, a pin or a phone number where the flow has a use for it."""
    if talk.state.top is None and not _begun_by(talk, answer):
        talk.lead.append(talk.say("engine.not_expected"))
        return asking.menu(talk)
    flow, frame = talk.flow, talk.state.top
    before = {} if frame is None else dict(frame.values)
    took, missed = filling.offer(talk, answer)
    if took and flow is not None and frame is not None and answer.phone is not None:
        return filling.gone_on(talk, flow, frame, before)  # a number sent at another question: say that it was taken
    if took:
        return asking.go_on(talk)
    talk.lead.append(missed.text if missed else talk.say("engine.not_expected"))
    return asking.go_on(talk, once_more=True)


def _begun_by(talk: Talk, answer: Answer) -> bool:
    """Begin what the message shown last offers, where the very thing sent is what it would ask for first."""
    sealed = talk.loaded.prompt_sealed
    shown = () if sealed is None or answer.phone is None else decode_body(open_body(talk.loaded.key, sealed)).numbered
    for _, button in shown:
        begun = begins(button.action)
        flow = None if begun is None else talk.house.flows.get(begun.flow)
        if begun is None or flow is None or not may_use(talk.step(), flow.role):
            continue
        step = talk.step(Frame(flow.name, dict(begun.values)))
        asked = (item for item in flow.fields if item.skip is None or not item.skip(step))
        if next((item.kind for item in asked), None) == "phone":
            return asking.put_on_top(talk, flow, begun.values)
    return False


def normal(text: str) -> str:
    """Fold width and case and strip what cannot be seen, so that a typed label equals a shown one."""
    folded = unicodedata.normalize("NFKC", text)
    if not folded.isprintable():  # most words are, and every character that is none would have to be looked up
        folded = "".join(c for c in folded if unicodedata.category(c)[0] != "C")
    return folded.strip().casefold()


def chosen(plain: str, prompt: Body | None) -> Any:
    """Return what a typed number or label of the prompt means; None when it is neither."""
    if prompt is None:
        return None
    if plain.isascii() and plain.isdigit() and len(plain) == 1:
        numbered = prompt.numbered
        if 1 <= int(plain) <= len(numbered):
            return numbered[int(plain) - 1][1].action
        return None
    typed = letters(plain)
    for button in prompt.buttons:
        label = normal(button.label)
        if button.url is None and (label == plain or (typed and letters(label) == typed)):
            return button.action
    return None


def letters(words: str) -> str:
    """Drop commas and other points: "yes cancel it" is what "Yes, cancel it" says. Empty without a letter."""
    kept = " ".join(_POINTS.sub(" ", words).split())
    return kept if any(map(str.isalpha, kept)) else ""


def _beyond(plain: str, prompt: Body | None) -> bool:
    """Tell whether a lone digit is no number of the present list: it may have been one of a list before it."""
    lone = len(plain) == 1 and plain.isascii() and plain.isdigit()
    return lone and prompt is not None and 0 < len(prompt.numbered) < int(plain)


def _nth(understood: Understanding, prompt: Body | None) -> Any:
    """Return the choice that "the second one" means."""
    nth = understood.first("ordinal")
    if nth is None or understood.intent != "choose" or prompt is None or not isinstance(nth.value, int):
        return None
    numbered = prompt.numbered
    place = nth.value - 1 if nth.value > 0 else nth.value or len(numbered)  # there is no choice 0
    return numbered[place][1].action if -len(numbered) <= place < len(numbered) else None


def _next_page(talk: Talk, understood: Understanding, prompt: Body | None) -> Any:
    """Return what turns the page of a view just shown, for "any others?" with nothing running."""
    if understood.intent != "more" or talk.state.top is not None or prompt is None:
        return None
    turning = (button.action for button in prompt.buttons if button.url is None)
    return next((action for action in turning if isinstance(action, dict) and "page" in action.get("about", {})), None)


def understood_of(talk: Talk, text: str, prompt: Body | None) -> Understanding:
    """Return what the words mean, the talk following the language they are in."""
    item = asked_field(talk)
    understood = understand(
        text,
        lang=talk.lang,
        zone=talk.loaded.zone,
        now=talk.now,
        lexicon=lexicon_of(talk.step()),
        asked=_asked(talk, prompt),
    )
    _follow(talk, understood, raw=item is not None and item.raw)
    return _fitting(talk, understood)


def _follow(talk: Talk, understood: Understanding, *, raw: bool) -> None:
    """Answer in the language of these words; one left by a single message is easily gone back to."""
    lang = tongue.after(talk.lang, understood, before=talk.state.spoke, raw=raw)
    if lang != talk.lang:
        talk.state.spoke = None if understood.intent == "language" else talk.lang
        talk.memo["language"] = talk.lang = lang
    elif "language" not in talk.memo and tongue.speaks(lang, understood):
        talk.state.spoke = None


def _asked(talk: Talk, prompt: Body | None) -> Asked:
    item, frame = asked_field(talk), talk.state.top
    kind = SUMMARY_KIND if frame is not None and frame.asking == SUMMARY else item.kind if item is not None else None
    return Asked(kind=kind, choices=0 if prompt is None else len(prompt.numbered))


def asked_field(talk: Talk) -> Field | None:
    """Return the field whose question is open."""
    frame, flow = talk.state.top, talk.flow
    return None if frame is None or flow is None else flow.field(frame.asking or "")


def asks_yes_or_no(talk: Talk) -> bool:
    """Tell whether the open question is one that a yes answers: a summary, or whether something is wished."""
    item, frame = asked_field(talk), talk.state.top
    return frame is not None and (frame.asking == SUMMARY or (item is not None and item.kind == SUMMARY_KIND))


def _fitting(talk: Talk, understood: Understanding) -> Understanding:
    """What only a technician can mean gives way, for everybody else, to what the words say as well."""
    own = talk.house.technicians_own
    if not own & {intent.name for intent in understood.intents} or may_use(talk.step(), "technician"):
        return understood
    others = [intent for intent in understood.intents if intent.name not in own]
    left = sum(intent.confidence for intent in others)
    if left < _SOMETHING_ELSE:
        return understood
    share = min(1.0, CERTAIN / left)
    return replace(
        understood,
        intents=tuple(Intent(each.name, round(max(each.confidence, each.confidence * share), 3)) for each in others),
    )


_SOMETHING_ELSE = 0.1
"""So much of the confidence must speak for other meanings; less, and a technician's words were meant."""
