"""The peer of an order: the same rows by SQLAlchemy's async ORM, a session and a commit for each order."""

import asyncio
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import msgspec
from sqlalchemy import Table
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import registry

from benchmarks.orders_by_hand import BATCH, Rows
from core.calendar.tables import claim, occupation
from core.db.schema import Instant, Json, LocalDate, from_micros
from core.messages.tables import message
from core.money.tables import payment
from core.orders.tables import order, order_event
from core.technicians.tables import technician


class Mapped:
    """A row as an object; its class is mapped below."""

    def __init__(self, **values: Any) -> None:
        for name, value in values.items():
            setattr(self, name, value)


class Technician(Mapped):
    """A technician, touched as the guard."""

    calendar_version: int


class Occupation(Mapped):
    """The time taken."""

    order_id: int | None
    expires_at: datetime | None


class Claim(Mapped):
    """A cell of it."""


class Order(Mapped):
    """The order."""


class Event(Mapped):
    """Its first event."""


class Payment(Mapped):
    """Its payment."""


class Message(Mapped):
    """The reminder to pay."""


_TABLES: dict[type[Mapped], Table] = {
    Technician: technician,
    Occupation: occupation,
    Claim: claim,
    Order: order,
    Event: order_event,
    Payment: payment,
    Message: message,
}
_registry = registry()
for _kind, _table in _TABLES.items():
    _registry.map_imperatively(_kind, _table)


class ByOrm:
    """An async engine; on SQLite one connection, since it has one writer."""

    def __init__(self, url: str) -> None:
        many: dict[str, Any] = {"pool_size": 1 if "sqlite" in url else 12, "max_overflow": 0}
        self._engine: AsyncEngine = create_async_engine(url, **many)

    async def write_all(self, orders: Sequence[Rows]) -> int:
        """Write orders, as many at a time as there are clients; how many they were."""
        for at in range(0, len(orders), BATCH):
            await asyncio.gather(*(self._write(rows) for rows in orders[at : at + BATCH]))
        return len(orders)

    async def close(self) -> None:
        """Close every connection."""
        await self._engine.dispose()

    async def _write(self, rows: Rows) -> None:
        async with AsyncSession(self._engine) as session, session.begin():
            guard = await session.get_one(Technician, rows.occupation["technician_id"])
            guard.calendar_version = guard.calendar_version + 1
            taken = Occupation(**_values(Occupation, rows.occupation))
            session.add(taken)
            session.add_all(Claim(**row) for row in rows.claims)
            await session.flush()
            session.add(Order(**_values(Order, rows.order)))
            await session.flush()
            session.add(Event(**_values(Event, rows.event)))
            taken.order_id, taken.expires_at = rows.order["id"], None
            session.add(Payment(**_values(Payment, rows.payment)))
            session.add(Message(**_values(Message, rows.message)))


def _values(kind: type[Mapped], row: dict[str, Any]) -> dict[str, Any]:
    """Return Python values where the floor has the database's."""
    return {name: _python(_TABLES[kind], name, value) for name, value in row.items()}


def _python(table: Table, name: str, value: Any) -> Any:
    column = table.c[name].type
    if value is None:
        return None
    if isinstance(column, Instant):
        return from_micros(value)
    if isinstance(column, LocalDate):
        return date.fromordinal(value)
    return msgspec.json.decode(value) if isinstance(column, Json) else value
