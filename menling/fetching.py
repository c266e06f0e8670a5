"""Fetching pictures that a platform still holds: wanted by a turn, performed through the door it came in by."""

import asyncio
import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from core import effects, files
from core.clock import Clock
from core.db import Database, Tx
from core.effects import Effect, EffectKind
from core.files import Picture, PictureRefused, check_picture
from core.tracing import follow
from dialogs.outgoing import Door

_SECONDS: Final = 30.0
_log = logging.getLogger(__name__)


async def fetch_due(db: Database, doors: Mapping[str, Door], clock: Clock, *, most: int = 4) -> int:
    """Fetch pictures that are due, at most `most`; how many were tried."""
    real_now = datetime.now(UTC)
    claimed = await db.arun(
        lambda tx: effects.claim_due(tx, kinds=(EffectKind.FILE_FETCH,), real_now=real_now, most=most)
    )
    await asyncio.gather(*(_fetch(db, doors, clock, effect) for effect in claimed))
    return len(claimed)


async def _fetch(db: Database, doors: Mapping[str, Door], clock: Clock, effect: Effect) -> None:
    """Fetch one picture; one that is no picture is refused for good, one that cannot be had now is asked for again."""
    follow(effect.trace)
    try:
        picture = await _picture(doors, effect)
        await db.arun(lambda tx: _done(tx, effect, picture, clock.now()))
    except PictureRefused as refused:
        _log.warning("picture refused", extra={"file_id": effect.facts["file_id"], "code": refused.code})
        await db.arun(lambda tx: _refused(tx, effect))
    except Exception as error:  # noqa: BLE001  whatever it is, the effect counts the try and the others go on
        why = type(error).__name__
        _log.warning("picture not fetched", extra={"file_id": effect.facts["file_id"], "error": why})
        await db.arun(lambda tx: _failed(tx, effect, why))


async def _picture(doors: Mapping[str, Door], effect: Effect) -> Picture:
    async with asyncio.timeout(_SECONDS):
        raw = await doors[effect.facts["channel"]].fetch(effect.facts["account"], effect.facts["ref"])
    return await asyncio.to_thread(check_picture, raw)


def _done(tx: Tx, effect: Effect, picture: Picture, now: datetime) -> None:
    if effects.done(tx, effect, now=datetime.now(UTC)):
        files.fill(tx, effect.facts["file_id"], picture, now)


def _refused(tx: Tx, effect: Effect) -> None:
    if effects.done(tx, effect, now=datetime.now(UTC)):
        files.fail(tx, effect.facts["file_id"])


def _failed(tx: Tx, effect: Effect, why: str) -> None:
    if effects.failed(tx, effect, error=why, real_now=datetime.now(UTC)) and effect.attempts >= effects.MOST_TRIES:
        files.fail(tx, effect.facts["file_id"])
