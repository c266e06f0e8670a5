"""Where understood words go: a command, the yes, a question in between, another task, a field, or a named choice."""

import re
from dataclasses import replace

from core.heard import How
from dialogs.engine import asking, at_rest, clarifying, commands, deciding, filling, handover
from dialogs.engine.acting import is_pick, look, press
from dialogs.engine.confidence import CERTAIN, GUESS, MISSES_TO_HUMAN, MISSES_TO_OFFER, SURE
from dialogs.engine.flow import Answer, Done, Field, Flow, Missed, View
from dialogs.engine.meaning import begin_said, claimed_by, meant_by, only_view
from dialogs.engine.state import SUMMARY, Frame
from dialogs.engine.talk import Talk
from dialogs.outgoing import Body
from dialogs.roles import may_use
from nlu import Understanding

_BARE_HAN, _BARE_WORDS = 6, 4
"""What is no longer than this may be a command where any words are an answer."""
_AROUND = re.compile(
    r"\b(?:the|a|an|one|ones|please|i'?ll|have|take|go|with|for|that|this|just|ok|okay|then)\b|[的那这个要就吧选来做约一项款啊呀.,!]"
)
"""What people say around the name of a choice."""
_LEAST_LATIN, _LEAST_HAN = 3, 2
_ANOTHER = re.compile(
    r"再(?:帮我|给我)?(?:约|订|来)(?!一[遍次])|另外(?:再)?约|还要约|(?:再|还要|另外|顺便|可以|也)加一?[个次份单]?"
    r"|\b(?:another booking|also book|book another|as well|add (?:a|an|some|on)|and add|plus an?|too)\b"
)
"""One more visit, not another one in place of what is being booked."""
_COMMANDS = ("emergency", "human", "help", "repeat", "back", "more")
_WONDERING = ("help", "repeat")
_SMALL_TALK = ("greet", "thank", "goodbye")
_OTHER_PLACES = ("home", "work", "hotel")


def meaning(talk: Talk, text: str, understood: Understanding) -> Body:
    """Do what the words mean here."""
    intent = understood.intent if understood.confidence >= GUESS else "out_of_scope"
    frame, flow = talk.state.top, talk.flow
    item = None if frame is None or flow is None else flow.field(frame.asking or "")
    answer = Answer(text=text, understood=understood)
    if frame is not None and flow is not None and _is_free(item, understood) and intent != "emergency":
        return _filled(talk, flow, frame, intent, answer)
    spoken = _outspoken(talk, flow, item, understood)
    wondered = spoken is not None and intent in _WONDERING  # "what is this?" of what somebody knows how to explain
    anywhere = None if wondered else _anywhere(talk, item, intent, understood)
    if anywhere is not None:
        return anywhere
    if spoken is not None:
        if isinstance(spoken, View):
            return look(talk, spoken.name, understood, {})
        return begin_said(talk, spoken, understood)
    if frame is None or flow is None:
        return at_rest.begin(talk, intent, understood)
    moved = _moved_instead(talk, flow, frame, understood)
    if moved is not None:
        return moved
    decided = deciding.decided(talk, flow, frame, understood)
    if decided is not None:
        return decided
    besides = _one_at_a_time(talk, flow, understood) or _besides(talk, flow, item, intent, understood)
    return besides or _filled(talk, flow, frame, intent, answer)


def _moved_instead(talk: Talk, flow: Flow, frame: Frame, understood: Understanding) -> Body | None:
    """Change the time, or who comes, of the order that cancelling is asked about: that question is over."""
    order_id = frame.values.get("order")
    if not flow.grave or frame.asking != SUMMARY or order_id is None:
        return None
    retime, step = talk.house.flows["retime"], talk.step()
    named = understood.intent in retime.intents and understood.confidence >= GUESS
    if not named and not (retime.claims is not None and retime.claims(step, understood)):
        return None
    asking.drop(talk, [frame])
    swap = {"swap": True} if understood.intent == "change_technician" else {}
    if not asking.put_on_top(talk, retime, {"order": order_id, **swap}):
        return asking.go_on(talk, once_more=True)
    refused = retime.start(talk.step()) if retime.start is not None else None
    if isinstance(refused, Done):
        return asking.finish(talk, refused)
    _, missed = filling.offer(talk, Answer(text=understood.text, understood=understood))
    if missed is not None:
        talk.lead.append(missed.text)
    return asking.go_on(talk)


