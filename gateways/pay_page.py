"""Our own pay page under /pay/{token}: the link in a chat is ours, the provider's order is made when it is opened."""

import asyncio
import logging
import re
import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import jinja2
from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from core import payers
from core.clock import Clock
from core.db import Database, Tx
from core.effects import EffectKind, hasten, want
from core.money import payments
from core.money.pricing import ItemCode
from gateways.outside import Gateways
from gateways.pay_view import PayState, PayView, pay_view
from gateways.pay_words import LANGUAGES, day_and_time, languages_but, money, words
from gateways.ports import Done, GoTo
from gateways.sandbox import Manner
from gateways.sandbox.gateway import NAME as SANDBOX

_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{16,32}", re.ASCII)
_MOST_FORM_BYTES: Final = 1024
_CALL_SECONDS: Final = 8.0
_FIRST_QUERY: Final = timedelta(minutes=1)
_MOST_CHECKS: Final = 10
_ASKS_AT_CHECKS: Final = frozenset({2, 5, 9})
"""The looks of somebody who has paid at which the provider is asked: its notice is mostly here before the first."""
_TEMPLATES: Final = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parent / "pages"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_log = logging.getLogger(__name__)


def pay_routes(database: Database, clock: Clock, gateways: Gateways, real_now: Callable[[], datetime]) -> APIRouter:
    """Return the pay page's routes."""
    router = APIRouter(include_in_schema=False)

    @router.get("/pay/{token}")
    async def page(token: str, request: Request) -> Response:
        """Show the payment as it stands; opening it makes the provider's order."""
        lang = _asked_language(request)
        view = await _view(database, request, token, lang, now=clock.now(), real_now=real_now())
        if view is None:
            return _unknown(request, lang)
        ready = _is_ready(view, gateways) or await _prepare(database, gateways, view, real_now())
        if view.state is PayState.PAYABLE and _checks(request) in _ASKS_AT_CHECKS:
            await database.arun(lambda tx: hasten(tx, EffectKind.PROVIDER_QUERY, view.charge.number))
        return _show(request, view, gateways, now=clock.now(), ready=ready)

    @router.post("/pay/{token}")
    async def pay(token: str, request: Request) -> Response:
        """Go on to the provider; what has been paid is decided by its signed notice alone."""
        if not _from_our_page(request):
            return Response(status_code=403)
        form = await _form(request)
        if form is None:
            return Response(status_code=413)
        view = await _view(database, request, token, None, now=clock.now(), real_now=real_now())
        if view is None:
            return _unknown(request, None)
        if _is_ready(view, gateways) or not await _prepare(database, gateways, view, real_now()):
            return _back(request, "")
        return await _pay(request, view, gateways, manner=form.get("manner", [""])[0])

    return router


def _is_ready(view: PayView, gateways: Gateways) -> bool:
    """Tell whether the page can be shown without a word to the provider: nothing is paid on it."""
    return view.state is not PayState.PAYABLE or bool(gateways.bot)


async def _view(
    database: Database, request: Request, token: str, lang: str | None, *, now: datetime, real_now: datetime
) -> PayView | None:
    if not _TOKEN.fullmatch(token):
        return None
    told = request.cookies.get(payers.COOKIE, "")

    def unit(tx: Tx) -> PayView | None:
        view = pay_view(tx, token, lang=lang, now=now)
        payer = payers.read_payer(tx, told, real_now=real_now) if told else None
        return view if view is None or payer is None else replace(view, charge=replace(view.charge, payer=payer))

    return await database.aread(unit)


async def _prepare(database: Database, gateways: Gateways, view: PayView, real_now: datetime) -> bool:
    """Make the provider's order, and remember it with a query that finds a payment whose notice never comes."""
    gateway = gateways.payment(view.provider) or gateways.payment_chosen
    if view.provider is None:
        await database.arun(lambda tx: _open_at(tx, view, gateway.name, real_now))
    try:
        outcome = await asyncio.wait_for(gateway.prepare(view.charge), _CALL_SECONDS)
    except Exception as error:  # noqa: BLE001  a provider may fail in any way; the page says so and offers another try
        _log.warning("provider not ready", extra={"provider": gateway.name, "error": type(error).__name__})
        return False
    return isinstance(outcome, Done)


def _open_at(tx: Tx, view: PayView, provider: str, real_now: datetime) -> None:
    if payments.open_at(tx, view.payment_id, provider=provider):
        number = view.charge.number
        want(
            tx,
            EffectKind.PROVIDER_QUERY,
            key=number,
            number=number,
            facts={"provider": provider},
            now_real=real_now,
            after=_FIRST_QUERY,
        )


