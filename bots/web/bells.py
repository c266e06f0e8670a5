"""Waking the open pages of a person when there is something new for them."""

import asyncio
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from typing import Final

MOST_PAGES: Final = 2_000
MOST_PAGES_A_SEAT: Final = 8


class PagesFull(Exception):
    """More pages listen than this process can serve."""


class Bell:
    """One open page; rings when somebody it listens to has news, or when it has to go."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()
        self.leaving = False

    def ring(self) -> None:
        """Wake the page."""
        self._rung.set()

    async def wait(self, seconds: float) -> bool:
        """Wait until rung, at most so long; True when it rang."""
        try:
            async with asyncio.timeout(seconds):
                await self._rung.wait()
        except TimeoutError:
            return False
        self._rung.clear()
        return True


class Bells:
    """Every open page of this process, by the seat and the person it shows; used from the event loop only."""

    def __init__(self) -> None:
        self._listening: dict[Hashable, list[Bell]] = {}
        self._open = 0
        self._closed = False

    @property
    def full(self) -> bool:
        """Whether no page can be opened now."""
        return self._open >= MOST_PAGES or self._closed

    @contextmanager
    def listen(self, seat_key: str) -> Iterator[Bell]:
        """Open a page on a seat; raises PagesFull. A seat's oldest page goes when it has too many."""
        if self.full:
            raise PagesFull
        mates = self._listening.get(seat_key, [])
        for oldest in mates[: max(0, len(mates) - MOST_PAGES_A_SEAT + 1)]:
            oldest.leaving = True
            oldest.ring()
        bell = Bell()
        self.also(bell, seat_key)
        self._open += 1
        try:
            yield bell
        finally:
            self._open -= 1
            self._forget(bell)

    def also(self, bell: Bell, name: Hashable) -> None:
        """Let a page hear one more name: the person its seat turned out to be."""
        hearing = self._listening.setdefault(name, [])
        if bell not in hearing:
            hearing.append(bell)

    def wake(self, name: Hashable) -> None:
        """Ring every page that shows this seat or person."""
        for bell in self._listening.get(name, ()):
            bell.ring()

    def wake_all(self) -> None:
        """Ring every page."""
        for hearing in list(self._listening.values()):
            for bell in hearing:
                bell.ring()

    def close(self) -> None:
        """Let every page go, so that the server can stop; none is opened any more."""
        self._closed = True
        for hearing in self._listening.values():
            for bell in hearing:
                bell.leaving = True
        self.wake_all()

    def _forget(self, bell: Bell) -> None:
        for name in [name for name, hearing in self._listening.items() if bell in hearing]:
            hearing = self._listening[name]
            hearing.remove(bell)
            if not hearing:
                del self._listening[name]
