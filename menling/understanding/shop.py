"""The names of the shop in the configured database: the only part of understanding that opens the house."""

from core.catalog import catalogue
from core.db import Tx
from core.technicians import roster
from dialogs.lexicon import entries
from menling.config import Refused, read_settings
from menling.opening import opened
from menling.understanding.lexicons import NoLexicon
from nlu import Lexicon


def shop_lexicon() -> Lexicon:
    """Return the lexicon conversations use, under the database's ids; raises NoLexicon when it cannot be opened."""
    try:
        with opened(read_settings()) as ground:
            return ground.db.read(_lexicon)
    except Refused as refused:
        raise NoLexicon(str(refused)) from None


def _lexicon(tx: Tx) -> Lexicon:
    return Lexicon.of(entries(catalogue(tx), roster(tx)))
