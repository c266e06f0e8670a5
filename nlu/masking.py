"""Taking out of a text what tells who somebody is, so that what is left may be shown to others."""

import re
from collections.abc import Iterable, Iterator, Sequence

from nlu.lexicon import Lexicon
from nlu.names import LAST_TIME, EntityKind
from nlu.text import MAX_CHARS, Normal, is_han, normalise
from nlu.understanding import Entity, Understanding

Hidden = tuple[int, int, str]
"""A stretch [start, end) of the original text and the kind that is shown in its place."""

_PERSONAL = frozenset(
    (EntityKind.PHONE, EntityKind.ORDER_CODE, EntityKind.NAME, EntityKind.ADDRESS, EntityKind.TECHNICIAN)
)
_NUMERIC = frozenset(
    (
        EntityKind.WHEN,
        EntityKind.DURATION,
        EntityKind.MONEY,
        EntityKind.PRICE_MOST,
        EntityKind.QUANTITY,
        EntityKind.STARS,
        EntityKind.STARS_LEAST,
        EntityKind.OPTION,
    )
)
"""Long numbers that were read as one of these are none of somebody's."""
_LINK = re.compile(
    r"https?://\S+|www\.\S+|(?<![\w.+-])[\w.+-]{1,200}@[\w-]{1,100}(?:\.[\w-]{1,60})+|@\w{3,}", re.IGNORECASE
)
_NUMBER = re.compile(
    r"\+?\d(?:[\s().-]{0,2}\d){5,}[xX]?|\d{4,}|(?<!\d)\d(?:[ .-]\d(?!\d)){3,}"
    r"|[零〇一二两三四五六七八九幺壹贰叁肆伍陆柒捌玖]{4,}"
    r"|\b(?:(?:zero|oh|nought|one|two|three|four|five|six|seven|eight|nine|double|triple)\b[ ,-]{0,2}){4,}",
    re.IGNORECASE,
)
"""From four digits on it may be a code that opens a door or proves a phone."""
_HANDLE = re.compile(
    r"(?:微信|(?<![A-Za-z])(?:wechat|weixin|wx|vx|qq|whatsapp|telegram))"
    r"(?:(?:号|\s?id)?\s?(?:[:：是]|(?<=[号d]))\s?([A-Za-z][\w-]{4,31})|\s?([A-Za-z](?=[\w-]{0,30}[\d_])[\w-]{4,31}))",
    re.IGNORECASE | re.ASCII,
)
"""How somebody is called on another platform."""
_CODE = re.compile(r"(?<![A-Za-z0-9])(?=[A-Za-z]*\d)(?=\d*[A-Za-z])[A-Za-z0-9]{6,}(?![A-Za-z0-9])")
"""Letters and digits mixed: an order's code with a slip in it, a number plate, a licence."""
_CALLED = re.compile(
    r"[\u4e00-\u9fff]{1,2}(?:先生|女士|小姐|太太|总)|(?i:\b(?:mr|mrs|ms|miss|dr|prof)\b)\.?\s+[A-Z][\w'-]+(?:\s+[A-Z][\w'-]+)?"
)
_SAYS_NAME = re.compile(
    r"(?:我是|我叫|叫我|我姓|我名字叫)\s*([\u4e00-\u9fff]{1,4}?)(?=[,，。.!！?？~\s呀哈啊呢]|$)"
    r"|\b(?i:i'?m|i am|this is|my name(?:'s| is)|call me|it'?s)\s+([A-Z][\w'-]+(?:\s+[A-Z][\w'-]+)?)"
)
_ZH_NUMBER = "0-9０-９一二两三四五六七八九十百"
_ZH_STREET = re.compile(
    r"[\u4e00-\u9fff]{1,6}(?:(?<![电线走水气网套思])路(?![上口过由程线边])|(?<!逛)街|大道|巷|胡同|村|小区|花园|公寓|大厦|家园|苑)"
    rf"(?:\s*[{_ZH_NUMBER}]{{1,6}}\s*(?:号院?|弄))?"
    rf"|(?<![{_ZH_NUMBER}])[{_ZH_NUMBER}]{{1,6}}\s*(?:栋|幢|座(?!沙发)|单元|号楼|室(?!\s*[{_ZH_NUMBER}]\s*厅)|弄)(?:\s*[0-9０-９]{{1,6}})?"
)
_ZH_STREET_SIGN = re.compile("[路街巷村苑栋幢座室弄]|大道|胡同|小区|花园|公寓|大厦|家园|单元|号楼")
"""Looked for first: most messages name no street, and the search for one goes back and forth."""
_EN_STREET = re.compile(
    r"\b\d{1,5}[a-z]?,?\s+(?!(?:am|pm|min|hour|hr|day|week|month|people|person|of|for|to|at|o'clock|session|time|bed|more)\w*\b)"
    r"(?:[\w'-]{1,30}\s+){1,3}"
    r"(?:street|st|road|rd|avenue|ave|lane|ln|close|drive|court|gardens?|square|mews|terrace|place|way|crescent)\b"
    r"|\b(?:flat|apartment|apt|unit|room|house)\s+(?:no\.?\s*)?\d{1,5}[a-z]?\b"
    r"|\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\b",
    re.IGNORECASE,
)
_PATTERNS = (
    (_LINK, "link"),
    (_HANDLE, "link"),
    (_EN_STREET, "address"),
    (_CALLED, "name"),
    (_SAYS_NAME, "name"),
    (_NUMBER, "number"),
    (_CODE, "number"),
)
_LEAST_HAN, _LEAST_LETTERS = 3, 4
_WORD = re.compile(r"[^\W\d_][\w'-]+")
_HAN_RUN = re.compile(r"[\u3400-\u9fff]+")


