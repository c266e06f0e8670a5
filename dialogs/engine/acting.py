"""What a tap, a number, a label or words come to: one closed set of acts on the conversation."""

from collections.abc import Iterable

import msgspec

from core.errors import BookingError
from core.orders.moves import load
from dialogs.cards import CHANGE_VERBS, VERBS
from dialogs.cards.stale import present_state
from dialogs.engine import asking, commands
from dialogs.engine.actions import Act, Action, Begin, Change, Commit, Look, Pick, Word, read_action, says_yes
from dialogs.engine.flow import Redo, Shown, Took
from dialogs.engine.state import SUMMARY
from dialogs.engine.talk import MOST_CHOICES, Talk, in_rows
from dialogs.outgoing import Body, Button
from dialogs.roles import may_use
from nlu import Understanding

MOST_ALONGSIDE = 4
"""Buttons of an answer given in between that may stand beside the pending question's own."""


def press(talk: Talk, action_data: object) -> Body:
    """Do what a live button means."""
    try:
        action = read_action(action_data)
        known = _known(talk, action)
    except msgspec.ValidationError:
        known = False
    if not known:
        talk.lead.append(talk.say("engine.stale"))
        return asking.go_on(talk, once_more=True)
    return act(talk, action)


def _known(talk: Talk, action: Action) -> bool:
    """Tell whether this version still has what a button of an older one means, and here."""
    match action:
        case Pick():
            return talk.flow is not None
        case Change(field):
            return talk.flow is not None and talk.flow.field(field) is not None
        case Begin(flow):
            return flow in talk.house.flows
        case Look(view):
            return view in talk.house.views
        case Act(verb):
            return verb in VERBS or verb in CHANGE_VERBS
        case Word(word):
            return word in commands.WORDS
        case Commit():
            return True


def _about(action: Action) -> dict[str, object]:
    match action:
        case Begin(values=about) | Look(about=about):
            return about
        case _:
            return {}


def is_pick(action_data: object) -> bool:
    """Tell whether a button answers the question it stands under."""
    try:
        return isinstance(read_action(action_data), Pick)
    except msgspec.ValidationError:
        return False


def only_looks(action_data: object) -> bool:
    """Tell whether a button shows something and does nothing."""
    try:
        return isinstance(read_action(action_data), Look)
    except msgspec.ValidationError:
        return False


def begins_what_runs(talk: Talk, action_data: object) -> bool:
    """Tell whether a button starts the very flow that is running, about the same order: a second tap."""
    top, order_id = talk.state.top, order_of_button(action_data)
    if top is None or order_id is None or top.values.get("order") != order_id:
        return False
    action = read_action(action_data)
    return isinstance(action, Begin) and action.flow == top.flow


def yes_among(buttons: Iterable[Button]) -> Commit | None:
    """Return the yes among these buttons where it tells which summary it is to."""
    said = next((one.action for one in buttons if one.url is None and says_yes(one.action)), None)
    yes = None if said is None else read_action(said)
    return yes if isinstance(yes, Commit) and yes.to else None


def begins(action_data: object) -> Begin | None:
    """Return what a button begins; None of any other."""
    try:
        action = read_action(action_data)
    except msgspec.ValidationError:
        return None
    return action if isinstance(action, Begin) else None


def flow_begun(action_data: object) -> str | None:
    """Return the flow a button begins; None of any other."""
    begun = begins(action_data)
    return None if begun is None else begun.flow


def order_of_button(action_data: object) -> int | None:
    """Return the order a button is about."""
    try:
        action = read_action(action_data)
    except msgspec.ValidationError:
        return None
    if isinstance(action, Act):
        return action.order_id
    about = _about(action).get("order")
    return about if isinstance(about, int) else None


def act(talk: Talk, action: Action) -> Body:
    """Do an action, whoever asked for it: a tap, a number, a label or words."""
    match action:
        case Pick(values):
            asking.apply(talk, Took(dict(values)))
            return asking.go_on(talk)
        case Change(field):
            asking.reopen(talk, field)
            return asking.go_on(talk)
        case Commit():
            return commit_shown(talk)
        case Begin(flow, values):
            return _begin(talk, flow, values)
        case Look(view, about):
            return look(talk, view, None, about)
        case Act():
            return _verb(talk, action)
        case Word(word):
            return commands.WORDS[word](talk)


