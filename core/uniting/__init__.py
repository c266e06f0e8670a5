"""Two persons who have shown that they are one become one."""

from core.uniting.asking import (
    CannotJoin,
    Joining,
    Side,
    answer,
    ask_to_join,
    asked_of,
    check_can_join,
    open_for,
    waiting_for,
)
from core.uniting.checking import check
from core.uniting.uniting import due_work

__all__ = [
    "CannotJoin", "Joining", "Side", "answer", "ask_to_join", "asked_of", "check", "check_can_join", "due_work",
    "open_for", "waiting_for",
]  # fmt: skip
