# ruff: noqa: E501 - one expression to a line
"""Where: typed addresses, and the places people remember by a word."""

import re
from collections.abc import Iterator

from nlu import streets
from nlu.found import Found
from nlu.text import MASK, any_of, is_han

_USUAL = (
    r"老地方|(?:还是)?(?:上次|上回|之前|以前|原来|原先)(?:的|那个|那儿|那里)?(?:的)?(?:地址|地方|位置)|(?:还是)?(?:上次|上回)那(?:儿|里|边)|同一个?地[址方]|地址(?:不变|同上|跟上次一样|和上次一样|没变)|老地址|(?:就|还是)?刚才(?:的|那个|说的)(?:地址|地方|位置)|还是那[儿里]"
    r"|\b(?:the )?(?:same|usual|last|previous) (?:place|address|location|spot)(?: as (?:last time|before))?|\bwhere (?:you|she|he|they) came (?:last time|before)|\blast time'?s (?:place|address)"
)
_HOME = r"(?:(?<![不人])在|来|(?<![没刚快])到|去|上)(?:我)?家(?!政|电|具|乐福|附近|门)里?|(?<![大人娘新妈友老一个爸哥姐公婆])家里?的?(?:那个)?(?:地址|位址|住址)|设[为成]家|(?:改成|改到|换成|换到|送)(?:我)?家里?(?=[\s,.!吧]|$)|我家(?=里|来|吧|呢|[\s,.!?]|$|做|按|上门|洗|修|打扫|清洁)里?|(?:给|帮|替)我?家里?(?!政|人|老|狗|猫|孩|宝|电|具)|(?<![大人我])家里(?![有没人出停进很太的老小孩狗猫突被丢爆着漏乱])|家中|\b(?:at|to|in) (?:my )?(?:home|house|place|flat|apartment)\b(?! ?[0-9])|(?<!leave )(?<!left )(?<!leaving )(?<!into )(?<!out of )(?<!damaged )\bmy (?:home|place|house|flat|apartment)\b(?! ?(?:[0-9]|number|key|door|keys|floor is))|\bcome home\b|\b(?:at|to|round|round to|over to) (?:mine|ours)\b|\b(?:my )?home address\b|\bas (?:my )?home\b|\b(?:remove|delete|forget|erase|drop) (?:my |the )?home\b|\bat the (?:flat|house)\b(?! ?[0-9])"
_WORK = r"(?:改成|改到|换成|换到|送到?|还是|是)(?:我)?(?:公司|单位)(?=[\s,.!吧]|$)|(?<!坐)(?:在|来|到|去)(?:我们?)?(?:公司|单位|办公室)|我们?公司|我们?单位|(?<!坐)(?<!在)办公室(?!久|里?坐)|(?<!你们)(?:公司|单位)的?(?:那个)?地址|\b(?:my )?(?:work|office) address\b|把公司|公司(?=也|存)|\bas (?:my )?(?:work|office)\b|\b(?:remove|delete|forget|erase|drop) (?:my |the )?(?:work|office)\b|\bmy workplace\b|(?<!stuck )\bat (?:my )?(?:work|office)\b|\bmy office\b|\bthe office\b"
_HOTEL = r"(?:酒店|宾馆)的?(?:那个)?(?:地址|位址)|\b(?:remove|delete|take out) (?:my |the )?hotel\b|(?<![^\s,.!?])(?:酒店|宾馆|民宿)(?=[\s,.!?]|$)|\b(?:at|to|in) (?:a|this) hotel\b|(?:(?:在|来|到|去)我?(?:住的)?|我(?:住的)?)酒店里?(?=[\s,.!?]|[吧做按]|上门|$)|\b(?:at|to|in) (?:my|the|our) hotel\b|\bmy hotel\b"
_PLACE = re.compile(rf"(?P<usual>{_USUAL})|(?P<home>{_HOME})|(?P<work>{_WORK})|(?P<hotel>{_HOTEL})")
_LONE_PLACE = {"家": "home", "家里": "home", "home": "home", "house": "home", "the house": "home", "the office": "work", "the hotel": "hotel", "公司": "work", "单位": "work", "work": "work", "office": "work", "酒店": "hotel", "hotel": "hotel", "上次": "usual", "usual": "usual", "一样": "usual", "same": "usual"}  # fmt: skip
_NO_BUT = re.compile(
    r"\s*(?:no|nope|nah|不|不是|不对|不要)[\s,.!]+(?:at |to |来|去|在|到)?(?P<place>家里?|公司|单位|home|work|office)[\s,.!吧]*"
)
"""No, home: the same question has another answer."""

