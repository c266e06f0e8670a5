"""Every word to a person is a row here first: outbox, reminders, message centre and live buttons in one table."""

from core.messages.telling import MessageKind, MessageState, Rank, carry_over, forget_reminders, tell
from core.messages.templates import CARDS, URGENT, Template

__all__ = [
    "CARDS", "URGENT", "MessageKind", "MessageState", "Rank", "Template", "carry_over", "forget_reminders", "tell",
]  # fmt: skip