def _anywhere(talk: Talk, item: Field | None, intent: str, understood: Understanding) -> Body | None:
    """Do what means the same at any step; None for everything else."""
    if intent == "language":
        return _language(talk, understood)
    if understood.confidence < SURE:
        return None
    if intent in _COMMANDS and not (item is not None and intent in item.hears):
        return commands.WORDS[intent](talk)
    if intent != "complain" or (item is not None and item.free):
        return None
    claimed = claimed_by(talk, understood)  # "the fridge is broken" complains of nobody
    return (
        look(talk, claimed.name, understood, {})
        if isinstance(claimed, View) and claimed.outspoken
        else commands.complain(talk)
    )


def _outspoken(talk: Talk, flow: Flow | None, item: Field | None, understood: Understanding) -> Flow | View | None:
    """Return the flow or view that these words are for, whatever else they could mean."""
    own_words = item is not None and (item.raw or item.free or item.kind == "address")
    step = talk.step()
    for one in talk.house.claiming:
        if not one.outspoken or one is flow or one.claims is None or (own_words and isinstance(one, View)):
            continue
        if one.claims(step, understood) and may_use(step, one.role):  # words first: most are nobody's, and cost nothing
            return one
    return None


def _is_free(item: Field | None, understood: Understanding) -> bool:
    """Whether these words are the answer whatever they say: only a bare command is a command to a free question."""
    bare = len(understood.normal) <= _BARE_HAN or (
        understood.normal.isascii() and len(understood.normal.split()) <= _BARE_WORDS
    )
    return item is not None and item.free and not bare


def _besides(talk: Talk, flow: Flow, item: Field | None, intent: str, understood: Understanding) -> Body | None:
    """Answer a question in between, or begin another task on top; None when the words belong to what runs."""
    if item is not None and (item.free or (item.kind == "code" and understood.first("order_code") is not None)):
        return None
    raw = item is not None and item.raw
    if understood.confidence < (CERTAIN if raw else SURE):
        return None
    meant = meant_by(talk, intent)
    another_order = understood.first("order_code") is not None and flow.field("order") is None
    answers = intent == "keep" and item is not None and item.kind == "yes_no"  # a no to the new
    if answers or (_is_own(flow, intent) and not another_order):
        return None
    if isinstance(meant, View) and meant.between:
        return look(talk, meant.name, understood, {})
    if not isinstance(meant, Flow) or (meant is flow and not flow.anew):
        return None
    return begin_said(talk, meant, understood)


def _one_at_a_time(talk: Talk, flow: Flow, understood: Understanding) -> Body | None:
    """Answer the wish for one more visit while one is being booked: the first comes to its end, nothing is lost."""
    service = understood.first("service")
    running = talk.state.top
    if flow.name != "book" or running is None or "service" not in running.values or service is None:
        return None
    if _ANOTHER.search(understood.normal) is None or str(service.value) == str(running.values["service"]):
        return None
    running.values["then"] = int(str(service.value))
    talk.lead.append(talk.say("engine.one_at_a_time"))
    return asking.go_on(talk, once_more=True)


def _is_own(flow: Flow, intent: str) -> bool:
    """Words such as "another time" mean the flow that runs when it has such a field."""
    return any(intent in (*item.hears, *item.reopened_by) for item in flow.fields)


def _filled(talk: Talk, flow: Flow, frame: Frame, intent: str, answer: Answer) -> Body:
    """Let the fields take the words; else a change without its new value, raw words, small talk, a named choice."""
    item, understood = flow.field(frame.asking or ""), answer.understood
    assert understood is not None
    raw, before = item is not None and item.raw, dict(frame.values)
    took, missed = filling.offer(talk, answer)
    if took:
        return filling.gone_on(talk, flow, frame, before)
    if intent == "affirm" and frame.asking != SUMMARY and not raw:
        return deciding.yes_to_a_list(talk)
    if missed is not None and not raw:
        return _asked_anew(talk, flow, frame, missed, understood) or miss(talk, missed)
    changed = filling.reopened(talk, flow, frame, intent, understood)
    if changed is not None:
        return changed
    meant = meant_by(talk, intent)
    if isinstance(meant, View) and meant.between and understood.confidence >= SURE and not raw:
        return look(talk, meant.name, understood, {})
    if raw:
        took, missed = filling.offer(talk, replace(answer, sure=True))
        if took:
            return asking.go_on(talk)
    elif intent in _SMALL_TALK:
        talk.lead.append(talk.say(f"engine.{intent}"))
        return asking.go_on(talk, once_more=True)
    return (None if raw else _guessed(talk, flow, understood)) or miss(talk, missed)


