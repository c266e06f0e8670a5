"""An update of Telegram becomes an Incoming, a position on the way, an act of paying, or nothing at all."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from aiogram.enums import ChatMemberStatus, ChatType
from aiogram.types import (
    CallbackQuery,
    ChatMemberUpdated,
    Document,
    Message,
    PhotoSize,
    PreCheckoutQuery,
    SuccessfulPayment,
    Update,
    User,
)
from pydantic import ValidationError

from bots.telegram.words import language_of
from core.files.pictures import MOST_BYTES
from dialogs.incoming import Contact, Content, Event, Incoming, Location, Photo, Press, Text, Unreadable

ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member", "pre_checkout_query")

_GROUPS = (ChatType.GROUP, ChatType.SUPERGROUP)
_JOINED = (ChatMemberStatus.MEMBER, ChatMemberStatus.ADMINISTRATOR)
_UNREADABLE = (
    "voice", "video_note", "video", "sticker", "audio", "animation", "document", "poll", "dice", "story", "game",
    "paid_media", "checklist", "giveaway",
)  # fmt: skip
_NO_ID = 1 << 53
"""Telegram's numbers stay below this (core.telegram.org/bots/api#user)."""
_CURRENCY_LETTERS = 3
_NO_CURRENCY = "XXX"
"""What ISO 4217 writes where there is none."""
_MOST_ODD = 64
_FOR_EVER = 0x7FFFFFFF
"""The live period of a location shared until it is stopped."""
_EDITED_LATELY = timedelta(minutes=10)

# What a command stands for, in no language: whoever taps one is not speaking, and may have chosen another tongue.
_COMMANDS: dict[str, Content] = {
    "book": Event("menu", "book"),
    "orders": Event("menu", "my_orders"),
    "messages": Event("menu", "my_messages"),
    "human": Event("menu", "human"),
    "cancel": Text("cancel"),
    "help": Text("help"),
    "today": Event("menu", "my_day"),
    "offers": Event("menu", "offers"),
    "rota": Event("menu", "my_rota"),
    "income": Event("menu", "income"),
    "off": Event("menu", "go_off_duty"),
    "on": Event("menu", "go_on_duty"),
}


@dataclass(frozen=True, slots=True)
class Ping:
    """Where somebody who shares a live location is, and the seconds it goes on; None once they no longer share it."""

    sender: str
    share: str
    lat: float
    lng: float
    seconds_left: float | None


@dataclass(frozen=True, slots=True)
class Checkout:
    """A question that wants an answer within 10 s: may this bill be paid now? The payload is our payment's number."""

    query_id: str
    number: str
    amount_minor: int
    currency: str
    lang: str | None
    sender: int = 0


@dataclass(frozen=True, slots=True)
class Paid:
    """Money that Telegram says has been taken for one of our bills, with the provider's own number of it.

    What no bill of ours can have come to is `odd`: kept for an operator as it was told, and never booked.
    """

    number: str
    amount_minor: int
    currency: str
    charge_id: str
    provider_charge_id: str
    at: datetime
    odd: str = ""


@dataclass(frozen=True, slots=True)
class Read:
    """What one update holds; a live location is a `ping` first, and words of a person only if nobody awaits it."""

    incoming: Incoming | None = None
    group: int | None = None
    moved: tuple[int, int] | None = None
    press_id: str | None = None
    pressed_on: int | None = None
    back: str | None = None
    ping: Ping | None = None
    checkout: Checkout | None = None
    paid: Paid | None = None
    lang: str | None = None


@dataclass(frozen=True, slots=True)
class Came:
    """One update as it came in: its number, the chat whose order it keeps, what it holds."""

    update_id: int
    chat: int
    read: Read


def came_in(raw: bytes | Mapping[str, Any] | Update, *, account: str) -> Came | None:
    """Return what came in, as JSON, as its data or read already; None when it is no update at all.

    Telegram adds fields and kinds all the time. What the library does not know yet is somebody's message all the same.
    """
    try:
        update = _validated(raw)
    except ValidationError:
        return _came_loosely(raw, account)
    return Came(update.update_id, chat_of(update), read_update(update, account=account))


def _validated(raw: bytes | Mapping[str, Any] | Update) -> Update:
    if isinstance(raw, Update):
        return raw
    return Update.model_validate_json(raw) if isinstance(raw, bytes) else Update.model_validate(raw)


class _Sender(msgspec.Struct):
    id: int
    is_bot: bool = False
    language_code: str | None = None


class _Chat(msgspec.Struct):
    id: int
    type: str


