# ruff: noqa: E501 - one expression to a line
"""Who: technicians by number, sex, anyone, phones, names of people."""

import re
from collections.abc import Iterator
from itertools import islice

import phonenumbers

from nlu.found import Found
from nlu.lexicon import Lexicon
from nlu.names import LAST_TIME
from nlu.near.ordinary import ordinary
from nlu.numbers import integer, spoken_digits
from nlu.text import MASK, any_of
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
    r"(?P<a>[0-9]{1,3}|[一二三四五六七八九十]{1,3})\s*号?\s*(?:技师|师傅|老师|阿姨)|(?:技师|师傅|老师)\s*(?P<b>[0-9]{1,3}|[一二三四五六七八九十]{1,3})(?:\s*号|(?![0-9一二三四五六七八九十星颗分点:个年月岁天小块元台次位名.%]))"
    r"|(?<![0-9月])(?P<e>[0-9]{1,3})号(?=的?(?:手法|手艺|技术|评价|口碑|照片|有空|有没有|有时间|最近|今[天晚]|明[天晚早]|后天|怎么样|靠谱|力气|在吗|来吧|来做|会不会|干了|做了)|是[男女])|(?:换成?|换回|指定|点|让|请)(?P<f>[0-9]{1,3})号(?=[\s,.!吧来呢吗了]|$)"
    r"|\b(?:technician|therapist|masseuse|masseur|staff|tech)\s*(?:no\.?|number|#)?\s*(?P<c>[0-9]{1,3})\b|(?:\bno\.|(?<!door )(?<!house )(?<!flat )(?<!room )\bnumber|#)\s?(?P<d>[0-9]{1,3})\b(?!,? (?:[a-z']+ ){1,3}(?:street|st|road|rd|avenue|ave|lane|square|court|gardens?)\b)"
)
_LONE_NUMBER = re.compile(r"[\s,.!]*(?:就|要|选|换)?(?P<a>[0-9]{1,3}|[一二三四五六七八九十]{1,3})号[吧的呢\s,.!]*")
_OF_LAST_TIME = re.compile(
    r"(?:上次|上回|之前|以前)(?:来)?(?:的)?(?:那个|那位|那名)?(?:的)?(?:女|男)?(?:师傅|技师|阿姨|老师|按摩师|美容师|大姐|小哥)"
    r"|\b(?:the )?same (?:therapist|technician|lady|girl|guy|person|masseuse|masseur|cleaner|beautician|man|woman|one)(?: (?:again|as (?:last time|before)))?"
    r"|(?:还是|就|要)(?:上次|上回)(?:那个|那位)(?!时间|地址|地方|价|服务|项目|套餐)(?=[\s,.!吧]|$)|\bwhoever came (?:last time|before)|(?:上次|上回|之前|以前)(?:约过|来过|做过|给我做)?的?那[位名](?:师傅|技师|阿姨|老师)?(?!客人)|(?:原来|原先)的?(?:那个|那位)?(?:师傅|技师|阿姨|老师)|\b(?:my|the) (?:last|previous|usual|regular) (?:therapist|technician|masseuse|masseur|cleaner|beautician|lady|girl|guy)\b|\bthe one i had (?:before|last time)|\b(?:who|whoever) i had (?:before|last time)|\b(?:the )?(?:lady|girl|guy|man|woman) (?:from|of|who came|i had|we had) last time|\b(?:the )?(?:therapist|technician|cleaner|person|one) (?:from|of|who came) last time"
)
_SEX = re.compile(
    r"(?P<both>男女(?:都|均|不限|皆)[行可好]?以?)"
    r"|(?P<asked>(?:是)?男(?:的|生|性|师傅|技师)?(?:还是|或者?|定|,|/|\s)*(?:是)?女(?:的|生|性|师傅|技师)?(?P<all>(?:都|均|皆)?(?:行|可以|可|好|无所谓|不限|不挑|ok|没关系|一样))?|(?:是)?女(?:的|生)?(?:还是|或者?|定|,|/|\s)*(?:是)?男(?:的|生)?(?P<every>(?:都|均|皆)?(?:行|可以|可|好|无所谓|不限|不挑|ok|没关系|一样))?"
    r"|\b(?:man|male|he|lady|woman|female|bloke|guy) or (?:a )?(?:woman|female|lady|man|male|she)\b(?P<either>,?(?: is|'s)? (?:fine|ok|okay|either|doesn't matter|i don't mind|no preference|whichever|both))?)"
    r"|(?P<of>(?<![能要须好定])是(?:男|女)(?:的|生|性|士|师傅|技师)(?=[吗么不嘛?吧]))"
    r"|(?P<female>女(?:性|(?<![一-鿿]女)士(?![能可适])|生|孩|的|师傅|技师|老师|按摩师|美容师)|女(?![儿朋友婿性士生孩的师技老按美王神婴])|(?<!客服)小姐姐(?![你您好在])|妹子|姑娘|\bfemales?\b(?!'s)|\b(?:women|ladies) only\b|\bonly (?:women|ladies)\b)"
    r"|(?P<male>男(?:性|(?<![一-鿿]男)士(?![能可适])|生|(?<!这个男)(?<!那个男)的|师傅|技师|老师|按摩师)|男(?![朋友孩性士生的师技老按女])|小哥哥|\bmales?\b(?!'s)|\bmen only\b|\bonly men\b)"
    r"|\b(?:an?|another|some|any|only|prefer(?:ably)?|rather|just|nice|experienced|different|older|no|not)(?: nice| young| strong| older| different)? (?:(?P<lady>lady|woman|girl)|(?P<lad>man|guy|gentleman|bloke))\b(?!'s(?! (?:fine|ok|okay|good|great|alright|all right|perfect)\b)|-?friend| with| out| on (?:her|his)| and van| alive| i know)"
    r"|^[\s,.!]*(?:the |a )?(?:(?P<she>lady|woman|girl)|(?P<he>man|guy|gentleman|bloke))(?: one)?(?:,? please|,? pls)?[\s.!]*$"
)
_OF_SOMEBODY = re.compile(
    rf"(?:\b(?:is|was|are)n?'?t? (?!just|only)(?:{MASK}+|[a-z]+(?: [a-z]+){{0,2}}) |\bthere'?s |\bthere is |(?<!her )(?<!him )(?<!them )(?<!it )\bfor |\bas )$"
)
"""Is Tom a man, there is a man, for a woman: nobody is wished for."""
_NOT_THIS_SEX = re.compile(
    r"(?:不要|不想要|别|不用|不能是|别是|不要派|别派|别来|不喜欢|\bnot? (?:a |an )?|\b(?:don'?t|do not) (?:want|like|send|need) (?:me )?(?:a |any )?|\bother than (?:a )?|\bnothing against (?:a )?)\s*$"
)
_IS_FINE = re.compile(r"(?:'s| is| would be) (?:fine|ok|okay|good|great|alright|all right|perfect)\b")
"""No, a man's fine: the no is to what was shown, and not to him."""
_ANYONE = re.compile(
    r"谁都(?:行|可以|好|成|ok)|边[个位](?:师傅|技师)?(?:来|嚟)?都(?:得|好|可以|冇所谓)|谁来都(?:行|可以|一样)|随便(?:谁|哪个|哪位|一个|派|安排)(?:都行|都可以|吧)?|哪[个位](?:都|师傅都|技师都)(?:行|可以|好)|(?:任意|任何)(?:一[位个])?(?:技师|师傅|人)?都?(?:行|可以)"
    r"|(?:你们?|您|系统|平台)(?:看着)?(?:安排|定(?![位金])|推荐一[个位])|(?:你们?|您)看着办|(?:技师|师傅|人选)(?:不限|随意|随便|无所谓)|谁(?:有空|最快|方便|近|有时间)(?:就)?(?:谁来|派谁|选谁|谁|让谁来)|(?:有空|有时间)的(?:师傅|技师)?(?:就行|都行|就可以)|哪个(?:师傅|技师)?都(?:行|可以)|(?:师傅|技师)(?:随机|随便派)|(?:谁|换谁|派谁)都(?:没关系|没问题|无所谓)|都一样"
    r"|(?<!has )(?<!have )(?<!hasn't )(?<!is )(?<!did )(?<!does )(?<!if )(?<!can )(?<!could )(?<!will )(?<!isn't )(?<!was )(?<!not )(?<!t want )(?<!tell )(?<!without )(?<!send )(?<!from )(?<!to see )\b(?:(?:anyone|anybody)(?! (?:there|here|home|around|but|else|real|with|at|who can|you'd|on|in|i|near|yet|come|coming|accepted|(?:free|available|working)(?! (?:is|will|would|works)))\b)|whoever|whichever(?: one| person| of them)?(?=[\s,.!]*(?:$|i\b|is|really))|any (?:technician|therapist|one of them|of them|person))\b(?: (?:is|will be|would be|'s)? ?(?:fine|ok|okay|good|free|available|works|will do|do))?"
    r"|\b(?:no preference|(?:i )?(?:really )?don'?t (?:mind|care|really mind) (?:who|which one)|(?:it )?doesn'?t matter who|not (?:bothered|fussed) who|(?<!would )(?<!could )(?<!did )you (?:choose|pick|decide)(?=[\s,.!]*(?:$|who|then|please|i))|surprise me|up to you who)\b"
)
_ANYTHING = re.compile(
    r"[\s,.!]*(?:我|师傅|技师|那|就|男女|都)*(?:都行|都可以|都好|随便|无所谓|不限|不挑|随意|都ok|都一样|您定|你定(?!位)|(?:either|any|any one|whatever)(?: is fine| is ok| will do| one)?|(?:i )?(?:have )?no preference|(?:i )?don'?t (?:mind|care)|(?:it )?doesn'?t matter|up to you)[\s,.!~吧的啊呀哦啦了]*"
)

