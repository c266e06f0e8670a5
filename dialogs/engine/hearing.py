"""What typed words do to the conversation: a number or a label of the prompt, or what is understood of them."""

import unicodedata
from dataclasses import replace
from typing import Any

import msgspec

from dialogs.engine import asking, commands
from dialogs.engine.acting import commit_shown, look, press
from dialogs.engine.flow import Answer, Flow, Missed, Took, View
from dialogs.engine.state import SUMMARY, Frame
from dialogs.engine.talk import Talk
from dialogs.lexicon import lexicon_of
from dialogs.outgoing import Body
from dialogs.roles import may_use
from nlu import Asked, Understanding, understand

SURE = 0.75
"""Confidence from which an intent may start something or interrupt."""
LET_GO = 0.7
"""Confidence from which words drop what runs: a bare "算了" means it, and beginning again costs little."""
GUESS = 0.45
"""Confidence below which an intent says nothing."""
SUMMARY_KIND = "yes_no"

_COMMANDS = ("emergency", "human", "help", "repeat", "back", "more")
_TECHNICIANS_OWN = frozenset({"my_day", "income", "withdraw", "off_duty", "on_duty", "leave", "end_leave"})
_QUESTIONS = frozenset(
    {
        "ask_price",
        "ask_policy",
        "ask_technician",
        "ask_service",
        "order_status",
        "where_is_technician",
        "my_day",
        "income",
    }
)


def words(talk: Talk, text: str, *, prompt: Body | None) -> Body:
    """Do what somebody typed means: a number or label of the prompt first, then what is understood."""
    plain = normal(text)
    chosen = _chosen(plain, prompt)
    if chosen is not None:
        return press(talk, chosen)
    if not plain:
        return miss(talk, None)
    understood = _understood(talk, text, prompt)
    nth = understood.first("ordinal")
    if nth is not None and understood.intent == "choose" and prompt is not None and isinstance(nth.value, int):
        numbered = prompt.numbered
        place = nth.value - 1 if nth.value > 0 else nth.value or len(numbered)  # there is no choice 0
        if -len(numbered) <= place < len(numbered):
            return press(talk, numbered[place][1].action)
    return _meaning(talk, text, understood)


def sent(talk: Talk, answer: Answer) -> Body:
    """Take a photo, a pin or a phone number where the flow has a use for it."""
    if talk.state.top is None:
        talk.lead.append(talk.say("engine.not_expected"))
        return asking.menu(talk)
    took, missed = _offer(talk, answer)
    if took:
        return asking.go_on(talk)
    talk.lead.append(missed.text if missed else talk.say("engine.not_expected"))
    return asking.go_on(talk, once_more=True)


def normal(text: str) -> str:
    """Fold width and case and strip what cannot be seen, so that a typed label equals a shown one."""
    folded = unicodedata.normalize("NFKC", text)
    return "".join(c for c in folded if unicodedata.category(c)[0] != "C").strip().casefold()


def _chosen(plain: str, prompt: Body | None) -> Any:
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


def _understood(talk: Talk, text: str, prompt: Body | None) -> Understanding:
    frame, flow = talk.state.top, talk.flow
    kind: str | None = None
    if frame is not None and flow is not None:
        item = flow.field(frame.asking or "")
        kind = SUMMARY_KIND if frame.asking == SUMMARY else item.kind if item is not None else None
    choices = 0 if prompt is None else len(prompt.numbered)
    understood = understand(
        text,
        lang=talk.lang,
        zone=talk.loaded.zone,
        now=talk.now,
        lexicon=lexicon_of(talk.step()),
        asked=Asked(kind=kind, choices=choices),
    )
    _follow_language(talk, understood)
    return _fitting(talk, understood)


def _fitting(talk: Talk, understood: Understanding) -> Understanding:
    """What only a technician can mean gives way, for everybody else, to what the words say as well."""
    if understood.intent not in _TECHNICIANS_OWN or may_use(talk.step(), "technician"):
        return understood
    others = tuple(intent for intent in understood.intents if intent.name not in _TECHNICIANS_OWN)
    return replace(understood, intents=others) if others and others[0].confidence >= SURE else understood


def _follow_language(talk: Talk, understood: Understanding) -> None:
    """Answer in the language of somebody's words, once these are enough to tell."""
    if understood.lang == talk.lang or understood.confidence < SURE:
        return
    latin = sum(word.isascii() and word.isalpha() for word in understood.normal.split())
    han = sum("一" <= character <= "鿿" for character in understood.normal)
    if (understood.lang == "en" and latin >= 2 and not han) or (understood.lang != "en" and han >= 2):
        talk.memo["language"] = talk.lang = understood.lang


