"""Rasa's senders as our identities: any characters at all on their side, 128 plain ones on ours."""

import hashlib
import re
from typing import Final

_PLAIN: Final = re.compile(r"[0-9A-Za-z_.:@+-]{1,100}")
_HASHED: Final = "~"


def external_id_of(sender: str) -> str:
    """Return the identity of a sender: itself when plain, else its hash, so that no database can mix two up."""
    if _PLAIN.fullmatch(sender):
        return sender
    return _HASHED + hashlib.sha256(sender.encode("utf-8", "surrogatepass")).hexdigest()


def sender_of(external_id: str) -> str | None:
    """Return the sender of an identity; None for one known by its hash, whom Rasa's HTTP API cannot name either."""
    return None if external_id.startswith(_HASHED) else external_id
