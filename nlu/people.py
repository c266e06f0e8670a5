# ruff: noqa: E501 - one expression to a line
"""Who: technicians by number, sex, anyone, phones, names of people."""

import re
from collections.abc import Iterator

import phonenumbers

from nlu.found import Found
from nlu.lexicon import Lexicon
from nlu.names import LAST_TIME
from nlu.numbers import integer, spoken_digits
from nlu.understanding import Asked

_REGIONS = {
    "Asia/Shanghai": "CN", "Asia/Urumqi": "CN", "Asia/Chongqing": "CN", "Asia/Hong_Kong": "HK", "Asia/Macau": "MO",
    "Asia/Taipei": "TW", "Asia/Singapore": "SG", "Europe/London": "GB", "Europe/Dublin": "IE", "Europe/Paris": "FR",
    "Europe/Berlin": "DE", "America/New_York": "US", "America/Los_Angeles": "US", "America/Chicago": "US",
    "America/Toronto": "CA", "Australia/Sydney": "AU", "Asia/Tokyo": "JP", "Asia/Kuala_Lumpur": "MY",
}  # fmt: skip
_RUN = re.compile(r"(?<![0-9a-z])(?:\+\s*|00)?[0-9(][0-9 ().-]{5,24}[0-9](?![0-9a-z])")
_SPOKEN_RUN = re.compile(
    r"[零〇洞一幺二两三四五六七八九0-9](?:[零〇洞一幺二两三四五六七八九0-9\s,-]){5,30}[零〇洞一幺二两三四五六七八九0-9]"
)
_CHINESE_MOBILE = re.compile(r"(?:\+?0{0,2}86)?(1[3-9][0-9]{9})")
_MOBILE_BEHIND = re.compile(r"(?<=[0-9] )(?:1[3-9][0-9]{9}|09[0-9]{8})$")
_NOT_DIGIT = re.compile(r"[^0-9+]")

_NUMBERED = re.compile(
    r"(?P<a>[0-9]{1,3}|[一二三四五六七八九十]{1,3})\s*号?\s*(?:技师|师傅|老师|阿姨)|(?:技师|师傅|老师)\s*(?P<b>[0-9]{1,3}|[一二三四五六七八九十]{1,3})\s*号?"
    r"|\b(?:technician|therapist|masseuse|masseur|staff|tech)\s*(?:no\.?|number|#)?\s*(?P<c>[0-9]{1,3})\b|(?:\bno\.|\bnumber|#)\s?(?P<d>[0-9]{1,3})\b(?!,? (?:[a-z']+ ){1,3}(?:street|st|road|rd|avenue|ave|lane|square|court|gardens?)\b)"
)
_LONE_NUMBER = re.compile(r"[\s,.!]*(?:就|要|选|换)?(?P<a>[0-9]{1,3}|[一二三四五六七八九十]{1,3})号[吧的呢\s,.!]*")
_OF_LAST_TIME = re.compile(
    r"(?:上次|上回|之前|以前)(?:来)?(?:的)?(?:那个|那位|那名)?(?:的)?(?:女|男)?(?:师傅|技师|阿姨|老师|按摩师|美容师|大姐|小哥)"
    r"|\b(?:the )?same (?:therapist|technician|lady|girl|guy|person|masseuse|masseur|cleaner|beautician|man|woman|one)(?: (?:again|as (?:last time|before)))?"
    r"|\bwhoever came last time|\b(?:the )?(?:therapist|technician|cleaner|person|one) (?:from|of|who came) last time"
)
_SEX = re.compile(
    r"(?P<both>男女(?:都|均|不限|皆)[行可好]?以?)"
    r"|(?P<female>女(?:性|士|生|孩|的|师傅|技师|老师|按摩师|美容师)|女(?![儿朋友婿性士生孩的师技老按美])|\b(?:female|lady|ladies|woman|women|girl)\b(?!'s))"
    r"|(?P<male>男(?:性|士|生|的|师傅|技师|老师|按摩师)|男(?![朋友孩性士生的师技老按女])|\b(?:male|man|men|guy|gentleman)\b(?!'s))"
)
_NOT_THIS_SEX = re.compile(r"(?:不要|不想要|别|不用|不能是|别是|\bnot? (?:a |an )?|\bdon'?t want (?:a )?)\s*$")
_ANYONE = re.compile(
    r"谁都(?:行|可以|好|成|ok)|谁来都(?:行|可以|一样)|随便(?:谁|哪个|哪位|一个|派|安排)(?:都行|都可以|吧)?|哪[个位](?:都|师傅都|技师都)(?:行|可以|好)|(?:任意|任何)(?:一[位个])?(?:技师|师傅|人)?都?(?:行|可以)"
    r"|(?:你们?|您|系统|平台)(?:看着)?(?:安排|定|推荐一[个位])|(?:你们?|您)看着办|(?:技师|师傅|人选)(?:不限|随意|随便|无所谓)|谁(?:有空|最快|方便|近)(?:就)?(?:谁来|派谁|选谁|谁)?|都一样"
    r"|\b(?:anyone|anybody|whoever|any (?:technician|therapist|one of them|of them|person))\b(?: (?:is|will be|would be|'s)? ?(?:fine|ok|okay|good|free|available|works|will do|do))?"
    r"|\b(?:no preference|(?:i )?don'?t (?:mind|care) who|doesn'?t matter who|you (?:choose|pick|decide)|surprise me)\b"
)
_ANYTHING = re.compile(
    r"[\s,.!]*(?:我|师傅|技师|那|就|男女|都)*(?:都行|都可以|都好|随便|无所谓|不限|不挑|随意|都ok|都一样|您定|你定|(?:either|any|any one|whatever)(?: is fine| is ok| will do| one)?|(?:i )?(?:have )?no preference|(?:i )?don'?t (?:mind|care)|(?:it )?doesn'?t matter|up to you)[\s,.!~吧的啊呀哦啦了]*"
)

