"""Change requests: another time or technician, the old one standing until everybody has said yes."""

from core.changes.answering import agree, refuse, withdraw
from core.changes.asking import ask_change, counter, hold_change
from core.changes.overtaking import overtake
from core.changes.requests import (
    Change,
    ChangeGone,
    ChangePending,
    ChangeTooLate,
    Consent,
    change_of,
    changes_of,
    consents,
    open_change,
    open_changes,
    open_to_come,
)
from core.changes.rules import AT_ONCE, MOVABLE, answer_by, wish_for
from core.changes.states import ChangeState
from core.changes.waiting import due_work
from core.changes.words import words_of

__all__ = [
    "AT_ONCE",
    "MOVABLE",
    "Change",
    "ChangeGone",
    "ChangePending",
    "ChangeState",
    "ChangeTooLate",
    "Consent",
    "agree",
    "answer_by",
    "ask_change",
    "change_of",
    "changes_of",
    "consents",
    "counter",
    "due_work",
    "hold_change",
    "open_change",
    "open_changes",
    "open_to_come",
    "overtake",
    "refuse",
    "wish_for",
    "withdraw",
    "words_of",
]