_LEAD = re.compile(
    rf"[\s,.!?:{MASK}]*(?:(?:我的?(?:地址|位置)?(?:是|在)|我(?:家)?(?:住|在)?|地址(?:是|在|改成|改到|换成)?|位置(?:是|在)|住在?|在|到|来|去|送到?|上门到|请到|改成|改到|换成|换到|是|就|那就|好的?|嗯|的|做|约|预约|"
    rf"(?:i'?(?:m|ll be) (?:at|in)|i live (?:at|in|on)|my address is|the address is|(?:change|move|switch) (?:it|(?:the|my) (?:address|place|location)) to|address(?: is)?|it'?s|come to|at|to|in|on|please|no(?!\.? ?[0-9])|then)(?![a-z]))\s*[:,]*\s*)*"
)
_LONGEST_TAIL = 60
"""Characters at the end that are looked at for words that are no address."""
_TAIL = re.compile(
    rf"(?:[\s,.!?;{MASK}]|(?<![0-9])\+?[0-9]{{7,}}|做|按(?:摩)?|上门|来|吧|呢|哦|啊|谢谢|可以吗|行吗|请|please|thanks|then|约|预约|想|要|我|(?:联系)?(?:电话|手机)号?(?:码|是)?|找|叫|由|phone|tel|mobile|number)+$"
)
_CLAUSE = re.compile(rf"[;!?\n{MASK}]+|[,.](?=\s*(?:我|想|要|约|需要|请|谢谢|做|could|can|please|thanks|i\b))")
_NO_ADDRESS = re.compile(
    r"^(?:那|嗯|哦)?(?:算了|(?:还是|算了)?(?:不用?|别)[改换变]|(?:就|还是)(?:用)?(?:原来|刚才|之前)(?:的|那个))[了吧的,.!~\s]*$|^(?:just )?(?:leave|keep) it\b"
    r"|不知道|不清楚|想想|想一下|等一?下|稍等|等等|随便|\b(?:don'?t know|not sure|no idea|hold on|wait|one sec)\b"
)
_NO_ADDRESS_YET = re.compile(
    r"(?:晚点|晚些|待会儿?|等会儿?|一会儿?|回头|稍后).{0,3}(?:再)?(?:发|告诉|说|给|填)|定位我|(?:用|按)我?的?(?:当前|现在)?的?(?:定位|位置)"
    r"|\buse my (?:current )?(?:location|position)\b|\b(?:later|when i know)$"
)
"""Behind an address it is only the flat that is still to come."""
_ROOMS = re.compile(
    r"[\s,#]*(?:[0-9]{1,3}\s*(?:号楼|栋|幢|座|号院|号|楼|单元|层)\s*)*(?:[a-z]?[0-9]{1,5}[a-z]?\s*(?:室|房|号房|户)?)?"
)
_WORDS = re.compile(r"[一-鿿]{2}|[a-z]{3}|[一-鿿a-z][0-9 -]|[0-9 -][一-鿿a-z]")


