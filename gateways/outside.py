"""All gateways of a process in one value."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from gateways.ports import PaymentGateway, SmsGateway


@dataclass(frozen=True, slots=True)
class Gateways:
    """Payment providers by name, the one new payments go to, and the sender of text messages.

    `bot` is the address of the bot in whose chat everything is paid; without one our own page takes the payments.
    """

    payments: Mapping[str, PaymentGateway]
    chosen: str
    sms: SmsGateway
    bot: str = ""

    def payment(self, name: str | None) -> PaymentGateway | None:
        """Return the provider of this name, if this process knows it."""
        return None if name is None else self.payments.get(name)

    @property
    def payment_chosen(self) -> PaymentGateway:
        """Return the provider new payments go to."""
        return self.payments[self.chosen]

    async def aclose(self) -> None:
        """Close every provider's connections."""
        await asyncio.gather(*(gateway.aclose() for gateway in self.payments.values()))
