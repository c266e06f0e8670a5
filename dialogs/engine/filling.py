"""Values out of words: every field takes what is its own, whatever was asked; a correction changes what it names."""

from dataclasses import replace
from typing import Any

import msgspec

from dialogs.engine import asking
from dialogs.engine.confidence import SURE
from dialogs.engine.flow import Answer, Field, Flow, Missed, Took
from dialogs.engine.state import SUMMARY, Frame
from dialogs.engine.talk import Talk
from dialogs.outgoing import Body
from nlu import Understanding


def offer(talk: Talk, answer: Answer) -> tuple[bool, Missed | None]:
    """Let every field of the running flow take from the answer what is its own.

    A time settled already changes only by words that are clear: "lovely weather today" moves no visit to today.
    """
    frame, flow = talk.state.top, talk.flow
    if frame is None or flow is None:
        return False, None
    took_any, missed = False, None
    asked, vague, step = frame.asking, _vague(answer), talk.step()
    to_asked, to_others = replace(answer, asked=True), replace(answer, asked=False)
    for item in flow.fields:
        if vague and item.kind == "when" and item.name != asked and item.name in frame.values:
            continue
        result = item.read(step, to_asked if item.name == asked else to_others)
        if isinstance(result, Took):
            took_any = True
            asking.apply(talk, result)
        elif isinstance(result, Missed) and (item.name == asked or missed is None):
            missed = replace(result, field=item.name)
    return took_any, missed


def _vague(answer: Answer) -> bool:
    understood = answer.understood
    if understood is None or (understood.confidence >= SURE and understood.intent != "out_of_scope"):
        return False
    return len("".join(understood.unknown)) > 1


def gone_on(talk: Talk, flow: Flow, frame: Frame, before: dict[str, Any]) -> Body:
    """Go on after words were taken: a changed summary says what changed, a question put again that they were heard."""
    asked, had = frame.asking, len(talk.lead)
    if asked == SUMMARY:
        asking.remember(frame, before)
    body = asking.go_on(talk)
    if talk.state.top is not frame or len(talk.lead) > had:
        return body
    if asked == SUMMARY and frame.asking == SUMMARY:
        changed = _named(talk, flow, before, frame.values)
        return _preceded(body, talk.say("engine.changed", what=changed)) if changed else body
    if asked is not None and asked == frame.asking:
        told = _told(talk, flow, before, frame.values)
        if told:
            return _preceded(body, talk.say("engine.noted_what", what=told))
        return body if had else _preceded(body, talk.say("engine.noted"))  # a field's own words say it was heard
    return body


def _told(talk: Talk, flow: Flow, before: dict[str, Any], after: dict[str, Any]) -> str:
    """Write what was heard, so that one sees it was heard right."""
    heard = []
    for item in flow.fields:
        if item.tell is None:
            continue
        now = _telling(talk, item, flow, after)
        if now and now != _telling(talk, item, flow, before):
            heard.append(now)
    return (", " if talk.lang == "en" else "，").join(heard)


def _telling(talk: Talk, item: Field, flow: Flow, values: dict[str, Any]) -> str:
    known = any(name in values for name in (item.name, *item.told_by))
    return item.tell(talk.step(Frame(flow=flow.name, values=values))) if item.tell is not None and known else ""


def _preceded(body: Body, words: str) -> Body:
    return msgspec.structs.replace(body, text=f"{words}\n{body.text}")


def _named(talk: Talk, flow: Flow, before: dict[str, Any], after: dict[str, Any]) -> str:
    """Write which fields have another value now."""
    changed = [item.name for item in flow.fields if before.get(item.name) != after.get(item.name)]
    keys = [f"{flow.name}.field_{name}" for name in changed]
    return (", " if talk.lang == "en" else "、").join(talk.say(key) for key in keys if talk.house.texts.has(key))


def reopened(talk: Talk, flow: Flow, frame: Frame, intent: str, understood: Understanding) -> Body | None:
    """Answer words that reopen a field without its new value ("another time"); a plain no to a summary."""
    meant = (item.name for item in flow.fields if intent in item.reopened_by)
    name = _field_named(talk, flow, understood) if intent == "correct" else next(meant, None)
    if name is not None and name in frame.values:
        asking.reopen(talk, name)
        body = asking.go_on(talk)
        return body if frame.asking == name else _preceded(body, talk.say("engine.asked_later"))
    if name is not None and intent != "give_address":
        talk.lead.append(talk.say("engine.asked_later"))
        return asking.go_on(talk, once_more=True)
    if frame.asking == SUMMARY and intent == "deny":
        talk.lead.append(talk.say("engine.what_to_change"))
        return asking.go_on(talk)
    return None


def _field_named(talk: Talk, flow: Flow, understood: Understanding) -> str | None:
    """The field somebody names without its new value: "change the address"."""
    for item in flow.fields:
        key = f"{flow.name}.field_{item.name}"
        if talk.house.texts.has(key) and talk.say(key).casefold() in understood.normal:
            return item.name
    return None
