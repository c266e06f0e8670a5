"""What a technician earned: today, this month, and the last visits one by one."""

import re
from datetime import timedelta
from typing import Any

from core import reports
from core.orders.views import orders_of
from dialogs.engine.flow import Shown, View
from dialogs.engine.step import Step
from dialogs.roles import technician_of
from dialogs.spotting import Spotted
from dialogs.texts import formats
from dialogs.texts.formats import local_midnight
from nlu import Understanding

_WHEN = r"(?:什么时候|啥时候|几时|多久|哪一?天|几号|何时|几天)"
_PAID_OUT = r"(?:打款|打钱|到账|到帐|入账|入帐|发钱|发工资|结算|结工资|结钱|发放|发薪|转给我|打给我)"
_PAY_DAY = Spotted(
    (
        "款",
        "钱",
        "账",
        "帐",
        "工资",
        "结",
        "发",
        "给我",
        "提成",
        "收入",
        "pa",
        "settle",
        "money",
        "wages",
        "earnings",
        "income",
    ),
    re.compile(
        rf"^(?!.*退).*(?:{_WHEN}.{{0,4}}{_PAID_OUT}|{_PAID_OUT}.{{0,4}}{_WHEN}|(?:工资|提成|收入).{{0,3}}{_WHEN}.{{0,3}}(?:发|到|打|结))"
        r"|^(?!.*(?:refund|back)).*(?:\bwhen\b.{0,20}\b(?:paid|payday|pay day|payout|paid out|settle(?:d|ment)?)\b"
        r"|\bwhen\b.{0,12}\bmy (?:money|pay|wages|earnings|income)\b|\bpay ?day\b)"
    ),
)
"""Asks when what was earned is paid out."""
_OWN_PAY = re.compile(
    r"打款|发钱|工资|提成|收入|发薪|结算|\b(?:get|be|am i) paid\b|\bpay ?day\b|\bmy (?:pay|wages|earnings|income)\b"
)
"""Nobody is given back a wage."""


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
    asks_for_it = understood is not None and (understood.intent == "withdraw" or _asks_when(understood))
    return Shown("\n".join([step.say("income.withdraw"), *lines] if asks_for_it else lines))


def _asks_when(understood: Understanding) -> bool:
    return _PAY_DAY.search(understood.normal) is not None


def _claims(step: Step, understood: Understanding) -> bool:
    """A technician's pay day; who has ordered something too may mean what is given back to them."""
    if not _asks_when(understood) or step.frame.flow or technician_of(step) is None:
        return False
    return _OWN_PAY.search(understood.normal) is not None or not orders_of(step.tx, step.person_id, most=1)


INCOME = View("income", "technician", ("income", "withdraw"), _income, claims=_claims, outspoken=True)
