# ruff: noqa: E501 - word tables read best by row
"""Whether somebody is told of offers, and the one tap that changes it."""

import re
from typing import Any

from core.people.consent import ConsentKind, consents
from dialogs.engine.actions import Begin, Look, plain
from dialogs.engine.flow import Shown, View
from dialogs.engine.step import Step
from dialogs.outgoing import Button
from dialogs.spotting import Spotted
from nlu import Understanding

_MISSED = Spotted(
    (
        "优惠",
        "活动",
        "促销",
        "订阅",
        "退订",
        "offer",
        "deal",
        "promotion",
        "discount",
        "subscribed",
        "opted",
    ),
    re.compile(
        r"(?:怎么|咋|为什么|为啥)(?:就|都|又|最近|现在)?(?:不|没有?|收不到|看不到|没再)(?:再)?(?:给我)?(?:发|推|收到|有|见|送|通知)?(?:过|到|我)?(?:你们的|那些|什么)?(?:活动|优惠|促销)(?:通知|消息|信息)?(?:了|啊|呢)?"
        r"|(?:没有?|不再|好久没|很久没)(?:再)?(?:收到|看到|发)(?:过|你们的)?(?:活动|优惠|促销)|(?:活动|优惠)(?:通知|消息)?(?:怎么|咋)(?:没了|不发了|停了|收不到)"
        r"|\bwhy (?:am i not|aren't i|don't i|do i not|have i not|haven't i|no|did you stop|have you stopped|did the).{0,24}\b(?:offers|deals|promotions|discounts)\b"
        r"|\b(?:not (?:getting|received|had)|haven't (?:had|got|received|seen)|no longer get) (?:any |your |the )?(?:more )?(?:offers|deals|promotions)\b"
        r"|\bam i (?:still )?(?:subscribed|opted in|unsubscribed|getting (?:your )?(?:offers|deals))\b|我(?:还|有没有|是不是)?(?:订阅|退订)了?(?:活动|优惠)?(?:吗|没)"
    ),
)  # fmt: skip
"""Misses the offers, or wonders whether they come."""


def _claims(_step: Step, understood: Understanding) -> bool:
    return _MISSED.search(understood.normal) is not None


def _show(step: Step, _understood: Understanding | None, _about: dict[str, Any]) -> Shown:
    on = consents(step.tx, step.person_id, ConsentKind.NEWS)
    if not on:
        return Shown(step.say("news.off"), (Button(step.say("profile.want_news"), plain(Begin("want_news"))),))
    sent = Button(step.say("my_messages.button"), plain(Look("my_messages")))
    return Shown(step.say("news.on"), (sent, Button(step.say("announcement.stop"), plain(Begin("stop_news")))))


NEWS = View("news", "anyone", (), _show, claims=_claims, outspoken=True)
