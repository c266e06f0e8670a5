# ruff: noqa: E501 - one expression to a line
"""What an address is made of: streets, buildings, rooms and postcodes, as London and as Chinese cities write them."""

import re
from collections.abc import Iterator, Sequence

from nlu.text import MASK, is_han

_SUFFIX = r"(?:streets?|str?|road|rd|avenue|ave|lane|ln|close|gardens?|gdns|square|sq|court|crescent|cres|place|pl|terrace|way|drive|dr|mews|hill|row|walk|grove|gate|green|rise|yard|wharf|parade|embankment|boulevard|blvd|broadway|highway|view|vale|quay|approach|circus|parkway|[a-z]{3,12}(?:way|gate|side))"
_NOT_STREET = r"(?!minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?|stars?|to |or |and |on |at |for |in |of |not |am\b|pm\b|a\.m|p\.m|o'clock|people|units?|rooms?|percent|pounds?|quid|more |tomorrow|today|tonight|please|jan|feb|mar(?:ch)?\b|apr|may\b|june?\b|july?\b|aug|sep|oct|nov|dec)"
_UNIT = r"(?:(?:flat|apt|apartment|unit|room|rm|suite|studio|house|block|tower|building|door)\.?(?:\s?(?:no\.? ?|number )?[0-9]+[a-z]?| [a-z])(?![a-z0-9'])|(?:ground|basement|first|second|third|fourth|fifth|sixth|top|[0-9]{1,2}(?:st|nd|rd|th)) floor(?: flat)?|(?:basement|garden|ground floor|top floor) flat|#\s?[0-9]+[a-z]?)"
_OUTWARD = r"(?:(?:e1|n1|w1|se1|ec[1-4]|wc[12]|nw1|sw1)[a-z]|[a-z]{1,2}[0-9]{1,2})"
_POSTCODE = rf"(?:\b{_OUTWARD} ?[0-9][a-z]{{2}}\b|\b{_OUTWARD}\b(?! ?(?:am|pm)))"
_FULL_POSTCODE = rf"\b{_OUTWARD} ?[0-9][a-z]{{2}}\b"
_NUMBER = r"\b(?:no\.? ?)?[0-9]{1,5}[a-z]?(?:-[0-9]+[a-z]?)?"
_PROPER = r"(?!(?:at|in|on|by|please|pls|is|for|with|and|the|to|tomorrow|today|tonight|my|i|can|could|from|if|instead|now|next|this|not|thanks|around|about|after|before|would|will|book|need|want|that|it|we|you|off|out|one|monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b)[a-z][a-z'.]+"
_STREET = rf"{_NUMBER},? {_NOT_STREET}(?:[nesw]\.? )?(?:[a-z0-9][a-z0-9'.]* ){{1,4}}?{_SUFFIX}\b(?:\.(?=,))?(?: (?:north|south|east|west|[nesw])\b(?! ?[0-9]))?"
_PLACE = rf"\b(?:{_PROPER} ){{1,3}}(?:(?<!'s )house|court|towers?|buildings?|mansions|heights|lodge|inn|hotel|apartments|point|wharf|plaza|hall|estate)(?: {_PROPER}){{0,3}}"
_BRAND = rf"(?:the )?(?:hilton|marriott|savoy|ritz|hyatt|sheraton|radisson(?: blu)?|novotel|ibis|travelodge|premier inn|holiday inn|intercontinental|shangri-la|four seasons|westin|hoxton|dorchester|langham|mandarin oriental)(?: {_PROPER}){{0,3}}"
_NAMED_ROAD = rf"{_NUMBER} {_NOT_STREET}{_PROPER}(?: {_PROPER}){{0,2}}(?=,? {_FULL_POSTCODE})"
_ONE_WORD = rf"{_NUMBER} (?!anyway|halfway|subway|railway|highway|inside|outside|beside|alongside|upside|runway|either)[a-z]{{3,12}}(?:way|gate|side)\b"
_AREA = rf"(?:{_PROPER})(?: {_PROPER}){{0,2}}(?=\s*(?:,|\.|;|$|{_POSTCODE}))"
_MORE = rf"(?:,? ?{_UNIT}| {_PROPER}(?: {_PROPER})?,? {_UNIT}|,? {_POSTCODE}|, ?{_AREA}|, ?{_PLACE})"
ENGLISH = re.compile(
    rf"(?:(?:{_UNIT}(?:,| at| of|) ){{0,3}}(?:{_PLACE}, |(?<=, )(?:the )?{_PROPER}(?: {_PROPER}){{0,2}}, )?(?:{_STREET}|{_ONE_WORD}|{_NAMED_ROAD})|(?:{_UNIT},? ){{1,3}}{_PLACE}\b|(?:{_UNIT},? ){{1,3}}(?:{_PROPER} ){{1,3}}{_SUFFIX}\b|(?:the )?{_PLACE},? {_UNIT}|{_BRAND},? {_UNIT})(?:{_MORE}){{0,6}}"
)
"""A whole address in English: it begins with a flat, a house or a number and ends before other words."""
LONE_UNIT = re.compile(rf"\b{_UNIT}|{_FULL_POSTCODE}")
_SAID_ROOM = re.compile(
    r"\b(?:house|flat|door|room|apartment|unit) (?:number|no\.?)(?: is| was)?(?: wrong| off)?[,. ]*(?:it'?s|should be|its|try|is)? ?(?P<n>[0-9]+[a-z]?)\b"
    r"|(?:门牌号?|房间号|房号|室号|门号|房间)(?:码)?[^0-9]{0,8}?(?P<zh>[a-z]?[0-9]{3,5}[a-z]?)(?![0-9号栋])"
)
"""A lone number that is said to be a door's."""

