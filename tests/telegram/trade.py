"""A whole trade behind the door: a town, its database, the reception and the sender."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select, update

from core.db import Database, Tx
from core.messages.tables import message
from core.orders import moves
from core.orders.moves import Order
from core.orders.states import OrderState
from core.orders.telling import person_of
from core.people.tables import identity
from dialogs.building import build_house
from dialogs.reception import Reception
from dialogs.rendering import prepare
from menling.sender import Sender
from tests.builders import NOW, ZONE, City, a_city, a_database
from tests.fake_reception import FakeReception
from tests.telegram.conftest import Opened
from tests.visits import an_order


@dataclass
class Watch:
    """A clock that stands still until it is moved."""

    at: datetime = NOW

    def now(self) -> datetime:
        """The business time."""
        return self.at


@dataclass
class Trade(FakeReception):
    """The real reception of a town on a database of its own; the door is given this one."""

    clock: Watch = field(default_factory=Watch)
    _real: Reception | None = None

    def for_door(self) -> Reception:
        """The real reception."""
        return self.real

    @property
    def real(self) -> Reception:
        """The real reception."""
        if self._real is None:
            house = build_house(public_url="https://menling.example", zone=ZONE, currency="CNY")
            self._real = Reception(self.database, house, self.clock)
        return self._real

    @property
    def database(self) -> Database:
        """The town's database."""
        assert self.db is not None
        return self.db

    def city(self) -> City:
        """A small town."""
        return self.database.run(a_city)

    def order(self, city: City, state: OrderState, **over: Any) -> Order:
        """An order of the town's customer."""
        return self.database.run(lambda tx: an_order(tx, city, state=state, now=self.clock.at, **over))

    def now(self, order: Order) -> Order:
        """The order as it stands."""
        return self.database.read(lambda tx: moves.load(tx, order.id))

    def has_telegram(self, person_id: int, telegram_id: int) -> None:
        """Let somebody of the town be known by this Telegram account."""
        move = (
            update(identity)
            .where(identity.c.person_id == person_id)
            .values(channel="telegram", account="bell", external_id=str(telegram_id))
        )
        self.database.run(lambda tx: tx.execute(move))

    def technician_person(self, city: City) -> int:
        """The person behind the town's technician."""
        return self.database.read(lambda tx: person_of(tx, city.technician.id))

    async def sends(self, opened: Opened) -> None:
        """Send whatever is due, through the opened door."""
        sender = Sender(self.real, {"telegram": opened.door}, prepare)
        while await sender.send_due():
            await sender.drain(5)

    def templates(self, person_id: int) -> list[str]:
        """The templates somebody was written, oldest first."""

        def read(tx: Tx) -> list[str]:
            rows = select(message.c.template).where(message.c.person_id == person_id).order_by(message.c.id)
            return [row.template for row in tx.all(rows)]

        return self.database.read(read)

    def passes(self, **how_long: float) -> None:
        """Let business time pass."""
        self.clock.at += timedelta(**how_long)


def a_trade(folder: Path) -> Trade:
    """A trade with an empty database in the folder."""
    return Trade(db=a_database(folder))
