"""Messages that raise, one after another: whatever cannot be gone on with keeps nobody."""

from datetime import datetime

from core import conversations
from core.conversations import Loaded
from core.db import Tx
from dialogs.engine.state import StaleState, State, decode_state, encode_state

MOST_STUMBLES = 3
"""So many messages in a row that raise, and the conversation starts anew."""


def stumbled(tx: Tx, loaded: Loaded, *, now: datetime) -> str:
    """Note one more message in a row that raised, and return the key of what to say.

    After the third what runs is given up.
    """
    try:
        state = decode_state(loaded.state)
    except StaleState:
        state = State()
    state.stumbles += 1
    given_up = state.stumbles >= MOST_STUMBLES
    conversations.save(
        tx,
        loaded,
        state=encode_state(State() if given_up else state),
        prompt_id=None if given_up else loaded.prompt_id,
        prompt_at=None if given_up else loaded.prompt_at,
        now=now,
    )
    return "engine.given_up" if given_up else "engine.apology"
