"""Binding a phone may mean two things: the number to be rung on, or the account that number belongs to elsewhere."""

import re
from typing import Any

from core.errors import InvalidInput
from core.people import masked_phone
from core.people.persons import e164
from dialogs.engine.actions import Begin, plain
from dialogs.engine.flow import Shown, View
from dialogs.engine.step import Step
from dialogs.outgoing import Button
from dialogs.spotting import Spotted
from nlu import Understanding

_SAID = Spotted(
    ("手机", "电话", "phone", "mobile", "cell"),
    re.compile(
        r"(?<!换)绑定?(?:我的?|你的?|个|一下)?(?:新|本人)?(?:的)?(?:手机|电话)(?!.*账)|^(?:我的?)?(?:手机|电话)号?码?(?:怎么|要|如何)?(?:绑定|绑一下|没绑)"
        r"|\b(?:link|bind|connect|attach|add|register) (?:my|a) (?:new )?(?:phone|mobile|cell)(?: number)?\b"
    ),
)

_LONGEST_NUMBER = 24


def _claims(step: Step, understood: Understanding) -> bool:
    """With nothing running that has a question for a phone itself; a number alone with nothing running at all."""
    if not step.frame.flow and _bare(understood) is not None:
        return True
    return step.frame.flow not in ("book", "link_account", "set_phone") and _SAID.search(understood.normal) is not None


def _bare(understood: Understanding) -> str | None:
    """Return the phone, in E.164, that the message is and nothing else."""
    said = understood.first("phone")
    if said is None or len(understood.text) > _LONGEST_NUMBER or any(map(str.isalpha, understood.text)):
        return None
    try:
        return e164(str(said.value))
    except InvalidInput:
        return None


def _show(step: Step, understood: Understanding | None, _about: dict[str, Any]) -> Shown:
    phone = None if understood is None else _bare(understood)
    told = {} if phone is None else {"phone": phone}
    buttons = (
        Button(step.say("bind_phone.ring"), plain(Begin("set_phone", told))),
        Button(step.say("bind_phone.join"), plain(Begin("link_account", {"by_phone": True}))),
    )
    if phone is None:
        return Shown(step.say("bind_phone.text"), buttons)
    return Shown(step.say("bind_phone.number", phone=masked_phone(phone)), buttons)


BIND_PHONE = View("bind_phone", "anyone", (), _show, claims=_claims, outspoken=True)
