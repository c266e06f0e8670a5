"""Answers to common questions at the desk: written in every language, checked, noted, and shown at once."""

from typing import Any

import pytest

from core import audit
from core.catalog import add_category, catalogue
from tests.admin_api.conftest import Office, code_of
from tests.builders import City

PETS: dict[str, Any] = {
    "keywords": {"zh-Hans": ["宠物", "猫狗"], "en": ["pets", "my dog"]},
    "texts": {"zh-Hans": "家里有宠物没关系，请先关好房门。", "en": "Pets are fine. Please keep them in another room."},
    "by_category": {},
}


def put(office: Office, code: str, body: Any, *, by: str = "lin") -> Any:
    return office.ask("PUT", f"/answers/{code}", by=by, json=body)


def test_an_answer_is_written_read_replaced_and_removed(office: Office, city: City) -> None:
    assert put(office, "pets", PETS).json() == {"code": "pets", **PETS}
    assert office.get("/answers/pets", by="audrey").json() == {"code": "pets", **PETS}
    assert office.get("/answers", by="finn").json()["items"] == [{"code": "pets", **PETS}]

    other = PETS | {"texts": {"en": "Pets are welcome."}}
    assert put(office, "pets", other).json()["texts"] == {"en": "Pets are welcome."}
    assert office.ask("DELETE", "/answers/pets", by="lin").status_code == 204
    assert code_of(office.get("/answers/pets", by="lin")) == "not_found"
    assert code_of(office.ask("DELETE", "/answers/pets", by="lin")) == "not_found"


def test_each_change_gives_the_catalogue_a_new_stamp_and_leaves_an_audit_line(office: Office, city: City) -> None:
    before = office.db.read(catalogue).version
    put(office, "pets", PETS)
    after = office.db.read(catalogue)
    assert after.version > before
    assert [answer.code for answer in after.answers] == ["pets"]
    office.ask("DELETE", "/answers/pets", by="lin")
    assert office.db.read(catalogue).answers == ()
    noted = [line for line in office.db.read(audit.lines) if line.subject_kind == "answer"]
    assert [(line.action, line.facts["code"]) for line in noted] == [
        ("answer.removed", "pets"),
        ("answer.written", "pets"),
    ]


@pytest.mark.parametrize("by", ["audrey", "finn"])
def test_only_the_house_may_write_answers(office: Office, city: City, by: str) -> None:
    assert code_of(put(office, "pets", PETS, by=by)) == "forbidden"
    assert code_of(office.ask("DELETE", "/answers/pets", by=by)) == "forbidden"
    assert office.get("/answers", by=by).json()["items"] == []


def test_an_answer_for_one_trade_replaces_the_general_one_there(office: Office, city: City) -> None:
    trade = office.db.run(lambda tx: add_category(tx, code="massage", names={"en": "Massage"})).code
    body = PETS | {"by_category": {trade: {"en": "Please keep pets away from the table."}}}
    assert put(office, "pets", body).json()["by_category"] == body["by_category"]
    answer = office.db.read(catalogue).answers[0]
    assert answer.texts_for(trade) == body["by_category"][trade]
    assert answer.texts_for("elsewhere") == PETS["texts"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"keywords": {}},
        {"keywords": {"en": []}},
        {"keywords": {"fr": ["animaux"]}},
        {"keywords": {"en": ["a"]}},
        {"keywords": {"en": ["is"]}},
        {"keywords": {"zh-Hans": ["宠"]}},
        {"keywords": {"en": ["x" * 41]}},
        {"keywords": {"en": [f"word{n}" for n in range(41)]}},
        {"keywords": "pets"},
        {"texts": {}},
        {"texts": {"en": "   "}},
        {"texts": {"fr": "Les animaux sont les bienvenus."}},
        {"texts": {"en": "x" * 601}},
        {"texts": {"en": "bell \u0007"}},
        {"by_category": {"no-such-trade": {"en": "?"}}},
        {"by_category": {"massage": {}}},
        {"more": 1},
    ],
)
def test_what_cannot_be_an_answer_is_refused_and_nothing_changes(
    office: Office, city: City, wrong: dict[str, Any]
) -> None:
    before = office.db.read(catalogue).version
    answer = put(office, "pets", PETS | wrong)
    assert answer.status_code == 422, answer.text
    assert code_of(answer) == "invalid_input"
    assert office.db.read(catalogue).version == before


@pytest.mark.parametrize("code", ["P", "Pets", "../x", "a" * 33, "1pets", "%20"])
def test_a_code_is_a_short_word(office: Office, city: City, code: str) -> None:
    assert put(office, code, PETS).status_code in (404, 405, 422)
