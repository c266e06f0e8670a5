# ruff: noqa: E501 - word tables read best by row
"""Somebody asks to join their account with this one: who that is, to whoever wonders, and the two answers once more."""

import re
from typing import Any

from core.uniting import Joining, open_for
from dialogs.cards.joining import asked_buttons, asked_facts
from dialogs.engine.flow import Shown, View
from dialogs.engine.step import Step
from dialogs.spotting import Spotted
from nlu import Understanding

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


def _claims(step: Step, understood: Understanding) -> bool:
    """While the question waits, and nothing else runs but its own answer."""
    if step.frame.flow not in ("", "link_account") or _WONDERS.search(understood.normal) is None:
        return False
    return open_for(step.tx, step.person_id, step.now) is not None


def _show(step: Step, _understood: Understanding | None, _about: dict[str, Any]) -> Shown:
    found: Joining | None = open_for(step.tx, step.person_id, step.now)
    if found is None:
        return Shown(step.say("link_account.over"))
    about = {"joining_id": found.id}
    answers = () if step.frame.flow else asked_buttons(step, about)
    return Shown(step.say("who_asks_to_join.text", **asked_facts(step, about)), answers)


WHO_ASKS_TO_JOIN = View("who_asks_to_join", "anyone", (), _show, claims=_claims, outspoken=True)