def hidden(
    understood: Understanding, *, lexicon: Lexicon, names: Iterable[str] = (), addresses: Iterable[str] = ()
) -> tuple[Hidden, ...]:
    """Return what in a message must not be shown: phones, codes, links, people's names, where somebody lives.

    `names` and `addresses` are what is known of this person besides; parts of them are found, too.
    """
    text = understood.text
    read = (*understood.entities, *understood.negated)
    found = [(one.start, one.end, one.kind) for one in read if _is_personal(one)]
    figures = [(one.start, one.end) for one in read if one.kind in _NUMERIC]
    for pattern, kind in _PATTERNS:
        spans = (match.span(match.lastindex or 0) for match in pattern.finditer(text))
        found.extend((a, b, kind) for a, b in spans if kind != "number" or not _within(a, b, figures))
    if _ZH_STREET_SIGN.search(text):
        found.extend((*match.span(), "address") for match in _ZH_STREET.finditer(text))
    normal = normalise(text)
    read_to = _read_to(normal)
    if len(text) > read_to:
        found.append((read_to, len(text), "rest"))  # nobody has read it
    found.extend(_places(normal, lexicon))
    for known, kind in ((names, "name"), (addresses, "address")):
        for words in known:
            found.extend((start, end, kind) for start, end in _parts(text, words, whole=kind == "name"))
    return _joined(found)


def masked(text: str, stretches: Sequence[Hidden]) -> str:
    """Return the text with each of these stretches replaced by its kind in brackets."""
    parts, reach = [], 0
    for start, end, kind in stretches:
        parts += [text[reach:start], f"[{kind}]"]
        reach = end
    return "".join((*parts, text[reach:]))


def _is_personal(entity: Entity) -> bool:
    return entity.kind in _PERSONAL and entity.value != LAST_TIME


def _within(start: int, end: int, spans: Iterable[tuple[int, int]]) -> bool:
    return any(first <= start and end <= last for first, last in spans)


def _read_to(normal: Normal) -> int:
    """How far of the original was read: characters that fold to many are cut sooner."""
    if len(normal.text) < MAX_CHARS:
        return MAX_CHARS
    return normal.span(MAX_CHARS - 1, MAX_CHARS)[0] + 1


def _places(normal: Normal, lexicon: Lexicon) -> Iterator[Hidden]:
    """Compounds and buildings of the gazetteer: whoever names one lives there, as often as not."""
    for start, end, bearers in lexicon.phrases.find(normal.text):
        if any(kind == "place" for kind, _ in bearers):
            yield (*normal.span(start, end), "address")


def _parts(text: str, known: str, *, whole: bool) -> Iterator[tuple[int, int]]:
    """Where a text repeats part of something known: Han characters in a row, or whole words."""
    least = 2 if whole else _LEAST_HAN
    folded, own = text.casefold(), known.casefold()
    windows = {own[at : at + least] for at in range(len(own) - least + 1)}
    if len(folded) == len(text):
        for run in _HAN_RUN.finditer(folded):
            for start in range(run.start(), run.end() - least + 1):
                if folded[start : start + least] in windows:
                    yield start, start + least
    words = {word for word in _WORD.findall(own) if not is_han(word[0])}
    for match in _WORD.finditer(text) if words else ():
        if len(match[0]) >= (2 if whole else _LEAST_LETTERS) and match[0].casefold() in words:
            yield match.span()


def _joined(found: Iterable[Hidden]) -> tuple[Hidden, ...]:
    """Overlapping stretches as one, of the kind that begins first."""
    joined: list[Hidden] = []
    for start, end, kind in sorted(found, key=lambda each: (each[0], -each[1])):
        if joined and start < joined[-1][1]:
            first, last, kept = joined[-1]
            joined[-1] = (first, max(last, end), kept)
        elif end > start:
            joined.append((start, end, str(kind)))
    return tuple(joined)
