"""What every gateway promises: one answer out of Done, Unknown and Failed, and our number at every try."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from core.effects import Sms
from core.money.notices import ProviderNotice


@dataclass(frozen=True, slots=True)
class Done:
    """The other side did it; `reference` is theirs."""

    reference: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """The request left and no answer came: ask again under the same number, never under a new one."""

    why: str


@dataclass(frozen=True, slots=True)
class Failed:
    """The other side refused; `final` where no further try can help and a person must do it."""

    why: str
    final: bool = False


Outcome = Done | Unknown | Failed


@dataclass(frozen=True, slots=True)
class Charge:
    """What a customer is asked to pay: our number, the frozen amount, and until when (business time).

    `payer` is who has opened the page, as WeChat knows them (openid), where that is known: anybody may pay.
    """

    number: str
    amount_minor: int
    currency: str
    expires_at: datetime
    payer: str | None = None


@dataclass(frozen=True, slots=True)
class RefundOrder:
    """Money to send back out of a payment, under our refund's number."""

    number: str
    payment_number: str
    provider_txn: str
    amount_minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class GoTo:
    """The customer pays on the provider's page."""

    url: str


@dataclass(frozen=True, slots=True)
class Confirming:
    """The customer is done; the provider's signed notice decides."""


class CallbackRefused(Exception):
    """A callback is not the provider's, not of now, or not what it should be; `status` is our HTTP answer."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status
        self.why = why


Headers = Mapping[str, Sequence[str]]
"""Header values by lower-case name, each as often as it came."""


class PaymentGateway(Protocol):
    """A payment provider."""

    name: str
    merchant: str

    async def prepare(self, charge: Charge) -> Outcome:
        """Make the provider's order for a charge; the same number again is the same order."""
        ...

    async def pay(self, charge: Charge, manner: str) -> GoTo | Confirming:
        """Take the customer on from our page; only a signed notice makes anything paid."""
        ...

    async def query(self, number: str) -> ProviderNotice | None:
        """Ask whether a payment has been made; None while it has not. Errors of the network are raised."""
        ...

    async def refund(self, order: RefundOrder) -> Outcome:
        """Send money back; the same number again sends nothing more."""
        ...

    def read_callback(self, headers: Headers, body: bytes, *, real_now: datetime) -> ProviderNotice:
        """Return what a callback says once its signature and its time are right; raises CallbackRefused."""
        ...

    async def aclose(self) -> None:
        """Finish or drop what is still on its way."""
        ...


class SmsGateway(Protocol):
    """A sender of text messages; one that is not `real` reaches no phone."""

    real: bool

    async def send(self, sms: Sms, *, number: str) -> Outcome:
        """Send one code; the same number again may be suppressed by the provider."""
        ...

    async def send_note(self, phone: str, words: str, *, number: str) -> Outcome:
        """Send a message's words to a phone (E.164); the same number again may be suppressed by the provider."""
        ...
