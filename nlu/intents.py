# ruff: noqa: E501 - one expression to a line
"""What the person wants: cues and entities weighed together. Certain rules first, guesses say that they are guesses."""

import re
from collections.abc import Iterable, Mapping

from nlu.criteria import CRITERIA
from nlu.cues import CUES, WHOLE
from nlu.decisions import Decision, decided, opening_yes
from nlu.found import Found
from nlu.names import IntentName as I
from nlu.noticing import ASKS, CORRECTS, KEEPS, WAVERS, noticed
from nlu.settling import SMALL_TALK, STRONG, settle
from nlu.shifts import a_bit_later, shift_said, the_same_hour
from nlu.text import MASK
from nlu.understanding import Asked, Intent

_WHO_CAN = re.compile(
    r"会(?:做|按|修|洗|弄|装|通|打扫).{1,16}(?:的|师傅|技师|阿姨|老师|人)|(?:能|可以)(?:做|按|修|洗|装|通).{1,16}的(?:师傅|技师|阿姨|老师|人)"
    r"|\b(?:who (?:can |could )?(?:do|does|offers?)|(?:therapists?|technicians?|someone|anyone|people) (?:who|that|for))\b"
)
_OF_PEOPLE = re.compile(
    r"师傅|技师|阿姨|老师|按摩师|美容师|\b(?:therapists?|technicians?|beauticians?|cleaners?|masseuses?|staff|someone|anyone)\b"
)
_BOOKED = re.compile(r"订单|预约|[那个][单]|\b(?:booking|appointment|order|reservation)\b")
_SWAPS = re.compile(r"换|改|change|switch|swap|different|another")
_LEADING_NO = re.compile(
    r"(?:不用|不了|不对|不(?:要|行|是|好|可以)?(?:[,.!\s吧啊呀了]|$)|没有|no\b(?! (?:preference|problem|idea|worries|one|more than))(?!\.\s?[0-9])|nope\b|nah\b)"
)
_TRIM = " ,.!~^…\"'"
_PARTICLES = re.compile(
    r"(?:[吧啊呀哦呢哈嘛啦喽咯噢哟嗯]|一下|谢谢|谢啦|多谢|拜托|please|pls|plz|thanks|thank you|ty|mate|dear)[\s,.!~]*$"
)
_PARTS = re.compile(r"[,.!]+")
_POLITE = re.compile(
    r"^(?:请问?|麻烦你?|劳驾|那就?|我想?要?|帮我|给我|i want to|i'?d like to|i would like to|can you|could you|please|pls|ok so|just|um+|well)[\s,]*(?=.)"
)

_GIVES: Mapping[str, I] = {"when": I.GIVE_TIME, "address": I.GIVE_ADDRESS, "place_name": I.GIVE_ADDRESS, "phone": I.GIVE_PHONE,
                           "name": I.GIVE_NAME, "stars": I.REVIEW, "ordinal": I.CHOOSE}  # fmt: skip
