"""What is said about two accounts that are to be one: the other side is asked, and both are told."""

from collections.abc import Mapping
from typing import Any

from core.people import phone_of
from core.uniting.asking import joining_of
from dialogs.engine.actions import Begin, plain
from dialogs.engine.step import Step
from dialogs.linking import channel_name, tail
from dialogs.outgoing import Button


def asked_facts(step: Step, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return who asks, by their channel, the end of the phone they proved, and what the two answers are called."""
    asker = joining_of(step.tx, int(facts["joining_id"])).asker
    phone = phone_of(step.tx, step.person_id)
    answers = {"me": step.say("join.me"), "not_me": step.say("join.not_me")}
    return {"channel": channel_name(step, asker.channel), "tail": "" if phone is None else tail(phone), **answers}


def asked_buttons(step: Step, facts: Mapping[str, Any]) -> tuple[Button, ...]:
    """Return the two answers: it is me, it is not."""
    about = {"joining": int(facts["joining_id"])}
    me = Button(step.say("join.me"), plain(Begin("link_account", about)))
    return (me, Button(step.say("join.not_me"), plain(Begin("link_account", about | {"no": True}))))


def failed_facts(step: Step, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return why it came to nothing."""
    return {"why": step.say(f"link.cannot_{facts['cannot']}")}
