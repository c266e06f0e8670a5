"""Weaker meanings step back before stronger ones: "cancel my booking" books nothing."""

from collections.abc import Mapping

from nlu.found import Found
from nlu.names import LAST_TIME
from nlu.names import IntentName as I
from nlu.understanding import Asked

SMALL_TALK = frozenset((I.GREET, I.THANK, I.GOODBYE))
"""Gives way to whatever else the message says."""
STRONG = 0.9
"""Confidence from which an intent is what the message is about."""
_NONE: frozenset[I] = frozenset()
_NOT_A_BOOKING = frozenset(
    (
        I.HUMAN,
        I.REFUND,
        I.PAY,
        I.INCOME,
        I.WITHDRAW,
        I.MY_DAY,
        I.MY_WEEK,
        I.MY_ROTA,
        I.CHANGE_ROTA,
        I.OFFERS,
        I.ERASE_ME,
        I.LANGUAGE,
        I.BACK,
        I.EMERGENCY,
        I.REPEAT,
        I.MORE,
        I.WHERE_IS_TECHNICIAN,
    )
)
_OWN_TIME = frozenset((I.OFF_DUTY, I.ON_DUTY, I.LEAVE, I.END_LEAVE))
# Once sure, an intent explains the words of these others away.
_STEPS_BACK: Mapping[I, frozenset[I]] = {
    I.CANCEL: frozenset((I.BOOK, I.ORDER_STATUS, I.CHOOSE, I.DENY, I.GIVE_TIME)),
    I.RESCHEDULE: frozenset((I.BOOK, I.ORDER_STATUS, I.CORRECT, I.GIVE_TIME, I.PAY)),
    I.REFUND: frozenset((I.CANCEL, I.ORDER_STATUS, I.PAY, I.COMPLAIN)),
    I.ASK_PRICE: frozenset((I.BOOK, I.CHOOSE, I.ASK_SERVICE, I.ASK_AVAILABILITY, I.PAY, I.ASK_TECHNICIAN)),
    I.ASK_POLICY: frozenset((I.CANCEL, I.PAY, I.ASK_SERVICE, I.REFUND, I.RESCHEDULE, I.ASK_AVAILABILITY, I.BOOK)),
    I.REBOOK: frozenset((I.BOOK, I.CHOOSE, I.GIVE_ADDRESS, I.REPEAT)),
    I.ORDER_STATUS: frozenset((I.BOOK,)),
    I.REVIEW: frozenset((I.BOOK, I.CHOOSE)),
    I.CHANGE_TECHNICIAN: frozenset((I.BOOK, I.CHOOSE, I.CORRECT)),
    I.APPLY_TECHNICIAN: frozenset((I.BOOK, I.CHOOSE)),
    I.RECOMMEND: frozenset((I.BOOK, I.CHOOSE, I.ASK_SERVICE)),
    I.BROWSE_SERVICES: frozenset((I.BOOK, I.CHOOSE, I.HELP)),
    I.BROWSE_TECHNICIANS: frozenset((I.BOOK, I.CHOOSE, I.ASK_AVAILABILITY)),
    I.ASK_TECHNICIAN: frozenset((I.BOOK, I.CHOOSE)),
    I.ASK_SERVICE: frozenset((I.CHOOSE, I.BOOK)),
    I.WHERE_IS_TECHNICIAN: frozenset((I.ASK_TECHNICIAN, I.CHOOSE, I.ASK_AVAILABILITY, I.GIVE_TIME)),
    I.MY_DAY: frozenset((I.ORDER_STATUS, I.GIVE_TIME, I.ASK_AVAILABILITY)),
    I.MY_WEEK: frozenset((I.MY_DAY, I.ORDER_STATUS, I.GIVE_TIME, I.ASK_AVAILABILITY)),
    I.MY_ROTA: frozenset((I.MY_DAY, I.GIVE_TIME, I.ASK_AVAILABILITY)),
    I.CHANGE_ROTA: frozenset((I.MY_ROTA, I.CORRECT, I.GIVE_TIME, I.ASK_AVAILABILITY, I.LEAVE, I.RESCHEDULE)),
    I.OFFERS: frozenset((I.MORE, I.ORDER_STATUS)),
    I.ACCEPT: frozenset((I.ORDER_STATUS,)),
    I.REFUSE: frozenset((I.ORDER_STATUS, I.ACCEPT)),
    I.INCOME: frozenset((I.ASK_PRICE, I.GIVE_TIME)),
    I.OFF_DUTY: frozenset((I.GIVE_TIME, I.ASK_AVAILABILITY)),
    I.ON_DUTY: frozenset((I.GIVE_TIME, I.GIVE_ADDRESS, I.APPLY_TECHNICIAN)),
    I.LEAVE: frozenset((I.GIVE_TIME, I.ASK_AVAILABILITY, I.MY_DAY)),
    I.END_LEAVE: frozenset((I.LEAVE, I.CANCEL, I.GIVE_TIME, I.ASK_AVAILABILITY)),
    I.BOOK: frozenset((I.CHOOSE, I.GIVE_TIME, I.GIVE_ADDRESS)),
    I.HELP: frozenset((I.BOOK,)),
    I.EMERGENCY: frozenset((I.COMPLAIN, I.HELP, I.CANCEL, I.HUMAN)),
    I.COMPLAIN: frozenset((I.REVIEW, I.WHERE_IS_TECHNICIAN, I.BOOK, I.CHOOSE)),
    I.LANGUAGE: frozenset((I.CORRECT,)),
}