_NAMED = re.compile(
    r"(?:我(?:的名字)?(?:叫|是叫)|(?:请)?叫我|名字(?:叫|是)|联系人(?:是|叫|:)?|称呼我?)\s*(?P<zh>[一-鿿]{1,4}?|[a-z][a-z' -]{1,20}?)(?=[吧啊呀哦的\s,.!?]|就好|就行|$)"
    r"|(?:免贵|我)?姓\s*(?P<xing>[一-鿿]{1,2}?)(?=[吧啊呀\s,.!]|$)"
    r"|\b(?:my name is|my name's|name'?s|call me|i am called)\s+(?P<en>[a-z][a-z'-]+(?: [a-z][a-z'-]+)?)"
)
_INTRODUCED = re.compile(
    r"(?:我(?:的名字)?(?:叫|是)|叫我)\s*(?P<name>[小老阿][一-鿿]{1,2}?)(?=[吧啊呀哦\s,.!?]|就好|就行|$)"
)
_CONTACT = re.compile(r"(?<![一-鿿])(?P<name>[一-鿿]{1,2}(?:先生|女士|小姐|太太))(?![一-鿿])")
_PLAIN_NAME = re.compile(
    r"[\s,.!▢]*(?:我是|i'?m |it'?s |我叫)?(?P<name>[一-鿿]{1,6}(?:先生|女士|小姐|太太)?|[a-z][a-z'.-]*(?: [a-z][a-z'.-]*){0,3})[\s,.!▢]*"
)


def region_of(zone: str, lang: str) -> str:
    """The country whose national phone numbers are meant."""
    return _REGIONS.get(zone) or ("CN" if lang.startswith("zh") else "GB")


def phones(text: str, region: str) -> Iterator[Found]:
    """Phone numbers as E.164, digits or spoken."""
    for match in _RUN.finditer(text):
        behind = _MOBILE_BEHIND.search(match.group())
        start = match.start() + (behind.start() if behind else 0)  # "8栋1101 13500135000": the flat is no part of it
        number = _e164(text[start : match.end()], region)
        if number:
            yield Found(start, match.end(), "phone", number)
    if text.isascii():
        return
    for match in _SPOKEN_RUN.finditer(text):
        number = _e164(spoken_digits(match.group()), region)
        if number and not match.group().isascii():
            yield Found(*match.span(), "phone", number)


