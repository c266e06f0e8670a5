"""What the page of the Telegram simulator shows and does."""

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING

from simulators.page import WatchedSimulator
from simulators.pokes import Field, Poke, number, text, times
from simulators.screen import CannotDo
from simulators.telegram.group import GroupChat
from simulators.telegram.oddities import KINDS
from simulators.telegram.person import HOME, Person, SeenMessage
from simulators.tinypng import plain_png

if TYPE_CHECKING:
    from simulators.telegram.simulator import Call, TelegramSimulator

_LIVE_SECONDS = 900
_STEP = 0.002
_BIG = 21 * 1024 * 1024
_SHOWN_CALLS = 60
_METHODS = tuple("sendMessage editMessageText answerCallbackQuery sendPhoto sendLocation getUpdates getFile".split())
_FAULTS = ("429", "400", "401", "403", "404", "409", "500", "502", "slow", "reset", "success_then_timeout")

Act = Callable[[Person], Awaitable[object]]
_ACTS: Mapping[str, Act] = {
    "photo": lambda person: person.sends_photo(plain_png()),
    "pdf": lambda person: person.sends_document(b"%PDF-1.4", name="offer.pdf", mime_type="application/pdf"),
    "21 MB file": lambda person: person.sends_document(bytes(_BIG), name="big.png", mime_type="image/png"),
    "voice": lambda person: person.sends_voice(),
    "contact": lambda person: person.shares_contact(),
    "somebody's contact": lambda person: person.shares_contact("+8613900139000", own=False),
    "forward": lambda person: person.forwards(person.messages[-1].message_id),
    "payment told again": lambda person: person.told_payment_again(),
    "block": lambda person: person.blocks(),
    "unblock": lambda person: person.unblocks(),
}
_LANGUAGES = ("zh-hans", "zh-hant", "zh-TW", "en", "de", "")
_GROUP_ACTS = ("add the bot", "remove the bot", "become a supergroup")


class TelegramPage(WatchedSimulator):
    """The chats of every person and group with the bot."""

    def __init__(self, simulator: "TelegramSimulator") -> None:
        self._simulator = simulator

    def state(self) -> dict[str, object]:
        """Everything the page shows."""
        sim = self._simulator
        return {
            "platform": "Telegram",
            "target": sim.webhook_url or "polling",
            "facts": self._facts(),
            "pokes": [poke.as_json() for poke in _pokes()],
            "calls": [_call(one) for one in sim.calls[-_SHOWN_CALLS:]],
            "people": [self._person_state(one) for one in sim.people] + [_group_state(one) for one in sim.groups],
        }

    async def act(self, person_id: str, act: str, value: Mapping[str, object]) -> None:
        """Let a person do something, or something happen to the whole platform."""
        if act == "new":
            language = text(value, "language", "zh-hans") or None
            await self._simulator.user(text(value, "text") or "Anna", language_code=language).starts()
        elif not self._on_platform(act, person_id, value):
            group = next((one for one in self._simulator.groups if str(one.id) == person_id), None)
            if group is not None:
                await self._in_group(group, act, text(value, "text"))
            else:
                await self._by_person(self._person(person_id), act, value)

    def _on_platform(self, act: str, person_id: str, value: Mapping[str, object]) -> bool:
        """Do what concerns the whole platform; False when the act is somebody's own."""
        sim = self._simulator
        if act == "fail":
            seconds = number(value, "seconds", 30.0)
            sim.fail_next(
                text(value, "method", "*"),
                text(value, "kind"),
                times(value),
                retry_after=int(seconds),
                seconds=seconds,
                description=text(value, "reason"),
            )
        elif act == "flood":
            whole = text(value, "whom") == "the whole bot"
            sim.flood(number(value, "seconds", 10.0), chat_id=None if whole else int(person_id))
        elif act == "later":
            sim.advance(number(value, "minutes", 1.0) * 60)
        elif act == "group":
            sim.group(text(value, "title") or "Family")
        else:
            return False
        return True

    async def _by_person(self, person: Person, act: str, value: Mapping[str, object]) -> None:
        words = text(value, "text")
        if act == "says":
            await person.says(words)
        elif act == "presses":
            await self._press(person, text(value, "message"), words)
        elif act == "start":
            await person.starts(words or None)
        elif act == "odd":
            await person.sends_odd(text(value, "kind"))
        elif act == "edit":
            await person.edits(person.last_words(), words)
        elif act == "close the account":
            person.deactivates()
        elif act == "last update again":
            self._again(person)
        elif act in _ACTS:
            await _ACTS[act](person)
        elif not await _somewhere(person, act, value):
            raise ValueError(f"nobody can do {act!r}")

    async def _in_group(self, group: GroupChat, act: str, words: str) -> None:
        if not self._simulator.people:
            raise CannotDo("a group needs somebody in it: add a person first")
        member = self._simulator.people[0].account
        if act == "says":
            await group.says(member, words)
        elif act == "add the bot":
            await group.adds_bot(member)
        elif act == "remove the bot":
            await group.removes_bot(member)
        elif act == "become a supergroup":
            self._simulator.groups.append(await group.becomes_supergroup(member))
        else:
            raise ValueError(f"no group can do {act!r}")

    async def _press(self, person: Person, message: str, value: str) -> None:
        """Press a button of the message named, or of the newest that has it."""
        if message.isdecimal() and value in person.inline_data(int(message)):
            await person.presses_on(int(message), value)
        else:
            await person.presses(value)

    def picture(self, person_id: str, position: int) -> bytes | None:
        """The picture in a message."""
        messages = self._person(person_id).messages
        return messages[position].photo if position < len(messages) else None

    def _again(self, person: Person) -> None:
        update_id = self._simulator.last_update_of(person.id)
        if update_id is None:
            raise CannotDo("nothing was sent yet")
        self._simulator.redeliver(update_id)

    def _person(self, person_id: str) -> Person:
        for person in self._simulator.people:
            if str(person.id) == person_id:
                return person
        raise LookupError("nobody has this number")

    def _facts(self) -> list[str]:
        sim = self._simulator
        facts = [f"{sim.waiting} updates wait" if sim.waiting else "no update waits"]
        facts += [f"next {method}: {kind}" for method, kind in sim.planned_faults()]
        facts += [f"flood of {who}: {seconds:.0f} s left" for who, seconds in sim.floods().items()]
        return facts + [f"! {one}" for one in sim.violations[-5:]]

    def _person_state(self, person: Person) -> dict[str, object]:
        account = person.account
        signs = {"blocked": account.blocked, "account closed": account.deactivated, "not started": not account.started}
        return {
            "id": str(person.id),
            "name": account.first_name,
            "facts": [f"chat {person.id}", *(sign for sign, holds in signs.items() if holds)],
            "acts": [*_ACTS, "close the account", "last update again"],
            "messages": [_shown(person, at, one) for at, one in enumerate(person.messages)],
        }


