"""Somebody lets the bot write again: what we have to tell them finds them here once more."""

from datetime import datetime
from functools import partial

from core import conversations, people
from core.db import Tx
from dialogs.reception import Reception


async def came_back(reception: Reception, *, account: str, sender: str) -> str:
    """Note that a person has unblocked the bot; who has never written stays unknown until they do."""
    unit = partial(_came_back, account=account, sender=sender, now=reception.clock.now())
    if not await reception.db.arun(unit):
        return "ignored"
    reception.house.wake_sender()
    return "back"


def _came_back(tx: Tx, *, account: str, sender: str, now: datetime) -> bool:
    loaded = conversations.load(tx, channel="telegram", account=account, sender=sender, pressed_id=None)
    if loaded is None or not loaded.blocked:
        return False
    people.seen(tx, loaded.identity_id, now=now)
    return True
