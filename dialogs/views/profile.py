"""What the house keeps of a person: name, phone, language, addresses; and the way to have it erased."""

from typing import Any

from core.people import masked_phone, name_of, phone_of
from dialogs.engine.actions import Begin, Look, plain
from dialogs.engine.flow import Shown, View
from dialogs.engine.step import Step
from dialogs.fields.address import saved
from dialogs.outgoing import Button
from nlu import Understanding

_CHANGES = ("set_name", "set_phone", "set_language")


def _show(step: Step, _understood: Understanding | None, _about: dict[str, Any]) -> Shown:
    phone = phone_of(step.tx, step.person_id)
    unset = step.say("profile.unset")
    text = step.say(
        "profile.text",
        name=name_of(step.tx, step.person_id) or unset,
        phone=unset if phone is None else masked_phone(phone),
        language=step.say(f"language.{step.lang}"),
        addresses=len(saved(step)),
    )
    buttons = (
        *(Button(step.say(f"profile.{flow}"), plain(Begin(flow))) for flow in _CHANGES),
        Button(step.say("profile.addresses"), plain(Look("my_addresses"))),
        Button(step.say("profile.erase_me"), plain(Begin("erase_me"))),
    )
    return Shown(text, buttons, columns=2)


PROFILE = View("profile", "anyone", ("profile",), _show)
