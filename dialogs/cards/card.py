"""What a template is written from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.orders.moves import Order
from dialogs.engine.step import Step


@dataclass(frozen=True, slots=True)
class Card:
    """What a template is written from: the order as it stands now (None where it is not about one) and its facts."""

    step: Step
    order: Order | None
    facts: Mapping[str, Any]

    @property
    def here(self) -> Order:
        """The order of a template that is about one."""
        if self.order is None:
            raise LookupError("a message about an order lost its order")
        return self.order
