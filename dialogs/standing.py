"""Where a conversation stands, for a door that mirrors it elsewhere: what runs, the order it is about, who speaks."""

from dataclasses import dataclass

from core import people
from core.conversations.place import owner_of, prompt_of, state_of
from core.db import Tx
from core.errors import NotFound, PersonErased
from core.messages.centre import frozen
from core.messages.outbox import open_body
from core.orders.moves import Order, load
from core.orders.views import orders_of
from dialogs.engine.state import StaleState, State, decode_state
from dialogs.outgoing import Body, decode_body


@dataclass(frozen=True, slots=True)
class Standing:
    """The running flow and its order, else the person's newest order; `open` until the task has ended."""

    task: str | None = None
    order_code: str | None = None
    order_state: str | None = None
    with_human: bool = False

    @property
    def open(self) -> bool:
        """Whether the person's next words are still ours: something runs, or a human owns the thread."""
        return self.task is not None or self.with_human


def standing(tx: Tx, person_id: int) -> Standing:
    """Return where a person's conversation stands, as last saved; of somebody who is gone, nothing."""
    try:
        key = people.key_of(tx, person_id)
    except (PersonErased, NotFound):
        return Standing()
    try:
        state = decode_state(state_of(tx, person_id, key))
    except StaleState:
        state = State()
    order = _order(tx, person_id, state)
    return Standing(
        task=None if state.top is None else state.top.flow,
        order_code=None if order is None else order.code,
        order_state=None if order is None else order.state.value,
        with_human=owner_of(tx, person_id) is not None,
    )


def question(tx: Tx, person_id: int) -> tuple[int, Body] | None:
    """Return the message that carries the question now open, and its words."""
    message_id = prompt_of(tx, person_id)
    return None if message_id is None else shown_message(tx, person_id, message_id)


def shown_message(tx: Tx, person_id: int, message_id: int) -> tuple[int, Body] | None:
    """Return a message of this person with its words as they were frozen; None for anybody else's."""
    sealed = frozen(tx, person_id, message_id)
    if sealed is None:
        return None
    try:
        return message_id, decode_body(open_body(people.key_of(tx, person_id), sealed))
    except (PersonErased, NotFound):
        return None


def _order(tx: Tx, person_id: int, state: State) -> Order | None:
    about = None if state.top is None else state.top.values.get("order")
    if isinstance(about, int):
        return load(tx, about)
    return next(iter(orders_of(tx, person_id, most=1)), None)
