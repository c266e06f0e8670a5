"""Tickets: handing a person over to a human, and back."""

from core.support.desk import LONGEST_ANSWER, close, give_back, reply, take
from core.support.handing import Waiting, awaited, call_me_back, go_on_alone, hand_over, heard, waiting_over
from core.support.states import TicketEvent, TicketKind, TicketState
from core.support.thread import Author, Line, Said, lines_of, words_of
from core.support.tickets import (
    LONGEST_SUMMARY,
    Ticket,
    open_house_ticket,
    open_ticket,
    open_tickets,
    ticket,
    unseen_about_orders,
)
from core.support.troubles import call_about, end_by_now, is_over, met, met_no_more, needs_nobody

__all__ = [
    "LONGEST_ANSWER",
    "LONGEST_SUMMARY",
    "Author",
    "Line",
    "Said",
    "Ticket",
    "TicketEvent",
    "TicketKind",
    "TicketState",
    "Waiting",
    "awaited",
    "call_about",
    "call_me_back",
    "close",
    "end_by_now",
    "give_back",
    "go_on_alone",
    "hand_over",
    "heard",
    "is_over",
    "lines_of",
    "met",
    "met_no_more",
    "needs_nobody",
    "open_house_ticket",
    "open_ticket",
    "open_tickets",
    "reply",
    "take",
    "ticket",
    "unseen_about_orders",
    "waiting_over",
    "words_of",
]
