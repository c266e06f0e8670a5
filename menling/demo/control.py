"""What the page of a demo may do: sit down as a technician, send a place of the city, move the clock."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta

from bots.web import DemoPlace, DemoTechnician
from core.clock import DemoClock
from menling.demo.data import DemoCity, PlaceKind


class CityControl:
    """The demo control of the page, furnished from the demo's city."""

    def __init__(self, city: DemoCity, clock: DemoClock, moved: Callable[[], None]) -> None:
        self._clock = clock
        self._moved = moved
        self.technicians: Sequence[DemoTechnician] = tuple(
            DemoTechnician(technician.code, technician.names.by_language()) for technician in city.technicians
        )
        homes = [place for place in city.places if place.kind is PlaceKind.COMPOUND]
        self.places: Sequence[DemoPlace] = tuple(
            DemoPlace(place.names.by_language(), place.lat, place.lng) for place in homes
        )

    async def advance(self, minutes: int) -> None:
        """Move the demo's clock forward for every process, and have what became due looked for at once."""
        await asyncio.to_thread(self._clock.advance, timedelta(minutes=minutes))
        self._moved()
