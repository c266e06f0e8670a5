"""One call of the action, served: one turn of ours for one message of the person, and what Rasa is told of it."""

import asyncio
import contextlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

from prometheus_client import Counter

from bots.rasa.calls import Call, News, Said, Tracker, read_call
from bots.rasa.names import (
    AWAY_RESPONSE,
    CHANNEL,
    ORDER_SLOT,
    ORDER_STATE_SLOT,
    PRESS_INTENT,
    STATE_SLOT,
    TASK_SLOT,
    TOKEN_ENTITY,
)
from bots.rasa.params import RasaParams
from core.db import DatabaseError, Tx
from core.people.joining import known
from dialogs.incoming import Incoming
from dialogs.outgoing import Body, Sent, token_of
from dialogs.reception import Reception
from dialogs.standing import Standing, question, shown_message, standing
from dialogs.turn import Turn

_CALLS: Final = Counter("menling_rasa_calls", "Calls of Rasa's action by what they were", ["kind"])
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Response:
    """One message for Rasa to show: our words and buttons, or the name of a response of the project's own."""

    text: str | None = None
    buttons: tuple[Mapping[str, str], ...] = ()
    response: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What Rasa is given back; the form ends unless it is `open`. `carries` are the messages it delivers by that."""

    responses: tuple[Response, ...]
    slots: Mapping[str, Any]
    open: bool
    carries: tuple[int, ...] = ()


_AWAY: Final = Answer((Response(response=AWAY_RESPONSE),), {STATE_SLOT: "away"}, open=True)


class Hand:
    """Takes a person over from Rasa, message by message, and gives them back when our task has ended."""

    def __init__(self, params: RasaParams, reception: Reception) -> None:
        self._account = params.account
        self._reception = reception
        self._under_way: set[asyncio.Task[Any]] = set()

    async def take(self, tracker: Tracker) -> Answer:
        """Answer one call; ValueError when the tracker cannot be understood."""
        call = read_call(tracker, account=self._account)
        _CALLS.labels(type(call.asks).__name__.lower()).inc()
        task = asyncio.create_task(self._answer(call))
        self._keep(task)
        try:
            answer = await asyncio.shield(task)  # a turn ends even when Rasa hangs up
        except DatabaseError as error:
            _log.warning("database unavailable", extra={"error": type(error).__name__})
            return _AWAY
        except Exception:  # noqa: BLE001  rasa-sdk would answer with the error's words and the whole call
            _log.exception("call failed")
            return _AWAY
        # Only now, and behind the answer: what Rasa hung up on is not noted, and the sender takes it after its lease.
        self._keep(asyncio.create_task(self._note(answer.carries)))
        return answer

    async def drain(self, *, seconds: float) -> None:
        """Give what is under way a moment to end, and what follows from it."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self._under_way:
                    await asyncio.wait(self._under_way)

    def _keep(self, task: asyncio.Task[Any]) -> None:
        """Have it waited for before the server closes."""
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _note(self, message_ids: tuple[int, ...]) -> None:
        try:
            await self._reception.sent([(message_id, Sent()) for message_id in message_ids])
        except DatabaseError as error:
            _log.warning("delivery not noted", extra={"error": type(error).__name__})

    async def _answer(self, call: Call) -> Answer:
        match call.asks:
            case Said(incoming, answered):
                return await self._turn(incoming, answered=answered)
            case News(message_id):
                shown = partial(_news, account=self._account, external_id=call.external_id, message_id=message_id)
                return _answer_of(*await self._reception.db.aread(shown))
            case _:
                shown = partial(_again, account=self._account, external_id=call.external_id)
                return _answer_of(*await self._reception.db.aread(shown))

    async def _turn(self, incoming: Incoming, *, answered: bool) -> Answer:
        turn = await self._reception.receive(incoming)
        here, put_again = await self._reception.db.aread(
            partial(_standing_after, turn=turn, again=turn.repeat and not answered)
        )
        answer = _answer_of(here, *put_again, *((message.message_id, message.body) for message in turn.messages))
        return replace(answer, carries=tuple(message.message_id for message in turn.messages))


def _standing_after(tx: Tx, *, turn: Turn, again: bool) -> tuple[Standing, tuple[tuple[int, Body], ...]]:
    """Return where the conversation stands; of a repeat nobody has seen the answer to, the question once more."""
    put = question(tx, turn.person_id) if again else None
    return standing(tx, turn.person_id), () if put is None else (put,)


def _again(tx: Tx, *, account: str, external_id: str) -> tuple[Standing, *tuple[tuple[int, Body], ...]]:
    """Return where the conversation of an identity stands, and its question when one is open."""
    person = known(tx, channel=CHANNEL, account=account, external_id=external_id)
    if person is None:
        return (Standing(),)
    here = standing(tx, person.id)
    put = question(tx, person.id) if here.task is not None and not here.with_human else None
    return (here,) if put is None else (here, put)


def _news(tx: Tx, *, account: str, external_id: str, message_id: int) -> tuple[Standing, *tuple[tuple[int, Body], ...]]:
    """Return one message of ours for this identity, or nothing when it is another's."""
    person = known(tx, channel=CHANNEL, account=account, external_id=external_id)
    if person is None:
        return (Standing(),)
    message = shown_message(tx, person.id, message_id)
    here = standing(tx, person.id)
    return (here,) if message is None else (here, message)


def _answer_of(here: Standing, *messages: tuple[int, Body]) -> Answer:
    state = "with_human" if here.with_human else "running" if here.task is not None else "ended"
    slots = {
        STATE_SLOT: state,
        TASK_SLOT: here.task,
        ORDER_SLOT: here.order_code,
        ORDER_STATE_SLOT: here.order_state,
    }
    return Answer(tuple(_response(message_id, body) for message_id, body in messages), slots, open=here.open)


def _response(message_id: int, body: Body) -> Response:
    """Return a message as Rasa shows it: buttons that press ours again, links as lines, since its buttons have none."""
    links = [f"{button.label}: {button.url}" for button in body.buttons if button.url is not None]
    buttons = tuple(
        {"title": button.label, "payload": f'/{PRESS_INTENT}{{"{TOKEN_ENTITY}": "{token_of(message_id, place)}"}}'}
        for place, button in enumerate(body.buttons)
        if button.url is None
    )
    return Response(text="\n".join([body.text, *links]), buttons=buttons)
