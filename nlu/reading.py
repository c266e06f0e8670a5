# ruff: noqa: E501 - one expression to a line
"""One message read whole: each reader takes its stretch of the words, the rest is left for the next."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from nlu import answers, counts, intents, people, places, when
from nlu.criteria import criteria, earliest
from nlu.decisions import Decision, decided
from nlu.found import Found
from nlu.lexicon import Lexicon
from nlu.model import the_model
from nlu.model.features import features, signed, sounds
from nlu.model.notions import notions
from nlu.names import AskedKind, IntentName, Lang
from nlu.noticing import noticed
from nlu.text import MASK, Normal, detect_language, is_han, mask, normalise
from nlu.understanding import Asked, Entity, Understanding
from nlu.weighing import weigh

_DENIED_BEFORE = re.compile(
    r"(?:不是|唔系|唔要|(?:别|不要|不想|不用|莫)(?:让|派|叫|找|安排|请)|不要|不想要?|别|不用|不在|不选|不约|不去|不喜欢|不需要|不换成?|除了|(?<![扫清消])除|\bnot|n'?t (?:want|like|need|say|mean)|\binstead of|\brather than|\b(?:any(?:one|body)?|(?:any|every) (?:day|time|one|technician|therapist)) but|\bapart from|\bexcept(?:ing)?(?: for)?|\bother than)\s*(?:(?:选|约|在|要|做|on|at|the|a|for|with)\s*)*$"
)
_DENIED_AFTER = re.compile(
    r"\s*(?:的话|是|那天|我)?(?:不行|不可以|不方便|没空|没时间|来不了|去不了|太早|太晚|太贵|不合适|不去了|来不及|赶不上|赶不回|除外|以外|之外|不对|错了|有事|就?算了|不要了?|不想"
    r"|(?:is |was |are |'s |s )?(?:too (?:early|late|expensive|soon)|doesn'?t (?:work|suit)|does not (?:work|suit)|don'?t work|won'?t (?:work|do|suit)|(?:is |'s )?no good|isn'?t (?:good|great|possible|ideal)|not (?:good|great|possible|ideal|an option)|no longer|out\b(?! of)|off the table|is a no))"
)
_EXCUSE = re.compile(
    r"\s*(?:我|人|也|都|还|要|得|在|去|可能|应该|全天|一直|已经|不巧|正好|刚好)*(?:加班|出差|没空|没时间|有事|有约|不在|外地|上班|上课|开会|有课|有会|约满|排满|满了|别来|别过来|不来|来不了|不能来|旅游|回老家|不方便)(?!了?[没吗么嘛不])"
    r"|,? ?(?:i'?m (?:working|away|busy|at work|out|not (?:in|free|around|here)|on (?:a )?shift)|i (?:can'?t|cannot|have work|work\b)|is (?:full|busy|packed))"
)
"""Says no to a time only beside another one: 周六上班 alone is what a technician wants."""
_FILLER = re.compile(
    r"[\s,.!?;:~()\"'…\-/▢]+|[换改我你您他她的了吗呢吧啊呀哦嘛哈在是要想就那这给帮请可以能有和跟与到来去做一个下么也都还再会让把被从对上点好嗯麻烦谢约按几们没不叫姓送怎样什谁哪多少已经只刚才行最问查选号定]+|不行|没空|师傅|技师|阿姨|订单|预约|手机号?码?|电话|号码|地址|时间|不好意思|师父"
    r"|\b(?:i|you|we|he|she|it|me|my|your|the|a|an|to|of|for|in|on|at|and|or|is|are|am|be|do|does|can|could|would|will|please|pls|just|any|some|call|with|this|that|then|so|there|have|has|i'm|i'd|it's|'s|doesn|won|isn|what|sorry|therapists?|technicians?|prefer|phone|number|sometime|plz|send|not|instead|address|fine|correct|right|good|great|works|perfect|sounds|lets|let's|go|ahead|cool|i'll|take|free|come|come to|order|booking|live|change|hello|hey|don|work|by|from|up|as|if|but|want|need|like|one|thanks|ok|hi)\b"
)
_DIGITS = frozenset("0123456789")
_PLAIN_YES = 0.9
_PLAINLY = (IntentName.AFFIRM, IntentName.ACCEPT)
_DECIDING = (AskedKind.YES_NO, AskedKind.SERVICE, AskedKind.OPTION, AskedKind.TECHNICIAN, AskedKind.CHOICE)
"""Where a yes, or a wait, is an answer; of lists it takes the only choice."""
_DECIDED = (None, IntentName.AFFIRM, IntentName.DENY, IntentName.BOOK, IntentName.KEEP)
_NOTHING_ASKED = Asked()

Cue = tuple[int, int, tuple[IntentName, float]]


def understand(
    text: str, *, lang: str, zone: str, now: datetime, lexicon: Lexicon, asked: Asked = _NOTHING_ASKED
) -> Understanding:
    """What the person means; now is aware UTC, times are resolved in the IANA zone. Never raises on any text."""
    normal = normalise(text)
    spoken = detect_language(text, lang)
    set_phrase = intents.whole(normal.text)
    if set_phrase is None and asked.kind is None and intents.only_an_order(normal.text):
        set_phrase = IntentName.ORDER_STATUS
    decision = decided(normal.text) if asked.kind in _DECIDING and set_phrase in _DECIDED else None
    set_phrase = IntentName.AFFIRM if decision is Decision.YES else set_phrase
    cues = intents.cued(normal.text)
    found = _find(_Scene(normal, spoken, zone, now, lexicon, asked), set_phrase, cues)
    known = [each for each in found if each.value not in ("", when.IMPOSSIBLE)]
    negated = _negated(normal.text, known)
    stated = [each for each in known if each not in negated]
    something = any(each.kind != "yes_no" for each in stated)
    correcting = set_phrase is None and intents.corrects(normal.text, negated=bool(negated), something=something)
    unknown = _unknown(normal, known, cues, set_phrase)
    ranked = intents.rank(
        normal.text, cues, stated, asked, correcting=correcting, set_phrase=set_phrase, clear=not unknown
    )
    if set_phrase is None:
        likely = the_model().likelihoods(_grams(normal.text, known, cues))
        ranked = weigh(ranked, likely, asked, no_plain_yes=intents.no_plain_yes(normal.text, ranked))
    ranked = intents.waiting(normal.text, ranked, stated, asked, plainly=decision is Decision.WAIT)
    shifting = asked.kind == AskedKind.YES_NO and decision is None and intents.shifts(normal.text, ranked, stated)
    if shifting:
        ranked = intents.correction(ranked)
        stated = [each for each in stated if each.kind not in ("duration", "yes_no")]
        unknown = ()
    if (
        ranked[0].name not in _PLAINLY or ranked[0].confidence < _PLAIN_YES
    ):  # a yes that says more than yes must never pass for one
        stated = [each for each in stated if each.kind != "yes_no" or each.value is False]
    return Understanding(
        text=text,
        normal=normal.text,
        lang=spoken,
        intents=ranked,
        entities=tuple(_told(each, normal) for each in _once(sorted(stated, key=lambda each: each[:2]))),
        negated=tuple(_told(each, normal) for each in negated),
        corrects=correcting or shifting,
        unknown=unknown,
        impossible=tuple(_told(each, normal).text for each in found if each.value == when.IMPOSSIBLE),
    )


def _once(found: list[Found]) -> list[Found]:
    """What is named twice over is told once: 足疗 and 捏脚 are one service."""
    told = {(each.kind, each.value): each for each in reversed(found) if each.kind in _NAMED_ONCE}
    return [each for each in found if each.kind not in _NAMED_ONCE or told[each.kind, each.value] is each]


_NAMED_ONCE = frozenset(("service", "technician", "option", "region", "sex", "anyone"))


def _told(found: Found, normal: Normal) -> Entity:
    start, end = normal.span(found.start, found.end)
    value = found.value
    return Entity(
        found.kind, normal.original[start:end], start, end, normal.original[start:end] if value == _WORDS else value
    )


_NEVER_DENIED = frozenset(("yes_no", "sex", "anyone", "order_code"))
_WORDS = "\0words"  # the value is the words themselves


def seen_by_model(text: str, *, lang: str, zone: str, now: datetime, lexicon: Lexicon) -> set[str]:
    """The n-grams and hints of a message with nothing asked, as the model is given them."""
    normal = normalise(text)
    scene = _Scene(normal, detect_language(text, lang), zone, now, lexicon, _NOTHING_ASKED)
    cues = intents.cued(normal.text)
    found = _find(scene, intents.whole(normal.text), cues)
    return _grams(normal.text, [each for each in found if each.value not in ("", when.IMPOSSIBLE)], cues)


def _grams(text: str, found: list[Found], cues: list[Cue]) -> set[str]:
    put = signed(text, found)
    grams = features(put) | features(text) if put != text else features(text)
    named = set(noticed(text))
    named.update([f"@{each.kind}" for each in found if each.kind != "yes_no"])
    grams.update(named)
    grams.update([f"#{intent}" for _, _, (intent, _) in cues])
    grams.update(notions(text, named))
    grams.update(sounds(text))
    return grams


class _Reading:
    """The text with what is already understood masked out, and what was found so far."""

    __slots__ = ("found", "left", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.left = text
        self.found: list[Found] = []

    def take(self, finds: Iterable[Found], *, hide: bool = True) -> None:
        """Keep these; hide their stretches from the readers that follow."""
        for each in finds:
            self.found.append(each)
            if hide:
                self.left = mask(self.left, each.start, each.end)


class _Scene(NamedTuple):
    """What is known besides the folded words."""

    normal: Normal
    lang: str
    zone: str
    now: datetime
    lexicon: Lexicon
    asked: Asked


def _find(scene: _Scene, set_phrase: IntentName | None, cues: list[Cue]) -> list[Found]:
    text = scene.normal.text
    reading = _Reading(text)
    _exact(reading, scene)
    known = _named(reading, scene.lexicon, scene.normal)
    _times(reading, known, scene)
    answer = intents.yes_no(text, set_phrase)
    command = set_phrase is not None or any(
        intent in _COMMANDS and weight > 0.9 and end - start >= len(_POLITE.sub("", text).strip(" ,.!?吧的了")) - 3
        for start, end, (intent, weight) in cues
    )
    _people_and_places(reading, known, scene.asked, command=command, question=intents.is_question(text))
    if answer is not None:
        reading.found.append(answer)
    return [each._replace(value=_WORDS) if each.kind in ("address", "name") else each for each in reading.found]


_POLITE = re.compile(r"\b(?:please|pls|plz|then|thanks|thank you)\b")
_PLACE_ALONE = frozenset(("when", "technician", "service", "option", "phone", "choice", "yes_no"))
"""Where these are asked, 公司 alone says where to come."""
_COMMANDS = frozenset(IntentName) - {IntentName.GIVE_ADDRESS, IntentName.GIVE_NAME, IntentName.BOOK, IntentName.CORRECT}


def _exact(reading: _Reading, scene: _Scene) -> None:
    """Readers that cannot be mistaken: phones, codes, numbers of technicians, streets, money, stars, ordinals."""
    text, chinese = reading.text, not reading.text.isascii()
    digits = any(char in _DIGITS for char in text)
    if len(text) > 6 and (digits or chinese or people.SPELT.search(text)):
        reading.take(people.phones(reading.left, people.region_of(scene.zone, scene.lang)))
    if len(text) >= 6 and (digits or "code" in text or "order" in text or chinese):
        reading.take(answers.order_codes(reading.left, scene.normal))
    reading.take(
        people.introduced(reading.left, scene.asked, phone=any(each.kind == "phone" for each in reading.found))
    )
    reading.take(people.numbered_technicians(reading.left, scene.lexicon, scene.asked))
    if digits and scene.lang == Lang.EN:
        reading.take(places.street_addresses(reading.left))
    currency = "GBP" if scene.zone == "Europe/London" else "CNY"
    reading.take(criteria(reading.left, scene.asked, currency))  # before stars, prices and times: 4.8 is no date
    reading.take(earliest(reading.left), hide=False)
    reading.take(answers.money(reading.left, currency))
    reading.take(answers.stars(reading.left, scene.asked), hide=scene.asked.kind != "stars")
    counted = list(counts.counts(reading.left, scene.asked))
    reading.take(counted, hide=scene.asked.kind == "quantity")  # else an option may have the number in its name
    left = reading.left
    for each in counted:
        left = mask(left, each.start, each.end)
    reading.take(answers.ordinals(left, scene.asked))


def _named(reading: _Reading, lexicon: Lexicon, normal: Normal) -> list[Found]:
    """Names of the trade; places and regions stay readable, an address is made of them."""
    named = [
        Found(start, end, *bearer)
        for start, end, ids in lexicon.named(reading.left)
        for bearer in ids
        if not (bearer[0] == "technician" and _is_a_day(normal, start, end))
    ]
    named = [each for each in named if not (each.kind == "option" and _LENGTH.fullmatch(reading.text, *each[:2]))]
    reading.take(each for each in named if each.kind in ("service", "technician"))
    reading.take((each for each in named if each.kind in ("option", "region")), hide=False)
    return [each for each in named if each.kind in ("place", "region")]


_DAYS_TOO = frozenset(("sun", "mon", "sat", "may", "june", "april", "august"))
_OF_A_DAY = re.compile(r"\b(?:on|this|next|every|by|until|till|from|first|mid)\s+$")
_THEN_AN_HOUR = re.compile(r",?\s*(?:at\s+)?(?:[0-9]|noon|morning|afternoon|evening|night|eve\b|pm\b|am\b)")


def _is_a_day(normal: Normal, start: int, end: int) -> bool:
    """Whether a name that is a day's or month's too is meant as one: "sun 4pm"; a person's is written Sun."""
    if normal.text[start:end] not in _DAYS_TOO:
        return False
    if not normal.original[slice(*normal.span(start, end))][:1].isupper():
        return True
    return _OF_A_DAY.search(normal.text, 0, start) is not None or _THEN_AN_HOUR.match(normal.text, end) is not None


