"""Which services of a shop do which kind of work, and so which sayings mean them."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from nlu.text import expand
from nlu.trade_words import FORMS, SILENT, WORKS, Work

Sayings = Iterator[tuple[str, tuple[str, ...]]]

_BETWEEN = ("", "个", "下", "一下", "一个", "次", "一次", "了")
"""What comes between a verb and its object: 按个脚, 捏一下肩."""
_TWICE = ("{0}{0}", "{0}一{0}")


@cache
def sayings_of(written: str) -> tuple[str, ...]:
    """Every saying of a written list, its alternatives expanded; the order is kept, none comes twice."""
    said: dict[str, None] = {}
    for pattern in filter(None, map(str.strip, written.split(";"))):
        for phrase in expand(pattern):
            said.update(dict.fromkeys(" ".join(each.split()) for each in _with_between(phrase)))
    return tuple(said)


def _with_between(phrase: str) -> list[str]:
    verb, parted, thing = phrase.partition("~")
    if not parted:
        return [phrase]
    together = [f"{verb}{between}{thing}" for between in _BETWEEN]
    return together + ([pattern.format(verb) + thing for pattern in _TWICE] if len(verb) == 1 else [])


def meant(services: Sequence[tuple[str, Sequence[str]]]) -> Sayings:
    """Sayings with the ids of the services they mean: of those (id, folded names) a shop has, none when it has none."""
    bearers = {work.key: _bearers(work, services) for work in WORKS}
    for work in WORKS:
        for broader in WORKS:
            if broader.key == work.narrower_of:
                plain = [id_ for id_ in bearers[broader.key] if id_ not in bearers[work.key]]
                bearers[broader.key] = plain or bearers[broader.key]
    loose: dict[str, dict[str, None]] = {}
    for work in WORKS:
        ids = tuple(bearers[work.key])
        if ids or work.hides:
            yield from ((saying, ids) for saying in sayings_of(work.sayings))
        for saying in sayings_of(work.loose):
            loose.setdefault(saying, {}).update(dict.fromkeys(ids))
    yield from ((saying, tuple(ids)) for saying, ids in loose.items() if len(ids) == 1)
    yield from ((saying, ()) for saying in sayings_of(SILENT))


def forms(options: Sequence[tuple[str, Sequence[str]]]) -> Sayings:
    """Sayings with the ids of the options (id, folded names) they mean."""
    for form in FORMS:
        ids = tuple(_bearers(form, options))
        if ids:
            yield from ((saying, ids) for saying in sayings_of(form.sayings))


def _bearers(work: Work, services: Iterable[tuple[str, Sequence[str]]]) -> list[str]:
    """Return those of this kind."""
    mark = re.compile(work.marks)
    return [id_ for id_, names in services if any(mark.search(name) for name in names)]
