"""The names to understand with: the demo city's, under the codes they have there, or those of a file."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from menling.demo.data import DemoCity, Synonyms, Words, read_demo
from nlu import Lexicon, LexiconEntry

_KINDS = ("service", "option", "technician", "region", "place")


class NoLexicon(Exception):
    """A lexicon cannot be read; the message is a sentence that says where and why."""


def demo_lexicon() -> Lexicon:
    """Return the names of the demo city; an option is called by its service and its own code (full_body.90)."""
    return Lexicon.of(_of_city(read_demo()))


def read_lexicon(path: Path) -> Lexicon:
    """Return the lexicon of a JSON file ({"entries": [{"id", "kind", "names", "number", "sex"}]}); raises NoLexicon."""
    try:
        entries = json.loads(path.read_text("utf-8"))["entries"]
    except OSError as error:
        raise NoLexicon(f"{path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise NoLexicon(f"{path} cannot be read: it is no text in UTF-8.") from None
    except (ValueError, KeyError, TypeError):
        raise NoLexicon(f'{path} is no lexicon: it holds {{"entries": [...]}} as JSON.') from None
    if not isinstance(entries, list):
        raise NoLexicon(f"{path} is no lexicon: its entries are a list.")
    return Lexicon.of(_entry(path, place, raw) for place, raw in enumerate(entries, 1))


def _entry(path: Path, place: int, raw: Any) -> LexiconEntry:
    where = f"{path}, entry {place}"
    if not isinstance(raw, dict) or not isinstance(raw.get("id"), str) or raw.get("kind") not in _KINDS:
        raise NoLexicon(f"{where}: an entry has an id and a kind ({', '.join(_KINDS)}).")
    names, number, sex = raw.get("names"), raw.get("number"), raw.get("sex")
    if not isinstance(names, list) or not names or not all(isinstance(name, str) and name for name in names):
        raise NoLexicon(f"{where}: names are a list of words.")
    if (number is not None and type(number) is not int) or sex not in (None, "female", "male"):
        raise NoLexicon(f"{where}: a number is whole, a sex female or male.")
    return LexiconEntry(raw["id"], raw["kind"], tuple(names), number, sex)


def _of_city(city: DemoCity) -> Iterator[LexiconEntry]:
    for service in city.services:
        yield LexiconEntry(service.code, "service", _names(service.names, service.synonyms))
        for option in service.options:
            yield LexiconEntry(f"{service.code}.{option.code}", "option", _names(option.names))
    for region in city.regions:
        yield LexiconEntry(region.code, "region", _names(region.names, region.aliases))
    for place in city.places:
        yield LexiconEntry(place.code, "place", _names(place.names, place.aliases))
    for person in city.technicians:
        yield LexiconEntry(person.code, "technician", _names(person.names), person.number, person.sex)


def _names(words: Words, more: Synonyms | None = None) -> tuple[str, ...]:
    others = () if more is None else (*more.zh_hans, *more.en)
    return (words.zh_hans, words.en, *others)
