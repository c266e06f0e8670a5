"""The figures of the trade: defaults in code, changes as rows, one frozen value to read them from."""

import dataclasses
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update

from core.db import Tx, insert_into
from core.errors import InvalidInput
from core.settings.counters import bump, counter
from core.settings.tables import setting


@dataclass(frozen=True, slots=True)
class Rules:
    """Every figure an operator may change; amounts in minor units of the store's currency."""

    # when a visit may be booked
    notice_minutes: int = 60
    horizon_days: int = 14
    # holding a time while choosing and paying
    hold_minutes: int = 5
    hold_most_minutes: int = 15
    pay_minutes: int = 15
    pay_nudge_minutes: int = 5
    most_unpaid_orders: int = 2
    # asking technicians
    accept_minutes: int = 15
    anyone_accept_minutes: int = 5
    anyone_total_minutes: int = 15
    urgent_lead_minutes: int = 120
    urgent_accept_minutes: int = 2
    nobody_came_minor: int = 3000
    # the visit
    reminder_leads_minutes: tuple[int, ...] = (1440, 120)
    reminder_answer_minutes: int = 60
    set_out_lead_minutes: int = 60
    code_tries: int = 5
    absent_wait_minutes: int = 15
    confirm_hours: int = 24
    # moving an accepted visit
    change_answer_hours: int = 24
    change_spare_minutes: int = 60
    change_think_minutes: int = 10
    # cancelling
    departed_kept_minor: int = 3000
    arrived_kept_minor: int = 5000
    # price
    fare_free_metres: int = 0
    fare_base_minor: int = 600
    fare_per_km_minor: int = 300
    night_fee_minor: int = 3000
    night_from_minute: int = 1320
    night_to_minute: int = 420
    coupon_new_customer_minor: int = 2000
    commission_percent: int = 20
    # people of the house in the chat
    human_wait_minutes: int = 10
    human_idle_minutes: int = 60
    human_from_minute: int = 540
    human_to_minute: int = 1320
    call_back_minutes: int = 120
    # words
    quiet_from_minute: int = 1320
    quiet_to_minute: int = 480
    heard_words_days: int = 90


DEFAULTS = Rules()
_FIELDS = {field.name: field for field in dataclasses.fields(Rules)}
_PREFIX = "rules."
_DAY_MINUTES = 1440
_LONGEST_DAYS = 366
"""How far ahead anything can be promised."""
_AT_LEAST_ONE = frozenset(
    {
        "horizon_days",
        "hold_minutes",
        "hold_most_minutes",
        "pay_minutes",
        "most_unpaid_orders",
        "accept_minutes",
        "anyone_accept_minutes",
        "anyone_total_minutes",
        "urgent_accept_minutes",
        "code_tries",
        "human_wait_minutes",
        "human_idle_minutes",
    }
)
"""Figures whose 0 would end all booking: a time held for no minute, an answer due before it is asked for."""

_READ = select(setting.c.name, setting.c.value).where(setting.c.name.like(f"{_PREFIX}%"))
_INSERT = insert_into(setting)
_UPDATE = (
    update(setting)
    .where(setting.c.name == bindparam("b_name"))
    .values(value=bindparam("new_value"), changed_at=bindparam("new_changed_at"))
)

_remembered: tuple[int, Rules] = (0, DEFAULTS)


def rules(tx: Tx) -> Rules:
    """Return the figures in force: the defaults, overridden by what operators changed."""
    global _remembered  # noqa: PLW0603  one slot, replaced whole; a stamp belongs to one content only
    stamp = counter(tx, "settings")
    if stamp == 0:
        return DEFAULTS
    if _remembered[0] != stamp:
        _remembered = (stamp, _load(tx))
    return _remembered[1]


def change(tx: Tx, name: str, value: Any, now: datetime) -> Rules:
    """Set one figure and return all in force; raises InvalidInput for an unknown name or an impossible value."""
    kept = _checked(name, value)
    _check_together(name, dataclasses.replace(rules(tx), **{name: value}))
    row = _PREFIX + name
    if not tx.execute(_UPDATE, {"b_name": row, "new_value": kept, "new_changed_at": now}):
        tx.insert_if_new(_INSERT, {"name": row, "value": kept, "changed_at": now})
    bump(tx, "settings")
    return rules(tx)


def _load(tx: Tx) -> Rules:
    changed: dict[str, Any] = {}
    for row in tx.all(_READ):
        name = row.name.removeprefix(_PREFIX)
        if name in _FIELDS:  # a row that an older or newer version wrote changes nothing here
            changed[name] = tuple(row.value) if isinstance(row.value, list) else row.value
    return dataclasses.replace(DEFAULTS, **changed)


def _checked(name: str, value: Any) -> Any:
    field = _FIELDS.get(name)
    if field is None:
        raise InvalidInput(field="name")
    figures = value if isinstance(field.default, tuple) else (value,)
    if not isinstance(figures, list | tuple):
        raise InvalidInput(field=name)
    least, most = _bounds(name)
    if not all(type(figure) is int and least <= figure <= most for figure in figures):
        raise InvalidInput(field=name, least=least, most=most)
    return list(figures) if isinstance(field.default, tuple) else value


def _bounds(name: str) -> tuple[int, int]:
    """Return the least and the most a figure may be."""
    least = 1 if name in _AT_LEAST_ONE else 0
    if name.endswith("_minute"):
        return least, _DAY_MINUTES
    if name.endswith("_days"):
        return least, _LONGEST_DAYS
    return least, 100 if name.endswith("_percent") else 10_000_000


def _check_together(name: str, figures: Rules) -> None:
    """Raise InvalidInput, of the figure just changed, when two contradict each other."""
    if figures.hold_minutes > figures.hold_most_minutes:
        bound = {"least": figures.hold_minutes} if name == "hold_most_minutes" else {"most": figures.hold_most_minutes}
        raise InvalidInput(field=name, **bound)
    if figures.notice_minutes >= figures.horizon_days * _DAY_MINUTES:
        raise InvalidInput(field=name)
