"""What the worker does again and again, and how often."""

import asyncio
import logging
from datetime import UTC, datetime

from core import announcements, audit, calendar, changes, heard, nightly, positions, support, uniting
from core.clock import Clock, DemoClock
from core.db import Database, Tx
from core.invariants import check_invariants
from core.messages import holding, keyboards
from core.orders import confirming, deadlines
from dialogs.outgoing import Outgoing
from dialogs.rendering import prepare
from dialogs.retrying import retry_due
from gateways import perform_due
from menling.building import Building
from menling.fetching import fetch_due
from menling.pacing import Pacer, SharedBucket
from menling.sender import Sender
from menling.texting import Texting
from menling.troubles import Troubles
from menling.worker import Chore, Worker, repeating

_log = logging.getLogger(__name__)


def build_worker(building: Building, *, paced: bool = True) -> tuple[Worker, Sender]:
    """Return the worker of this house, its sender rung by wake-ups as well as by the clock.

    One that is not `paced` writes as fast as it can, for platforms that are played.
    """
    sender = _sender(building, paced=paced)
    first = Chore("sender", 0.5, sender.send_due)
    building.wakes.on("sender", first.ring)
    return Worker((first, *_units(building), *_rounds(building))), sender


def _units(building: Building) -> list[Chore]:
    """Return the chores that are one unit of work each, again until there is nothing left to do."""
    db, clock, zone = building.ground.db, building.ground.clock, building.settings.zone

    def due_orders(tx: Tx) -> int:
        # One order to a unit: units stay short, and no unit locks a technician after another's order.
        return deadlines.due_work(tx, clock.now(), 1)

    def needless_calls(tx: Tx) -> int:
        return confirming.end_calls(tx, now=clock.now())

    def asked_changes(tx: Tx) -> int:
        return changes.due_work(tx, clock.now(), 1)

    def old_holds(tx: Tx) -> int:
        return calendar.sweep_holds(tx, clock.now())

    def joinings(tx: Tx) -> int:
        return uniting.due_work(tx, clock.now())

    def announced(tx: Tx) -> int:
        return announcements.due_work(tx, now=clock.now(), real_now=_real_now())

    def waits_for_a_human(tx: Tx) -> int:
        return support.waiting_over(tx, zone=zone, now=clock.now(), most=1)

    def held_too_long(tx: Tx) -> int:
        return holding.give_up(tx, clock.now())

    def audit_seals(tx: Tx) -> int:
        return audit.seal_pending(tx, clock.now())

    return [
        Chore("deadlines", 1, lambda: db.arun(due_orders)),
        Chore("calls", 10, lambda: db.arun(needless_calls)),
        Chore("changes", 1, lambda: db.arun(asked_changes)),
        Chore("holds", 5, lambda: db.arun(old_holds)),
        Chore("joinings", 1, lambda: db.arun(joinings)),
        Chore("announcements", 1, lambda: db.arun(announced)),
        Chore("support", 5, lambda: db.arun(waits_for_a_human)),
        Chore("held", 60, lambda: db.arun(held_too_long)),
        Chore("audit", 60, lambda: db.arun(audit_seals)),
    ]


def _rounds(building: Building) -> list[Chore]:
    """Return the chores that ask the outside, or take several units a run."""
    db, clock, house = building.ground.db, building.ground.clock, building.house
    troubles = Troubles(db, clock, building.doors, building.shut)

    async def failed_turns() -> int:
        return await asyncio.to_thread(retry_due, db, house, now=clock.now(), real_now=_real_now())

    chores = [
        Chore("effects", 1, lambda: perform_due(db, building.gateways, clock)),
        Chore("pictures", 1, lambda: fetch_due(db, building.doors, clock)),
        Chore("inbox", 1, failed_turns),
        Chore("positions", 5, lambda: end_positions(building)),
        Chore("keyboards", 5, lambda: end_keyboards(building)),
        Chore("bills", 5, lambda: show_bills(building)),
        Chore("troubles", 30, repeating(troubles.look)),
        Chore("nightly", 60, repeating(lambda: look_over(db, clock, building.settings.zone))),
    ]
    if isinstance(clock, DemoClock):
        chores.append(Chore("demo clock", 1, repeating(lambda: asyncio.to_thread(clock.refresh))))
    return chores


def _real_now() -> datetime:
    return datetime.now(UTC)


def _sender(building: Building, *, paced: bool) -> Sender:
    settings, sms = building.settings, building.gateways.sms
    texts = settings.sms_notes and (sms.real or not settings.production)  # what is only written down reaches nobody
    pacer = Pacer(SharedBucket(building.redis)) if paced else None

    def debit(reply: Outgoing) -> None:
        door = building.doors.get(reply.channel)
        if pacer is not None and door is not None and door.pace is not None:
            pacer.debit(reply, door.pace)

    building.reception.on_reply(debit)
    building.sender = Sender(
        building.reception,
        building.doors,
        prepare,
        expected=building.expected,
        pacer=pacer,
        texting=Texting(building.ground.db, sms) if texts else None,
    )
    return building.sender


async def end_positions(building: Building) -> int:
    """Take away the positions of whoever is on the way no more, and their maps where those can be reached."""
    if building.telegram is not None:
        return await building.telegram.end_positions()
    now = building.ground.clock.now()
    return await building.ground.db.arun(lambda tx: positions.sweep(tx, now=now, most=20))


async def end_keyboards(building: Building) -> int:
    """Take away the buttons in Telegram's chats whose order has moved on."""
    return 0 if building.telegram is None else await building.telegram.end_keyboards()


async def show_bills(building: Building) -> int:
    """Show the bills in Telegram that are owed, where the bill is the only way to pay."""
    return 0 if building.telegram is None else await building.telegram.show_bills()


async def look_over(db: Database, clock: Clock, zone: str) -> list[str] | None:
    """Check once a local night that everything holds; what does not goes to the log and a ticket. None: not due."""
    now, real_now = clock.now(), _real_now()
    night = nightly.night_of(now, zone)
    if not await db.aread(lambda tx: nightly.is_due(tx, night=night, real_now=real_now)):
        return None
    if not await db.arun(lambda tx: nightly.begin(tx, night=night, real_now=real_now)):
        return None
    while await db.arun(lambda tx: heard.forget_old(tx, now)):
        pass  # a portion a unit: units stay short
    await db.arun(lambda tx: keyboards.forget_old(tx, now=now))
    findings = await db.aread(check_invariants)
    for finding in findings:
        _log.error("something does not hold", extra={"finding": finding})
    await db.arun(lambda tx: nightly.finish(tx, findings, night=night, now=now, real_now=real_now))
    return findings
