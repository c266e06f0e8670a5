"""Tickets: handing a person over to a human."""

from core.support.tickets import (
    LONGEST_ANSWER,
    LONGEST_SUMMARY,
    Ticket,
    TicketKind,
    TicketState,
    answer,
    close,
    open_house_ticket,
    open_ticket,
    open_tickets,
    ticket,
)

__all__ = [
    "LONGEST_ANSWER",
    "LONGEST_SUMMARY",
    "Ticket",
    "TicketKind",
    "TicketState",
    "answer",
    "close",
    "open_house_ticket",
    "open_ticket",
    "open_tickets",
    "ticket",
]
