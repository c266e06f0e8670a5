"""Settings of the trade, with their defaults."""

from core.settings.counters import bump, counter
from core.settings.rules import CELL_MINUTES, DEFAULTS, Rules, change, rules

__all__ = ["CELL_MINUTES", "DEFAULTS", "Rules", "bump", "change", "counter", "rules"]
