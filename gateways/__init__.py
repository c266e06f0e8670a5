"""The outside world that we call: payments, text messages, maps; their callbacks and the pay page."""

from gateways.building import build_gateways, routes
from gateways.outside import Gateways
from gateways.worker import perform_due

__all__ = ["Gateways", "build_gateways", "perform_due", "routes"]