_ANSWERS: Mapping[str, tuple[str, ...]] = {
    "when": ("when",), "address": ("address", "place_name", "region"), "phone": ("phone",), "name": ("name",), "stars": ("stars",),
}  # fmt: skip
_CHOSEN = frozenset(
    ("technician", "option", "duration", "sex", "anyone", "region", "service", "quantity", "more_of_it")
)
# Accept and refuse are a technician's words for an offer; from everybody else they are a plain yes or no.
_YES, _NO = frozenset((I.AFFIRM, I.ACCEPT)), frozenset((I.DENY, I.REFUSE))
# Too little to act upon: a yes that commits must be said alone.
MIXED_YES = 0.4
_PLAIN = 0.9
STILL_THINKING = 0.9
"""How sure a wait is, as a wish to leave things as they are: so sure that nothing is let go of."""
_CORRECTION = 0.95
_CLEARLY = 0.75
_GIVES_WAY_TO_A_SHIFT = (
    I.AFFIRM, I.DENY, I.CORRECT, I.RESCHEDULE, I.CHOOSE, I.GIVE_TIME, I.ASK_AVAILABILITY, I.MORE, I.GOODBYE, I.BOOK, I.KEEP,
    I.REBOOK, I.OUT_OF_SCOPE, I.THANK,
)  # fmt: skip
_WAITS_BESIDE = (I.AFFIRM, I.KEEP, I.OUT_OF_SCOPE)
_HARDLY = 0.05
"""What else a set phrase could mean."""
_DAY_OFF = re.compile(
    r"(?:周|星期|礼拜)[一二三四五六日天末]?.{0,6}(?:休息|不上班|不接单|放假)|休(?:周|星期|礼拜)"
    r"|\b(?:mon|tue|wed|thu|fri|sat|sun|week)[a-z]*.{0,12}\boff\b|\boff (?:on )?(?:mon|tue|wed|thu|fri|sat|sun)"
)
_WHERE = re.compile(
    r"^(?:(?:so|hey|hi|hello|and|but|ok)[, ]+)?where(?:'?s|'?re| is| are| has)\b(?!.*\b(?:from|based|live|qualified|trained)\b)"
)
_OFFER_TAKEN = re.compile(r"^我?接(?!不)|\b(?:accept|take)\b")
_OFFER_REFUSED = re.compile(r"不接|接不了|拒|\b(?:refuse|decline|reject|turn down)\b")


def only_an_order(text: str) -> bool:
    """Tell whether the text is an order's code and the word for it, and nothing more."""
    return _ONLY_AN_ORDER.fullmatch(text) is not None


_ONLY_AN_ORDER = re.compile(
    r"\s*(?:我的|my |the )?(?:订单|訂單|单号|單號|order|booking)(?:号|號| number| no\.?)?[\s:：#]*[2-9a-hjkmnp-z]{6}[\s。.!！?？]*",
    re.IGNORECASE,
)


def whole(text: str) -> I | None:
    """The intent of a message that is nothing but a set phrase, polite words and particles aside."""
    bare = text.strip(_TRIM)
    parts = {WHOLE.get(_PARTICLES.sub("", part.strip(_TRIM)).strip(_TRIM)) for part in _PARTS.split(bare)}
    if len(parts - {I.THANK}) == 1 and parts <= {I.AFFIRM, I.DENY, I.THANK}:
        return I.DENY if I.DENY in parts else I.AFFIRM  # 可以，下单吧
    for _ in range(4):
        if bare in WHOLE:
            return WHOLE[bare]
        shorter = _POLITE.sub("", _PARTICLES.sub("", bare)).strip(_TRIM)
        if shorter == bare or not shorter:
            return None
        bare = shorter
    return WHOLE.get(bare)


_ASKS_BACK = re.compile(r"(?:没错|没问题|没毛病|对|是)吧")


def plain_yes(text: str) -> bool:
    """Whether a folded text is a yes and nothing besides, by its very words: what is only likely to be one is not."""
    return (decided(text) is Decision.YES or whole(text) in _YES) and _ASKS_BACK.search(text) is None


def cued(text: str) -> list[tuple[int, int, tuple[I, float]]]:
    """The telling words of a folded text: [start, end, (intent, how sure)]."""
    return CUES.find(text)


def no_plain_yes(text: str, rules: Iterable[Intent]) -> float | None:
    """The most a yes may count for in a message whose yes says more than yes, or wavers; None for any other message."""
    mixed = any(each.name == I.AFFIRM and each.confidence <= MIXED_YES for each in rules)
    return MIXED_YES if mixed or WAVERS in noticed(text) else None


def waiting(
    text: str, ranked: tuple[Intent, ...], found: Iterable[Found], asked: Asked, *, plainly: bool
) -> tuple[Intent, ...]:
    """Put first that somebody who is asked for a yes is still thinking, where they say that and nothing else."""
    signs = noticed(text)
    bare = WAVERS in signs and ASKS not in signs and all(each.kind == "yes_no" for each in found)
    if not plainly and (asked.kind != "yes_no" or not bare or ranked[0].name not in _WAITS_BESIDE):
        return ranked
    others = (Intent(each.name, min(each.confidence, 1 - STILL_THINKING)) for each in ranked if each.name != I.KEEP)
    return (Intent(I.KEEP.value, STILL_THINKING), *others)


