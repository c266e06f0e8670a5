# ruff: noqa: E501 - one expression to a line
"""What a message is like as a whole, whatever it is about: it asks, corrects, wavers, keeps what was to be cancelled."""

import re
from functools import lru_cache

ASKS, CORRECTS, WAVERS, KEEPS = "?", "~corrects", "~wavers", "~keeps"
"""The signs, as the model sees them too."""

_CHINESE = {
    ASKS: re.compile(
        r"[?]|[吗么]\s*[.!~]*$|几[个位点号]|多少|什么|怎么|咋|为什么|哪|是不是|有没有|能不能|可不可以|会不会|要不要|可以吗|行不行|谁(?!都|来都|有空)"
    ),
    CORRECTS: re.compile(
        r"改成|改到|改为|换成|换到|换个|换一|换[人技师男女]|改一?下|改地址|[说弄搞打写选]错|错了|不对|[,.]\s*改(?!天|期)|我是说|我说的是|应该是|不是.{1,12}(?:[,.\s]|而?是)|^(?:不|不不|哦不|啊不|不是|等等)[,.!\s]"
    ),
    WAVERS: re.compile(r"再?(?:想想|想一想|考虑|琢磨|看看再说|商量|问问)|等一?[等下]|稍等|先等|不确定|没想好|不急"),
    KEEPS: re.compile(
        r"(?:不|别|没|莫)(?:要|用|想|会|说要|打算)?(?:再)?(?:取消|退订|退单)(?!.{0,2}(?:规则|政策|吗|么|\?))"
    ),
}
_ENGLISH = {
    ASKS: re.compile(
        r"[?]|^(?:and |so |but |hi,? |hello,? |sorry,? )?(?:is|are|do|does|did|can|could|will|would|(?:what|when|where|who|how)s?|which|why|any|has|have|may)\b"
    ),
    CORRECTS: re.compile(
        r"^(?:no|nope|nah|sorry no|wait|oops)\b(?! (?:preference|problem|idea|thanks|thank|one|worries|more than))(?!\.\s?[0-9])(?=[,.!\s-])|\bactually\b|\bi (?:meant|mean|said)\b|\bmake (?:it|that)\b|\b(?:change|switch|swap|move)\b|\binstead\b|\brather\b|\bnot\b.{1,24}[,.]|\bnot .{1,20}\bbut\b"
    ),
    WAVERS: re.compile(
        r"\b(?:think(?: about)?|not sure|hold on|hang on|wait|maybe later|in a (?:minute|moment|bit)|get back to you|ask my)\b"
    ),
    KEEPS: re.compile(r"\b(?:don'?t|do not|not|won'?t|never) (?:want to |going to |gonna )?cancel"),
}
_LATIN = re.compile(r"[a-z]")


@lru_cache(maxsize=16)
def noticed(text: str) -> frozenset[str]:
    """The signs a folded text bears."""
    if text.isascii():
        return frozenset([sign for sign, pattern in _ENGLISH.items() if pattern.search(text)])
    signs = {sign for sign, pattern in _CHINESE.items() if pattern.search(text)}
    if _LATIN.search(text):
        signs.update([sign for sign, pattern in _ENGLISH.items() if pattern.search(text)])
    return frozenset(signs)
