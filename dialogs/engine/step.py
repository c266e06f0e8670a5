"""What a flow's functions are given: the transaction, who is talking, the running frame, and the words."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from core.db import Tx
from dialogs.engine.state import Frame
from dialogs.premises import Premises
from dialogs.texts import Texts, formats


@dataclass(slots=True)
class Step:
    """One step of one turn. Everything time-dependent uses `now`; everything shown uses `say` and the formats below."""

    tx: Tx
    house: Premises
    person_id: int
    lang: str
    zone: str
    now: datetime
    frame: Frame
    channel: str
    account: str
    memo: dict[str, Any] = field(default_factory=dict)
    """What this turn has read already (catalogue, roster): a turn is short, so nothing in it goes stale."""

    @property
    def texts(self) -> Texts:
        """The catalogues."""
        return self.house.texts

    @property
    def values(self) -> dict[str, Any]:
        """The values of the running flow."""
        return self.frame.values

    def say(self, key: str, /, **facts: object) -> str:
        """Return a sentence in the person's language."""
        return self.texts.say(self.lang, key, **facts)

    def money(self, minor: int, currency: str) -> str:
        """Write an amount."""
        return formats.money(minor, currency, self.lang)

    def day(self, at: datetime, zone: str | None = None) -> str:
        """Write date and weekday of an instant."""
        return formats.day(at, zone or self.zone, self.lang)

    def moment(self, at: datetime, zone: str | None = None) -> str:
        """Write day and time of an instant."""
        return formats.moment(at, zone or self.zone, self.lang, self.now)

    def short_moment(self, at: datetime, zone: str | None = None) -> str:
        """Write day and time for a button."""
        return formats.short_moment(at, zone or self.zone, self.lang, self.now)

    def clock(self, at: datetime, zone: str | None = None) -> str:
        """Write the time of day."""
        return formats.clock(at, zone or self.zone)