def _begin(talk: Talk, name: str, values: dict[str, object]) -> Body:
    flow = talk.house.flows[name]
    if not may_use(talk.step(), flow.role):
        talk.lead.append(talk.say("engine.not_yours"))
        return asking.go_on(talk, once_more=True)
    return asking.begin(talk, name, dict(values))


def commit_shown(talk: Talk) -> Body:
    """A yes counts only for the summary that was the last thing shown."""
    frame = talk.state.top
    if frame is None or frame.asking != SUMMARY:
        talk.lead.append(talk.say("engine.yes_to_what"))
        return asking.go_on(talk)
    if talk.lost:  # what the summary showed has lapsed since: this is a yes to something else
        return asking.go_on(talk)
    result = asking.commit(talk)
    if isinstance(result, Redo):
        asking.undo(talk, result)
        frame.asking = None
        return asking.go_on(talk)
    return asking.finish(talk, result)


def look(talk: Talk, name: str, understood: Understanding | None, about: dict[str, object]) -> Body:
    """Answer a question; in the middle of a flow its own question follows exactly once."""
    view = talk.house.views.get(name)
    if view is None or not may_use(talk.step(), view.role):
        talk.lead.append(talk.say("engine.not_yours"))
        return asking.go_on(talk, once_more=True)
    try:
        shown = view.show(talk.step(), understood, dict(about))
    except BookingError as error:
        talk.lead.append(asking.refusal(talk, error))
        return asking.go_on(talk, once_more=True)
    talk.state.about = shown.about or talk.state.about
    return alongside(talk, shown)


def alongside(talk: Talk, shown: Shown) -> Body:
    """Say this and put the pending question once more; with nothing pending, say just this."""
    if talk.state.top is None:
        return talk.body_of_shown(shown)
    talk.lead.append(shown.text if shown.beside is None else shown.beside)
    talk.photo_file_id = shown.photo_file_id
    body = asking.go_on(talk, once_more=True)
    room = min(MOST_ALONGSIDE, max(MOST_CHOICES - len(body.numbered), 0))
    at_summary = talk.state.top.asking == SUMMARY  # whose own choices are the ones to choose from
    offered = [one for one in shown.buttons if _about_an_order(one) and not (at_summary and one.url is None)]
    rows = in_rows([_of_its_order(talk, one) for one in offered[:room]], 2)
    return msgspec.structs.replace(body, rows=(*body.rows[:-1], *rows, *body.rows[-1:])) if rows else body


def as_it_stands(talk: Talk, order_id: int | None) -> Body:
    """After a press that came to nothing, show the order it was about as it stands now; else the pending question."""
    if talk.state.top is None and order_id is not None:
        shown = present_state(talk.step(), order_id)
        if shown is not None:
            return talk.body_of_shown(shown)
    return asking.go_on(talk, once_more=True)


def _about_an_order(button: Button) -> bool:
    """Tell whether a view's button is of use in the middle of a flow: it concerns an order that exists."""
    if button.url is not None:
        return True
    match read_action(button.action):
        case Act():
            return True
        case Begin(values=about) | Look(about=about):
            return "order" in about
        case _:
            return False


def _of_its_order(talk: Talk, button: Button) -> Button:
    """Name the order on a button that stands among choices of something else."""
    order_id = None if button.url is not None else order_of_button(button.action)
    if order_id is None:
        return button
    code = load(talk.tx, order_id).code
    key = "engine.see_order" if button.label == code else "engine.of_order"
    return msgspec.structs.replace(button, label=talk.say(key, code=code, label=button.label))


def _verb(talk: Talk, wanted: Act) -> Body:
    """Do a card's verb; a refusal undoes what it wrote and is said in words."""
    order_id = wanted.order_id
    try:
        with talk.tx.savepoint():
            if wanted.verb in CHANGE_VERBS:
                done = CHANGE_VERBS[wanted.verb](talk.step(), order_id, wanted.change_id)
            else:
                done = VERBS[wanted.verb](talk.step(), order_id)
    except BookingError as error:
        talk.lead.append(asking.refusal(talk, error))
        return as_it_stands(talk, order_id)
    top = talk.state.top
    if top is not None and top.values.get("order") == order_id:  # what was being asked about it has been overtaken
        talk.state.stack = talk.state.stack[:-1]
        asking.release(talk, top)
    if done.begin is not None:
        talk.lead.append(done.text)
        return _begin(talk, done.begin, done.begin_values or {})
    if talk.state.top is not None:
        talk.lead.append(done.text)
        return asking.go_on(talk, once_more=True)
    return talk.body_of_shown(Shown(done.text, done.buttons, columns=done.columns))