async def _pay(request: Request, view: PayView, gateways: Gateways, *, manner: str) -> Response:
    gateway = gateways.payment(view.provider) or gateways.payment_chosen
    try:
        step = await asyncio.wait_for(gateway.pay(view.charge, manner), _CALL_SECONDS)
    except Exception as error:  # noqa: BLE001  see _prepare
        _log.warning("provider did not take the customer", extra={"error": type(error).__name__})
        return _back(request, "trouble=1")
    if isinstance(step, GoTo):
        return RedirectResponse(step.url, status_code=303, headers=_headers(""))
    return _back(request, "checking=1")


def _back(request: Request, query: str) -> Response:
    """Show the page again, in the language it was read in."""
    lang = _asked_language(request)
    asked = "&".join(part for part in (query, f"lang={lang}" if lang else "") if part)
    return RedirectResponse(f"{request.url.path}?{asked}".rstrip("?"), status_code=303, headers=_headers(""))


def _unknown(request: Request, lang: str | None) -> Response:
    speaks = lang or _browser_language(request)
    return _render("unknown.html", 404, lang=speaks, w=words(speaks), head="unknown", text=words(speaks)["t_unknown"])


def _show(request: Request, view: PayView, gateways: Gateways, *, now: datetime, ready: bool) -> Response:
    checks = _checks(request) if view.state is PayState.PAYABLE else 0
    w = words(view.lang)
    head = _head(view, checks, ready=ready and "trouble" not in request.query_params, in_chat=bool(gateways.bot))
    amount = money(view.refund_minor, view.charge.currency)
    return _render(
        "pay.html",
        200,
        lang=view.lang if view.lang in LANGUAGES else "en",
        others=languages_but(view.lang),
        w=w,
        head=head,
        text="" if head == "payable" else w[f"t_{head}"].format(amount=amount),
        payable=head in ("payable", "trouble"),
        bot=f"{gateways.bot}?start=o_{view.code}" if head == "in_chat" else "",
        next_check=checks + 1 if head == "checking" else 0,
        view=view,
        lines=_lines(view, w),
        when=day_and_time(view.starts_local, view.lang),
        total=money(view.charge.amount_minor, view.charge.currency),
        pay_by=w["pay_by"].format(time=f"{view.expires_local:%H:%M}"),
        seconds_left=view.seconds_left(now),
        manners=[(manner.value, w[f"manner_{manner}"]) for manner in Manner] if gateways.chosen == SANDBOX else [],
    )


def _head(view: PayView, checks: int, *, ready: bool, in_chat: bool) -> str:
    """Return which headline is shown, as the words table names it."""
    if view.state is not PayState.PAYABLE:
        return view.state.value
    if in_chat:
        return "in_chat"
    if checks:
        return "checking" if checks <= _MOST_CHECKS else "waiting"
    return "payable" if ready else "trouble"


def _lines(view: PayView, w: dict[str, str]) -> list[tuple[str, str]]:
    km = f"{view.leg_metres / 1000:.1f}"
    names = {code: w[code.value].format(km=km) for code in ItemCode}
    if km == "0.0":
        names[ItemCode.FARE] = w["fare_near"]
    currency = view.charge.currency
    return [(_counted(names[item.code], item.quantity), money(item.minor, currency)) for item in view.items]


def _counted(name: str, quantity: int) -> str:
    return name if quantity == 1 else f"{name} × {quantity}"


def _render(template: str, status: int, **facts: Any) -> HTMLResponse:
    nonce = secrets.token_urlsafe(16)
    body = _TEMPLATES.get_template(template).render(nonce=nonce, **facts)
    return HTMLResponse(body, status_code=status, headers=_headers(nonce))


def _headers(nonce: str) -> dict[str, str]:
    own = f"'nonce-{nonce}'" if nonce else "'none'"
    return {
        "Content-Security-Policy": (
            f"default-src 'none'; style-src {own}; script-src {own}; img-src data:; form-action 'self'; "
            "frame-ancestors 'none'; base-uri 'none'"
        ),
        "Cache-Control": "no-store",
        "Referrer-Policy": "same-origin",  # the address holds the token; "no-referrer" would hide our own Origin too
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "X-Robots-Tag": "noindex, nofollow",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    }


def _asked_language(request: Request) -> str | None:
    asked = request.query_params.get("lang")
    return asked if asked in LANGUAGES else None


def _browser_language(request: Request) -> str:
    return "zh-Hans" if request.headers.get("accept-language", "").lower().startswith("zh") else "en"


def _checks(request: Request) -> int:
    asked = request.query_params.get("checking", "0")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 4 else 0


def _from_our_page(request: Request) -> bool:
    """Refuse a form sent from another site; a browser that says nothing holds the unguessable token at least."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


async def _form(request: Request) -> dict[str, list[str]] | None:
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > _MOST_FORM_BYTES:
            return None
    return parse_qs(body.decode("utf-8", "replace"), max_num_fields=5)
