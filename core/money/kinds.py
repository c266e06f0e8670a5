"""Names of the ledger's accounts and journals."""

from enum import StrEnum
from typing import Final

HOUSE: Final = 0


class AccountKind(StrEnum):
    """Whose money an account counts; owner 0 is the house."""

    PROVIDER_CLEARING = "provider_clearing"  # with payment providers, ours
    SUSPENSE = "suspense"  # came in and fits nothing: a person must look
    ORDER_HELD = "order_held"  # paid for visits not yet decided
    REFUND_PENDING = "refund_pending"  # promised back, not yet returned
    TECHNICIAN_PAYABLE = "technician_payable"  # owner: the technician
    CUSTOMER_PAYABLE = "customer_payable"  # owner: the person we owe an apology in money
    COMMISSION = "commission"
    COUPON_COST = "coupon_cost"
    COMPENSATION_COST = "compensation_cost"
    BANK = "bank"


class JournalKind(StrEnum):
    """What happened; with its reference each happens once."""

    PAYMENT = "payment"
    PARKED = "parked"
    REFUND_REQUESTED = "refund_requested"
    REFUND_DONE = "refund_done"
    INCOME = "income"
    KEPT = "kept"
    COMPENSATION = "compensation"
    SETTLEMENT_PAID = "settlement_paid"
    JOINED = "joined"  # what a person was owed goes to the one they turned out to be
    REVERSAL = "reversal"
