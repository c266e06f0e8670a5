"""Stems spare most texts a search, and never one that the search would have found."""

import re

import dialogs
from dialogs.spotting import Spotted
from nlu.text import normalise
from tests.dialogs.backtracking import parsed
from tests.dialogs.kept import kept_by
from tests.dialogs.samples import samples


def _unspotted(one: Spotted) -> list[str]:
    """Return words that the pattern finds and the stems keep from it, as folded as it is given them."""
    texts = {normalise(each).text for each in samples(parsed(one.pattern.pattern, one.pattern.flags))}
    return sorted(text for text in texts if one.search(text) is None and one.pattern.search(text) is not None)


def test_no_words_that_a_pattern_knows_are_kept_from_it_by_its_stems() -> None:
    spotted = [(name, one) for name, one in kept_by(dialogs, Spotted) if isinstance(one, Spotted)]
    assert len(spotted) > 20

    assert {name: words[:5] for name, one in spotted if (words := _unspotted(one))} == {}


def test_words_without_a_stem_would_be_found() -> None:
    assert _unspotted(Spotted(("微信",), re.compile("加微信|转账"))) == ["转账"]
