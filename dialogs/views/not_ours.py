# ruff: noqa: E501 - word tables read best by row
"""Work of other trades: that we do not do it, and what we do."""

import re
from typing import Any

from core.catalog import text_in
from core.orders.views import orders_of
from dialogs.engine.actions import Look, plain
from dialogs.engine.flow import Shown, View
from dialogs.engine.step import Step
from dialogs.lexicon import catalogue_of
from dialogs.outgoing import Button
from dialogs.views.knowing import joined
from nlu import Understanding

_OTHER_TRADES = re.compile(
    r"理发|[剪烫染吹]个?头?发|发型师|[修装]个?(?:一下)?(?:冰箱|电视|电脑|手机|洗衣机|热水器|打印机|车|自行车|电动车|手表|鞋)"
    r"|月嫂|保姆|育儿嫂|带孩子|看孩子|接送孩子|护工|陪护|遛狗|遛猫|喂猫|喂狗|(?:宠物|狗|猫|狗狗|猫猫)(?:美容|洗澡|寄养|剪毛)|给(?:狗|猫)洗澡"
    r"|搬家|跑腿|代驾|洗车|代购|送花|家教|请.?厨师|厨师上门|上门做饭|纹身|针灸|拔牙|打针|刷墙|粉刷|贴瓷砖|除甲醛|灭蟑|除虫|开车送"
    r"|\b(?:hair ?(?:cut|cuts|dresser|dressing|dressers)|barber|baby ?sitt(?:er|ing|ers)|nann(?:y|ies)|child ?minder|carer"
    r"|dog(?:s)? (?:walk\w*|groom\w*|sitt\w*|wash\w*)|(?:walk|groom|wash) (?:my|the) (?:dog|cat)|pet (?:sitt\w*|groom\w*)|cat (?:sitt\w*|groom\w*)"
    r"|(?:boiler|fridge|laptop|computer|phone|tv|television|car|bike|washing machine|dishwasher|printer|roof)s? (?:repairs?|service|servicing|fix\w*|wash\w*)"
    r"|(?:fix|repair|service|mend|wash) (?:my|the|a|our) (?:boiler|fridge|laptop|computer|phone|tv|telly|car|bike|washing machine|dishwasher|printer|roof)"
    r"|removal men|moving house|house move|courier|private chef|cook dinner|tutor(?:ing)?|tattoos?|acupuncture|pest control|painter|decorator|gardener|gardening)\b"
)  # fmt: skip


_BROKEN = re.compile(
    r"(?:冰箱|电视机?|电脑|手机|洗衣机|热水器|打印机|汽车|自行车|电动车|^车)(?:坏|不制冷|不转|开不了机)"
    r"|\b(?:fridge|laptop|computer|phone|tv|telly|car|bike|washing machine|dishwasher|printer|boiler)(?: is|'s| has)? (?:broken|broke|not working)"
)
"""Somebody of ours may have broken it: only who never had a visit speaks of a repair for certain."""


def _claims(step: Step, understood: Understanding) -> bool:
    """Another trade's work is named, and nothing that this shop has."""
    if understood.first("service") is not None:
        return False
    broken = _BROKEN.search(understood.normal) is not None and not orders_of(step.tx, step.person_id, most=1)
    return broken or _OTHER_TRADES.search(understood.normal) is not None


def _show(step: Step, _understood: Understanding | None, _about: dict[str, Any]) -> Shown:
    trades = joined(step, (text_in(each.names, step.lang) for each in catalogue_of(step).categories))
    see = Button(step.say("know.all_services"), plain(Look("services")))
    return Shown(step.say("not_ours.text", trades=trades), (see,))


NOT_OURS = View("not_ours", "anyone", (), _show, claims=_claims, outspoken=True)
