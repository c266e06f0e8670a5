"""Bills paid inside Telegram: the money comes by the bot's own updates, and goes back by hand.

The Bot API takes a card's money through the provider that BotFather has connected, and has no call that returns it,
none that asks for a payment and no callback of its own. What it cannot do ends with an operator, never in silence.
"""

from datetime import datetime
from typing import Final

from core.money.notices import ProviderNotice
from gateways.ports import CallbackRefused, Charge, Confirming, Failed, GoTo, Headers, Outcome, RefundOrder

NAME: Final = "telegram"


class TelegramInvoices:
    """The provider behind the bills of one bot; `merchant` is the bot's account."""

    name = NAME

    def __init__(self, merchant: str) -> None:
        self.merchant = merchant

    async def prepare(self, charge: Charge) -> Outcome:
        """Refuse: a bill is made in the chat, never on the pay page."""
        return Failed("bills are made in the chat", final=True)

    async def pay(self, charge: Charge, manner: str) -> GoTo | Confirming:
        """Leave the page as it is: the bill in the chat is what is paid."""
        return Confirming()

    async def query(self, number: str) -> ProviderNotice | None:
        """Know nothing: Telegram repeats the news of a payment until it is taken, and cannot be asked."""
        return None

    async def refund(self, order: RefundOrder) -> Outcome:
        """Ask for a person: the money goes back at the card provider, under the number we keep of it."""
        return Failed(f"by hand at the provider: {order.provider_txn}", final=True)

    def read_callback(self, headers: Headers, body: bytes, *, real_now: datetime) -> ProviderNotice:
        """Refuse everything: Telegram's news come by the bot's webhook."""
        raise CallbackRefused(404, "no callbacks")

    async def aclose(self) -> None:
        """Hold nothing."""


__all__ = ["NAME", "TelegramInvoices"]
