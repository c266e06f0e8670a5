"""The sending side: Rasa is asked to show a message of ours that nobody is waiting for."""

import asyncio
import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote

import httpx
import msgspec

from bots.rasa.names import CHANNEL, MESSAGE_ENTITY, NEWS_INTENT
from bots.rasa.params import RasaParams
from bots.rasa.senders import sender_of
from dialogs.outgoing import Delivery, Later, Outgoing, Refused, Sent, Trouble, Unknown, token_of

# httpx tells every address at INFO, and Rasa's carries its token and who is written to.
logging.getLogger("httpx").setLevel(logging.WARNING)

_SECONDS: Final = 15.0
_MOST_ANSWER: Final = 32 * 1024 * 1024
_COLLECTED: Final = frozenset({None, "rest"})
"""Channels whose answers only wait to be collected; others collect too, and hand on what they have."""
_BUSY: Final = frozenset({HTTPStatus.CONFLICT, HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})


class _Event(msgspec.Struct):
    event: str = ""


class _Tracker(msgspec.Struct):
    events: list[_Event] = []
    latest_input_channel: str | None = None


class _Shown(msgspec.Struct):
    tracker: _Tracker
    messages: Any = None


class RasaDoor:
    """Delivers through Rasa's HTTP API: its `trigger_intent` calls our action back, which shows the message."""

    channel = CHANNEL
    pace = None

    def __init__(self, params: RasaParams, transport: httpx.AsyncBaseTransport | None = None) -> None:
        params.check_sending()
        self._params = params
        self._client = httpx.AsyncClient(timeout=_SECONDS, transport=transport)

    async def stop(self) -> None:
        """Close the line."""
        await self._client.aclose()

    async def deliver(self, message: Outgoing) -> Delivery:
        """Ask Rasa to show one message in the person's latest channel; never raises for what Rasa can do."""
        sender = sender_of(message.external_id)
        if sender is None or message.account != self._params.account:
            return Refused("Rasa cannot be told whom it is for")
        try:
            async with asyncio.timeout(_SECONDS):
                answer = await self._trigger(sender, message.message_id)
        except (httpx.ConnectError, httpx.ConnectTimeout):
            return Later(5)  # nothing has left
        except (httpx.HTTPError, TimeoutError) as error:
            return Unknown(type(error).__name__)  # it may have been shown
        if answer.status_code in _BUSY:
            return Later(5)
        if answer.is_server_error:
            return Unknown(f"status {answer.status_code}")
        return _outcome(answer.content) if answer.is_success else Refused(f"status {answer.status_code}")

    async def fetch(self, account: str, ref: str) -> bytes:
        """Refuse: Rasa hands over words, so there is never a picture to fetch."""
        raise OSError("Rasa holds no pictures")

    def troubles(self) -> Mapping[str, Trouble]:
        """Tell of none: what Rasa refuses, it refuses of one message."""
        return {}

    async def _trigger(self, sender: str, message_id: int) -> httpx.Response:
        params = {"output_channel": "latest", "include_events": "AFTER_RESTART"}
        if self._params.token:
            params["token"] = self._params.token
        return await self._client.post(
            f"{self._params.url.rstrip('/')}/conversations/{quote(sender, safe=':@+')}/trigger_intent",
            params=params,
            json={"name": NEWS_INTENT, "entities": {MESSAGE_ENTITY: token_of(message_id, 0)}},
        )


def _outcome(raw: bytes) -> Delivery:
    """Believe Rasa only when it has shown something: an action that failed is a success to its HTTP API."""
    try:
        shown = msgspec.json.decode(raw[:_MOST_ANSWER], type=_Shown)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return Unknown("an answer that is none of Rasa's")
    if shown.messages is not None and shown.tracker.latest_input_channel in _COLLECTED:
        return Refused("the person's channel takes no messages that were not asked for")
    for event in reversed(shown.tracker.events):
        if event.event == "bot":
            return Sent()
        if event.event == "user":
            break
    return Refused("Rasa has shown nothing")
