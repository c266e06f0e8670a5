"""The floor of an order: its rows written by hand on the raw driver, everything about them worked out beforehand."""

import asyncio
import sqlite3
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Self

import msgspec
import psycopg
import pymysql
from sqlalchemy import Table, make_url

from benchmarks.town import Booking, Town
from core.calendar.tables import claim, occupation
from core.db.schema import to_micros
from core.db.servers import THREADS, MariaDriver, PostgresDriver
from core.ids import new_code, new_id, new_token, to_base36
from core.messages.tables import message
from core.money.tables import payment
from core.orders.tables import order, order_event
from tests.builders import NOW

BATCH = 32
_CELL_SECONDS = 900
_NOW = to_micros(NOW)
_LATER = to_micros(NOW + timedelta(minutes=15))
_SEALED = bytes(200)

Params = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """The parameters of one order's statements, in their order."""

    guard: Params
    occupation: Params
    claims: list[Params]
    order: Params
    event: Params
    give: Params
    payment: Params
    message: Params


class Texts:
    """The statements of an order in one driver's placeholder."""

    def __init__(self, mark: str) -> None:
        self.guard = f"UPDATE technician SET calendar_version=(calendar_version + {mark}) WHERE id = {mark}"  # noqa: S608
        self.give = (
            f"UPDATE occupation SET order_id={mark}, expires_at={mark} WHERE id = {mark} AND person_id = {mark} "  # noqa: S608
            f"AND order_id IS NULL AND expires_at > {mark}"
        )
        self.occupation, self.claim, self.order, self.event, self.payment, self.message = (
            _insert(table, mark) for table in (occupation, claim, order, order_event, payment, message)
        )

    def write(self, cursor: Any, rows: Written) -> None:
        """Write one order."""
        self.claim_time(cursor, rows)
        cursor.execute(self.order, rows.order)
        cursor.execute(self.event, rows.event)
        cursor.execute(self.give, rows.give)
        cursor.execute(self.payment, rows.payment)
        cursor.execute(self.message, rows.message)

    def claim_time(self, cursor: Any, rows: Written) -> None:
        """Take the technician's time alone; the driver's error when somebody has it."""
        cursor.execute(self.guard, rows.guard)
        cursor.execute(self.occupation, rows.occupation)
        cursor.executemany(self.claim, rows.claims)


class SqliteByHand:
    """A SQLite file with one commit for 32 orders, a savepoint each."""

    def __init__(self, url: str) -> None:
        self._connection = sqlite3.connect(str(make_url(url).database), isolation_level=None, check_same_thread=False)
        for pragma in ("synchronous=FULL", "foreign_keys=ON", "temp_store=MEMORY", "cache_size=-65536"):
            self._connection.execute(f"PRAGMA {pragma}")
        self._texts = Texts("?")

    async def write_all(self, orders: Sequence[Written]) -> int:
        """Write orders; how many they were."""
        cursor = self._connection.cursor()
        for batch in _batches(orders):
            cursor.execute("BEGIN IMMEDIATE")
            for rows in batch:
                cursor.execute("SAVEPOINT unit")
                self._texts.write(cursor, rows)
                cursor.execute("RELEASE SAVEPOINT unit")
            cursor.execute("COMMIT")
        return len(orders)

    async def race(self, rivals: Sequence[Written]) -> int:
        """Let all of them claim the same time; how many won."""
        cursor, won = self._connection.cursor(), 0
        cursor.execute("BEGIN IMMEDIATE")
        for rows in rivals:
            cursor.execute("SAVEPOINT unit")
            try:
                self._texts.write(cursor, rows)
                won += 1
            except sqlite3.IntegrityError:
                cursor.execute("ROLLBACK TO SAVEPOINT unit")
            cursor.execute("RELEASE SAVEPOINT unit")
        cursor.execute("COMMIT")
        return won

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


class ServerByHand:
    """MariaDB or PostgreSQL by as many threads as the product has, a transaction an order."""

    def __init__(self, url: str) -> None:
        parsed = make_url(url)
        self._driver = PostgresDriver(parsed) if parsed.get_backend_name() == "postgresql" else MariaDriver(parsed)
        self._texts = Texts("%s")
        self._local = threading.local()
        self._connections: list[Any] = []
        self._pool = ThreadPoolExecutor(THREADS)

    async def write_all(self, orders: Sequence[Written]) -> int:
        """Write orders, as many at a time as there are clients; how many they were."""
        for batch in _batches(orders):
            await asyncio.gather(*(self._submit(rows) for rows in batch))
        return len(orders)

    async def race(self, rivals: Sequence[Written]) -> int:
        """Let all of them claim the same time at once; how many won."""
        return sum(await asyncio.gather(*(self._submit(rows) for rows in rivals)))

    def close(self) -> None:
        """Close every connection."""
        self._pool.shutdown()
        for connection in self._connections:
            connection.close()

    def _submit(self, rows: Written) -> "asyncio.Future[bool]":
        return asyncio.get_running_loop().run_in_executor(self._pool, self._write, rows)

    def _write(self, rows: Written) -> bool:
        connection = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = self._driver.connect()
            self._connections.append(connection)
        cursor = connection.cursor()
        cursor.execute("BEGIN")
        try:
            self._texts.write(cursor, rows)
        except (psycopg.IntegrityError, pymysql.err.IntegrityError):
            cursor.execute("ROLLBACK")
            return False
        cursor.execute("COMMIT")
        cursor.close()
        return True


