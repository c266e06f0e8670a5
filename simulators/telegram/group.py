"""A group that people brought the bot into."""

import asyncio

from simulators.telegram.keyboards import Button
from simulators.telegram.state import Account, Group, Message, Platform

_LEFT = {"left": {}, "kicked": {"until_date": 0}, "member": {}}


class GroupChat:
    """One group: who says what in it, and what becomes of it."""

    def __init__(self, platform: Platform, group: Group) -> None:
        self._platform = platform
        self.group = group

    @property
    def id(self) -> int:
        """The chat's id, below zero."""
        return self.group.id

    @property
    def messages(self) -> list[Message]:
        """The chat, oldest first."""
        return list(self._platform.chats[self.id].values())

    @property
    def bot_said(self) -> list[str]:
        """The bot's words in it, oldest first."""
        return [one.text() for one in self.messages if one.from_bot]

    async def says(self, member: Account, text: str) -> int:
        """Let a member write; returns the message id."""
        return await self._writes(member, {"text": text})

    async def adds_bot(self, member: Account) -> None:
        """Let a member bring the bot in."""
        self.group.has_bot = True
        await self._membership(member, "left", "member")
        await self._writes(member, {"new_chat_members": [self._platform.bot_user()]})

    async def removes_bot(self, member: Account) -> None:
        """Let a member throw the bot out: it can write no more."""
        self.group.has_bot = False
        await self._membership(member, "member", "kicked")

    async def presses(self, member: Account, message_id: int, data: str) -> None:
        """Let a member press a button under a message of the group."""
        message = self._platform.chats[self.id][message_id]
        query: dict[str, object] = {
            "id": f"{message_id}1",
            "from": member.as_user(),
            "message": self._platform.wire(message),
        }
        self._platform.feed.push("callback_query", self.id, query | {"data": data, "chat_instance": str(self.id)})
        await asyncio.sleep(0)

    async def becomes_supergroup(self, member: Account) -> "GroupChat":
        """Upgrade the group: both chats tell the bot, and calls to the old id are refused with the new one."""
        new = GroupChat(self._platform, self._platform.add_group(self.group.title, is_super=True))
        self.group.migrated_to = new.id
        await self._writes(member, {"migrate_to_chat_id": new.id})
        await new._writes(member, {"migrate_from_chat_id": self.id})
        return new

    def buttons(self, message_id: int) -> list[Button]:
        """The buttons under a message."""
        inline = self._platform.chats[self.id][message_id].inline()
        return [] if inline is None else inline.buttons()

    async def _writes(self, member: Account, content: dict[str, object]) -> int:
        message = self._platform.add_message(self.group, content, from_bot=False, author=member)
        self._platform.feed.push("message", self.id, self._platform.wire(message))
        await asyncio.sleep(0)
        return message.message_id

    async def _membership(self, member: Account, old: str, new: str) -> None:
        bot = self._platform.bot_user()
        change: dict[str, object] = {
            "chat": self.group.as_chat(),
            "from": member.as_user(),
            "date": int(self._platform.clock.now()),
            "old_chat_member": {"user": bot, "status": old, **_LEFT[old]},
            "new_chat_member": {"user": bot, "status": new, **_LEFT[new]},
        }
        self._platform.feed.push("my_chat_member", self.id, change)
        await asyncio.sleep(0)
