"""Wishes and times with defaults: NOW is Tuesday 10 March 2026, 10:00 in Chengdu; a visit takes 60 + 15 minutes."""

from datetime import UTC, datetime, timedelta
from typing import Any

from core.calendar import Free, Slot, Wish, best_slots, free_starts
from core.db import Tx
from core.geo import Point
from core.technicians import Preferences
from tests.builders import CENTRE, City

TEN_KM_EAST = Point(CENTRE.lat, CENTRE.lng + 0.0803)  # 7.7 km as the crow flies, 10 by road: 33 minutes


def a_wish(city: City, **over: Any) -> Wish:
    facts: dict[str, Any] = {
        "service_id": city.service.id,
        "minutes": city.option.minutes,
        "buffer_minutes": city.service.buffer_minutes,
        "region_id": city.region.id,
        "lat": CENTRE.lat,
        "lng": CENTRE.lng,
        "technician_id": city.technician.id,
    }
    if "sex" in over:
        over["preferences"] = Preferences(sex=over.pop("sex"))
    return Wish(**(facts | over))


def at(clock: str, *, day: int = 11) -> datetime:
    """A local time in Chengdu (UTC+8) in March 2026."""
    hour, minute = (int(part) for part in clock.split(":"))
    return datetime(2026, 3, day, tzinfo=UTC) + timedelta(hours=hour - 8, minutes=minute)


def free_slots(
    tx: Tx, wish: Wish, *, person_id: int, now: datetime, from_at: datetime, until_at: datetime, most: int
) -> tuple[Slot, ...]:
    """The best slot at each of the first free starts: what the page shows when nobody was named."""
    found = free_starts(tx, wish, person_id=person_id, now=now, from_at=from_at, until_at=until_at)
    starts = found.starts[:most] if isinstance(found, Free) else ()
    return best_slots(tx, wish, person_id=person_id, now=now, starts=starts)
