"""Who pays, as a payment provider knows them: told by a platform's web login, carried by the browser sealed."""

import base64
import binascii
from datetime import datetime, timedelta
from typing import Final

from core.crypto import Unreadable
from core.db import Tx

COOKIE: Final = "menling_payer"
LASTS: Final = timedelta(minutes=30)
_PURPOSE: Final = "payer"


def seal_payer(tx: Tx, payer: str, *, real_now: datetime) -> str:
    """Return what a browser is given to say for half an hour who pays; it can neither read nor change it."""
    until = int((real_now + LASTS).timestamp())
    sealed = tx.vault.house_key.seal_text(f"{until} {payer}", _PURPOSE)
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def read_payer(tx: Tx, told: str, *, real_now: datetime) -> str | None:
    """Return who pays, None when it was not sealed by us or is too old."""
    try:
        sealed = base64.urlsafe_b64decode(told + "=" * (-len(told) % 4))
        until, _, payer = tx.vault.house_key.open_text(sealed, _PURPOSE).partition(" ")
    except (Unreadable, binascii.Error, ValueError):
        return None
    return payer if payer and int(until) > real_now.timestamp() else None
