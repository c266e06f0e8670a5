"""Every word to a person: outbox, reminders, message centre and live buttons in one table (design: messages)."""

from sqlalchemy import Column, Index, Integer, PrimaryKeyConstraint, String

from core.db.schema import Digest, Id, Instant, Json, Sealed, id_column, state_column, table

message = table(
    "message",
    id_column(),
    Column("person_id", Id, nullable=False),
    Column("kind", String(8), nullable=False),  # prompt, card, notice
    Column("template", String(48), nullable=False),
    Column("facts", Json, nullable=False),  # ids and figures, never personal values
    Column("body_sealed", Sealed),  # words and buttons, frozen at the first send
    Column("order_id", Id),
    Column("order_version", Integer),  # a card is good while the order has this version
    Column("rank", Integer, nullable=False),  # Rank: the higher goes first
    Column("dedupe_key", Digest, nullable=False, unique=True),
    Column("due_at", Instant),  # business time; null once done
    Column("expires_at", Instant),
    state_column(),
    Column("attempts", Integer, nullable=False),
    Column("leased_until", Instant),  # real time
    Column("lease", Id),
    Column("channel", String(12)),  # where it went
    Column("account", String(64)),
    Column("external_ref", String(64)),  # the platform's message id
    Column("first_number", Integer),  # of a card's buttons on WeChat
    Column("sent_by", String(12)),  # the way it went where a channel has several: passive, kefu, template
    Column("why", String(64)),  # what a channel said that refused it, in a word or two of ours; quotes nobody
    Column("trace", String(16)),  # what the log calls the unit that wrote it
    Column("created_at", Instant, nullable=False),
    Column("sent_at", Instant),  # when a channel took it, or a phone while a channel holds it
    Index("ix_message_due", "rank", "due_at", "id"),
    Index("ix_message_person", "person_id", "id"),
    Index("ix_message_person_due", "person_id", "due_at"),  # what one person has coming, whatever they were told before
    Index("ix_message_order", "order_id", "template"),
)

held = table(
    "held",  # a message that may go out only with the person's next act on this channel
    Column("person_id", Id, primary_key=True, autoincrement=False),
    Column("message_id", Id, primary_key=True, autoincrement=False),
    Column("channel", String(12), nullable=False),
    Column("since", Instant),  # when it would have been said
)

keyboard = table(
    "keyboard",  # buttons in a chat that are to go once their order has moved on
    Column("order_id", Id, nullable=False),
    Column("message_id", Id, nullable=False),
    Column("what", String(8), nullable=False),  # buttons, or a bill beside them
    Column("ref", String(64), nullable=False),  # the platform's id of what is shown
    Column("state", String(24)),  # of the order, in which they are good; null: while it has the version of its card
    Column("shown_at", Instant, nullable=False),
    Column("leased_until", Instant),  # real time: whoever clears it away has taken it until then
    PrimaryKeyConstraint("order_id", "message_id", "what"),
    Index("ix_keyboard_shown", "shown_at"),
    Index("ix_keyboard_leased", "leased_until"),
)
