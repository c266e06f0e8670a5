"""Calls that are refused before anything is done with them: no secret, no shape, no end."""

import json
import zlib

import httpx
import pytest

from tests.rasa.assistant import ACTION, SECRET, Assistant
from tests.rasa.conftest import Serving

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("given", [None, "", "Bearer", "Bearer wrong-secret-0123456789", SECRET, f"Basic {SECRET}"])
async def test_whoever_has_not_the_secret_is_refused(serving: Serving, given: str | None) -> None:
    headers = {} if given is None else {"Authorization": given}
    async with httpx.AsyncClient(base_url=serving.url, headers=headers) as stranger:
        lin = Assistant(stranger, "lin")
        with pytest.raises(AssertionError, match="secret"):
            await lin.says("你好")
        assert (await stranger.get("/actions")).status_code == 401
        assert (await stranger.get("/metrics")).status_code == 401
        assert (await stranger.get("/nowhere")).status_code == 401
        assert (await stranger.get("/health")).json() == {"status": "ok"}

    assert serving.said("lin") == []


async def test_its_figures_are_shown_to_whoever_has_the_secret(serving: Serving) -> None:
    await serving.assistant("lin").says("你好")

    shown = await serving.client.get("/metrics")

    assert 'menling_rasa_calls_total{kind="said"}' in shown.text


@pytest.mark.parametrize(("method", "path"), [("GET", "/webhook"), ("POST", "/actions"), ("GET", "/nowhere")])
async def test_what_is_not_served_is_not_found_and_no_error(serving: Serving, method: str, path: str) -> None:
    answer = await serving.client.request(method, path)

    assert answer.status_code == 404
    assert "request_body" not in answer.json()


async def test_a_slash_at_the_end_of_the_address_lets_no_other_call_in(serving: Serving) -> None:
    lin = serving.assistant("lin")
    await lin.says("你好")

    assert (await serving.client.post("/webhook/", json=lin.payload())).status_code == 200
    assert (await serving.client.post("/webhook/", content=b"[]")).status_code == 400


async def test_a_secret_in_letters_no_header_has_is_refused_and_not_an_error(serving: Serving) -> None:
    async with httpx.AsyncClient(base_url=serving.url) as stranger:
        answer = await stranger.post("/webhook", headers=[(b"Authorization", "Bearer 密码".encode())], content=b"{}")

    assert answer.status_code == 401


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{",
        b'{"next_action": "validate_menling_form"}',
        b'{"next_action": "validate_menling_form", "tracker": null}',
        b'{"next_action": "validate_menling_form", "tracker": {"sender_id": 7}}',
        b'{"next_action": "validate_menling_form", "tracker": {"sender_id": "a", "events": {}}}',
        b'{"next_action": "validate_menling_form", "tracker": {"sender_id": "a", "events": [1]}}',
        b'{"next_action": "validate_menling_form", "tracker": {"sender_id": "", "events": []}}',
        b'{"next_action": "validate_menling_form", "tracker": {"sender_id": "a", "events": []}}',
        b'{"next_action": "validate_menling_form", "tracker": {"sender_id": "\\ud800"}}',
        b"\xff\xfe",
        b"[" * 100_000,
    ],
)
async def test_a_malformed_call_is_refused_in_the_shape_rasa_reads(serving: Serving, body: bytes) -> None:
    answer = await serving.client.post("/webhook", content=body, headers={"Content-Type": "application/json"})

    assert answer.status_code == 400
    assert answer.json()["action_name"] == ACTION


async def test_a_compressed_call_is_read_and_a_bomb_is_not(serving: Serving) -> None:
    lin = serving.assistant("lin")
    await lin.says("你好")
    headers = {"Content-Type": "application/json", "Content-Encoding": "deflate"}

    called = zlib.compress(json.dumps(lin.payload()).encode())
    assert (await serving.client.post("/webhook", content=called, headers=headers)).status_code == 200
    bomb = zlib.compress(b" " * 40_000_000)
    assert (await serving.client.post("/webhook", content=bomb, headers=headers)).status_code == 400
    assert (await serving.client.post("/webhook", content=b"no", headers=headers)).status_code == 400
