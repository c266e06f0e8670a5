"""Going on with the flow on top: settle what can be assumed, ask the first thing missing, show the summary, commit."""

import contextlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from core.errors import BookingError
from dialogs.engine.flow import Ask, Choice, Done, Field, Flow, Redo, Shown, Took
from dialogs.engine.state import SUMMARY, Frame, Listed
from dialogs.engine.talk import FEW_CHOICES, MOST_CHOICES, MOST_LISTED, Talk
from dialogs.outgoing import Body

MOST_STEPS = 16
MOST_DEPTH = 3
ASKED_FOR = "_asked"
"""Value holding the fields a person wants to be asked, so that nothing is assumed for them."""
BEFORE = "_before"
"""Value holding all values as they were, while one of them is being changed."""
CHANGING = "_changing"
"""Value telling that a change was begun in place: going back ends it, and not the step before."""


class EndlessFlow(Exception):
    """A flow that keeps undoing itself without putting a question: a defect, found by its story."""


def go_on(talk: Talk, *, once_more: bool = False) -> Body:
    """Return the next message of the conversation: a question, a summary, or what a finished flow says."""
    for _ in range(MOST_STEPS):
        frame, flow = talk.state.top, talk.flow
        if frame is None or flow is None:
            return menu(talk)
        result = _next(talk, flow, frame, once_more=once_more)
        if isinstance(result, Ask):
            return talk.body_of_ask(_stable(frame, result), page=frame.page, few=_fewer(flow, frame))
        if isinstance(result, Done):
            return finish(talk, result)
        undo(talk, result)
        once_more = False
    top = talk.state.top
    raise EndlessFlow(None if top is None else (top.flow, top.asking))  # its values are the person's own


def _next(talk: Talk, flow: Flow, frame: Frame, *, once_more: bool) -> Ask | Redo | Done:
    missing = first_missing(talk, flow, frame)
    step = talk.step()
    if missing is not None:
        if frame.asking not in (missing.name, None, SUMMARY) and frame.asking in frame.values:
            _walked(frame, frame.asking)
        if frame.asking != missing.name:
            frame.page, frame.misses = 0, 0
        frame.asking = missing.name
        asked = missing.ask(step)
        return _with_former(talk, frame, missing, asked) if isinstance(asked, Ask) else asked
    if flow.summary is None:
        return commit(talk)
    if frame.asking in frame.values and frame.asking is not None:
        _walked(frame, frame.asking)
    shown_already = frame.asking == SUMMARY
    frame.asking = SUMMARY
    if once_more and shown_already and flow.again is not None:
        return flow.again(step)
    summary = flow.summary(step)
    if isinstance(summary, Ask):
        _settled(frame)
    return summary


def _walked(frame: Frame, name: str) -> None:
    """Note a question answered; each once, so that the way back does not grow with every correction."""
    frame.trail = [*(before for before in frame.trail if before != name), name]


def _stable(frame: Frame, ask: Ask) -> Ask:
    """Keep a long list as it was first shown while its pages are turned."""
    ask = replace(ask, choices=ask.choices[:MOST_LISTED])
    if len(ask.choices) <= FEW_CHOICES:
        frame.listed = []
        return ask
    if frame.page and frame.listed:
        return replace(ask, choices=tuple(Choice(one.label, one.values) for one in frame.listed))
    frame.listed = [Listed(choice.label, choice.values) for choice in ask.choices] if _is_paged(frame, ask) else []
    return ask


def _fewer(flow: Flow, frame: Frame) -> bool:
    """Show fewer choices to somebody who was not understood twice; a scale of marks stays whole."""
    item = flow.field(frame.asking or "")
    return frame.misses > 1 and not (item is not None and item.kind == "stars")


def _is_paged(frame: Frame, ask: Ask) -> bool:
    return len(ask.choices) > (FEW_CHOICES if frame.misses > 1 else MOST_CHOICES)


def _with_former(talk: Talk, frame: Frame, item: Field, ask: Ask) -> Ask:
    """Where something settled is asked again, show what it was and offer to leave it so."""
    before = frame.values.get(BEFORE)
    if before is None:
        return ask
    if item.name not in before:
        _settled(frame)  # the change has led to a question never answered: there is no way back to say
        return ask
    former = talk.step(Frame(flow=frame.flow, values=before))
    said = "" if item.tell is None else talk.say("engine.now", value=item.tell(former)) + "\n"
    return replace(ask, text=said + ask.text, extra=(talk.word("keep"), *ask.extra))


