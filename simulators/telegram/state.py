"""What Telegram remembers: people, chats, files, pressed buttons and bills."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from simulators.bell import Bell
from simulators.clock import Clock
from simulators.telegram.errors import ApiError, bad_request, blocked, deactivated, migrated
from simulators.telegram.keyboards import Keyboard
from simulators.telegram.params import Params
from simulators.telegram.updates import UpdateFeed

_FIRST_PERSON_ID = 5_000_000_001
_FIRST_SUPERGROUP_ID = -1_000_000_000_000
_LIVE_FOREVER = 0x7FFFFFFF


@dataclass(slots=True)
class Account:
    """A person on Telegram, as far as the bot can know."""

    id: int
    first_name: str
    language_code: str | None
    username: str | None
    phone: str
    started: bool = False
    blocked: bool = False
    deactivated: bool = False
    keyboard: Keyboard | None = None

    def as_user(self) -> dict[str, object]:
        """The User object of the Bot API."""
        user: dict[str, object] = {"id": self.id, "is_bot": False, "first_name": self.first_name}
        if self.username:
            user["username"] = self.username
        if self.language_code:
            user["language_code"] = self.language_code
        return user

    def as_chat(self) -> dict[str, object]:
        """The private Chat object of the Bot API."""
        chat: dict[str, object] = {"id": self.id, "first_name": self.first_name, "type": "private"}
        if self.username:
            chat["username"] = self.username
        return chat


@dataclass(slots=True)
class Group:
    """A group or supergroup; `migrated_to` is set when it has become another."""

    id: int
    title: str
    has_bot: bool = True
    migrated_to: int | None = None
    keyboard: Keyboard | None = None

    @property
    def is_super(self) -> bool:
        """Whether it is a supergroup, told by its id as with Telegram."""
        return self.id < _FIRST_SUPERGROUP_ID

    def as_chat(self) -> dict[str, object]:
        """The group's Chat object of the Bot API."""
        kind = "supergroup" if self.is_super else "group"
        return {"id": self.id, "title": self.title, "type": kind}


@dataclass(slots=True)
class Message:
    """One message of a chat; `content` holds its fields as the Bot API names them."""

    message_id: int
    chat_id: int
    from_bot: bool
    sent_at: float
    content: dict[str, object]
    keyboard: Keyboard | None = None
    photo: bytes | None = None
    edited_at: float | None = None
    live_until: float | None = None
    seen_as: int = 0
    author: Account | None = None

    def text(self) -> str:
        """Its words or its caption."""
        return str(self.content.get("text") or self.content.get("caption") or "")

    def inline(self) -> Keyboard | None:
        """The buttons under the message itself."""
        return self.keyboard if self.keyboard is not None and self.keyboard.kind == "inline" else None


@dataclass(slots=True)
class Press:
    """A press on a button, or a checkout, that the bot has to answer."""

    id: str
    chat_id: int
    message_id: int
    data: str
    pressed_at: float
    answered_at: float | None = None
    accepted: bool = True
    text: str = ""
    alert: bool = False


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file on Telegram's servers."""

    file_id: str
    unique_id: str
    path: str
    data: bytes