_NO_LANDLINE = re.compile(r"07[0-9]{2}[01][0-9]{6}")
"""Eleven digits from 07 whose local part begins with 0 or 1 ring nobody in China: a British mobile without its country."""

_TAIWANESE = re.compile(r"09[0-9]{8}")
"""Ten digits from 09 are a mobile in Taiwan: behind no area code of the mainland stand six."""


def _e164(said: str, region: str) -> str | None:
    digits = _NOT_DIGIT.sub("", said)
    mobile = _CHINESE_MOBILE.fullmatch(digits)
    if mobile is not None:
        return "+86" + mobile[1]
    if region == "CN" and _TAIWANESE.fullmatch(digits):
        return "+886" + digits[1:]
    if not 7 <= len(digits) <= 18 or (region == "CN" and _NO_LANDLINE.fullmatch(digits)):
        return None
    try:
        number = phonenumbers.parse("+" + digits[2:] if digits.startswith("00") else digits, region)
    except phonenumbers.NumberParseException:
        return None
    # A number with its country said is taken when it could be one: plans change, and a wrong refusal costs a customer.
    if not phonenumbers.is_valid_number(number) and not (
        said.lstrip().startswith("+") and phonenumbers.is_possible_number(number)
    ):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def numbered_technicians(text: str, lexicon: Lexicon, asked: Asked) -> Iterator[Found]:
    """9号技师, technician 9; a number nobody bears is no technician but still no time."""
    lone = _LONE_NUMBER.fullmatch(text) if asked.kind == "technician" else None
    for match in [lone] if lone is not None else _NUMBERED.finditer(text):
        said = match[match.lastgroup or 0]
        if (lone is not None or match.lastgroup == "d") and (integer(said) or 0) <= asked.choices:
            continue  # 2号 and number 2 are what is on screen
        technician = lexicon.technician_by_number.get(integer(said) or 0)
        yield Found(*match.span(), "technician", technician or "")


def of_last_time(text: str) -> Iterator[Found]:
    """上次那个师傅, the same therapist as last time: whoever it was, the business knows."""
    for match in _OF_LAST_TIME.finditer(text):
        yield Found(*match.span(), "technician", LAST_TIME)


def sexes(text: str) -> Iterator[Found]:
    """The sex a person asks for; not a man means a woman."""
    for match in _SEX.finditer(text):
        if match.lastgroup == "both":
            yield Found(*match.span(), "anyone", "anyone")
            continue
        sex = match.lastgroup or ""
        if _NOT_THIS_SEX.search(text, max(0, match.start() - 16), match.start()):
            sex = "male" if sex == "female" else "female"
        yield Found(*match.span(), "sex", sex)


def anyone(text: str, asked: Asked) -> Iterator[Found]:
    """谁都行, anyone is fine; 都行 alone when a person or a sex was asked for."""
    match = _ANYONE.search(text)
    if match is None and asked.kind in (None, "technician", "sex", "choice"):
        match = _ANYTHING.fullmatch(text)
    if match is not None:
        yield Found(*match.span(), "anyone", "anyone")


def introduced(text: str, *, phone: bool) -> Iterator[Found]:
    """我叫小林, 陈女士 138…: whoever says so is not asking for a technician Lin or Chen."""
    match = _INTRODUCED.search(text) or (_CONTACT.search(text) if phone else None)
    if match is not None:
        yield Found(*match.span("name"), "name", "")


def names(text: str, asked: Asked) -> Iterator[Found]:
    """The name a person gives as their own."""
    match = _NAMED.search(text)
    if match is not None and match.lastgroup is not None:
        yield Found(*match.span(match.lastgroup), "name", "")
    elif asked.kind == "name":
        plain = _PLAIN_NAME.fullmatch(text)
        if plain is not None:
            yield Found(*plain.span("name"), "name", "")
