"""Door: a Rasa assistant hands a person over to our dialogs and gets them back, through rasa-sdk's action server.

rasa-sdk is imported only when the action server is opened: serving the house does without it.
"""

from typing import TYPE_CHECKING

from bots.rasa.door import RasaDoor
from bots.rasa.exporting import export
from bots.rasa.params import RasaParams

if TYPE_CHECKING:
    from bots.rasa.server import ActionServer
    from dialogs.reception import Reception

__all__ = ["RasaDoor", "RasaParams", "export", "open_actions"]


def open_actions(params: RasaParams, reception: "Reception") -> "ActionServer":
    """Return the action server, not listening yet; ValueError when the settings are unsafe."""
    params.check()
    from bots.rasa.server import ActionServer  # noqa: PLC0415  rasa-sdk is slow to import

    return ActionServer(params, reception)
