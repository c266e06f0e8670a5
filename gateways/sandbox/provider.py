"""The far side: keeps charges and refunds, and tells our callback about them over HTTP until it is heard."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

import httpx
import msgspec

from core.ids import new_code
from gateways.ports import Charge, RefundOrder
from gateways.sandbox.signing import sandbox_key, signed_headers

MERCHANT: Final = "menling-sandbox"
_RETRY_PAUSES: Final = (0.0, 1.0, 5.0, 15.0, 60.0, 300.0)
_TIMEOUT: Final = httpx.Timeout(5.0)
_log = logging.getLogger(__name__)


class Manner(StrEnum):
    """How a sandbox payment goes; everything but `normal` is what real providers do on bad days."""

    NORMAL = "normal"
    LATE = "late"  # the notice is held back
    REPEATED = "repeated"  # the same notice, three times
    TWICE = "twice"  # charged twice, under two transactions
    WRONG_AMOUNT = "wrong_amount"
    LOST = "lost"  # no notice at all: only a query finds it


class Event(msgspec.Struct, frozen=True):
    """One signed notice, and one line of the sandbox's own book."""

    event_id: str
    kind: str
    number: str
    txn: str
    amount_minor: int
    currency: str
    merchant: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Habits:
    """How the sandbox delivers."""

    late_seconds: float = 30.0
    retry_pauses: Sequence[float] = _RETRY_PAUSES


class SandboxProvider:
    """Charges and refunds nobody's money; a `book` file keeps what was paid across restarts and processes."""

    def __init__(
        self,
        *,
        secret: bytes,
        callback_url: str,
        book: Path | None = None,
        habits: Habits | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        real_now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._key = sandbox_key(secret)
        self._callback_url = callback_url
        self._book = book
        self._habits = habits or Habits()
        self._transport = transport
        self._real_now = real_now
        self._events: dict[tuple[str, str], Event] = {}
        self._read_to = 0
        self._deliveries: set[asyncio.Task[None]] = set()

    async def charge(self, charge: Charge, manner: Manner) -> None:
        """Take the customer's money in some manner and tell our callback; a charge already paid stays as it is."""
        if self.paid(charge.number) is not None and manner is not Manner.TWICE:
            return
        amount = charge.amount_minor - 1 if manner is Manner.WRONG_AMOUNT else charge.amount_minor
        for _ in range(2 if manner is Manner.TWICE else 1):
            paid = self._event("paid", charge.number, amount, charge.currency)
            self._write_down(paid)
            for _ in range({Manner.REPEATED: 3, Manner.LOST: 0}.get(manner, 1)):
                self._deliver(paid, after=self._habits.late_seconds if manner is Manner.LATE else 0.0)

    def refund(self, order: RefundOrder) -> Event:
        """Send money back once per number."""
        before = self._find("refunded", order.number)
        if before is not None:
            return before
        refunded = self._event("refunded", order.number, order.amount_minor, order.currency)
        self._write_down(refunded)
        self._deliver(refunded, after=0.0)
        return refunded

    def paid(self, number: str) -> Event | None:
        """Return the first payment made under a number."""
        return self._find("paid", number)

    async def settle_down(self) -> None:
        """Wait until every notice on its way has been delivered or given up."""
        while self._deliveries:
            await asyncio.gather(*self._deliveries, return_exceptions=True)

    async def aclose(self) -> None:
        """Drop the notices still on their way."""
        for task in self._deliveries:
            task.cancel()
        await self.settle_down()

    def _event(self, kind: str, number: str, amount_minor: int, currency: str) -> Event:
        return Event(
            event_id=f"EV{new_code(20)}",
            kind=kind,
            number=number,
            txn=f"SB{new_code(20)}",
            amount_minor=amount_minor,
            currency=currency,
            merchant=MERCHANT,
            at=self._real_now(),
        )

    def _write_down(self, event: Event) -> None:
        self._events.setdefault((event.kind, event.number), event)
        if self._book is not None:
            with self._book.open("ab") as book:
                book.write(b"\n" + msgspec.json.encode(event) + b"\n")  # a torn line before cannot swallow this one

    def _find(self, kind: str, number: str) -> Event | None:
        self._catch_up()
        return self._events.get((kind, number))

    def _catch_up(self) -> None:
        """Read what other processes, or this one before its restart, have written since the last look."""
        if self._book is None or not self._book.exists():
            return
        with self._book.open("rb") as book:
            book.seek(self._read_to)
            fresh = book.read()
        whole = fresh[: fresh.rfind(b"\n") + 1]
        self._read_to += len(whole)
        for line in whole.splitlines():
            event = _read(line)
            if event is not None:
                self._events.setdefault((event.kind, event.number), event)

    def _deliver(self, event: Event, *, after: float) -> None:
        task = asyncio.get_running_loop().create_task(self._tell(event, after), name=f"sandbox {event.event_id}")
        self._deliveries.add(task)
        task.add_done_callback(self._deliveries.discard)

    async def _tell(self, event: Event, after: float) -> None:
        body = msgspec.json.encode(event)
        await asyncio.sleep(after)
        async with httpx.AsyncClient(transport=self._transport, timeout=_TIMEOUT, trust_env=False) as client:
            for pause in self._habits.retry_pauses:
                await asyncio.sleep(pause)
                headers = signed_headers(self._key, body, real_now=self._real_now())
                with suppress(httpx.HTTPError):
                    answer = await client.post(self._callback_url, content=body, headers=headers)
                    if answer.is_success:
                        return
        _log.warning("sandbox notice not taken", extra={"event_id": event.event_id})


def _read(line: bytes) -> Event | None:
    try:
        return msgspec.json.decode(line, type=Event)
    except msgspec.DecodeError:
        return None  # an empty line, or the last one of a process that was killed while writing