def _settled(frame: Frame) -> None:
    frame.values.pop(BEFORE, None)
    frame.values.pop(CHANGING, None)


def first_missing(talk: Talk, flow: Flow, frame: Frame) -> Field | None:
    """Return the first field without a value, after settling those that can be assumed."""
    step = talk.step()
    asked_for = frame.values.get(ASKED_FOR, [])
    for item in flow.fields:
        if item.name in frame.values:
            continue
        if item.settle is not None and item.name not in asked_for:
            assumed = item.settle(step)
            if assumed is not None:
                took = assumed if isinstance(assumed, Took) else Took(assumed)
                frame.values.update(took.values)
                if took.note:
                    talk.lead.append(took.note)
                continue
        if item.skip is not None and item.skip(step):
            continue
        return item
    return None


def apply(talk: Talk, took: Took) -> None:
    """Take over values, then let everything that rests on them be checked again."""
    frame, flow = talk.state.top, talk.flow
    if frame is None or flow is None:
        return
    frame.misses = 0
    changed = {name for name, value in took.values.items() if frame.values.get(name, _NEVER) != value}
    for name, value in took.values.items():
        if value is None:
            frame.values.pop(name, None)
        else:
            frame.values[name] = value
            settled = [n for n in frame.values.get(ASKED_FOR, []) if n != name]
            frame.values[ASKED_FOR] = settled
    if took.note:
        talk.lead.append(took.note)
    recheck(talk, flow, changed)


def recheck(talk: Talk, flow: Flow, changed: set[str]) -> None:
    """Walk the fields in order: one that rests on something changed is asked whether it still holds."""
    for item in flow.fields:
        frame = talk.state.top
        if (
            frame is None
            or item.recheck is None
            or item.name not in frame.values
            or not changed.intersection(item.needs)
        ):
            continue
        result = item.recheck(talk.step())
        if result is not None:
            undo(talk, result)
            changed.update(result.forget)


def undo(talk: Talk, redo: Redo) -> None:
    """Forget what does not hold, saying why once."""
    frame = talk.state.top
    if frame is None:
        return
    if redo.text and redo.text not in talk.lead:
        talk.lead.append(redo.text)
    for name in redo.forget:
        frame.values.pop(name, None)
    frame.values.update(redo.values or {})
    frame.page = 0


def commit(talk: Talk) -> Done | Redo:
    """Do the flow's act; a refusal of the trade undoes what it wrote and is said in words."""
    frame, flow = talk.state.top, talk.flow
    assert frame is not None
    assert flow is not None
    try:
        with talk.tx.savepoint():
            return flow.commit(talk.step())
    except BookingError as error:
        release(talk, frame)
        return Done(refusal(talk, error))


def refusal(talk: Talk, error: BookingError) -> str:
    """Return the words for a refusal of the core."""
    key = f"error.{error.code}"
    if not talk.house.texts.has(key):
        key = "error.refused"
    facts = {name: value for name, value in error.facts.items() if isinstance(value, str | int)}
    facts |= {name: talk.step().moment(at) for name, at in error.facts.items() if isinstance(at, datetime)}
    return talk.say(key, **facts)


def give_way(talk: Talk, error: BookingError) -> Body:
    """End the flow whose subject has gone (a service taken off, a visit passed to somebody else), saying why."""
    while talk.state.top is not None:
        frame, talk.state.stack = talk.state.top, talk.state.stack[:-1]
        release(talk, frame)
        talk.lead = [refusal(talk, error)]
        try:
            return go_on(talk)
        except BookingError as another:
            error = another
    talk.lead = [refusal(talk, error)]
    return menu(talk)


def finish(talk: Talk, done: Done) -> Body:
    """End the flow on top; what lies under it is offered again, or the next flow begins."""
    ended = talk.state.stack[-1]
    talk.state.stack = [] if done.over else talk.state.stack[:-1]
    talk.lang = talk.memo.get("language", talk.lang)
    _overtaken(talk, ended)
    if done.begin is not None:
        if done.text:
            talk.lead.append(done.text)
        return begin(talk, done.begin, done.begin_values or {})
    buttons = list(done.buttons)
    text = done.text
    under = talk.flow
    if under is not None:
        left_open = talk.say("engine.left_open", flow=talk.say(f"flow.{under.name}"))
        text = f"{text}\n{left_open}" if text else left_open
        buttons += [talk.word("resume"), talk.word("drop")]
    return talk.body_of_shown(Shown(text, tuple(buttons), columns=done.columns))


