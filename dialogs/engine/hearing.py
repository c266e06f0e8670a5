"""What typed words come to: a number or a label of the prompt, or what is understood of them."""

import re
import unicodedata
from dataclasses import replace
from typing import Any

from dialogs import tongue
from dialogs.engine import asking, commands, filling, routing
from dialogs.engine.acting import press
from dialogs.engine.confidence import SURE
from dialogs.engine.flow import Answer, Field
from dialogs.engine.state import SUMMARY
from dialogs.engine.talk import Talk
from dialogs.lexicon import lexicon_of
from dialogs.outgoing import Body
from dialogs.roles import may_use
from nlu import Asked, Understanding, understand

_ALWAYS = ("back", "human", "more", "resume")
"""Command words that count by their label, whether or not the prompt shows them as a button."""
SUMMARY_KIND = "yes_no"
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
    if understood.confidence < SURE and _FOREIGN.search(text) and not (item is not None and item.raw):
        talk.lead.append(talk.say("engine.languages"))
        return asking.go_on(talk, once_more=True)
    picked = _nth(understood, prompt) or _next_page(talk, understood, prompt)
    return routing.meaning(talk, text, understood) if picked is None else press(talk, picked)


def sent(talk: Talk, answer: Answer) -> Body:
    """Take a photo, a pin or a phone number where the flow has a use for it."""
    if talk.state.top is None:
        talk.lead.append(talk.say("engine.not_expected"))
        return asking.menu(talk)
    took, missed = filling.offer(talk, answer)
    if took:
        return asking.go_on(talk)
    talk.lead.append(missed.text if missed else talk.say("engine.not_expected"))
    return asking.go_on(talk, once_more=True)


def normal(text: str) -> str:
    """Fold width and case and strip what cannot be seen, so that a typed label equals a shown one."""
    folded = unicodedata.normalize("NFKC", text)
    return "".join(c for c in folded if unicodedata.category(c)[0] != "C").strip().casefold()


def chosen(plain: str, prompt: Body | None) -> Any:
    """Return what a typed number or label of the prompt means; None when it is neither."""
    if prompt is None:
        return None
    if plain.isascii() and plain.isdigit() and len(plain) == 1:
        numbered = prompt.numbered
        if 1 <= int(plain) <= len(numbered):
            return numbered[int(plain) - 1][1].action
        return None
    for button in prompt.buttons:
        if button.url is None and normal(button.label) == plain:
            return button.action
    return None


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
    frame = talk.state.top
    kind = SUMMARY_KIND if frame is not None and frame.asking == SUMMARY else item.kind if item is not None else None
    understood = understand(
        text,
        lang=talk.lang,
        zone=talk.loaded.zone,
        now=talk.now,
        lexicon=lexicon_of(talk.step()),
        asked=Asked(kind=kind, choices=0 if prompt is None else len(prompt.numbered)),
    )
    lang = tongue.after(talk.lang, understood, raw=item is not None and item.raw)
    if lang != talk.lang:
        talk.memo["language"] = talk.lang = lang
    return _fitting(talk, understood)


def asked_field(talk: Talk) -> Field | None:
    """Return the field whose question is open."""
    frame, flow = talk.state.top, talk.flow
    return None if frame is None or flow is None else flow.field(frame.asking or "")


def _fitting(talk: Talk, understood: Understanding) -> Understanding:
    """What only a technician can mean gives way, for everybody else, to what the words say as well."""
    own = talk.house.technicians_own
    if understood.intent not in own or may_use(talk.step(), "technician"):
        return understood
    others = tuple(intent for intent in understood.intents if intent.name not in own)
    return replace(understood, intents=others) if others and others[0].confidence >= SURE else understood
