# ruff: noqa: E501 - one expression to a line
"""Where: typed addresses, and the places people remember by a word."""

import re
from collections.abc import Iterator

from nlu.found import Found
from nlu.text import MASK

_USUAL = (
    r"老地方|(?:还是)?(?:上次|上回|之前|以前|原来|原先)(?:的|那个|那儿|那里)?(?:的)?(?:地址|地方|位置)|(?:还是)?(?:上次|上回)那(?:儿|里)?(?!个|位|样)|同一个?地[址方]|地址(?:不变|同上|跟上次一样|和上次一样|没变)|老地址|(?:就|还是)?刚才(?:的|那个|说的)(?:地址|地方|位置)|还是那[儿里]"
    r"|\b(?:the )?(?:same|usual|last|previous) (?:place|address|location|spot)(?: as (?:last time|before))?|\bmy usual\b|\bwhere (?:you|she|he) came last time"
)
_HOME = r"(?:在|来|到|去|上)(?:我)?家(?!政|电|具|乐福|附近)里?|我家(?!政|附近)里?|(?<!大)(?<!人)家里|家中|\b(?:at|to|in) (?:my )?(?:home|house|place|flat|apartment)\b|\bmy (?:home|place|house|flat|apartment)\b|\bcome home\b"
_WORK = r"(?:在|来|到|去)(?:我们?)?(?:公司|单位|办公室)|我们?公司|我们?单位|办公室|\bat (?:my )?(?:work|office)\b|\bmy office\b|\bthe office\b"
_HOTEL = r"(?:(?:在|来|到|去)我?(?:住的)?|我(?:住的)?)酒店里?(?=[\s,.!?]|[吧做按]|上门|$)|\b(?:at|to|in) (?:my|the|our) hotel\b|\bmy hotel\b"
_PLACE = re.compile(rf"(?P<usual>{_USUAL})|(?P<home>{_HOME})|(?P<work>{_WORK})|(?P<hotel>{_HOTEL})")
_LONE_PLACE = {"家": "home", "家里": "home", "home": "home", "公司": "work", "单位": "work", "work": "work", "office": "work", "酒店": "hotel", "hotel": "hotel", "上次": "usual", "usual": "usual", "一样": "usual", "same": "usual"}  # fmt: skip
_NO_BUT = re.compile(
    r"\s*(?:no|nope|nah|不|不是|不对|不要)[\s,.!]+(?:at |to |来|去|在|到)?(?P<place>家里?|公司|单位|home|work|office)[\s,.!吧]*"
)
"""No, home: the same question has another answer."""

