"""Loading the conversation of whoever wrote; a newcomer gets one, in a language guessed from the first words."""

from datetime import datetime

from core import conversations, people
from core.conversations import Loaded
from core.db import Tx
from dialogs import incoming as coming
from dialogs import tongue
from dialogs.house import House
from dialogs.incoming import Incoming
from dialogs.outgoing import read_token


def arrived(tx: Tx, incoming: Incoming, *, house: House, now: datetime) -> Loaded:
    """Lock and return the conversation of whoever sent this, with the message pressed; made at the first sight."""
    pressed = _pressed_message(incoming)
    found = conversations.load(
        tx, channel=incoming.channel, account=incoming.account, sender=incoming.sender, pressed_id=pressed
    )
    if found is not None:
        return found
    people.arrive(
        tx,
        channel=incoming.channel,
        account=incoming.account,
        external_id=incoming.sender,
        lang=_first_language(incoming),
        zone=house.zone,
        now=now,
    )
    made = conversations.load(
        tx, channel=incoming.channel, account=incoming.account, sender=incoming.sender, pressed_id=pressed
    )
    if made is None:
        raise RuntimeError("a person who has just arrived has no conversation")
    return made


def _first_language(incoming: Incoming) -> str:
    """A newcomer is answered in the language of the first words, else of the platform's hint, else in Chinese."""
    hint = incoming.lang or "zh-Hans"
    tag = hint.replace("_", "-").casefold()
    if tag.startswith("zh"):
        known = "zh-Hant" if any(part in tag for part in ("hant", "-tw", "-hk", "-mo")) else "zh-Hans"
    else:
        known = "en"
    if isinstance(incoming.content, coming.Text):
        return tongue.first(incoming.content.text[:200], known, told=incoming.lang is not None)
    return known


def _pressed_message(incoming: Incoming) -> int | None:
    if not isinstance(incoming.content, coming.Press):
        return None
    read = read_token(incoming.content.token)
    return None if read is None else read[0]
