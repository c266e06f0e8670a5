"""Buttons of an answer that stay good once another question follows: what is to be paid, a visit's own next step."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from core.orders.states import OrderState
from dialogs.engine.actions import Act, Begin, read_action
from dialogs.outgoing import Body, Button

_STEPS: Mapping[str, OrderState] = {
    "depart": OrderState.ACCEPTED,
    "arrive": OrderState.DEPARTED,
    "start_visit": OrderState.ARRIVED,
    "finish_visit": OrderState.IN_SERVICE,
}
"""What takes a technician's visit on, verbs and flows, with the one state in which it can be done."""

_KINDS = frozenset({"act", "begin"})

About = tuple[int | None, str | None]
"""The order, or the payment by its token, that buttons of several messages are about."""


@dataclass(frozen=True, slots=True)
class Lasting:
    """A button's place, what it is about (an order, or a payment by its token), and the order's state it is good in."""

    place: int
    good_in: OrderState
    order_id: int | None = None
    pays: str | None = None

    @property
    def about(self) -> About:
        """What two messages have in common that both carry such a button."""
        return self.order_id, self.pays


def lasting(body: Body) -> tuple[Lasting, ...]:
    """Return the buttons of a body that outlast the question they stand under."""
    found = (_of_button(place, button) for place, button in enumerate(body.buttons))
    return tuple(one for one in found if one is not None)


def goes_on_with_a_visit(action_data: Any) -> bool:
    """Tell whether a button is a technician's next step: the order's state decides, not the age of the button."""
    return _step(action_data) is not None


def _of_button(place: int, button: Button) -> Lasting | None:
    if button.pays is not None:
        return Lasting(place, OrderState.TO_PAY, pays=button.pays)
    step = None if button.url is not None else _step(button.action)
    return None if step is None else Lasting(place, step[0], order_id=step[1])


def _step(action_data: Any) -> tuple[OrderState, int] | None:
    if not isinstance(action_data, dict) or action_data.get("type") not in _KINDS:
        return None  # most buttons of most messages, at the cost of a look
    try:
        action = read_action(action_data)
    except msgspec.ValidationError:
        return None
    match action:
        case Act(verb=name, order_id=order_id):
            pass
        case Begin(flow=name, values={"order": int(order_id)}):
            pass
        case _:
            return None
    state = _STEPS.get(name)
    return None if state is None else (state, order_id)
