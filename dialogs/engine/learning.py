"""Learning from use: words that were not understood, or that the person had to put right, are kept to be labelled.

Only what was typed to a question of ours, or to none, is kept, and of it only what tells nobody who said it. Answers
that are somebody's own (a name, an address, a code, a review, a reason) are never looked at here.
"""

import re

from core import heard
from core.heard import How
from dialogs.engine.flow import Field
from dialogs.engine.state import SUMMARY, Said
from dialogs.engine.talk import Talk
from dialogs.lexicon import lexicon_of
from nlu import Asked, AskedKind, IntentName, Understanding, understand
from nlu.masking import hidden, masked

_OWN_WORDS = frozenset(
    {
        AskedKind.ADDRESS,
        AskedKind.CODE,
        AskedKind.NAME,
        AskedKind.PHONE,
        AskedKind.REASON,
        AskedKind.REGION,
        AskedKind.TEXT,
    }
)
_TAKES_BACK = frozenset({IntentName.CORRECT, IntentName.BACK})
_SECRET = re.compile(r"\d(?:[ .-]?\d){3,}|[零〇一二两三四五六七八九幺]{4,}")
"""What may be a start code or a code from a text message, whatever else it was read as."""
_SHOWN = re.compile(r"\[[a-z_]+\]")
_LONGEST = heard.LONGEST


def hear(talk: Talk, understood: Understanding, asked: Asked, item: Field | None) -> None:
    """Note what was typed this turn; words that put the last ones right turn attention to those."""
    if item is not None and (item.raw or item.free or item.kind in _OWN_WORDS):
        return
    frame = talk.state.top
    unwanted = frame is not None and frame.asking == SUMMARY and understood.intent == IntentName.DENY
    talk.said = Said(understood.text[:_LONGEST], asked.kind, asked.choices)
    if talk.before is not None and (understood.corrects or unwanted or understood.intent in _TAKES_BACK):
        talk.heard = How.CORRECTED


def keep(talk: Talk) -> None:
    """Keep what this turn did not understand, or what it was told was wrong before; nothing in all other turns."""
    words = talk.before if talk.heard is How.CORRECTED else talk.said
    if talk.heard is None or words is None or talk.tx.leaves_no_trace:
        return
    lexicon = lexicon_of(talk.step())
    understood = understand(
        words.text,
        lang=talk.lang,
        zone=talk.loaded.zone,
        now=talk.now,
        lexicon=lexicon,
        asked=Asked(words.asked, words.choices),
    )
    shown = _SECRET.sub("[number]", masked(words.text, hidden(understood, lexicon=lexicon)))
    if not any(map(str.isalnum, _SHOWN.sub("", shown))):
        return
    heard.keep(
        talk.tx,
        talk.loaded.person_id,
        key=talk.loaded.key,
        how=talk.heard,
        words=shown,
        lang=understood.lang,
        asked=words.asked,
        intent=understood.intent,
        confidence=understood.confidence,
        now=talk.now,
    )
