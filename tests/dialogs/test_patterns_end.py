"""No pattern that reads strangers' words may be one that a short message keeps searching for ever.

That is so where a group is repeated whose repetitions can cut a text in two ways: each further repetition doubles what
is tried before the search fails. Every pattern of `dialogs` and `nlu` is looked at, in steps and not in seconds.
"""

import re
from collections.abc import Iterator

import pytest

import dialogs
import nlu
from tests.dialogs.backtracking import MOST_STEPS, Tree, parsed, steps_of_search, steps_of_whole
from tests.dialogs.kept import kept_by
from tests.dialogs.samples import around, cut_in_two_ways, repeated_groups

_FEW, _MORE = 8, 12
_TOO_STEEP = 8
"""Four more repetitions double the steps four times where each doubles them; where all is well they add a little."""
_STRANGE = "龘"
_TRIED = 6
_BUILD_ONLY = frozenset({"nlu.training"})
"""Needs what only the build has, and reads our own examples."""

_HARMLESS = {"nlu.places._LEAD": "may be nothing and is followed by nothing: `match` takes the first way there is"}
"""What would be steep as a whole, and is never asked for one."""


def _all_patterns() -> dict[str, tuple[str, int]]:
    """Every pattern kept by a module, with the name it was first met under and its flags."""
    found: dict[str, tuple[str, int]] = {}
    for room in (dialogs, nlu):
        for name, pattern in kept_by(room, re.Pattern, but=_BUILD_ONLY):
            if isinstance(pattern, re.Pattern):
                found.setdefault(pattern.pattern, (name, pattern.flags))
    return found


def _endless(pattern: str, flags: int = 0) -> tuple[str, bool, bool] | None:
    """Return the words that keep this pattern busy, and whether a search and a match of the whole do; None for none."""
    tree = parsed(pattern, flags)
    for group in repeated_groups(tree):
        again = cut_in_two_ways(group)
        if again is None:
            continue
        texts = list(_attacks(tree, group, again))
        searched = any(_explodes(steps_of_search(tree, few), steps_of_search(tree, more)) for few, more in texts)
        whole = any(_explodes(steps_of_whole(tree, few), steps_of_whole(tree, more)) for few, more in texts)
        if searched or whole:
            return again, searched, whole
    return None


def _attacks(tree: Tree, group: Tree, again: str) -> Iterator[tuple[str, str]]:
    for befores, afters in around(tree, group):
        endings = dict.fromkeys([_STRANGE, *(f"{after[:-1]}{_STRANGE}" for after in afters[:2] if after)])
        for before in befores[:_TRIED]:
            for ending in endings:
                yield f"{before}{again * _FEW}{ending}", f"{before}{again * _MORE}{ending}"


def _explodes(few: int, more: int) -> bool:
    return more >= MOST_STEPS or more > _TOO_STEEP * few


def test_no_pattern_can_be_kept_searching() -> None:
    patterns = _all_patterns()
    assert len(patterns) > 300

    found = {name: words for pattern, (name, flags) in patterns.items() if (words := _endless(pattern, flags))}

    assert {name: words for name, words in found.items() if name not in _HARMLESS} == {}
    assert not [name for name, (_, searched, _) in found.items() if searched]
    assert found.keys() >= _HARMLESS.keys(), "what is harmless by now needs no excuse"


@pytest.mark.parametrize(
    "pattern",
    [
        r"(?:别|不要){1,2}(?:再|收到|收|给我|发给我|发|所有的?|的)*(?:通知|消息)",
        r"\b(?:stop|mute)(?: (?:all|the|sending|sending me|me))* (?:messages|texts)\b",
        r"3点\s*(?:的|那个|的?预约|的?订单|的?单)*\s*(?:能不能|能)?改到",
        r"[\s,]*(?:(?:不对|不是|不|不不|是|改)[\s,]*(?:at )?)+5",
        r"[\s,.!]*(?:就|只|我?要|只要|做)*[\s:]*\d台",
        r"^(?:哦+|知道了?|了解|[\s,了的啊])+[.!]*$",
        r"(?:the |this |later (?:this )?|late )*(?:morning|evening)",
        r"(?:吧|谢谢|请|按(?:摩)?|请)+$",
        r"^(?:[a-z]+ ?)+!$",
        r"^(?:ab|aba|ba)+!$",
    ],
)
def test_what_was_endless_once_would_be_found(pattern: str) -> None:
    assert _endless(pattern) is not None


@pytest.mark.parametrize("pattern", [r"(?:ab|cd)*!", r"(?:请|吧|啊+哦)+$", r"(?: (?:all|the|sending|me)){0,6} texts"])
def test_what_can_be_cut_in_one_way_only_is_let_pass(pattern: str) -> None:
    assert _endless(pattern) is None
