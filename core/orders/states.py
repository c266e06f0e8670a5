"""The states of an order and the one table of edges between them; code, tests and docs read it here."""

from enum import StrEnum
from types import MappingProxyType


class OrderState(StrEnum):
    """Where an order stands."""

    TO_PAY = "to_pay"
    TO_ACCEPT = "to_accept"
    UNDECIDED = "undecided"  # paid, and nobody has it: the customer chooses wait, other time or refund
    ACCEPTED = "accepted"
    DEPARTED = "departed"
    ARRIVED = "arrived"
    IN_SERVICE = "in_service"
    FINISHED = "finished"
    CONFIRMED = "confirmed"
    REVIEWED = "reviewed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"  # not paid in time
    LAPSED = "lapsed"  # the customer was absent at the door


class OrderEvent(StrEnum):
    """What moves an order."""

    PLACED = "placed"  # the first line of every order
    PAID = "paid"
    PAY_TIME_OVER = "pay_time_over"
    REVIVED = "revived"  # an expired order is booked again by its customer
    PAID_LATE = "paid_late"  # money came after the expiry and the slot was still free
    ACCEPTED = "accepted"
    PASSED_ON = "passed_on"  # refused or unanswered: the next technician is asked
    NOBODY_LEFT = "nobody_left"
    ASKED = "asked"  # from undecided: somebody is asked again
    RETIMED = "retimed"  # another time or technician was chosen before anybody had said yes
    CHANGED = "changed"  # everybody has said yes to another time or technician
    OFFERED = "offered"  # an operator asks a technician of their choice
    ASSIGNED = "assigned"  # an operator gives it to a technician who has said yes to them
    TECHNICIAN_CANCELLED = "technician_cancelled"
    DEPARTED = "departed"
    ARRIVED = "arrived"
    STARTED = "started"
    FINISHED = "finished"
    CONFIRMED = "confirmed"
    REVIEWED = "reviewed"
    CANCELLED = "cancelled"
    NOBODY_CAME = "nobody_came"  # the visit time passed and nobody had accepted
    CUSTOMER_ABSENT = "customer_absent"


_S, _E = OrderState, OrderEvent

EDGES = MappingProxyType(
    {
        (_S.TO_PAY, _E.PAID): _S.TO_ACCEPT,
        (_S.TO_PAY, _E.PAY_TIME_OVER): _S.EXPIRED,
        (_S.TO_PAY, _E.RETIMED): _S.TO_PAY,
        (_S.TO_PAY, _E.CANCELLED): _S.CANCELLED,
        (_S.EXPIRED, _E.REVIVED): _S.TO_PAY,
        (_S.EXPIRED, _E.PAID_LATE): _S.TO_ACCEPT,
        (_S.TO_ACCEPT, _E.ACCEPTED): _S.ACCEPTED,
        (_S.TO_ACCEPT, _E.PASSED_ON): _S.TO_ACCEPT,
        (_S.TO_ACCEPT, _E.OFFERED): _S.TO_ACCEPT,
        (_S.TO_ACCEPT, _E.ASSIGNED): _S.ACCEPTED,
        (_S.TO_ACCEPT, _E.RETIMED): _S.TO_ACCEPT,
        (_S.TO_ACCEPT, _E.NOBODY_LEFT): _S.UNDECIDED,
        (_S.TO_ACCEPT, _E.NOBODY_CAME): _S.CANCELLED,
        (_S.TO_ACCEPT, _E.CANCELLED): _S.CANCELLED,
        (_S.UNDECIDED, _E.NOBODY_LEFT): _S.UNDECIDED,  # of two, one cancelled, and nobody can take that place
        (_S.UNDECIDED, _E.ASKED): _S.TO_ACCEPT,
        (_S.UNDECIDED, _E.RETIMED): _S.TO_ACCEPT,
        (_S.UNDECIDED, _E.OFFERED): _S.TO_ACCEPT,
        (_S.UNDECIDED, _E.ASSIGNED): _S.ACCEPTED,
        (_S.UNDECIDED, _E.NOBODY_CAME): _S.CANCELLED,
        (_S.UNDECIDED, _E.CANCELLED): _S.CANCELLED,
        (_S.ACCEPTED, _E.DEPARTED): _S.DEPARTED,
        (_S.ACCEPTED, _E.OFFERED): _S.TO_ACCEPT,
        (_S.ACCEPTED, _E.ASSIGNED): _S.ACCEPTED,
        (_S.ACCEPTED, _E.CHANGED): _S.ACCEPTED,
        (_S.ACCEPTED, _E.TECHNICIAN_CANCELLED): _S.UNDECIDED,
        (_S.ACCEPTED, _E.CANCELLED): _S.CANCELLED,
        (_S.DEPARTED, _E.ARRIVED): _S.ARRIVED,
        (_S.DEPARTED, _E.TECHNICIAN_CANCELLED): _S.UNDECIDED,
        (_S.DEPARTED, _E.CANCELLED): _S.CANCELLED,
        (_S.ARRIVED, _E.STARTED): _S.IN_SERVICE,
        (_S.ARRIVED, _E.CUSTOMER_ABSENT): _S.LAPSED,
        (_S.ARRIVED, _E.CANCELLED): _S.CANCELLED,
        (_S.IN_SERVICE, _E.FINISHED): _S.FINISHED,
        (_S.IN_SERVICE, _E.CANCELLED): _S.CANCELLED,
        (_S.FINISHED, _E.CONFIRMED): _S.CONFIRMED,
        (_S.CONFIRMED, _E.REVIEWED): _S.REVIEWED,
    }
)
"""(state, event) -> state: every move there is."""

HOLDING = frozenset({_S.TO_PAY, _S.TO_ACCEPT, _S.ACCEPTED, _S.DEPARTED, _S.ARRIVED, _S.IN_SERVICE})
"""States whose order occupies its technician's time."""

SERVED = frozenset({_S.FINISHED, _S.CONFIRMED, _S.REVIEWED})
"""States of a visit that took place; its past claims stay as the record of the day."""

DEAD = frozenset({_S.CANCELLED, _S.EXPIRED, _S.LAPSED})
"""States that hold no claim."""

OVER = DEAD | {_S.CONFIRMED, _S.REVIEWED}
"""Nothing more happens to an order."""

CANCELLABLE = frozenset(state for state, event in EDGES if event is _E.CANCELLED)
"""States that a cancel can end."""

ADDRESS_OPEN = frozenset({_S.ACCEPTED, _S.DEPARTED, _S.ARRIVED, _S.IN_SERVICE})
"""States in which the technician sees the address and the phone (conversation 45)."""
