"""Words to meaning: text, lexicon, what is asked and now go in; an Understanding comes out. Pure, no network."""

from nlu.lexicon import Lexicon, LexiconEntry
from nlu.names import LAST_TIME, AskedKind, EntityKind, IntentName, Lang
from nlu.reading import understand
from nlu.text import detect_language
from nlu.understanding import Asked, Entity, EntityValue, Intent, Understanding, When

__all__ = [
    "LAST_TIME",
    "Asked",
    "AskedKind",
    "Entity",
    "EntityKind",
    "EntityValue",
    "Intent",
    "IntentName",
    "Lang",
    "Lexicon",
    "LexiconEntry",
    "Understanding",
    "When",
    "detect_language",
    "understand",
]
