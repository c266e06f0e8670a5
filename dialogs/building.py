"""Building the house at start-up, with its wiring checked."""

from collections.abc import Callable

from dialogs.flows import FLOWS
from dialogs.house import House, check_wiring
from dialogs.premises import nobody
from dialogs.texts import read_texts
from dialogs.views import VIEWS


def build_house(
    *,
    public_url: str,
    zone: str,
    currency: str,
    telegram_name: str = "",
    wake_sender: Callable[[], None] = nobody,
) -> House:
    """Build the house and check its wiring; WiringError names the flow and field that is wrong."""
    house = House(
        texts=read_texts(),
        flows={flow.name: flow for flow in FLOWS},
        views={view.name: view for view in VIEWS},
        public_url=public_url,
        zone=zone,
        currency=currency,
        telegram_name=telegram_name,
        wake_sender=wake_sender,
    )
    check_wiring(house)
    return house
