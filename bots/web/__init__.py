"""The web door: a browser page on the same dialogs, the default of a machine with no tokens."""

from bots.web.demo import DemoControl, DemoPlace, DemoTechnician
from bots.web.desk import WebParams
from bots.web.door import WebDoor, routes
from bots.web.elsewhere import leading_to
from bots.web.seats import DEMO_ACCOUNT, CookieJar, Seat, SeatName

__all__ = [
    "DEMO_ACCOUNT",
    "CookieJar",
    "DemoControl",
    "DemoPlace",
    "DemoTechnician",
    "Seat",
    "SeatName",
    "WebDoor",
    "WebParams",
    "leading_to",
    "routes",
]
