"""The closed list of messages that verbs write; `dialogs/texts` owns the words and buttons of each.

Every order template has facts {"order_id": ...} at least; what is said about the order is read when it is rendered.
"""

from enum import StrEnum


class Template(StrEnum):
    """Name, who gets it, and further facts."""

    # to the customer
    PAY_NUDGE = "pay_nudge"  # 5 min before the payment deadline
    ORDER_EXPIRED = "order_expired"  # unpaid in time; button: book it again
    PAYMENT_RECEIVED = "payment_received"  # facts amount_minor; the technician is being asked until decide_by
    PAID_LATE_REVIVED = "paid_late_revived"
    PAID_LATE_REFUNDED = "paid_late_refunded"  # facts amount_minor
    PAID_TWICE_REFUNDED = "paid_twice_refunded"  # facts amount_minor
    ACCEPTED = "accepted"
    TECHNICIAN_CHANGED = "technician_changed"  # an operator gave an accepted visit to somebody else; card: cancel
    ASKING_NEXT = "asking_next"  # somebody else is asked; facts why: refused, silent, house
    NOBODY_LEFT = "nobody_left"  # card: wait / other time / refund
    NOBODY_CAME = "nobody_came"  # visit time passed unaccepted; facts refund_minor, compensation_minor
    CANCELLED = "cancelled"  # an operator cancelled; facts refund_minor, 0 when nothing was paid
    TECHNICIAN_CANCELLED = "technician_cancelled"  # after accepting; a next one is asked or NOBODY_LEFT follows
    REMINDER_DAY = "reminder_day"  # card: yes / other time / cancel
    REMINDER_HOURS = "reminder_hours"  # the same
    DEPARTED = "departed"  # facts eta_minutes
    POSITION_SHARED = "position_shared"  # where the technician on the way is, on a map that moves where there is one
    RUNNING_LATE = "running_late"  # facts lead_minutes: by how much the technician says they will be late
    ARRIVED = "arrived"  # shows the 4-digit start code
    START_CONFIRM = "start_confirm"  # card: the code was wrong 5 times; the customer taps "started"
    STARTED = "started"
    FINISHED = "finished"  # card: confirm / there is a problem
    REVIEW_INVITE = "review_invite"  # card: review
    CUSTOMER_ABSENT = "customer_absent"  # facts refund_minor, kept_minor
    REFUND_DONE = "refund_done"  # facts amount_minor
    TICKET_ANSWERED = "ticket_answered"  # facts ticket_id, line_id
    HUMAN_HERE = "human_here"  # an operator has the thread, the bot is silent; facts ticket_id; card: back to the bot
    HANDED_BACK = "handed_back"  # the bot goes on; facts ticket_id, why: given_back, nobody_came, closed; card: resume

    # about two persons who are to be one; facts joining_id
    JOIN_ASKED = "join_asked"  # somebody proved the phone this person gave; card: it is me / it is not
    JOINED = "joined"  # to both sides, each on its own channel; facts with_channel
    JOIN_FAILED = "join_failed"  # facts cannot: same, technicians, gone

    # about a change request, to whichever side it concerns; facts change_id, from_at
    CHANGE_ASKED = "change_asked"  # card: agree / refuse / another time
    CHANGE_NUDGE = "change_nudge"  # card: the same, once, at half time
    CHANGE_AGREED = "change_agreed"
    CHANGE_REFUSED = "change_refused"  # card: what can follow
    CHANGE_EXPIRED = "change_expired"  # card: what can follow
    CHANGE_WITHDRAWN = "change_withdrawn"
    VISIT_MOVED_ON = "visit_moved_on"  # the visit of the technician who had it is somebody else's by a change

    # to the technician
    OFFER = "offer"  # card: accept / refuse; facts offer_id
    CREW_COMPLETE = "crew_complete"  # the other of two has accepted as well; card: departed
    OFFER_GONE = "offer_gone"  # facts why: expired, withdrawn, taken
    VISIT_CANCELLED = "visit_cancelled"  # facts kept_minor (the reader's part), by: customer, operator
    VISIT_ASSIGNED = "visit_assigned"  # an operator gave them a visit they had said yes to; card: departed
    VISIT_REASSIGNED = "visit_reassigned"  # an operator gave their visit to somebody else
    VISIT_TIGHT = "visit_tight"  # the visit before went away and the way is longer than there is time for; leg_minutes
    VISIT_REMINDER = "visit_reminder"  # time to set out; card: departed
    START_ALLOWED = "start_allowed"  # the customer tapped "started", or an operator did
    CONFIRMED = "confirmed"  # facts income_minor
    REVIEWED = "reviewed"  # facts stars
    POSITION_ON = "position_on"  # the customer sees where they are
    POSITION_OFF = "position_off"  # and no longer does
    SETTLEMENT_PAID = "settlement_paid"  # facts settlement_id, amount_minor, currency
    APPLICATION_APPROVED = "application_approved"  # facts technician_id
    APPLICATION_REFUSED = "application_refused"  # facts technician_id
    WORKING_CHANGED = "working_changed"  # an operator changed their rota, a day, leave or duty; facts what, days

    # to everybody, or to an audience; facts announcement_id
    ANNOUNCEMENT = "announcement"  # what one has to know: closed over the holidays, new opening hours
    NEWS = "news"  # advertising, to whoever asked for it; card: no more of it


