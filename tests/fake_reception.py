"""A reception for tests of doors: it answers by a script, knows repeats, and keeps what the door told it."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import cast

from core.db import Database
from core.ids import new_id
from dialogs.incoming import Incoming, Press
from dialogs.outgoing import Body, Button, Delivery, Outgoing, Sent
from dialogs.reception import Reception
from dialogs.turn import Turn

Script = Callable[[Incoming], Sequence[Body]]


def echo(incoming: Incoming) -> Sequence[Body]:
    """Say back what was understood."""
    return [Body(text=f"heard {incoming.content}")]


def a_prompt(text: str = "选哪位？", *labels: str, **over: object) -> Body:
    """A question with one button a row, and two ways out."""
    rows = tuple((Button(label, action=["choose", label]),) for label in labels)
    ways_out = (Button("返回", action=["back"], minor=True), Button("取消", action=["cancel"], minor=True))
    return Body(text=text, rows=(*rows, ways_out), **over)  # type: ignore[arg-type]


@dataclass
class FakeReception:
    """What a door sees of the reception; `holds` delays turns until it is set, `error` makes them fail."""

    script: Script = echo
    db: Database | None = None
    came: list[Incoming] = field(default_factory=list)
    repeats: int = 0
    noted: list[tuple[int, Delivery]] = field(default_factory=list)
    given: list[Outgoing] = field(default_factory=list)
    holds: asyncio.Event | None = None
    error: Exception | None = None
    kind: str = "prompt"
    _told: asyncio.Condition = field(default_factory=asyncio.Condition)
    _seen: set[tuple[str, str, str]] = field(default_factory=set)
    _prompts: dict[str, str] = field(default_factory=dict)

    def for_door(self) -> Reception:
        """This reception as the type doors are given."""
        return cast("Reception", self)

    async def receive(self, incoming: Incoming) -> Turn:
        """Answer by the script, once for each update."""
        if self.holds is not None:
            await self.holds.wait()
        if self.error is not None:
            raise self.error
        key = (incoming.channel, incoming.account, incoming.external_id)
        if key in self._seen:
            self.repeats += 1
            return Turn(person_id=1, repeat=True)
        self._seen.add(key)
        self.came.append(incoming)
        return Turn(person_id=1, messages=tuple(self.outgoing(body, incoming) for body in self.script(incoming)))

    async def notes(self, count: int) -> list[Delivery]:
        """Wait until the door has told what became of this many messages, and return that."""
        async with asyncio.timeout(30), self._told:
            await self._told.wait_for(lambda: len(self.noted) >= count)
        return self.outcomes

    async def sent(self, outcomes: Sequence[tuple[int, Delivery]]) -> None:
        """Keep what the platform said."""
        self.noted.extend(outcomes)
        async with self._told:
            self._told.notify_all()
        senders = {message.message_id: message.external_id for message in self.given}
        for message_id, outcome in outcomes:
            if isinstance(outcome, Sent) and outcome.ref is not None:
                self._prompts[senders[message_id]] = outcome.ref

    def outgoing(self, body: Body, to: Incoming) -> Outgoing:
        """A message for the person who wrote; a press's answer replaces the prompt it was made on."""
        message = Outgoing(
            message_id=new_id(),
            person_id=1,
            kind=self.kind,
            channel=to.channel,
            account=to.account,
            external_id=to.sender,
            body=body,
            lang=to.lang or "zh-Hans",
            replaces=self._prompts.get(to.sender) if isinstance(to.content, Press) else None,
        )
        self.given.append(message)
        return message

    @property
    def heard(self) -> list[object]:
        """What was said, in order."""
        return [incoming.content for incoming in self.came]

    @property
    def outcomes(self) -> list[Delivery]:
        """What became of the messages, in order."""
        return [outcome for _, outcome in self.noted]
