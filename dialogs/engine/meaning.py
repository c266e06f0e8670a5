"""What words stand for to this person: a flow, a view, or what claims them by itself; and beginning it."""

from core.heard import How
from dialogs.engine import asking, clarifying, filling
from dialogs.engine.acting import look
from dialogs.engine.flow import Answer, Flow, View
from dialogs.engine.talk import Talk
from dialogs.outgoing import Body
from dialogs.roles import may_use
from nlu import Understanding


def meant_by(talk: Talk, intent: str) -> Flow | View | None:
    """Return what the intent means for this person: a technician's own first, if they are one."""
    step = talk.step()
    return next((one for one in talk.house.meant_by.get(intent, ()) if may_use(step, one.role)), None)


def claimed_by(talk: Talk, understood: Understanding) -> Flow | View | None:
    """Return what knows these words by themselves. It may act at once: only our own reading is shown to it."""
    if talk.advised:
        return None
    step = talk.step()
    for one in talk.house.claiming:
        if one.claims is not None and may_use(step, one.role) and one.claims(step, understood):
            return one
    return None


def only_view(talk: Talk, understood: Understanding, running: Flow | None = None) -> Body | None:
    """Show what alone the words may ask for: a choice of one is no choice, and looking changes nothing."""
    likely = clarifying.likely(talk, understood, running)
    if len(likely) != 1 or not isinstance(likely[0], View) or (running is not None and not likely[0].between):
        return None
    talk.heard = How.UNCLEAR
    return look(talk, likely[0].name, understood, {})


def begin_said(talk: Talk, flow: Flow, understood: Understanding) -> Body:
    """Start a flow and let its fields take what the same sentence says already."""
    known = {name: value for name, value in talk.state.about.items() if flow.field(name) is not None}
    if not asking.put_on_top(talk, flow, known):
        return asking.go_on(talk, once_more=True)
    _, missed = filling.offer(talk, Answer(text=understood.text, understood=understood))
    if missed is not None:
        talk.lead.append(missed.text)
    return asking.opened(talk, flow)
