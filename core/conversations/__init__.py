"""Inbox and conversations as they are stored: nothing that came in is lost, and a talk's place survives everything."""

from core.conversations.inbox import Retry, claim_retries, failed, finished, history, receive
from core.conversations.place import Loaded, guard, load, save

__all__ = ["Loaded", "Retry", "claim_retries", "failed", "finished", "guard", "history", "load", "receive", "save"]