_ENGLISH_NAME = r"(?:(?:mr|mrs|ms|miss|dr|sir)\.? )?(?!(?:and|but|my|your|i|can|please|pls|thanks|from|at|the|a|an|not|with|for|number|phone|on|it|is|to|by|in|that|so|spelt|spelled|right|changed|has|had|should|as|like|wrong|wrongly|incorrectly|correctly|back|again|asap|before|after|around|up|when|once|if|tomorrow|today|last|this|him|her|them|us|me|you|two|three|one|of|now|when|if|later)\b)[a-z][a-z'.-]*(?: (?!(?:and|but|my|your|i|i'm|im|can|please|pls|thanks|from|at|the|a|an|not|with|for|number|phone|on|it|is|to|by|in|that|so|tomorrow|today|this|if|instead|now|then|when|as|mobile|tel|btw|ok|cheers)\b)[a-z][a-z'.-]+){0,2}"
_FAMILY = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文欧施洪颜倪严温季俞章鲁葛毕聂焦柳邢岳齐梅庄辛管祝左涂谷祁舒耿牟詹关凌费纪靳盛童欧甄项曲游阳裴席卫屈鲍覃霍翁隋甘景单包司柏宁柯阮桂闵解强丛华车冉房边辜佘"
_NO_NAME = r"(?![改写错换是不名那一要个我你您几什啥哪谁的被怎打登填弄修变更吗呢了成掉]|先生|女士|小姐|英文|中文|真名|老婆|老公)"
_HAN_NAME = rf"{_NO_NAME}[一-鿿]{{1,4}}?"
_OPEN = r"(?:一下|就)?(?:写|填|留|记|登记|用|改成|改为|改|换成|换|是|叫|为)?[\s:]*"
_END = r"(?=[吧啊呀哦的了呢,.!?\s]|就[好行成]|即可|可以|行吗|谢谢|不是|不姓|$)"
_EN_OPEN = r"\b(?:my (?:full |new |first |last |real )?name is|my name'?s|name'?s|(?:the )?name is|(?:the )?name'?s|name:|full name|first name(?: is)?|(?:sur|last )name(?: is)?(?: now)?|(?:you can |please |just |everyone )?calls? me|(?:i am|i'?m|be) called|address me as|i go by|contact(?: person| name)?(?: is|:)|(?:book|put|log|save|keep|do) (?:it|this|that|me|the booking)(?: down)? (?:under|in the name of|in the name|(?<=down )as)|(?:booking|it'?s|its|booked|it is|reservation|goes?|go|bookings be) (?:is )?under(?: my maiden name| my married name)?|under the name(?: of)?|^(?:ok,? |yes,? )?under|in the name of|(?:it'?s |its |that'?s |name is |name )?spel(?:t|led)(?: as)?|rename (?:me|my account|it)(?: to)?|(?:change|switch|update|edit|set|make|correct|save|replace|get|fix|want|put|amend)(?:d)? (?:my |the |your )?(?:account |display |profile |first |last |sur)?name(?: (?:on|you have|you hold)[a-z ]{0,20})?(?: has)?(?: changed| be)?(?: to| as| with|:| is)|name (?:has )?changed to|wrong name[, .-]*(?:it'?s|its|should be)|make my name|name[a-z ]{0,24}(?:wrong|out of date|incorrect)[a-z ]{0,20}[, .-]*(?:it'?s|its|it should be|should be|now it'?s|it is)(?: spelt)?|name[a-z ]{0,20} should (?:be|say|read))"
_NAMED = re.compile(
    rf"(?:免贵|我)?姓(?P<first>[一-鿿])[\s,.]*(?:全名)?(?:叫|名叫)?\s*(?P<full>(?P=first)[一-鿿]{{1,2}})(?=[吧啊呀\s,.!]|$)"
    rf"|(?:名字?|姓名|名儿|联系人)(?:被)?(?:写|打|填|记|登记|拼|弄|搞)?(?:错|反|不对)了?[\s,.!]*(?:不是[一-鿿]{{1,4}}[\s,.]*)?(?:应该)?(?:改成|改为|换成)?(?:是|叫|写)?\s*(?P<mended>{_HAN_NAME}|[a-z][a-z' -]{{1,20}}?){_END}"
    rf"|(?:名字?|姓名|称呼|昵称|name)(?:麻烦|请|帮我|给我)?(?:想|要)?(?:改|更改|换|更新|变更|修改|更正|写|填|登记|记|留|用)(?:一下|下)?(?:成|为|作|到|叫)?[\s:]*(?P<changed>{_HAN_NAME}|[a-z][a-z' -]{{1,20}}?){_END}"
    rf"|(?:(?:改|更改|换|更新|变更|修改|设置)(?:一下)?(?:我的|预约)?(?:名字?|姓名|称呼|昵称)(?:为|成|叫|到|作)|改名字?[\s,]*(?:叫|为|成|改成|改为|换成)|现在叫|本人(?:叫)?(?=[一-鿿]{{2,3}}[\s,.]*$)|鄙人姓?)\s*(?P<other>{_HAN_NAME}){_END}"
    rf"|(?<![帮给替])(?:我(?:的名字|的姓名|老婆|老公|太太|先生|妈妈?|爸爸?|女儿|儿子|朋友)?(?:叫|是叫)|(?<![帮给替别再]我)(?:请)?[叫喊]我|(?:名字|姓名)(?:就)?(?:叫|是|:)|(?:联系人|预约人|收件人|客人姓名){_OPEN}|称呼我?(?:为)?)\s*(?P<zh>{_HAN_NAME}|{_NO_NAME}[a-z][a-z' -]{{1,20}}?){_END}"
    rf"|(?:姓名|名字)[\s:,]*(?P<bare>[{_FAMILY}][一-鿿]{{1,2}}){_END}"
    rf"|(?:免贵|我)?姓(?![名氏什啥错])\s*(?P<xing>[一-鿿]{{1,2}}?)(?=[吧啊呀不叫的\s,.!]|$)"
    rf"|{_EN_OPEN}\s+(?P<en>{_ENGLISH_NAME})"
    rf"|\b(?:put|use|have) (?P<put>{_ENGLISH_NAME}) as (?:my|the) name\b"
    rf"|\b(?:it'?s|its|booking|it is|this is|i'?m|use|should (?:be|say)|make it|under|bookings be under|put|say it'?s) (?:for )?(?P<titled>(?:mr|mrs|ms|miss|dr|prof|professor|auntie|grandma)\b\.? {_ENGLISH_NAME})"
    rf"|^(?:for |yes,? |hi,? )?(?P<alone>(?:mr|mrs|ms|miss|dr|prof|professor)\b\.? {_ENGLISH_NAME})[\s.!]*$"
)
_INTRODUCED = re.compile(
    r"(?:我(?:的名字)?(?:叫|是)|叫我|[写留]|登记)\s*(?P<name>[小老阿][一-鿿]{1,2}?|[一-鿿]{1,2}(?:先生|女士|小姐|太太))(?=[吧啊呀哦\s,.!?]|就好|就行|$)"
)
_CONTACT = re.compile(r"(?<![一-鿿])(?P<name>[一-鿿]{1,2}(?:先生|女士|小姐|太太))(?![一-鿿])")
_PLAIN_NAME = re.compile(
    r"[\s,.!▢]*(?:我是|我叫|本人|姓名|名字[啊呢]?|我的?(?:英文|中文)名|(?:就|请)?(?:叫|写|填|留|记|登记|备注|喊|找|用)(?:我)?|到时候找|(?:hi|hello|hey)?[\s,]*(?:i'?m|i am|it'?s|it is|its|this is|just|yeah|yes|sure|ok|you can put|put|please use|use|write|for|under|name|my name\?|contact:?|say it'?s for|the customer is)[\s,]+)*(?P<name>[一-鿿]{1,6}?(?:先生|女士|小姐|太太)?|[a-z][a-z'.-]*(?: (?!(?:here|btw|please|pls|thanks|thank|from|with|and|but|at|in|on|for|if|is)\b)[a-z][a-z'.-]*){0,3})(?:的名字|好了|就好|就行|就成|即可|就可以了?|吧|啦|好啦|谢谢|[\s,.!▢]|\b(?:here|btw|please|pls|thanks|thank you)\b)*"
)
_SURNAMES = frozenset(_FAMILY + "小老阿大")
_ANSWERS = frozenset(
    "yes no ok okay nah nope yep yup yeah hi hey hello bye why who how what me you stop skip back none same".split()
)