def shifts(text: str, ranked: tuple[Intent, ...], found: Iterable[Found]) -> bool:
    """Whether the time shown is to move: 晚两个小时, yes but later, same time on Monday; asked about rules it is not."""
    best = ranked[0]
    if best.name not in _GIVES_WAY_TO_A_SHIFT and best.confidence >= _CLEARLY:
        return False
    timed = any(each.kind == "when" for each in found)
    if timed:
        return the_same_hour(text)
    return shift_said(text) is not None or a_bit_later(text, asked=True) is not None


def correction(ranked: tuple[Intent, ...]) -> tuple[Intent, ...]:
    """Put first that a detail is to change."""
    return (
        Intent(I.CORRECT.value, _CORRECTION),
        *(Intent(each.name, min(each.confidence, 1 - _CORRECTION)) for each in ranked if each.name != I.CORRECT),
    )


def is_question(text: str) -> bool:
    """Whether it asks rather than tells."""
    return ASKS in noticed(text)


def corrects(text: str, *, negated: bool, something: bool) -> bool:
    """Whether it takes back or replaces something said before."""
    if negated:
        return True
    return CORRECTS in noticed(text) and (something or _SWAPS.search(text) is not None)


def yes_no(text: str, set_phrase: I | None) -> Found | None:
    """A yes or a no that the message begins with or consists of."""
    if set_phrase in _YES or set_phrase in _NO:
        return Found(0, len(text), "yes_no", set_phrase in _YES)
    start = len(text) - len(text.lstrip(_TRIM))
    end = opening_yes(text, start)
    if end is not None:
        return Found(start, end, "yes_no", value=True)
    match = _LEADING_NO.match(text, start)
    return None if match is None else Found(start, match.end(), "yes_no", value=False)


def rank(
    text: str,
    cues: Iterable[tuple[int, int, tuple[I, float]]],
    found: Iterable[Found],
    asked: Asked,
    *,
    correcting: bool,
    set_phrase: I | None,
    clear: bool,
) -> tuple[Intent, ...]:
    """All intents worth considering, the likeliest first; out_of_scope when there is none."""
    scores: dict[I, float] = {}
    for _, _, (intent, weight) in cues:
        scores[intent] = max(scores.get(intent, 0.0), weight)
    entities = {each.kind: each for each in found}
    if set_phrase is not None:
        scores[set_phrase] = 0.98
    _by_entities(scores, entities, asked, text, clear=clear)
    if correcting:
        _corrected(scores, entities, text)
    _yes_or_no(scores, entities, clear=clear, question=is_question(text))
    if set_phrase is None and (asked.kind == "yes_no" or (asked.kind and not entities)) and WAVERS in noticed(text):
        scores.pop(I.AFFIRM, None)
        _raise(scores, I.KEEP, 0.9)
    if set_phrase is None and I.CANCEL in scores and KEEPS in noticed(text):
        del scores[I.CANCEL]
        _raise(scores, I.KEEP, 0.96)
    _about_oneself(scores, entities, asked, text)
    _browsing(scores, entities, asked, text)
    settle(scores, entities, asked)
    if set_phrase is not None and asked.kind is None:
        for intent in scores.keys() - {set_phrase}:
            scores[intent] = min(scores[intent], _HARDLY)
    if set_phrase in (I.ACCEPT, I.REFUSE):
        scores[I.AFFIRM if set_phrase is I.ACCEPT else I.DENY] = _PLAIN
    if not scores:
        return (Intent(I.OUT_OF_SCOPE.value, _lostness(text)),)
    ranked = sorted(scores.items(), key=lambda item: -item[1])
    return tuple(Intent(intent.value, round(score, 3)) for intent, score in ranked)


