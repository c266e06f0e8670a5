"""A pacer and the messages that want a place, for the tests of pacing."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from redis.asyncio import Redis

from core.ids import new_id
from dialogs.outgoing import Body, Outgoing, Pace
from menling.pacing import Pacer, SharedBucket

FAST = Pace(per_second=200, per_chat_second=20)
SLOW = Pace(per_second=20, per_chat_second=20)


def to(chat: str = "anna", *, account: str = "main") -> Outgoing:
    return Outgoing(
        message_id=new_id(),
        person_id=1,
        kind="notice",
        channel="telegram",
        account=account,
        external_id=chat,
        body=Body(text="hello"),
        lang="en",
    )


def a_pacer(redis: "Callable[[], Redis | None]" = lambda: None, *, timeout: float = 0.3, **clock: Any) -> Pacer:
    return Pacer(SharedBucket(redis, timeout=timeout, **clock), **clock)


def run(story: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(story())
