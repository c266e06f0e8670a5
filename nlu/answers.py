# ruff: noqa: E501 - one expression to a line
"""Short answers: order codes, ordinals, money, stars, yes and no, languages."""

import re
from collections.abc import Iterator

from nlu.found import Found
from nlu.numbers import amount, integer
from nlu.text import MASK, Normal, any_of
from nlu.understanding import Asked

_N = r"(?:[0-9]{1,2}|[一二两三四五六七八九十]{1,3})"
_WORDS = {
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "fifth": 5,
    "sixth": 6,
    "seventh": 7,
    "eighth": 8,
    "last": -1,
    "bottom": -1,
    "latter": -1,
    "top": 1,
    "former": 1,
} | {
    "1st": 1,
    "2nd": 2,
    "3rd": 3,
    "4th": 4,
    "5th": 5,
}
_CODE = re.compile(r"(?<![0-9a-z])[0-9a-z]{6}(?![0-9a-z])")
_OURS = re.compile(r"[2-9a-hjkmnp-z]{6}")
_POSTCODE = re.compile(r"(?:(?:e1|n1|w1|se1|ec[1-4]|wc[12]|nw1|sw1)[a-z]|[a-z]{1,2}[0-9]{1,2})[0-9][a-z]{2}")
_CODE_WORD = re.compile(
    r"(?:订单号?|单号|[一这那]单|编号|order(?: number| no\.?| code)?|booking(?: code| number| ref)?|refund for|ref(?:erence)?|code|#)\s*(?:is|是)?\s*[:#]?\s*$"
)
_ORDINAL = re.compile(
    rf"倒数第\s*(?P<back>{_N})\s*[个位项]?|(?<!倒数)第\s*(?P<zh>{_N})\s*(?:[个位项条种款名号](?!客[人户]|小时|月|周|星期)|家店?|(?![次天遍周年月回步层个位项条种款名号者次节季杯套段]))|(?P<last_zh>(?<![上下前])后一个(?!月|小时|星期|礼拜|钟)|(?:最后|末尾|最末|最下|最底)(?:面|边|头)?的?(?:那|这)?一?[个位项条](?!月|小时|问题|客)|最后那|(?:下面|底下|末尾|后面|后边)的?(?:那|这)一?个)|(?P<first_zh>(?:最上|最前|最顶|打头)(?:面|边|头)?的?(?:那|这)?一?[个位项条]|(?:上面|顶上)的?(?:那|这)一?个|头一[个位项条](?!月|次|小时)|首个)|(?:选项?|要|就要|选择)\s*(?P<pick>{_N})(?![0-9点:个号月分小位张星下天块元十种次份台把])"
    r"|\b(?:the )?(?P<en>(?<!my )(?<!a )(?:first|second|third|fourth|fifth|sixth|seventh|eighth)|(?<!my )(?<!rebook the )(?<!reorder the )(?<!repeat the )last(?! one done| address| job| offer| order| request)|bottom|top|1st|2nd|3rd|4th|5th)(?: one| address| job(?! of| today| tomorrow)| offer| request| order| of (?:those|them|these)| option| choice| slot| guy| person| in the list| on the list)(?![a-z])|\bthe (?P<the>second|third|fourth|fifth|last|first|latter|former)[\s,.!]*(?:please|pls|thanks)?[\s,.!]*$"
    r"|(?<!door )(?<!house )(?<!flat )(?<!room )\b(?:option|choice|number|no\.) ?(?P<opt>[0-9]{1,2}|one|two|three|four|five|six)\b(?!,? (?:[a-z']+ ){1,3}(?:street|st|road|rd|avenue|ave|lane|square|court|gardens?)\b)|\b(?P<nth>[0-9])(?:st|nd|rd|th) (?:one|option|choice)\b"
)
_BARE_NUMBER = re.compile(
    rf"[\s,.!]*(?:我?选|要|就|那就|(?:i'?ll |i'?d |i |let'?s |can i |could i )?(?:take|like|pick|choose|go for|go with|have|want)|option|number|the|no,?|ok,?|just|only|好,?)*\s*(?:number |option |no\.? )?(?P<n>{_N}|one|two|three|four|five|six|seven|eight|nine|first|second|third|fourth|last|1st|2nd|3rd|4th)[.,!)\s]*(?:吧|please|pls|for me|one|号)*[\s,.!]*"
)
_SHORT = 64
"""Longer words are no bare answer."""
_BARE_MINUTES = re.compile(
    r"[\s,.]*(?:要|就|选|换成?|改成?|那个|the )?\s*(?P<n>[0-9]{2,3})\s*(?:的|吧|那个|one|please|[\s,.!])*"
)
_MONEY = re.compile(
    r"(?P<sign>[¥￥$£€])\s?(?P<a>[0-9]{1,9}(?:\.[0-9]{1,2})?)|(?:rmb|cny)\s?(?P<b>[0-9]{1,9}(?:\.[0-9]{1,2})?)"
    r"|(?<![0-9])(?P<c>[0-9]{1,9}(?:\.[0-9]{1,2})?|[一二两三四五六七八九十百千零]{1,9})\s?(?P<unit>块钱?|元|yuan|rmb|pounds?|quid|dollars?|euros?|英镑|美元|美金|欧元|港币)(?![a-z])(?!出头)"
)
_CURRENCIES = {"¥": "CNY", "￥": "CNY", "$": "USD", "£": "GBP", "€": "EUR", "pound": "GBP", "pounds": "GBP", "quid": "GBP", "dollar": "USD",
               "dollars": "USD", "euro": "EUR", "euros": "EUR", "英镑": "GBP", "美元": "USD", "美金": "USD", "欧元": "EUR", "港币": "HKD"}  # fmt: skip
