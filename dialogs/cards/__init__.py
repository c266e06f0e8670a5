"""Cards: messages about an order with buttons that stay good while the order stands as they showed it."""

from dialogs.cards.changing import CHANGE_VERBS
from dialogs.cards.verbs import VERBS

__all__ = ["CHANGE_VERBS", "VERBS"]
