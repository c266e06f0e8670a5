"""Announcements at the desk: drafted, previewed, started once, watched, stopped; every act noted."""

from functools import partial
from typing import Any

import pytest

from core import announcements, audit
from core.people.consent import ConsentKind, give_consent
from tests.admin_api.conftest import Office, code_of
from tests.builders import NOW, City, a_person

HOLIDAY: dict[str, Any] = {
    "kind": "notice",
    "audience": "all",
    "texts": {"zh-Hans": "春节休息五天。", "en": "We are closed for five days."},
    "link": {"url": "https://menling.example/spring", "texts": {"zh-Hans": "放假安排"}},
    "not_before_at": None,
    "expires_at": "2026-03-20T02:00:00Z",
    "pace": 60,
}


def a_draft(office: Office, **over: Any) -> str:
    made = office.post("/announcements", json=HOLIDAY | over)
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


def write(office: Office) -> None:
    while office.db.run(lambda tx: announcements.due_work(tx, now=office.clock.at, real_now=office.clock.at)):
        pass


def test_a_draft_is_kept_as_it_was_given_and_nothing_is_sent(office: Office, city: City) -> None:
    made = a_draft(office)
    write(office)
    shown = office.get(f"/announcements/{made}", by="audrey").json()
    assert {name: shown[name] for name in HOLIDAY} == HOLIDAY
    assert (shown["state"], shown["written"], shown["started_at"]) == ("draft", 0, None)
    assert shown["progress"]["people"] == 2
    listed = office.get("/announcements", by="audrey").json()["items"]
    assert [one["id"] for one in listed] == [made]


def test_a_start_sends_it_to_everybody_once_however_often_it_is_asked_for(office: Office, city: City) -> None:
    made = a_draft(office)
    first = office.post(f"/announcements/{made}/start")
    again = office.post(f"/announcements/{made}/start")
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()
    write(office)
    progress = office.get(f"/announcements/{made}").json()["progress"]
    nothing = dict.fromkeys(("sent", "held", "failed", "dropped", "unsubscribed", "blocked"), 0)
    assert progress == {"people": 2, "written": 2, "waiting": 2, **nothing}


def test_a_stop_drops_what_is_not_sent_and_what_was_stopped_stays_so(office: Office, city: City) -> None:
    made = a_draft(office)
    office.post(f"/announcements/{made}/start")
    write(office)
    assert office.post(f"/announcements/{made}/stop").json()["state"] == "stopping"
    write(office)
    shown = office.get(f"/announcements/{made}").json()
    assert (shown["state"], shown["progress"]["dropped"]) == ("stopped", 2)
    assert code_of(office.post(f"/announcements/{made}/start")) == "state_conflict"


def test_every_act_leaves_an_audit_line_without_the_words(office: Office, city: City) -> None:
    made = a_draft(office)
    office.post(f"/announcements/{made}/start")
    office.post(f"/announcements/{made}/stop")
    lines = [line for line in office.db.read(audit.lines) if line.subject_id == int(made)]
    assert [line.action for line in lines] == [
        "announcement.stopped",
        "announcement.started",
        "announcement.drafted",
    ]
    assert all(line.facts == {"kind": "notice", "audience": "all"} for line in lines)


def test_a_preview_says_whom_it_reaches_and_what_they_see(office: Office, city: City) -> None:
    telegram = office.db.run(partial(a_person, channel="telegram", lang="en"))
    wechat = office.db.run(partial(a_person, channel="wechat"))
    for one in (telegram, wechat):
        office.db.run(partial(give_consent, person_id=one.id, kind=ConsentKind.NEWS, now=NOW))
    seen = office.post(f"/announcements/{a_draft(office)}/preview", by="audrey").json()
    assert {name: seen[name] for name in ("people", "recipients", "unreachable", "consented")} == {
        "people": 4,
        "recipients": 4,
        "unreachable": 0,
        "consented": 2,
    }
    assert seen["by_channel"] == {"telegram": 1, "web": 2, "wechat": 1}
    assert seen["by_language"] == {"en": 1, "zh-Hans": 3}
    words = {(one["lang"], one["channel"]): one["text"] for one in seen["shown"]}
    assert words["en", "telegram"] == "We are closed for five days."
    assert len(words) == 6
    news = office.post(f"/announcements/{a_draft(office, kind='news')}/preview").json()
    assert (news["people"], news["recipients"], news["by_channel"]) == (4, 2, {"telegram": 1, "wechat": 1})
    assert (seen["centre_only"], news["centre_only"]) == (0, 1)


def test_a_preview_shows_the_words_though_nobody_has_asked_for_news_yet(office: Office, city: City) -> None:
    seen = office.post(f"/announcements/{a_draft(office, kind='news')}/preview").json()

    assert (seen["recipients"], seen["by_channel"]) == (0, {})
    shown = [(one["lang"], one["channel"]) for one in seen["shown"]]
    assert shown == [(lang, channel) for lang in ("zh-Hans", "zh-Hant", "en") for channel in ("telegram", "wechat")]
    assert seen["shown"][0]["text"] == "春节休息五天。"


def test_a_region_is_named_by_its_id(office: Office, city: City) -> None:
    made = a_draft(office, audience=f"region:{city.region.id}")
    assert office.get(f"/announcements/{made}").json()["audience"] == f"region:{city.region.id}"
    assert code_of(office.post("/announcements", json=HOLIDAY | {"audience": "region:7"})) == "invalid_input"


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "advert"},
        {"audience": "everybody"},
        {"audience": "region:"},
        {"audience": "region:99999999999999999999"},
        {"texts": {}},
        {"texts": {"en": ""}},
        {"texts": {"en": "bell \u0007"}},
        {"texts": {"en": "x" * 501}},
        {"texts": {"fr": "Fermé"}},
        {"link": {"url": "http://menling.example", "texts": {"en": "More"}}},
        {"link": {"url": "https://menling.example", "texts": {}}},
        {"pace": 0},
        {"pace": 6001},
        {"pace": None},
        {"expires_at": "2026-03-10T01:00:00Z"},
        {"not_before_at": "tomorrow"},
        {"more": 1},
    ],
)
def test_what_cannot_be_announced_is_refused_and_nothing_is_kept(
    office: Office, city: City, wrong: dict[str, Any]
) -> None:
    answer = office.post("/announcements", json=HOLIDAY | wrong)
    assert (answer.status_code, code_of(answer)) == (422, "invalid_input")
    assert office.get("/announcements").json()["items"] == []


@pytest.mark.parametrize("by", ["audrey", "finn"])
def test_only_the_house_announces(office: Office, city: City, by: str) -> None:
    made = a_draft(office)
    assert code_of(office.post("/announcements", by=by, json=HOLIDAY)) == "forbidden"
    for act in ("start", "stop"):
        assert code_of(office.post(f"/announcements/{made}/{act}", by=by)) == "forbidden"
    assert office.get(f"/announcements/{made}").json()["state"] == "draft"


def test_what_is_not_there_cannot_be_looked_at(office: Office, city: City) -> None:
    assert code_of(office.get("/announcements/1")) == "not_found"
    for act in ("preview", "start", "stop"):
        assert code_of(office.post(f"/announcements/1/{act}")) == "not_found"
