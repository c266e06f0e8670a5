"""Whatever is sent, the answer has one shape and is never a breakdown."""

import json
import logging
import re
import string
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from admin_api import orders
from admin_api.routes import ROUTES, Route
from core.db import DatabaseBusy
from tests.admin_api.conftest import Office, an_office, code_of
from tests.builders import a_database

JSON = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
def open_office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """One office for all the nonsense."""
    opened = an_office(a_database(tmp_path_factory.mktemp("office")))
    yield opened
    opened.close()


def test_an_unknown_path_is_not_found_and_a_wrong_method_is_named(office: Office) -> None:
    unknown, wrong = office.get("/nothing/here"), office.ask("PATCH", "/settlements", by="lin")

    assert (unknown.status_code, code_of(unknown)) == (404, "not_found")
    assert (wrong.status_code, code_of(wrong)) == (405, "method_not_allowed")
    assert wrong.headers["allow"] == "GET, POST"


def test_a_sentence_is_chinese_for_who_reads_chinese(office: Office) -> None:
    answer = office.get("/overview", by=None, headers={"Accept-Language": "zh-CN,zh;q=0.9"})

    assert answer.json()["error"]["message"] == "请先登录：账号或会话无效。"


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"value": ' + b"9" * 5000 + b"}", b"[" * 30000, b'{"value": NaN}'],
)
def test_a_body_that_is_no_json_of_ours_is_invalid(office: Office, body: bytes) -> None:
    answer = office.ask("PUT", "/settings/commission_percent", by="lin", content=body, headers=JSON)

    assert (answer.status_code, code_of(answer)) == (422, "invalid_input")


def test_a_body_over_the_limit_is_too_large(office: Office) -> None:
    answer = office.ask("PUT", "/settings/commission_percent", by="lin", content=b"x" * 70_000, headers=JSON)

    assert (answer.status_code, code_of(answer)) == (413, "too_large")


def test_unknown_fields_are_refused_and_named_readably(office: Office) -> None:
    sent = json.dumps({"value": 18, "\x00\u202e" + "x" * 999: 1, "role": "admin"})

    answer = office.ask("PUT", "/settings/commission_percent", by="lin", content=sent, headers=JSON)

    fields = answer.json()["error"]["facts"]["fields"]
    assert [one["problem"] for one in fields] == ["extra_forbidden"] * 2
    assert fields[1]["field"] == "body.role"
    assert len(fields[0]["field"]) <= 200


def test_what_breaks_inside_is_logged_once_and_shown_to_nobody(
    office: Office, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(*_: Any, **__: Any) -> None:
        raise RuntimeError("the phone is +8613800138000")

    monkeypatch.setattr(orders, "search", breaks)
    with caplog.at_level(logging.ERROR):
        answer = office.get("/orders")

    assert (answer.status_code, code_of(answer)) == (500, "internal")
    assert "13800138000" not in answer.text
    assert [record.message for record in caplog.records] == ["admin request failed"]


def test_a_busy_database_asks_to_come_again(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*_: Any, **__: Any) -> None:
        raise DatabaseBusy("gave up")

    monkeypatch.setattr(orders, "search", busy)
    answer = office.get("/orders")

    assert (answer.status_code, code_of(answer), answer.headers["retry-after"]) == (503, "busy", "1")


ODD = st.one_of(
    st.text(alphabet=st.characters(exclude_categories=()), max_size=30),  # lone surrogates too
    st.integers().map(str),
    st.integers(min_value=10**18, max_value=10**25).map(str),
    st.sampled_from(
        ["", "\x00", "1_000", "²", "١٢", "-1", "0", "1e9", "NaN", "null", "9" * 5000, "%", "..", "a:1", "2026-13-45"]
    ),
    st.text(alphabet=string.digits + ":TZ+-. ", max_size=40),
)
_QUERY = (
    "cursor",
    "limit",
    "state",
    "code",
    "day",
    "subject",
    "until",
    "from_at",
    "until_at",
    "reveal",
    "month",
    "option_id",
    "lat",
    "most",
)
_SAFE = [route for route in ROUTES if route.endpoint.__name__ not in ("sign_in", "sign_out")]


def _plain(words: str) -> str:
    return quote(words.encode("utf-8", "surrogatepass"), safe="")


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    route=st.sampled_from(_SAFE),
    part=ODD,
    query=st.dictionaries(st.sampled_from(_QUERY), ODD, max_size=3),
    body=st.none() | st.dictionaries(st.sampled_from(["reason", "words", "value", "until", "x"]), ODD | st.integers()),
)
def test_no_path_query_or_body_breaks_it(
    open_office: Office, route: Route, part: str, query: dict[str, str], body: dict[str, Any] | None
) -> None:
    path = re.sub(r"\{\w+\}", lambda _: _plain(part), route.path)
    asked = "&".join(f"{name}={_plain(value)}" for name, value in query.items())
    how = {} if body is None else {"content": json.dumps(body), "headers": JSON}

    answer = open_office.ask(route.method, f"{path}?{asked}", by="lin", **how)

    assert answer.status_code in (200, 201, 307, 404, 405, 409, 422), answer.text
    if answer.status_code >= 400:
        code_of(answer)
