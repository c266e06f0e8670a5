"""Every request gets a number, safe headers and, when it fails, an error that tells nothing of the inside."""

import asyncio
import logging
import os
from collections.abc import AsyncIterator
from typing import Annotated, Any

import httpx
import pytest
from fastapi import FastAPI, Query, Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from core.db import DatabaseBusy
from core.errors import BookingError, InvalidInput, NotFound, StateConflict
from menling.logs import told_of
from menling.porch import MOST_BODY, PorchedApp, install_errors

CANARY = "canary 13800138000"


class SlotTaken(BookingError):
    code = "slot_taken"


async def called_back(request: Request) -> Response:
    """Answer at a first route: what the framework brings along on its own way is not there."""
    told = {"door": request.path_params["door"], "size": len(await request.body())}
    return JSONResponse(told | {"on_the_long_way": "starlette.exception_handlers" in request.scope})


def an_app(*, secure: bool = False) -> FastAPI:
    app = PorchedApp(secure=secure)
    app.callbacks.append(Route("/called/{door}", called_back, methods=["POST"]))
    install_errors(app)

    @app.get("/raise/{what}")
    async def fail(what: str) -> None:
        raise {
            "bug": ZeroDivisionError(CANARY),
            "database": DatabaseBusy(CANARY),
            "missing": NotFound(id=7),
            "moved": StateConflict(),
            "field": InvalidInput(field="name"),
            "slot": SlotTaken(starts_at="2026-11-20"),
        }[what]

    @app.get("/number")
    async def number(n: Annotated[int, Query(ge=0)]) -> int:
        return n

    @app.post("/body")
    async def body(request: Request) -> Response:
        return Response(str(len(await request.body())))

    @app.get("/own-headers")
    async def own_headers() -> Response:
        return Response("x", headers={"Content-Security-Policy": "default-src 'self'"})

    @app.get("/half-way")
    async def half_way() -> Response:
        async def parts() -> AsyncIterator[bytes]:
            yield b"begun"
            raise ZeroDivisionError(CANARY)

        return StreamingResponse(parts())

    return app


def ask(method: str, path: str, *, secure: bool = False, **options: Any) -> httpx.Response:
    async def story() -> httpx.Response:
        transport = httpx.ASGITransport(an_app(secure=secure))
        async with httpx.AsyncClient(transport=transport, base_url="http://menling.test") as client:
            return await client.request(method, path, **options)

    return asyncio.run(story())


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/raise/bug", 500, "internal"),
        ("/raise/database", 503, "unavailable"),
        ("/raise/missing", 404, "not_found"),
        ("/raise/moved", 409, "state_conflict"),
        ("/raise/field", 422, "invalid_input"),
        ("/raise/slot", 409, "slot_taken"),
        ("/number?n=-1", 422, "invalid_input"),
        ("/nowhere", 404, "not_found"),
        ("/body", 405, "method_not_allowed"),
    ],
)
def test_every_error_has_one_shape_and_says_nothing_of_the_inside(path: str, status: int, code: str) -> None:
    answer = ask("GET", path)

    assert answer.status_code == status
    assert answer.json()["error"]["code"] == code
    assert answer.json()["error"]["message"].endswith(".")
    assert "canary" not in answer.text
    assert "Error" not in answer.text


def test_what_was_wrong_in_a_request_is_named_but_not_repeated() -> None:
    answer = ask("GET", "/number", params={"n": CANARY})

    assert answer.json()["error"]["facts"] == {"fields": [{"field": "query.n", "rule": "int_parsing"}]}
    assert "canary" not in answer.text


def test_a_body_that_says_it_is_too_large_is_not_read() -> None:
    answer = ask("POST", "/body", content=b"x", headers={"Content-Length": str(MOST_BODY + 1)})

    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_large")


def test_a_body_that_turns_out_too_large_is_cut_off() -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(MOST_BODY // 2**20 + 2):
            yield b"x" * 2**20

    assert ask("POST", "/body", content=endless()).status_code == 413
    assert ask("POST", "/body", content=b"x" * 1000).text == "1000"


def test_every_answer_carries_safe_headers_and_its_number() -> None:
    answers = [ask("GET", path) for path in ("/number?n=1", "/nowhere", "/raise/bug")]

    for answer in answers:
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "Strict-Transport-Security" not in answer.headers
    assert len({answer.headers["X-Request-Id"] for answer in answers}) == 3
    assert "Strict-Transport-Security" in ask("GET", "/number?n=1", secure=True).headers


def test_a_page_keeps_the_policy_it_chose() -> None:
    assert ask("GET", "/own-headers").headers["Content-Security-Policy"] == "default-src 'self'"


def test_the_log_tells_the_pattern_and_the_number_never_the_path(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "menling.porch")

    ask("GET", "/raise/missing")
    ask("GET", "/secret-token-in-a-path")
    with pytest.raises(AssertionError):  # the answer never ends: a server cuts the line
        ask("GET", "/half-way")

    lines = [record for record in caplog.records if record.message == "request"]
    assert [vars(line)["route"] for line in lines] == ["/raise/{what}", "none", "/half-way"]
    assert "secret-token" not in caplog.text
    assert [record.message for record in caplog.records].count("request failed") == 1


def test_a_first_route_is_taken_past_the_app_and_loses_nothing_of_the_porch(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "menling.porch")

    answer = ask("POST", "/called/back", content=b"xyz", secure=True)
    too_large = ask("POST", "/called/back", content=b"x", headers={"Content-Length": str(MOST_BODY + 1)})

    assert answer.json() == {"door": "back", "size": 3, "on_the_long_way": False}
    assert (answer.headers["X-Frame-Options"], len(answer.headers["X-Request-Id"])) == ("DENY", 16)
    assert "Strict-Transport-Security" in answer.headers
    assert too_large.status_code == 413
    first = next(record for record in caplog.records if record.message == "request")
    assert vars(first)["route"] == "/called/{door}"


@pytest.mark.parametrize("path", ["/called/telegram", "/body"])
def test_who_hangs_up_before_the_end_of_a_request_is_no_error_of_ours(
    caplog: pytest.LogCaptureFixture, path: str
) -> None:
    scope = {
        "type": "http", "method": "POST", "path": path, "raw_path": path.encode(), "query_string": b"", "headers": [],
        "http_version": "1.1", "scheme": "http", "server": ("t", 80), "client": ("t", 1), "root_path": "",
    }  # fmt: skip
    came = iter([{"type": "http.request", "body": b"{", "more_body": True}, {"type": "http.disconnect"}])
    said: list[Any] = []

    async def receive() -> Any:
        return next(came)

    async def send(message: Any) -> None:
        said.append(message)

    with caplog.at_level(logging.INFO):
        asyncio.run(an_app()(scope, receive, send))

    assert said == []
    assert [one.levelname for one in caplog.records if one.levelno > logging.INFO] == []
    assert "hung up before the request was whole" in caplog.messages


def test_what_is_no_request_of_a_first_route_is_left_to_the_app() -> None:
    assert ask("GET", "/called/back").status_code == 404
    assert ask("POST", "/called").status_code == 404


def test_an_error_in_the_log_keeps_its_kind_and_place_and_loses_its_words() -> None:
    def fails() -> None:
        try:
            os.environ[CANARY]
        except KeyError as first:
            raise ZeroDivisionError(CANARY) from first

    with pytest.raises(ZeroDivisionError) as raised:
        fails()
    event = told_of(raised.value)

    assert event["error"] == "ZeroDivisionError from KeyError"
    assert any("test_porch.py" in place for place in event["at"])
    assert "canary" not in str(event)