def _overtaken(talk: Talk, ended: Frame) -> None:
    """Drop what was being asked about an order that the flow just ended has dealt with."""
    order_id = ended.values.get("order")
    if order_id is not None:
        drop(talk, [frame for frame in talk.state.stack if frame.values.get("order") == order_id])


def drop(talk: Talk, frames: Iterable[Frame]) -> None:
    """Take these off the stack, each letting go of what it held."""
    for frame in tuple(frames):
        talk.state.stack = [other for other in talk.state.stack if other is not frame]
        release(talk, frame)


def begin(talk: Talk, name: str, values: dict[str, Any]) -> Body:
    """Start a flow with what is known, on top of what runs; the same flow again starts anew."""
    flow = talk.house.flows[name]
    return opened(talk, flow) if put_on_top(talk, flow, values) else go_on(talk, once_more=True)


def put_on_top(talk: Talk, flow: Flow, values: dict[str, Any]) -> bool:
    """Put a flow on the stack, one of a kind at a time; False, with the reason said, when there is no room."""
    drop(talk, [frame for frame in talk.state.stack if frame.flow == flow.name])
    if not _make_room(talk, flow):
        return False
    talk.state.stack, talk.state.about = [*talk.state.stack, Frame(flow=flow.name, values=dict(values))], {}
    return True


def _make_room(talk: Talk, flow: Flow) -> bool:
    """Tell whether one more task fits on top, and say why not; what is grave is never refused: the oldest gives way."""
    if len(talk.state.stack) < MOST_DEPTH:
        return True
    if not flow.grave:
        talk.lead.append(talk.say("engine.too_deep"))
        return False
    oldest, *talk.state.stack = talk.state.stack
    talk.lead.append(let_go(talk, oldest))
    return True


def opened(talk: Talk, flow: Flow) -> Body:
    """Let a flow just put on top refuse or prepare, then go on."""
    if flow.start is not None:
        result = flow.start(talk.step())
        if isinstance(result, Done):
            return finish(talk, result)
        if isinstance(result, Redo):
            undo(talk, result)
    return go_on(talk)


def let_go(talk: Talk, frame: Frame) -> str:
    """Let a dropped flow free what it held; returns what to say."""
    flow = talk.house.flows[frame.flow]
    return flow.drop(talk.step(frame)) if flow.drop is not None else talk.say("engine.dropped")


def taken_up(talk: Talk) -> None:
    """Let the flow on top see what it held and has lost; one whose subject has gone is dropped, and that is said."""
    while talk.flow is not None and talk.flow.resume is not None:
        try:
            lost = talk.flow.resume(talk.step())
        except BookingError as gone:
            frame, talk.state.stack = talk.state.top, talk.state.stack[:-1]
            assert frame is not None
            release(talk, frame)
            talk.lead.append(refusal(talk, gone))
        else:
            talk.lost = lost
            return


def release(talk: Talk, frame: Frame) -> None:
    """Let a flow that ends by a refusal free what it held; what it cannot let go of now lapses by itself."""
    with contextlib.suppress(BookingError), talk.tx.savepoint():
        let_go(talk, frame)


def reopen(talk: Talk, name: str, *, changing: bool = True) -> None:
    """Ask a field again, so that "leave it as it was" can bring everything back; not `changing` when one steps back."""
    frame = talk.state.top
    if frame is None:
        return
    if BEFORE not in frame.values:
        frame.values[BEFORE] = dict(frame.values)
        if changing:
            frame.values[CHANGING] = True
    frame.values.pop(name, None)
    frame.values[ASKED_FOR] = [*frame.values.get(ASKED_FOR, []), name]


def remember(frame: Frame, before: dict[str, Any]) -> None:
    """Keep what the summary showed, so that a change made by words can be taken back as one made by a tap."""
    if BEFORE not in frame.values:
        frame.values[BEFORE] = {name: value for name, value in before.items() if name not in (BEFORE, CHANGING)}
        frame.values[CHANGING] = True


def keep(talk: Talk) -> bool:
    """Bring back what the summary showed before a change was begun; False when none was."""
    frame = talk.state.top
    if frame is None or BEFORE not in frame.values:
        return False
    frame.values, frame.asking, frame.page, frame.misses = dict(frame.values[BEFORE]), None, 0, 0
    return True


def menu(talk: Talk) -> Body:
    """Return what can be done from here, when nothing runs."""
    view = talk.house.views["menu"]
    return talk.body_of_shown(view.show(talk.step(), None, {}))


_NEVER = object()
