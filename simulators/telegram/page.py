"""What the page of the Telegram simulator shows and does."""

from collections.abc import Mapping
from typing import Protocol

from simulators.page import WatchedSimulator
from simulators.telegram.person import Person, SeenMessage
from simulators.tinypng import plain_png


class _Simulator(Protocol):
    people: list[Person]

    @property
    def webhook_url(self) -> str | None: ...

    def user(self, first_name: str = ..., *, language_code: str | None = ...) -> Person: ...


class TelegramPage(WatchedSimulator):
    """The chats of every person with the bot."""

    def __init__(self, simulator: _Simulator) -> None:
        self._simulator = simulator

    def state(self) -> dict[str, object]:
        """Everything the page shows."""
        return {
            "platform": "Telegram",
            "target": self._simulator.webhook_url or "polling",
            "acts": ["photo", "location", "contact", "block", "unblock"],
            "people": [
                {
                    "id": str(person.id),
                    "name": person.account.first_name,
                    "messages": [_shown(person, at, one) for at, one in enumerate(person.messages)],
                }
                for person in self._simulator.people
            ],
        }

    async def act(self, person_id: str, act: str, value: Mapping[str, object]) -> None:
        """Let a person do something."""
        text = str(value.get("text", ""))
        if act == "new":
            await self._simulator.user(text or "Anna", language_code="zh-hans").starts()
            return
        person = self._person(person_id)
        if act == "says":
            await person.says(text)
        elif act == "presses":
            await self._press(person, int(str(value["message"])), text)
        elif act == "photo":
            await person.sends_photo(plain_png())
        elif act == "location":
            await person.sends_location(*person.location)
        elif act == "contact":
            await person.shares_contact()
        elif act in ("block", "unblock"):
            await (person.blocks() if act == "block" else person.unblocks())
        else:
            raise ValueError(f"nobody can do {act!r}")

    async def _press(self, person: Person, message_id: int, value: str) -> None:
        seen = next((one for one in person.messages if one.message_id == message_id), None)
        inline = person.inline_data(message_id)
        if seen is not None and value in inline:
            await person.presses_on(message_id, value)
        else:
            await person.presses(value)

    def picture(self, person_id: str, position: int) -> bytes | None:
        """The picture in a message."""
        messages = self._person(person_id).messages
        return messages[position].photo if position < len(messages) else None

    def _person(self, person_id: str) -> Person:
        for person in self._simulator.people:
            if str(person.id) == person_id:
                return person
        raise LookupError("nobody has this number")


def _shown(person: Person, position: int, message: SeenMessage) -> dict[str, object]:
    return {
        "id": message.message_id,
        "mine": message.mine,
        "text": message.text or ("" if message.photo else message.line()[2:].split("\n", 1)[0]),
        "edited": message.edited,
        "picture": f"/simulator/picture/{person.id}/{position}" if message.photo else None,
        "buttons": [
            [
                {"label": label, "value": value, "url": value if value.startswith("http") else None}
                for label, value in row
            ]
            for row in message.buttons
        ],
    }
