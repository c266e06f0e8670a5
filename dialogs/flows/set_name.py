"""How somebody wants to be called."""

import re

from core.errors import InvalidInput
from core.people import LONGEST_NAME, name_of, set_name
from core.words import one_line
from dialogs.engine.actions import Look, plain
from dialogs.engine.flow import Answer, Ask, Done, Field, Flow, Missed, Took
from dialogs.engine.step import Step
from dialogs.outgoing import Button
from nlu import Understanding

_TOLD = re.compile(r"(?:名字|称呼|姓名|昵称|名).{0,4}?(?:叫|为|成|是)\s*([^\s,，。.!！?？0-9]{1,12})[\s。.!！吧]*$")
_NO_NAME = re.compile(r"[0-9０-９]{4}|手机|电话|地址|取消|订单|[?？吗]$")
"""Words that speak of something else, where anything could be a name."""


def _ask(step: Step) -> Ask:
    return Ask(step.say("set_name.ask"))


def _read(step: Step, answer: Answer) -> Took | Missed | None:
    """Take the name that is given; where it was asked for, words that nothing else claims."""
    given = None if answer.understood is None else answer.understood.first("name")
    told = None if answer.understood is None else _TOLD.search(answer.understood.text.strip())
    free = answer.asked and answer.sure and not _NO_NAME.search(answer.text)
    said = given.text if given is not None else told[1] if told is not None else answer.text if free else None
    if said is None or (_NO_NAME.search(said) and (told is None or said != told[1])):
        return None
    name = one_line(said)
    fits = len(name) <= LONGEST_NAME and any(character.isalpha() for character in name)
    return Took({"name": name}) if fits else Missed(step.say("set_name.wrong", most=LONGEST_NAME))


def _claims(step: Step, understood: Understanding) -> bool:
    """Out of nothing "I am called Lin" says how to call somebody."""
    if step.frame.asking == "technician":
        return False  # "mr lee", where it is asked who shall come
    return understood.intent == "give_name" and understood.first("name") is not None


def _commit(step: Step) -> Done:
    details = Button(step.say("menu.profile"), plain(Look("profile")))
    try:
        set_name(step.tx, step.person_id, step.values["name"])
    except InvalidInput:
        return Done(step.say("set_name.wrong", most=LONGEST_NAME), (details,))
    return Done(step.say("set_name.done", name=name_of(step.tx, step.person_id) or ""), (details,))


SET_NAME = Flow(
    name="set_name",
    role="anyone",
    intents=("set_name",),
    fields=(Field("name", "name", _ask, _read, raw=True, holds=str),),
    commit=_commit,
    claims=_claims,
)
