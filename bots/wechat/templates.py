"""Which of our messages may go by a template of WeChat's library, and by which: a file the account's owner writes.

    reminder:
      template: {id: "9Kx...", fields: {thing1: service, time2: when, thing3: technician, thing4: note}}
      subscription: {id: "pQ7...", fields: {thing1: service, time2: when}}

The purposes and facts are those of `Purpose` and `Fact`; a field's name is the one the console shows, its kind (thing,
time, phrase...) is that name without its number.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import yaml

from core.messages import Template


class Purpose(StrEnum):
    """What a template is for; each of our messages that may go by template has one."""

    REMINDER = "reminder"
    ORDER = "order"
    PAYMENT = "payment"
    OFFER = "offer"


class Fact(StrEnum):
    """What a field can show."""

    SERVICE = "service"
    CODE = "code"
    WHEN = "when"
    DAY = "day"
    TECHNICIAN = "technician"
    REGION = "region"
    AMOUNT = "amount"
    STATE = "state"
    UNTIL = "until"
    NOTE = "note"


_R, _O, _P = Purpose.REMINDER, Purpose.ORDER, Purpose.PAYMENT
PURPOSES: Final[Mapping[Template, Purpose]] = MappingProxyType(
    {
        Template.REMINDER_DAY: _R, Template.REMINDER_HOURS: _R, Template.VISIT_REMINDER: _R,
        Template.ACCEPTED: _O, Template.TECHNICIAN_CHANGED: _O, Template.ASKING_NEXT: _O, Template.NOBODY_LEFT: _O,
        Template.NOBODY_CAME: _O, Template.CANCELLED: _O, Template.TECHNICIAN_CANCELLED: _O,
        Template.ORDER_EXPIRED: _O, Template.DEPARTED: _O, Template.RUNNING_LATE: _O, Template.ARRIVED: _O,
        Template.START_CONFIRM: _O, Template.STARTED: _O, Template.FINISHED: _O, Template.CUSTOMER_ABSENT: _O,
        Template.CHANGE_ASKED: _O, Template.CHANGE_NUDGE: _O, Template.CHANGE_AGREED: _O,
        Template.CHANGE_REFUSED: _O, Template.CHANGE_EXPIRED: _O, Template.CHANGE_WITHDRAWN: _O,
        Template.VISIT_MOVED_ON: _O, Template.CREW_COMPLETE: _O, Template.VISIT_CANCELLED: _O,
        Template.VISIT_ASSIGNED: _O, Template.VISIT_REASSIGNED: _O, Template.VISIT_TIGHT: _O,
        Template.START_ALLOWED: _O,
        Template.PAY_NUDGE: _P, Template.PAYMENT_RECEIVED: _P, Template.PAID_LATE_REVIVED: _P,
        Template.PAID_LATE_REFUNDED: _P, Template.PAID_TWICE_REFUNDED: _P, Template.REFUND_DONE: _P,
        Template.OFFER: Purpose.OFFER,
    }
)  # fmt: skip
"""Messages about an order alone: an invitation to review, let alone news, never goes by template."""

KINDS: Final[Mapping[Fact, frozenset[str]]] = MappingProxyType(
    {
        Fact.SERVICE: frozenset({"thing"}),
        Fact.CODE: frozenset({"character_string", "thing"}),
        Fact.WHEN: frozenset({"time", "date", "thing"}),
        Fact.DAY: frozenset({"date", "time", "thing"}),
        Fact.TECHNICIAN: frozenset({"name", "thing"}),
        Fact.REGION: frozenset({"thing"}),
        Fact.AMOUNT: frozenset({"amount", "thing"}),
        Fact.STATE: frozenset({"phrase", "thing"}),
        Fact.UNTIL: frozenset({"time", "date", "thing"}),
        Fact.NOTE: frozenset({"thing"}),
    }
)
"""The kinds of field that can hold a fact."""


@dataclass(frozen=True, slots=True)
class LibraryTemplate:
    """A template as the account took it from the library: its id, and what each of its fields shows."""

    id: str
    fields: Mapping[str, Fact]


@dataclass(frozen=True, slots=True)
class Templates:
    """The account's templates by purpose; of a purpose without one nothing goes by template."""

    template: Mapping[Purpose, LibraryTemplate] = field(default_factory=dict)
    subscription: Mapping[Purpose, LibraryTemplate] = field(default_factory=dict)


def read_templates(path: Path) -> Templates:
    """Return what the file says; raises ValueError with a sentence that names what is wrong in it."""
    try:
        told = yaml.safe_load(path.read_text("utf-8"))
    except OSError as error:
        raise ValueError(f"the WeChat templates cannot be read: {path}: {error.strerror}") from None
    except (yaml.YAMLError, UnicodeDecodeError):
        raise ValueError(f"the WeChat templates are no YAML: {path}") from None
    if not isinstance(told, dict):
        raise ValueError(f"the WeChat templates are a mapping of purposes: {path}")  # noqa: TRY004  a sentence about the file
    ways: dict[str, dict[Purpose, LibraryTemplate]] = {"template": {}, "subscription": {}}
    for purpose, all_ways in told.items():
        if purpose not in set(Purpose) or not isinstance(all_ways, dict):
            raise ValueError(f"the WeChat templates know no purpose {purpose!r}: they are {', '.join(Purpose)}")
        for way, given in all_ways.items():
            if way not in ways:
                raise ValueError(f"the WeChat templates know no {purpose}.{way}: template or subscription")
            ways[way][Purpose(purpose)] = _template(f"{purpose}.{way}", given)
    return Templates(**ways)


def _template(where: str, given: Any) -> LibraryTemplate:
    template_id = given.get("id") if isinstance(given, dict) else None
    fields = given.get("fields") if isinstance(given, dict) else None
    if not isinstance(template_id, str) or not template_id or not isinstance(fields, dict) or not fields:
        raise ValueError(f"the WeChat template {where} needs its id and its fields")
    return LibraryTemplate(template_id, {str(name): _fact(where, str(name), fact) for name, fact in fields.items()})


def _fact(where: str, name: str, told: Any) -> Fact:
    if told not in set(Fact):
        raise ValueError(f"the WeChat template {where} has a field {name} that shows {told!r}: {', '.join(Fact)}")
    fact, kind = Fact(told), kind_of(name)
    if kind not in KINDS[fact]:
        fitting = ", ".join(sorted(KINDS[fact]))
        raise ValueError(f"the WeChat template {where} cannot show {fact} in {name}: take a field of kind {fitting}")
    return fact


def kind_of(name: str) -> str:
    """Return a field's kind: thing1 is a thing."""
    return name.rstrip("0123456789")
