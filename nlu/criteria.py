# ruff: noqa: E501 - one expression to a line
"""What somebody wants of whoever comes and of the price: at least so many stars or years, a certificate, at most so much."""

import re
from collections.abc import Iterator

from nlu.found import Found
from nlu.numbers import ENGLISH, amount, integer
from nlu.text import any_of
from nlu.understanding import Asked

CRITERIA = frozenset(("stars_least", "years_least", "certified", "price_most"))
"""The kinds this reader finds."""

_ZH = "[一二两三四五六七八九十]"
_MARK = r"[0-5](?:[.点][0-9一二三四五六七八九])?|[三四五](?:点[一二三四五六七八九])?"
_MORE = r"(?:及|或|和)?(?:以上|往上|起步?|更高|\+)"
_RATING = r"(?:评分|评价|打分|星级|分数|好评)(?:率)?"
_ABOVE = r"(?:至少|最少|不低于|不少于|高于|大于|超过|达到|起码)"
_WHO = r"(?:师傅|技师|阿姨|老师|人|按摩师|美容师)"
_STARS_ZH = re.compile(
    rf"{_RATING}\s*(?:在|要|得|是)?\s*(?:{_ABOVE}\s*)?(?P<a>{_MARK})\s*(?:分|颗?星)?\s*(?:{_MORE})?(?![0-9])"
    rf"|(?<![打给评0-9.点:])(?:{_ABOVE}\s*)?(?P<b>{_MARK})\s*(?:分|颗?星级?)\s*{_MORE}"
    rf"|{_ABOVE}\s*(?P<c>{_MARK})\s*(?:分(?!钟)|颗?星(?!期))"
    rf"|(?<![0-9.点:¥￥])(?P<d>[3-5][.点][0-9])\s*{_MORE}(?!\s*(?:年|元|块|公里|米))"
    rf"|(?<![打给评])(?P<e>[四五45])\s*颗?星级?\s*的?\s*(?:{_WHO}|的(?!好评|评价))"
)
_STARS_EN = re.compile(
    r"\brat(?:ed|ings?)(?: is| of| at)?\s*(?:at least|over|above|more than|higher than|better than|from)?\s*(?P<a>[0-5](?:\.[0-9])?)(?:\s*stars?)?\s*(?:\+|(?:and|or) (?:up|above|more|better|higher|over)|plus)?(?![0-9])"
    r"|\b(?:at least|over|above|more than|minimum|min)\s*(?P<b>[0-5](?:\.[0-9])?|three|four|five)[ -]?stars?\b"
    r"|(?<![0-9.£$¥])\b(?P<c>[0-5](?:\.[0-9])?|three|four|five)[ -]?stars?\s*(?:\+|plus\b|(?:and|or) (?:up|above|more|better|higher|over)\b)"
    r"|(?<![0-9.£$¥])\b(?P<d>[3-5]\.[0-9])\s*(?:\+|(?:and|or) (?:up|above|more|better|higher|over)\b)"
    r"|\b(?P<e>[45]|four|five)[ -]star (?:ones?|only|therapists?|technicians?|people|person|cleaners?|beauticians?|staff)\b"
)
_YEARS_ZH = re.compile(
    rf"(?:从业|工作|经验|干了|做了|工龄)?\s*{_ABOVE}?\s*(?<![0-9])(?P<n>[0-9]{{1,2}}|{_ZH}{{1,3}})\s*年\s*(?:{_MORE}\s*的?\s*(?:从业|工作)?(?:经验|资历|工龄)?|的?\s*(?:从业|工作)?(?:经验|资历|工龄)(?!了?[吗多几]))"
    rf"|(?:从业|经验|工龄)\s*(?:{_ABOVE}|有)?\s*(?P<m>[0-9]{{1,2}}|{_ZH}{{1,3}})\s*年(?:{_MORE})?|{_ABOVE}\s*(?P<k>[0-9]{{1,2}}|{_ZH}{{1,3}})\s*年(?![0-9])"
)
_YEARS_EN = re.compile(
    r"\b(?:at least |over |more than |minimum |with )?(?P<n>[0-9]{1,2}|[a-z]+)\s*\+?\s*(?:or more |plus )?(?:years?|yrs?)'?(?: or more| plus|\+)?(?: (?:of )?)?(?:experience|in the trade|(?<=or more)|(?<=plus)|(?<=\+))"
    r"|\b(?:at least|over|more than|minimum)\s+(?P<m>[0-9]{1,2}|[a-z]+)\s+(?:years?|yrs?)\b"
    r"|\b(?P<k>[0-9]{1,2})\s*\+\s*(?:years?|yrs?)\b"
)
_CERTIFIED = re.compile(
    rf"(?:有|持|带)(?:资格|健康|从业|上岗|按摩)?证(?:书|件)?(?:上岗)?的(?:{_WHO})?(?!\s*[吗么?])|持证(?:上岗)?(?:{_WHO})|有资质的(?:{_WHO})?|(?:必须|一定要|要|得)(?:有|持)证(?:书|上岗)?(?!\s*[吗么?])"
    r"|\b(?<!i'm a )(?<!im a )(?<!i am a )(?:certified|qualified|licensed|certificated)(?: (?:massage|beauty|nail|lash|gas|female|male|lady|woman|man))?(?: (?:ones?|masseurs?|masseuses?|electricians?|plumbers?|locksmiths?|engineers?|lady|woman|man|pros?|professionals?|only|therapists?|technicians?|people|person|cleaners?|beauticians?|staff|please|pls))\b|\b(?:someone|somebody|anyone|one|only|must be|has to be) (?:certified|qualified|licensed)\b(?! (?:and|or) insured)|\bwith (?:a |any |some )?(?:certificates?|licen[cs]es?|qualifications?)\b"
)
_SUM = r"(?P<{0}s>[¥￥£$€])?\s*(?P<{0}>[0-9]{{2,5}}(?:\.[0-9]{{1,2}})?|[一二两三四五六七八九]?[百千][一二两三四五六七八九十百零]*)\s*(?P<{0}u>块钱?|元|人民币|yuan|rmb|pounds?|quid|dollars?|euros?)?"
_NO_UNIT = r"(?!\s*(?:[0-9%:点号分小天周月年岁平米公个人台件次单元]|mins?\b|minutes?|hours?|hrs?|h\b|days?|weeks?|months?|years?|km\b|m2?\b|sq|people|pieces|units|stars?|kilo|met))"
_PRICE = re.compile(
    rf"(?<![0-9.:点]){_SUM.format('a')}\s*(?:的)?(?:以内|以下|之内|之下|内(?![存机])|封顶|or (?:less|under|below)|max(?:imum)?\b|tops\b|at most\b)"
    rf"|(?:不超过|不高于|不要超过|别超过|低于|少于|小于|最多|预算(?=[^吗]{{0,12}}(?:以内|以下|之内))|控制在|\b(?:nothing (?:over|above|more than)|not (?:over|above)|(?:my )?(?:limit|max|budget)(?: is|'s| of)?(?= ?[£$€])|under|below|less than|up to|no more than|not more than|within|at most|max(?:imum)?|cheaper than)\s)\s*{_SUM.format('b')}{_NO_UNIT}(?:\s*(?:以内|以下|之内))?"
)
_EARLIEST = re.compile(
    r"最(?:早|快|近)(?=的?(?:几点|什么|啥|多久|哪|是|能|可以|有|还|一个|时间|空档|空位))|\b(?:earliest|soonest|how soon|first (?:available|free|opening|slot)|next (?:opening|slot|(?:available|free) (?:slot|time|appointment|opening|one)))\b"
)
_CURRENCY = {"¥": "CNY", "￥": "CNY", "£": "GBP", "$": "USD", "€": "EUR", "pound": "GBP", "pounds": "GBP", "quid": "GBP", "dollar": "USD", "dollars": "USD", "euro": "EUR", "euros": "EUR"}  # fmt: skip
_LENGTHS = frozenset(("option", "quantity", "when"))
"""Where these are asked, a bare "under 90" is as likely a length: the money must be named."""
_MOST_STARS = 50
_LEAST_PRICE = 20

