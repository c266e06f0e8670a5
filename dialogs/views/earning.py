"""What a technician earned: today, this month, and the last visits one by one."""

from datetime import timedelta
from typing import Any

from core import reports
from dialogs.engine.flow import Shown, View
from dialogs.engine.step import Step
from dialogs.roles import technician_of
from dialogs.texts import formats
from dialogs.texts.formats import local_midnight
from nlu import Understanding


def _income(step: Step, understood: Understanding | None, _about: dict[str, Any]) -> Shown:
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
    asks_for_it = understood is not None and understood.intent == "withdraw"
    return Shown("\n".join([step.say("income.withdraw"), *lines] if asks_for_it else lines))


INCOME = View("income", "technician", ("income", "withdraw"), _income)
