"""Performing effects: claim in one unit, call outside any, write the result in another. Money is never sent twice."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from core import audit, effects
from core.clock import Clock
from core.crash import crash_point
from core.db import Database, Tx
from core.effects import Effect, EffectKind, Sms
from core.money import payments, refunds
from core.money.notices import ProviderNotice
from core.money.payments import PaymentState
from core.orders.paying import take_notice
from core.tally import count
from core.tracing import follow
from gateways.outside import Gateways
from gateways.ports import Done, Failed, Outcome, RefundOrder, Unknown

KINDS: Final = (EffectKind.REFUND, EffectKind.SMS, EffectKind.PROVIDER_QUERY)
_CALL_SECONDS: Final = 15.0
_ASK_OFTEN: Final = timedelta(minutes=5)
_ASK_SELDOM: Final = timedelta(hours=1)
_OFTEN_AFTER_DEADLINE: Final = timedelta(minutes=30)
_GIVE_UP_AFTER_DEADLINE: Final = timedelta(days=1)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Job:
    effect: Effect
    sms: Sms | None


def _system_time() -> datetime:
    return datetime.now(UTC)


async def perform_due(
    database: Database,
    gateways: Gateways,
    clock: Clock,
    *,
    most: int = 20,
    real_now: Callable[[], datetime] = _system_time,
) -> int:
    """Perform what is due of refunds, text messages and provider queries, at most `most`; how many were tried."""
    claimed_at = real_now()
    jobs = await database.arun(lambda tx: _claim(tx, claimed_at, most))
    await asyncio.gather(*(_safely(database, gateways, clock, job, real_now) for job in jobs))
    return len(jobs)


def _claim(tx: Tx, real_now: datetime, most: int) -> tuple[_Job, ...]:
    claimed = effects.claim_due(tx, kinds=KINDS, real_now=real_now, most=most)
    return tuple(_Job(one, effects.open_sms(tx, one) if one.kind is EffectKind.SMS else None) for one in claimed)


async def _safely(
    database: Database, gateways: Gateways, clock: Clock, job: _Job, real_now: Callable[[], datetime]
) -> None:
    """Perform one effect; one whose result cannot be written must neither stop the others nor come back for ever."""
    try:
        await _perform(database, gateways, clock, job, real_now)
    except Exception as error:  # noqa: BLE001  whatever it is, it must not stop the others
        _log.exception("effect's result not written", extra={"kind": job.effect.kind, "number": job.effect.number})
        why = Failed(type(error).__name__)
        await database.arun(lambda tx: _after_call(tx, job.effect, why, now=clock.now(), real=real_now()))


async def _perform(
    database: Database, gateways: Gateways, clock: Clock, job: _Job, real_now: Callable[[], datetime]
) -> None:
    effect = job.effect
    follow(effect.trace)
    if effect.kind is EffectKind.PROVIDER_QUERY:
        asked = await _ask(gateways, effect)
        await database.arun(lambda tx: _after_query(tx, effect, asked, gateways, now=clock.now(), real=real_now()))
        return
    crash_point("effect.claimed")
    outcome = await _called(
        _refund(gateways, effect) if job.sms is None else gateways.sms.send(job.sms, number=effect.number)
    )
    crash_point("effect.called")
    await database.arun(lambda tx: _after_call(tx, effect, outcome, now=clock.now(), real=real_now()))


async def _refund(gateways: Gateways, effect: Effect) -> Outcome:
    gateway = gateways.payment(effect.facts["provider"])
    if gateway is None:
        return Failed(f"no provider {effect.facts['provider']}")
    return await gateway.refund(
        RefundOrder(
            number=effect.number,
            payment_number=effect.facts["payment_number"],
            provider_txn=effect.facts["provider_txn"],
            amount_minor=effect.facts["amount_minor"],
            currency=effect.facts["currency"],
        )
    )


async def _called(call: Awaitable[Outcome]) -> Outcome:
    """Wait for a gateway; whatever goes wrong on the way leaves the outcome unknown."""
    try:
        return await asyncio.wait_for(call, _CALL_SECONDS)
    except Exception as error:  # noqa: BLE001  a gateway may fail in any way, and the effect must not be lost
        return Unknown(type(error).__name__)


async def _ask(gateways: Gateways, effect: Effect) -> ProviderNotice | Unknown | None:
    gateway = gateways.payment(effect.facts["provider"])
    if gateway is None:
        return Unknown(f"no provider {effect.facts['provider']}")
    try:
        return await asyncio.wait_for(gateway.query(effect.number), _CALL_SECONDS)
    except Exception as error:  # noqa: BLE001  see _called
        return Unknown(type(error).__name__)


def _after_call(tx: Tx, effect: Effect, outcome: Outcome, *, now: datetime, real: datetime) -> None:
    count("menling_effects", kind=effect.kind, outcome=type(outcome).__name__.lower())
    match outcome:
        case Done(reference):
            if effect.kind is EffectKind.REFUND:
                refunds.finish(tx, effect.number, reference, now)
            effects.done(tx, effect, now=real)
        case Unknown(why):
            effects.unknown(tx, effect, error=why, real_now=real)
            _show_stuck(tx, effect, why, now)
        case Failed(why, final):
            effects.failed(tx, effect, error=why, real_now=real, final=final)
            _show_stuck(tx, effect, why, now, final=final)


def _show_stuck(tx: Tx, effect: Effect, why: str, now: datetime, *, final: bool = False) -> None:
    """After the last try a person must look: say so where operators see it."""
    _log.warning("effect not performed", extra={"kind": effect.kind, "number": effect.number, "why": why})
    if effect.attempts < effects.MOST_TRIES and not final:
        return
    count("menling_effects", kind=effect.kind, outcome="stuck")
    if effect.kind is EffectKind.REFUND:
        refunds.mark_stuck(tx, effect.number)
    facts = {"kind": effect.kind.value, "number": effect.number, "why": why}
    audit.note(tx, "effect.stuck", actor_id=None, subject_kind="effect", subject_id=effect.id, facts=facts, now=now)


def _after_query(
    tx: Tx,
    effect: Effect,
    asked: ProviderNotice | Unknown | None,
    gateways: Gateways,
    *,
    now: datetime,
    real: datetime,
) -> None:
    """Take what the query found as if the notice had come; otherwise ask again until a day after the deadline."""
    if isinstance(asked, ProviderNotice):
        gateway = gateways.payment(asked.provider)
        merchant = "" if gateway is None else gateway.merchant
        take_notice(tx, asked, raw=b"", expected_merchant=merchant, now=now)
        effects.done(tx, effect, now=real)
        return
    payment = payments.payment_by_number(tx, effect.number)
    waiting = payment is not None and payment.state in (PaymentState.OPEN, PaymentState.EXPIRED)
    if payment is None or not waiting or now > payment.expires_at + _GIVE_UP_AFTER_DEADLINE:
        effects.done(tx, effect, now=real)
        return
    often = now < payment.expires_at + _OFTEN_AFTER_DEADLINE
    effects.again(tx, effect, due_at=real + (_ASK_OFTEN if often else _ASK_SELDOM), real_now=real)
