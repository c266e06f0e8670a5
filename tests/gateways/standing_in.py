"""A server that stands in for Rasa and for an OpenAI-compatible model, on the loopback, with all its odd sides."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import StreamingResponse

from simulators.server import LocalServer

_ODD = {
    "error": Response("a stack trace, with what was sent", status_code=500),
    "refused": Response('{"error": {"message": "no such key"}}', status_code=401),
    "elsewhere": Response(status_code=307, headers={"Location": "/v1/chat/completions"}),
    "nonsense": Response("<html>Bad gateway</html>"),
    "other": Response('{"choices": {"message": 7}, "intent": "book", "entities": 3}'),
    "packed": Response(b"\x1f\x8b\x08\x00", headers={"Content-Encoding": "gzip"}),
}


class StandIn:
    """`form` is what it says of every text; `how` is how it behaves; `heard` is all it was sent."""

    def __init__(self) -> None:
        self.form: dict[str, Any] = {"intents": [], "entities": []}
        self.how = "well"
        self.wrote: str | None = None
        """Instead of a form: what the model writes, or the body Rasa sends."""
        self.heard: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.queries: list[dict[str, str]] = []
        self.release = asyncio.Event()
        self._asked = asyncio.Event()
        self._app = FastAPI()
        self._app.add_api_route("/v1/chat/completions", self._completions, methods=["POST"])
        self._app.add_api_route("/model/parse", self._parse, methods=["POST"])
        self.server = LocalServer(self._app)

    @property
    def url(self) -> str:
        """Where it listens."""
        return self.server.url

    @property
    def said(self) -> list[str]:
        """The texts it was asked about."""
        return [_text_of(body) for body in self.heard]

    async def asked(self, times: int) -> None:
        """Wait until it has been asked so often."""
        while len(self.heard) < times:
            self._asked.clear()
            await self._asked.wait()

    async def _completions(self, request: Request) -> Response:
        return await self._behave(request, lambda: _completion(self.wrote or json.dumps(self.form, ensure_ascii=False)))

    async def _parse(self, request: Request) -> Response:
        return await self._behave(request, lambda: self.wrote or json.dumps(self._parsed(self.heard[-1]["text"])))

    async def _behave(self, request: Request, answer: Callable[[], str]) -> Response:
        self.heard.append(await request.json())
        self._asked.set()
        self.headers.append(dict(request.headers))
        self.queries.append(dict(request.query_params))
        match self.how:
            case "huge":
                return StreamingResponse(_flood())
            case "hung":
                await self.server.hold(request, 30)
            case "cut":
                self.server.reset_connection(request)
                await asyncio.sleep(0.01)
            case "held":
                await self.release.wait()
        return _ODD.get(self.how) or Response(answer(), media_type="application/json")

    def _parsed(self, text: str) -> dict[str, Any]:
        """The form as Rasa 3 writes it."""
        ranking = [{"name": one["name"], "confidence": one["confidence"]} for one in self.form["intents"]]
        entities = [
            {
                "entity": one["kind"],
                "start": text.find(one["text"]), "end": text.find(one["text"]) + len(one["text"]),
                "confidence_entity": 0.97, "value": one.get("called") or one["text"], "extractor": "DIETClassifier",
            }
            for one in self.form["entities"]
        ]  # fmt: skip
        best = ranking[0] if ranking else {"name": None, "confidence": 0.0}
        tokens = [[0, len(text)]]
        return {
            "text": text, "intent": best, "entities": entities, "text_tokens": tokens, "intent_ranking": ranking,
            "response_selector": {"all_retrieval_intents": []},
        }  # fmt: skip


@asynccontextmanager
async def a_stand_in() -> AsyncIterator[StandIn]:
    """A server that listens until the block ends."""
    standing = StandIn()
    await standing.server.start()
    try:
        yield standing
    finally:
        standing.release.set()
        await standing.server.stop()


def _completion(content: str) -> str:
    return json.dumps(
        {
            "id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "m",
            "choices": [
                {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": content}}
            ],
            "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
        }
    )  # fmt: skip


def _text_of(body: dict[str, Any]) -> str:
    if "text" in body:
        return str(body["text"])
    return str(json.loads(body["messages"][-1]["content"])["message"])


async def _flood() -> AsyncIterator[bytes]:
    while True:
        yield b'{"intents": [' + b" " * 65_536
        await asyncio.sleep(0)
