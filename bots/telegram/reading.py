"""An update of Telegram becomes an Incoming, or nothing at all."""

from dataclasses import dataclass

from aiogram.enums import ChatMemberStatus, ChatType
from aiogram.types import CallbackQuery, ChatMemberUpdated, Message, Update, User

from bots.telegram.words import language_of
from dialogs.incoming import Contact, Content, Event, Incoming, Location, Photo, Press, Text, Unreadable

ALLOWED_UPDATES = ("message", "callback_query", "my_chat_member")

_GROUPS = (ChatType.GROUP, ChatType.SUPERGROUP)
_UNREADABLE = ("voice", "video_note", "video", "sticker", "audio", "animation", "document", "poll", "dice", "story")

# What a command stands for, in no language: whoever taps one is not speaking, and may have chosen another tongue.
_COMMANDS: dict[str, Content] = {
    "book": Event("menu", "book"),
    "orders": Event("menu", "my_orders"),
    "human": Event("menu", "human"),
    "cancel": Text("cancel"),
    "help": Text("help"),
}


@dataclass(frozen=True, slots=True)
class Read:
    """What one update holds: words of a person, a group that spoke to us, a press to answer."""

    incoming: Incoming | None = None
    group: int | None = None
    press_id: str | None = None
    lang: str | None = None


def read_update(update: Update, *, account: str) -> Read:
    """Return what the update means to us; an empty Read when it means nothing."""
    if update.callback_query is not None:
        return _read_press(update.update_id, update.callback_query, account)
    if update.message is not None:
        return _read_message(update.update_id, update.message, account)
    if update.my_chat_member is not None:
        return _read_membership(update.update_id, update.my_chat_member, account)
    return Read()


def _read_press(update_id: int, query: CallbackQuery, account: str) -> Read:
    lang = language_of(query.from_user.language_code)
    if query.message is None or query.message.chat.type != ChatType.PRIVATE or query.data is None:
        return Read(press_id=query.id, lang=lang)
    return Read(_incoming(update_id, query.from_user, account, Press(query.data)), press_id=query.id, lang=lang)


def _read_message(update_id: int, message: Message, account: str) -> Read:
    sender = message.from_user
    lang = language_of(sender.language_code) if sender is not None else None
    if message.chat.type in _GROUPS:
        return Read(group=message.chat.id, lang=lang)
    if message.chat.type != ChatType.PRIVATE or sender is None or sender.is_bot:
        return Read()
    content = content_of(message)
    return Read(None if content is None else _incoming(update_id, sender, account, content), lang=lang)


def _read_membership(update_id: int, change: ChatMemberUpdated, account: str) -> Read:
    if change.chat.type in _GROUPS and change.new_chat_member.status == ChatMemberStatus.MEMBER:
        return Read(group=change.chat.id, lang=language_of(change.from_user.language_code))
    if change.chat.type != ChatType.PRIVATE or change.new_chat_member.status != ChatMemberStatus.KICKED:
        return Read()
    return Read(_incoming(update_id, change.from_user, account, Event("stop")))


def content_of(message: Message) -> Content | None:
    """Return what a private message says; None for service messages (pinned, joined), which say nothing."""
    if message.text is not None:
        return _read_text(message.text)
    if message.photo:
        return Photo(ref=max(message.photo, key=lambda size: size.width * size.height).file_id)
    if message.document is not None and (message.document.mime_type or "").startswith("image/"):
        return Photo(ref=message.document.file_id)
    if message.venue is not None:
        place = message.venue
        return Location(place.location.latitude, place.location.longitude, f"{place.title} {place.address}".strip())
    if message.location is not None:
        return Location(message.location.latitude, message.location.longitude)
    if message.contact is not None:
        sender = message.from_user
        own = sender is not None and message.contact.user_id == sender.id
        return Contact(_phone(message.contact.phone_number), own)
    return next((Unreadable(kind) for kind in _UNREADABLE if getattr(message, kind, None) is not None), None)


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
