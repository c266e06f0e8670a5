"""Links to pass on: a customer's invitation, a technician's card."""

import re
from typing import Any

from core.people import CodeOf, came_by, public_code_of
from dialogs.engine.flow import Shown, View
from dialogs.engine.step import Step
from dialogs.linking import link_lines
from dialogs.roles import technician_of
from nlu import Understanding

_REWARD = re.compile(
    r"奖励|好处|返现|红包|返利|送什么|有什么送|优惠|\b(?:rewards?|bonus|discount|money|paid|earn|anything|something)\b"
)
"""Whoever asks what they get for it is told before they send anybody."""


def _show(step: Step, understood: Understanding | None, _about: dict[str, Any]) -> Shown:
    code = public_code_of(step.tx, CodeOf.PERSON, step.person_id)
    text = step.say("invite.text", links=link_lines(step, f"i_{code}"))
    came = came_by(step.tx, step.person_id)
    lines = [text] if not came else [text, step.say("invite.came", count=came)]
    if understood is not None and _REWARD.search(understood.normal):
        lines.insert(0, step.say("invite.no_reward"))
    return Shown("\n".join(lines))


def _show_card(step: Step, _understood: Understanding | None, _about: dict[str, Any]) -> Shown:
    technician = technician_of(step)
    assert technician is not None
    code = public_code_of(step.tx, CodeOf.TECHNICIAN, technician.id)
    return Shown(step.say("my_card.text", links=link_lines(step, f"t_{code}")))


INVITE = View("invite", "anyone", ("invite",), _show)
MY_CARD = View("my_card", "technician", ("my_card",), _show_card)