async def _somewhere(person: Person, act: str, value: Mapping[str, object]) -> bool:
    """Do what is done at a place; False when the act is none of these."""
    step = _STEP if act == "move" else 0.0
    place = number(value, "lat", person.location[0] + step), number(value, "lng", person.location[1] + step)
    if act == "location":
        await person.sends_location(*place)
    elif act == "live location":
        await person.sends_location(*place, live_period=_LIVE_SECONDS)
    elif act == "move":
        await person.moves(*place)
    elif act == "stop live":
        await person.stops_live_location()
    else:
        return False
    return True


def _pokes() -> list[Poke]:
    here, there = _place(*HOME), _place(HOME[0] + _STEP, HOME[1] + _STEP)
    seconds = Field("seconds", "5")
    fail = (Field("method", "sendMessage", ("*", "file", *_METHODS)), Field("kind", "429", (*_FAULTS, "endless")))
    return [
        Poke("fail", "fail the next calls", (*fail, Field("reason"), Field("times", "1"), seconds)),
        Poke("flood", "flood", (Field("whom", "this chat", ("this chat", "the whole bot")), seconds)),
        Poke("later", "let minutes pass", (Field("minutes", "60"),)),
        Poke("group", "found a group", (Field("title", "Family"),)),
        Poke("new", "let somebody join", (Field("text", "Emma"), Field("language", "en", _LANGUAGES))),
        Poke("location", "send a location", here, of_person=True),
        Poke("live location", "share a location live", here, of_person=True),
        Poke("move", "move with it", there, of_person=True),
        Poke("stop live", "stop sharing it", of_person=True),
        Poke("start", "open a deep link", (Field("text", "o_K7M2Q"),), of_person=True),
        Poke("odd", "send", (Field("kind", "sticker", KINDS),), of_person=True),
        Poke("edit", "correct the last words", (Field("text", ""),), of_person=True),
    ]


def _place(lat: float, lng: float) -> tuple[Field, Field]:
    return Field("lat", f"{lat:.4f}"), Field("lng", f"{lng:.4f}")


def _group_state(group: GroupChat) -> dict[str, object]:
    chat = group.group
    messages = [
        {"id": one.message_id, "mine": not one.from_bot, "text": one.text() or ", ".join(one.content), "buttons": []}
        for one in group.messages
    ]
    facts = [
        f"chat {group.id}",
        "supergroup" if chat.is_super else "group",
        *([] if chat.has_bot else ["without the bot"]),
    ]
    facts += [f"is now {chat.migrated_to}"] if chat.migrated_to is not None else []
    return {
        "id": str(group.id),
        "name": f"group: {chat.title}",
        "facts": facts,
        "acts": _GROUP_ACTS,
        "messages": messages,
    }


def _call(call: "Call") -> dict[str, object]:
    code, params = call.error_code, call.params
    outcome = "ok" if code is None else f"{code or 'cut'} {call.description}".strip()
    what = str(params.get("text") or params.get("caption") or "")[:60]
    return {
        "what": call.method,
        "to": str(params.get("chat_id") or ""),
        "text": what,
        "outcome": outcome,
        "ok": code is None,
    }


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
