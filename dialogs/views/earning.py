"""A technician's day and money."""

from datetime import timedelta
from typing import Any

from core import reports
from core.catalog import text_in
from core.orders.moves import Order
from core.orders.states import OrderState
from core.orders.views import Viewer, details, visits_of
from dialogs.cards.buttons import visit_buttons
from dialogs.engine.flow import Shown, View
from dialogs.engine.step import Step
from dialogs.fields.plan import mate_named, option_words
from dialogs.lexicon import catalogue_of
from dialogs.roles import technician_of
from dialogs.texts import formats
from dialogs.texts.formats import local_midnight
from nlu import Understanding, When

_NEXT = frozenset({OrderState.ACCEPTED, OrderState.DEPARTED, OrderState.ARRIVED, OrderState.IN_SERVICE})


def _my_day(step: Step, understood: Understanding | None, _about: dict[str, Any]) -> Shown:
    technician = technician_of(step)
    assert technician is not None
    said = None if understood is None else understood.first("when")
    ahead, days = 0, 1
    if said is not None and isinstance(said.value, When) and said.value.start is not None:
        ahead = (said.value.start.date() - formats.local(step.now, step.zone).date()).days
        days = 7 if said.value.grain == "week" else 1
    from_at, until_at = (local_midnight(step.now, step.zone, days=on) for on in (ahead, ahead + days))
    visits = visits_of(step.tx, technician.id, from_at=from_at, until_at=until_at)
    if not visits:
        return Shown(step.say("my_day.none", day=step.day(from_at)))
    lines = [step.say("my_day.head", day=step.day(from_at), count=len(visits))]
    lines += [_line(step, order, with_day=days > 1) for order in visits]
    current = next((order for order in visits if order.state in _NEXT), None)
    return Shown("\n".join(lines), () if current is None else visit_buttons(step, current), columns=2)


def _line(step: Step, order: Order, *, with_day: bool) -> str:
    view = details(step.tx, order.id, viewer=Viewer.TECHNICIAN)
    service, option = catalogue_of(step).option(order.option_id)
    what = f"{text_in(service.names, step.lang)} {option_words(step, option, order.quantity)}"
    where = view.address_text or text_in(catalogue_of(step).region(order.region_id).names, step.lang)
    day = f"{step.day(order.starts_at, order.zone)} " if with_day else ""
    span = formats.span(order.starts_at, order.ends_at, order.zone)
    if order.crew > 1:
        technician = technician_of(step)
        what += step.say("my_day.with", mate=mate_named(step, order, technician.id if technician else 0))
    return f"{day}{span} {what} · {where} · {step.say(f'state.{order.state}')} · {order.code}"


def _income(step: Step, _understood: Understanding | None, _about: dict[str, Any]) -> Shown:
    technician = technician_of(step)
    assert technician is not None
    today = local_midnight(step.now, step.zone)
    month = local_midnight(step.now, step.zone, days=1 - formats.local(step.now, step.zone).day)
    until = step.now + timedelta(days=1)
    day, whole = (reports.income(step.tx, technician.id, from_at=at, until_at=until) for at in (today, month))
    currency = step.house.currency
    lines = [
        step.say("income.today", count=day.orders, income=step.money(day.income_minor, currency)),
        step.say(
            "income.month",
            count=whole.orders,
            service=step.money(whole.service_minor, currency),
            fare=step.money(whole.fare_minor, currency),
            commission=step.money(whole.commission_minor, currency),
            income=step.money(whole.income_minor, currency),
        ),
    ]
    lines += [f"{line.code} {step.day(line.at)} {step.money(line.income_minor, currency)}" for line in whole.lines[-5:]]
    return Shown("\n".join(lines))


MY_DAY = View("my_day", "technician", ("my_day",), _my_day)
INCOME = View("income", "technician", ("income", "withdraw"), _income)
