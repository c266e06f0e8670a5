"""What the house keeps of a person: name, phone, language, addresses; and the way to have it erased."""

from typing import Any

from core.people import channels_of, masked_phone, name_of, phone_of, told_on
from core.people.consent import ConsentKind, consents
from dialogs.engine.actions import Begin, Look, plain
from dialogs.engine.flow import Shown, View
from dialogs.engine.step import Step
from dialogs.fields.address import saved
from dialogs.linking import channel_name
from dialogs.outgoing import Button
from nlu import Understanding

_CHANGES = ("set_name", "set_phone", "set_language", "link_account")


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
    channels = channels_of(step.tx, step.person_id)
    told = told_on(step.tx, step.person_id)
    text += "\n" + step.say(
        "profile.channels",
        channels=step.say("link.and").join(channel_name(step, one) for one in channels),
        told=step.say("profile.told_last") if told is None else channel_name(step, told),
    )
    wants_news = consents(step.tx, step.person_id, ConsentKind.NEWS)
    text = f"{text}\n{step.say('profile.news_on' if wants_news else 'profile.news_off')}"
    news = "stop_news" if wants_news else "want_news"
    changes = (*_CHANGES, "where_told") if len(channels) > 1 else _CHANGES
    buttons = (
        *(Button(step.say(f"profile.{flow}"), plain(Begin(flow))) for flow in changes),
        Button(step.say("profile.addresses"), plain(Look("my_addresses"))),
        Button(step.say(f"profile.{news}"), plain(Begin(news))),
        Button(step.say("profile.erase_me"), plain(Begin("erase_me"))),
    )
    return Shown(text, buttons, columns=2)


PROFILE = View("profile", "anyone", ("profile",), _show)