def _meaning(talk: Talk, text: str, understood: Understanding) -> Body:
    intent = understood.intent if understood.confidence >= GUESS else "out_of_scope"
    if intent in _COMMANDS and understood.confidence >= SURE:
        return commands.WORDS[intent](talk)
    if intent == "language":
        return _language(talk, understood)
    frame, flow = talk.state.top, talk.flow
    if intent == "complain" and understood.confidence >= SURE and not _takes_words(flow, frame):
        return commands.complain(talk)
    if frame is None or flow is None:
        return _from_nothing(talk, intent, understood)
    if intent == "keep":
        return asking.go_on(talk, once_more=not asking.keep(talk))
    if intent == "cancel" and understood.confidence >= LET_GO and not _is_answer(flow, frame):
        return commands.cancel(talk)
    if frame.asking == SUMMARY and intent == "affirm":
        return commit_shown(talk)
    return _in_flow(talk, flow, frame, intent, text, understood)


def _takes_words(flow: Flow | None, frame: Frame | None) -> bool:
    """Whether the field asked takes words as they are: hard words in a review are the review."""
    item = flow.field(frame.asking or "") if flow is not None and frame is not None else None
    return item is not None and item.raw


def _is_answer(flow: Flow, frame: Frame) -> bool:
    """In the cancelling flow the word "cancel" is no way out but no clear yes either: the question is put again."""
    return flow.name == "cancel_order" and frame.asking == SUMMARY


def _in_flow(talk: Talk, flow: Flow, frame: Frame, intent: str, text: str, understood: Understanding) -> Body:
    item = flow.field(frame.asking or "")
    raw_now = item is not None and item.raw
    answers = item is not None and item.kind == "code" and understood.first("order_code") is not None
    view = _view_of(talk, intent)
    if view is not None and intent in _QUESTIONS and understood.confidence >= SURE and not raw_now and not answers:
        return look(talk, view.name, understood, {})
    other = _flow_of(talk, intent)
    if (
        other is not None
        and other.name != flow.name
        and understood.confidence >= SURE
        and not raw_now
        and not (intent in ("reschedule", "change_technician", "review", "book") and _mine(flow, intent))
    ):
        return _begin_said(talk, other, understood)
    before = dict(frame.values)
    took, missed = _offer(talk, Answer(text=text, understood=understood))
    if took:
        return _gone_on(talk, flow, frame, before)
    if missed is not None and not raw_now:
        return miss(talk, missed)
    changed = _changes(talk, flow, frame, intent, understood)
    if changed is not None:
        return changed
    if raw_now:
        took, missed = _offer(talk, Answer(text=text, understood=understood, sure=True))
        if took:
            return asking.go_on(talk)
    elif intent in ("greet", "thank", "goodbye"):
        talk.lead.append(talk.say(f"engine.{intent}"))
        return asking.go_on(talk, once_more=True)
    return miss(talk, missed)


def _gone_on(talk: Talk, flow: Flow, frame: Frame, before: dict[str, Any]) -> Body:
    """Go on after words were taken: a changed summary says what changed, a question put again that they were heard."""
    asked, had = frame.asking, len(talk.lead)
    body = asking.go_on(talk)
    if talk.state.top is not frame or len(talk.lead) > had:
        return body
    if asked == SUMMARY and frame.asking == SUMMARY:
        changed = [item.name for item in flow.fields if before.get(item.name) != frame.values.get(item.name)]
        names = [
            talk.say(f"{flow.name}.field_{name}")
            for name in changed
            if talk.house.texts.has(f"{flow.name}.field_{name}")
        ]
        joined = (", " if talk.lang == "en" else "、").join(names)
        return (
            msgspec.structs.replace(body, text=f"{talk.say('engine.changed', what=joined)}\n{body.text}")
            if names
            else body
        )
    if asked is not None and asked == frame.asking:
        return msgspec.structs.replace(body, text=f"{talk.say('engine.noted')}\n{body.text}")
    return body


def _mine(flow: Flow, intent: str) -> bool:
    """Words such as "another time" mean the flow that runs when it has such a field."""
    field_of = {"reschedule": "start", "change_technician": "technician", "review": "overall", "book": "service"}
    return flow.field(field_of[intent]) is not None


