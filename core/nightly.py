"""Once a night somebody looks whether everything holds: who looks, and what is done with what was found."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select, update

from core.db import Tx, insert_into
from core.settings.tables import setting
from core.support import open_house_ticket

NIGHT_HOUR: Final = 4
"""The hour on the wall at which a local night's look is due: the trade sleeps, and clocks have been changed by then."""

_ROW: Final = "nightly.look"
_LEASE: Final = timedelta(minutes=10)
_MOST_TOLD: Final = 20
_READ = select(setting.c.value).where(setting.c.name == bindparam("b_name"))
_READ_LOCKED = _READ.with_for_update()
_INSERT = insert_into(setting)
_WRITE = (
    update(setting)
    .where(setting.c.name == bindparam("b_name"))
    .values(value=bindparam("new_value"), changed_at=bindparam("new_changed_at"))
)


@dataclass(frozen=True, slots=True)
class _Look:
    """The last night that was looked at, and until when the one who looks has it for themselves (real time)."""

    night: str
    leased_until: str | None

    def allows(self, night: date, real_now: datetime) -> bool:
        """Whether somebody should look for this night: nobody has, or who began was not heard of again."""
        if self.night != night.isoformat():
            return self.night < night.isoformat()
        return self.leased_until is not None and datetime.fromisoformat(self.leased_until) <= real_now


_NEVER: Final = _Look("", None)


def night_of(now: datetime, zone: str) -> date:
    """Return the local day whose night's look is due or past: the day itself from four o'clock on the wall."""
    local = now.astimezone(ZoneInfo(zone))
    return local.date() if local.hour >= NIGHT_HOUR else local.date() - timedelta(days=1)


def is_due(tx: Tx, *, night: date, real_now: datetime) -> bool:
    """Tell whether somebody should look for this night; reads only."""
    return _look(tx.scalar(_READ, {"b_name": _ROW})).allows(night, real_now)


def begin(tx: Tx, *, night: date, real_now: datetime) -> bool:
    """Take a night's look for oneself, for ten minutes of real time; False when it is done or somebody is at it."""
    tx.insert_if_new(_INSERT, {"name": _ROW, "value": _json(_NEVER), "changed_at": real_now})
    if not _look(tx.scalar(_READ_LOCKED, {"b_name": _ROW})).allows(night, real_now):
        return False
    _write(tx, _Look(night.isoformat(), (real_now + _LEASE).isoformat()), real_now)
    return True


def finish(tx: Tx, findings: Sequence[str], *, night: date, now: datetime, real_now: datetime) -> int | None:
    """Note that a night was looked at, and call an operator if anything was found; returns the ticket's id."""
    _write(tx, _Look(night.isoformat(), None), real_now)
    if not findings:
        return None
    head = f"check {night}: {len(findings)}"
    return open_house_ticket(tx, summary="\n".join([head, *findings[:_MOST_TOLD]]), order_id=None, now=now)


def _look(kept: Any) -> _Look:
    return _NEVER if kept is None else _Look(**kept)


def _json(look: _Look) -> dict[str, str | None]:
    return {"night": look.night, "leased_until": look.leased_until}


def _write(tx: Tx, look: _Look, real_now: datetime) -> None:
    tx.execute(_WRITE, {"b_name": _ROW, "new_value": _json(look), "new_changed_at": real_now})
