"""A person with Telegram on the phone: acts as a hand would and tells what the screen shows."""

import asyncio
import secrets
from dataclasses import dataclass

from simulators.images import image_size
from simulators.screen import CannotDo, NotOnScreen, best_match
from simulators.telegram.keyboards import Button
from simulators.telegram.methods import photo_size
from simulators.telegram.oddities import KINDS, forwarded, odd_content
from simulators.telegram.state import Account, Message, Platform, Press, live_until, location_of

HOME = (30.656, 104.080)
"""Where everybody is until they move: the middle of Chengdu."""
_CHECKOUT_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class SeenMessage:
    """A message as its reader sees it now; `buttons` are rows of (label, data or address)."""

    message_id: int
    mine: bool
    text: str
    buttons: tuple[tuple[tuple[str, str], ...], ...]
    photo: bytes | None
    location: tuple[float, float] | None
    edited: bool
    changed: int = 0
    """Counts up with every change of any chat: whoever remembers it knows what is newer."""

    @property
    def labels(self) -> list[str]:
        """What the buttons say, in order."""
        return [label for row in self.buttons for label, _ in row]

    def line(self) -> str:
        """The message as lines of a transcript."""
        body = self.text
        if self.photo is not None:
            body = f"[photo] {body}".rstrip()
        if self.location is not None:
            body = f"[location {self.location[0]:.5f},{self.location[1]:.5f}]"
        rows = ["\n    " + " ".join(f"[{label}]" for label, _ in row) for row in self.buttons]
        return f"{'>' if self.mine else '<'} {body}{' (edited)' if self.edited else ''}{''.join(rows)}"


