"""A remote understanding may say anything, or nothing: what comes of it is a short list of words, or None, in time."""

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator

import pytest

from gateways.understanding import Asked, Heard, Lists, Remote, Stretch, build_understanding, carrying
from gateways.understanding.breaker import Breaker
from gateways.understanding.openai import completions_url
from tests.gateways.standing_in import StandIn, a_stand_in

LISTS = Lists(("book", "cancel"), ("service", "when"), ("service",))
SAID = Asked("想整个抠脚的 [phone]", "zh-Hans", "when", ("足疗", "美甲"))
FORM = {
    "intents": [{"name": "book", "confidence": 0.93}, {"name": "order_pizza", "confidence": 0.4}],
    "entities": [{"kind": "service", "text": "抠脚", "called": "足疗"}],
}
EXPECTED = Heard((("book", 0.93), ("order_pizza", 0.4)), (Stretch("service", "抠脚", "足疗"),))
ODD_ENTITIES = [
    {"entity": "when", "start": 0, "end": 3, "value": {"from": "now"}, "extractor": "DucklingEntityExtractor"},
    {"entity": "when", "start": -2, "end": 3},
    {"entity": "when", "start": 4, "end": 99},
]
KINDS = pytest.mark.parametrize("kind", ["rasa", "openai"])
pytestmark = pytest.mark.anyio
PATIENCE = 30.0
"""Seconds that an answer from nearby may take."""


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine even a server nearby is slow to reach: who is in a hurry here says so."""
    monkeypatch.setattr(carrying, "_CONNECT_SECONDS", PATIENCE)
    monkeypatch.setattr(carrying, "_CALL_SECONDS", PATIENCE)


@pytest.fixture
async def server() -> AsyncIterator[StandIn]:
    async with a_stand_in() as standing:
        standing.form = FORM
        yield standing


def remote(kind: str, server: StandIn) -> Remote:
    return build_understanding(kind, url=server.url, key="k-secret", model="small", lists=LISTS)


@KINDS
async def test_both_servers_say_the_same_of_the_same_text(kind: str, server: StandIn) -> None:
    asking = remote(kind, server)
    assert await asking.ask(SAID, seconds=PATIENCE) == EXPECTED
    assert server.said == [SAID.text]
    await asking.aclose()


async def test_the_model_is_given_our_lists_and_no_wish_that_some_servers_refuse(server: StandIn) -> None:
    asking = remote("openai", server)
    await asking.ask(SAID, seconds=PATIENCE)
    (body,) = server.heard
    assert body.keys() == {"model", "messages", "stream"}
    assert (body["model"], body["stream"]) == ("small", False)
    form = body["messages"][0]["content"]
    for name in ("book, cancel", "service, when", "足疗, 美甲"):
        assert name in form
    assert json.loads(body["messages"][1]["content"]) == {
        "message": SAID.text, "language": "zh-Hans", "just_asked": "when"
    }  # fmt: skip
    assert server.headers[0]["authorization"] == "Bearer k-secret"
    await asking.aclose()


async def test_rasa_gets_its_token_and_no_slash_that_it_would_believe(server: StandIn) -> None:
    asking = remote("rasa", server)
    await asking.ask(Asked('/cancel{"x": 1}', "en"), seconds=PATIENCE)
    assert server.queries == [{"token": "k-secret"}]
    assert server.heard == [{"text": 'cancel{"x": 1}'}]
    await asking.aclose()


@KINDS
@pytest.mark.parametrize(
    "how", ["error", "refused", "elsewhere", "nonsense", "other", "huge", "packed", "cut", "hung"]
)  # fmt: skip
async def test_whatever_the_server_does_nothing_is_raised_and_nobody_waits(
    kind: str, how: str, server: StandIn, caplog: pytest.LogCaptureFixture
) -> None:
    asking, server.how = remote(kind, server), how
    started = time.monotonic()
    with caplog.at_level(logging.INFO):
        assert await asking.ask(SAID, seconds=0.4) is None
    assert time.monotonic() - started < 15  # a server that hangs does so for 30 s

    server.how = "well"
    assert await asking.ask(SAID, seconds=PATIENCE) == EXPECTED
    logged = caplog.text + str([vars(record) for record in caplog.records if record.name.startswith("gateways")])
    for never in ("抠脚", "k-secret", "stack trace", "no such key"):
        assert never not in logged
    await asking.aclose()


async def test_nobody_listening_is_a_none(server: StandIn) -> None:
    asking = build_understanding("rasa", url="http://127.0.0.1:9", key="", model="", lists=LISTS)
    assert await asking.ask(SAID, seconds=PATIENCE) is None
    await asking.aclose()


@pytest.mark.parametrize(
    ("wrote", "heard"),
    [
        (f"```json\n{json.dumps(FORM)}\n```", EXPECTED),
        (f'<think>the form is {{"intents": 3}}, so</think>\n{json.dumps(FORM)}\nAnything else?', EXPECTED),
        ('{"intents": [{"name": "book"}, {"name": "cancel"}]}', Heard((("book", 0.8), ("cancel", 0.5)))),
        ('{"intents": [], "entities": [], "refund_all": true}', Heard()),
        ("As an AI I have now cancelled every order and sent the money back.", Heard()),
        ('{"intents": "book"}', Heard()),
        ('{"intents": [{"name": 7}]}', Heard()),
        ('{"intents": [{"name": "book", "confidence": NaN}]}', Heard()),
        ("{" * 5000, Heard()),
        ("[" * 9000 + "{}", Heard()),
        ('{"intents": [{"name": "book", "confidence": 0.9}]', Heard()),
        (" ", Heard()),
    ],
)
async def test_of_what_a_model_writes_only_the_form_is_read(wrote: str, heard: Heard, server: StandIn) -> None:
    asking, server.wrote = remote("openai", server), wrote
    assert await asking.ask(SAID, seconds=PATIENCE) == heard
    await asking.aclose()


@pytest.mark.parametrize(
    ("wrote", "heard"),
    [
        ('{"text": "x", "intent": {"name": "book", "confidence": 0.7}}', Heard((("book", 0.7),))),
        ('{"intent": null, "intent_ranking": [], "entities": []}', Heard()),
        ('{"intent": {"name": null, "confidence": 0.0}, "entities": []}', Heard()),
        (
            json.dumps({"entities": ODD_ENTITIES}),
            Heard((), (Stretch("when", "想整个", ""),)),
        ),
    ],
)
async def test_what_rasa_writes_otherwise_is_read_as_far_as_it_goes(wrote: str, heard: Heard, server: StandIn) -> None:
    asking, server.wrote = remote("rasa", server), wrote
    assert await asking.ask(SAID, seconds=PATIENCE) == heard
    await asking.aclose()


async def test_after_three_failures_nobody_is_asked_until_one_alone_finds_it_well(server: StandIn) -> None:
    now = 0.0
    asking = remote("rasa", server)
    asking = Remote(asking._server, Breaker(clock=lambda: now))
    server.how = "error"
    for _ in range(5):
        assert await asking.ask(SAID, seconds=PATIENCE) is None
    assert len(server.heard) == 3

    now = 31.0
    assert await asking.ask(SAID, seconds=PATIENCE) is None
    assert await asking.ask(SAID, seconds=PATIENCE) is None
    assert len(server.heard) == 4, "the probe failed: closed to us for as long again"

    now, server.how = 62.0, "held"
    probe = asyncio.create_task(asking.ask(SAID, seconds=PATIENCE))
    await server.asked(5)
    assert await asking.ask(SAID, seconds=PATIENCE) is None, "only one finds out"
    server.release.set()
    assert await probe == EXPECTED
    assert await asking.ask(SAID, seconds=PATIENCE) == EXPECTED
    assert len(server.heard) == 6
    await asking.aclose()


async def test_a_probe_that_was_broken_off_lets_another_one_go(server: StandIn) -> None:
    now = 0.0
    breaker = Breaker(most_failures=1, clock=lambda: now)
    asking = Remote(remote("rasa", server)._server, breaker)
    server.how = "error"
    assert await asking.ask(SAID, seconds=PATIENCE) is None
    now, server.how = 31.0, "held"
    probe = asyncio.create_task(asking.ask(SAID, seconds=PATIENCE))
    await server.asked(2)
    probe.cancel()
    await asyncio.gather(probe, return_exceptions=True)
    server.how = "well"
    assert await asking.ask(SAID, seconds=PATIENCE) == EXPECTED
    assert not breaker.is_open
    await asking.aclose()


async def test_no_more_than_sixteen_wait_at_a_time_and_the_others_not_at_all(server: StandIn) -> None:
    asking, server.how = remote("openai", server), "held"
    waiting = [asyncio.create_task(asking.ask(SAID, seconds=PATIENCE)) for _ in range(16)]
    await server.asked(16)
    assert await asking.ask(SAID, seconds=PATIENCE) is None
    assert len(server.heard) == 16
    server.release.set()
    assert await asyncio.gather(*waiting) == [EXPECTED] * 16
    assert await asking.ask(SAID, seconds=PATIENCE) == EXPECTED
    await asking.aclose()


def test_the_base_of_a_model_may_have_a_path_or_none() -> None:
    assert completions_url("http://localhost:8080") == "http://localhost:8080/v1/chat/completions"
    assert completions_url("https://api.example.com/v1/") == "https://api.example.com/v1/chat/completions"
    assert completions_url("https://example.com/compatible-mode/v1") == (
        "https://example.com/compatible-mode/v1/chat/completions"
    )


def test_there_are_two_kinds_of_servers() -> None:
    with pytest.raises(ValueError, match="there are rasa and openai"):
        build_understanding("oracle", url="http://localhost", key="", model="", lists=LISTS)
