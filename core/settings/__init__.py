"""Settings of the trade, with their defaults."""

from core.settings.counters import bump, counter
from core.settings.rules import DEFAULTS, Rules, change, rules

__all__ = ["DEFAULTS", "Rules", "bump", "change", "counter", "rules"]