_LENGTH = re.compile(r"[0-9]+ ?(?:分钟?|个?小时|个?钟头?|mins?|minutes?|hours?|hrs?)")
"""90 分钟 is no option of its own, whoever bears it: the duration says it."""


_WAIT = re.compile(r"(?:再|先)?(?:等一?[等下会]儿?|稍等)")
"""Somebody who answers a yes-or-no question with "wait a moment" names no time."""
_HOUSE = re.compile(r"(?:(?<=[弄院栋]\s)|(?<=[路街巷弄道里嘴园苑城厦村庄寓楼座段院区附甲乙丙丁]))[0-9]{1,4}号")
_HOUSE_ASKED = re.compile(
    r"(?<=[\u4e00-\u9fff])(?<![月个天到在是约改定成])[0-9]{1,4}号(?!\s*(?:[上下中]午|早|晚|[0-9]+[点:]))"
)
"""1号 in 陆家嘴1号 is a house and no day; where an address was asked, after nearly any word."""


def _times(reading: _Reading, known: list[Found], scene: _Scene) -> None:
    text = reading.left
    for each in known:
        text = mask(text, each.start, each.end)
    for house in (_HOUSE_ASKED if scene.asked.kind == "address" else _HOUSE).finditer(text):
        text = mask(text, house.start(), house.end())
    if scene.asked.kind == "yes_no":
        text = _WAIT.sub(lambda found: MASK * len(found[0]), text)
    moment = when.moment_of(scene.now, scene.zone, asked=scene.asked.kind == "when", lang=scene.lang)
    length = answers.bare_minutes(text) if scene.asked.kind == "option" else None
    if length is not None:
        reading.take([length])
        return
    for time in when.find(text, moment):
        kind = "duration" if isinstance(time.value, int) else "when"
        reading.found.append(Found(time.start, time.end, kind, time.value))
        for start, end in time.pieces:
            reading.left = mask(reading.left, start, end)


