"""Places on the earth: points that carry their datum, the distance between two, and China's shifted datum."""

from enum import StrEnum
from math import asin, cos, pi, radians, sin, sqrt
from typing import NamedTuple

EARTH_METRES = 6_371_008.8
# The ellipsoid and eccentricity that the GCJ-02 shift is defined on (Krasovsky 1940).
_KRASOVSKY_A = 6_378_245.0
_KRASOVSKY_EE = 0.00669342162296594323


class Datum(StrEnum):
    """What a pair of degrees is measured against; in China maps are shifted by a few hundred metres."""

    WGS84 = "wgs84"  # GPS, browsers, Telegram, and everything we keep
    GCJ02 = "gcj02"  # WeChat and the Chinese map services


class Point(NamedTuple):
    """Latitude and longitude in degrees, with the datum they are measured against."""

    lat: float
    lng: float
    datum: Datum = Datum.WGS84


def metres_between(a: Point, b: Point) -> float:
    """Return the great-circle distance in metres; ValueError when the two are measured against different datums."""
    if a.datum is not b.datum:
        raise ValueError("points of two datums have no distance: convert one first")
    half_lat, half_lng = radians(b.lat - a.lat) / 2, radians(b.lng - a.lng) / 2
    chord = sin(half_lat) ** 2 + cos(radians(a.lat)) * cos(radians(b.lat)) * sin(half_lng) ** 2
    return 2 * EARTH_METRES * asin(min(1.0, sqrt(chord)))


def in_china(point: Point) -> bool:
    """Whether the datum of Chinese maps applies: the box in which GCJ-02 is shifted from WGS84."""
    return 72.004 <= point.lng <= 137.8347 and 0.8293 <= point.lat <= 55.8271


def to_gcj02(point: Point) -> Point:
    """Return the point as Chinese map services name it; outside China the figures stay the same."""
    if point.datum is Datum.GCJ02:
        return point
    lat_shift, lng_shift = _shift(point) if in_china(point) else (0.0, 0.0)
    return Point(point.lat + lat_shift, point.lng + lng_shift, Datum.GCJ02)


def to_wgs84(point: Point) -> Point:
    """Return the true point of one named by a Chinese service, to within a centimetre; others as they are."""
    if point.datum is Datum.WGS84:
        return point
    guess = Point(point.lat, point.lng)
    if not in_china(guess):
        return guess
    for _ in range(5):  # the shift has no closed inverse; each step gains about three digits
        shown = to_gcj02(guess)
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