def settle(scores: dict[I, float], entities: Mapping[str, Found], asked: Asked) -> None:
    """Lower the scores of what the stronger meanings explain, in place."""
    if any(score >= 0.6 for intent, score in scores.items() if intent not in SMALL_TALK):
        for intent in SMALL_TALK & scores.keys():
            scores[intent] = 0.3
    if I.COMPLAIN in scores and I.REFUND in scores:
        scores[I.REFUND] = 0.96
    for intent in _OWN_TIME & scores.keys() if {"service", "technician"} & entities.keys() else ():
        scores[intent] = 0.4  # 我周五请假在家，想约个按摩; 王师傅休假吗: a customer talks
    _of_money(scores)
    if I.REBOOK in scores and _one_thing_of_last_time(entities, asked):
        scores[I.REBOOK] = 0.6
    if I.BOOK in scores and any(scores.get(intent, 0.0) >= STRONG for intent in _NOT_A_BOOKING):
        scores[I.BOOK] = min(scores[I.BOOK], 0.6)
    for strong in [intent for intent, score in scores.items() if score >= 0.84]:
        for weak in _STEPS_BACK.get(strong, _NONE) & scores.keys():
            scores[weak] = min(scores[weak], 0.6)
    if I.LANGUAGE in scores and "language" not in entities and len(scores) > 1:
        scores[I.LANGUAGE] = 0.5
    elif "language" in entities and len(scores) == 0:
        scores[I.LANGUAGE] = 0.9


def _of_money(scores: dict[I, float]) -> None:
    """Tell a technician's earnings from a customer's money back."""
    if I.REFUND in scores and I.WITHDRAW in scores:
        scores[I.WITHDRAW] = 0.5  # "get my money back" is a customer's
    if I.PAY in scores and I.WITHDRAW in scores:
        scores[I.PAY] = 0.5


def _one_thing_of_last_time(entities: Mapping[str, Found], asked: Asked) -> bool:
    """还是上次那个师傅, the usual place: one thing of it; with nothing begun the person stands for the visit."""
    person = entities.get("technician")
    alone = asked.kind is None and "service" not in entities
    if person is not None and not (person.value == LAST_TIME and alone):
        return True
    return "place_name" in entities
