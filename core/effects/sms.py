"""Text messages with a code: phone and code are personal, so the row holds them sealed with the house key."""

from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from datetime import datetime

from core.db import Tx
from core.effects.work import Effect, EffectKind, want

_PHONE = "effect.sms.phone"
_CODE = "effect.sms.code"


@dataclass(frozen=True, slots=True)
class Sms:
    """What is sent: a code to a phone (E.164), in a language; its repr shows neither phone nor code."""

    phone: str = field(repr=False)
    code: str = field(repr=False)
    lang: str


def want_sms(tx: Tx, *, phone: str, code: str, lang: str, key: str, number: str, now_real: datetime) -> int | None:
    """Ask for a text message with a code, once per key."""
    house = tx.vault.house_key
    facts = {
        "phone": b64encode(house.seal_text(phone, _PHONE)).decode(),
        "code": b64encode(house.seal_text(code, _CODE)).decode(),
        "lang": lang,
    }
    return want(tx, EffectKind.SMS, key=key, number=number, facts=facts, now_real=now_real)


def open_sms(tx: Tx, effect: Effect) -> Sms:
    """Open the phone and the code of an sms effect."""
    house = tx.vault.house_key
    return Sms(
        phone=house.open_text(b64decode(effect.facts["phone"]), _PHONE),
        code=house.open_text(b64decode(effect.facts["code"]), _CODE),
        lang=effect.facts["lang"],
    )
