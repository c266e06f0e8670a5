"""Cards: messages about an order with buttons that stay good while the order stands as they showed it."""

from dialogs.cards.verbs import VERBS

__all__ = ["VERBS"]