_HAN = "一-鿿"
_N = r"[0-9零〇一二三四五六七八九十百]"
_MARKED = re.compile(
    rf"[{_HAN}]{{2,8}}(?<!客户)(?<!哪个)(?<!这个)(?<!那个)(?<!么进)(?<!没到)(?<!我们)(?<!什么)(?<!在的)小区(?![名叫门里吗了保物])|花园|家园|公寓|大厦|广场|[科产软创工公][技业件新意园]园|公园|soho|(?:{_N}|[a-z]){{1,4}}\s?(?:号楼|号院|号馆|栋|幢|座|单元|弄|层|楼(?!下)|号房|房(?![子间租])|户)|(?:[路街巷弄里嘴园苑城厦村庄段院区附甲乙丙丁]|(?<!知)道)\s*{_N}{{1,5}}号(?![技师线码])|(?:[0-9]{{2,5}}|{_N}{{3,5}})室|[a-z][区栋座](?![a-z])|[{_HAN}]{{1,6}}(?<![几破这那走迷带问顺绕赶半一在马公])(?:路|街|大道|胡同|巷|里弄)(?=[0-9零一二三四五六七八九十东西南北中口与和附旁甲乙丙丁]|的[一-鿿]|$)"
    rf"|[{_HAN}]{{2,6}}(?:苑|(?<!到)府|小镇|新村|新城|山庄|别墅|国际中心|(?<!会员)(?<!用户)(?<!个人)(?<!客服)(?<!服务)(?<!消息)中心|酒店|宾馆)(?=[0-9a-z]|$)|[{_HAN}]{{1,5}}(?:省|市|(?<!小)区|县|镇)[{_HAN}]{{2,12}}(?:路|街|道|号|楼|园|苑|里|城|村|厦)|[{_HAN}]{{2,8}}[0-9]{{1,3}}-[0-9]{{1,3}}(?:-[0-9]{{1,5}})?$|^[0-9]{{1,3}}-[0-9]{{1,3}}-[0-9]{{1,5}}$"
)
_ROOM = re.compile(
    r"[a-z]?[0-9]{1,5}[a-z]?(?:室|房|号房|户|号)?|[0-9]{1,3}-[0-9]{1,5}(?:-[0-9]{1,5})?|(?:楼|塔|座|栋)?[a-z]?[0-9]{1,3}(?:座|栋|楼|层)?"
)
_BESIDE = re.compile(
    rf"[{_HAN}0-9a-z]{{0,10}}(?:对面|旁边|隔壁|附近|门口|楼上|后门|前门|正门|东门|西门|南门|北门|入口|出口|地铁站)"
)
_PLAIN = re.compile(rf"[{_HAN}a-z]{{2,9}}[0-9]{{0,3}}")
_WORDY = re.compile(
    r"[我你您他她咱帮请要想约做按洗修换来去给让派叫吧吗呢啊谢]|师傅|技师|阿姨|预约|订单|上门|电话|手机|姓名|名字|时间|今天|明天|下午|上午|晚上|分钟|小时|快点|麻烦|地址|可以|好的|不是|写错|没|电梯|导航|直接|那边|这边|具体|门禁|密码|please|want|need"
)
_X = rf"[^\s,.;:!?{MASK}]+"
_PIECE = re.compile(
    rf"{_X}(?:(?<=[路街巷弄道里园苑城庄村段院区楼厦座寓号栋幢元]) (?=[a-z]?[0-9]){_X}|(?<=[0-9]) (?=[号栋幢座单室层楼弄户巷院]){_X})*"
)
_LEAD = re.compile(
    r"(?:[^0-9,.\s]{0,8}?(?:错|写反|弄反|搞反)[了啦]?[,.\s]*(?:应该)?[是係系]?|(?:小区|楼盘|大厦|酒店)(?:名字?)?[叫是]|楼号|(?:上门|服务|收货)?地址[填写]|[填写][的在]?|喺|住喺|係|应该|系(?=[一-鿿]{2})|前往|我到|啊|哦|呃|额|噢|那个|刚才|前面|师傅|直接|上(?=[0-9])|往|从|已经?|刚|里面?|簿|不(?:住|在)|(?:公司|家里?|店里)的?(?:地址|位址|住址)?(?:也|都)?(?:存|记|登记|添加)?(?:起来|一下)?|把|位址|(?:请|麻烦)?(?:帮我?|给我?|替我)?(?:新增|添加|增加|加|存|保存|记|登记|新建|录入|改|更新|更正|修改|换)(?:一?个|一?下|成|到|为)?(?:新的?|新?收货|常用)?(?:地址|住址|位置)?(?:吧|是|为|:)?|"
    r"(?:我的?|新的?|家的?|正确的?|服务|上门|具体|详细|收货)*(?:地址|住址|位置|定位|地点)(?:是|在|改成|改到|改为|换成|换到|写错了?|错了|有误|应该|变了|不对|发你|如下)*:?|写错了?|填错了?|打错了?|错了|不对|应该是?|正确的是|其实是?|"
    r"我(?:们)?家?(?:就)?(?:住在?|搬到了?|在)|我(?:们)?家(?=[^里])|我(?:的)?公司在|公司在|酒店在|家在|家?住在?|人在|把|麻烦|请?(?:您|你)?(?:们)?(?:直接)?(?:来|到|去|送到?|上门到?|派人到?|派人去|安排到|约到|约在|定在|过来)|请到|在|到|去|改成|改到|换成|换到|换到了|就是|是|就|那就|好的?|嗯|的|做|约|预约|帮我|给我|送|在的|删掉|删除|去掉|移除)[\s,:]*"
)
_END = re.compile(
    r"(?:，?不是|而不是|(?:给我)?(?:加到|加入|加进|存到|存进|保存|添加|删了|删掉|删除|去掉|移除|设为|设成|改成|改到|换成|作为|做成|记一?下|登记)|存下来|存起来|楼下|就行|就好|就可以|可以|去了|出发|了|(?:这个|那个|的)(?:地址|地方)|这边|那边|(?:的?门禁)|密码|按门铃|门铃|(?:联系)?电话|手机|联系|到了|快到|(?:可以|能|行)(?:吗|不|来)|上门|来(?:一?个|做|按)|做|按摩|约|想|要|吧|呢|哦|啊|喔|呀|谢|请|找|叫|我|是哪|在哪|几号|是几).*$"
)


