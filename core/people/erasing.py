"""Erasing a person: the key goes, and with it everything that was sealed; ledger and events keep their ids."""

from datetime import datetime

from sqlalchemy import Delete, Update, bindparam, column, delete, or_, select, table, update

from core.conversations.tables import conversation, inbox
from core.db import Id, Instant, Tx
from core.errors import PersonErased
from core.people.persons import person
from core.people.tables import address, consent, identity, invitation, link_code, link_try, proved_phone, public_code
from core.people.tables import person as person_table

# Rooms above this one, by the few columns that hold what a person told: importing them would turn the layers round.
_file = table("file", column("person_id", Id), column("body_sealed"))
_message = table(
    "message",
    column("person_id", Id),
    column("body_sealed"),
    column("external_ref"),
    column("due_at", Instant),
    column("state"),
)
_held = table("held", column("person_id", Id))
_heard = table("heard_words", column("person_id", Id))
_ticket = table("ticket", column("id", Id), column("person_id", Id))
_position = table("position", column("person_id", Id))
_ticket_line = table("ticket_line", column("ticket_id", Id))
_pushes = tuple(table(name, column("identity_id", Id)) for name in ("push_window", "push_permit", "menu_shown"))

_DESTROY_KEY = (
    update(person_table)
    .where(person_table.c.id == bindparam("b_person"), person_table.c.erased_at.is_(None))
    .values(sealed_key=None, name_sealed=None, phone_sealed=None, phone_hash=None, erased_at=bindparam("new_erased_at"))
)
_IDENTITIES = select(identity.c.id).where(identity.c.person_id == bindparam("b_person"))
_THEMSELVES = select(person_table.c.id).where(
    or_(person_table.c.id == bindparam("b_person"), person_table.c.joined_to == bindparam("b_person"))
)
# What is left would be unreadable without the key; it goes too, so that backups of the rows shrink to ids.
_LEFTOVERS: tuple[Update | Delete, ...] = (
    *(delete(one).where(one.c.identity_id.in_(_IDENTITIES)) for one in _pushes),
    delete(identity).where(identity.c.person_id == bindparam("b_person")),
    delete(address).where(address.c.person_id == bindparam("b_person")),
    delete(consent).where(consent.c.person_id == bindparam("b_person")),
    *(
        delete(one).where(one.c.person_id == bindparam("b_person"))
        for one in (link_code, link_try, proved_phone, invitation)
    ),
    delete(public_code).where(public_code.c.kind == "person", public_code.c.owner_id.in_(_THEMSELVES)),
    # A person who was joined to this one is the same one: what audit lines hold sealed with that key goes as well.
    update(person_table).where(person_table.c.joined_to == bindparam("b_person")).values(sealed_key=None),
    update(_file).where(_file.c.person_id == bindparam("b_person")).values(body_sealed=None),
    update(conversation)
    .where(conversation.c.person_id == bindparam("b_person"))
    .values(state_sealed=None, prompt_id=None, prompt_at=None, ticket_id=None, version=conversation.c.version + 1),
    update(inbox).where(inbox.c.person_id == bindparam("b_person")).values(raw_sealed=None, retry_at=None),
    update(_message)
    .where(_message.c.person_id == bindparam("b_person"))
    .values(body_sealed=None, external_ref=None, due_at=None),
    update(_message)
    .where(_message.c.person_id == bindparam("b_person"), _message.c.state == "held")
    .values(state="dropped"),
    delete(_held).where(_held.c.person_id == bindparam("b_person")),
    delete(_heard).where(_heard.c.person_id == bindparam("b_person")),
    delete(_position).where(_position.c.person_id == bindparam("b_person")),
    delete(_ticket_line).where(
        _ticket_line.c.ticket_id.in_(select(_ticket.c.id).where(_ticket.c.person_id == bindparam("b_person")))
    ),
)


def erase(tx: Tx, person_id: int, now: datetime) -> None:
    """Make everything this person told us unreadable for ever; raises NotFound, PersonErased the second time."""
    person(tx, person_id)
    if not tx.execute(_DESTROY_KEY, {"b_person": person_id, "new_erased_at": now}):
        raise PersonErased(person_id=person_id)
    tx.leaves_no_trace = True
    for statement in _LEFTOVERS:
        tx.execute(statement, {"b_person": person_id})