class _Payment(msgspec.Struct):
    invoice_payload: str
    total_amount: int
    currency: str
    telegram_payment_charge_id: str
    provider_payment_charge_id: str = ""


class _Message(msgspec.Struct):
    chat: _Chat
    sender: _Sender = msgspec.field(name="from")
    date: int = 0
    text: Any = None
    forward_origin: Any = None
    successful_payment: _Payment | None = None


class _Update(msgspec.Struct):
    update_id: int
    message: _Message


def _came_loosely(raw: bytes | Mapping[str, Any] | Update, account: str) -> Came | None:
    """Read no more of an update than who wrote privately, what they paid, and the text if there is one."""
    try:
        update = msgspec.json.decode(raw, type=_Update) if isinstance(raw, bytes) else msgspec.convert(raw, _Update)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    message, sender = update.message, update.message.sender
    if message.chat.type != ChatType.PRIVATE or sender.is_bot or not 0 < sender.id < _NO_ID or update.update_id < 0:
        return None
    if message.successful_payment is not None:  # money has moved, whatever else the library stumbled over
        at = datetime.fromtimestamp(max(0, min(message.date, _FOR_EVER)), UTC)
        return Came(update.update_id, sender.id, Read(paid=_paid(message.successful_payment, at)))
    incoming = Incoming(
        channel="telegram",
        account=account,
        external_id=str(update.update_id)[:64],
        sender=str(sender.id),
        content=_content_loosely(message),
        lang=language_of(sender.language_code),
    )
    return Came(update.update_id, sender.id, Read(incoming, lang=incoming.lang))


def _content_loosely(message: _Message) -> Content:
    if not isinstance(message.text, str) or not message.text:
        return Unreadable("other")
    return _read_text(message.text) if message.forward_origin is None else Text(message.text, forwarded=True)


def read_update(update: Update, *, account: str) -> Read:
    """Return what the update means to us; an empty Read when it means nothing."""
    if update.callback_query is not None:
        return _read_press(update.update_id, update.callback_query, account)
    if update.message is not None:
        return _read_message(update.update_id, update.message, account)
    if update.edited_message is not None:
        return _read_edited(update.update_id, update.edited_message, account)
    if update.my_chat_member is not None:
        return _read_membership(update.update_id, update.my_chat_member, account)
    if update.pre_checkout_query is not None:
        return Read(checkout=_checkout(update.pre_checkout_query))
    return Read()


def chat_of(update: Update) -> int:
    """Return the chat whose order this update keeps; where there is none, a number of its own."""
    event = update.message or update.edited_message or update.my_chat_member
    if event is not None:
        return event.chat.id
    asked = update.callback_query or update.pre_checkout_query
    return asked.from_user.id if asked is not None else -update.update_id


def _read_press(update_id: int, query: CallbackQuery, account: str) -> Read:
    lang = language_of(query.from_user.language_code)
    if query.message is None or query.message.chat.type != ChatType.PRIVATE or query.data is None:
        return Read(press_id=query.id, lang=lang)
    return Read(
        _incoming(update_id, query.from_user, account, Press(query.data)),
        press_id=query.id,
        pressed_on=query.message.message_id,
        lang=lang,
    )


def _read_message(update_id: int, message: Message, account: str) -> Read:
    sender = message.from_user
    lang = language_of(sender.language_code) if sender is not None else None
    if message.chat.type in _GROUPS:
        return _read_group(message, lang)
    if message.chat.type != ChatType.PRIVATE or sender is None or sender.is_bot:
        return Read()
    if message.successful_payment is not None:
        return Read(paid=_paid(message.successful_payment, message.date), lang=lang)
    content = content_of(message)
    incoming = None if content is None else _incoming(update_id, sender, account, content)
    return Read(incoming, ping=_ping(message, sender), lang=lang)


def _read_group(message: Message, lang: str | None) -> Read:
    if message.migrate_to_chat_id is not None:
        return Read(moved=(message.chat.id, message.migrate_to_chat_id))
    if message.migrate_from_chat_id is not None:
        return Read(moved=(message.migrate_from_chat_id, message.chat.id))
    return Read() if message.left_chat_member is not None else Read(group=message.chat.id, lang=lang)


def _read_edited(update_id: int, message: Message, account: str) -> Read:
    """A live location goes on or ends by edits; words corrected after they were answered are asked for again."""
    sender = message.from_user
    if message.chat.type != ChatType.PRIVATE or sender is None or sender.is_bot:
        return Read()
    if message.location is not None:
        return Read(ping=_ping(message, sender, edited=True))
    lately = 0 <= (message.edit_date or _NO_ID) - message.date.timestamp() < _EDITED_LATELY.seconds
    if message.text is None or not lately:
        return Read()
    return Read(_incoming(update_id, sender, account, Unreadable("edited")), lang=language_of(sender.language_code))


