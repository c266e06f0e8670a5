"""The short fields of templates, made from the order: each within what WeChat takes of its kind.

A template's labels are Chinese for everybody, so its state and its note are too; only names of services and people are
in the reader's language.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from bots.wechat.templates import Fact, LibraryTemplate, kind_of
from core.catalog import catalogue, text_in
from core.db import Tx
from core.messages import Template
from core.orders.moves import Order, load
from core.technicians import roster
from core.words import one_line
from dialogs.texts.formats import local, money

_LONGEST: Final[Mapping[str, int]] = MappingProxyType(
    {"thing": 20, "character_string": 32, "phrase": 5, "name": 10, "amount": 14, "time": 20, "date": 20}
)
"""Characters of each kind (the account's console, template library, "parameter description")."""

_NOBODY: Final = "待安排"
_NOTHING: Final = "无"
_NO_LETTER: Final = re.compile(r"[^A-Za-z.'-]")
_EMOJI: Final = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f\u200d]")

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


@dataclass(frozen=True, slots=True)
class _Told:
    """What a template's fields are made from."""

    tx: Tx
    template: Template
    order: Order
    facts: Mapping[str, Any]
    lang: str


def fields_of(
    tx: Tx, template: Template, library: LibraryTemplate, *, order_id: int | None, facts: Mapping[str, Any], lang: str
) -> dict[str, dict[str, str]] | None:
    """Return a template's data; None when the order it would speak of is not there."""
    if order_id is None:
        return None
    told = _Told(tx, template, load(tx, order_id), facts, lang)
    fields = {}
    for name, fact in library.fields.items():
        kind = kind_of(name)
        fields[name] = {"value": _fitted(kind, _MAKERS[fact](told, kind))}
    return fields


def _service(told: _Told, _kind: str) -> str:
    return text_in(catalogue(told.tx).option(told.order.option_id)[0].names, told.lang)


def _region(told: _Told, _kind: str) -> str:
    return text_in(catalogue(told.tx).region(told.order.region_id).names, told.lang)


def _technicians(told: _Told, _kind: str) -> str:
    people = roster(told.tx)
    named = (people.find(one) for one in told.order.crew_ids)
    return "、".join(text_in(one.names, told.lang) for one in named if one is not None) or _NOBODY


def _when(told: _Told, kind: str) -> str:
    return _moment(told.order, told.order.starts_at, with_time=kind != "date")


def _day(told: _Told, _kind: str) -> str:
    return _moment(told.order, told.order.starts_at, with_time=False)


def _until(told: _Told, kind: str) -> str:
    return _moment(told.order, told.order.decide_by or told.order.starts_at, with_time=kind != "date")


def _amount(told: _Told, _kind: str) -> str:
    minor = told.facts.get("amount_minor", told.facts.get("refund_minor"))
    return money(told.order.total_minor if minor is None else int(minor), told.order.currency, "zh-Hans")


_MAKERS: Final[Mapping[Fact, Callable[[_Told, str], str]]] = MappingProxyType(
    {
        Fact.SERVICE: _service,
        Fact.CODE: lambda told, _: told.order.code,
        Fact.WHEN: _when,
        Fact.DAY: _day,
        Fact.TECHNICIAN: _technicians,
        Fact.REGION: _region,
        Fact.AMOUNT: _amount,
        Fact.STATE: lambda told, _: _SAID[told.template][0],
        Fact.UNTIL: _until,
        Fact.NOTE: lambda told, _: _SAID[told.template][1],
    }
)


def _moment(order: Order, at: datetime, *, with_time: bool) -> str:
    there = local(at, order.zone)
    day = f"{there.year}年{there.month}月{there.day}日"
    return f"{day} {there:%H:%M}" if with_time else day


def _fitted(kind: str, value: str) -> str:
    """Return a value within its kind: one line, nothing empty, cut with a sign that it was."""
    line = _FORMS.get(kind, one_line)(value) or _NOTHING
    most = _LONGEST[kind]
    return line if len(line) <= most else line[: most - 1] + "…"


def _name(value: str) -> str:
    """A name is Chinese alone or of letters alone."""
    chinese = "".join(one for one in one_line(value) if one.isalpha() and not one.isascii())
    return chinese[:10] if chinese else " ".join(_NO_LETTER.sub(" ", value).split())[:10]


def _amount_form(value: str) -> str:
    """An amount is one sign of currency, digits and a point."""
    return "".join(one for one in value if one.isdigit() or one in "¥$€£.")


_FORMS: Final[Mapping[str, Callable[[str], str]]] = MappingProxyType(
    {"name": _name, "amount": _amount_form, "thing": lambda value: one_line(_EMOJI.sub(" ", value))}
)