def _raise(scores: dict[I, float], intent: I, score: float) -> None:
    scores[intent] = max(scores.get(intent, 0.0), score)


def _by_entities(
    scores: dict[I, float], entities: Mapping[str, Found], asked: Asked, text: str, *, clear: bool
) -> None:
    """What the things named suggest: strongly when they were asked for, well when the message says nothing else."""
    question = is_question(text)
    volunteered = 0.92 if clear and not question else 0.72
    answers = _ANSWERS.get(asked.kind or "", ())
    for kind, intent in _GIVES.items():
        if kind in entities:
            _raise(scores, intent, 0.96 if kind in answers or (kind == "ordinal" and asked.choices) else volunteered)
    if "region" in entities and asked.kind in ("address", "region"):
        _raise(scores, I.GIVE_ADDRESS if asked.kind == "address" else I.CHOOSE, 0.94)
    if _CHOSEN & entities.keys():
        wanted = (
            (asked.kind in entities and asked.kind != "service")
            or (asked.kind == "option" and "duration" in entities)
            or (asked.kind in ("technician", "sex") and bool({"anyone", "sex", "technician"} & entities.keys()))
        )
        _raise(scores, I.CHOOSE, 0.94 if wanted else volunteered - 0.04)
    if "when" in entities and asked.kind != "when" and _DAY_OFF.search(text):
        _raise(scores, I.LEAVE, 0.8)
        _raise(scores, I.GIVE_TIME, 0.76)
    if "technician" in entities and _WHERE.search(text):
        _raise(scores, I.WHERE_IS_TECHNICIAN, 0.97)
    if "order_code" in entities:
        _raise(scores, I.ORDER_STATUS, 0.75)
        if _OFFER_REFUSED.search(text):
            _raise(scores, I.REFUSE, 0.96)
        elif _OFFER_TAKEN.search(text):
            _raise(scores, I.ACCEPT, 0.96)
    if "service" in entities:
        _raise(scores, I.BOOK, 0.94 if asked.kind == "service" else 0.85 if "when" in entities or not question else 0.6)
    if question:
        _questions(scores, entities, clear=clear or asked.kind == "when")


def _about_oneself(scores: dict[I, float], entities: Mapping[str, Found], asked: Asked, text: str) -> None:
    """Change my phone: in the middle of a question that of the visit, out of nothing the one that is kept."""
    if asked.kind is None:
        if I.CORRECT in scores and _ADDRESS.search(text) and "address" not in entities:
            _raise(scores, I.MY_ADDRESSES, 0.96)
    elif {I.SET_NAME, I.SET_PHONE} & scores.keys():
        _raise(scores, I.CORRECT, 0.95)
        for intent in {I.SET_NAME, I.SET_PHONE} & scores.keys():
            scores[intent] = 0.6
    if I.MY_ADDRESSES in scores and ("address" in entities or asked.kind == "address"):
        scores[I.MY_ADDRESSES] = 0.4  # 我的地址是…: it is being told


_ADDRESS = re.compile(r"地址|\baddress")


def _browsing(scores: dict[I, float], entities: Mapping[str, Found], asked: Asked, text: str) -> None:
    """Wishes without a booking's words: whom or what one would like to see; where something is asked, a choice."""
    wishes, told = CRITERIA & entities.keys(), entities.keys()
    if wishes and I.ASK_TECHNICIAN in scores:
        scores[I.ASK_TECHNICIAN] = 0.6
    if asked.kind is not None:
        if wishes:
            _raise(scores, I.CHOOSE, 0.94 if asked.kind == "technician" else 0.88)
        return
    if scores.get(I.BOOK, 0.0) >= STRONG or _BEGUN & told or scores.keys() & _ELSEWHERE:
        return
    if wishes - {"price_most"} or (wishes and _OF_PEOPLE.search(text)):
        _raise(scores, I.BROWSE_TECHNICIANS, 0.9)
    elif wishes:
        _raise(scores, I.BROWSE_SERVICES, 0.9)
    elif "service" in told and _WHO_CAN.search(text):
        _raise(scores, I.BROWSE_TECHNICIANS, 0.9)
    elif {"sex", "region"} & told and "service" not in told:
        _raise(scores, I.BROWSE_TECHNICIANS, 0.89)


