"""Where understood words go: a command, the yes, a question in between, another task, a field, or a named choice."""

import re
from dataclasses import replace

from core.heard import How
from core.orders.views import orders_of
from dialogs.engine import asking, clarifying, commands, deciding, filling, handover
from dialogs.engine.acting import is_pick, look, press
from dialogs.engine.confidence import CERTAIN, GUESS, SURE
from dialogs.engine.flow import Answer, Done, Field, Flow, Missed, View
from dialogs.engine.state import SUMMARY, Frame
from dialogs.engine.talk import Talk
from dialogs.lexicon import trade_named
from dialogs.outgoing import Body
from dialogs.roles import may_use
from nlu import Understanding

MISSES_TO_OFFER = 3
MISSES_TO_HUMAN = 5
"""So often not understood at one question, a person of the house takes over (conversation behaviour 41)."""

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
_CLAIMABLE = ("correct", "out_of_scope", "thank", "finish_work", "affirm", "deny")
_SMALL_TALK = ("greet", "thank", "goodbye")
_OTHER_PLACES = ("home", "work", "hotel")
_FACTS_OF_A_BOOKING = ("service", "when", "address", "phone")
_TOLD_IN_FULL = 3
_ASKED_BESIDE = ("ask_service", "ask_policy", "ask_price")
_WISHES = re.compile(
    r"(?:我|我们|帮我|给我|先)?(?:约[个一下]|想约|要约|预约[个一]|想做[个一]|来[个一]|订[个一])"
    r"|\b(?:i'?d (?:like|love)|i (?:want|need)|can i (?:get|have|book)|book(?: me)?) an? "
)
"""Wishes for a visit, and does not only ask about one."""
_FACTS_OF_A_VISIT = ("service", "when", "technician")


def meaning(talk: Talk, text: str, understood: Understanding) -> Body:
    """Do what the words mean here."""
    intent = understood.intent if understood.confidence >= GUESS else "out_of_scope"
    frame, flow = talk.state.top, talk.flow
    item = None if frame is None or flow is None else flow.field(frame.asking or "")
    answer = Answer(text=text, understood=understood)
    if frame is not None and flow is not None and _is_free(item, understood) and intent != "emergency":
        return _filled(talk, flow, frame, intent, answer)
    anywhere = _anywhere(talk, item, intent, understood)
    if anywhere is not None:
        return anywhere
    spoken = _outspoken(talk, flow, item, understood)
    if spoken is not None:
        if isinstance(spoken, View):
            return look(talk, spoken.name, understood, {})
        return begin_said(talk, spoken, understood)
    if frame is None or flow is None:
        return _from_nothing(talk, intent, understood)
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
    if intent in _COMMANDS:
        return commands.WORDS[intent](talk)
    if intent != "complain" or (item is not None and item.free):
        return None
    claimed = _claimed(talk, understood)  # "the fridge is broken" complains of nobody
    return (
        look(talk, claimed.name, understood, {})
        if isinstance(claimed, View) and claimed.outspoken
        else commands.complain(talk)
    )


def _outspoken(talk: Talk, flow: Flow | None, item: Field | None, understood: Understanding) -> Flow | View | None:
    """Return the flow or view that these words are for, whatever else they could mean."""
    if item is not None and (item.raw or item.free or item.kind == "address"):
        return None
    step = talk.step()
    for one in talk.house.claiming:
        if not one.outspoken or one is flow or one.claims is None:
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
    meant = _meant(talk, intent)
    another_order = understood.first("order_code") is not None and flow.field("order") is None
    answers = intent == "keep" and item is not None and item.kind == "yes_no"  # a no to the new
    if answers or (_is_own(flow, intent) and not another_order):
        return None
    if isinstance(meant, View) and meant.between:
        return look(talk, meant.name, understood, {})
    return begin_said(talk, meant, understood) if isinstance(meant, Flow) and meant is not flow else None


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
    meant = _meant(talk, intent)
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
    labelled = _said_on_a_button(talk, understood)
    if labelled is not None:
        return press(talk, labelled)
    claimed = _claimed(talk, understood)
    if isinstance(claimed, View) and claimed.between:
        return look(talk, claimed.name, understood, {})
    if isinstance(claimed, Flow) and understood.intent == "give_name" and flow.field("name") is None:
        return begin_said(talk, claimed, understood)
    likely = clarifying.likely(talk, understood, flow)
    if len(likely) == 1 and isinstance(likely[0], Flow) and not likely[0].unsure:
        return begin_said(talk, likely[0], understood)
    return _only_view(talk, understood, flow) or clarifying.which(talk, understood, running=flow)


