"""The labelled messages that understanding is measured on, and the names of the shop they are said to."""

from datetime import UTC, datetime
from pathlib import Path

from menling.understanding.cases import Case, read_cases
from menling.understanding.lexicons import read_lexicon
from menling.understanding.lines import Question
from nlu import Lexicon, Understanding, understand

CORPUS = Path("tests/nlu/corpus")
LANGUAGES = {"zh": "Chinese", "en": "English"}
_UNSAID = Question(id=0, text="", lang="", zone="Asia/Shanghai", now=datetime(2026, 11, 21, 2, tzinfo=UTC))


def shop() -> Lexicon:
    """Return the names that the messages are labelled with."""
    return read_lexicon(CORPUS / "lexicon.json")


def cases(kind: str, lang: str) -> list[Case]:
    """Return all messages of a kind (times, utterances) in a language, in the order of their files."""
    return [case for path in sorted(CORPUS.glob(f"{kind}-{lang}*.jsonl")) for case in read_cases(path, _UNSAID)]


def understood(case: Case, lexicon: Lexicon) -> Understanding:
    """Understand the message of a case whole."""
    asked = case.question
    return understand(asked.text, lang=asked.lang, zone=asked.zone, now=asked.now, lexicon=lexicon, asked=asked.asked)
