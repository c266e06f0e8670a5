"""Our side of the sandbox: what the product knows of it is its public key and its callbacks."""

from datetime import datetime
from typing import Annotated, Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from core.money.notices import NoticeKind, ProviderNotice
from gateways.ports import CallbackRefused, Charge, Confirming, Done, GoTo, Headers, Outcome, RefundOrder
from gateways.sandbox.provider import MERCHANT, Event, Manner, SandboxProvider
from gateways.sandbox.signing import Seal

NAME: Final = "sandbox"
_MOST_MINOR: Final = 10**12

_Word = Annotated[str, msgspec.Meta(min_length=1, max_length=32, pattern=r"\A[\x21-\x7e]+\Z")]
_LongWord = Annotated[str, msgspec.Meta(min_length=1, max_length=64, pattern=r"\A[\x21-\x7e]+\Z")]


class _Callback(msgspec.Struct, frozen=True):
    """The body of a callback: bounded, so that a signed oddity cannot upset a database."""

    event_id: _LongWord
    kind: NoticeKind
    number: _Word
    txn: _LongWord
    amount_minor: Annotated[int, msgspec.Meta(ge=0, le=_MOST_MINOR)]
    currency: Annotated[str, msgspec.Meta(pattern=r"\A[A-Z]{3}\Z")]
    merchant: _LongWord
    at: Annotated[datetime, msgspec.Meta(tz=True)]


class SandboxGateway:
    """Keeps the promises of `PaymentGateway` against a SandboxProvider."""

    name = NAME
    merchant = MERCHANT

    def __init__(self, provider: SandboxProvider, public_key: Ed25519PublicKey) -> None:
        self.provider = provider
        self._seal = Seal(public_key)

    async def prepare(self, charge: Charge) -> Outcome:
        """Nothing to make: the sandbox takes any charge."""
        return Done(reference=charge.number)

    async def pay(self, charge: Charge, manner: str) -> GoTo | Confirming:
        """Charge nobody's money; the signed notice follows."""
        chosen = Manner(manner) if manner in list(Manner) else Manner.NORMAL
        await self.provider.charge(charge, chosen)
        return Confirming()

    async def query(self, number: str) -> ProviderNotice | None:
        """Return the payment made under this number, told as a notice of its own."""
        event = self.provider.paid(number)
        return None if event is None else _notice(event, event_id=f"query:{event.txn}")

    async def refund(self, order: RefundOrder) -> Outcome:
        """Send nobody's money back."""
        return Done(reference=self.provider.refund(order).txn)

    def read_callback(self, headers: Headers, body: bytes, *, real_now: datetime) -> ProviderNotice:
        """Verify and read a notice; raises CallbackRefused."""
        self._seal.check(headers, body, real_now=real_now)
        try:
            callback = msgspec.json.decode(body, type=_Callback)
        except (msgspec.DecodeError, ValueError):
            raise CallbackRefused(400, "unintelligible") from None
        return _notice(callback, event_id=callback.event_id)

    async def aclose(self) -> None:
        """Close the provider as well: it lives in this process."""
        await self.provider.aclose()


def _notice(event: Event | _Callback, *, event_id: str) -> ProviderNotice:
    return ProviderNotice(
        provider=NAME,
        event_id=event_id,
        number=event.number,
        provider_txn=event.txn,
        kind=NoticeKind(event.kind),
        amount_minor=event.amount_minor,
        currency=event.currency,
        merchant=event.merchant,
        at=event.at,
    )
