"""The names the understanding should know now: services, options, technicians, regions, places in every language."""

import re
from functools import lru_cache

from core.catalog import Catalogue, catalogue
from core.technicians import Roster, roster
from dialogs.engine.step import Step
from nlu import Lexicon, LexiconEntry, Understanding
from nlu.text import normalise


def catalogue_of(step: Step) -> Catalogue:
    """Return what can be booked, read once a turn."""
    if "catalogue" not in step.memo:
        step.memo["catalogue"] = catalogue(step.tx)
    found: Catalogue = step.memo["catalogue"]
    return found


def roster_of(step: Step) -> Roster:
    """Return the approved technicians, read once a turn."""
    if "roster" not in step.memo:
        step.memo["roster"] = roster(step.tx)
    found: Roster = step.memo["roster"]
    return found


def trade_named(step: Step, understood: Understanding | None) -> str | None:
    """Return the code of the trade that is named ("what massages do you have"), when it is only one."""
    if understood is None:
        return None
    named = [
        each.code
        for each in catalogue_of(step).categories
        if any(
            stands_in(word, understood.normal)
            for word in (*each.names.values(), *(word for words in each.synonyms.values() for word in words))
        )
    ]
    return named[0] if len(named) == 1 else None


@lru_cache(maxsize=1024)
def _pattern(word: str) -> re.Pattern[str]:
    folded = normalise(word).text
    return re.compile(rf"(?<![a-z0-9]){re.escape(folded)}s?(?![a-z0-9])" if folded.isascii() else re.escape(folded))


def stands_in(word: str, asked: str) -> bool:
    """Whether a keyword stands in folded words; a Latin one as whole words only: "oil" is not in "boiler"."""
    found = _pattern(word)
    return found.search(asked) is not None


_made: dict[tuple[int, int], Lexicon] = {}


def lexicon_of(step: Step) -> Lexicon:
    """Return the lexicon of the present catalogue and roster; made anew only when one of them has changed."""
    shop, people = catalogue_of(step), roster_of(step)
    key = (shop.version, people.version)
    found = _made.get(key)
    if found is None:
        _made.clear()
        found = _made[key] = Lexicon.of(entries(shop, people))
    return found


def entries(shop: Catalogue, people: Roster) -> list[LexiconEntry]:
    """Return every name of a catalogue and a roster, under the ids they have in the database."""
    entries = []
    for service in shop.services:
        names = [*service.names.values(), *(word for words in service.synonyms.values() for word in words)]
        entries.append(LexiconEntry(id=str(service.id), kind="service", names=tuple(names)))
        entries.extend(
            LexiconEntry(id=str(option.id), kind="option", names=tuple(option.names.values()))
            for option in service.options
        )
    entries.extend(
        LexiconEntry(id=str(region.id), kind="region", names=tuple(region.names.values())) for region in shop.regions
    )
    entries.extend(
        LexiconEntry(id=str(place.id), kind="place", names=tuple(place.names.values())) for place in shop.places
    )
    entries.extend(
        LexiconEntry(
            id=str(person.id),
            kind="technician",
            names=tuple(person.names.values()),
            number=person.number,
            sex=person.sex,
        )
        for person in people.technicians
    )
    return entries
