"""How often a pattern has to try: its parse tree walked as the engine does, with every step counted.

Python's own engine tells no steps and cannot be stopped; seconds depend on the machine. So the tests walk the tree
themselves. Only what decides how a text may be cut is exact; a back reference is taken for any text.
"""

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any, Final

OP: Any = import_module("re._constants")
_PARSER: Any = import_module("re._parser")

Tree = Any
"""A parsed pattern, or a part of one: a sequence of (operation, argument)."""

_REPEATS: Final = (OP.MAX_REPEAT, OP.MIN_REPEAT, OP.POSSESSIVE_REPEAT)
_CATEGORIES: Final[dict[Any, Callable[[str], bool]]] = {
    OP.CATEGORY_DIGIT: str.isdecimal,
    OP.CATEGORY_SPACE: str.isspace,
    OP.CATEGORY_WORD: lambda char: char.isalnum() or char == "_",
}
_NOT_CATEGORIES: Final = {
    OP.CATEGORY_NOT_DIGIT: OP.CATEGORY_DIGIT,
    OP.CATEGORY_NOT_SPACE: OP.CATEGORY_SPACE,
    OP.CATEGORY_NOT_WORD: OP.CATEGORY_WORD,
}


MOST_STEPS: Final = 100_000


class TooManySteps(Exception):
    """The walk was given up: more steps than anybody should wait for."""


class Walk:
    """One walk of a tree along a text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.steps = 0

    def ends(self, tree: Tree, at: int, first: int = 0) -> Iterator[int]:
        """Give every place where the tree, from its part `first` on, can end when it begins at `at`."""
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise TooManySteps
        if first == len(tree):
            yield at
            return
        code, argument = tree[first]
        for end in self._one(code, argument, at):
            yield from self.ends(tree, end, first + 1)

    def _one(self, code: Any, argument: Any, at: int) -> Iterator[int]:
        if code in _REPEATS:
            least, most, body = argument
            yield from self._repeated(code, least, most, body, at)
        elif code is OP.BRANCH:
            for branch in argument[1]:
                yield from self.ends(branch, at)
        elif code is OP.SUBPATTERN:
            yield from self.ends(argument[-1], at)
        elif code is OP.ATOMIC_GROUP:
            yield from _first(self.ends(argument, at))
        elif code in (OP.ASSERT, OP.ASSERT_NOT):
            if self._holds(argument, at) is (code is OP.ASSERT):
                yield at
        elif code is OP.AT:
            if _is_at(argument, self.text, at):
                yield at
        elif code is OP.GROUPREF:
            yield at
        elif at < len(self.text) and _is_one(code, argument, self.text[at]):
            yield at + 1

    def _repeated(self, code: Any, least: int, most: Any, body: Tree, at: int, done: int = 0) -> Iterator[int]:
        if code is OP.POSSESSIVE_REPEAT:
            yield from _first(self._repeated(OP.MAX_REPEAT, least, most, body, at, done))
            return
        lazy = code is OP.MIN_REPEAT
        if lazy and done >= least:
            yield at
        if most is OP.MAXREPEAT or done < most:
            for end in self.ends(body, at):
                if end > at or done < least:
                    yield from self._repeated(code, least, most, body, end, done + 1)
        if not lazy and done >= least:
            yield at

    def _holds(self, argument: Any, at: int) -> bool:
        direction, tree = argument
        if direction > 0:
            return any(True for _ in self.ends(tree, at))
        starts = range(max(0, at - 40), at + 1)
        return any(end == at for start in starts for end in self.ends(tree, start))


def parsed(pattern: str, flags: int = 0) -> Tree:
    """Return the tree of a pattern."""
    return _PARSER.parse(pattern, flags)


def steps_of_search(tree: Tree, text: str) -> int:
    """Count the steps of looking for the tree in a text, `MOST_STEPS` at most."""
    walk = Walk(text)
    try:
        for start in range(len(text)):
            if any(True for _ in walk.ends(tree, start)):
                break
    except TooManySteps:
        return MOST_STEPS
    return walk.steps


def steps_of_whole(tree: Tree, text: str) -> int:
    """Count the steps of telling whether the tree is the whole text, `MOST_STEPS` at most."""
    walk = Walk(text)
    try:
        any(end == len(text) for end in walk.ends(tree, 0))
    except TooManySteps:
        return MOST_STEPS
    return walk.steps


def ways(tree: Tree, text: str) -> int:
    """Count the ways in which the tree is the whole text; two are as bad as many."""
    found = 0
    for end in Walk(text).ends(tree, 0):
        found += end == len(text)
        if found > 1:
            break
    return found


def _first(ends: Iterator[int]) -> Iterator[int]:
    for end in ends:
        yield end
        return


def _is_at(where: Any, text: str, at: int) -> bool:
    if where in (OP.AT_BEGINNING, OP.AT_BEGINNING_STRING):
        return at == 0
    if where in (OP.AT_END, OP.AT_END_STRING):
        return at == len(text)
    before = at > 0 and _is_word(text[at - 1])
    after = at < len(text) and _is_word(text[at])
    return (before != after) is (where is OP.AT_BOUNDARY)


def _is_word(char: str) -> bool:
    return char.isalnum() or char == "_"


def _is_one(code: Any, argument: Any, char: str) -> bool:
    if code is OP.ANY:
        return char != "\n"
    if code is OP.LITERAL:
        return bool(ord(char) == argument)
    if code is OP.NOT_LITERAL:
        return bool(ord(char) != argument)
    assert code is OP.IN, code
    negated = argument[0][0] is OP.NEGATE
    return any(_is_in(kind, value, char) for kind, value in argument[negated:]) is not negated


def _is_in(code: Any, argument: Any, char: str) -> bool:
    if code is OP.LITERAL:
        return bool(ord(char) == argument)
    if code is OP.RANGE:
        return bool(argument[0] <= ord(char) <= argument[1])
    if argument in _NOT_CATEGORIES:
        return not _CATEGORIES[_NOT_CATEGORIES[argument]](char)
    return _CATEGORIES[argument](char)
