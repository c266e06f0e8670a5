"""Putting the town of goal 2 into a database: people by their verbs, visits as the rows of booking."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, update

from benchmarks.slots_town import LEAST_STARS, LEAST_YEARS, SERVICE_CELLS, VISITS, WHOLE_CELLS, Town, Visit, Worker, at
from benchmarks.world import Ground
from core import settings, technicians
from core.calendar import Wish
from core.calendar.occupations import cells
from core.calendar.tables import claim, occupation
from core.catalog import Region, Service
from core.db import Tx, insert_into
from core.geo import Point
from core.ids import new_id
from core.invariants import check_invariants
from core.stores import Store
from core.technicians import Preferences, Sex
from core.technicians.tables import technician
from core.travel import TRAVEL
from tests.builders import NOW, a_customer, a_person, a_region, a_service, a_store

_AT_HOME_AFTER = 16
"""Cells: after a longer gap the next way begins at home."""

_OCCUPY = insert_into(occupation)
_CLAIM = insert_into(claim)
_VERSION = (
    update(technician)
    .where(technician.c.id == bindparam("b_id"))
    .values(calendar_version=technician.c.calendar_version + bindparam("visits"))
)


@dataclass(frozen=True, slots=True)
class Filled:
    """A town in a database, and what is asked of it."""

    town: Town
    person_id: int
    service_id: int
    region_id: int
    technician_ids: tuple[int, ...]
    """Of the workers, in their order."""
    order_ids: Mapping[tuple[int, int], int]
    """Of each visit, by the worker's place and the visit's cell."""

    def wish(self, place: Point, minutes: int = 60) -> Wish:
        """Return a wish for anyone whom every filter lets through."""
        return a_wish(self.service_id, self.region_id, place, minutes)

    def wish_of(self, worker: int, visit: Visit) -> Wish:
        """Return the wish that a visit sold fulfils."""
        whom = self.technician_ids[worker]
        return Wish(self.service_id, 60, 15, self.region_id, visit.point.lat, visit.point.lng, technician_id=whom)


def a_wish(service_id: int, region_id: int, place: Point, minutes: int = 60) -> Wish:
    """Return a wish for anyone whom every filter lets through."""
    whom = Preferences(sex=Sex.FEMALE, least_stars=LEAST_STARS, least_years=LEAST_YEARS, certified=True)
    return Wish(service_id, minutes, 15, region_id, place.lat, place.lng, preferences=whom)


def fill(ground: Ground, town: Town) -> Filled:
    """Fill an empty database and check that nothing in it contradicts the rules."""

    def build(tx: Tx) -> Filled:
        settings.change(tx, "horizon_days", 15, NOW)  # the last of the fourteen days lies wholly within it
        premises = _Premises.of(tx)
        ids = tuple(_enrol(tx, premises, number, worker) for number, worker in enumerate(town.workers))
        person = a_customer(tx)
        rows = [row for pair in zip(ids, town.workers, strict=True) for row in _visits(person.id, *pair)]
        tx.execute_many(_OCCUPY, rows)
        tx.execute_many(_CLAIM, (cell for row in rows for cell in _cells(row)))
        tx.execute_many(_VERSION, ({"b_id": one, "visits": VISITS} for one in ids))
        sold = [(number, visit.cell) for number, worker in enumerate(town.workers) for visit in worker.visits]
        orders = dict(zip(sold, (row["order_id"] for row in rows), strict=True))
        return Filled(town, a_customer(tx).id, premises.service.id, premises.region.id, ids, orders)

    filled = ground.db.run(build)
    # Whose visits these are is nobody's business here: there are no orders in this town, and no other fault.
    wrong = [line for line in ground.db.read(check_invariants) if "which does not exist" not in line]
    if wrong:
        raise AssertionError(f"the town on {ground.name} could not have been booked: {wrong[:3]}")
    return filled


@dataclass(frozen=True, slots=True)
class _Premises:
    store: Store
    service: Service
    other_service: Service
    region: Region
    other_region: Region

    @classmethod
    def of(cls, tx: Tx) -> "_Premises":
        store = a_store(tx, opens_minute=0, closes_minute=1440)
        return cls(store, a_service(tx, store), a_service(tx, store), a_region(tx), a_region(tx))


def _enrol(tx: Tx, premises: _Premises, number: int, worker: Worker) -> int:
    enrolled = technicians.enrol(
        tx,
        a_person(tx).id,
        premises.store.id,
        number=number + 1,
        names={"zh-Hans": f"王师傅{number + 1}号", "en": f"Mia {number + 1}"},
        sex=worker.sex,
        base=worker.base,
        service_ids=[(premises.service if worker.skilled else premises.other_service).id],
        region_ids=[(premises.region if worker.serves else premises.other_region).id],
        rota=worker.rota,
        years=worker.years,
        certificates=[{"zh-Hans": "高级按摩师", "en": "Senior masseuse"}] if worker.certified else [],
        stars_sum=worker.stars,
        stars_count=10,
        now=NOW,
    )
    if not worker.on_duty:
        technicians.set_duty(tx, enrolled.id, on=False, now=NOW)
    return enrolled.id


def _visits(person_id: int, technician_id: int, worker: Worker) -> Iterator[dict[str, Any]]:
    """Yield the rows of one technician's visits, in order."""
    place, leg_from, free = worker.base, "base", None
    for visit in worker.visits:
        if free is not None and visit.cell - free >= _AT_HOME_AFTER:
            place, leg_from = worker.base, "base"
        row = {
            "id": new_id(), "technician_id": technician_id, "person_id": person_id, "order_id": new_id(),
            "lead_id": None, "change_id": None, "moving_id": None, "starts_at": at(visit.cell),
            "ends_at": at(visit.cell + SERVICE_CELLS), "free_at": at(visit.cell + WHOLE_CELLS),
            "lat": visit.point.lat, "lng": visit.point.lng,
            "leg_minutes": TRAVEL.minutes(place, visit.point), "leg_metres": TRAVEL.metres(worker.base, visit.point),
            "leg_from": leg_from, "expires_at": None, "first_held_at": NOW,
        }  # fmt: skip
        yield row
        place, leg_from, free = visit.point, str(row["id"]), visit.cell + WHOLE_CELLS


def _cells(row: Mapping[str, Any]) -> Iterator[dict[str, int]]:
    for cell in cells(row["starts_at"], row["free_at"]):
        yield {"technician_id": row["technician_id"], "cell_start": cell, "occupation_id": row["id"]}