_CHINESE_SIGNS = frozenset("区园厦场寓院馆栋幢座元弄层楼房室户号路街道同巷苑府镇村城庄墅心店省市县0123456789")
"""Every address has one of these in it."""
_ENGLISH_SIGNS = frozenset(
    "street streets st str road rd avenue ave lane ln close garden gardens gdns square sq court ct crescent cres place pl terrace way "
    "drive dr mews hill row walk grove gate green rise yard wharf parade embankment boulevard blvd broadway highway view vale "
    "quay approach circus parkway flat apt apartment unit room rm suite studio house block tower towers building buildings door "
    "floor mansions heights lodge inn hotel apartments point plaza hall estate hilton marriott savoy ritz hyatt sheraton "
    "radisson novotel ibis travelodge intercontinental westin hoxton dorchester langham oriental seasons number".split()
)
_ENGLISH_SIGN = re.compile(rf"\b[a-z]{{3,12}}(?:way|gate|side)\b|{_FULL_POSTCODE}|#")
_LATIN_WORD = re.compile("[a-z]+")


def _may_be_english(text: str) -> bool:
    return not _ENGLISH_SIGNS.isdisjoint(_LATIN_WORD.findall(text)) or _ENGLISH_SIGN.search(text) is not None


def chinese(text: str, start: int, end: int, known: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Chinese addresses within [start, end): pieces that belong to one, as far as they stand together."""
    if _CHINESE_SIGNS.isdisjoint(text) and "soho" not in text:
        return
    pieces = [match.span() for match in _PIECE.finditer(text, start, end)]
    first = last = -1
    for at, (a, b) in enumerate(pieces):
        if not _is_part(text, a, b):
            continue
        first, last = (at if first < 0 else first), at
    if first < 0:
        return
    while first > 0 and _goes_before(text, *pieces[first - 1], known):
        first -= 1
    last = _to_the_end(text, pieces, first, last)
    a, b = _bare(text, pieces[first][0], pieces[last][1])
    if b - a > 1 and (_NUMBER_ALONE.fullmatch(text, a, b) is None or _PUT_RIGHT.search(text, start, a)):
        yield a, b


_NUMBER_ALONE = re.compile(rf"(?:第|就|选|要)?{_N}+\s*[号户层楼](?:师傅|技师|线)?")
_PUT_RIGHT = re.compile(r"错|应该|不对|写反|地址")


def _is_part(text: str, a: int, b: int) -> bool:
    lead = _after_lead(text, a, b)
    return lead < b and _MARKED.search(text, lead, b) is not None and not text.startswith("不是", lead)


def _goes_before(text: str, a: int, b: int, known: Sequence[tuple[int, int]]) -> bool:
    """A district, or the plain name of a house, stands before its parts."""
    a = _after_lead(text, a, b)
    if a == b:
        return False
    return any(a <= c and d <= b for c, d in known) or (
        _PLAIN.fullmatch(text, a, b) is not None and _WORDY.search(text, a, b) is None
    )


def _to_the_end(text: str, pieces: list[tuple[int, int]], first: int, last: int) -> int:
    """The last piece that belongs to it: none of other words stands between; rooms and landmarks may follow."""
    for at in range(first + 1, len(pieces)):
        a, b = pieces[at]
        if at <= last and (_is_part(text, a, b) or _goes_before(text, a, b, ())):
            continue
        if at < last and not any(map(is_han, text[a:b])):  # what is in no language of ours parts no address
            continue
        if _ROOM.fullmatch(text, a, b) or (_BESIDE.fullmatch(text, a, b) and _WORDY.search(text, a, b) is None):
            continue
        return at - 1
    return len(pieces) - 1


def _after_lead(text: str, a: int, b: int) -> int:
    while a < b and (match := _LEAD.match(text, a, b)) is not None and match.end() > a:
        a = match.end()
    return a


def _bare(text: str, a: int, b: int) -> tuple[int, int]:
    a = _after_lead(text, a, b)
    tail = _END.search(text, a + 1, b)
    end = tail.start() if tail is not None else b
    return a, a + len(text[a:end].rstrip(" ,.;:"))


def english(text: str, *, asked: bool) -> Iterator[tuple[int, int]]:
    """English addresses; where one was asked, plain words beside it belong to it too."""
    if not _may_be_english(text):
        return
    for match in ENGLISH.finditer(text):
        start, end = match.span()
        if asked:
            lead = _LEAD_EN.match(text)
            first = lead.end() if lead is not None else 0
            if first < start and _OTHER_WORDS.search(text, first, start) is None:
                start = first
            after = _AFTER_EN.match(text, end)
            end = after.end() if after is not None else end
        room = _ROOM_AFTER.match(text, end) if _ENDS_IN_A_HOUSE.search(text, start, end) else None
        yield start, end if room is None else room.end()


_ENDS_IN_A_HOUSE = re.compile(r"\b(?:block|tower|building|house) ?[0-9a-z]{1,3}$")
_ROOM_AFTER = re.compile(r",? ?(?:no\.? ?)?[0-9]{2,5}[a-z]?(?=\s*(?:[,.!]\s|[,.!]?$))")
_LEAD_EN = re.compile(
    r"[\s,.!]*(?:(?:it'?s|its|i'?m|im|i am|i live|we'?re|please|pls|come|go|send|get|them|him|her|to|at|in|on|my|the|our|new|address|place|location|is|was|should be|change|move|switch|it|use|put|ok|yes|no|yeah|sure|hi|hello|um|so|that'?s|thats|actually|sorry|typo|wrong)(?![a-z0-9'])[\s,:.!-]*)*"
)
_OTHER_WORDS = re.compile(
    rf"{MASK}|\b(?:hotel|office|home|work|my|your|wrong|not|instead|book|need|want|for|hours?|sorry|address|postcode|change|please|delete|remove|save|add|and|meant)\b|[;!?]"
)
_AFTER_EN = re.compile(
    r"(?:,? ?(?!(?:buzzer|bell|intercom|gate|door|code|entry|key|call|ring|text|press|parking|park|it'?s|its|the|please|pls|thanks|cheers|phone|tel|mob|mobile|number|my|opposite|next|near|can|could|i|we|for|at|on|and|but|is|if|from|now|not|tomorrow|today|tonight)\b)[a-z][a-z'.]*){1,3}(?=\s*[.!]*\s*$)"
)


def said_rooms(text: str) -> Iterator[tuple[int, int]]:
    """The number of a door that is said to be one: 门牌号1702, house number is 27."""
    for match in _SAID_ROOM.finditer(text):
        yield match.span("zh" if match["zh"] else "n")
