"""The texts as they are read at start-up, for the tests of words."""

import string

from dialogs.texts import read_texts

TEXTS = read_texts()

KEYS = TEXTS.keys("zh-Hans")


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