CARDS = frozenset(
    {
        Template.ORDER_EXPIRED, Template.NOBODY_LEFT, Template.REMINDER_DAY, Template.REMINDER_HOURS,
        Template.START_CONFIRM, Template.FINISHED, Template.REVIEW_INVITE, Template.OFFER, Template.VISIT_REMINDER,
        Template.PAY_NUDGE, Template.ACCEPTED, Template.APPLICATION_REFUSED, Template.START_ALLOWED,
        Template.TECHNICIAN_CHANGED, Template.VISIT_ASSIGNED, Template.CREW_COMPLETE,
        Template.HUMAN_HERE, Template.HANDED_BACK, Template.JOIN_ASKED,
        Template.CHANGE_ASKED, Template.CHANGE_NUDGE, Template.CHANGE_REFUSED, Template.CHANGE_EXPIRED,
        Template.NEWS,
    }
)  # fmt: skip
"""Templates with buttons: they stay good while their order has the version they showed."""

URGENT = frozenset(
    {
        Template.PAY_NUDGE, Template.PAYMENT_RECEIVED, Template.PAID_LATE_REVIVED, Template.PAID_LATE_REFUNDED,
        Template.ACCEPTED, Template.NOBODY_LEFT, Template.TECHNICIAN_CANCELLED, Template.REMINDER_HOURS,
        Template.DEPARTED, Template.ARRIVED, Template.START_CONFIRM, Template.STARTED, Template.FINISHED,
        Template.RUNNING_LATE, Template.OFFER, Template.OFFER_GONE,
        Template.VISIT_CANCELLED, Template.VISIT_REMINDER, Template.START_ALLOWED,
        Template.CUSTOMER_ABSENT, Template.NOBODY_CAME, Template.ASKING_NEXT, Template.ORDER_EXPIRED,
        Template.TICKET_ANSWERED, Template.HUMAN_HERE, Template.HANDED_BACK,
        Template.PAID_TWICE_REFUNDED, Template.CANCELLED,
        Template.TECHNICIAN_CHANGED, Template.VISIT_ASSIGNED, Template.VISIT_REASSIGNED,
        Template.CREW_COMPLETE,
        Template.VISIT_TIGHT,
        Template.JOIN_ASKED, Template.JOINED, Template.JOIN_FAILED,
        Template.POSITION_SHARED, Template.POSITION_ON, Template.POSITION_OFF,
        Template.CHANGE_ASKED, Template.CHANGE_NUDGE, Template.CHANGE_AGREED, Template.CHANGE_REFUSED,
        Template.CHANGE_EXPIRED, Template.CHANGE_WITHDRAWN, Template.VISIT_MOVED_ON,
    }
)  # fmt: skip
"""Templates that pass quiet hours: a payment deadline, an imminent visit, safety (conversation 38)."""

REMINDERS = frozenset({Template.PAY_NUDGE, Template.REMINDER_DAY, Template.REMINDER_HOURS, Template.VISIT_REMINDER})
"""Templates written for a later hour: untrue once their order has moved or died."""