@dataclass(frozen=True, slots=True)
class Rows:
    """One order as named rows, before they are put into a table's columns."""

    occupation: dict[str, Any]
    claims: list[dict[str, Any]]
    order: dict[str, Any]
    event: dict[str, Any]
    payment: dict[str, Any]
    message: dict[str, Any]

    @classmethod
    def of(cls, town: Town, booking: Booking) -> Self:
        """Work out the rows that the product would write, in the database's own values."""
        plan, person = booking.plan, booking.person_id
        order_id, occupation_id = new_id(), new_id()
        starts, total = to_micros(plan.starts_at), town.shown.total_minor
        first = int(plan.starts_at.timestamp()) // _CELL_SECONDS
        when = {"starts_at": starts, "ends_at": starts + 3_600_000_000}
        return cls(
            occupation={
                "id": occupation_id, "technician_id": plan.technician_id, "person_id": person, "order_id": None, **when,
                "free_at": starts + 4_500_000_000, "lat": 30.657, "lng": 104.082, "leg_minutes": 5, "leg_metres": 0,
                "leg_from": "base", "expires_at": _LATER, "first_held_at": _NOW,
            },
            claims=[
                {"technician_id": plan.technician_id, "cell_start": first + cell, "occupation_id": occupation_id}
                for cell in range(5)
            ],
            order={
                "id": order_id, "code": new_code(), "person_id": person, "store_id": town.city.store.id,
                "quantity": 1, "crew": 1,
                "service_id": plan.service_id, "option_id": plan.option_id, "technician_id": plan.technician_id,
                "state": "to_pay", "version": 1, **when, "zone": "Asia/Shanghai", "local_day": 739_686,
                "region_id": plan.region_id, "address_sealed": _SEALED, "quote": _quote(town), "total_minor": total,
                "currency": "CNY", "start_code": "8610", "code_tries": 0, "decide_by": _LATER, "created_at": _NOW,
                "updated_at": _NOW,
            },
            event={
                "order_id": order_id, "seq": 1, "event": "placed", "to_state": "to_pay", "actor_kind": "customer",
                "actor_id": person, "facts": "{}", "at": _NOW,
            },
            payment={
                "id": new_id(), "order_id": order_id, "attempt": 1, "token": new_token(), "number": to_base36(new_id()),
                "state": "open", "amount_minor": total, "currency": "CNY", "expires_at": _LATER, "created_at": _NOW,
            },
            message={
                "id": new_id(), "person_id": person, "kind": "card", "template": "pay_nudge",
                "facts": f'{{"order_id":{order_id}}}', "order_id": order_id, "order_version": 1, "rank": 2,
                "dedupe_key": new_token(24).encode()[:32], "due_at": _LATER, "expires_at": _LATER, "state": "waiting",
                "attempts": 0, "created_at": _NOW,
            },
        )  # fmt: skip

    def written(self) -> Written:
        """Return the parameters of the statements."""
        return Written(
            guard=(1, self.occupation["technician_id"]),
            occupation=_params(occupation, self.occupation),
            claims=[_params(claim, row) for row in self.claims],
            order=_params(order, self.order),
            event=_params(order_event, self.event),
            give=(self.order["id"], None, self.occupation["id"], self.occupation["person_id"], _NOW),
            payment=_params(payment, self.payment),
            message=_params(message, self.message),
        )


def _quote(town: Town) -> str:
    return msgspec.json.encode(town.shown.to_json()).decode()


def _params(table: Table, row: dict[str, Any]) -> Params:
    return tuple(row.get(column.name) for column in table.columns)


def _insert(table: Table, mark: str) -> str:
    names = table.columns.keys()
    return f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({', '.join([mark] * len(names))})"  # noqa: S608


def _batches(orders: Sequence[Written]) -> list[Sequence[Written]]:
    return [orders[at : at + BATCH] for at in range(0, len(orders), BATCH)]