def _people_and_places(reading: _Reading, known: list[Found], asked: Asked, *, command: bool, question: bool) -> None:
    if not any(each.kind == "technician" for each in reading.found):
        reading.take(people.of_last_time(reading.left))
    reading.take(people.sexes(reading.left))
    reading.take(people.anyone(reading.left, asked))
    reading.take(answers.languages(reading.left))
    address_asked = asked.kind == "address"
    if address_asked and {each.kind for each in reading.found} <= {"address", "region"}:
        reading.found = [each for each in reading.found if each.kind != "address"]
        reading.left = reading.text
    reading.take(places.place_names(reading.left, alone=address_asked or asked.kind in _PLACE_ALONE))
    if command or MASK * len(reading.left) == reading.left:
        return
    free = address_asked and not question
    places_known = [(each.start, each.end) for each in known]
    if not any(each.kind == "address" for each in reading.found):
        named = [(each.start, each.end) for each in known if each.kind == "place"]
        reading.take(places.addresses(reading.left, places_known, named, asked_address=free))
    if not any(each.kind == "name" for each in reading.found):
        reading.take(people.names(reading.left, asked))


def _negated(text: str, known: list[Found]) -> list[Found]:
    """What the words say no to; an excuse says no to a time only where another one is named."""
    several = sum(each.kind == "when" for each in known) > 1
    return [
        each
        for each in known
        if each.kind not in _NEVER_DENIED
        and (_denied(text, each) or (several and each.kind == "when" and _EXCUSE.match(text, each.end) is not None))
    ]


