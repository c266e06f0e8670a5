"""What people typed, made fit to keep and to show to somebody else: nothing unseen in it, and never a command."""

import re
import unicodedata

# Default-ignorable code points and blanks that show nothing (Unicode 15, DerivedCoreProperties), the two emoji joiners
# aside; marks that turn the direction of what follows; halves of surrogate pairs; control characters but the line end.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200c\u200e\u200f"
    "\u2028-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0e\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\ud800-\udfff"
    "\ue000-\uf8ff\U000e0000-\U0010ffff]"
)
_EMOJI = "\u2190-\u2bff\U0001f000-\U0001faff"
_LOOSE_JOINER = re.compile(f"(?<![{_EMOJI}\ufe0f])[\u200d\ufe0f]|\u200d(?![{_EMOJI}])")
_LINES = re.compile(r"\r\n?|\u2028|\u2029|\x0b|\x0c|\x85")
_MANY_LINES = re.compile(r"\n{3,}")
_SPACE_AT_END = re.compile(r"[^\S\n]+(?=\n|\Z)")
# Marks heaped on one letter (U+0300 and its like) run into the lines above and below.
_HEAP = re.compile("([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{2})"
                   "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+")  # fmt: skip


# Nearly all that is typed: letters without marks, Han, the usual stops. There is nothing in it to clean.
_PLAIN = re.compile("[ -~\u3001\u3002\u300c\u300d\u201c\u201d\u4e00-\u9fff\uff01\uff08\uff09\uff0c\uff1a\uff1f]*")


def prose(text: str) -> str:
    """Return words of any number of lines, with nothing unseen in them and no heap of empty lines."""
    if _PLAIN.fullmatch(text):
        return text.strip()
    seen = _seen(_LINES.sub("\n", text))
    return _MANY_LINES.sub("\n\n", _SPACE_AT_END.sub("", seen)).strip()


def one_line(text: str) -> str:
    """Return a name or an address as one line: nothing unseen, letters and digits of one width, single spaces."""
    if not _PLAIN.fullmatch(text):
        text = _seen(" ".join(text.split()))
        text = "".join(unicodedata.normalize("NFKC", one) if one.isalnum() else one for one in text)
    return " ".join(text.split())


def _seen(text: str) -> str:
    text = _UNSEEN.sub("", unicodedata.normalize("NFC", text))
    return _HEAP.sub(r"\1", _LOOSE_JOINER.sub("", text))
