"""What a demo adds to the page: technicians to sit down as, places to send, a clock to move."""

from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class DemoTechnician:
    """Somebody the technician's seat can be taken as; the identity is "technician-<code>" of the account "demo"."""

    code: str
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class DemoPlace:
    """A place of the demo's city, WGS-84 degrees."""

    names: Mapping[str, str]
    lat: float
    lng: float


class DemoControl(Protocol):
    """Given by the composition when, and only when, this is a demo."""

    @property
    def technicians(self) -> Sequence[DemoTechnician]:
        """The technicians of the demo, in the order shown; the first sits down by default."""
        ...

    @property
    def places(self) -> Sequence[DemoPlace]:
        """The places that can be sent as a location."""
        ...

    def advance(self, minutes: int) -> Awaitable[None]:
        """Move the demo's clock forward for every process."""
        ...


def external_id_of(code: str) -> str:
    """Return the identity under which a demo technician is known."""
    return f"technician-{code}"


def code_of(external_id: str) -> str:
    """Return the code of a demo technician's identity."""
    return external_id.removeprefix("technician-")


def minutes_until(clock_time: str, *, now: datetime, zone: str) -> int:
    """Return whole minutes from now to this hour ("09:00") of the next local day, at least one; raises ValueError."""
    there = now.astimezone(ZoneInfo(zone))
    hour = datetime.strptime(clock_time, "%H:%M").time()  # noqa: DTZ007 - an hour of any day
    goal = datetime.combine(there.date() + timedelta(days=1), hour, tzinfo=there.tzinfo)
    return max(1, -(-int((goal - now).total_seconds()) // 60))