_STAR_WORDS = any_of(("星", "分", "评", "star", "rat", "4.", "5.", "3.", "点"))
_CERTIFICATES = any_of(("证", "资质", "certif", "qualif", "licen"))
_YEARS = any_of(("年", "year", "yr"))
_PRICED = re.compile(
    r"[0-9百千][^,.]{0,12}(?:内|下|封顶|less|under|below|max|tops|most)|(?:不超过|不高于|不要超过|别超过|低于|少于|小于|最多|预算|控制|under|below|less|up to|more than|within|most|max|cheaper|over|above|limit|budget)[^,.]{0,16}[0-9百千]"
)
"""Without one of these each reader of a wish has nothing to look for."""


def criteria(text: str, asked: Asked, currency: str) -> Iterator[Found]:
    """Stars in tenths, whole years, a certificate, a price in minor units; a rating that is being given is none."""
    if asked.kind != "stars" and _STAR_WORDS.search(text):
        yield from _stars(text)
    for pattern in (_YEARS_ZH, _YEARS_EN) if _YEARS.search(text) else ():
        for match in pattern.finditer(text):
            years = _number(_said(match))
            if years is not None and 0 < years < 60:
                yield Found(*match.span(), "years_least", years)
    for match in _CERTIFIED.finditer(text) if _CERTIFICATES.search(text) else ():
        yield Found(*match.span(), "certified", value=True)
    if _PRICED.search(text):
        yield from _prices(text, asked, currency)


def earliest(text: str) -> Iterator[Found]:
    """The first free time is asked for: 最早什么时候."""
    for match in _EARLIEST.finditer(text):
        yield Found(*match.span(), "earliest", value=True)


def _said(match: re.Match[str]) -> str:
    return next((group for group in match.groups() if group), "")


def _number(said: str) -> int | None:
    return ENGLISH.get(said) if said.isalpha() and said.isascii() else integer(said)


def _stars(text: str) -> Iterator[Found]:
    for pattern in (_STARS_ZH, _STARS_EN):
        for match in pattern.finditer(text):
            tenths = _tenths(_said(match))
            if tenths is not None and 0 < tenths <= _MOST_STARS:
                yield Found(*match.span(), "stars_least", tenths)


def _tenths(said: str) -> int | None:
    """4.8, 4点8, 四点八, five: in tenths."""
    whole, _, tenth = said.replace("点", ".").partition(".")
    stars, rest = _number(whole), integer(tenth) if tenth else 0
    return None if stars is None or rest is None else stars * 10 + rest


def _prices(text: str, asked: Asked, currency: str) -> Iterator[Found]:
    for match in _PRICE.finditer(text):
        which = "a" if match["a"] else "b"
        sign, unit = match[f"{which}s"], match[f"{which}u"]
        value = amount(match[which])
        named = sign or unit
        if value is None or value < _LEAST_PRICE or (asked.kind in _LENGTHS and not named):
            continue
        yield Found(*match.span(), "price_most", (round(value * 100), _CURRENCY.get(named or "", currency)))
