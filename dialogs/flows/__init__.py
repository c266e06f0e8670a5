"""Every conversation that ends in an act, one file each: what a module declares as a `Flow` is found by itself."""

from dialogs.engine.finding import declared
from dialogs.engine.flow import Flow

FLOWS = declared(__name__, Flow)
"""All there are, in the order of their names."""
