"""Every answer in one turn, declared where it is written: what a module declares as a `View` is found by itself."""

from dialogs.engine.finding import declared
from dialogs.engine.flow import View

VIEWS = declared(__name__, View)
"""All there are, in the order of their names."""