def _read_membership(update_id: int, change: ChatMemberUpdated, account: str) -> Read:
    status, lang = change.new_chat_member.status, language_of(change.from_user.language_code)
    if change.chat.type in _GROUPS:
        return Read(group=change.chat.id, lang=lang) if status in _JOINED else Read()
    if change.chat.type != ChatType.PRIVATE:
        return Read()
    if status == ChatMemberStatus.KICKED:
        return Read(_incoming(update_id, change.from_user, account, Event("stop")))
    return Read(back=str(change.from_user.id), lang=lang)


def content_of(message: Message) -> Content | None:
    """Return what a private message says; None for service messages (pinned, joined), which say nothing.

    What is forwarded are somebody else's words, contact and whereabouts.
    """
    forwarded = message.forward_origin is not None
    if message.text is not None:
        return Text(message.text, forwarded=True) if forwarded else _read_text(message.text)
    if message.photo:
        return _picture(max(message.photo, key=lambda size: size.width * size.height))
    if message.document is not None and (message.document.mime_type or "").startswith("image/"):
        return _picture(message.document)
    if message.venue is not None:
        place = message.venue
        return Location(place.location.latitude, place.location.longitude, f"{place.title} {place.address}".strip())
    if message.location is not None:
        here = message.location
        return Location(here.latitude, here.longitude, live=here.live_period is not None and not forwarded)
    if message.contact is not None:
        sender = message.from_user
        own = not forwarded and sender is not None and message.contact.user_id == sender.id
        return Contact(_phone(message.contact.phone_number), own)
    return next((Unreadable(kind) for kind in _UNREADABLE if getattr(message, kind, None) is not None), None)


def _picture(file: PhotoSize | Document) -> Photo | Unreadable:
    """Return a picture to fetch; of one too large to keep nothing would ever be fetched."""
    too_large = (file.file_size or 0) > MOST_BYTES
    return Unreadable("too_large") if too_large else Photo(ref=file.file_id)


def _ping(message: Message, sender: User, *, edited: bool = False) -> Ping | None:
    """Return the position in a message that shares one live; an edit without a period is the last of it."""
    here = message.location
    if here is None or (here.live_period is None and not edited) or message.forward_origin is not None:
        return None
    # Both times are Telegram's own, so nobody's clock but its counts.
    passed = max(0.0, min(message.edit_date or 0, _NO_ID) - message.date.timestamp()) if edited else 0.0
    left = None if here.live_period is None else max(0.0, min(here.live_period, _FOR_EVER) - passed)
    return Ping(str(sender.id), str(message.message_id), here.latitude, here.longitude, left)


def _checkout(query: PreCheckoutQuery) -> Checkout | None:
    lang = language_of(query.from_user.language_code)
    if not 0 <= query.total_amount < _NO_ID:
        return None
    return Checkout(query.id, query.invoice_payload, query.total_amount, query.currency, lang, query.from_user.id)


def _paid(payment: SuccessfulPayment | _Payment, at: datetime) -> Paid:
    amount, currency = payment.total_amount, payment.currency
    is_odd = not 0 <= amount < _NO_ID or len(currency) != _CURRENCY_LETTERS or not currency.isascii()
    return Paid(
        number=payment.invoice_payload,
        amount_minor=0 if is_odd else amount,
        currency=_NO_CURRENCY if is_odd else currency,
        odd=f"{amount} {currency}"[:_MOST_ODD] if is_odd else "",
        charge_id=payment.telegram_payment_charge_id,
        provider_charge_id=payment.provider_payment_charge_id,
        at=at,
    )


def _phone(number: str) -> str:
    # Telegram writes international numbers with or without their plus.
    digits = "".join(one for one in number if one.isdigit())
    return number if number.startswith("+") or len(digits) < 8 else f"+{digits}"


def _read_text(text: str) -> Content:
    head, _, tail = text.partition(" ")
    if not head.startswith("/"):
        return Text(text)
    command = head[1:].partition("@")[0].casefold()
    if command == "start":
        return Event("start", tail.strip()[:64])
    return _COMMANDS.get(command) or Text(text)


def _incoming(update_id: int, sender: User, account: str, content: Content) -> Incoming:
    return Incoming(
        channel="telegram",
        account=account,
        external_id=str(update_id),
        sender=str(sender.id),
        content=content,
        lang=language_of(sender.language_code),
        name=sender.full_name[:64] or None,
    )
