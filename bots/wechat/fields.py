"""The short fields of templates, made from the order: each within what WeChat takes of its kind.

A template's labels are Chinese for everybody, so its state and its note are too; only names of services and people are
in the reader's language.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from core.catalog import catalogue, text_in
from core.db import Tx
from core.messages import Template
from core.orders.moves import Order, load
from core.technicians import roster
from core.words import one_line
from bots.wechat.templates import Fact, LibraryTemplate, kind_of
from dialogs.texts.formats import local, money

_LONGEST: Final[Mapping[str, int]] = MappingProxyType(
    {"thing": 20, "character_string": 32, "phrase": 5, "name": 10, "amount": 14, "time": 20, "date": 20}
)
"""Characters of each kind (the account's console, template library, "parameter description")."""

_NOBODY: Final = "待安排"
_NOTHING: Final = "无"
_NOT_LETTERS: Final = re.compile(r"[^\w·. ]|[\d_]")

_SAID: Final[Mapping[Template, tuple[str, str]]] = MappingProxyType(
    {
        Template.REMINDER_DAY: ("待上门", "明天上门，请回复消息确认时间"),
        Template.REMINDER_HOURS: ("待上门", "快到时间了，请留意电话"),
        Template.VISIT_REMINDER: ("待出发", "该准备出发了，出发时请点一下"),
        Template.ACCEPTED: ("已接单", "技师已接单，会准时上门"),
        Template.TECHNICIAN_CHANGED: ("已换技师", "换了一位技师，回复消息看详情"),
        Template.ASKING_NEXT: ("派单中", "正在为您联系其他技师"),
        Template.NOBODY_LEFT: ("待您选择", "暂时没有技师，回复消息选择"),
        Template.NOBODY_CAME: ("已退款", "没能安排上技师，款项已原路退回"),
        Template.CANCELLED: ("已取消", "订单已取消，回复消息看详情"),
        Template.TECHNICIAN_CANCELLED: ("技师取消", "技师来不了，回复消息看详情"),
        Template.ORDER_EXPIRED: ("未付款", "超时未付款，可以重新预约"),
        Template.DEPARTED: ("已出发", "技师已经出发，请在家等候"),
        Template.RUNNING_LATE: ("会晚到", "技师会晚到一会儿，抱歉久等"),
        Template.ARRIVED: ("已到达", "技师到了，回复消息看开工码"),
        Template.START_CONFIRM: ("待确认", "请回复消息确认已经开始"),
        Template.STARTED: ("服务中", "服务已经开始"),
        Template.FINISHED: ("已完成", "服务已完成，回复消息确认"),
        Template.CUSTOMER_ABSENT: ("未见到人", "技师没等到您，回复消息看详情"),
        Template.CHANGE_ASKED: ("待确认", "对方想改时间，回复消息答复"),
        Template.CHANGE_NUDGE: ("待确认", "改时间的请求还等您答复"),
        Template.CHANGE_AGREED: ("已改期", "改时间已经双方同意"),
        Template.CHANGE_REFUSED: ("未改期", "对方没同意，仍按原时间"),
        Template.CHANGE_EXPIRED: ("未改期", "改时间没等到答复，仍按原时间"),
        Template.CHANGE_WITHDRAWN: ("未改期", "对方撤回了，仍按原时间"),
        Template.VISIT_MOVED_ON: ("已改派", "这一单改由其他技师上门"),
        Template.CREW_COMPLETE: ("已接单", "另一位技师也接单了"),
        Template.VISIT_CANCELLED: ("已取消", "这一单取消了，不用上门"),
        Template.VISIT_ASSIGNED: ("已派给您", "这一单派给您了，请准时上门"),
        Template.VISIT_REASSIGNED: ("已改派", "这一单改由其他技师上门"),
        Template.VISIT_TIGHT: ("路程变了", "上一单取消，到这一单路远了"),
        Template.START_ALLOWED: ("可以开始", "可以开始服务了"),
        Template.PAY_NUDGE: ("待付款", "快到付款时限了，过时自动取消"),
        Template.PAYMENT_RECEIVED: ("已付款", "款已收到，正在等技师接单"),
        Template.PAID_LATE_REVIVED: ("已付款", "款已收到，时间还给您留着"),
        Template.PAID_LATE_REFUNDED: ("退款中", "付款晚了，款项会原路退回"),
        Template.PAID_TWICE_REFUNDED: ("退款中", "付了两次，多的一笔原路退回"),
        Template.REFUND_DONE: ("已退款", "款项已经原路退回"),
        Template.OFFER: ("待接单", "有新订单，回复消息接单或拒绝"),
    }
)
"""Each message's state (at most 5 Chinese characters) and note (at most 20)."""


def fields_of(
    tx: Tx, template: Template, library: LibraryTemplate, *, order_id: int | None, facts: Mapping[str, Any], lang: str
) -> dict[str, dict[str, str]] | None:
    """Return a template's data; None when the order it would speak of is not there."""
    if order_id is None:
        return None
    order = load(tx, order_id)
    return {
        name: {"value": _fitted(kind_of(name), _value(tx, fact, template, order, facts, lang, kind_of(name)))}
        for name, fact in library.fields.items()
    }


def _value(tx: Tx, fact: Fact, template: Template, order: Order, facts: Mapping[str, Any], lang: str, kind: str) -> str:
    state, note = _SAID[template]
    match fact:
        case Fact.SERVICE:
            return text_in(catalogue(tx).option(order.option_id)[0].names, lang)
        case Fact.REGION:
            return text_in(catalogue(tx).region(order.region_id).names, lang)
        case Fact.TECHNICIAN:
            return _technicians(tx, order, lang)
        case Fact.CODE:
            return order.code
        case Fact.WHEN | Fact.DAY:
            return _moment(order, order.starts_at, with_time=fact is Fact.WHEN and kind != "date")
        case Fact.UNTIL:
            return _moment(order, order.decide_by or order.starts_at, with_time=kind != "date")
        case Fact.AMOUNT:
            return _amount(order, facts)
        case Fact.STATE:
            return state
        case Fact.NOTE:
            return note


def _technicians(tx: Tx, order: Order, lang: str) -> str:
    people = roster(tx)
    named = (people.find(one) for one in order.crew_ids)
    return "、".join(text_in(one.names, lang) for one in named if one is not None) or _NOBODY


def _moment(order: Order, at: datetime, *, with_time: bool) -> str:
    there = local(at, order.zone)
    day = f"{there.year}年{there.month}月{there.day}日"
    return f"{day} {there:%H:%M}" if with_time else day


def _amount(order: Order, facts: Mapping[str, Any]) -> str:
    minor = facts.get("amount_minor", facts.get("refund_minor"))
    shown = money(order.total_minor if minor is None else int(minor), order.currency, "zh-Hans")
    return shown.replace(",", "")  # the kind takes a sign, digits and a point


def _fitted(kind: str, value: str) -> str:
    """Return a value within its kind: one line, nothing empty, cut with a sign that it was."""
    line = one_line(value)
    if kind == "name":
        line = one_line(_NOT_LETTERS.sub(" ", line))
    line = line or _NOTHING
    most = _LONGEST[kind]
    return line if len(line) <= most else line[: most - 1] + ("" if kind in ("name", "character_string") else "…")