_STARS = re.compile(
    r"(?P<zh>[0-5零一二两三四五])\s*(?:颗)?星(?!期)|(?:给|打)个?(?P<ke>[一二两三四五1-5])颗(?!糖)|(?<![0-9./])(?P<out>[0-5]|one|two|three|four|five)(?:\.0)? ?(?:out of|/) ?(?:5|five)\b(?! ?(?:pm|am|minutes|hours|people|rooms|/))|\b(?:rate|rating|score|give)(?: (?:it|her|him|them|this|that|of|is|the|service|a|:))* (?P<rate>[0-5])(?![0-9:./])(?! (?:pm|am|days|more|people|rooms|hours|stars?))|(?:打|给|评)\s*(?P<pts>[1-5一二三四五])\s*分|(?P<full>满分|满星|全五星|五星好评)|(?<![0-9点.])(?P<pts2>[1-5])分(?![钟之])|(?:评分|rating|stars)\s*(?:[:是]|to|of)?\s*(?P<rated>[0-5])(?:分)?(?![0-9.:]|星以|分以|以上)|\b(?P<mark>[0-5])\*|\b(?P<en>[0-5]|zero|one|two|three|four|five)[ -]?stars?\b|(?P<emoji>[⭐★🌟](?:\s*[⭐★🌟]){0,4})"
)
_LANGUAGE = re.compile(
    r"(?P<hant>繁体(?:中文|字)?|繁中|traditional(?: chinese)?)|(?P<hans>简体(?:中文|字)?|简中|中文|汉语|普通话|国语|中国话|simplified(?: chinese)?|chinese(?! (?:number|sim|name|restaurant|speaking|massage|medicine|food|new year|therapist|phone|mobile))|mandarin(?! oriental)|zhongwen|putonghua)|(?P<en>英文(?!名)|英语|(?<!plain )english(?! is hard| name| breakfast)|englsh)"
)
_OF_ANOTHER = re.compile(
    rf"(?:[{MASK}他她它傅师姨位人]|(?<![我咱])们)\s*(?:会不会|能不能|会|能|懂|可以)?(?:不)?(?:说|讲|听懂?|用|懂)?\s*$|\b(?:does|do|can|is|are) (?:{MASK}+|(?:she|he|they|the [a-z]+|your [a-z]+|any of them|anyone|anybody)\b)[^.?!]*$"
    r"|(?:看不懂|不会|不懂|别用|别说|别跟我说|怎么全是|怎么是|全是|从|学好?|(?:don'?t|do not|can'?t|cannot) (?:read|speak|understand|know)|why is (?:this|it|that|everything) in|stop (?:the|speaking|using)|learn|instead of|not)\s*$"
)
"""Whether she speaks it: a question about another, no wish for this talk."""
_LANGUAGES = {"hant": "zh-Hant", "hans": "zh-Hans", "en": "en"}


