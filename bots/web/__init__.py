"""The web door: a browser page on the same dialogs, the default of a machine with no tokens."""

from bots.web.demo import DemoControl, DemoPlace, DemoTechnician
from bots.web.desk import WebParams
from bots.web.door import WebDoor, routes

__all__ = ["DemoControl", "DemoPlace", "DemoTechnician", "WebDoor", "WebParams", "routes"]