def _denied(text: str, found: Found) -> bool:
    if _DENIED_BEFORE.search(text, max(0, found.start - 16), found.start):
        return True
    return _DENIED_AFTER.match(text, found.end) is not None


def denied(before: str, after: str) -> bool:
    """Whether the words around something say no to it: not ..., ... does not suit."""
    before, after = normalise(before[-32:]).text, normalise(after[:32]).text
    return _DENIED_BEFORE.search(before) is not None or _DENIED_AFTER.match(after) is not None


def _unknown(
    normal: Normal,
    found: list[Found],
    cues: list[Cue],
    set_phrase: IntentName | None,
) -> tuple[str, ...]:
    """The stretches of the original nobody made sense of."""
    if set_phrase is not None:
        return ()
    left = normal.text
    covered = [(each.start, each.end) for each in found] + [(start, end) for start, end, _ in cues]
    for start, end in covered:
        left = mask(left, start, end)
    stretches: list[str] = []
    reach = 0
    for filler in (*_FILLER.finditer(left), None):
        start, end = reach, filler.start() if filler is not None else len(left)
        if end > start and (end - start > 1 or is_han(left[start])):
            first, last = normal.span(start, end)
            stretches.append(normal.original[first:last])
        reach = filler.end() if filler is not None else end
    return tuple(stretches)
