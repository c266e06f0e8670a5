"""Every conversation that ends in an act, one file each; the list is all there is."""

from dialogs.flows.apply_technician import APPLY_TECHNICIAN
from dialogs.flows.book import BOOK
from dialogs.flows.cancel_order import CANCEL_ORDER
from dialogs.flows.duty import GO_OFF_DUTY, GO_ON_DUTY
from dialogs.flows.finish_visit import FINISH_VISIT
from dialogs.flows.give_up_visit import GIVE_UP_VISIT
from dialogs.flows.leave import END_LEAVE, LEAVE
from dialogs.flows.refuse_offer import REFUSE_OFFER
from dialogs.flows.retime import RETIME
from dialogs.flows.review import REVIEW
from dialogs.flows.start_visit import START_VISIT

FLOWS = (
    BOOK,
    CANCEL_ORDER,
    RETIME,
    REVIEW,
    APPLY_TECHNICIAN,
    REFUSE_OFFER,
    START_VISIT,
    FINISH_VISIT,
    GIVE_UP_VISIT,
    GO_OFF_DUTY,
    GO_ON_DUTY,
    LEAVE,
    END_LEAVE,
)
"""In the order in which an intent finds its flow."""
