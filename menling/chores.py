"""What the worker does again and again, and how often."""

import asyncio
from datetime import UTC, datetime

from core import audit, calendar
from core.clock import DemoClock
from core.orders import deadlines
from dialogs.rendering import prepare
from dialogs.turn import retry_due
from gateways import perform_due
from menling.building import Building
from menling.fetching import fetch_due
from menling.sender import Sender
from menling.worker import Chore, Worker, repeating


def build_worker(building: Building) -> tuple[Worker, Sender]:
    """Return the worker of this house, its sender rung by wake-ups as well as by the clock."""
    db, clock, house = building.ground.db, building.ground.clock, building.house
    sender = Sender(building.reception, building.doors, prepare, expected=building.expected)

    async def due_orders() -> int:
        # One order to a unit: units stay short, and no unit locks a technician after another's order.
        return await db.arun(lambda tx: deadlines.due_work(tx, clock.now(), 1))

    async def old_holds() -> int:
        return await db.arun(lambda tx: calendar.sweep_holds(tx, clock.now()))

    async def failed_turns() -> int:
        return await asyncio.to_thread(retry_due, db, house, now=clock.now(), real_now=datetime.now(UTC))

    async def audit_seals() -> int:
        return await db.arun(lambda tx: audit.seal_pending(tx, clock.now()))

    chores = [
        Chore("sender", 0.5, sender.send_due),
        Chore("deadlines", 1, due_orders),
        Chore("holds", 5, old_holds),
        Chore("effects", 1, lambda: perform_due(db, building.gateways, clock)),
        Chore("pictures", 1, lambda: fetch_due(db, building.doors, clock)),
        Chore("inbox", 1, failed_turns),
        Chore("audit", 60, audit_seals),
    ]
    if isinstance(clock, DemoClock):
        chores.append(Chore("demo clock", 1, repeating(lambda: asyncio.to_thread(clock.refresh))))
    building.wakes.on("sender", chores[0].ring)
    return Worker(tuple(chores)), sender
