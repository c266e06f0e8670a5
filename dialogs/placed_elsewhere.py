# ruff: noqa: E501 - word tables read best by row
"""Orders placed on another channel, or with another account: how to see them here."""

import re

from core.people import channels_of
from dialogs.engine.actions import Begin, plain
from dialogs.engine.flow import Shown
from dialogs.engine.step import Step
from dialogs.flows.where_told import channels_named
from dialogs.linking import other_channels, yes_awaited
from dialogs.outgoing import Button
from dialogs.spotting import Spotted
from nlu import Understanding

_PLACES = r"(?:微信|公众号|公眾號|telegram|tg|电报|電報|网页|網頁|网站|網站|别处|別處|别的地方|那边|那邊|另一?[个個]?(?:号|號|手机|手機|微信|账号|帳號)|老号|旧号|舊號)"
_PLACES_EN = r"(?:wechat|telegram|the web ?(?:page|site)?|your (?:web ?)?site|the other (?:account|app|chat|phone)|(?:my|another|an) (?:other|old) (?:account|phone|chat)|another (?:account|app))"
_TOLD = Spotted(
    (
        "微信",
        "公众号",
        "telegram",
        "tg",
        "电报",
        "网页",
        "网站",
        "别处",
        "别的地方",
        "那边",
        "另",
        "老号",
        "旧号",
        "wechat",
        "web",
        "site",
        "other",
        "old",
    ),
    re.compile(
        rf"在?(?:你们|您们|你們)?的?{_PLACES}(?:上|里|裡|那边|那邊|那儿)?(?:面)?(?:已经|已經|之前|以前|刚才?|剛才?)?(?:我)?(?:下|订|訂|约|約|预约|預約|付|买|買)(?:了|过|過)?(?:的|[一个個]|好)?(?:单|單|订单|訂單|预约|預約|那单|那單)?"
        rf"|{_PLACES}(?:上|里|裡)?的(?:订单|訂單|单子?|單子?|预约|預約)"
        rf"|\b(?:booked|ordered|paid|placed|made|had)\b.{{0,24}}\b(?:on|in|via|through|with|from) {_PLACES_EN}\b"
        rf"|\b(?:orders?|bookings?|appointments?) (?:i (?:made|placed) )?(?:on|from|in|with) {_PLACES_EN}\b|\b(?:telegram|wechat) (?:orders?|bookings?)\b",
        re.IGNORECASE,
    ),
)
"""Tells of an order placed on another channel, or with another account."""


def tells_of_elsewhere(understood: Understanding) -> bool:
    """Tell whether the words name an order of another channel, or of another account."""
    return _TOLD.search(understood.normal) is not None


def placed_elsewhere(step: Step, understood: Understanding | None) -> bool:
    """Tell whether such an order can not be seen here: its channel is not linked, or it is another account's."""
    found = None if understood is None else _TOLD.search(understood.normal)
    if found is None:
        return False
    named = channels_named(found.group())
    return not named or not set(named) <= set(channels_of(step.tx, step.person_id))


def none_here(step: Step) -> Shown:
    """Say that there is no order; who placed one elsewhere is told how to see it here."""
    none, book = step.say("my_orders.none"), Button(step.say("menu.book"), plain(Begin("book")))
    others = other_channels(step, channels_of(step.tx, step.person_id))
    if not others:
        return Shown(none, (book,))
    elsewhere = how_to_see(step, others)
    return Shown(f"{none}\n{elsewhere.text}", (book, *elsewhere.buttons), columns=2)


def how_to_see(step: Step, others: str = "") -> Shown:
    """Say that linking shows here what was placed elsewhere, on these channels or any; or what it still waits for."""
    awaited = yes_awaited(step)
    if awaited:
        return Shown(awaited)
    link = Button(step.say("profile.link_account"), plain(Begin("link_account")))
    return Shown(step.say("my_orders.elsewhere", others=others or other_channels(step)), (link,))
