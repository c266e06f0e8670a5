"""What the tests of money, effects and gateways stand on: a database with its tables, and rows with defaults."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from core.db import Database, Tx, insert_into
from core.ids import new_code, new_id
from core.money.pricing import Quote, quote
from core.orders.tables import order as order_table
from core.settings import Rules
from core.stores.tables import store as store_table
from core.technicians.tables import technician as technician_table
from tests.builders import a_database_at

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)  # Friday, 11:00 in Shanghai
LOCAL = NOW.astimezone(ZoneInfo("Asia/Shanghai"))
RULES = Rules()
_counter = itertools.count(1)


@contextmanager
def opened(url: str) -> Iterator[Database]:
    """Open an empty database with every table (and the ledger's triggers)."""
    database = a_database_at(url)
    try:
        yield database
    finally:
        database.close()


def a_quote(price_minor: int = 29800, *, leg_metres: int = 3200, total_minor: int | None = None) -> Quote:
    """A quote of 298.00 for the service and 18.00 for the way."""
    made = quote(RULES, price_minor=price_minor, currency="CNY", leg_metres=leg_metres, starts_local=LOCAL, coupon=None)
    assert total_minor in (None, made.total_minor)
    return made


@dataclass(frozen=True)
class Row:
    """A bare order row, as far as money looks at it."""

    id: int
    person_id: int
    technician_id: int | None
    store_id: int
    quote: Quote
    companion_id: int | None = None

    @property
    def crew_ids(self) -> tuple[int, ...]:
        """Who did the work."""
        return tuple(one for one in (self.technician_id, self.companion_id) if one is not None)


def a_store(tx: Tx) -> int:
    """A store in Shanghai that charges yuan."""
    store_id = new_id()
    row = {
        "id": store_id,
        "code": f"store-{next(_counter)}",
        "names": {"en": "Store"},
        "zone": "Asia/Shanghai",
        "currency": "CNY",
        "opens_minute": 540,
        "closes_minute": 1380,
        "address": {},
        "phone": "+862155550000",
        "lat": 31.2,
        "lng": 121.5,
    }
    tx.execute(insert_into(store_table), row)
    return store_id


def a_technician_row(tx: Tx, store_id: int) -> int:
    """A technician as far as a settlement looks at one; the person's id is the technician's plus one."""
    technician_id = new_id()
    row = dict.fromkeys(technician_table.columns.keys())
    row |= {
        "id": technician_id,
        "person_id": technician_id + 1,
        "store_id": store_id,
        "state": "approved",
        "names": {"en": "Wang"},
        "sex": "female",
        "years": 5,
        "bio": {},
        "base_lat": 31.2,
        "base_lng": 121.5,
        "stars_sum": 0,
        "stars_count": 0,
        "visits_done": 0,
        "calendar_version": 0,
        "applied_at": NOW,
    }
    tx.execute(insert_into(technician_table), row)
    return technician_id


def an_order_row(
    tx: Tx,
    *,
    state: str = "to_accept",
    store_id: int = 1,
    technician_id: int | None = 7,
    price: Quote | None = None,
    person_id: int = 5,
    companion_id: int | None = None,
) -> Row:
    """An order row in any state, without the rest of its life."""
    made = Row(new_id(), person_id, technician_id, store_id, price or a_quote(), companion_id)
    row = dict.fromkeys(order_table.columns.keys())
    row |= {
        "id": made.id,
        "code": new_code(),
        "person_id": person_id,
        "store_id": store_id,
        "service_id": 1,
        "option_id": 1,
        "quantity": 1,
        "crew": 1 if companion_id is None else 2,
        "companion_id": companion_id,
        "technician_id": technician_id,
        "state": state,
        "version": 1,
        "starts_at": NOW + timedelta(days=1),
        "ends_at": NOW + timedelta(days=1, hours=1),
        "zone": "Asia/Shanghai",
        "local_day": date(2026, 11, 21),
        "region_id": 1,
        "address_sealed": b"",
        "quote": made.quote.to_json(),
        "total_minor": made.quote.total_minor,
        "currency": "CNY",
        "start_code": "1234",
        "code_tries": 0,
        "created_at": NOW,
        "updated_at": NOW,
    }
    tx.execute(insert_into(order_table), row)
    return made
