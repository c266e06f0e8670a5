"""Writing what the front desk says to common questions; each act gives the catalogue a new stamp."""

import re
from collections.abc import Iterable, Mapping

from sqlalchemy import bindparam, delete

from core.catalog import tables
from core.catalog.catalogue import STAMP, catalogue
from core.catalog.shapes import Answer, Names
from core.db import Tx, insert_into
from core.errors import InvalidInput, NotFound
from core.settings import bump
from core.words import one_line, prose

LANGUAGES = ("zh-Hans", "zh-Hant", "en")
"""The languages an answer may be written in; Traditional Chinese is made of the Simplified where it is left out."""

MOST_KEYWORDS = 40
LONGEST_KEYWORD = 40
LONGEST_ANSWER = 600
_SHORTEST_LATIN = 3
_SHORTEST = 2

_CODE = re.compile(r"[a-z][a-z0-9_-]{1,31}")
_INSERT = insert_into(tables.answer)
_DELETE = delete(tables.answer).where(tables.answer.c.code == bindparam("b_code"))


def set_answer(
    tx: Tx,
    code: str,
    *,
    keywords: Mapping[str, Iterable[str]],
    texts: Names,
    by_category: Mapping[str, Names] | None = None,
) -> Answer:
    """Write the answer to a common question, in place of the one before, and return it.

    InvalidInput for a code, language, keyword, text or trade that cannot be; keywords so short that they stand in
    nearly every sentence are among these.
    """
    if not _CODE.fullmatch(code):
        raise InvalidInput(field="code")
    words = {lang: _keywords(lang, said) for lang, said in keywords.items()}
    if not any(words.values()):
        raise InvalidInput(field="keywords")
    trades = {category.code for category in catalogue(tx).categories}
    special = {category: _texts(said, "by_category") for category, said in (by_category or {}).items()}
    if special.keys() - trades:
        raise InvalidInput(field="by_category")
    made = Answer(code, words, _texts(texts, "texts"), special)
    tx.execute(_DELETE, {"b_code": code})
    tx.execute(_INSERT, {"code": code, "keywords": words, "texts": made.texts, "by_category": special})
    bump(tx, STAMP)
    return made


def remove_answer(tx: Tx, code: str) -> None:
    """Answer this question no more; raises NotFound."""
    if not tx.execute(_DELETE, {"b_code": code}):
        raise NotFound(kind="answer")
    bump(tx, STAMP)


def _keywords(lang: str, said: Iterable[str]) -> tuple[str, ...]:
    words = tuple(dict.fromkeys(one_line(word).casefold() for word in said))
    short = any(len(word) < (_SHORTEST_LATIN if word.isascii() else _SHORTEST) for word in words)
    if lang not in LANGUAGES or len(words) > MOST_KEYWORDS or short or any(len(w) > LONGEST_KEYWORD for w in words):
        raise InvalidInput(field="keywords")
    return words


def _texts(said: Names, field: str) -> dict[str, str]:
    """Return an answer's words in each language; without any there is nothing to say."""
    texts = {lang: prose(text) for lang, text in said.items()}
    right = all(lang in LANGUAGES and 0 < len(text) <= LONGEST_ANSWER for lang, text in texts.items())
    if not texts or not right:
        raise InvalidInput(field=field)
    return texts