def _only_view(talk: Talk, understood: Understanding, running: Flow | None = None) -> Body | None:
    """Show what alone the words may ask for: a choice of one is no choice, and looking changes nothing."""
    likely = clarifying.likely(talk, understood, running)
    if len(likely) != 1 or not isinstance(likely[0], View) or (running is not None and not likely[0].between):
        return None
    talk.heard = How.UNCLEAR
    return look(talk, likely[0].name, understood, {})


def is_answered(talk: Talk, understood: Understanding) -> bool:
    """Whether words we are unsure of still name one choice shown, or are claimed by what knows them."""
    return _said_on_a_button(talk, understood) is not None or _claimed(talk, understood) is not None


def _said_on_a_button(talk: Talk, understood: Understanding) -> object:
    """Return the one choice shown whose label holds these words: "the neck one"."""
    prompt = talk.prompt
    words = _AROUND.sub(" ", understood.normal).strip()
    if prompt is None or len(words) < (_LEAST_LATIN if words.isascii() else _LEAST_HAN):
        return None
    found = [one.action for _, one in prompt.numbered if is_pick(one.action) and words in one.label.casefold()]
    return found[0] if len(found) == 1 else None


def _from_nothing(  # noqa: C901, PLR0911, PLR0912 - one rule a line
    talk: Talk, intent: str, understood: Understanding
) -> Body:
    """Begin what is meant; facts without a verb ("manicure tomorrow") mean booking."""
    meant, sure = _meant(talk, intent), understood.confidence >= SURE
    wished = _wish_told(talk, meant, understood)
    if wished is not None:
        return wished
    if not sure or (meant is None and (understood.entities or intent in _CLAIMABLE)):
        claimed = _claimed(talk, understood)
        meant, sure = (meant, sure) if claimed is None else (claimed, True)
    if intent == "keep" and deciding.CANCELS.search(understood.normal):
        return _nothing_meant(talk, intent)  # "don't cancel": nothing is, and no wish of theirs is taken back
    if intent in ("accept", "refuse"):
        asked_of_them = _claimed(talk, understood)  # a change somebody has asked for, where no offer is open
        meant = asked_of_them if isinstance(asked_of_them, Flow) else meant
    if isinstance(meant, Flow) and (sure or not meant.unsure):
        return begin_said(talk, meant, understood)
    if intent == "greet":
        talk.lead.append(talk.say("engine.greet"))
    if isinstance(meant, View):
        return look(talk, meant.name, understood, {})
    if intent == "affirm" and sure:
        if clarifying.has_to_pay(talk):
            return look(talk, "pay", understood, {})
        prompt = talk.prompt
        if prompt is not None and len(prompt.numbered) == 1:  # a suggestion with one button under it
            return press(talk, prompt.numbered[0][1].action)
    if meant is None and sure and talk.house.meant_by.get(intent):
        talk.lead.append(talk.say("engine.not_yours"))
        return asking.menu(talk)
    if intent == "cancel" and deciding.CANCELS.search(understood.normal) is None:
        return _nothing_meant(talk, intent)  # "算了": there is nothing to let go of, and no order is meant
    if _tells_of_a_visit(talk, understood) and intent != "deny":
        return begin_said(talk, talk.house.flows["book"], understood)
    return _only_view(talk, understood) or clarifying.which(talk, understood) or _nothing_meant(talk, intent)


def _wish_told(talk: Talk, meant: Flow | View | None, understood: Understanding) -> Body | None:
    """A visit told in full is a booking, whatever else the words hold; a question beside it is answered."""
    book, told = talk.house.flows["book"], sum(understood.first(kind) is not None for kind in _FACTS_OF_A_BOOKING)
    sure = understood.confidence >= SURE
    if told >= _TOLD_IN_FULL and understood.first("order_code") is None and (isinstance(meant, View) or not sure):
        return begin_said(talk, book, understood)
    asks = isinstance(meant, View) and meant.between and sure and understood.intent in _ASKED_BESIDE
    if not asks or meant is None or understood.first("service") is None or not _WISHES.search(understood.normal):
        return None
    body, frame = begin_said(talk, book, understood), talk.state.top
    return body if frame is None else look(talk, meant.name, understood, {})