_PLACE_WORDS = any_of((
    "家", "公司", "单位", "办公室", "酒店", "宾馆", "民宿", "老地", "上次", "上回", "之前", "以前", "原来", "原先", "同一", "一样", "地址", "刚才",
    "还是那", "home", "house", "place", "flat", "apartment", "mine", "ours", "work", "office", "hotel", "same", "usual", "last",
    "previous", "where", "address", "location", "spot",
))  # fmt: skip
"""None of them in it, and no place is named."""
_POLITE = re.compile(r"\b(?:please|pls|is fine|thanks|then|it is)\b")


def place_names(text: str, *, alone: bool) -> Iterator[Found]:
    """老地方, 在家, the office: remembered places (usual, home, work)."""
    if not _PLACE_WORDS.search(text):
        return
    for match in _PLACE.finditer(text):
        yield Found(*match.span(), "place_name", match.lastgroup or "")
    bare = _POLITE.sub("", text).strip(" ,.!?吧的呢")
    other = _NO_BUT.fullmatch(text)
    if other is not None:
        yield Found(*other.span("place"), "place_name", _LONE_PLACE[other["place"]])
    if alone and bare in _LONE_PLACE:
        start = text.index(bare)
        yield Found(start, start + len(bare), "place_name", _LONE_PLACE[bare])


def street_addresses(text: str) -> Iterator[Found]:
    """English house numbers and streets, found before times so that 'at 3 Park Road' is no hour."""
    for start, end in streets.english(text, asked=False):
        yield Found(start, end, "address", "")


_SIGNS_BEHIND = re.compile(r"[^\u4e00-\u9fff▢]*[{}<>%\\$|`][^\u4e00-\u9fff▢]*")
"""What no address has is no other words either: asked for one, it is kept as it was typed."""


def addresses(
    text: str, known: list[tuple[int, int]], named: list[tuple[int, int]], *, asked_address: bool
) -> Iterator[Found]:
    """Typed addresses in what other readers left over; known are places and regions, named the places among them."""
    if asked_address and _NO_ADDRESS.search(text):
        return
    found = list(_made_of_parts(text, known, named, asked_address=asked_address))
    if found:
        if asked_address and _SIGNS_BEHIND.fullmatch(text, found[-1][1]):
            found[-1] = (found[-1][0], len(text))
        yield from (Found(start, end, "address", "") for start, end in found)
        return
    if asked_address and _NO_ADDRESS_YET.search(text):
        return
    if asked_address and MASK not in text.strip(MASK):
        start, end = _trimmed(text, 0, len(text))
        if _WORDS.search(text, start, end):
            yield Found(start, end, "address", "")
        return
    for start, end in _clauses(text):
        inside = [(a, b) for a, b in known if start <= a and b <= end]
        if not any(place in named or asked_address or _rooms_follow(text, place[1], end) for place in inside):
            continue
        first, last = _trimmed(text, start, end)
        if last - first > 1:
            yield Found(first, last, "address", "")


def _made_of_parts(
    text: str, known: list[tuple[int, int]], named: list[tuple[int, int]], *, asked_address: bool
) -> Iterator[tuple[int, int]]:
    if any(map(is_han, text)):
        spans = [span for start, end in _clauses(text) for span in streets.chinese(text, start, end, known)]
        yield from spans or streets.said_rooms(text)
        return
    spans = list(streets.english(text, asked=asked_address)) or list(streets.said_rooms(text))
    yield from spans
    if not spans and not asked_address and not named:  # beside a place it is that place's
        yield from (match.span() for match in streets.LONE_UNIT.finditer(text))


def _rooms_follow(text: str, place_end: int, end: int) -> bool:
    match = _ROOMS.match(text, place_end, end)
    return match is not None and match.end() > place_end and any(char.isdigit() for char in match.group())


def _clauses(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _CLAUSE.finditer(text):
        yield start, match.start()
        start = match.end()
    yield start, len(text)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    lead = _LEAD.match(text, start, end)
    first = lead.end() if lead is not None else start
    tail = _TAIL.search(text, max(first, end - _LONGEST_TAIL), end)
    return first, tail.start() if tail is not None else end
