"""Texts that a part of a pattern can be, and the ones among them that may be cut in two ways."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Final

from tests.dialogs.backtracking import OP, Tree, ways

_MOST: Final = 120
_REPEATS: Final = (OP.MAX_REPEAT, OP.MIN_REPEAT, OP.POSSESSIVE_REPEAT)
_OFTEN: Final = 12
"""A group repeated no more often than this cannot be cut in ways enough to matter."""
_OF_CATEGORY: Final = {OP.CATEGORY_DIGIT: "3", OP.CATEGORY_SPACE: " ", OP.CATEGORY_WORD: "a"}


def repeated_groups(tree: Tree) -> Iterator[Tree]:
    """Give the body of everything in a tree that may be repeated often, and is more than one character."""
    for code, argument in tree:
        if code in _REPEATS:
            _, most, body = argument
            single = len(body) == 1 and body[0][0] in (OP.LITERAL, OP.NOT_LITERAL, OP.IN, OP.ANY)
            if (most is OP.MAXREPEAT or most > _OFTEN) and not single:
                yield body
        for part in parts(code, argument):
            yield from repeated_groups(part)


def parts(code: Any, argument: Any) -> Iterable[Tree]:
    """Return the trees inside one operation."""
    if code in _REPEATS or code is OP.SUBPATTERN:
        return (argument[-1],)
    if code is OP.BRANCH:
        return tuple(argument[1])
    if code in (OP.ASSERT, OP.ASSERT_NOT):
        return (argument[1],)
    return (argument,) if code is OP.ATOMIC_GROUP else ()


def samples(tree: Tree) -> list[str]:
    """Return texts the tree can be, each branch and each optional part among them."""
    found = [""]
    for code, argument in tree:
        options = _samples_of(code, argument)
        found = _mixed(found, options)
    return found


def _mixed(befores: list[str], options: list[str]) -> list[str]:
    """Join what came before with every option; where that is too much, each option at least once."""
    if len(befores) * len(options) <= _MOST:
        return list(dict.fromkeys(before + option for before in befores for option in options))
    often = max(len(befores), len(options))
    mixed = [befores[n % len(befores)] + options[n % len(options)] for n in range(often)]
    return list(dict.fromkeys(mixed))[:_MOST]


def _samples_of(code: Any, argument: Any) -> list[str]:
    if code in _REPEATS:
        least, most, body = argument
        once = samples(body)
        found = [""] if least == 0 else once if least == 1 else [one * least for one in once]
        more = once if least == 0 else [one * (least + 1) for one in once]
        return list(dict.fromkeys([*found, *(more if most is OP.MAXREPEAT or most > least else ())]))[:_MOST]
    if code is OP.BRANCH:
        return list(dict.fromkeys(one for branch in argument[1] for one in samples(branch)))[:_MOST]
    if code is OP.SUBPATTERN:
        return samples(argument[-1])
    if code is OP.ATOMIC_GROUP:
        return samples(argument)
    if code is OP.LITERAL:
        return [chr(argument)]
    if code is OP.NOT_LITERAL:
        return ["甲" if argument != ord("甲") else "乙"]
    if code is OP.ANY:
        return ["甲"]
    return _of_a_set(argument) if code is OP.IN else [""]


def _of_a_set(argument: Any) -> list[str]:
    if argument[0][0] is OP.NEGATE:
        return ["甲"]
    found = [
        chr(value) if code is OP.LITERAL else chr(value[0]) if code is OP.RANGE else _OF_CATEGORY.get(value, "甲")
        for code, value in argument
    ]
    return found[:4]


def cut_in_two_ways(body: Tree) -> str | None:
    """Return a text that repetitions of a group can be cut into in two ways; None when there is none among samples."""
    units = [one for one in samples(body) if one]
    for one in units:
        if ways(body, one) > 1:
            return one
    known = set(units)
    for one in units:
        for two in units:
            if one + two in known:
                return one + two
    return _dangling(units, known)


def _dangling(units: list[str], known: set[str]) -> str | None:
    """Look for two rows of units that are one text (Sardinas and Patterson), as deep as a few units go."""
    rests = {two[len(one) :]: two for one in units for two in units if one != two and two.startswith(one)}
    seen: set[str] = set()
    while rests:
        ahead: dict[str, str] = {}
        for rest, text in rests.items():
            if rest in known:
                return text
            for unit in units:
                if unit.startswith(rest) and unit != rest:
                    ahead.setdefault(unit[len(rest) :], text + unit[len(rest) :])
                elif rest.startswith(unit):
                    ahead.setdefault(rest[len(unit) :], text)
        seen |= rests.keys()
        rests = {rest: text for rest, text in islice(ahead.items(), 400) if rest and rest not in seen}
    return None


def around(tree: Tree, group: Tree) -> Iterator[tuple[list[str], list[str]]]:
    """Give texts that bring one to a repeated group of the tree, and texts that follow it."""
    before = [""]
    for place, (code, argument) in enumerate(tree):
        rest = tree[place + 1 :]
        if code in _REPEATS and argument[-1] is group:
            yield before, samples(rest)
        for part in parts(code, argument):
            for inner_before, inner_after in around(part, group):
                yield _mixed(before, inner_before), _mixed(inner_after, samples(rest))
        before = _mixed(before, _samples_of(code, argument))
