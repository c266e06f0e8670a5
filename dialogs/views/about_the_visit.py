# ruff: noqa: E501 - word tables read best by row
"""What customers say of a visit that stands, runs or is over and a person sees to: told as far as it is known."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.orders.moves import Order
from core.orders.states import SERVED, OrderState
from core.orders.views import orders_of
from dialogs.engine.actions import Look, Word, plain
from dialogs.engine.confidence import GUESS, SURE
from dialogs.engine.flow import Shown, View
from dialogs.engine.step import Step
from dialogs.flows.which_order import MOST
from dialogs.outgoing import Button
from dialogs.spotting import Spotted
from nlu import Understanding

_TO_COME = frozenset({OrderState.TO_ACCEPT, OrderState.ACCEPTED, OrderState.DEPARTED})
_RUNNING = frozenset({OrderState.IN_SERVICE})
_UNDER_WAY = _TO_COME | _RUNNING | {OrderState.ARRIVED}
_MEANS_MORE = frozenset({"cancel", "refund", "reschedule", "change_technician", "emergency", "human"})
"""Who says besides what is to be done is not told what cannot be."""


@dataclass(frozen=True, slots=True)
class Said:
    """Words about a visit in one of these states."""

    states: frozenset[OrderState]
    words: Spotted


_TOPICS: Mapping[str, Said] = {
    "private": Said(
        _UNDER_WAY | SERVED,
        Spotted(
            ("私", "微信", "转账", "付现", "现金", "cash", "directly", "privately", "wechat", "outside"),
            re.compile(
                r"私下(?:转|付|给|收|加|联系)|(?:他|她|师傅|技师|阿姨|老师)(?:让|叫|要|想)我?.{0,4}(?:加.{0,3}微信|转账|付现|给现金)"
                r"|\b(?:asked|wants|told) (?:me|us) to (?:pay|transfer|send)\b.{0,20}\b(?:cash|directly|privately|wechat|outside)\b"
                r"|\basked (?:me |us )?for cash\b"
            ),
        ),
    ),
    "lost": Said(
        SERVED,
        Spotted(
            ("落", "忘", "不见", "丢", "left", "forgot", "lost", "missing", "gone"),
            re.compile(
                r"落下|落在|落我|忘了?(?:拿|带|在)|(?<![单息钮接券分])(?<!红包)(?<!退款)(?:不见了|丢了)"
                r"|\b(?:he|she|they) (?:left|forgot)\b|\bi (?:left|lost) my\b|\bmy (?!orders?|bookings?|refund|vouchers?|coupons?|points|link)\w+ (?:is|are|has gone) (?:missing|gone)\b"
            ),
        ),
    ),
    "money": Said(
        _UNDER_WAY | SERVED,
        Spotted(
            ("扣", "多收", "收多", "charged", "overcharg", "charge "),
            re.compile(
                r"(?:多|重复|错|乱)扣|扣(?:多|错|重)|多收(?:了)?(?:我)?|收多了|\bovercharged\b|\bcharged (?:me )?(?:twice|too much|double)\b"
            ),
        ),
    ),
    "longer": Said(
        _UNDER_WAY,
        Spotted(
            ("加", "延长", "久", "多做", "多按", "extend", "prolong", "longer", "extra", "add "),
            re.compile(
                r"加(?:个|一个)?(?:钟|时长|时间)|加(?:半|一|两|\d+)(?:个)?(?:半)?(?:小时|钟头|分钟)|(?:时间|时长|服务)?延长|(?:多做|做久|按久|多按)"
                r"|\b(?:extend|prolong)\b|\b(?:go|stay|be) (?:a bit |a little )?longer\b|\b(?:add|extra) (?:another |an? )?(?:half an hour|hour|\d+ min)"
            ),
        ),
    ),
    "pressure": Said(
        _RUNNING,
        Spotted(
            ("重", "轻", "力", "疼", "痛", "hard", "soft", "gentl", "strong", "pressure", "hurts"),
            re.compile(
                r"(?:太|有点|好)(?:重|轻|疼|痛)|(?:轻|重)一?点|力(?:度|气)|\b(?:too (?:hard|soft|gentle|strong)|softer|harder|more gentle|pressure|it hurts)\b"
            ),
        ),
    ),
    "ends": Said(
        _RUNNING,
        Spotted(
            ("什么时候", "几点", "多久", "啥时候", "finish", "over", "end", "done", "left", "long", "to go"),
            re.compile(
                r"(?:什么时候|几点|多久|啥时候).{0,6}(?:结束|做完|完事|弄完|好)|还(?:要|有|得)(?:做)?多久"
                r"|\bwhen (?:does|will|is) (?:it|he|she|this|the \w+)\b.{0,12}\b(?:end|over|finish|done)|\bhow (?:much|long)\b.{0,12}\b(?:left|longer|to go)\b"
            ),
        ),
    ),
    "number": Said(
        _TO_COME | {OrderState.ARRIVED},
        Spotted(
            ("电话", "手机", "号码", "联系", "来电", "number", "call", "ring", "reach", "contact", "phone"),
            re.compile(
                r"(?:师傅|技师|他|她|阿姨|老师)的?(?:电话|手机|号码|联系方式|联系电话)(?!.{0,3}1\d{10})|(?:怎么|如何|想|要)联系(?:到|上)?(?:师傅|技师|他|她|阿姨)|(?:师傅|技师)?会?提前(?:联系|打电话|来电)"
                r"|\b(?:his|her|their|the (?:technician|therapist)'s) (?:phone |mobile )?number\b|\b(?:call|ring|reach|contact) (?:him|her|them|the (?:technician|therapist))\b"
                r"|\bwill (?:he|she|they) (?:call|ring|phone)\b"
            ),
        ),
    ),
    "text": Said(
        _TO_COME | {OrderState.ARRIVED},
        Spotted(
            (
                "门", "密码", "过敏", "备注", "地址", "师傅", "技师", "告", "提醒", "跟", "家", "洗澡", "等", "错", "楼", "电话", "手机",
                "code", "allerg", "address", "tell", "let ", "home", "shower", "door", "buzzer", "downstairs",
            ),
            re.compile(
                r"门禁|(?:门|楼|单元|大堂|大厅|入户|电梯|小区|院).{0,3}密码|过敏|备注|(?:改|换)一?下?(?:服务|上门)?地址|地址(?:要|想)?(?:改|换)|(?:告诉|转告|提醒|跟)(?:一下)?(?:师傅|技师|她|他)"
                r"|地址.{0,3}(?:写|填|给|发|输|搞|弄)?错|(?:不|没|没有|还没)(?:在|到)家|在洗澡|等(?!了|过)我?.{0,3}分钟|(?:敲|走|按|找)错(?:了)?(?:门|楼|家)|开门了|(?:我)?在楼下|(?:电话|手机)(?:是|打)?1\d{10}"
                r"|\b(?:door|gate|entry|entrance|lobby|access|building) code\b|\ballerg\w+|\b(?:change|update) (?:the|my) address\b|\bwrong (?:address|door|building|flat)\b"
                r"|\b(?:tell|let) (?:him|her|them|the technician|the therapist)\b|\b(?:not|n't) (?:at )?home\b|\bin the shower\b|\bbuzzer\b"
            ),
        ),
    ),
}  # fmt: skip
"""Topics by the text that answers them, the narrower first."""


def _found(step: Step, understood: Understanding) -> tuple[str, Order] | None:
    """Return what is spoken of, and the newest order it can be about."""
    topics = [name for name, one in _TOPICS.items() if one.words.search(understood.normal) is not None]
    if not topics:
        return None
    mine = orders_of(step.tx, step.person_id, most=MOST)
    pairs = ((name, order) for name in topics for order in mine if order.state in _TOPICS[name].states)
    return next(pairs, None)


def _claims(step: Step, understood: Understanding) -> bool:
    """With a visit that it can be about and nothing running, words that ask for nothing the flows can do."""
    found = None if step.frame.flow else _found(step, understood)
    if found is None:
        return False
    enough = GUESS if found[0] == "text" else SURE  # "can we add half an hour?" sounds like another time as well
    return understood.intent not in _MEANS_MORE or understood.confidence < enough


def _show(step: Step, understood: Understanding | None, _about: dict[str, Any]) -> Shown:
    found = None if understood is None else _found(step, understood)
    if found is None:
        return Shown(step.say("my_orders.none"))
    topic, order = found
    human = Button(step.say("word.human"), plain(Word("human")))
    shown = Button(order.code, plain(Look("order", {"order": order.id})))
    text = step.say(
        f"about_the_visit.{topic}", code=order.code, ends=step.clock(order.ends_at, order.zone), human=human.label
    )
    return Shown(text, (shown,) if topic == "ends" else (human, shown), columns=2)


ABOUT_THE_VISIT = View("about_the_visit", "customer", (), _show, claims=_claims, outspoken=True)
