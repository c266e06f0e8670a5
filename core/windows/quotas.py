"""Quotas: so many calls of an API a day, counted by all processes in one row."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select, update

from core.db import Tx, insert_into
from core.windows.tables import push_quota as table

_PLATFORM_ZONE: Final = ZoneInfo("Asia/Shanghai")
_THIS = (
    table.c.channel == bindparam("b_channel"),
    table.c.account == bindparam("b_account"),
    table.c.api == bindparam("b_api"),
    table.c.day == bindparam("b_day"),
)
_INSERT = insert_into(table)
_COUNT = (
    update(table)
    .where(*_THIS, table.c.used < bindparam("b_most"), table.c.used < table.c.most)
    .values(used=table.c.used + 1)
)
_READ = select(table.c.used, table.c.most).where(*_THIS)
_END = update(table).where(*_THIS).values(most=table.c.used)
_TODAY = select(table.c.channel, table.c.account, table.c.api, table.c.used, table.c.most).where(
    table.c.day == bindparam("b_day")
)


def count(tx: Tx, channel: str, account: str, api: str, *, most: int, now: datetime) -> bool:
    """Count one call before it is made; False when the day's are used up, by our figure or by the platform's word."""
    key = _key(channel, account, api, now)
    if tx.execute(_COUNT, {**key, "b_most": most}):
        return True
    row = tx.first(_READ, key)
    if row is None:
        if most < 1:
            return False
        fresh = {"channel": channel, "account": account, "api": api, "day": key["b_day"], "used": 1, "most": most}
        return tx.insert_if_new(_INSERT, fresh) or bool(tx.execute(_COUNT, {**key, "b_most": most}))
    return False


def used_up(tx: Tx, channel: str, account: str, api: str, *, now: datetime) -> None:
    """Take the platform's word that this API has no more calls today."""
    key = _key(channel, account, api, now)
    if tx.execute(_END, key):
        return
    fresh = {"channel": channel, "account": account, "api": api, "day": key["b_day"], "used": 0, "most": 0}
    if not tx.insert_if_new(_INSERT, fresh):
        tx.execute(_END, key)


def day_ends_at(now: datetime) -> datetime:
    """Return when the day of all quotas ends, by the platform's clock."""
    return datetime.combine(_day(now) + timedelta(days=1), time(), _PLATFORM_ZONE).astimezone(UTC)


def figures(tx: Tx, now: datetime) -> Iterator[tuple[str, dict[str, str], float]]:
    """Return how many calls each API has left today, for the metrics."""
    for row in tx.all(_TODAY, {"b_day": _day(now)}):
        labels = {"channel": row.channel, "account": row.account, "api": row.api}
        yield "menling_quota_left", labels, float(max(0, row.most - row.used))


def _key(channel: str, account: str, api: str, now: datetime) -> dict[str, object]:
    return {"b_channel": channel, "b_account": account, "b_api": api, "b_day": _day(now)}


def _day(now: datetime) -> date:
    return now.astimezone(_PLATFORM_ZONE).date()