_BEGUN = frozenset(("when", "address", "place_name", "technician", "order_code", "phone"))
_ELSEWHERE = frozenset((I.CHANGE_TECHNICIAN, I.ASK_POLICY, I.ORDER_STATUS, I.WHERE_IS_TECHNICIAN, I.CANCEL, I.COMPLAIN))


def _questions(scores: dict[I, float], entities: Mapping[str, Found], *, clear: bool) -> None:
    if not (clear or scores.keys() - {I.GIVE_TIME} or entities.keys() - {"when", "yes_no"}):
        if "when" in entities:  # 今天天气怎么样
            scores[I.OUT_OF_SCOPE], scores[I.GIVE_TIME], scores[I.ASK_AVAILABILITY] = 0.55, 0.45, 0.4
        return
    if I.ORDER_STATUS in scores:
        _raise(scores, I.WHERE_IS_TECHNICIAN, 0.7)
    if "sex" in entities:
        _raise(scores, I.BROWSE_TECHNICIANS, 0.8)
    if "technician" in entities:
        _raise(scores, I.ASK_TECHNICIAN, 0.75)
        if "when" in entities:
            _raise(scores, I.ASK_AVAILABILITY, 0.84)
    elif "when" in entities:
        _raise(scores, I.ASK_AVAILABILITY, 0.84 if I.BOOK not in scores or scores[I.BOOK] < STRONG else 0.7)
    elif "service" in entities:
        _raise(scores, I.ASK_SERVICE, 0.7)


def _corrected(scores: dict[I, float], entities: Mapping[str, Found], text: str) -> None:
    told = max((score for intent, score in scores.items() if intent not in _CORRECTABLE), default=0.0)
    if told < 0.93:
        _raise(scores, I.CORRECT, 0.95)
        for intent in _CORRECTABLE - {I.CORRECT}:
            if scores.get(intent, 0.0) > 0.8:
                scores[intent] = 0.8
    if "order_code" in entities or _BOOKED.search(text):
        if "when" in entities:
            _raise(scores, I.RESCHEDULE, 0.97)
    elif "when" in entities:
        _raise(scores, I.RESCHEDULE, 0.55)
    if _SWAPS.search(text) and {"sex", "technician"} & entities.keys() and "when" not in entities:
        _raise(scores, I.CHANGE_TECHNICIAN, 0.96 if I.CHANGE_TECHNICIAN in scores else 0.7)


_CORRECTABLE = frozenset(
    (
        I.GIVE_TIME,
        I.GIVE_ADDRESS,
        I.GIVE_PHONE,
        I.GIVE_NAME,
        I.CHOOSE,
        I.BOOK,
        I.AFFIRM,
        I.DENY,
        I.ASK_AVAILABILITY,
        I.CORRECT,
        I.GREET,
        I.THANK,
    )
)


def _yes_or_no(scores: dict[I, float], entities: Mapping[str, Found], *, clear: bool, question: bool) -> None:
    """A yes followed by something else is not a plain yes: 好的，改成四点. A no is still a no."""
    answer = entities.get("yes_no")
    if answer is None:
        return
    intent = I.AFFIRM if answer.value else I.DENY
    facts = len(entities.keys() - {"yes_no", "language"})
    others = question or any(score >= 0.7 for each, score in scores.items() if each not in (intent, *SMALL_TALK))
    if scores.get(intent, 0.0) >= 0.98:
        return
    mixed = MIXED_YES if answer.value else 0.5
    plain = not facts and not others and (clear or not answer.value)
    scores[intent] = mixed if not plain else 0.95 if clear else 0.7


def _lostness(text: str) -> float:
    """Nothing was understood: how sure we are that it is not our business at all."""
    return 0.4 if len(text.replace(MASK, "").strip()) < 3 else 0.6
