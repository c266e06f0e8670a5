# ruff: noqa: E501 - one expression to a line
"""One message read whole: each reader takes its stretch of the words, the rest is left for the next."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from nlu import answers, counts, intents, people, places, when
from nlu.criteria import criteria, earliest
from nlu.found import Found
from nlu.lexicon import Lexicon
from nlu.names import IntentName, Lang
from nlu.text import MASK, Normal, detect_language, is_han, mask, normalise
from nlu.understanding import Asked, Entity, Understanding

_DENIED_BEFORE = re.compile(
    r"(?:不是|不要|不想要?|别|不用|不在|不选|不约|不去|\bnot|n't want|\binstead of|\brather than)\s*(?:(?:选|约|在|要|做|on|at|the|a|for|with)\s*)*$"
)
_DENIED_AFTER = re.compile(
    r"\s*(?:的话|是|那天|我)?(?:不行|不可以|不方便|没空|没时间|来不了|去不了|太早|太晚|太贵|不合适|不去了|有事|就?算了|不要了?|不想"
    r"|(?:is |was )?(?:too (?:early|late|expensive)|doesn't (?:work|suit)|does not work|don't work|won't work|no good|isn't good|not good|isn't possible))"
)
_FILLER = re.compile(
    r"[\s,.!?;:~()\"'…\-/▢]+|[换改我你您他她的了吗呢吧啊呀哦嘛哈在是要想就那这给帮请可以能有和跟与到来去做一个下么也都还再会让把被从对上点好嗯麻烦谢约按几们没不叫姓送怎样什谁哪多少已经只刚才行最问查选号定]+|不行|没空|师傅|技师|阿姨|订单|预约|手机号?码?|电话|号码|地址|时间|不好意思|师父"
    r"|\b(?:i|you|we|he|she|it|me|my|your|the|a|an|to|of|for|in|on|at|and|or|is|are|am|be|do|does|can|could|would|will|please|pls|just|any|some|call|with|this|that|then|so|there|have|has|i'm|i'd|it's|'s|doesn|won|isn|what|sorry|therapists?|technicians?|prefer|phone|number|sometime|plz|send|not|instead|address|fine|correct|right|good|great|works|perfect|sounds|lets|let's|go|ahead|cool|i'll|take|free|come|come to|order|booking|live|change|hello|hey|don|work|by|from|up|as|if|but|want|need|like|one|thanks|ok|hi)\b"
)
_DIGITS = frozenset("0123456789")
_PLAIN_YES = 0.9
_PLAINLY = (IntentName.AFFIRM, IntentName.ACCEPT)
_NOTHING_ASKED = Asked()

Cue = tuple[int, int, tuple[IntentName, float]]


def understand(
    text: str, *, lang: str, zone: str, now: datetime, lexicon: Lexicon, asked: Asked = _NOTHING_ASKED
) -> Understanding:
    """What the person means; now is aware UTC, times are resolved in the IANA zone. Never raises on any text."""
    normal = normalise(text)
    spoken = detect_language(text, lang)
    set_phrase = intents.whole(normal.text)
    cues = intents.cued(normal.text)
    found = _find(_Scene(normal, spoken, zone, now, lexicon, asked), set_phrase, cues)
    known = [each for each in found if each.value != ""]
    negated = [each for each in known if each.kind not in ("yes_no", "sex", "anyone") and _denied(normal.text, each)]
    stated = [each for each in known if each not in negated]
    something = any(each.kind != "yes_no" for each in stated)
    correcting = set_phrase is None and intents.corrects(normal.text, negated=bool(negated), something=something)
    unknown = _unknown(normal, known, cues, set_phrase)
    ranked = intents.rank(
        normal.text, cues, stated, asked, correcting=correcting, set_phrase=set_phrase, clear=not unknown
    )
    if (
        ranked[0].name not in _PLAINLY or ranked[0].confidence < _PLAIN_YES
    ):  # a yes that says more than yes must never pass for one
        stated = [each for each in stated if each.kind != "yes_no" or each.value is False]
    return Understanding(
        text=text,
        normal=normal.text,
        lang=spoken,
        intents=ranked,
        entities=tuple(_told(each, normal) for each in sorted(stated, key=lambda each: each[:2])),
        negated=tuple(_told(each, normal) for each in negated),
        corrects=correcting,
        unknown=unknown,
    )


def _told(found: Found, normal: Normal) -> Entity:
    start, end = normal.span(found.start, found.end)
    value = found.value
    return Entity(
        found.kind, normal.original[start:end], start, end, normal.original[start:end] if value == _WORDS else value
    )


_WORDS = "\0words"  # the value is the words themselves


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
    known = _named(reading, scene.lexicon)
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
    if len(text) > 6 and (digits or chinese):
        reading.take(people.phones(reading.left, people.region_of(scene.zone, scene.lang)))
    if len(text) >= 6 and (digits or "code" in text or "order" in text or chinese):
        reading.take(answers.order_codes(reading.left, scene.normal))
    reading.take(people.introduced(reading.left, phone=any(each.kind == "phone" for each in reading.found)))
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


def _named(reading: _Reading, lexicon: Lexicon) -> list[Found]:
    """Names of the trade; places and regions stay readable, an address is made of them."""
    named: list[Found] = []
    for start, end, ids in lexicon.phrases.find(reading.left):
        for kind, id_ in ids:
            named.append(Found(start, end, kind, id_))
    named = [each for each in named if not (each.kind == "option" and _plain_length(reading.text, each, named))]
    reading.take(each for each in named if each.kind in ("service", "technician"))
    reading.take((each for each in named if each.kind in ("option", "region")), hide=False)
    return [each for each in named if each.kind in ("place", "region")]


def _plain_length(text: str, option: Found, named: list[Found]) -> bool:
    """90 分钟 borne by many services is no option of its own: the duration says it."""
    shared = sum(other.kind == "option" and other[:2] == option[:2] for other in named)
    return shared > 1 and any(char in _DIGITS for char in text[option.start : option.end])


_WAIT = re.compile(r"(?:再|先)?(?:等一?[等下会]儿?|稍等)")
"""Somebody who answers a yes-or-no question with "wait a moment" names no time."""
_HOUSE = re.compile(r"(?<=[路街巷弄道里嘴园苑城厦村庄寓楼座])[0-9]{1,4}号")
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
    reading.take(people.names(reading.left, asked))


def _denied(text: str, found: Found) -> bool:
    if _DENIED_BEFORE.search(text, max(0, found.start - 16), found.start):
        return True
    return _DENIED_AFTER.match(text, found.end) is not None


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