class Person:
    """One person's side of the chat with the bot."""

    def __init__(self, platform: Platform, account: Account) -> None:
        self._platform = platform
        self.account = account
        self._acted_at = 0
        self._paid: dict[str, object] = {}
        self.location = HOME

    @property
    def id(self) -> int:
        """The person's id, which is the chat's too."""
        return self.account.id

    @property
    def messages(self) -> list[SeenMessage]:
        """The chat as it stands, oldest first."""
        return [_seen(message) for message in self._chat().values()]

    def inline_data(self, message_id: int) -> set[str]:
        """The data of the buttons under one message."""
        message = self._chat().get(message_id)
        keyboard = message.inline() if message is not None else None
        return {button.data for button in keyboard.buttons() if button.data} if keyboard is not None else set()

    def last_words(self) -> int:
        """The id of the last text this person wrote; CannotDo when there is none."""
        own = [one.message_id for one in self._chat().values() if not one.from_bot and "text" in one.content]
        if not own:
            raise CannotDo("nothing was said yet")
        return own[-1]

    def transcript(self) -> str:
        """The whole chat: '>' before the person's words, '<' before the bot's."""
        return "\n".join(message.line() for message in self.messages)

    async def says(self, text: str) -> int:
        """Write to the bot; returns the message id. CannotDo after a block."""
        return await self._writes({"text": text, **_command_entity(text)})

    async def starts(self, payload: str | None = None) -> int:
        """Press Start, or open a deep link with its payload."""
        return await self.says(f"/start {payload}" if payload else "/start")

    async def sends_photo(self, data: bytes, *, caption: str = "") -> int:
        """Send a picture; ValueError when the bytes are none."""
        size = image_size(data)
        if size is None:
            raise ValueError("these bytes are no picture")
        stored = self._platform.store_file(data, folder="photos", suffix="jpg")
        content: dict[str, object] = {"photo": [photo_size(stored.file_id, stored.unique_id, data, size)]}
        return await self._writes(content | ({"caption": caption} if caption else {}), photo=data)

    async def sends_document(self, data: bytes, *, name: str, mime_type: str = "application/octet-stream") -> int:
        """Send a file."""
        stored = self._platform.store_file(data, folder="documents", suffix=name.rpartition(".")[2] or "bin")
        document = {"file_name": name, "mime_type": mime_type, "file_size": len(data)}
        ids = {"file_id": stored.file_id, "file_unique_id": stored.unique_id}
        return await self._writes({"document": document | ids})

    async def sends_voice(self, data: bytes = b"OggS", *, seconds: int = 2) -> int:
        """Send a voice note."""
        stored = self._platform.store_file(data, folder="voice", suffix="oga")
        voice = {"duration": seconds, "mime_type": "audio/ogg", "file_size": len(data)}
        return await self._writes({"voice": voice | {"file_id": stored.file_id, "file_unique_id": stored.unique_id}})

    async def sends_odd(self, kind: str) -> int:
        """Send something a bot seldom wants: a sticker, video, poll, dice...; ValueError for an unknown kind."""
        return await self._writes(odd_content(self._platform, kind))

    async def forwards(self, message_id: int) -> int:
        """Forward a message of this chat back into it; KeyError when there is none."""
        return await self._writes(forwarded(self._platform, self._chat()[message_id]))

    async def sends_location(self, latitude: float, longitude: float, *, live_period: int | None = None) -> int:
        """Send a point (WGS-84), shared live for `live_period` seconds when that is given."""
        self.location = (latitude, longitude)
        location: dict[str, object] = {"latitude": latitude, "longitude": longitude}
        if live_period is not None:
            location["live_period"] = live_period
        message_id = await self._writes({"location": location})
        if live_period is not None:
            message = self._chat()[message_id]
            message.live_until = live_until(message.sent_at, live_period)
        return message_id

    async def moves(self, latitude: float, longitude: float) -> None:
        """Walk on while a location is shared live: an edited message. CannotDo when none is."""
        now = self._platform.clock.now()
        live = [one for one in self._chat().values() if not one.from_bot and (one.live_until or 0) > now]
        if not live:
            raise CannotDo("no live location is shared")
        message, old = live[-1], live[-1].content["location"]
        point = {"latitude": latitude, "longitude": longitude}
        message.content["location"] = {**(old if isinstance(old, dict) else {}), **point}
        message.edited_at, self.location = now, (latitude, longitude)
        self._platform.touch(message)
        self._platform.feed.push("edited_message", self.id, self._platform.wire(message))
        await asyncio.sleep(0)

    async def stops_live_location(self) -> None:
        """Stop sharing: the last point comes once more, no longer live. CannotDo when none is shared."""
        now = self._platform.clock.now()
        live = [one for one in self._chat().values() if not one.from_bot and (one.live_until or 0) > now]
        if not live:
            raise CannotDo("no live location is shared")
        message = live[-1]
        point = dict(zip(("latitude", "longitude"), self.location, strict=True))
        message.content, message.live_until, message.edited_at = {"location": point}, now, now
        self._platform.touch(message)
        self._platform.feed.push("edited_message", self.id, self._platform.wire(message))
        await asyncio.sleep(0)

    async def edits(self, message_id: int, text: str) -> None:
        """Correct an own text; KeyError when there is no such message."""
        message = self._chat()[message_id]
        if message.from_bot or "text" not in message.content:
            raise CannotDo("only an own text can be corrected")
        message.content, message.edited_at = {"text": text}, self._platform.clock.now()
        self._platform.touch(message)
        self._acted_at = message.seen_as
        self._platform.feed.push("edited_message", self.id, self._platform.wire(message))
        await asyncio.sleep(0)

    async def shares_contact(self, phone: str | None = None, *, own: bool = True) -> int:
        """Send a contact card, the person's own or somebody else's."""
        contact: dict[str, object] = {"phone_number": phone or self.account.phone}
        contact["first_name"] = self.account.first_name if own else "Someone"
        if own:
            contact["user_id"] = self.id
        return await self._writes({"contact": contact})

    async def presses(self, label_or_data: str) -> Press:
        """Press the newest button of that label or data; NotOnScreen when there is none."""
        found = self._find_button(label_or_data)
        if found is None:
            raise NotOnScreen(f"no button {label_or_data!r}", self.transcript())
        message, button = found
        if message.inline() is None:
            await self._presses_key(button)
        elif button.url is not None:
            return Press("", self.id, message.message_id, button.url, self._platform.clock.now())
        elif button.pay:
            return await self.pays(message.message_id)
        else:
            return await self.presses_on(message.message_id, button.data or "")
        return Press("", self.id, message.message_id, button.label, self._platform.clock.now())

    async def presses_on(self, message_id: int, data: str) -> Press:
        """Press with any data on any message, as a stale screen or a forger would."""
        now = self._platform.clock.now()
        press = Press(str(secrets.randbits(62)), self.id, message_id, data, now)
        self._platform.presses[press.id] = press
        message = self._chat().get(message_id)
        shown: dict[str, object] = (
            {"chat": self.account.as_chat(), "message_id": message_id, "date": 0}
            if message is None
            else self._platform.wire(message)
        )
        query: dict[str, object] = {"id": press.id, "from": self.account.as_user(), "message": shown, "data": data}
        self._acts()
        self._platform.feed.push("callback_query", self.id, query | {"chat_instance": str(-self.id)})
        await asyncio.sleep(0)
        return press

    async def waits_for_answer(self, press: Press, *, timeout: float = 15.0) -> Press:  # noqa: ASYNC109 - part of the tests' language
        """The press once the bot has answered it; NotOnScreen when it does not in time."""
        answered = await self._platform.bell.wait_for(
            lambda: press if press.answered_at is not None else None, timeout=timeout
        )
        if answered is None:
            raise NotOnScreen(f"the press {press.data!r} was not answered", self.transcript())
        return answered

    async def pays(self, message_id: int, *, wait: float = _CHECKOUT_SECONDS, tell: bool = True) -> Press:
        """Pay a bill: asks the bot first, pays when it agrees. The press tells what it said.

        Without `tell` the bot does not hear of the payment until `told_payment_again`.
        """
        bill = self._platform.checkouts.get(f"invoice:{message_id}")
        message = self._chat().get(message_id)
        if bill is None or message is None:
            raise NotOnScreen(f"no bill in message {message_id}", self.transcript())
        invoice = message.content["invoice"]
        amount = {name: invoice[name] for name in ("currency", "total_amount")} if isinstance(invoice, dict) else {}
        checkout = Press(str(secrets.randbits(62)), self.id, message_id, bill.data, self._platform.clock.now())
        self._platform.checkouts[checkout.id] = checkout
        facts: dict[str, object] = {**amount, "invoice_payload": bill.data}
        query = {"id": checkout.id, "from": self.account.as_user(), **facts}
        self._acts()
        self._platform.feed.push("pre_checkout_query", self.id, query)
        await self._platform.bell.wait_for(lambda: True if checkout.answered_at is not None else None, timeout=wait)
        if checkout.answered_at is not None and checkout.accepted:
            charges = {
                name: secrets.token_hex(8) for name in ("telegram_payment_charge_id", "provider_payment_charge_id")
            }
            self._paid = {"successful_payment": facts | charges}
            if tell:
                await self._writes(self._paid)
        return checkout

    async def told_payment_again(self) -> None:
        """Let the bot hear of the last payment once more, in an update of its own; CannotDo when there was none."""
        if not self._paid:
            raise CannotDo("nothing has been paid")
        await self._writes(self._paid)

    async def blocks(self) -> None:
        """Block the bot: it is told, and can write no more."""
        self.account.blocked = True
        await self._membership("member", "kicked")

    async def unblocks(self) -> None:
        """Let the bot write again."""
        self.account.blocked = False
        await self._membership("kicked", "member")

    def deactivates(self) -> None:
        """Close the account: the bot is told nothing and can write no more."""
        self.account.deactivated = True

    async def sees(self, text: str, timeout: float = 15.0, *, anywhere: bool = False) -> SeenMessage:  # noqa: ASYNC109 - part of the tests' language
        """Wait for a message of the bot with `text` that came or changed since this person last acted.

        Old messages do not count, or a story would pass on yesterday's words; `anywhere` lets them count.
        """
        since = -1 if anywhere else self._acted_at
        found = await self._platform.bell.wait_for(lambda: self._newest_with(text, since=since), timeout=timeout)
        if found is None:
            raise NotOnScreen(f"{self.account.first_name} does not see {text!r}", self.transcript())
        return _seen(found)

    def _newest_with(self, text: str, *, since: int) -> Message | None:
        fits = (one for one in self._chat().values() if one.from_bot and one.seen_as > since and text in one.text())
        return max(fits, key=lambda message: message.seen_as, default=None)

    def _chat(self) -> dict[int, Message]:
        return self._platform.chats[self.id]

    def _acts(self) -> None:
        self._platform.bell.ring()
        self._acted_at = self._platform.bell.rings

    def _find_button(self, wanted: str) -> tuple[Message, Button] | None:
        newest_first = [one for one in reversed(self._chat().values()) if one.from_bot]
        offered = [(one, button) for one in newest_first if (inline := one.inline()) for button in inline.buttons()]
        board = self.account.keyboard
        if board is not None and newest_first:
            holder = next((one for one in newest_first if one.keyboard is board), newest_first[0])
            offered = [(holder, button) for button in board.buttons()] + offered
        return best_match(wanted, offered, names=lambda pair: [pair[1].label, *filter(None, (pair[1].data,))])

    async def _presses_key(self, button: Button) -> None:
        board = self.account.keyboard
        if board is not None and board.wire.get("one_time_keyboard"):
            self.account.keyboard = None
        if button.asks == "contact":
            await self.shares_contact()
        elif button.asks == "location":
            await self.sends_location(*self.location)
        else:
            await self.says(button.label)

    async def _writes(self, content: dict[str, object], *, photo: bytes | None = None) -> int:
        if self.account.blocked:
            raise CannotDo(f"{self.account.first_name} has blocked the bot")
        if self.account.deactivated:
            raise CannotDo(f"{self.account.first_name} has closed the account")
        self.account.started = True
        message = self._platform.add_message(self.account, content, from_bot=False, photo=photo)
        self._acted_at = message.seen_as
        self._platform.feed.push("message", self.id, self._platform.wire(message))
        await asyncio.sleep(0)
        return message.message_id

    async def _membership(self, old: str, new: str) -> None:
        bot = self._platform.bot_user()
        kicked = {"until_date": 0}
        change: dict[str, object] = {
            "chat": self.account.as_chat(),
            "from": self.account.as_user(),
            "date": int(self._platform.clock.now()),
            "old_chat_member": {"user": bot, "status": old, **(kicked if old == "kicked" else {})},
            "new_chat_member": {"user": bot, "status": new, **(kicked if new == "kicked" else {})},
        }
        self._acts()
        self._platform.feed.push("my_chat_member", self.id, change)
        await asyncio.sleep(0)


def _command_entity(text: str) -> dict[str, object]:
    if not text.startswith("/"):
        return {}
    return {"entities": [{"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])}]}


def _seen(message: Message) -> SeenMessage:
    keyboard = message.keyboard
    rows = keyboard.rows if keyboard is not None else ()
    return SeenMessage(
        message_id=message.message_id,
        mine=not message.from_bot,
        text=message.text() or _other_content(message),
        buttons=tuple(tuple((b.label, b.data or b.url or b.label) for b in row) for row in rows),
        photo=message.photo,
        location=location_of(message.content),
        edited=message.edited_at is not None,
        changed=message.seen_as,
    )


def _other_content(message: Message) -> str:
    content = message.content
    for kind in ("document", "voice", "contact", "successful_payment", *KINDS):
        if kind in content and "location" not in content:
            return f"[{kind}]"
    invoice = content.get("invoice")
    if isinstance(invoice, dict):
        return f"[invoice {invoice['title']} {invoice['total_amount']} {invoice['currency']}]"
    return ""