def order_codes(text: str, normal: Normal) -> Iterator[Found]:
    """Short order codes; a code of letters alone counts only beside the word order, or nearly every word would be one."""
    for match in _CODE.finditer(text):
        code = match.group()
        mixed = any(char.isdigit() for char in code) and not code.isdigit()
        upper = normal.original[slice(*normal.span(*match.span()))].isupper()
        called = _CODE_WORD.search(text, max(0, match.start() - 20), match.start()) is not None
        ours = _OURS.fullmatch(code) is not None
        if not ours and (not mixed or _POSTCODE.fullmatch(code)):
            continue
        slip = called or (upper and sum(map(str.isdigit, code)) > 1)
        if (mixed if ours else slip) or (called and (code.isdigit() or upper)):
            yield Found(*match.span(), "order_code", code.upper())


_DIGITS = frozenset("0123456789")
_ORDINAL_WORDS = any_of((
    "第", "选", "要", "最", "末", "后一", "后那", "头一", "首个", "面", "下的", "上的", "打头", "first", "second", "third", "fourth", "fifth",
    "sixth", "seventh", "eighth", "last", "bottom", "top", "latter", "former", "1st", "2nd", "3rd", "th", "option", "choice",
    "number", "no.",
))  # fmt: skip
_AT_THE_ENDS = {"last_zh": -1, "first_zh": 1}
_PICKED = re.compile(rf"[\s,.!]*(?:我|那|就|还是|选择?|要)*(?P<n>{_N})号(?:那?[个位]|的|选项)?[吧呢啊呗\s,.!]*")
_MIDDLE = re.compile(
    r"(?:就|选|要|那|the |i'll take )*(?P<n>中间(?:的|那)?(?:一?个)?|middle(?: one)?)[吧的\s,.!]*(?:please|pls)?"
)


def ordinals(text: str, asked: Asked) -> Iterator[Found]:
    """第二个, the second one; a bare number up to the number of choices on screen."""
    short = len(text) <= _SHORT
    bare = (_BARE_NUMBER.fullmatch(text) if short else None) or (
        _PICKED.fullmatch(text) if short and asked.kind != "when" else None
    )
    middle = _MIDDLE.fullmatch(text) if short and asked.choices % 2 else None
    if middle is not None:
        yield Found(*middle.span("n"), "ordinal", (asked.choices + 1) // 2)
        return
    if bare is not None and asked.choices:
        number = _WORDS.get(bare["n"]) or integer(bare["n"])
        if number is not None and number <= asked.choices:
            yield Found(*bare.span("n"), "ordinal", number)
        return
    if not _ORDINAL_WORDS.search(text):
        return
    for match in _ORDINAL.finditer(text):
        said = match[match.lastgroup or 0]
        if match.lastgroup == "the" and said[0] in _DIGITS and (not asked.choices or asked.kind == "when"):
            continue  # the 4th with nothing to pick from is a date
        number = _AT_THE_ENDS.get(match.lastgroup or "") or _WORDS.get(said) or integer(said)
        if match.lastgroup == "back" and number is not None:
            number = -number
        if number is not None:
            yield Found(*match.span(), "ordinal", number)


def bare_minutes(text: str) -> Found | None:
    """A lone 60 or 90 where an option was asked: a length in minutes."""
    match = _BARE_MINUTES.fullmatch(text)
    if match is None or not 15 <= int(match["n"]) <= 480:
        return None
    return Found(*match.span("n"), "duration", int(match["n"]))


def money(text: str, currency: str) -> Iterator[Found]:
    """Amounts in whole minor units with their currency."""
    for match in _MONEY.finditer(text):
        value = amount(match["a"] or match["b"] or match["c"])
        unit = match["sign"] or match["unit"] or ""
        if value is not None:
            yield Found(*match.span(), "money", (round(value * 100), _CURRENCIES.get(unit, currency)))


def stars(text: str, asked: Asked) -> Iterator[Found]:
    """A rating of 0 to 5."""
    if asked.kind == "stars" and len(text) <= _SHORT:
        bare = _BARE_NUMBER.fullmatch(text)
        number = None if bare is None else integer(bare["n"])
        if bare is not None and number is not None and number <= 5:
            yield Found(*bare.span("n"), "stars", number)
            return
    for match in _STARS.finditer(text):
        kind, said = match.lastgroup, match.group()
        value = (
            5
            if kind == "full"
            else sum(said.count(mark) for mark in "⭐★🌟")
            if kind == "emoji"
            else integer(match[kind or 0])
        )
        if value is not None and value <= 5:
            yield Found(*match.span(), "stars", value)


def languages(text: str) -> Iterator[Found]:
    """A language named."""
    for match in _LANGUAGE.finditer(text):
        if _OF_ANOTHER.search(text, 0, match.start()):
            continue
        yield Found(*match.span(), "language", _LANGUAGES[match.lastgroup or ""])
