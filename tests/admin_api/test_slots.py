"""The operator at the phone: what is free, with whom, for how much; and why nothing is."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from core import calendar, catalog, settings
from core.calendar import CouldNotCheck
from core.db import DatabaseBusy, Tx
from core.geo import Point
from core.orders import placing
from core.technicians import Sex, set_duty
from tests.admin_api.conftest import Office, code_of
from tests.builders import CENTRE, NOW, City, a_customer, a_technician
from tests.visits import STARTS_AT, a_plan, an_order

EAST = Point(CENTRE.lat, CENTRE.lng + 0.0703)  # nine kilometres by road


def local(clock: str, day: int = 11) -> str:
    """A local time in Chengdu in March 2026, as the API writes it."""
    hour, minute = (int(part) for part in clock.split(":"))
    at = datetime(2026, 3, day, tzinfo=UTC) + timedelta(hours=hour - 8, minutes=minute)
    return at.isoformat().replace("+00:00", "Z")


def query(city: City, **over: Any) -> str:
    asked = {
        "option_id": city.option.id,
        "region_id": city.region.id,
        "from_at": local("14:00"),
        "until_at": local("17:00"),
    }
    return urlencode({name: value for name, value in (asked | over).items() if value is not None})


def search(office: Office, city: City, **over: Any) -> dict[str, Any]:
    answer = office.get(f"/slots?{query(city, **over)}", by="finn")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def starts(found: dict[str, Any]) -> list[str]:
    return [slot["starts_at"] for slot in found["slots"]]


def a_far_technician(tx: Tx, city: City, **over: Any) -> int:
    return a_technician(tx, city, base=EAST, **over).id


def test_free_starts_come_in_order_with_technician_facts_and_price(office: Office, city: City) -> None:
    office.db.run(lambda tx: an_order(tx, city))  # 15:00 to 16:15 with the buffer

    found = search(office, city, until_at=local("18:00"))

    assert found["zone"] == "Asia/Shanghai"
    assert found["full"] is None
    assert starts(found) == [local("16:30"), local("16:45"), *(local(f"17:{m}") for m in ("00", "15", "30", "45"))]
    first = found["slots"][0]
    assert first["ends_at"] == local("17:30")
    assert first["technician"]["id"] == str(city.technician.id)
    assert first["technician"]["number"] == city.technician.number
    assert [fact["fact"] for fact in first["facts"]] == ["near", "rated"]
    assert first["companions"] == []


def test_the_price_of_a_slot_is_what_an_order_of_it_is_quoted_at(office: Office, city: City) -> None:
    far = office.db.run(lambda tx: a_far_technician(tx, city))
    late = local("22:00")
    found = search(office, city, technician_id=far, from_at=late, until_at=local("22:15"))

    plan = a_plan(city, technician_id=far, starts_at=datetime.fromisoformat(late), lat=CENTRE.lat, lng=CENTRE.lng)
    quote = office.db.run(lambda tx: placing.preview(tx, city.customer.id, plan, NOW)).quote

    told = found["slots"][0]["price"]
    assert {one["code"]: one["amount"]["minor"] for one in told["items"]} == {
        item.code: item.minor for item in quote.items if item.code != "coupon"
    }
    assert {"base", "fare", "night"} == {one["code"] for one in told["items"]}
    assert told["total"] == {"minor": quote.total_minor + quote.discount_minor, "currency": "CNY"}


def test_the_best_at_each_start_or_several_of_them(office: Office, city: City) -> None:
    far = office.db.run(lambda tx: a_far_technician(tx, city))

    best = search(office, city, most=2)
    both = search(office, city, each=2, most=3)

    assert [slot["technician"]["id"] for slot in best["slots"]] == [str(city.technician.id)] * 2
    assert [(slot["starts_at"], slot["technician"]["id"]) for slot in both["slots"]] == [
        (local("14:00"), str(city.technician.id)),
        (local("14:00"), str(far)),
        (local("14:15"), str(city.technician.id)),
    ]


def test_filters_leave_those_who_meet_them(office: Office, city: City) -> None:
    def two(tx: Tx) -> tuple[int, int]:
        him = a_technician(tx, city, sex=Sex.MALE, stars=(30, 10)).id
        return him, a_technician(tx, city, stars=(50, 10), certificates=[{"zh-Hans": "健康证"}]).id

    him, star = office.db.run(two)

    def who(**over: Any) -> set[str]:
        return {slot["technician"]["id"] for slot in search(office, city, each=9, most=50, **over)["slots"]}

    assert who() == {str(city.technician.id), str(him), str(star)}
    assert who(sex="male") == {str(him)}
    assert who(least_stars=4.9) == {str(star)}
    assert who(certified=True) == {str(star)}
    assert who(technician_id=him) == {str(him)}
    assert search(office, city, least_years=6)["full"]["rule"] == "preferences"


def test_the_most_to_pay_counts_fare_and_night_to_the_fen(office: Office, city: City) -> None:
    far = office.db.run(lambda tx: a_far_technician(tx, city))
    evening = {"from_at": local("21:30"), "until_at": local("22:15"), "each": 2, "most": 50}

    def priced(**over: Any) -> set[tuple[str, str, int]]:
        return {
            (slot["starts_at"], slot["technician"]["id"], slot["price"]["total"]["minor"])
            for slot in search(office, city, **evening, **over)["slots"]
        }

    everything = priced()
    totals = sorted({total for _, _, total in everything})
    assert {who for _, who, _ in everything} == {str(city.technician.id), str(far)}
    assert len(totals) == 4  # near and far, by day and by night
    for total in totals:
        for most in (total - 1, total):
            assert priced(most_minor=most) == {one for one in everything if one[2] <= most}


def test_full_names_the_rule_and_the_nearest_slot(office: Office, city: City) -> None:
    early = search(office, city, from_at=local("05:00"), until_at=local("08:00"))

    assert early["slots"] == []
    assert early["full"]["rule"] == "hours"
    assert early["full"]["nearest"]["starts_at"] == local("09:00")
    assert early["full"]["nearest"]["price"]["total"]["currency"] == "CNY"


def test_full_because_others_have_it_names_no_rule(office: Office, city: City) -> None:
    office.db.run(lambda tx: an_order(tx, city))

    taken = search(office, city, from_at=local("15:00"), until_at=local("15:15"))

    assert taken["full"]["rule"] is None
    assert taken["full"]["nearest"]["starts_at"] == local("13:30")


def test_full_with_nobody_at_all_has_no_nearest(office: Office, city: City) -> None:
    office.db.run(lambda tx: set_duty(tx, city.technician.id, on=False, now=NOW))

    assert search(office, city)["full"] == {"rule": "technician", "nearest": None}
    assert search(office, city, most_minor=0)["full"]["nearest"] is None


def test_too_little_money_is_full_by_preference_whatever_the_hour(office: Office, city: City) -> None:
    for hours in (("14:00", "17:00"), ("21:00", "23:00"), ("22:00", "22:15")):
        found = search(office, city, most_minor=100, from_at=local(hours[0]), until_at=local(hours[1]))
        assert found["full"] == {"rule": "preferences", "nearest": None}

    night = search(office, city, most_minor=20400, from_at=local("22:00"), until_at=local("22:15"))
    assert night["full"]["rule"] == "preferences"
    assert night["full"]["nearest"]["starts_at"] == local("21:45")


def test_a_point_finds_its_region_and_one_nobody_serves_is_full(office: Office, city: City) -> None:
    here = search(office, city, region_id=None, lat=CENTRE.lat + 0.01, lng=CENTRE.lng)
    nowhere = search(office, city, region_id=None, lat=0, lng=0)

    assert here["slots"][0]["leg_metres"] > search(office, city)["slots"][0]["leg_metres"]
    assert nowhere["full"] == {"rule": "region", "nearest": None}


def test_somebody_elses_hold_is_in_the_way_until_it_lapses(office: Office, city: City) -> None:
    customer = office.db.run(a_customer)
    office.db.run(lambda tx: placing.preview(tx, customer.id, a_plan(city), NOW))
    asked = {"from_at": local("15:00"), "until_at": local("15:15")}

    held = search(office, city, **asked)
    office.clock.at = NOW + timedelta(minutes=6)

    assert held["full"]["rule"] is None
    assert starts(search(office, city, **asked)) == [local("15:00")]


def test_quantity_and_crew_follow_from_the_option(office: Office, city: City) -> None:
    other = office.db.run(lambda tx: a_technician(tx, city)).id

    def options(tx: Tx) -> tuple[int, int]:
        many, pair = (
            catalog.add_option(
                tx, city.service.id, code=code, names={"en": code}, minutes=30, price_minor=5000, position=9, **over
            )
            for code, over in (("many", {"most": 3}), ("pair", {"crew": 2}))
        )
        return many.id, pair.id

    many, pair = office.db.run(options)

    three = search(office, city, option_id=many, quantity=3)["slots"][0]
    four_hands = search(office, city, option_id=pair)["slots"][0]
    too_many = office.get(f"/slots?{query(city, option_id=many, quantity=4)}")

    assert three["ends_at"] == local("15:30")
    assert three["price"]["items"][0]["amount"]["minor"] == 15000
    assert {four_hands["technician"]["id"], four_hands["companions"][0]["id"]} == {str(city.technician.id), str(other)}
    assert (too_many.status_code, code_of(too_many)) == (422, "invalid_input")


def test_without_times_it_is_a_week_from_now(office: Office, city: City) -> None:
    found = search(office, city, from_at=None, until_at=None, most=50)

    assert starts(found)[0] == local("11:00", day=10)  # an hour's notice
    assert len(found["slots"]) == 50


@pytest.mark.parametrize("why", [CouldNotCheck(), DatabaseBusy("gave up")])
def test_could_not_check_is_not_full(
    office: Office, city: City, monkeypatch: pytest.MonkeyPatch, why: Exception
) -> None:
    def fails(*_: Any, **__: Any) -> None:
        raise why

    monkeypatch.setattr(calendar, "free_starts", fails)
    for path in (f"/slots?{query(city)}", month(city)):
        answer = office.get(path)
        assert (answer.status_code, code_of(answer)) == (503, "could_not_check")
        assert answer.headers["retry-after"] == "1"


@pytest.mark.parametrize(
    "over",
    [
        {"option_id": None},
        {"option_id": "x"},
        {"region_id": None},
        {"region_id": None, "lat": 30.6},
        {"lat": 91, "lng": 0},
        {"lat": "NaN", "lng": 0},
        {"from_at": "2026-03-11T14:00:00"},
        {"from_at": local("17:00")},
        {"until_at": "2026-04-11T06:15:00Z"},
        {"most": 51},
        {"most": 0},
        {"each": 11},
        {"quantity": 0},
        {"quantity": 2},
        {"sex": "other"},
        {"least_stars": 6},
        {"least_years": -1},
        {"most_minor": -1},
        {"until": "now"},
    ],
)
def test_what_makes_no_sense_is_invalid(office: Office, city: City, over: dict[str, Any]) -> None:
    answer = office.get(f"/slots?{query(city, **over)}")

    assert (answer.status_code, code_of(answer)) == (422, "invalid_input")


@pytest.mark.parametrize("name", ["option_id", "region_id"])
def test_an_option_or_a_region_that_is_not_there_is_not_found(office: Office, city: City, name: str) -> None:
    answer = office.get(f"/slots?{query(city, **{name: 1})}")

    assert (answer.status_code, code_of(answer)) == (404, "not_found")


def month(city: City, which: str = "2026-03", **over: Any) -> str:
    asked = {"option_id": city.option.id, "region_id": city.region.id, "month": which} | over
    return f"/technicians/{city.technician.id}/slots?{urlencode(asked)}"


def test_a_month_counts_the_free_starts_of_each_local_day(office: Office, city: City) -> None:
    before = office.get(month(city)).json()
    office.db.run(lambda tx: an_order(tx, city))
    after = office.get(month(city)).json()

    count = {one["day"]: one["free_starts"] for one in before["days"]}
    assert len(count) == 31
    assert count["2026-03-09"] == 0
    assert count["2026-03-10"] == 45  # 11:00, with the notice, to 22:00
    assert count["2026-03-11"] == 53  # 09:00 to 22:00
    assert count["2026-03-23"] == 53
    assert count["2026-03-25"] == 0  # beyond the horizon
    assert before["full"] is None
    assert {one["day"] for one, other in zip(before["days"], after["days"], strict=True) if one != other} == {
        STARTS_AT.date().isoformat()
    }


def test_a_month_beyond_the_horizon_says_so_and_what_is_nearest(office: Office, city: City) -> None:
    later = office.get(month(city, "2026-12")).json()

    assert len(later["days"]) == 31
    assert later["full"]["rule"] == "horizon"
    assert later["full"]["nearest"]["starts_at"] == local("10:00", day=24)


def test_a_month_of_nobody_or_no_month_at_all(office: Office, city: City) -> None:
    nobody = office.get(month(city).replace(str(city.technician.id), "1"))
    wrong = [office.get(month(city, which)) for which in ("2026-13", "2026-3", "1999-12", "")]

    assert (nobody.status_code, code_of(nobody)) == (404, "not_found")
    assert {(answer.status_code, code_of(answer)) for answer in wrong} == {(422, "invalid_input")}


def test_a_change_of_the_night_fee_moves_what_the_money_reaches(office: Office, city: City) -> None:
    asked = {"from_at": local("22:00"), "until_at": local("22:15"), "most_minor": 20400}
    assert search(office, city, **asked)["slots"] == []

    office.db.run(lambda tx: settings.change(tx, "night_fee_minor", 0, NOW))

    assert starts(search(office, city, **asked)) == [local("22:00")]
