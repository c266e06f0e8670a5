"""Every route and who may use it: the one table that the router, the manual and the permission tests read."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from admin_api import (
    announcements,
    answers,
    auditing,
    by_hand,
    figures,
    orders,
    persons,
    rules,
    sessions,
    set_aside,
    settlements,
    slots,
    technicians,
    tickets,
    working,
)
from core.audit import Role

ADMIN, AUDITOR, FINANCE = Role.ADMIN, Role.AUDITOR, Role.FINANCE

OPEN: Final[frozenset[Role] | None] = None
"""Needs no token: signing in."""

ALL: Final = frozenset(Role)
AUDIT: Final = frozenset({ADMIN, AUDITOR})
MONEY: Final = frozenset({ADMIN, FINANCE})
HOUSE: Final = frozenset({ADMIN})


@dataclass(frozen=True, slots=True)
class Route:
    """One endpoint: method, path under /admin/v1, the function, and the roles that may call it."""

    method: str
    path: str
    endpoint: Callable[..., Any]
    roles: frozenset[Role] | None
    status: int = 200

    @property
    def tag(self) -> str:
        """The chapter of the manual."""
        return self.path.split("/")[1]


ROUTES: Final = (
    Route("POST", "/sessions", sessions.sign_in, OPEN, 201),
    Route("DELETE", "/sessions", sessions.sign_out, ALL, 204),
    Route("GET", "/overview", figures.get_overview, ALL),
    Route("GET", "/technicians", technicians.list_technicians, ALL),
    Route("GET", "/technicians/{technician_id}", technicians.get_technician, AUDIT),
    Route("POST", "/technicians/{technician_id}/approve", technicians.approve_technician, AUDIT),
    Route("POST", "/technicians/{technician_id}/refuse", technicians.refuse_technician, AUDIT),
    Route("POST", "/technicians/{technician_id}/suspend", technicians.suspend_technician, AUDIT),
    Route("POST", "/technicians/{technician_id}/resume", technicians.resume_technician, AUDIT),
    Route("GET", "/technicians/{technician_id}/income", figures.get_income, MONEY),
    Route("GET", "/technicians/{technician_id}/rota", working.get_rota, AUDIT),
    Route("PUT", "/technicians/{technician_id}/rota", working.set_rota, AUDIT),
    Route("GET", "/technicians/{technician_id}/exceptions", working.list_exceptions, AUDIT),
    Route("PUT", "/technicians/{technician_id}/exceptions/{day}", working.set_exception, AUDIT),
    Route("DELETE", "/technicians/{technician_id}/exceptions/{day}", working.clear_exception, AUDIT),
    Route("GET", "/technicians/{technician_id}/leave", working.get_leave, AUDIT),
    Route("POST", "/technicians/{technician_id}/leave", working.take_leave, AUDIT),
    Route("DELETE", "/technicians/{technician_id}/leave", working.end_leave, AUDIT),
    Route("PUT", "/technicians/{technician_id}/duty", working.set_duty, AUDIT),
    Route("GET", "/technicians/{technician_id}/slots", slots.get_month, ALL),
    Route("GET", "/slots", slots.list_slots, ALL),
    Route("GET", "/files/{file_id}", technicians.get_file, AUDIT),
    Route("GET", "/orders", orders.list_orders, ALL),
    Route("GET", "/orders/{order}", orders.get_order, ALL),
    Route("POST", "/orders/{order}/start", orders.start_visit, AUDIT),
    Route("POST", "/orders/{order}/assign", orders.assign_order, HOUSE),
    Route("POST", "/orders/{order}/cancel", orders.cancel_order, HOUSE),
    Route("GET", "/settlements/preview", settlements.preview_settlement, MONEY),
    Route("POST", "/settlements", settlements.close_settlement, MONEY, 201),
    Route("GET", "/settlements", settlements.list_settlements, MONEY),
    Route("GET", "/settlements/{settlement_id}", settlements.get_settlement, MONEY),
    Route("POST", "/settlements/{settlement_id}/paid", settlements.pay_settlement, MONEY),
    Route("GET", "/tickets", tickets.list_tickets, AUDIT),
    Route("GET", "/tickets/{ticket_id}", tickets.get_ticket, AUDIT),
    Route("POST", "/tickets/{ticket_id}/take", tickets.take_ticket, AUDIT),
    Route("POST", "/tickets/{ticket_id}/reply", tickets.reply_to_ticket, AUDIT),
    Route("POST", "/tickets/{ticket_id}/give-back", tickets.give_ticket_back, AUDIT),
    Route("POST", "/tickets/{ticket_id}/close", tickets.close_ticket, AUDIT),
    Route("POST", "/persons/{person_id}/erase", persons.erase, HOUSE),
    Route("GET", "/answers", answers.list_answers, ALL),
    Route("GET", "/answers/{code}", answers.get_answer, ALL),
    Route("PUT", "/answers/{code}", answers.put_answer, HOUSE),
    Route("DELETE", "/answers/{code}", answers.delete_answer, HOUSE, 204),
    Route("POST", "/announcements", announcements.draft_announcement, HOUSE, 201),
    Route("GET", "/announcements", announcements.list_announcements, AUDIT),
    Route("GET", "/announcements/{announcement_id}", announcements.get_announcement, AUDIT),
    Route("POST", "/announcements/{announcement_id}/preview", announcements.preview_announcement, AUDIT),
    Route("POST", "/announcements/{announcement_id}/start", announcements.start_announcement, HOUSE),
    Route("POST", "/announcements/{announcement_id}/stop", announcements.stop_announcement, HOUSE),
    Route("GET", "/settings", rules.list_settings, ALL),
    Route("PUT", "/settings/{name}", rules.change_setting, HOUSE),
    Route("GET", "/audit", auditing.list_audit_lines, AUDIT),
    Route("GET", "/audit/verify", auditing.verify_audit_chain, AUDIT),
    Route("GET", "/messages/failed", figures.list_failed_messages, AUDIT),
    Route("POST", "/messages/{message_id}/retry", figures.retry_message, AUDIT),
    Route("GET", "/inbox/quarantined", set_aside.list_quarantined, AUDIT),
    Route("POST", "/inbox/{inbox_id}/retry", set_aside.retry_update, AUDIT),
    Route("POST", "/inbox/{inbox_id}/put-away", set_aside.put_update_away, AUDIT),
    Route("GET", "/effects/stuck", figures.list_stuck_effects, MONEY),
    Route("POST", "/effects/{effect_id}/retry", figures.retry_effect, MONEY),
    Route("POST", "/effects/{effect_id}/done", by_hand.finish_effect, MONEY),
)
