"""Telegram's Bot API as a local server."""

from simulators.telegram.group import GroupChat
from simulators.telegram.limits import Limits
from simulators.telegram.person import Person, SeenMessage
from simulators.telegram.simulator import Call, TelegramSimulator
from simulators.telegram.state import Press

__all__ = ["Call", "GroupChat", "Limits", "Person", "Press", "SeenMessage", "TelegramSimulator"]
