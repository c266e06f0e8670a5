"""The way between two places: a port for what knows roads, and the guess that stands behind it by default.

A routing service would be asked by an effect and answer from a table of its own here; nothing inside a unit of work
waits for a network.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import asin, ceil, cos, pi, radians, sin, sqrt
from typing import NamedTuple, Protocol

from core.geo import EARTH_METRES, Point, metres_between


class Box(NamedTuple):
    """All places between two latitudes and two longitudes (WGS84)."""

    south: float
    west: float
    north: float
    east: float


class Travel(Protocol):
    """Tells how far and how long a way is. The same two points always give the same answer within one unit."""

    @property
    def least_minutes(self) -> int:
        """No way is shorter than this."""
        ...

    def metres(self, a: Point, b: Point) -> int:
        """Return the road distance in metres: what a fare is reckoned on."""
        ...

    def minutes(self, a: Point, b: Point) -> int:
        """Return whole minutes from door to door: what a technician needs between two visits."""
        ...

    def towards(self, there: Point) -> Callable[[float, float], int]:
        """Return what tells the minutes from a latitude and longitude (WGS84) to there: a search asks it often."""
        ...

    def at_most(self, box: Box, there: Point) -> int:
        """Return minutes that no way from anywhere in a box to there exceeds: saves asking for each."""
        ...


@dataclass(frozen=True, slots=True)
class StraightLine:
    """The straight line times a road factor, at the speed of a city, plus the time to park; never less than `least`."""

    road_factor: float = 1.3
    metres_per_hour: int = 20_000
    parking_minutes: int = 3
    least_minutes: int = 5

    def metres(self, a: Point, b: Point) -> int:
        return round(metres_between(a, b) * self.road_factor)

    def minutes(self, a: Point, b: Point) -> int:
        return self._minutes(self.metres(a, b))

    def towards(self, there: Point) -> Callable[[float, float], int]:
        # The same reckoning as `metres_between`, with what is known of one end worked out once.
        lat, lng, flat, reach = there.lat, there.lng, cos(radians(there.lat)), 2 * EARTH_METRES
        factor, minutes = self.road_factor, self._minutes

        def way(from_lat: float, from_lng: float) -> int:
            half_lat, half_lng = radians(lat - from_lat) / 2, radians(lng - from_lng) / 2
            chord = sin(half_lat) ** 2 + cos(radians(from_lat)) * flat * sin(half_lng) ** 2
            return minutes(round(reach * asin(min(1.0, sqrt(chord))) * factor))

        return way

    def at_most(self, box: Box, there: Point) -> int:
        # The distance grows with either difference, and with the nearness of the latitude to the equator.
        half_lat = radians(max(abs(there.lat - box.south), abs(there.lat - box.north))) / 2
        half_lng = radians(max(abs(there.lng - box.west), abs(there.lng - box.east))) / 2
        widest = 1.0 if box.south < 0 < box.north else max(cos(radians(box.south)), cos(radians(box.north)))
        chord = sin(half_lat) ** 2 + widest * cos(radians(there.lat)) * sin(min(half_lng, pi / 2)) ** 2
        return self._minutes(ceil(2 * EARTH_METRES * asin(min(1.0, sqrt(chord))) * self.road_factor))

    def _minutes(self, metres: int) -> int:
        driving = -(-metres * 60 // self.metres_per_hour)
        return max(self.least_minutes, driving + self.parking_minutes)


TRAVEL: Travel = StraightLine()
"""What every calendar and fare goes by: one figure for the leg that is kept free and for the fare that is charged."""
