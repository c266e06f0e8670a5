# ruff: noqa: E501 - word tables read best by row
"""Somebody proved the phone this person gave, elsewhere: is it them? They prove it too, then say yes."""

import re

from core.people import has_proved, phone_of
from core.people.persons import now_is
from core.uniting import answer, asked_of, open_for
from dialogs.cards.joining import asked_buttons, asked_facts
from dialogs.engine.flow import Done
from dialogs.engine.step import Step
from dialogs.linking import text_code
from dialogs.spotting import Spotted

_WONDERS = Spotted(
    (
        "怎么回事",
        "什么",
        "啥",
        "谁",
        "弄",
        "操作",
        "申请",
        "绑",
        "合并",
        "盗",
        "骗",
        "干嘛",
        "who",
        "what",
        "why",
        "huh",
        "scam",
        "hack",
        "phish",
        "t me",
        "didn",
        "did not",
    ),
    re.compile(
        r"怎么回事|什么(?:情况|意思|鬼)|啥(?:情况|意思)|(?:这|那)(?:个|条消息|条|消息)?(?:又)?是(?:什么|啥|干嘛|干什么|谁)"
        r"|谁(?:在)?(?:要|想|申请|请求|验证)?(?:合并|绑定)?(?:的|呀|啊)?[?!\s]*$|谁(?:在)?(?:要|想|申请|请求|验证).{0,4}(?:合并|绑定|号码|手机)"
        r"|(?:不是|没有?)我?(?:弄|操作|申请|绑|合并)|什么(?:叫|是)合并|(?:合并|绑定)(?:是)?(?:什么|啥|干嘛|谁)|合并了?会怎么?样|被盗|盗号|骗子|诈骗"
        r"|\bwho(?:'s| is|s)? (?:asking|this|that|wants|it|did)\b|\bwhat(?:'s|s| is) (?:this|that|it|going on|happening)\b"
        r"|\bwhat (?:does (?:this|that|it) mean|account)\b|\b(?:scam|hacked|hacker|phishing)\b|\b(?:wasn't|wasnt|isn't) me\b"
        r"|\bdid(?:n't|nt| not) (?:ask|do|request)\b|^(?:what|why|who|huh|为什么|什么|谁)[?!.\s]*$"
    ),
)
"""Words of somebody who wonders at the question."""


def is_asked(step: Step) -> bool:
    """Tell whether this is about a question of the other side's, as a card put it."""
    return "joining" in step.values


def opened(step: Step) -> Done | None:
    """Refuse what is no question any more; take a no for an answer; to a yes their own proof belongs.

    They may only have told the phone, and anybody can tell anybody's. The card said what the yes does: with the proof
    it is done, and nobody is asked once more.
    """
    found = asked_of(step.tx, int(step.values["joining"]), step.person_id, step.now)
    if found is None:
        return Done(step.say("link_account.over"))
    if step.values.get("no"):
        return Done(refused(step))
    phone = phone_of(step.tx, step.person_id)
    if phone is None or not has_proved(step.tx, now_is(step.tx, found.asker.person_id), phone):
        return Done(step.say("link_account.over"))
    step.values["phone"] = phone
    if has_proved(step.tx, step.person_id, phone):
        step.values["_proved"] = True
        return None
    refusal = text_code(step, phone)
    return None if refusal is None else Done(refusal)


def agreed(step: Step) -> Done:
    """Say yes for this side."""
    yes = answer(step.tx, int(step.values["joining"]), person_id=step.person_id, yes=True, now=step.now)
    return Done(step.say("link_account.done" if yes else "link_account.over"))


def refused(step: Step) -> str:
    """Say no for this side; returns what to tell them."""
    answer(step.tx, int(step.values["joining"]), person_id=step.person_id, yes=False, now=step.now)
    return step.say("link_account.refused")


def wonders(step: Step, said: str) -> bool:
    """Tell whether these words wonder at a question to join that waits for this person's answer."""
    return _WONDERS.search(said) is not None and open_for(step.tx, step.person_id, step.now) is not None


def explained(step: Step) -> Done:
    """Say who asks, and the two answers once more."""
    found = open_for(step.tx, step.person_id, step.now)
    if found is None:
        return Done(step.say("link_account.over"))
    about = {"joining_id": found.id}
    return Done(step.say("join.who_asks", **asked_facts(step, about)), asked_buttons(step, about))
