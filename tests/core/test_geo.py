import math
import random

import pytest

from core.geo import Datum, Point, metres_between, to_gcj02, to_wgs84
from core.travel import Box, StraightLine

CHUNXI_ROAD = Point(30.6574, 104.0817)
TIANFU = Point(30.5500, 104.0660)


def test_a_degree_along_the_equator_is_111_km() -> None:
    assert metres_between(Point(0, 0), Point(0, 1)) == pytest.approx(111_195, rel=1e-4)


def test_the_way_back_is_as_long_and_no_way_is_zero() -> None:
    assert metres_between(CHUNXI_ROAD, TIANFU) == metres_between(TIANFU, CHUNXI_ROAD) > 10_000
    assert metres_between(CHUNXI_ROAD, CHUNXI_ROAD) == 0


def test_the_other_side_of_the_earth_is_no_error() -> None:
    assert metres_between(Point(0, 0), Point(0, 180)) == pytest.approx(math.pi * 6_371_008.8, rel=1e-6)


def test_points_of_two_datums_have_no_distance() -> None:
    with pytest.raises(ValueError, match="two datums"):
        metres_between(CHUNXI_ROAD, to_gcj02(CHUNXI_ROAD))


@pytest.mark.parametrize(("east", "minutes"), [(0, 5), (0.0079, 6), (0.0803, 33), (0.1606, 63)])
def test_travel_takes_20_km_an_hour_three_minutes_to_park_and_five_at_least(east: float, minutes: int) -> None:
    there = Point(CHUNXI_ROAD.lat, CHUNXI_ROAD.lng + east)

    assert StraightLine().minutes(CHUNXI_ROAD, there) == minutes


def test_the_ways_towards_a_place_are_the_ways_between_the_two() -> None:
    towards = StraightLine().towards(TIANFU)

    for north in range(-40, 40):
        place = Point(CHUNXI_ROAD.lat + north / 100, CHUNXI_ROAD.lng - north / 130)
        assert towards(place.lat, place.lng) == StraightLine().minutes(place, TIANFU)


def test_a_road_is_longer_than_the_straight_line_by_the_factor() -> None:
    straight = metres_between(CHUNXI_ROAD, TIANFU)

    assert StraightLine(road_factor=1.5).metres(CHUNXI_ROAD, TIANFU) == round(straight * 1.5)


def test_the_chinese_datum_moves_a_city_by_hundreds_of_metres_and_back_exactly() -> None:
    shown = to_gcj02(CHUNXI_ROAD)
    back = to_wgs84(shown)

    assert shown.datum is Datum.GCJ02
    assert 300 < metres_between(CHUNXI_ROAD, Point(shown.lat, shown.lng)) < 700
    assert back.datum is Datum.WGS84
    assert back.lat == pytest.approx(CHUNXI_ROAD.lat, abs=1e-7)
    assert back.lng == pytest.approx(CHUNXI_ROAD.lng, abs=1e-7)


def test_a_point_already_of_the_datum_asked_for_stays_as_it_is() -> None:
    shown = to_gcj02(CHUNXI_ROAD)

    assert to_gcj02(shown) is shown
    assert to_wgs84(CHUNXI_ROAD) is CHUNXI_ROAD


def test_the_shift_agrees_with_a_known_pair_of_coordinates() -> None:
    # Tiananmen: GPS reads 39.90734 N 116.39089 E where Chinese maps print about 39.90874, 116.39713.
    shown = to_gcj02(Point(39.90734, 116.39089))

    assert shown.lat == pytest.approx(39.90874, abs=2e-4)
    assert shown.lng == pytest.approx(116.39713, abs=2e-4)


def test_london_is_not_shifted() -> None:
    london = Point(51.5074, -0.1278)

    assert to_wgs84(to_gcj02(london)) == london
    assert to_gcj02(london)[:2] == london[:2]


@pytest.mark.parametrize("corner", [(30.5, 104.0), (-0.2, 10.0), (51.3, -0.4), (-33.9, 151.0), (64.0, 20.0)])
def test_no_way_from_a_box_is_longer_than_the_box_says(corner: tuple[float, float]) -> None:
    dice, travel, (south, west) = random.Random(7), StraightLine(), corner
    for _ in range(300):
        box = Box(south, west, south + dice.uniform(0, 0.4), west + dice.uniform(0, 0.4))
        there = Point(south + dice.uniform(-0.3, 0.7), west + dice.uniform(-0.3, 0.7))
        most = travel.at_most(box, there)
        for _ in range(20):
            lat, lng = dice.uniform(box.south, box.north), dice.uniform(box.west, box.east)
            assert travel.minutes(Point(lat, lng), there) <= most
