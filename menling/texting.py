"""The last way to reach somebody: a text message, for what cannot wait and got through on no channel."""

from core import people
from core.db import Database
from core.errors import BookingError
from core.ids import to_base36
from core.messages.outbox import Due
from dialogs.cards.texted import WORTH_TEXTING, text_message
from dialogs.outgoing import TEXTED, Body, Delivery, Refused, Sent, Unknown
from dialogs.texts import Texts, read_texts
from gateways import ports


class Texting:
    """Sends a message's words to its person's phone, where they gave one."""

    def __init__(self, db: Database, sms: ports.SmsGateway, texts: Texts | None = None) -> None:
        self._db = db
        self._sms = sms
        self._texts = texts or read_texts()

    async def send(self, due: Due, body: Body, *, lang: str, channel: str | None) -> Delivery:
        """Send the words as a text message with the way back to `channel`; again goes under the same number."""
        if due.template not in WORTH_TEXTING:
            return Refused("not to be texted")
        phone = await self._phone(due.person_id)
        if phone is None:
            return Refused("no phone")
        words = text_message(self._texts, body, lang=lang, channel=channel)
        outcome = await self._sms.send_note(phone, words, number=f"M{to_base36(due.id).upper()}")
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
