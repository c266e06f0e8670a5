"""Putting the gateways together from settings."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import httpx
from fastapi import APIRouter

from core.clock import Clock
from core.db import Database
from gateways.callbacks import callback_routes
from gateways.outside import Gateways
from gateways.pay_page import pay_routes
from gateways.ports import PaymentGateway, SmsGateway
from gateways.sandbox import SandboxGateway, SandboxProvider, sandbox_key
from gateways.sandbox.gateway import NAME as SANDBOX
from gateways.sandbox.provider import Habits
from gateways.sms import ConsoleSms
from gateways.telegram_invoices import NAME as TELEGRAM
from gateways.telegram_invoices import TelegramInvoices


def _system_time() -> datetime:
    return datetime.now(UTC)


def build_gateways(
    *,
    payments: str = SANDBOX,
    secret: bytes,
    callback_base: str,
    sandbox_book: Path | None = None,
    sms: SmsGateway | None = None,
    telegram: str | None = None,
    bot: str = "",
    habits: Habits | None = None,
    transport: httpx.AsyncBaseTransport | None = None,
    real_now: Callable[[], datetime] = _system_time,
) -> Gateways:
    """Return the gateways of a process; ValueError for a payment provider that does not exist.

    `callback_base` is our own address as the provider reaches it; `secret` derives the sandbox's keys; `telegram` is
    the account of the bot whose bills are paid in the chat, `bot` its address: where bills are all there is, the pay
    page leads there.
    """
    if payments == TELEGRAM and telegram is not None:
        return Gateways({TELEGRAM: TelegramInvoices(telegram)}, TELEGRAM, sms or ConsoleSms(), bot)
    if payments != SANDBOX:
        raise ValueError(f"no payment provider {payments}: there are {SANDBOX} and, with a bot, {TELEGRAM}")
    if len(secret) < 16:
        raise ValueError("the gateways' secret is too short: give at least 16 bytes")
    provider = SandboxProvider(
        secret=secret,
        callback_url=f"{callback_base.rstrip('/')}/callbacks/{SANDBOX}",
        book=sandbox_book,
        habits=habits,
        transport=transport,
        real_now=real_now,
    )
    sandbox = SandboxGateway(provider, sandbox_key(secret).public_key())
    known: dict[str, PaymentGateway] = {SANDBOX: sandbox}
    if telegram is not None:
        known[TELEGRAM] = TelegramInvoices(telegram)
    return Gateways(payments=known, chosen=SANDBOX, sms=sms or ConsoleSms())


def routes(
    database: Database, clock: Clock, gateways: Gateways, *, real_now: Callable[[], datetime] = _system_time
) -> APIRouter:
    """Return the callback routes and the pay page."""
    router = APIRouter()
    router.include_router(callback_routes(database, clock, gateways, real_now))
    router.include_router(pay_routes(database, clock, gateways, real_now))
    return router
