"""What a visit costs: computed once, itemised, shown and charged. Whole minor units throughout."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from core.money.coupons import Coupon
from core.settings import Rules

_METRES_PER_KM = 1000


class ItemCode(StrEnum):
    """The lines a quote may have."""

    BASE = "base"
    FARE = "fare"
    NIGHT = "night"
    COUPON = "coupon"


@dataclass(frozen=True, slots=True)
class QuoteItem:
    """One line of a quote; a discount is negative. `quantity` of the same thing make up the amount."""

    code: ItemCode
    minor: int
    quantity: int = 1

    @property
    def each_minor(self) -> int:
        """What one of them costs."""
        return self.minor // self.quantity


@dataclass(frozen=True, slots=True)
class Quote:
    """A price with its lines: `total_minor` is their sum and is charged, `commission_minor` is the platform's part."""

    items: tuple[QuoteItem, ...]
    total_minor: int
    currency: str
    service_minor: int
    fare_minor: int
    commission_minor: int
    coupon_id: int | None
    leg_metres: int

    @property
    def night_minor(self) -> int:
        """The night fee, which is the technician's like the fare."""
        return self._of(ItemCode.NIGHT)

    @property
    def discount_minor(self) -> int:
        """What coupons take off, as a positive figure: the platform's cost."""
        return -self._of(ItemCode.COUPON)

    @property
    def income_minor(self) -> int:
        """What the technician earns: the service less commission, the fare and the night fee."""
        return self.service_minor - self.commission_minor + self.fare_minor + self.night_minor

    def to_json(self) -> dict[str, Any]:
        """Return plain data for the order's row; `from_json` reads it back."""
        return {
            "items": [{"code": item.code.value, "minor": item.minor, "quantity": item.quantity} for item in self.items],
            "total_minor": self.total_minor,
            "currency": self.currency,
            "service_minor": self.service_minor,
            "fare_minor": self.fare_minor,
            "commission_minor": self.commission_minor,
            "coupon_id": None if self.coupon_id is None else str(self.coupon_id),
            "leg_metres": self.leg_metres,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read a quote as an order's row keeps it."""
        coupon_id = data["coupon_id"]
        return cls(
            items=tuple(
                QuoteItem(ItemCode(item["code"]), item["minor"], item.get("quantity", 1)) for item in data["items"]
            ),
            total_minor=data["total_minor"],
            currency=data["currency"],
            service_minor=data["service_minor"],
            fare_minor=data["fare_minor"],
            commission_minor=data["commission_minor"],
            coupon_id=None if coupon_id is None else int(coupon_id),
            leg_metres=data["leg_metres"],
        )

    def _of(self, code: ItemCode) -> int:
        return sum(item.minor for item in self.items if item.code is code)


def quote(
    rules: Rules,
    *,
    price_minor: int,
    currency: str,
    leg_metres: int,
    starts_local: datetime,
    coupon: Coupon | None,
    quantity: int = 1,
) -> Quote:
    """Price a visit: `quantity` services, travel, night fee, discount; a discount leaves one minor unit to pay.

    A provider takes no payment of nothing, and an order that nobody pays would have no proof of its yes.
    """
    fare = fare_minor(rules, leg_metres)
    night = rules.night_fee_minor if is_night(rules, starts_local) else 0
    service = price_minor * quantity
    before = service + fare + night
    off = 0 if coupon is None or coupon.currency != currency else min(coupon.amount_minor, before - 1)
    base = QuoteItem(ItemCode.BASE, service, quantity)
    others = ((ItemCode.FARE, fare), (ItemCode.NIGHT, night), (ItemCode.COUPON, -off))
    return Quote(
        items=(base, *(QuoteItem(code, minor) for code, minor in others if minor)),
        total_minor=before - off,
        currency=currency,
        service_minor=service,
        fare_minor=fare,
        commission_minor=commission_minor(rules, service),
        coupon_id=coupon.id if coupon is not None and off else None,
        leg_metres=leg_metres,
    )


def fare_minor(rules: Rules, leg_metres: int) -> int:
    """Return the fare of a way: the base and each started kilometre beyond the free ones."""
    beyond = leg_metres - rules.fare_free_metres
    if beyond <= 0 and rules.fare_free_metres:
        return 0
    started_km = -(-max(beyond, 0) // _METRES_PER_KM)
    return rules.fare_base_minor + started_km * rules.fare_per_km_minor


def commission_minor(rules: Rules, service_minor: int) -> int:
    """Return the platform's part of the service before discounts, rounded half up; the rest is the technician's."""
    return (service_minor * rules.commission_percent + 50) // 100


def is_night(rules: Rules, starts_local: datetime) -> bool:
    """Tell whether a visit starting at this local time costs the night fee."""
    minute = starts_local.hour * 60 + starts_local.minute
    if rules.night_from_minute <= rules.night_to_minute:
        return rules.night_from_minute <= minute < rules.night_to_minute
    return minute >= rules.night_from_minute or minute < rules.night_to_minute
