"""A technician's day: the visits in order, and the one that is next with what can be done about it."""

import re
from datetime import date, timedelta
from typing import Any

from core import technicians
from core.orders.views import visits_of
from core.wall import day_starts
from dialogs.cards.buttons import visit_buttons
from dialogs.cards.changing import open_of, pending_buttons, pending_line
from dialogs.cards.under_way import visit_now
from dialogs.cards.visits import next_of, offers_button, visit_line, what_now
from dialogs.engine.actions import Look, plain
from dialogs.engine.flow import Shown, View
from dialogs.engine.step import Step
from dialogs.fields.rota import span_words
from dialogs.fields.store_days import today, zone_of
from dialogs.flows.set_out import visit_meant
from dialogs.outgoing import Button
from dialogs.roles import technician_of
from dialogs.texts import formats
from dialogs.views.my_week import days_meant, show_week
from nlu import Understanding, When

_NEAR = {0: "my_day.today", 1: "my_day.tomorrow"}
_MOST_ASKED = 3
"""Buttons of one open request; another one has its own card."""
_OF_THE_VISIT = re.compile(
    r"^(?:是|那|下一单|这一?单|那一?单)*(?:几点|什么时候|啥时候)(?:的|去|开始|上门)?[呀啊呢吗嘛,.!? ]*$"
    r"|^(?:地址|电话|手机号|几楼|门牌|导航|怎么走|怎么去).{0,5}$"
    r"|^(?:把|要|给我)?(?:客人|客户|顾客)的?(?:电话|手机|号码|地址|住址|住哪|家在哪)"
    r"|\b(?:what's|where's|which|send(?: me)?) the (?:address|phone|number|door)"
    r"|\b(?:client|customer)(?:'s|s)? (?:phone|number|mobile|address)\b"
)
"""What somebody asks who has a visit to go to."""
_NOT_A_DIARY = ("service", "technician", "option", "address", "region", "quantity", "order_code", "anyone", "sex")


def _show(step: Step, understood: Understanding | None, about: dict[str, Any]) -> Shown:
    if understood is not None and understood.first("when") is None and asks_of_the_visit(understood):
        order = visit_meant(step)
        if order is not None:
            return visit_now(step, order)
    meant = days_meant(step, understood, about)
    if meant is not None and meant[1] > meant[0]:
        return show_week(step, *meant)
    return show_day(step, today(step) if meant is None else meant[0])


def asks_of_the_visit(understood: Understanding) -> bool:
    """Tell whether it is the door or the number of the visit to go to that is asked for."""
    return _OF_THE_VISIT.search(understood.normal) is not None


def show_day(step: Step, day: date) -> Shown:
    """Show one local day."""
    technician = technician_of(step)
    assert technician is not None
    zone = zone_of(step)
    from_at, until_at = (day_starts(one, zone) for one in (day, day + timedelta(days=1)))
    visits = visits_of(step.tx, technician.id, from_at=from_at, until_at=until_at)
    name = formats.calendar_day(day, step.lang)
    near = _NEAR.get((day - today(step)).days)
    name = name if near is None else step.say(near, day=name)
    week = Button(step.say("menu.my_week"), plain(Look("my_week", {"day": day.isoformat()})))
    if not visits:
        none = f"{step.say('my_day.none', day=name)}{_hours(step, day)}"
        return Shown(none, (*offers_button(step), week), columns=2)
    lines = [step.say("my_day.head" if len(visits) > 1 else "my_day.head_one", day=name, count=len(visits))]
    asked: list[Button] = []
    for order in visits:
        lines.append(visit_line(step, order))
        change = open_of(step, order)
        if change is not None:
            lines.append(pending_line(step, order, change))
            asked += pending_buttons(step, order, change)
    current = next_of(visits)
    if current is None:
        return Shown("\n".join(lines), (*offers_button(step), week), columns=2)
    lines.append(what_now(step, current))
    buttons = (*visit_buttons(step, current), *asked[:_MOST_ASKED], *offers_button(step), week)
    return Shown("\n".join(lines), buttons, columns=2)


def _hours(step: Step, day: date) -> str:
    """How the day is worked, where nothing is booked."""
    technician = technician_of(step)
    assert technician is not None
    times = technicians.times_of(step.tx, technician.id)
    if times.on_leave(day):
        return step.say("my_day.on_leave")
    hours = span_words(step, times.on(day))
    return step.say("my_day.hours", span=hours) if hours else step.say("my_day.rest")


def _claims(step: Step, understood: Understanding) -> bool:
    """A bare time, with nothing named that could be booked, is a look at the diary; so is "where is it?"."""
    if asks_of_the_visit(understood) and not step.frame.flow:
        return True
    said = [each.value for each in understood.entities if isinstance(each.value, When)]
    if step.frame.flow or len(said) != 1 or understood.unknown:
        return False  # where something is being settled, a time is for that
    named = any(understood.first(kind) is not None for kind in _NOT_A_DIARY)
    return understood.intent in ("give_time", "ask_availability") and not named


MY_DAY = View("my_day", "technician", ("my_day",), _show, claims=_claims)
