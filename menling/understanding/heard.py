"""`menling nlu export`: words that were not understood, masked, with what they are taken for today, to be labelled."""

import argparse
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from core import audit, heard, people
from core.catalog import catalogue
from core.db import Database, Tx
from core.heard import Heard
from core.settings import rules
from core.technicians import roster
from dialogs.lexicon import entries
from menling.config import Refused
from menling.opening import Ground
from menling.understanding.telling import told
from nlu import Asked, Lexicon, Understanding, understand
from nlu.masking import hidden, masked

_LAST_DAYS = timedelta(days=7)
_FIRST = datetime(1970, 1, 2, tzinfo=UTC)
_MARKED = frozenset("[]{}")


@dataclass(frozen=True, slots=True)
class Shown:
    """Words as they may leave the house, and how they are understood without what was masked."""

    heard: Heard
    understood: Understanding


def export(ground: Ground, options: argparse.Namespace) -> Iterator[str]:
    """Yield the lines of the export; raises Refused when `--since` is no date. An audit line tells of it."""
    now = ground.clock.now()
    kept_for = timedelta(days=ground.db.read(rules).heard_words_days)  # a shorter time holds before the night's sweep
    since = max(_since(options, now, ground.settings.zone), now - kept_for)
    found = list(words_since(ground.db, since))
    ground.db.run(
        lambda tx: audit.note(
            tx, "heard.exported", actor_id=None, subject_kind="heard_words", subject_id=None, now=now,
            facts={"rows": len(found)},
        )
    )  # fmt: skip
    yield from as_rasa(found) if options.rasa else as_lines(found)


def words_since(db: Database, since: datetime) -> Iterator[Shown]:
    """Yield everything kept since then, oldest first, masked by all that is known of who said it."""
    lexicon = db.read(lambda tx: Lexicon.of(entries(catalogue(tx), roster(tx))))
    after = 0
    while batch := db.read(lambda tx: [(one, *_known(tx, one)) for one in heard.kept(tx, since=since, after_id=after)]):  # noqa: B023
        for one, names, addresses in batch:
            yield _shown(one, lexicon, names, addresses)
        after = batch[-1][0].id


def as_lines(found: Iterable[Shown]) -> Iterator[str]:
    """Return JSON lines as `menling nlu evaluate` reads them: whoever labels mends intent and entities."""
    for one in found:
        answer = told(str(one.heard.id), one.understood)
        line: dict[str, Any] = {
            "id": answer["id"],
            "text": one.understood.text,
            "lang": one.heard.lang,
            "now": one.heard.heard_at.astimezone(ZoneInfo(one.heard.zone)).isoformat(timespec="minutes"),
            "zone": one.heard.zone,
            "asked": one.heard.asked,
            "how": one.heard.how,
            "taken_for": one.heard.intent,
            "intent": answer["intent"],
            "also": [],
            "entities": [{part: each[part] for part in ("kind", "text", "value")} for each in answer["entities"]],
        }
        yield json.dumps(line, ensure_ascii=False)


def as_rasa(found: Iterable[Shown]) -> Iterator[str]:
    """Return a training file in Rasa's format, under the intents the words are taken for today."""
    examples: dict[str, dict[str, None]] = defaultdict(dict)
    for one in found:
        examples[one.understood.intent][_marked(one.understood)] = None
    yield 'version: "3.1"'
    yield "nlu:" if examples else "nlu: []"
    for intent in sorted(examples):
        yield f"- intent: {intent}"
        yield "  examples: |"
        yield from (f"    - {example}" for example in examples[intent])


def _known(tx: Tx, one: Heard) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What is known of who said it: the name, and the addresses with their doors."""
    name = people.name_of(tx, one.person_id)
    return () if name is None else (name,), tuple(saved.text for saved in people.addresses(tx, one.person_id))


def _shown(one: Heard, lexicon: Lexicon, names: tuple[str, ...], addresses: tuple[str, ...]) -> Shown:
    plain = "".join(letter if letter.isprintable() else " " for letter in one.words)
    read = _understood(plain, one, lexicon)
    words = masked(plain, hidden(read, lexicon=lexicon, names=names, addresses=addresses))
    return Shown(one, read if words == plain else _understood(words, one, lexicon))


def _understood(words: str, one: Heard, lexicon: Lexicon) -> Understanding:
    return understand(words, lang=one.lang, zone=one.zone, now=one.heard_at, lexicon=lexicon, asked=Asked(one.asked))


def _marked(understood: Understanding) -> str:
    """Return the words with their entities marked; brackets of their own stay words."""
    text, parts, reach = understood.text, [], 0
    for entity in understood.entities:
        if entity.start < reach or entity.start == entity.end or _MARKED & set(entity.text):
            continue
        parts += [_plain(text[reach : entity.start]), f"[{entity.text}]({entity.kind})"]
        reach = entity.end
    return "".join((*parts, _plain(text[reach:]))).strip()


def _plain(words: str) -> str:
    return words.replace("](", "] (").replace("]{", "] {")


def _since(options: argparse.Namespace, now: datetime, zone: str) -> datetime:
    if options.all:
        return _FIRST
    if options.since is None:
        return now - _LAST_DAYS
    try:
        at = datetime.fromisoformat(options.since)
    except ValueError:
        raise Refused(f"--since is no ISO date: {options.since}.") from None
    return (at if at.tzinfo is not None else at.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)
