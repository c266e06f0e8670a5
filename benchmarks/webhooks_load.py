"""Whoever posts to a webhook: kept-open connections that post as fast as they are answered, or by the clock."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast


@dataclass(slots=True)
class Found:
    """What posting found: how long each answer took from the moment its post was due, in seconds, and what it was."""

    seconds: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    empty: int = 0
    wall: float = 0.0

    @property
    def posted(self) -> int:
        """How many were posted."""
        return len(self.seconds)

    def note(self, seconds: float, status: int, *, empty: bool) -> None:
        """Note one answer."""
        self.seconds.append(seconds)
        self.statuses[status] = self.statuses.get(status, 0) + 1
        self.empty += empty and status == 200


def post(path: str, body: bytes, *headers: str) -> bytes:
    """Return the bytes of one request."""
    lines = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", *headers, f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode() + body


async def as_fast_as_answered(port: int, queues: Sequence[Sequence[bytes]]) -> Found:
    """Let every queue be posted over a connection of its own, one after another, all at the same time."""
    found = Found()
    lines = [await _open(port) for _ in queues]
    began = time.perf_counter()
    await asyncio.gather(*(_in_turn(line, queue, found) for line, queue in zip(lines, queues, strict=True)))
    found.wall = time.perf_counter() - began
    for line in lines:
        line.close()
    return found


async def by_the_clock(port: int, posts: Sequence[bytes], *, rate: float, connections: int) -> Found:
    """Post so many a second whether answered or not; a post whose connections are all busy waits, and that counts."""
    found = Found()
    free: asyncio.Queue[_Line] = asyncio.Queue()
    for _ in range(connections):
        free.put_nowait(await _open(port))
    began = time.perf_counter()
    tasks = set()
    for number, request in enumerate(posts):
        due = began + number / rate
        if (wait := due - time.perf_counter()) > 0:
            await asyncio.sleep(wait)
        task = asyncio.create_task(_one(free, request, due, found))
        tasks.add(task)
        task.add_done_callback(tasks.discard)
    await asyncio.gather(*tasks)
    found.wall = time.perf_counter() - began
    while not free.empty():
        free.get_nowait().close()
    return found


def cpu_seconds(pid: int) -> float:
    """Return the processor time of a process with all its threads."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9


class _Line(asyncio.Protocol):
    """One kept-open connection; answers carry their length."""

    def __init__(self) -> None:
        self._data = b""
        self._waiter: asyncio.Future[tuple[int, bool]] | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is one by its methods only

    def data_received(self, data: bytes) -> None:
        self._data += data
        head, blank, body = self._data.partition(b"\r\n\r\n")
        if not blank:
            return
        length = 0
        for line in head.split(b"\r\n")[1:]:
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        if len(body) < length:
            return
        self._data = body[length:]
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result((int(head[9:12]), length == 0))

    def connection_lost(self, exc: Exception | None) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result((0, True))

    async def ask(self, request: bytes) -> tuple[int, bool]:
        """Post and return the status of the answer, and whether it is empty."""
        assert self._transport is not None
        self._waiter = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._waiter

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


async def _open(port: int) -> _Line:
    _, line = await asyncio.get_running_loop().create_connection(_Line, "127.0.0.1", port)
    return line


async def _in_turn(line: _Line, queue: Sequence[bytes], found: Found) -> None:
    for request in queue:
        began = time.perf_counter()
        status, empty = await line.ask(request)
        found.note(time.perf_counter() - began, status, empty=empty)


async def _one(free: "asyncio.Queue[_Line]", request: bytes, due: float, found: Found) -> None:
    line = await free.get()
    status, empty = await line.ask(request)
    found.note(time.perf_counter() - due, status, empty=empty)
    free.put_nowait(line)
