"""Places on the earth: distances by road as far as they can be guessed without a map, and China's shifted datum."""

from math import asin, cos, pi, radians, sin, sqrt
from typing import NamedTuple

ROAD_FACTOR = 1.3
"""How much longer a city road is than the straight line."""

CITY_METRES_PER_HOUR = 20_000
PARKING_MINUTES = 3
LEAST_MINUTES = 5

_EARTH_METRES = 6_371_008.8
# The ellipsoid and eccentricity that the GCJ-02 shift is defined on (Krasovsky 1940).
_KRASOVSKY_A = 6_378_245.0
_KRASOVSKY_EE = 0.00669342162296594323


class Point(NamedTuple):
    """Latitude and longitude in degrees, datum WGS84 wherever we keep it."""

    lat: float
    lng: float


def metres(a: Point, b: Point) -> int:
    """Return the guessed road distance in metres: great circle times the road factor."""
    half_lat, half_lng = radians(b.lat - a.lat) / 2, radians(b.lng - a.lng) / 2
    chord = sin(half_lat) ** 2 + cos(radians(a.lat)) * cos(radians(b.lat)) * sin(half_lng) ** 2
    return round(2 * _EARTH_METRES * asin(min(1.0, sqrt(chord))) * ROAD_FACTOR)


def travel_minutes(distance: int) -> int:
    """Return whole minutes for a road distance in metres: 20 km/h in town plus parking, at least five."""
    return max(LEAST_MINUTES, -(-distance * 60 // CITY_METRES_PER_HOUR) + PARKING_MINUTES)


def in_china(point: Point) -> bool:
    """Whether the datum of Chinese maps applies: the box in which GCJ-02 is shifted from WGS84."""
    return 72.004 <= point.lng <= 137.8347 and 0.8293 <= point.lat <= 55.8271


def wgs84_to_gcj02(point: Point) -> Point:
    """Return the point as Chinese map and location services name it; outside China unchanged."""
    if not in_china(point):
        return point
    lat_shift, lng_shift = _shift(point)
    return Point(point.lat + lat_shift, point.lng + lng_shift)


def gcj02_to_wgs84(point: Point) -> Point:
    """Return the true point of one named by a Chinese service, to within a centimetre; outside China unchanged."""
    if not in_china(point):
        return point
    guess = point
    for _ in range(5):  # the shift has no closed inverse; each step gains about three digits
        shown = wgs84_to_gcj02(guess)
        guess = Point(guess.lat + point.lat - shown.lat, guess.lng + point.lng - shown.lng)
    return guess


def _shift(point: Point) -> tuple[float, float]:
    x, y = point.lng - 105.0, point.lat - 35.0
    lat = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x))
    lat += _waves(x, 6.0, 20.0, 2.0, 20.0) + _waves(y, 1.0, 20.0, 1 / 3, 40.0) + _waves(y, 1 / 12, 160.0, 1 / 30, 320.0)
    lng = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x))
    lng += _waves(x, 6.0, 20.0, 2.0, 20.0) + _waves(x, 1.0, 20.0, 1 / 3, 40.0) + _waves(x, 1 / 12, 150.0, 1 / 30, 300.0)
    magic = 1 - _KRASOVSKY_EE * sin(radians(point.lat)) ** 2
    lat_radius = _KRASOVSKY_A * (1 - _KRASOVSKY_EE) / (magic * sqrt(magic))
    lng_radius = _KRASOVSKY_A / sqrt(magic) * cos(radians(point.lat))
    return lat * 180.0 / (lat_radius * pi), lng * 180.0 / (lng_radius * pi)


def _waves(at: float, first: float, first_size: float, second: float, second_size: float) -> float:
    """Two sines of the published shift, two thirds of their sizes."""
    return (first_size * sin(first * at * pi) + second_size * sin(second * at * pi)) * 2.0 / 3.0
