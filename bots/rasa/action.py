"""The action, in rasa-sdk's terms."""

from typing import Any

import msgspec
from rasa_sdk import Action
from rasa_sdk import Tracker as SdkTracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import ActionExecutor, CollectingDispatcher
from rasa_sdk.interfaces import ActionExecutionRejection

from bots.rasa.calls import Tracker
from bots.rasa.hand import Answer, Hand
from bots.rasa.names import ACTION, BACK_ACTION

_REQUESTED = "requested_slot"


class HandOver(Action):  # type: ignore[misc]  # rasa-sdk ships no types
    """Validates the form: each message of the person while it is active is one turn of ours."""

    def __init__(self, hand: Hand) -> None:
        self._hand = hand

    def name(self) -> str:
        return ACTION

    async def run(self, dispatcher: CollectingDispatcher, tracker: SdkTracker, domain: Any) -> list[dict[str, Any]]:
        """Take the turn, show its words, mirror where we stand; a form whose requested slot is none has ended."""
        told = {"sender_id": tracker.sender_id, "latest_message": tracker.latest_message, "events": tracker.events}
        try:
            answer = await self._hand.take(msgspec.convert(told, Tracker))
        except (ValueError, msgspec.ValidationError) as error:
            raise ActionExecutionRejection(ACTION, str(error)) from None
        for one in answer.responses:
            dispatcher.utter_message(text=one.text, buttons=[dict(b) for b in one.buttons], response=one.response)
        return _events(answer)


class Back(Action):  # type: ignore[misc]  # rasa-sdk ships no types
    """Stands where Rasa would unsay two messages: a step back is ours, taken by the form that is called next."""

    def name(self) -> str:
        return BACK_ACTION

    async def run(self, dispatcher: CollectingDispatcher, tracker: SdkTracker, domain: Any) -> list[dict[str, Any]]:
        """Leave everything as it is."""
        return []


def _events(answer: Answer) -> list[dict[str, Any]]:
    slots = [SlotSet(name, value) for name, value in answer.slots.items()]
    return slots if answer.open else [*slots, SlotSet(_REQUESTED, None)]


class Executor(ActionExecutor):  # type: ignore[misc]  # rasa-sdk ships no types
    """rasa-sdk's executor with our actions; it asks for no domain, since they need none."""

    def __init__(self, hand: Hand) -> None:
        super().__init__()
        self.register_action(HandOver(hand))
        self.register_action(Back())

    def update_and_return_domain(self, payload: dict[str, Any], action_name: str) -> dict[str, Any]:
        """Keep no domain: a project with selective_domain sends none, and others tens of kilobytes a call."""
        return {}
