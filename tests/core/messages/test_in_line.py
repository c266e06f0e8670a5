"""Answers of one chat stand in line: whoever gives another knows which were not told yet, and until when they wait."""

from datetime import timedelta

from sqlalchemy import update

from core import conversations
from core.db import Database, Tx
from core.ids import new_id
from core.messages import MessageKind, MessageState, Template, tell
from core.messages.answering import InLine, in_line
from core.messages.outbox import note, write_own
from core.messages.tables import message
from core.people import identities_of
from tests.core.messages.ground import NOON, REAL, persons

SOON = timedelta(seconds=15)


def answered(db: Database, person_id: int) -> tuple[int, int]:
    """Answer somebody where they are met; the answer's id and its lease."""
    message_id, lease = new_id(), new_id()

    def unit(tx: Tx) -> None:
        me = identities_of(tx, person_id)[0]
        write_own(
            tx,
            person_id,
            [(message_id, MessageKind.PROMPT, "turn", b"sealed")],
            channel=me.channel,
            account=me.account,
            lease=lease,
            leased_until=REAL + timedelta(seconds=20),
            now=NOON,
        )

    db.run(unit)
    return message_id, lease


def owed(db: Database, person_id: int) -> bool:
    """Whether a turn of theirs would find an answer that was not told yet."""

    def unit(tx: Tx) -> bool:
        me = identities_of(tx, person_id)[0]
        loaded = conversations.load(tx, channel=me.channel, account=me.account, sender=me.external_id, pressed_id=None)
        assert loaded is not None
        return loaded.owed

    return db.run(unit)


def line(db: Database, person_id: int, **before: int) -> InLine | None:
    def unit(tx: Tx) -> InLine | None:
        return in_line(tx, person_id, channel=identities_of(tx, person_id)[0].channel, now=NOON, **before)

    return db.read(unit)


def test_an_answer_that_waits_is_known_until_it_is_told(any_database: Database) -> None:
    [anna, bella] = persons(any_database, 2)
    assert not owed(any_database, anna)
    first, lease = answered(any_database, anna)
    second, _ = answered(any_database, anna)

    def refused(tx: Tx) -> None:
        later = {"state": MessageState.WAITING, "again_at": NOON + SOON, "ref": None, "tried": False}
        note(tx, first, lease=lease, now=NOON, **later)  # type: ignore[arg-type]

    any_database.run(refused)
    assert line(any_database, anna) == InLine(second, NOON + SOON)
    assert line(any_database, anna, before=second) == InLine(first, NOON + SOON)
    assert line(any_database, anna, before=first) is None
    assert (owed(any_database, anna), owed(any_database, bella)) == (True, False)


def test_who_writes_again_waits_half_a_minute_at_most_for_an_answer_that_may_have_arrived(
    any_database: Database,
) -> None:
    [anna] = persons(any_database, 1)
    first, lease = answered(any_database, anna)

    def is_tried_again(after: timedelta, state: MessageState) -> InLine | None:
        def unit(tx: Tx) -> None:
            again = {"state": state, "due_at": NOON + after, "lease": lease}
            tx.execute(update(message).where(message.c.id == first).values(again))

        any_database.run(unit)
        return line(any_database, anna)

    half_a_minute, minutes = timedelta(seconds=30), timedelta(minutes=7)
    assert is_tried_again(half_a_minute, MessageState.UNKNOWN) == InLine(first, NOON + half_a_minute)
    assert is_tried_again(minutes, MessageState.UNKNOWN) is None
    assert is_tried_again(minutes, MessageState.WAITING) == InLine(first, NOON + minutes)  # the platform asks for it


def test_what_was_told_and_what_is_no_answer_stand_in_no_line(any_database: Database) -> None:
    [anna] = persons(any_database, 1)
    told, lease = answered(any_database, anna)

    def unit(tx: Tx) -> None:
        note(tx, told, lease=lease, state=MessageState.SENT, now=NOON, again_at=None, ref="77")
        tell(tx, anna, Template.REMINDER_DAY, dedupe="later", now=NOON, due_at=NOON + SOON)

    any_database.run(unit)

    assert not owed(any_database, anna)
    assert line(any_database, anna) is None
