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
from nlu.intents import plain_yes

_LOOSE_YES = re.compile(r"(?:好了|行了|可以了|好吧|嗯+|哦+|ok(?:ay)?|fine|all ?right|right)[啊呀哦。.,!~\s]*")
"""Said at the end of anything: for what cannot be brought back that is no yes."""
_CLEAR_YES = re.compile(
    r"是|对|好|可以|行|要|没问题|同意|确认|确定|当然"
    r"|\b(?:yes|yeah|yea|yep|yup|y|sure|confirm(?:ed)?|agreed|absolutely|definitely|certainly|of course|go ahead)\b"
    r"|\b(?:do it|please do)\b|👌|👍|✅|🆗"
)
"""What is a yes to something grave; "cool" and "right" are said of anything."""
_DEED_DENIED = re.compile(
    r"(?:别|不要?|先不|不想|不用|莫|唔好|唔)(?:再|给我|帮我|把)?.{0,4}(?:删|清空|注销)"
    r"|\b(?:don'?t|do not|not|never)\b.{0,12}\b(?:delete|erase|remove)\b"
)
_HEARD = re.compile(
    r"(?:[哦噢喔]|知道|收到|明白|了解|看到了|(?:oh |ok |okay )?i see|got it|understood|noted|[\s,.!~了的啊])+"
)
_OTHER_YES = re.compile(r"[单订约付买]|\b(?:book|order|reserve|place|pay)\b")
"""A yes to a booking or to paying is none to what lets go of it."""
CANCELS = re.compile(r"取消|退|\b(?:cancel|refund)")
_AROUND = (
    r"[\s,.!~]|是的?|对的?|好的?|嗯+|恩|行|可以|要|我|就|那|确认|确定|麻烦|帮我|给我|请|直接|掉|订单|预约|这个?|一?单|它|吧|了|啊|呀|的|啦|谢谢"
    r"|\b(?:yes|yeah|yep|yup|ok|okay|sure|please|pls|just|go|ahead|and|confirm|it|this|that|the|my|me|order|booking"
    r"|appointment|visit|i|want|to|do|thanks|thank|you|now|then|everything|data)\b"
)
"""What a clear word for a grave thing may have around it: 对，取消吧; yes please cancel it."""
_WAYS_OUT = frozenset(("取消", "cancel"))
"""Alone these are the word under every question that leaves it: no clear yes to cancelling an order."""
_CONFIRMS = re.compile(r"确认|确定|\bconfirm")


def decided(talk: Talk, flow: Flow, frame: Frame, understood: Understanding) -> Body | None:  # noqa: PLR0911 - one case a line
    """Do what a word of decision means under what was shown last; None when these words decide nothing."""
    intent, sure = understood.intent, understood.confidence >= SURE
    match intent:
        case "keep" if GUESS <= understood.confidence <= CERTAIN:
            return commands.wait(talk)  # to keep something is said plainly: this is somebody who is still thinking
        case "keep" if sure and not _asks_whether(flow, frame):
            return commands.keep(talk)
        case _ if flow.grave and _DEED_DENIED.search(understood.normal):
            return commands.cancel(talk)
        case _ if _is_the_word(talk, flow, frame, understood):
            return commit_shown(talk)
        case "cancel" if understood.confidence >= LET_GO and not _is_answer(flow, frame, understood):
            return clarifying.what_to_cancel(talk, flow, frame, understood) or commands.cancel(talk)
        case "affirm" if sure and _asked_to_resume(talk):
            return asking.go_on(talk)
        case "thank" | "goodbye" if sure and _asked_to_resume(talk):  # nobody said to carry on
            return talk.body_of_shown(Shown(talk.say(f"engine.{intent}"), (talk.word("resume"), talk.word("drop"))))
        case _ if frame.asking == SUMMARY and _HEARD.fullmatch(understood.normal):
            return _asked_plainly(talk)
        case "affirm" if understood.confidence >= GUESS and frame.asking == SUMMARY:
            return _yes(talk, flow, frame, understood)
        case "deny":
            left = _drop_offered(talk)
            return None if left is None else press(talk, left)
        case _:
            return commands.cancel(talk) if intent in flow.undone_by else None


def _asks_whether(flow: Flow, frame: Frame) -> bool:
    """Where a yes or no is asked for something new, to keep the old is the no: the field reads it."""
    item = flow.field(frame.asking or "")
    return item is not None and item.holds is bool


def _asked_to_resume(talk: Talk) -> bool:
    """Whether what was asked last is if to carry on: a yes to that is none to the summary not shown yet."""
    prompt = talk.prompt
    return prompt is not None and any(one.action == plain(Word("resume")) for _, one in prompt.numbered)


def _yes(talk: Talk, flow: Flow, frame: Frame, understood: Understanding) -> Body | None:
    """Do what was shown, where the words are a yes by themselves; where they only sound like one, ask for it plainly.

    None where something else is said beside it, which the fields may have a use for.
    """
    if plain_yes(understood.normal):
        return _asked_again(talk, frame) if flow.grave and _is_loose(frame, understood) else commit_shown(talk)
    if understood.confidence < SURE or understood.entities:
        return None
    return _asked_plainly(talk)


def _asked_plainly(talk: Talk) -> Body:
    """Ask for a plain yes: what was said may mean no more than that it has been read."""
    talk.lead.append(talk.say("engine.yes_plainly"))
    return asking.go_on(talk, once_more=True)


def _is_loose(frame: Frame, understood: Understanding) -> bool:
    """Whether a yes is too little for what cannot be brought back: said in passing, to another thing, after others."""
    said = understood.normal.strip()
    if _LOOSE_YES.fullmatch(said) is not None or _OTHER_YES.search(said) is not None or not _CLEAR_YES.search(said):
        return True
    return frame.misses > 0 and _CONFIRMS.search(said) is None


def _asked_again(talk: Talk, frame: Frame) -> Body:
    """Put the grave question once more: the next yes is to this, and to no words in between."""
    frame.misses = 0
    talk.lead.append(talk.say("engine.yes_grave"))
    return asking.go_on(talk)


def _is_the_word(talk: Talk, flow: Flow, frame: Frame, understood: Understanding) -> bool:
    """Whether the very act is named where a grave one is asked about: 对，取消; yes, cancel it.

    The words that began it, sent twice, are no answer to the question they brought.
    """
    said = understood.normal.strip()
    if frame.asking != SUMMARY or not flow.grave or re.search(flow.deed, said) is None:
        return False
    if re.fullmatch(rf"(?:{flow.deed}|{_AROUND})+", said) is None or said in _WAYS_OUT:
        return False
    return talk.before is None or talk.before.text.strip() != understood.text.strip()


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