def _changes(talk: Talk, flow: Flow, frame: Frame, intent: str, understood: Understanding) -> Body | None:
    """Words that reopen a field without its new value ("another time"); a plain no to a summary."""
    name = {"reschedule": "start", "change_technician": "technician", "give_address": "address"}.get(intent)
    if intent == "correct":
        name = _named_field(talk, flow, understood)
    if name is not None and flow.field(name) is not None and name in frame.values:
        asking.reopen(talk, name)
        return asking.go_on(talk)
    if frame.asking == SUMMARY and intent == "deny":
        talk.lead.append(talk.say("engine.what_to_change"))
        return asking.go_on(talk)
    return None


def _named_field(talk: Talk, flow: Flow, understood: Understanding) -> str | None:
    """The field somebody names without its new value: "change the address"."""
    for item in flow.fields:
        key = f"{flow.name}.field_{item.name}"
        if talk.house.texts.has(key) and talk.say(key).casefold() in understood.normal:
            return item.name
    return None


def _offer(talk: Talk, answer: Answer) -> tuple[bool, Missed | None]:
    """Let every field of the running flow take from the answer what is its own."""
    frame, flow = talk.state.top, talk.flow
    if frame is None or flow is None:
        return False, None
    took_any, missed = False, None
    asked = frame.asking
    for item in flow.fields:
        result = item.read(talk.step(), replace(answer, asked=item.name == asked))
        if isinstance(result, Took):
            took_any = True
            asking.apply(talk, result)
        elif isinstance(result, Missed) and (item.name == asked or missed is None):
            missed = result
    return took_any, missed


def _from_nothing(talk: Talk, intent: str, understood: Understanding) -> Body:
    """Begin what is meant; facts without a verb ("manicure tomorrow") mean booking."""
    flow = _flow_of(talk, intent)
    if flow is not None and understood.confidence >= (SURE if flow.unsure else GUESS):
        return _begin_said(talk, flow, understood)
    view = _view_of(talk, intent)
    if intent == "greet":
        talk.lead.append(talk.say("engine.greet"))
    if view is not None:
        return look(talk, view.name, understood, {})
    if intent in _TECHNICIANS_OWN and understood.confidence >= SURE:
        talk.lead.append(talk.say("engine.not_yours"))
        return asking.menu(talk)
    if any(understood.first(kind) is not None for kind in ("service", "when", "technician")) and intent != "deny":
        return _begin_said(talk, talk.house.flows["book"], understood)
    if talk.house.texts.has(f"engine.{intent}"):
        talk.lead.append(talk.say(f"engine.{intent}"))
    elif intent in ("deny", "cancel", "keep"):
        talk.lead.append(talk.say("engine.dropped"))
    elif intent not in ("greet", "affirm"):
        talk.lead.append(talk.say("engine.not_understood"))
    return asking.menu(talk)


def _begin_said(talk: Talk, flow: Flow, understood: Understanding) -> Body:
    """Start a flow and let its fields take what the same sentence says already."""
    asking.drop_same(talk, flow.name)
    if len(talk.state.stack) >= asking.MOST_DEPTH:
        talk.lead.append(talk.say("engine.too_deep"))
        return asking.go_on(talk, once_more=True)
    talk.state.stack = [*talk.state.stack, Frame(flow=flow.name)]
    _offer(talk, Answer(text=understood.text, understood=understood))
    return asking.opened(talk, flow)


def _language(talk: Talk, understood: Understanding) -> Body:
    wanted = understood.first("language")
    if wanted is not None and isinstance(wanted.value, str):
        talk.memo["language"] = talk.lang = wanted.value
    talk.lead.append(talk.say("engine.language"))
    return asking.go_on(talk, once_more=True)


def _flow_of(talk: Talk, intent: str) -> Flow | None:
    step = talk.step()
    return next((f for f in talk.house.flows.values() if intent in f.intents and may_use(step, f.role)), None)


def _view_of(talk: Talk, intent: str) -> View | None:
    step = talk.step()
    return next((v for v in talk.house.views.values() if intent in v.intents and may_use(step, v.role)), None)


def miss(talk: Talk, missed: Missed | None) -> Body:
    """Say why and give an example; the second time only the choices; the third time offer a human. Nothing changes."""
    frame = talk.state.top
    if frame is None:
        talk.lead.append(talk.say("engine.not_understood"))
        return asking.menu(talk)
    frame.misses += 1
    reason = missed.text if missed is not None else _example(talk, frame)
    talk.lead.append(reason)
    if frame.misses > 2:
        talk.lead.append(talk.say("engine.miss_human"))
    return asking.go_on(talk, once_more=True)


def _example(talk: Talk, frame: Frame) -> str:
    key = f"{frame.flow}.{frame.asking}.example"
    return talk.say(key) if talk.house.texts.has(key) else talk.say("engine.not_understood_here")
