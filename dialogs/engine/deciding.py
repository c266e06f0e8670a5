"""Yes, no, keep it, let it go: what one word decides depends on what was shown last, and on how grave it is."""

import re

from dialogs.engine import asking, clarifying, commands
from dialogs.engine.acting import commit_shown, is_pick, press
from dialogs.engine.actions import Word, plain
from dialogs.engine.confidence import CERTAIN, GUESS, LET_GO, SURE
from dialogs.engine.flow import Flow, Shown
from dialogs.engine.state import SUMMARY, Frame
from dialogs.engine.talk import Talk
from dialogs.outgoing import Body
from nlu import Understanding

_LOOSE_YES = re.compile(r"(?:好了|行了|可以了|好吧|嗯+|哦+|ok(?:ay)?|fine|all ?right|right)[啊呀哦。.,!~\s]*")
"""Said at the end of anything: for what cannot be brought back that is no yes."""
_CLEAR_YES = re.compile(r"是|对|确认|确定|取消|退|\b(?:yes|yeah|yep|confirm|cancel|sure|refund)\b")
CANCELS = re.compile(r"取消|退|\b(?:cancel|refund)")


def decided(talk: Talk, flow: Flow, frame: Frame, understood: Understanding) -> Body | None:
    """Do what a word of decision means under what was shown last; None when these words decide nothing."""
    intent, sure = understood.intent, understood.confidence >= SURE
    match intent:
        case "keep" if understood.confidence >= GUESS:
            # Keeping something is said plainly; what is read with less confidence is somebody who is still thinking.
            return commands.keep(talk) if understood.confidence > CERTAIN else commands.wait(talk)
        case "cancel" if understood.confidence >= LET_GO and not _is_answer(flow, frame, understood):
            return clarifying.what_to_cancel(talk, flow, frame, understood) or commands.cancel(talk)
        case "affirm" if sure and _asked_to_resume(talk):
            return asking.go_on(talk)
        case "thank" | "goodbye" if sure and _asked_to_resume(talk):  # nobody said to carry on
            return talk.body_of_shown(Shown(talk.say(f"engine.{intent}"), (talk.word("resume"), talk.word("drop"))))
        case "affirm" if sure and frame.asking == SUMMARY:
            return asking.go_on(talk) if flow.grave and _is_loose(frame, understood) else commit_shown(talk)
        case "deny":
            left = _drop_offered(talk)
            return None if left is None else press(talk, left)
        case _:
            return commands.cancel(talk) if intent in flow.undone_by else None


def _asked_to_resume(talk: Talk) -> bool:
    """Whether what was asked last is if to carry on: a yes to that is none to the summary not shown yet."""
    prompt = talk.prompt
    return prompt is not None and any(one.action == plain(Word("resume")) for _, one in prompt.numbered)


def _is_loose(frame: Frame, understood: Understanding) -> bool:
    """Whether a yes is too little for what cannot be brought back: said in passing, or after other words."""
    said = understood.normal.strip()
    return _LOOSE_YES.fullmatch(said) is not None or (frame.misses > 0 and _CLEAR_YES.search(said) is None)


def _drop_offered(talk: Talk) -> object:
    """Return the choice that lets go, where the prompt offers one: a no to "shall we carry on?"."""
    prompt = talk.prompt
    drop = plain(Word("drop"))
    return None if prompt is None else next((one.action for _, one in prompt.numbered if one.action == drop), None)


def _is_answer(flow: Flow, frame: Frame, understood: Understanding) -> bool:
    """Where cancelling is what is asked, the word "cancel" is no way out but no clear yes either; "never mind" is."""
    return "cancel" in flow.intents and frame.asking == SUMMARY and CANCELS.search(understood.normal) is not None


def yes_to_a_list(talk: Talk) -> Body:
    """A yes where something is to be chosen takes the only choice there is; of several one must be named."""
    prompt = talk.prompt
    choices = [] if prompt is None else [one.action for _, one in prompt.numbered if is_pick(one.action)]
    if len(choices) == 1:
        return press(talk, choices[0])
    if choices:
        talk.lead.append(talk.say("engine.choose_one"))
    return asking.go_on(talk, once_more=True)
