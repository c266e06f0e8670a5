"""A Rasa server: `POST /model/parse`, as Rasa 3 documents it; of its entities only the words and the synonym."""

import msgspec

from gateways.understanding.carrying import open_http, post_json, read_json
from gateways.understanding.ports import Asked, Heard, Stretch


class _Intent(msgspec.Struct):
    name: str | None = None
    confidence: float = 0.0


class _Entity(msgspec.Struct):
    entity: str = ""
    start: int = 0
    end: int = 0
    value: msgspec.Raw = msgspec.Raw(b"null")


class _Parse(msgspec.Struct):
    intent: _Intent | None = None
    intent_ranking: list[_Intent] = []
    entities: list[_Entity] = []


class Rasa:
    """Keeps the promises of `Understands` against a server started with `rasa run --enable-api`."""

    def __init__(self, url: str, token: str) -> None:
        self._url = f"{url.rstrip('/')}/model/parse"
        self._params = {"token": token} if token else None
        self._http = open_http()

    async def hear(self, asked: Asked) -> Heard:
        """Return its ranking and the stretches of its entities; raises Failed."""
        text = asked.text.lstrip("/ ")  # to Rasa a slash says: this is an intent's name, believe it
        said = read_json(await post_json(self._http, self._url, {"text": text}, params=self._params), _Parse)
        ranking = said.intent_ranking or ([] if said.intent is None else [said.intent])
        return Heard(
            intents=tuple((one.name, one.confidence) for one in ranking if one.name is not None),
            stretches=tuple(
                Stretch(one.entity, text[one.start : one.end], _words(one.value))
                for one in said.entities
                if 0 <= one.start < one.end <= len(text)
            ),
        )

    async def aclose(self) -> None:
        """Hang up."""
        await self._http.aclose()


def _words(value: msgspec.Raw) -> str:
    """The name a synonym was mapped to; nothing where the value is no text."""
    try:
        return msgspec.json.decode(value, type=str)
    except msgspec.MsgspecError:
        return ""
