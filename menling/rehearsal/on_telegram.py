"""Telegram in a rehearsal: its simulator's state machines, called in this process over the Bot API's own wire."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from menling.rehearsal.hands import Choice
from menling.rehearsal.house import TELEGRAM_TOKEN
from menling.rehearsal.shapes import PICTURE, Link, NotPossible, Reply
from menling.rehearsal.wire import TELEGRAM, Wire
from simulators.telegram import Person, SeenMessage, TelegramSimulator

_LANGUAGES: Final = {"zh-Hans": "zh-hans", "zh-Hant": "zh-hant", "en": "en"}


class TelegramPlatform:
    """One bot's Telegram."""

    def __init__(self, wire: Wire) -> None:
        self._simulator = TelegramSimulator(TELEGRAM_TOKEN, transport=wire)
        wire.connect(TELEGRAM, self._simulator.app())

    def somebody(self, name: str, lang: str) -> "TelegramHands":
        """Let somebody have Telegram on the phone, in their language."""
        person = self._simulator.user(name, language_code=_LANGUAGES.get(lang, lang))
        return TelegramHands(self._simulator, person)

    def advance(self, how_long: timedelta) -> None:
        """Let time pass for what Telegram forgets."""
        self._simulator.advance(how_long.total_seconds())

    async def close(self) -> None:
        """Hang up."""
        await self._simulator.stop()


@dataclass(frozen=True, slots=True)
class _Pressable:
    """An inline button with its message; a key below the text box has no data."""

    message_id: int
    data: str | None


class TelegramHands:
    """Somebody in Telegram: updates go to the webhook, what the bot calls is seen."""

    def __init__(self, simulator: TelegramSimulator, person: Person) -> None:
        self._simulator = simulator
        self._person = person
        self._screen: dict[int, tuple[str, object]] = {}
        self._looked_at = 0
        self.shown: list[tuple[Choice, ...]] = []

    @property
    def identity(self) -> tuple[str, str, str]:
        """Channel, account and external id by which the house knows this person."""
        return "telegram", "main", str(self._person.id)

    async def arrive(self) -> None:
        """Press Start."""
        await self._person.starts()
        await self._simulator.settled()

    async def say(self, text: str) -> None:
        """Type words; Telegram's clients send none that are empty, and cut none."""
        if not text.strip():
            raise NotPossible("Telegram does not send an empty message")
        await self._person.says(text)
        await self._simulator.settled()

    async def take(self, choice: Choice) -> None:
        """Press a button; one that an edit has taken from the screen is pressed as by a hand that was late."""
        pressable = choice.sends
        if not isinstance(pressable, _Pressable):
            raise NotPossible(f"{choice.label} is a link: open it, or pay it")
        if pressable.data is None:
            await self._person.presses(choice.label)
        else:
            await self._person.presses_on(pressable.message_id, pressable.data)
        await self._simulator.settled()

    async def photo(self, data: bytes) -> None:
        """Send a picture."""
        await self._person.sends_photo(data)
        await self._simulator.settled()

    async def location(self, lat: float, lng: float) -> None:
        """Send a point."""
        await self._person.sends_location(lat, lng)
        await self._simulator.settled()

    async def contact(self, phone: str, *, own: bool) -> None:
        """Send a contact card."""
        await self._person.shares_contact(phone, own=own)
        await self._simulator.settled()

    async def again(self) -> None:
        """Let Telegram post the last update of this chat once more."""
        last = self._simulator.last_update_of(self._person.id)
        if last is None:
            raise NotPossible("nothing has been sent yet")
        self._simulator.redeliver(last)
        await self._simulator.settled()

    async def look(self) -> list[Reply]:
        """Return the messages that came or were edited; buttons taken away are no news."""
        fresh = [one for one in self._person.messages if one.changed > self._looked_at and not one.mine]
        fresh.sort(key=lambda message: message.changed)
        found = []
        for message in fresh:
            self._looked_at = message.changed
            before, now = self._screen.get(message.message_id), (message.text, message.buttons)
            self._screen[message.message_id] = now
            if before is None or (now != before and not (now[0] == before[0] and not now[1])):
                found.append(self._reply(message))
        return found

    def _reply(self, message: SeenMessage) -> Reply:
        buttons = [button for row in message.buttons for button in row]
        self.shown.append(tuple(Choice(label, _sent_by(message, label, data)) for label, data in buttons))
        links = tuple(Link(label, data) for label, data in buttons if _is_link(data))
        return Reply(message.text or PICTURE, tuple(message.labels), links)


def _sent_by(message: SeenMessage, label: str, data: str) -> object:
    if _is_link(data):
        return None
    return _Pressable(message.message_id, None if data == label else data)


def _is_link(data: str) -> bool:
    return data.startswith(("http://", "https://"))
