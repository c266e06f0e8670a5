"""Advice for somebody who tells what is tired or stiff: the services whose own words in the catalogue name that part.

Nothing is promised of it: what is said of a service is what the operators wrote, and that it heals nothing.
"""

import re
from collections.abc import Iterable

from core.catalog import Service, text_in
from dialogs.engine.flow import Ask, Choice, Took
from dialogs.engine.step import Step
from nlu import Understanding

FITS, PART, HURTS = "_fits", "_part", "_hurts"
_MOST = 2
_PARTS: tuple[tuple[str, re.Pattern[str], re.Pattern[str]], ...] = (
    ("waist", re.compile(r"腰|\b(?:lower back|waist)\b"), re.compile(r"腰|\bback\b")),
    ("neck", re.compile(r"颈|脖子|\bneck\b"), re.compile(r"颈|脖子|\bneck\b")),
    ("shoulder", re.compile(r"肩|\bshoulders?\b"), re.compile(r"肩|\bshoulders?\b")),
    ("back", re.compile(r"背(?!景)|\b(?:my|upper) back\b|\bback(?:ache| pain)"), re.compile(r"背|\bback\b")),
    ("leg", re.compile(r"腿|\b(?:legs?|calf|calves)\b"), re.compile(r"腿|\b(?:legs?|calves)\b")),
    ("foot", re.compile(r"脚|\b(?:foot|feet)\b"), re.compile(r"脚|足底|\b(?:foot|feet)\b")),
    ("face", re.compile(r"脸|皮肤|\b(?:face|skin)\b"), re.compile(r"脸|皮肤|\b(?:face|skin)\b")),
    ("body", re.compile(r"全身|浑身|\b(?:whole|entire) body\b"), re.compile(r"全身|\b(?:full|whole) body\b")),
)
"""What people name, with how they say it and how a service's own words do."""
_TROUBLED = re.compile(
    r"不舒服|难受|不(?:太|大)?好|[酸疼痛胀僵紧麻累乏]|\b(?:hurts?|hurting|pain|painful|ach(?:es?|ing|y)|sore|stiff|tight|tired|tense)\b"
)
_PAIN = re.compile(r"不舒服|难受|不(?:太|大)?好|[疼痛麻]|\b(?:hurts?|hurting|pain|painful|ach(?:es?|ing|y)|sore)\b")
"""Said so, it may be more than tiredness: a doctor is named."""


def suiting(step: Step, understood: Understanding, services: Iterable[Service], *, asked: bool) -> Took | None:
    """Keep what suits the part of the body that is told of; None where no advice is wanted or nothing suits."""
    wants = understood.intent == "recommend" or (asked and _TROUBLED.search(understood.normal) is not None)
    if not wants or "service" in step.values:
        return None
    named = next(((name, words) for name, said, words in _PARTS if said.search(understood.normal)), None)
    fitting = [] if named is None else _naming(tuple(services), named[1])
    if named is None or not fitting:
        return None
    hurts = _PAIN.search(understood.normal) is not None
    return Took({FITS: [one.id for one in fitting], PART: named[0], HURTS: hurts})


def _naming(services: tuple[Service, ...], words: re.Pattern[str]) -> list[Service]:
    """Return the services known by such words; where there is none, those that are described by them."""
    known = [one for one in services if words.search(_known_by(one))]
    return (known or [one for one in services if words.search(_told(one.descriptions.values()))])[:_MOST]


def _known_by(service: Service) -> str:
    return _told((*service.names.values(), *(word for words in service.synonyms.values() for word in words)))


def _told(words: Iterable[str]) -> str:
    return "\n".join(words).casefold()


def ask_suiting(step: Step, services: Iterable[Service], choices: tuple[Choice, ...]) -> Ask:
    """Tell of each that suits what the catalogue says of it, and ask which; all others stay a tap away."""
    part = step.say(f"suiting.{step.values[PART]}")
    lines = [
        step.say("suiting.one", name=text_in(one.names, step.lang), about=text_in(one.descriptions, step.lang))
        for one in services
    ]
    if step.values.get(HURTS):
        lines.append(step.say("suiting.no_cure"))
    others = Choice(step.say("suiting.others"), {FITS: None, PART: None, HURTS: None})
    text = "\n".join([step.say("suiting.head", part=part), *lines, step.say("book.ask_service")])
    return Ask(text, (*choices, others))