def region_of(zone: str, lang: str) -> str:
    """The country whose national phone numbers are meant."""
    return _REGIONS.get(zone) or ("CN" if lang.startswith("zh") else "GB")


_DATE = re.compile(r"\s*20[0-9]{2}([-/.])[01]?[0-9]\1[0-3]?[0-9](?![0-9])")


def phones(text: str, region: str) -> Iterator[Found]:
    """Phone numbers as E.164, digits or spoken."""
    if region == "CN" and _IN_BRITAIN.search(text):
        region = "GB"
    for match in _RUN.finditer(text):
        behind = _MOBILE_BEHIND.search(match.group())
        start = match.start() + (behind.start() if behind else 0)  # "8栋1101 13500135000": the flat is no part of it
        number = None if _DATE.match(text, start) else _e164(text[start : match.end()], region)
        if number:
            yield Found(start, match.end(), "phone", number)
    if text.isascii():
        yield from _spelt_out(text, region)
        return
    for match in _SPOKEN_RUN.finditer(text):
        number = _e164(spoken_digits(match.group()), region)
        if number and not match.group().isascii():
            yield Found(*match.span(), "phone", number)


_DIGIT_WORDS = {"oh": "0", "o": "0", "nought": "0"} | {
    word: str(digit) for digit, word in enumerate("zero one two three four five six seven eight nine".split())
}
_DIGIT_WORD = rf"(?:(?:double|triple|treble) )?(?:{'|'.join(_DIGIT_WORDS)})"
SPELT = re.compile(r"\b(?:oh|zero|double) [a-z]+ ")
"""Cheap to look for: digits may be spelt out."""
_SPELT_RUN = re.compile(rf"\b(?:plus )?{_DIGIT_WORD}(?:[ ,-]+{_DIGIT_WORD}){{5,14}}\b")
_TIMES = {"double": 2, "triple": 3, "treble": 3}


