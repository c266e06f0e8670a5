"""Money: what a visit costs, who paid, who is owed, and books that balance after every step."""

from core.money import triggers

__all__ = ["triggers"]