def _claimed(talk: Talk, understood: Understanding) -> Flow | View | None:
    """Return what knows these words by themselves. It may act at once: only our own reading is shown to it."""
    if talk.advised:
        return None
    step = talk.step()
    for one in talk.house.claiming:
        if one.claims is not None and may_use(step, one.role) and one.claims(step, understood):
            return one
    return None


def _tells_of_a_visit(talk: Talk, understood: Understanding) -> bool:
    """Tell whether facts without a verb mean booking; a day alone in talk about the weather does not."""
    named = [kind for kind in _FACTS_OF_A_VISIT if understood.first(kind) is not None]
    if not named and trade_named(talk.step(), understood) is not None:  # "massage": there is a choice of them
        return understood.confidence < SURE
    if named != ["when"]:
        return bool(named)
    clear = not understood.unknown or (understood.confidence >= SURE and understood.intent != "out_of_scope")
    return clear and not may_use(talk.step(), "technician")  # whose bare "five is fine" speaks of work


def _nothing_meant(talk: Talk, intent: str) -> Body:
    if talk.house.texts.has(f"engine.{intent}"):
        talk.lead.append(talk.say(f"engine.{intent}"))
    elif intent == "keep" and _has_orders(talk):
        talk.lead.append(talk.say("engine.nothing_cancelled"))
    elif intent in ("cancel", "keep"):
        talk.lead.append(talk.say("engine.dropped"))
    elif intent not in ("greet", "affirm", "deny"):
        return _missed_at_the_menu(talk)
    return asking.menu(talk)


def _has_orders(talk: Talk) -> bool:
    return bool(orders_of(talk.tx, talk.loaded.person_id, most=1))


def _missed_at_the_menu(talk: Talk) -> Body:
    """With nothing running: say so, then how one can say it, then offer a human, then call one."""
    state, talk.heard = talk.state, How.MISSED
    state.misses += 1
    if state.misses >= MISSES_TO_HUMAN:
        state.misses = 0
        return handover.after_misses(talk)
    again = "engine.not_understood_working" if may_use(talk.step(), "technician") else "engine.not_understood_again"
    talk.lead.append(talk.say("engine.not_understood" if state.misses == 1 else again))
    if state.misses >= MISSES_TO_OFFER:
        talk.lead.append(talk.say("engine.miss_human"))  # the menu has the button
    return asking.menu(talk)


def begin_said(talk: Talk, flow: Flow, understood: Understanding) -> Body:
    """Start a flow and let its fields take what the same sentence says already."""
    known = {name: value for name, value in talk.state.about.items() if flow.field(name) is not None}
    if not asking.put_on_top(talk, flow, known):
        return asking.go_on(talk, once_more=True)
    _, missed = filling.offer(talk, Answer(text=understood.text, understood=understood))
    if missed is not None:
        talk.lead.append(missed.text)
    return asking.opened(talk, flow)


def _language(talk: Talk, understood: Understanding) -> Body:
    """Answer in the language named from now on; where none is, or one is being chosen, ask or end the choice."""
    if understood.first("language") is None:
        return asking.begin(talk, "set_language", {})
    talk.lead.append(talk.say("engine.language"))
    if talk.flow is not None and talk.flow.name == "set_language":
        talk.state.stack = talk.state.stack[:-1]
    return asking.go_on(talk, once_more=True)


def _meant(talk: Talk, intent: str) -> Flow | View | None:
    """Return what the intent means for this person: a technician's own first, if they are one."""
    step = talk.step()
    return next((one for one in talk.house.meant_by.get(intent, ()) if may_use(step, one.role)), None)


def miss(talk: Talk, missed: Missed | None) -> Body:
    """Say why and give an example; then fewer choices, then offer a human, then call one. Nothing changes."""
    frame = talk.state.top
    if frame is None:
        return _missed_at_the_menu(talk)
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
