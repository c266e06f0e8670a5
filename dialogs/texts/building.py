"""Traditional Chinese from Simplified: `python -m dialogs.texts.building` writes zh_Hant.po anew.

OpenCC converts letters and words (Taiwan wording); what a reader in Taiwan would say otherwise stands in
zh_Hant.overrides.po: entries of the context "word" replace a word wherever it is, the others a whole text.
"""

import io
import re
from typing import Final

import opencc
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from dialogs.texts import path_of, read_catalogue
from dialogs.texts.taiwan import overrides, reworded

_HEADER: Final = """\
# Made from zh_Hans.po by `make texts`: do not edit.
# What reads wrong here is said otherwise in zh_Hant.overrides.po."""
_FACT: Final = re.compile(r"(\{\w+\})")
_DATED: Final = re.compile(
    r'"(POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team|Report-Msgid-Bugs-To|Generated-By'
    r"|Content-Transfer-Encoding)[^\n]*\n"
)


def convert(texts: dict[str, str], words: dict[str, str]) -> dict[str, str]:
    """Return Simplified texts in Traditional letters and Taiwan wording; facts in braces stay as they are."""
    to_taiwan = opencc.OpenCC("s2twp").convert

    def part(text: str) -> str:
        return text if _FACT.fullmatch(text) else reworded(to_taiwan(text), words)

    return {key: "".join(map(part, _FACT.split(text))) for key, text in texts.items()}


def made() -> str:
    """Return zh_Hant.po as it must be now."""
    words, whole = overrides()
    texts = convert(read_catalogue("zh-Hans"), words) | whole
    catalogue = Catalog(locale="zh_Hant", project="Menling", header_comment=_HEADER, fuzzy=False)
    for key, text in texts.items():
        catalogue.add(key, text)
    out = io.BytesIO()
    write_po(out, catalogue, width=120)
    return _DATED.sub("", out.getvalue().decode())


if __name__ == "__main__":
    path_of("zh-Hant").write_text(made(), encoding="utf-8")
