"""Inbox and conversations as they are stored: what came in is never lost, and where a talk stands survives everything."""

from core.conversations.inbox import Retry, claim_retries, failed, finished, history, receive
from core.conversations.place import Loaded, load, save

__all__ = ["Loaded", "Retry", "claim_retries", "failed", "finished", "history", "load", "receive", "save"]
