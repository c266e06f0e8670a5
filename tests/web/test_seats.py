"""Who sits at the page: signed cookies, a demo's technicians, and signing in by a code."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from starlette.requests import Request
from starlette.responses import Response

from bots.web.demo import minutes_until
from bots.web.seats import CookieJar, Seat, SeatName
from core import people
from core.db import Tx
from core.effects import EffectKind
from core.effects.sms import open_sms
from core.effects.work import claim_due
from tests.builders import NOW, ZONE
from tests.web.conftest import OURS, Opens, code_of
from tests.web.scripted import Page, a_page

PHONE = "+8613800138000"


def test_a_browser_keeps_its_seat(page: Page, browser: Opens) -> None:
    client = browser(page)
    before = client.cookies["menling_customer"]

    client.get("/web/start")

    assert client.cookies["menling_customer"] == before


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(page: Page, bare: Opens) -> None:
    cookies = bare(page).get("/web/start").headers.get_list("set-cookie")

    assert all("HttpOnly" in cookie and "SameSite=lax" in cookie and "Path=/" in cookie for cookie in cookies)


def test_in_production_the_cookie_belongs_to_this_host_and_to_https(tmp_path: Path, bare: Opens) -> None:
    page = a_page(tmp_path, demo=False, production=True)

    started = bare(page, base_url="https://menling.example").get("/web/start")
    (cookie,) = started.headers.get_list("set-cookie")

    assert cookie.startswith("__Host-menling_customer=")
    assert "Secure" in cookie
    page.db.close()


@pytest.mark.parametrize(
    "forge",
    [
        lambda value: value[:-1] + ("A" if value[-1] != "A" else "B"),
        lambda value: value.replace("page.", "demo.", 1),
        lambda value: ".".join(["page", "somebody-else", *value.split(".")[2:]]),
        lambda value: ".".join([*value.split(".")[:2], "99999999999", value.split(".")[3]]),
        lambda value: value.rpartition(".")[0],
        lambda _: "",
        lambda _: "a.b.c.d",
        lambda _: "x" * 5000,
    ],
)
def test_a_forged_cookie_is_no_seat(page: Page, browser: Opens, bare: Opens, forge: Callable[[str], str]) -> None:
    client = browser(page)
    forged = forge(client.cookies["menling_customer"])

    thief = bare(page, headers={**OURS, "Cookie": f"menling_customer={forged}"})
    answer = thief.post("/web/customer/say", json={"id": "as-another", "text": "hi"})

    assert (answer.status_code, code_of(answer)) == (401, "no_seat")
    assert thief.get("/web/customer/lines").status_code == 401
    assert thief.get("/web/customer/stream").status_code == 401


def test_a_customers_cookie_is_no_technicians_cookie(page: Page, browser: Opens, bare: Opens) -> None:
    client = browser(page)
    value = client.cookies["menling_customer"]

    thief = bare(page, headers={**OURS, "Cookie": f"menling_technician={value}"})

    assert thief.get("/web/technician/lines").status_code == 401


def test_a_cookie_of_another_secret_or_of_half_a_year_ago_is_no_seat() -> None:
    ours, other = CookieJar(b"a" * 32, production=False), CookieJar(b"b" * 32, production=False)
    seat = Seat(SeatName.CUSTOMER, "page", "somebody", NOW)

    def read(jar: CookieJar, at: timedelta) -> Seat | None:
        answer = Response()
        ours.write(answer, seat)
        cookie = answer.headers["set-cookie"].split(";")[0].encode()
        return jar.read(Request({"type": "http", "headers": [(b"cookie", cookie)]}), SeatName.CUSTOMER, NOW + at)

    assert read(ours, timedelta(days=179)) == seat
    assert read(ours, timedelta(days=181)) is None
    assert read(other, timedelta()) is None


def test_a_demos_technician_has_no_seat_outside_the_demo(
    page: Page, plain_page: Page, browser: Opens, bare: Opens
) -> None:
    cookie = browser(page).cookies["menling_technician"]

    thief = bare(plain_page, headers={**OURS, "Cookie": f"menling_technician={cookie}"})

    assert thief.get("/web/technician/lines").status_code == 401


def test_in_a_demo_one_sits_down_as_any_technician_or_as_an_applicant(page: Page, browser: Opens) -> None:
    client = browser(page)

    def sender_after(code: str) -> str:
        assert client.post("/web/technician/seat", json={"code": code}).json() == {"seat": "technician", "code": code}
        client.post("/web/technician/say", json={"id": f"sitting-as-{code}", "text": "hi"})
        return page.reception.came[-1].sender

    assert sender_after("li") == "technician-li"
    assert sender_after("wang") == "technician-wang"
    assert not sender_after("").startswith("technician-")
    assert client.post("/web/technician/seat", json={"code": "nobody"}).status_code == 404


def test_outside_a_demo_there_is_no_chair_to_take_and_no_clock_to_move(plain_page: Page, browser: Opens) -> None:
    client = browser(plain_page)

    started = client.get("/web/start").json()

    assert [seat["seat"] for seat in started["seats"]] == ["customer"]
    assert (started["demo"], started["technicians"], started["places"]) == (False, [], [])
    assert client.post("/web/technician/seat", json={"code": "wang"}).status_code == 404
    assert client.post("/demo/clock", json={"minutes": 15}).status_code == 404


def test_in_a_demo_nobody_signs_in(page: Page, browser: Opens) -> None:
    assert browser(page).post("/web/sign-in", json={"phone": PHONE, "code": "123456"}).status_code == 404


def test_the_demos_clock_moves_by_minutes_and_to_the_next_morning(page: Page, browser: Opens) -> None:
    client = browser(page)
    before = page.clock.ahead

    client.post("/demo/clock", json={"minutes": 15})
    assert page.clock.ahead - before == timedelta(minutes=15)

    client.post("/demo/clock", json={"until": "09:00"})
    there = page.clock.now().astimezone(ZoneInfo(ZONE))
    assert (there.hour, there.minute) == (9, 0)


@pytest.mark.parametrize("move", [{"minutes": 0}, {}, {"minutes": -5}, {"until": "9 o'clock"}, {"minutes": 10**9}])
def test_the_demos_clock_never_moves_back_or_far_away(page: Page, browser: Opens, move: dict[str, object]) -> None:
    answer = browser(page).post("/demo/clock", json=move)

    assert answer.status_code == 422
    assert code_of(answer) in {"clock_backwards", "malformed"}
    assert page.clock.ahead == timedelta()


def test_nine_tomorrow_is_nine_where_the_visits_are() -> None:
    assert minutes_until("09:00", now=NOW, zone="Asia/Shanghai") == 23 * 60  # NOW is 10:00 there
    assert minutes_until("09:00", now=NOW, zone="UTC") == 31 * 60


def test_a_technician_signs_in_with_the_code_sent_to_the_known_phone(plain_page: Page, browser: Opens) -> None:
    person_id = plain_page.db.run(lambda tx: _somebody_with_a_phone(tx, plain_page))
    client = browser(plain_page)

    assert client.post("/web/sign-in/code", json={"phone": "138 0013 8000"}).status_code == 200
    code = plain_page.db.run(lambda tx: _code_sent(tx, plain_page))
    wrong = client.post("/web/sign-in", json={"phone": "13800138000", "code": "000000" if code != "000000" else "1"})
    assert (wrong.status_code, code_of(wrong)) == (403, "wrong_code")
    assert client.post("/web/sign-in", json={"phone": "13800138000", "code": code}).status_code == 200

    assert client.get("/web/start").json()["can_sign_out"] is True
    client.post("/web/technician/say", json={"id": "i-am-here-now", "text": "我的日程"})
    seat = plain_page.reception.came[-1]
    assert plain_page.db.run(lambda tx: _person_at(tx, plain_page, seat.sender)) == person_id
    again = browser(plain_page).post("/web/sign-in", json={"phone": "13800138000", "code": code})
    assert again.status_code == 403

    client.post("/web/sign-out", json={})
    assert client.get("/web/technician/lines").status_code == 401


def test_a_stranger_gets_the_same_answer_and_no_text(plain_page: Page, browser: Opens) -> None:
    answer = browser(plain_page).post("/web/sign-in/code", json={"phone": "13900139000"})

    assert answer.status_code == 200
    assert (
        plain_page.db.run(lambda tx: claim_due(tx, kinds=[EffectKind.SMS], real_now=_later(plain_page), most=5)) == ()
    )


def test_who_merely_told_a_phone_first_is_sent_nothing_and_signs_nobody_in(plain_page: Page, browser: Opens) -> None:
    first = plain_page.db.run(lambda tx: _somebody_with_a_phone(tx, plain_page))
    plain_page.db.run(lambda tx: people.phone_proved(tx, first, "+8613900139000", plain_page.clock.now()))

    assert browser(plain_page).post("/web/sign-in/code", json={"phone": "138 0013 8000"}).status_code == 200

    assert (
        plain_page.db.run(lambda tx: claim_due(tx, kinds=[EffectKind.SMS], real_now=_later(plain_page), most=5)) == ()
    )


def test_codes_are_not_sent_one_after_the_other(plain_page: Page, browser: Opens) -> None:
    client = browser(plain_page)

    first = client.post("/web/sign-in/code", json={"phone": "13900139000"})
    second = client.post("/web/sign-in/code", json={"phone": "13900139000"})

    assert first.status_code == 200
    assert (second.status_code, code_of(second)) == (429, "code_too_soon")
    many = [client.post("/web/sign-in/code", json={"phone": f"1390013{n:04}"}) for n in range(10)]
    assert code_of(many[-1]) == "too_fast"


@pytest.mark.parametrize("phone", ["", "hello", "12", "+86" + "1" * 30, "😀"])
def test_what_is_no_phone_is_refused(plain_page: Page, browser: Opens, phone: str) -> None:
    answer = browser(plain_page).post("/web/sign-in/code", json={"phone": phone})

    assert (answer.status_code, code_of(answer)) == (422, "bad_phone")


def _somebody_with_a_phone(tx: Tx, page: Page) -> int:
    person = people.arrive(
        tx, channel="telegram", account="bot", external_id="7", lang="zh-Hans", zone=ZONE, now=page.clock.now()
    )
    people.set_phone(tx, person.id, PHONE)
    people.phone_proved(tx, person.id, PHONE, page.clock.now())
    return person.id


def _code_sent(tx: Tx, page: Page) -> str:
    (effect,) = claim_due(tx, kinds=[EffectKind.SMS], real_now=_later(page), most=5)
    sms = open_sms(tx, effect)
    assert sms.phone == PHONE
    return sms.code


def _person_at(tx: Tx, page: Page, external_id: str) -> int:
    return people.arrive(
        tx, channel="web", account="page", external_id=external_id, lang="zh-Hans", zone=ZONE, now=page.clock.now()
    ).id


def _later(page: Page) -> datetime:
    return page.clock.now() + timedelta(seconds=5)