def _asked_anew(talk: Talk, flow: Flow, frame: Frame, missed: Missed, understood: Understanding) -> Body | None:
    """Another place was wished for at the summary and is not known: that one thing is asked, not the yes as well."""
    item, place = flow.field(missed.field), understood.first("place_name")
    if frame.asking != SUMMARY or item is None or item.kind != "address" or item.name not in frame.values:
        return None
    if place is None or place.value not in _OTHER_PLACES:
        return None  # "the usual one" of somebody who has none is no wish for another
    talk.lead.append(missed.text)
    asking.reopen(talk, item.name)
    return asking.go_on(talk)


def _guessed(talk: Talk, flow: Flow, understood: Understanding) -> Body | None:
    """Words that no field took: a choice named by part of its label, an answer that claims them, a named choice."""
    if understood.intent == "repeat" and understood.confidence >= SURE:
        return commands.repeat(talk)  # a field hears it, and had no use for it
    labelled = _said_on_a_button(talk, understood)
    if labelled is not None:
        return press(talk, labelled)
    claimed = claimed_by(talk, understood)
    if isinstance(claimed, View) and claimed.between:
        return look(talk, claimed.name, understood, {})
    if isinstance(claimed, Flow) and understood.intent == "give_name" and flow.field("name") is None:
        return begin_said(talk, claimed, understood)
    likely = clarifying.likely(talk, understood, flow)
    if len(likely) == 1 and isinstance(likely[0], Flow) and not likely[0].unsure:
        return begin_said(talk, likely[0], understood)
    return only_view(talk, understood, flow) or clarifying.which(talk, understood, running=flow)


def is_answered(talk: Talk, understood: Understanding) -> bool:
    """Whether words we are unsure of still name one choice shown, or are claimed by what knows them."""
    return _said_on_a_button(talk, understood) is not None or claimed_by(talk, understood) is not None


def _said_on_a_button(talk: Talk, understood: Understanding) -> object:
    """Return the one choice shown whose label holds these words: "the neck one"."""
    prompt = talk.prompt
    words = _AROUND.sub(" ", understood.normal).strip()
    if prompt is None or len(words) < (_LEAST_LATIN if words.isascii() else _LEAST_HAN):
        return None
    found = [one.action for _, one in prompt.numbered if is_pick(one.action) and words in one.label.casefold()]
    return found[0] if len(found) == 1 else None


def _language(talk: Talk, understood: Understanding) -> Body:
    """Answer in the language named from now on; where none is, or one is being chosen, ask or end the choice."""
    if understood.first("language") is None:
        return asking.begin(talk, "set_language", {})
    talk.lead.append(talk.say("engine.language"))
    if talk.flow is not None and talk.flow.name == "set_language":
        talk.state.stack = talk.state.stack[:-1]
    return asking.go_on(talk, once_more=True)


def miss(talk: Talk, missed: Missed | None) -> Body:
    """Say why and give an example; then fewer choices, then offer a human, then call one. Nothing changes."""
    frame = talk.state.top
    if frame is None:
        return at_rest.missed(talk)
    if missed is None:
        talk.heard = How.MISSED
    frame.misses += 1
    if frame.misses >= MISSES_TO_HUMAN:
        return handover.after_misses(talk)
    if missed is None and talk.beyond:
        talk.lead.append(talk.say("engine.list_changed"))
    else:
        talk.lead.append(missed.text if missed is not None else _example(talk, frame))
    if frame.misses >= MISSES_TO_OFFER:
        talk.lead.append(talk.say("engine.miss_human"))
        return handover.offered(talk, asking.go_on(talk, once_more=True))
    return asking.go_on(talk, once_more=True)


def _example(talk: Talk, frame: Frame) -> str:
    key = f"{frame.flow}.{frame.asking}.example"
    return talk.say(key) if talk.house.texts.has(key) else talk.say("engine.not_understood_here")
