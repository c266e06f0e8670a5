"""What goes to a phone as a text message, where no channel takes it: without a chat's buttons, with a way back.

A text message holds 70 letters, or 160 where all of them are of the oldest telephones' alphabet; a longer one is sent
in parts of 67 or 153. Ours take three parts at most.
"""

from collections.abc import Mapping
from typing import Any, Final

from core.messages import URGENT, Template
from dialogs.cutting import shortened
from dialogs.engine.step import Step
from dialogs.outgoing import Body
from dialogs.texts import Texts

WORTH_TEXTING: Final = URGENT - {
    Template.TICKET_ANSWERED, Template.HUMAN_HERE, Template.HANDED_BACK, Template.OFFER_GONE,
    Template.JOIN_ASKED, Template.JOINED, Template.JOIN_FAILED,
    Template.POSITION_SHARED, Template.POSITION_ON, Template.POSITION_OFF,
}  # fmt: skip
"""Messages of visits and payments: what is about a chat itself, or a map in it, stays there."""

MOST_PARTS: Final = 3
_THERE: Final = "{there}"
"""Stands in the frozen words for where the person can be met: known only when nothing else has got through."""
_PLAIN: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""The alphabet of GSM 03.38, in which a letter takes seven bits; one letter outside of it makes all take sixteen."""
_ENDS: Final = "。！？；：，、.!?;:,"
_PLAINLY, _OTHER = (160, 153), (70, 67)
"""Letters of a message in one part, and of each part of a longer one: of that alphabet alone, and of any other."""


def short_words(step: Step, template: Template, key: str, text: str, facts: Mapping[str, Any]) -> str | None:
    """Return what a text message says in place of `text`, which is of this key; None where it is not to be texted."""
    if template not in WORTH_TEXTING:
        return None
    own = f"sms.{key.removeprefix('message.')}"
    return step.say(own, **facts, there=_THERE) if step.texts.has(own) else _in_one_line(text)


def text_message(texts: Texts, body: Body, *, lang: str, channel: str | None) -> str:
    """Return a message as the phone shows it, in three parts at most: who writes, what, and the way back.

    The way back is the page to pay at where the message asks for money, else the `channel` the person is met on.
    """
    words = _in_one_line(body.text) if body.short is None else body.short
    met = f"sms.there_{channel}"
    there = texts.say(lang, met if texts.has(met) else "sms.there_chat")
    back = _way_back(texts, body, lang, there) if _THERE not in words else ""
    words = words.replace(_THERE, there)
    said = texts.say(lang, "sms.whole", words=words, tail=back).strip()
    if parts_of(said) <= MOST_PARTS:
        return said
    room = MOST_PARTS * _OTHER[1] - _size(texts.say(lang, "sms.whole", words="", tail=back))
    return texts.say(lang, "sms.whole", words=shortened(words, max(room, 1), _size), tail=back).strip()


def parts_of(text: str) -> int:
    """Return in how many parts a text message of these words goes."""
    alone, each = _PLAINLY if _PLAIN.issuperset(text) else _OTHER
    return 1 if _size(text) <= alone else -(-_size(text) // each)


def _way_back(texts: Texts, body: Body, lang: str, there: str) -> str:
    pay = next((button.url for button in body.buttons if button.pays and button.url), None)
    return texts.say(lang, "sms.back", there=there) if pay is None else texts.say(lang, "sms.pay", url=pay)


def _in_one_line(text: str) -> str:
    """Join the lines of a chat's message as a sentence would be: with a comma where nothing else parts them."""
    whole = ""
    for line in filter(None, (" ".join(one.split()) for one in text.splitlines())):
        wide = whole[-1:] > "\u2e7f"  # Chinese, or its punctuation, which brings its own blank
        if whole and whole[-1] not in _ENDS:
            whole += "，" if wide else ","
        whole += line if not whole or wide else f" {line}"
    return whole


def _size(text: str) -> int:
    """Count as telephones do: what lies beyond 16 bits takes the room of two letters."""
    return len(text.encode("utf-16-be")) // 2
