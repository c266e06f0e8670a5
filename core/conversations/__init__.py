"""Inbox and conversations as they are stored: nothing that came in is lost, and a talk's place survives everything."""

from core.conversations.inbox import (
    InboxState,
    Retry,
    answer_to,
    claim_retries,
    failed,
    history,
    receive,
    take_up,
    wait,
)
from core.conversations.order import put_off, words_wait
from core.conversations.place import Loaded, give_back, guard, hand_to, load, owner_of, save, state_of

__all__ = [
    "InboxState",
    "Loaded", "Retry", "answer_to", "claim_retries", "failed", "give_back", "guard", "hand_to", "history",
    "load", "owner_of", "put_off", "receive", "save", "state_of", "take_up", "wait", "words_wait",
]  # fmt: skip
