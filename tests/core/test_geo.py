import math

import pytest

from core.geo import ROAD_FACTOR, Point, gcj02_to_wgs84, metres, travel_minutes, wgs84_to_gcj02

CHUNXI_ROAD = Point(30.6574, 104.0817)


def test_a_degree_along_the_equator_is_111_km_and_the_road_is_longer() -> None:
    assert metres(Point(0, 0), Point(0, 1)) == pytest.approx(111_195 * ROAD_FACTOR, rel=1e-4)


def test_the_way_back_is_as_long_and_no_way_is_zero() -> None:
    tianfu = Point(30.5500, 104.0660)

    assert metres(CHUNXI_ROAD, tianfu) == metres(tianfu, CHUNXI_ROAD) > 10_000
    assert metres(CHUNXI_ROAD, CHUNXI_ROAD) == 0


def test_the_other_side_of_the_earth_is_no_error() -> None:
    assert metres(Point(0, 0), Point(0, 180)) == pytest.approx(math.pi * 6_371_008.8 * ROAD_FACTOR, rel=1e-6)


@pytest.mark.parametrize(("distance", "minutes"), [(0, 5), (600, 5), (1000, 6), (10_000, 33), (20_000, 63)])
def test_travel_takes_20_km_an_hour_three_minutes_to_park_and_five_at_least(distance: int, minutes: int) -> None:
    assert travel_minutes(distance) == minutes


def test_the_chinese_datum_moves_a_city_by_hundreds_of_metres_and_back_exactly() -> None:
    shown = wgs84_to_gcj02(CHUNXI_ROAD)
    back = gcj02_to_wgs84(shown)

    assert 300 < metres(CHUNXI_ROAD, shown) / ROAD_FACTOR < 700
    assert back.lat == pytest.approx(CHUNXI_ROAD.lat, abs=1e-7)
    assert back.lng == pytest.approx(CHUNXI_ROAD.lng, abs=1e-7)


def test_the_shift_agrees_with_a_known_pair_of_coordinates() -> None:
    # Tiananmen: GPS reads 39.90734 N 116.39089 E where Chinese maps print about 39.90874, 116.39713.
    shown = wgs84_to_gcj02(Point(39.90734, 116.39089))

    assert shown.lat == pytest.approx(39.90874, abs=2e-4)
    assert shown.lng == pytest.approx(116.39713, abs=2e-4)


def test_london_is_not_shifted() -> None:
    london = Point(51.5074, -0.1278)

    assert wgs84_to_gcj02(london) == london == gcj02_to_wgs84(london)
