"""What people do at the page reaches the dialogs once, and nothing reaches them from elsewhere."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core import people
from dialogs.incoming import Event, Location, Photo, Press, Text
from tests.builders import ZONE
from tests.busy import busy_reception
from tests.web.conftest import HERE, Opens, a_photo, code_of
from tests.web.scripted import Page, a_page


def test_words_reach_the_dialogs_and_both_sides_are_in_the_lines(page: Page, browser: Opens) -> None:
    client = browser(page)

    answer = client.post("/web/customer/say", json={"id": "first-words", "text": "明天下午三点"})

    assert answer.json() == {"repeat": False, "failed": False}
    (came,) = page.reception.came
    assert came.channel == "web"
    assert came.content == Text("明天下午三点")
    assert came.lang == "zh-Hans"
    said = [(line["mine"], line["kind"]) for line in client.get("/web/customer/lines").json()["lines"]]
    assert said == [(True, "said"), (False, "prompt")]


def test_a_second_try_with_the_same_id_is_a_repeat(page: Page, browser: Opens) -> None:
    client = browser(page)
    words = {"id": "the-same-act", "text": "好的"}

    first = client.post("/web/customer/say", json=words)
    second = client.post("/web/customer/say", json=words)

    assert first.json()["repeat"] is False
    assert second.json()["repeat"] is True
    assert len(page.reception.came) == 1


def test_a_turn_the_database_would_not_take_is_answered_in_the_lines(tmp_path: Path, browser: Opens) -> None:
    page = a_page(tmp_path, instead=busy_reception)
    client = browser(page)

    answer = client.post("/web/customer/say", json={"id": "on-a-busy-day", "text": "你好"})

    assert answer.json() == {"repeat": False, "failed": True}
    lines = client.get("/web/customer/lines").json()["lines"]
    assert "不用重发" in str(lines[-1])
    page.db.close()


def test_two_browsers_may_make_the_same_id(page: Page, browser: Opens) -> None:
    words = {"id": "the-same-act", "text": "好的"}

    repeats = [browser(page).post("/web/customer/say", json=words).json()["repeat"] for _ in range(2)]

    assert repeats == [False, False]
    assert len({came.sender for came in page.reception.came}) == 2


def test_presses_places_and_greetings_become_incomings(page: Page, browser: Opens) -> None:
    client = browser(page)

    client.post("/web/customer/start", json={"id": "act-number-1"})
    client.post("/web/customer/press", json={"id": "act-number-2", "token": "abc.0"})
    client.post("/web/customer/start", json={"id": "act-number-4", "link": "t_ABCD2345"})
    client.post("/web/technician/location", json={"id": "act-number-3", "lat": 30.65, "lng": 104.07, "label": "春熙路"})

    assert [came.content for came in page.reception.came] == [
        Event("start"),
        Press("abc.0"),
        Event("start", "t_ABCD2345"),
        Location(30.65, 104.07, "春熙路"),
    ]
    assert [came.sender for came in page.reception.came][3] == "technician-wang"


def test_a_photo_is_cleaned_kept_and_shown_to_its_sender_only(page: Page, browser: Opens) -> None:
    client = browser(page)

    sent = client.post(
        "/web/customer/photo", data={"id": "my-photo-1"}, files={"photo": ("x.jpg", a_photo(), "image/jpeg")}
    )

    assert sent.status_code == 200
    assert isinstance(page.reception.came[0].content, Photo)
    address = client.get("/web/customer/lines").json()["lines"][0]["photo"]
    seen = client.get(address)
    assert seen.headers["content-type"] == "image/jpeg"
    assert seen.headers["cache-control"].startswith("private")
    assert browser(page).get(address).status_code == 404
    assert client.get(address.partition("?")[0]).status_code == 404
    assert client.get(f"{address}x").status_code == 404


@pytest.mark.parametrize("address", ["/files/1?key=x", "/files/0", "/files/abc", "/files/99999999999999999999999"])
def test_an_unknown_picture_looks_like_a_foreign_one(page: Page, browser: Opens, address: str) -> None:
    answer = browser(page).get(address)

    assert answer.status_code == 404
    assert code_of(answer) == "not_found"


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({"Origin": HERE}, True),
        ({"Origin": HERE, "Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({}, False),
        ({"Origin": "https://elsewhere.example"}, False),
        ({"Origin": "null"}, False),
        ({"Origin": HERE, "Sec-Fetch-Site": "cross-site"}, False),
        ({"Origin": HERE, "Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "none"}, False),
    ],
)
def test_only_our_own_page_may_write(page: Page, browser: Opens, headers: dict[str, str], allowed: bool) -> None:
    client = browser(page, headers=headers)

    answer = client.post("/web/customer/say", json={"id": "from-somewhere", "text": "hi"})

    assert answer.status_code == (200 if allowed else 403)
    assert len(page.reception.came) == int(allowed)
    if not allowed:
        assert code_of(answer) == "cross_site"


def test_in_production_another_origin_is_refused_whatever_else_the_request_says(tmp_path: Path, browser: Opens) -> None:
    page = a_page(tmp_path, demo=False, production=True)
    headers = {"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin", "Host": "evil.example"}
    client = browser(page, base_url="https://menling.example", headers=headers)

    there = client.post("/web/customer/say", json={"id": "from-elsewhere", "text": "hi"})
    ours = {"Origin": "https://menling.example"}
    here = client.post("/web/customer/say", json={"id": "from-ourselves", "text": "hi"}, headers=ours)

    assert (there.status_code, here.status_code) == (403, 200)
    page.db.close()


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 422, "malformed"),
        (b"[]", 422, "malformed"),
        (b'{"id": "good-id-1"}', 422, "malformed"),
        (b'{"id": "good-id-1", "text": 5}', 422, "malformed"),
        (b'{"id": "good-id-1", "text": "x", "more": 1}', 422, "malformed"),
        (b'{"id": "short", "text": "x"}', 422, "malformed"),
        (b'{"id": "with space", "text": "x"}', 422, "malformed"),
        (b'{"id": "good-id-1\\n", "text": "x"}', 422, "malformed"),
        (b'{"id": "good-id-1", "text": "\xff"}', 422, "malformed"),
        (b'{"id": "good-id-1", "text": "\\ud800"}', 422, "malformed"),
        (b'{"id": "good-id-1", "text": " \\n "}', 422, "empty"),
        (b'{"id": "good-id-1", "text": "' + b"x" * 70_000 + b'"}', 413, "too_large"),
        (b"[" * 30_000, 422, "malformed"),
    ],
)
def test_a_broken_body_is_a_sentence(page: Page, browser: Opens, body: bytes, status: int, code: str) -> None:
    client = browser(page)

    answer = client.post("/web/customer/say", content=body, headers={"Content-Type": "application/json"})

    assert (answer.status_code, code_of(answer)) == (status, code)
    assert page.reception.came == []


def test_a_body_that_hides_its_length_is_stopped_where_it_gets_too_long(page: Page, browser: Opens) -> None:
    client = browser(page)

    async def parts() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield b"x" * 40_000

    answer = client.post("/web/customer/say", content=parts(), headers={"Content-Type": "application/json"})

    assert (answer.status_code, code_of(answer)) == (413, "too_large")


def test_ten_thousand_characters_are_the_dialogs_business(page: Page, browser: Opens) -> None:
    answer = browser(page).post("/web/customer/say", json={"id": "a-long-story", "text": "长" * 10_000})

    assert answer.status_code == 200
    assert page.reception.came[0].content == Text("长" * 10_000)


def test_json_must_say_that_it_is_json(page: Page, browser: Opens) -> None:
    answer = browser(page).post("/web/customer/say", content=b"{}", headers={"Content-Type": "text/plain"})

    assert (answer.status_code, code_of(answer)) == (415, "bad_type")


@pytest.mark.parametrize(("lat", "lng"), [(91, 0), (0, 181), (-90.1, 0), (1e308, 0)])
def test_a_place_that_is_not_on_the_map_is_refused(page: Page, browser: Opens, lat: float, lng: float) -> None:
    answer = browser(page).post("/web/customer/location", json={"id": "off-the-map", "lat": lat, "lng": lng})

    assert (answer.status_code, code_of(answer)) == (422, "bad_place")


@pytest.mark.parametrize(
    ("raw", "kind", "status", "code"),
    [
        (b"no picture", "image/png", 422, "bad_picture"),
        (b"<svg/>", "image/svg+xml", 422, "bad_picture"),
        (b"\xff\xd8" + b"x" * (8 * 1024 * 1024), "image/jpeg", 413, "photo_too_large"),
        (b"x" * (9 * 1024 * 1024), "image/jpeg", 413, "photo_too_large"),
    ],
)
def test_what_is_no_photo_is_refused(page: Page, browser: Opens, raw: bytes, kind: str, status: int, code: str) -> None:
    answer = browser(page).post("/web/customer/photo", data={"id": "bad-photo-1"}, files={"photo": ("x", raw, kind)})

    assert (answer.status_code, code_of(answer)) == (status, code)
    assert page.reception.came == []


@pytest.mark.parametrize(
    "body",
    [b"", b"--x\r\n", b"--x--\r\n", b'--x\r\nContent-Disposition: form-data; name="photo"\r\n\r\nhi\r\n--x--\r\n'],
)
def test_a_broken_form_is_a_sentence(page: Page, browser: Opens, body: bytes) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=x"}

    answer = browser(page).post("/web/customer/photo", content=body, headers=headers)

    assert (answer.status_code, code_of(answer)) == (422, "malformed")


def test_a_form_without_a_boundary_is_a_sentence(page: Page, browser: Opens) -> None:
    answer = browser(page).post("/web/customer/photo", content=b"x", headers={"Content-Type": "multipart/form-data"})

    assert code_of(answer) == "malformed"


def test_who_acts_far_too_fast_is_asked_to_wait_and_others_are_not(page: Page, browser: Opens) -> None:
    client = browser(page)

    answers = [client.post("/web/customer/say", json={"id": f"burst-{n:04}", "text": "hi"}) for n in range(60)]

    codes = [answer.status_code for answer in answers]
    assert codes[:20] == [200] * 20
    assert code_of(next(answer for answer in answers if answer.status_code == 429)) == "too_fast"
    assert browser(page).post("/web/customer/say", json={"id": "somebody-else", "text": "hi"}).status_code == 200


def test_the_language_of_the_page_is_remembered(page: Page, browser: Opens) -> None:
    client = browser(page)
    client.post("/web/customer/say", json={"id": "first-words", "text": "你好"})

    answer = client.post("/web/customer/lang", json={"lang": "en"})

    assert answer.status_code == 200
    seat = page.reception.came[0]
    arrived = page.db.run(
        lambda tx: people.arrive(
            tx,
            channel="web",
            account=seat.account,
            external_id=seat.sender,
            lang="zh-Hans",
            zone=ZONE,
            now=page.clock.now(),
        )
    )
    assert arrived.lang == "en"
    assert client.post("/web/customer/lang", json={"lang": "xx"}).status_code == 422


def test_refusals_speak_the_language_of_the_page(page: Page, browser: Opens) -> None:
    client = browser(page)
    empty = {"id": "nothing-said", "text": " "}

    chinese = client.post("/web/customer/say", json=empty, headers={"Accept-Language": "zh-CN,zh;q=0.9"})
    taiwan = client.post("/web/customer/say", json=empty, headers={"Accept-Language": "zh-Hant"})
    english = client.post("/web/customer/say", json=empty, headers={"Accept-Language": "en-GB"})

    assert chinese.json()["error"]["message"] == "还没有写内容。"
    assert taiwan.json()["error"]["message"] == "還沒有寫內容。"
    assert english.json()["error"]["message"] == "There are no words yet."


def test_a_defect_is_one_sentence_and_one_line_in_the_log(
    page: Page, browser: Opens, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_: object) -> list[object]:
        raise RuntimeError("a secret detail")

    page.reception.script = broken  # type: ignore[assignment]

    answer = browser(page).post("/web/customer/say", json={"id": "into-the-void", "text": "hi"})

    assert (answer.status_code, code_of(answer)) == (500, "broken")
    assert "secret detail" not in answer.text
    assert len([line for line in caplog.records if line.name.startswith("bots.web") and line.levelname == "ERROR"]) == 1
