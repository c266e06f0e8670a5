"""A Rasa assistant as far as an action server sees it: a tracker that grows as Rasa 3.6's form lets it grow.

    lin = Assistant(client, "lin")
    await lin.says("明天下午三点想约个肩颈按摩")
    lin.sees("要哪一种")
    await lin.presses("90")

The payloads have the shape of those in `recorded/`, which Rasa 3.6.21 sent; `test_recorded.py` holds the two together.
"""

import itertools
import json
from dataclasses import dataclass, field
from typing import Any

import httpx

FORM = "menling_form"
ACTION = "validate_menling_form"
SECRET = "what-both-sides-know-0123456789"

_ids = itertools.count(1)


@dataclass
class Assistant:
    """One person's conversation at Rasa, and what Rasa would have shown them."""

    client: httpx.AsyncClient
    sender: str
    events: list[dict[str, Any]] = field(default_factory=list)
    slots: dict[str, Any] = field(default_factory=dict)
    active: bool = False
    shown: list[dict[str, Any]] = field(default_factory=list)
    last_payload: dict[str, Any] = field(default_factory=dict)

    async def says(self, text: str, *, intent: str = "book") -> list[dict[str, Any]]:
        """Let Rasa hear words; returns what it shows."""
        return await self._hears(text, intent, [])

    async def presses(self, label: str) -> list[dict[str, Any]]:
        """Press the newest button whose title has this in it, as a channel of Rasa's sends its payload."""
        payload = self.payload_of(label)
        entities = json.loads(payload.removeprefix("/menling_press"))
        return await self._hears(payload, "menling_press", [{"entity": k, "value": v} for k, v in entities.items()])

    async def is_told(self, token: str) -> list[dict[str, Any]]:
        """Have Rasa's API asked to trigger the intent of our news, as our own sender does."""
        entities = [{"entity": "menling_message", "value": token}]
        return await self._hears("EXTERNAL: menling_news", "menling_news", entities, message_id=None)

    def payload_of(self, label: str) -> str:
        """What the newest button with this title sends."""
        for message in reversed(self.shown):
            for button in message["buttons"]:
                if label in button["title"]:
                    payload: str = button["payload"]
                    return payload
        raise AssertionError(f"no button {label!r} in {self.shown}")

    def sees(self, *texts: str) -> str:
        """The newest message holds all of this, in its words or on its buttons."""
        message = self.shown[-1]
        whole = "\n".join([message["text"] or "", *(button["title"] for button in message["buttons"])])
        for text in texts:
            assert text in whole, f"{text!r} not in\n{whole}"
        return whole

    async def again(self) -> list[dict[str, Any]]:
        """Call once more for the same message, as it stood when Rasa first called: its first call came to nothing."""
        return await self._call(self.last_payload)

    def answers_itself(self, text: str) -> None:
        """The person asks something that a rule of the project answers before the form goes on."""
        self._listen_and_hear(text, "opening_hours", [], f"message-{next(_ids)}")
        self.events += [{"event": "action", "name": "utter_opening_hours"}, {"event": "bot", "text": "9 to 5"}]

    async def comes_back(self) -> list[dict[str, Any]]:
        """Rasa goes back to the form after an answer of its own."""
        return await self._run_form()

    def payload(self) -> dict[str, Any]:
        """What Rasa posts when it runs the form now."""
        user = next(event for event in reversed(self.events) if event["event"] == "user")
        passing = [
            {"event": "slot", "timestamp": 0.0, "name": "requested_slot", "value": self.slots.get("requested_slot")},
            {"event": "action", "timestamp": 0.0, "name": FORM, "policy": None, "confidence": None},
        ]
        return {
            "version": "3.6.21",
            "next_action": ACTION,
            "sender_id": self.sender,
            "tracker": {
                "sender_id": self.sender,
                "slots": {"menling_done": None, **self.slots},
                "latest_message": {
                    **user["parse_data"],
                    "message_id": user["message_id"],
                    "metadata": user["metadata"],
                },
                "latest_event_time": 0.0,
                "followup_action": None,
                "paused": False,
                "events": [*self.events, *passing],
                "latest_input_channel": "rest",
                "active_loop": {"name": FORM} if self.active else {},
                "latest_action": {"action_name": FORM},
                "latest_action_name": FORM,
            },
            "domain": {"version": "3.1", "intents": [], "slots": {}},
        }

    async def _hears(
        self, text: str, intent: str, entities: list[dict[str, Any]], message_id: str | None = ""
    ) -> list[dict[str, Any]]:
        self._listen_and_hear(text, intent, entities, f"message-{next(_ids)}" if message_id == "" else message_id)
        if not self.active:
            self.events.append({"event": "active_loop", "timestamp": 0.0, "name": FORM})
            self.active = True
        return await self._run_form()

    def _listen_and_hear(self, text: str, intent: str, entities: list[dict[str, Any]], message_id: str | None) -> None:
        parse = {"intent": {"name": intent, "confidence": 1.0}, "entities": entities, "text": text}
        self.events.append({"event": "action", "timestamp": 0.0, "name": "action_listen"})
        self.events.append(
            {
                "event": "user",
                "timestamp": float(next(_ids)),
                "text": text,
                "parse_data": parse,
                "input_channel": "rest",
                "message_id": message_id,
                "metadata": {},
            }
        )

    async def _run_form(self) -> list[dict[str, Any]]:
        self.last_payload = self.payload()
        return await self._call(self.last_payload)

    async def _call(self, payload: dict[str, Any]) -> list[dict[str, Any]]:
        answer = await self.client.post("/webhook", json=payload)
        assert answer.status_code == 200, answer.text
        given = answer.json()
        self.events.append({"event": "action", "timestamp": 0.0, "name": FORM})
        for message in given["responses"]:
            self.events.append({"event": "bot", "timestamp": 0.0, "text": message["text"]})
        for event in given["events"]:
            assert event["event"] == "slot"
            self.slots[event["name"]] = event["value"]
        self.slots.setdefault("requested_slot", "menling_done")
        if any(e["name"] == "requested_slot" and e["value"] is None for e in given["events"]):
            self.active = False
            self.events.append({"event": "active_loop", "timestamp": 0.0, "name": None})
        responses: list[dict[str, Any]] = given["responses"]
        self.shown += responses
        return responses
