"""Somebody who talks to a house that has an adviser, and an adviser that says what it is told to."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

from sqlalchemy import select

from core.conversations.tables import inbox
from dialogs.advising import Question
from dialogs.incoming import Content, Incoming, Text
from dialogs.reception import Reception
from dialogs.turn import Turn
from nlu.proposals import Proposals, ProposedEntity
from tests.dialogs.chat import Chat, World

ODD = "想搞个抠咔咔的嘛"
"""Nothing our own reading makes anything of."""

NECK = Proposals((("book", 0.9),), (ProposedEntity("service", "抠咔咔", "肩颈舒缓"),))

NOTHING = Proposals()

Then = Callable[[], Awaitable[object]]


class Told:
    """An adviser that says what it is told to, and keeps what it was asked."""

    def __init__(self, proposals: Proposals | None = NECK, *, then: Then | None = None) -> None:
        self.proposals = proposals
        self.then = then
        self.questions: list[Question] = []
        self.seconds: list[float] = []

    async def propose(self, question: Question, *, seconds: float) -> Proposals | None:
        self.questions.append(question)
        self.seconds.append(seconds)
        if self.then is not None:
            await self.then()
        return self.proposals

    @property
    def texts(self) -> list[str]:
        return [question.text for question in self.questions]


class Talking:
    """Somebody who talks to a reception that has an adviser."""

    def __init__(self, world: World, adviser: Told, name: str = "lin", lang: str = "zh-Hans") -> None:
        self.world, self.adviser = world, adviser
        self.chat: Chat = world.chat(name, lang)
        self.reception = Reception(world.db, world.house, Stopped(world), adviser)

    def incoming(self, content: Content) -> Incoming:
        chat = self.chat
        return Incoming(chat.channel, chat.account, f"a{next(self.world.numbers)}", chat.name, content, lang=chat.lang)

    def says(self, *texts: str) -> list[Turn]:
        """Say these at once; the platform takes what is answered."""
        return self.sends(*(self.incoming(Text(text)) for text in texts))

    def sends(self, *incoming: Incoming) -> list[Turn]:
        async def at_once() -> list[Turn]:
            return await asyncio.gather(*(self.reception.receive(one) for one in incoming))

        turns = asyncio.run(at_once())
        for turn in turns:
            self.chat.received.extend(turn.messages)
        return turns


class Stopped:
    """A clock that stands where the world's stands."""

    def __init__(self, world: World) -> None:
        self._world = world

    def now(self) -> datetime:
        return self._world.now


def in_inbox(world: World) -> list[tuple[str, int, bool]]:
    rows = world.read(lambda tx: tx.all(select(inbox.c.state, inbox.c.attempts, inbox.c.retry_at).order_by(inbox.c.id)))
    return [(row.state, row.attempts, row.retry_at is not None) for row in rows]
