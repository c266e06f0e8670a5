"""The last way to reach somebody: a text message, for what cannot wait and got through on no channel."""

from typing import Final

from core import people
from core.db import Database
from core.errors import BookingError
from core.ids import to_base36
from core.messages import URGENT, Template
from core.messages.outbox import Due
from dialogs.outgoing import TEXTED, Body, Delivery, Refused, Sent, Unknown
from gateways import ports

MOST_LETTERS: Final = 300
WORTH_TEXTING: Final = URGENT - {
    Template.TICKET_ANSWERED, Template.HUMAN_HERE, Template.HANDED_BACK, Template.OFFER_GONE,
    Template.JOIN_ASKED, Template.JOINED, Template.JOIN_FAILED,
    Template.POSITION_SHARED, Template.POSITION_ON, Template.POSITION_OFF,
}  # fmt: skip
"""Messages of visits and payments: what is about a chat itself, or a map in it, stays there."""


class Texting:
    """Sends a message's words to its person's phone, where they gave one."""

    def __init__(self, db: Database, sms: ports.SmsGateway) -> None:
        self._db = db
        self._sms = sms

    async def send(self, due: Due, body: Body) -> Delivery:
        """Send the words without their buttons; the same message again goes under the same number."""
        if due.template not in WORTH_TEXTING:
            return Refused("not to be texted")
        phone = await self._phone(due.person_id)
        if phone is None:
            return Refused("no phone")
        outcome = await self._sms.send_note(phone, one_line(body.text), number=f"M{to_base36(due.id).upper()}")
        match outcome:
            case ports.Done(reference):
                return Sent(reference[:64], how=TEXTED)
            case ports.Unknown():
                return Unknown(TEXTED)
            case ports.Failed():
                return Refused("sms refused")

    async def _phone(self, person_id: int) -> str | None:
        try:
            return await self._db.aread(lambda tx: people.phone_of(tx, person_id))
        except BookingError:  # erased meanwhile
            return None


def one_line(text: str) -> str:
    """Return the words in one line of at most 300 letters."""
    line = " ".join(text.split())
    return line if len(line) <= MOST_LETTERS else line[: MOST_LETTERS - 1] + "…"
