"""Every table of every room, for migrations and for tests; nothing else imports this."""

from core.announcements import tables as announcements
from core.audit import tables as audit
from core.calendar import tables as calendar
from core.catalog import tables as catalog
from core.changes import tables as changes
from core.conversations import tables as conversations
from core.db.schema import metadata
from core.dispatch import tables as dispatch
from core.effects import tables as effects
from core.files import tables as files
from core.heard import tables as heard
from core.messages import tables as messages
from core.money import tables as money
from core.orders import tables as orders
from core.people import tables as people
from core.positions import tables as positions
from core.reviews import tables as reviews
from core.settings import tables as settings
from core.stores import tables as stores
from core.support import tables as support
from core.technicians import tables as technicians
from core.uniting import tables as uniting
from core.windows import tables as windows

ROOMS = (
    announcements, audit, calendar, catalog, changes, conversations, dispatch, effects, files, heard, messages, money,
    orders, people, positions, reviews, settings, stores, support, technicians, uniting, windows,
)  # fmt: skip

__all__ = ["ROOMS", "metadata"]