def _spelt_out(text: str, region: str) -> Iterator[Found]:
    """Oh seven seven double oh: digits said in English words."""
    for match in _SPELT_RUN.finditer(text):
        digits, times = "", 1
        for word in re.findall("[a-z]+", match[0]):
            digits += _DIGIT_WORDS.get(word, "") * times
            times = _TIMES.get(word, 1)
        number = _e164(("+" if match[0].startswith("plus") else "") + digits, region)
        if number:
            yield Found(*match.span(), "phone", number)


_IN_BRITAIN = re.compile(r"英国|伦敦|\b(?:uk|british|england|london)\b")
_NO_LANDLINE = re.compile(r"07[0-9]{2}[01][0-9]{6}")
"""Eleven digits from 07 whose local part begins with 0 or 1 ring nobody in China: a British mobile without its country."""

_TAIWANESE = re.compile(r"09[0-9]{8}")
"""Ten digits from 09 are a mobile in Taiwan: behind no area code of the mainland stand six."""


_TRUNK = re.compile(r"\(0\)")
_BRITISH = re.compile(r"0(?:7[1-9]|20|1[0-9]|2[0-9])[0-9]{8}")
"""Eleven digits as Britain writes them, its numbers for plays and films among them."""


def _e164(said: str, region: str) -> str | None:
    digits = _NOT_DIGIT.sub("", _TRUNK.sub("", said))
    mobile = _CHINESE_MOBILE.fullmatch(digits)
    if mobile is not None:
        return "+86" + mobile[1]
    if region == "CN" and _TAIWANESE.fullmatch(digits):
        return "+886" + digits[1:]
    if region == "GB" and _BRITISH.fullmatch(digits):
        return "+44" + digits[1:]
    if region == "GB" and _BRITISH.fullmatch("0" + digits.removeprefix("44")) and digits.startswith("44"):
        return "+" + digits
    if not 7 <= len(digits) <= 18 or (region == "CN" and _NO_LANDLINE.fullmatch(digits)):
        return None
    try:
        number = phonenumbers.parse("+" + digits[2:] if digits.startswith("00") else digits, region)
    except phonenumbers.NumberParseException:
        return None
    # A number with its country said is taken when it could be one: plans change, and a wrong refusal costs a customer.
    if not phonenumbers.is_valid_number(number) and not (
        said.lstrip().startswith(("+", "00")) and phonenumbers.is_possible_number(number)
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
        if technician is None and match.lastgroup in ("e", "f"):
            continue  # a day of the month, or nobody
        yield Found(*match.span(), "technician", technician or "")


def of_last_time(text: str) -> Iterator[Found]:
    """上次那个师傅, the same therapist as last time: whoever it was, the business knows."""
    if not any(
        word in text for word in ("上", "之前", "以前", "原", "same", "last", "before", "previous", "usual", "regular")
    ):
        return
    for match in _OF_LAST_TIME.finditer(text):
        yield Found(*match.span(), "technician", LAST_TIME)


_FEW = 8
_SHORT = 80
"""Longer words are no bare answer."""
_SEX_WORDS = any_of(
    (
        "男",
        "女",
        "小姐姐",
        "小哥哥",
        "妹子",
        "姑娘",
        "male",
        "man",
        "men",
        "lad",
        "girl",
        "guy",
        "bloke",
        " she",
    )
)


def sexes(text: str) -> Iterator[Found]:
    """The sex a person asks for; not a man means a woman."""
    if not _SEX_WORDS.search(text):
        return
    for match in islice(_SEX.finditer(text), _FEW):
        if match["both"] or match["asked"]:
            if match["both"] or match["all"] or match["every"] or match["either"]:
                yield Found(*match.span(), "anyone", "anyone")
            continue
        if match["of"] or _OF_SOMEBODY.search(text, max(0, match.start() - 32), match.start()):
            continue
        sex = "female" if match["female"] or match["lady"] or match["she"] else "male"
        denied = _NOT_THIS_SEX.search(text, max(0, match.start() - 16), match.start())
        if denied is not None and _IS_FINE.match(text, match.end()) is None:
            sex = "male" if sex == "female" else "female"
        yield Found(*match.span(), "sex", sex)


_ANYONE_WORDS = any_of((
    "谁", "边", "随便", "哪", "任", "你", "您", "系统", "平台", "不限", "随意", "无所谓", "随机", "有空的", "时间的", "都一样", "any", "who", "which",
    "preference", "mind", "care", "fussed", "bothered", "matter", "you", "surprise", "up to",
))  # fmt: skip


def anyone(text: str, asked: Asked) -> Iterator[Found]:
    """谁都行, anyone is fine; 都行 alone when a person or a sex was asked for."""
    match = _ANYONE.search(text) if _ANYONE_WORDS.search(text) else None
    if match is None and asked.kind in (None, "technician", "sex", "choice"):
        match = _ANYTHING.fullmatch(text)
    if match is not None:
        yield Found(*match.span(), "anyone", "anyone")


_NAME_WORDS = any_of((
    "姓", "叫", "名", "联系人", "预约人", "收件人", "称", "本人", "鄙人", "先生", "女士", "小姐", "太太", "我是", "name", "call", "under", "contact", "mr", "ms ",
    "miss", "dr ", "dr.", "spel", "prof", "rename", "go by", "down as", "auntie", "grandma",
))  # fmt: skip
"""None of them in it, and nobody says who they are."""


def introduced(text: str, asked: Asked, *, phone: bool) -> Iterator[Found]:
    """我叫小林, 陈女士 138…: whoever says so is not asking for a technician Lin or Chen."""
    if not (phone or asked.kind == "name" or _NAME_WORDS.search(text)):
        return
    match = _INTRODUCED.search(text) or (_CONTACT.search(text) if phone else None)
    named = _NAMED.search(text)
    if match is not None:
        yield Found(*match.span("name"), "name", "")
    elif named is not None:
        yield Found(*named.span(_group(named)), "name", "")
    elif asked.kind == "name":
        plain = _PLAIN_NAME.fullmatch(text) if len(text) <= _SHORT else None
        if plain is not None and _is_name(plain["name"]):
            yield Found(*plain.span("name"), "name", "")


def _group(named: re.Match[str]) -> str:
    return next(name for name, said in named.groupdict().items() if said is not None and name != "first")


def _is_name(said: str) -> bool:
    """Whether these words are a name before they are anything else: 小王, Tom."""
    if said.isascii():
        return all(len(word) > 1 and word not in ordinary() and word not in _ANSWERS for word in said.split())
    return said[0] in _SURNAMES and 2 <= len(said) <= 4


def names(text: str, asked: Asked) -> Iterator[Found]:
    """Whatever stands alone where a name was asked."""
    plain = _PLAIN_NAME.fullmatch(text) if asked.kind == "name" and len(text) <= _SHORT else None
    if plain is not None:
        yield Found(*plain.span("name"), "name", "")