_MARK = re.compile(
    r"小区|花园|家园|公寓|大厦|大楼|广场|[0-9一二三四五六七八九十a-z]\s*(?:号楼|号院|栋|幢|座|单元|弄|室|层|楼)|(?:[一-鿿]{1,6})(?:路|街|大道|胡同|巷|里弄)(?=[0-9东西南北中口与和的附旁])|(?:[一-鿿]{2,6})(?:路|街|大道|胡同|巷)$"
    r"|[一-鿿]{2,6}(?:苑|府|小镇|新村|新城|山庄|别墅|国际中心|中心|酒店|宾馆)(?=[0-9a-z\s]|$)|路[0-9]+号|[一-鿿]{1,5}(?:省|市|区|县|镇)[一-鿿]{2,}"
    r"|\b(?:flat|apt|apartment|room|unit|tower|block|suite|building|house) ?(?:no\.? ?)?[0-9]+[a-z]?\b|\b(?:flat|tower|block|unit|building) [a-z]\b"
    r"|\b[0-9]+[a-z]?,? (?:[a-z']+ ){1,3}(?:street|st|road|rd|avenue|ave|lane|ln|close|gardens?|square|sq|court|ct|crescent|place|terrace|way|drive|mews|hill|park|row|walk|grove)\b"
    r"|\b(?:[a-z']+ ){1,3}(?:street|road|avenue|lane|gardens|square|crescent|terrace|mews)\b|\b[a-z]{1,2}[0-9][0-9a-z]? ?[0-9][a-z]{2}\b"
)
_ENGLISH_STREET = re.compile(
    r"(?:\b(?:flat|apt|apartment|unit|room) ?[0-9]+[a-z]?,? ?(?:at )?)?\b[0-9]+[a-z]? (?!minutes?|mins?|hours?|days?|weeks?|to |or |and |on |at )(?:[a-z']+ ){1,3}(?:street|st|road|rd|avenue|ave|lane|ln|close|gardens?|square|sq|court|crescent|place|terrace|way|drive|mews|hill|row|walk|grove)\b"
)
_LEAD = re.compile(
    rf"[\s,.!?:{MASK}]*(?:(?:我的?(?:地址|位置)?(?:是|在)|我(?:家)?(?:住|在)?|地址(?:是|在|改成|改到|换成)?|位置(?:是|在)|住在?|在|到|来|去|送到?|上门到|请到|改成|改到|换成|换到|是|就|那就|好的?|嗯|的|做|约|预约|"
    rf"(?:i'?m (?:at|in)|i live (?:at|in|on)|my address is|the address is|(?:change|move|switch) (?:it|(?:the|my) (?:address|place|location)) to|address(?: is)?|it'?s|come to|at|to|in|on|please|no(?!\.? ?[0-9])|then)(?![a-z]))\s*[:,]*\s*)*"
)
_TAIL = re.compile(
    rf"(?:[\s,.!?;{MASK}]|(?<![0-9])\+?[0-9]{{7,}}|做|按(?:摩)?|上门|来|吧|呢|哦|啊|谢谢|可以吗|行吗|请|please|thanks|then|约|预约|想|要|我|(?:联系)?(?:电话|手机)号?(?:码|是)?|找|叫|请|由|phone|tel|mobile|number)+$"
)
_CLAUSE = re.compile(rf"[;!?\n{MASK}]+|[,.](?=\s*(?:我|想|要|约|需要|请|谢谢|做|could|can|please|thanks|i\b))")
_NO_ADDRESS = re.compile(
    r"^(?:那|嗯|哦)?(?:算了|(?:还是|算了)?(?:不用?|别)[改换变]|(?:就|还是)(?:用)?(?:原来|刚才|之前)(?:的|那个))[了吧的,.!~\s]*$|^(?:just )?(?:leave|keep) it\b"
    r"|不知道|不清楚|想想|想一下|等一?下|稍等|等等|随便|\b(?:don'?t know|not sure|no idea|hold on|wait|one sec)\b"
)
_ROOMS = re.compile(
    r"[\s,#]*(?:[0-9]{1,3}\s*(?:号楼|栋|幢|座|号院|号|楼|单元|层)\s*)*(?:[a-z]?[0-9]{1,5}[a-z]?\s*(?:室|房|号房|户)?)?"
)
_WORDS = re.compile(r"[一-鿿]{2}|[a-z]{3}|[一-鿿a-z][0-9 -]|[0-9 -][一-鿿a-z]")


def place_names(text: str, *, alone: bool) -> Iterator[Found]:
    """老地方, 在家, the office: remembered places (usual, home, work)."""
    for match in _PLACE.finditer(text):
        yield Found(*match.span(), "place_name", match.lastgroup or "")
    bare = text.strip(" ,.!?吧的呢")
    other = _NO_BUT.fullmatch(text)
    if other is not None:
        yield Found(*other.span("place"), "place_name", _LONE_PLACE[other["place"]])
    if alone and bare in _LONE_PLACE:
        start = text.index(bare)
        yield Found(start, start + len(bare), "place_name", _LONE_PLACE[bare])


def street_addresses(text: str) -> Iterator[Found]:
    """English house numbers and streets, found before times so that 'at 3 Park Road' is no hour."""
    for match in _ENGLISH_STREET.finditer(text):
        yield Found(*match.span(), "address", "")


def addresses(
    text: str, known: list[tuple[int, int]], named: list[tuple[int, int]], *, asked_address: bool
) -> Iterator[Found]:
    """Typed addresses in what other readers left over; known are places and regions, named the places among them."""
    if asked_address and _NO_ADDRESS.search(text):
        return
    if asked_address and MASK not in text.strip(MASK):
        start, end = _trimmed(text, 0, len(text))
        if _WORDS.search(text, start, end):
            yield Found(start, end, "address", "")
        return
    for start, end in _clauses(text):
        inside = [(a, b) for a, b in known if start <= a and b <= end]
        sure = any(place in named or asked_address or _rooms_follow(text, place[1], end) for place in inside)
        if not sure and _MARK.search(text, start, end) is None:
            continue
        first, last = _trimmed(text, start, end)
        if last - first > 1:
            yield Found(first, last, "address", "")


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
    tail = _TAIL.search(text, first, end)
    return first, tail.start() if tail is not None else end