@dataclass(slots=True)
class Platform:
    """The whole state of one bot's Telegram."""

    token: str
    bot_name: str
    bot_username: str
    clock: Clock
    bell: Bell
    feed: UpdateFeed
    press_lifetime: float
    accounts: dict[int, Account] = field(default_factory=dict)
    groups: dict[int, Group] = field(default_factory=dict)
    chats: dict[int, dict[int, Message]] = field(default_factory=dict)
    files: dict[str, StoredFile] = field(default_factory=dict)
    presses: dict[str, Press] = field(default_factory=dict)
    checkouts: dict[str, Press] = field(default_factory=dict)
    commands: dict[tuple[str, str], list[object]] = field(default_factory=dict)
    menu_buttons: dict[int, dict[str, object]] = field(default_factory=dict)
    about: dict[tuple[str, str], str] = field(default_factory=dict)
    last_message_id: int = 0

    @property
    def bot_id(self) -> int:
        """The number before the colon of the token."""
        return int(self.token.split(":", 1)[0])

    def bot_user(self) -> dict[str, object]:
        """The bot as a User object."""
        return {"id": self.bot_id, "is_bot": True, "first_name": self.bot_name, "username": self.bot_username}

    def add_account(
        self, *, first_name: str, language_code: str | None, username: str | None, phone: str | None
    ) -> Account:
        """Register a person, who gets the next free id and, when none is given, a phone number."""
        number = len(self.accounts)
        account = Account(
            id=_FIRST_PERSON_ID + number,
            first_name=first_name,
            language_code=language_code,
            username=username,
            phone=phone or f"+86138{number + 1:08d}",
        )
        self.accounts[account.id] = account
        self.chats[account.id] = {}
        return account

    def add_group(self, title: str, *, is_super: bool = False) -> Group:
        """Found a group that has the bot in it."""
        number = len(self.groups) + 1
        group = Group(_FIRST_SUPERGROUP_ID - number if is_super else -400_000_000 - number, title)
        self.groups[group.id] = group
        self.chats[group.id] = {}
        return group

    def addressee(self, params: Params) -> Account | Group:
        """The person or group a call is for; 400 when unknown or moved, 403 when the bot may not write there."""
        if not params.has("chat_id"):
            raise bad_request("chat_id is empty")
        raw = params.text("chat_id")
        number = int(raw) if raw.lstrip("-").isdecimal() else 0
        group = self.groups.get(number)
        return self._account(number) if group is None else _open_group(group)

    def _account(self, number: int) -> Account:
        account = self.accounts.get(number)
        if account is None:
            raise bad_request("chat not found")
        if account.deactivated:
            raise deactivated()
        if account.blocked:
            raise blocked()
        if not account.started:
            raise ApiError(403, "Forbidden: bot can't initiate conversation with a user")
        return account

    def add_message(
        self,
        account: Account | Group,
        content: dict[str, object],
        *,
        from_bot: bool,
        keyboard: Keyboard | None = None,
        photo: bytes | None = None,
        author: Account | None = None,
    ) -> Message:
        """Put a message into a chat and let all who watch know."""
        self.last_message_id += 1
        message = Message(
            self.last_message_id,
            account.id,
            from_bot,
            self.clock.now(),
            content,
            keyboard=keyboard,
            photo=photo,
            author=author or (account if isinstance(account, Account) else None),
        )
        self.chats[account.id][message.message_id] = message
        if keyboard is not None and keyboard.kind == "reply":
            account.keyboard = keyboard
        elif keyboard is not None and keyboard.kind == "remove":
            account.keyboard = None
        self.touch(message)
        return message

    def touch(self, message: Message) -> None:
        """Mark a message as changed just now."""
        self.bell.ring()
        message.seen_as = self.bell.rings

    def store_file(self, data: bytes, *, folder: str, suffix: str) -> StoredFile:
        """Keep bytes on the file server."""
        number = len(self.files)
        stored = StoredFile(
            file_id=f"AgAD{secrets.token_urlsafe(24)}",
            unique_id=f"AQAD{secrets.token_urlsafe(6)}",
            path=f"{folder}/file_{number}.{suffix}",
            data=data,
        )
        self.files[stored.file_id] = stored
        return stored

    def wire(self, message: Message) -> dict[str, object]:
        """The Message object of the Bot API."""
        chat = self.accounts.get(message.chat_id) or self.groups[message.chat_id]
        author = self.bot_user() if message.from_bot or message.author is None else message.author.as_user()
        wire: dict[str, object] = {
            "message_id": message.message_id,
            "from": author,
            "chat": chat.as_chat(),
            "date": int(message.sent_at),
            **message.content,
        }
        if message.edited_at is not None:
            wire["edit_date"] = int(message.edited_at)
        keyboard = message.inline()
        if keyboard is not None:
            wire["reply_markup"] = keyboard.wire
        return wire


def _open_group(group: Group) -> Group:
    if group.migrated_to is not None:
        raise migrated(group.migrated_to)
    if not group.has_bot:
        raise ApiError(403, f"Forbidden: bot was kicked from the {'supergroup' if group.is_super else 'group'} chat")
    return group


def live_until(sent_at: float, period: int) -> float:
    """When a live location ends, in seconds since the epoch."""
    return float("inf") if period == _LIVE_FOREVER else sent_at + period


def location_of(values: Mapping[str, object]) -> tuple[float, float] | None:
    """Latitude and longitude of a message's content."""
    location = values.get("location")
    if not isinstance(location, dict):
        return None
    return float(location["latitude"]), float(location["longitude"])
