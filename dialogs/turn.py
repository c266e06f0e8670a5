"""One turn: an update becomes an answer in one unit of work, once (design: one turn; reliability R17, R19, R20)."""

import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import msgspec

from core import conversations, people, windows
from core.conversations import Loaded
from core.crash import crash_point
from core.db import DatabaseBusy, Retryable, Tx
from core.errors import BookingError, kind_and_place
from core.ids import new_id
from core.messages import MessageKind
from core.messages.answering import ANSWER, in_line
from core.messages.outbox import BODY_PURPOSE, DOOR_LEASE, open_body, write_own
from core.tally import count
from dialogs import arrivals, kept
from dialogs import incoming as coming
from dialogs.advising import Advice, AskFirst, Question, Waiting
from dialogs.engine import asking, learning
from dialogs.engine.actions import says_yes
from dialogs.engine.answering import respond
from dialogs.engine.mending import mended
from dialogs.engine.state import StaleState, State, decode_state, encode_state
from dialogs.engine.talk import Talk
from dialogs.house import House
from dialogs.incoming import Incoming
from dialogs.loading import arrived
from dialogs.outgoing import IN_LINE, Body, Outgoing, decode_body, encode_body, read_token
from dialogs.roles import may_use
from dialogs.stumbling import stumbled
from nlu.proposals import Proposals

_TALKED_OF = timedelta(minutes=30)
"""So long "book it" means the service spoken of last; who comes back later is asked which."""
_ANSWER_AWAITED = timedelta(seconds=5)
"""So long an update belongs to whoever asks about it; the call itself takes at most 1.5 s."""
_GRAVE_STANDS = timedelta(minutes=10)
"""So long a yes may follow a question about what cannot be brought back; later it is put again."""
_SEEN_EVERY = timedelta(minutes=1)
"""How fine it is noted when somebody was last here: platforms count in hours, and a write a turn is dear."""
_TAPS = (coming.Press, coming.Event)
"""What names itself what it is about, and need not wait for words said before it, unless it is a yes."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Turn:
    """What a turn came to: the messages for the person who wrote, leased to the door for seconds under `lease`.

    Of a repeat they are the stored answer, where the platform asks again because it did not get it.
    """

    person_id: int
    repeat: bool = False
    failed: bool = False
    messages: tuple[Outgoing, ...] = ()
    held: tuple[Outgoing, ...] = ()
    """What waited for this act of the person, under the same lease: shown as far as it fits, else held again."""
    lease: int = 0
    waiting: Waiting | None = None
    """Nothing is said yet: a question goes out first, and the turn is taken up again with its answer."""
    forgotten: bool = False
    """The person has just been erased: the last words are in `messages` alone, nobody can read their row."""
    elsewhere_until: datetime | None = None
    """The answer to this repeat is another door's to give until then (real time); ours, should that have died."""


def take_turn(
    tx: Tx, incoming: Incoming, *, house: House, now: datetime, real_now: datetime, may_ask: bool = False
) -> Turn:
    """Take one update: store it, answer it, keep where the conversation stands. A repeat does nothing.

    With `may_ask`, words we are unsure of wait in the inbox for an answer from outside (`Turn.waiting`).
    """
    crash_point("turn.before_inbox")
    run, inbox_id = _store(tx, incoming, house=house, now=now, real_now=real_now)
    if may_ask:
        run = replace(run, advice=Advice(called=incoming.name))
    if inbox_id is None:
        return _repeated(run)
    if conversations.words_wait(tx, run.loaded) and not _goes_ahead(run):
        return _put_off(run, inbox_id, said_so=True)  # what was said first is done first
    crash_point("turn.after_inbox")
    turn = guarded(run, inbox_id, attempts=1)
    crash_point("turn.before_commit")
    return turn


def take_up(
    tx: Tx,
    incoming: Incoming,
    *,
    waiting: Waiting,
    proposals: Proposals | None,
    house: House,
    now: datetime,
    real_now: datetime,
) -> Turn:
    """Take a waiting turn with what was proposed, or without where the conversation has moved; once, as a repeat."""
    conversations.guard(tx, waiting.person_id)  # before the row: whoever erases a person holds them in this order
    if not conversations.take_up(tx, waiting.inbox_id, until=waiting.until):
        return Turn(waiting.person_id, repeat=True)
    incoming = coming.readable(incoming)
    loaded = arrived(tx, incoming, house=house, now=now)
    stands = proposals is not None and (loaded.person_id, loaded.version) == (waiting.person_id, waiting.version)
    advice = Advice(proposals, incoming.name) if stands else None
    run = Run(tx, incoming, loaded, house, now, real_now, waiting.answer_id, advice=advice)
    turn = guarded(run, waiting.inbox_id, attempts=1)
    crash_point("turn.before_commit")
    return turn


def put_off(tx: Tx, incoming: Incoming, *, house: House, now: datetime, real_now: datetime) -> Turn:
    """Store an update for whose turn there is no time now, and say so: a worker takes it in a moment, in its order."""
    run, inbox_id = _store(tx, incoming, house=house, now=now, real_now=real_now)
    if inbox_id is None:
        return _repeated(run)
    return _put_off(run, inbox_id, said_so=conversations.words_wait(tx, run.loaded))


@dataclass(frozen=True, slots=True)
class Run:
    """One try at one update; what a retry answers goes to the sender, since its door has long hung up."""

    tx: Tx
    incoming: Incoming
    loaded: Loaded
    house: House
    now: datetime
    real_now: datetime
    answer_id: int
    to_sender: bool = False
    advice: Advice | None = None

    @property
    def leased_until(self) -> datetime | None:
        """Until when the answer is the door's to deliver."""
        if self.to_sender:
            return None
        return self.real_now + (kept.LEASE if self.incoming.channel in kept.ASKS_AGAIN else DOOR_LEASE)


def _goes_ahead(run: Run) -> bool:
    """Whether this waits for no words that were said before it: a tap, but for the yes to what they may change."""
    content, sealed = run.incoming.content, run.loaded.pressed_sealed
    if not isinstance(content, coming.Press) or sealed is None or run.loaded.pressed_kind != MessageKind.PROMPT:
        return isinstance(content, _TAPS)
    read = read_token(content.token)
    buttons = decode_body(open_body(run.loaded.key, sealed)).buttons
    return read is None or read[1] >= len(buttons) or not says_yes(buttons[read[1]].action)


def _store(tx: Tx, incoming: Incoming, *, house: House, now: datetime, real_now: datetime) -> tuple[Run, int | None]:
    """Write an update to the inbox; None in place of the row's id when it was there already."""
    incoming = coming.readable(incoming)
    loaded = arrived(tx, incoming, house=house, now=now)
    answer_id = new_id()
    inbox_id = conversations.receive(
        tx,
        channel=incoming.channel,
        account=incoming.account,
        external_id=incoming.external_id,
        person_id=loaded.person_id,
        key=loaded.key,
        raw=coming.encode(msgspec.structs.replace(incoming, trace=tx.trace)),
        answer_id=answer_id,
        now=now,
    )
    if inbox_id is not None and incoming.allows:
        windows.grant(tx, loaded.identity_id, windows.Trigger(incoming.allows), now=now)
    if inbox_id is not None and (loaded.blocked or now - loaded.seen_at >= _SEEN_EVERY):
        people.seen(tx, loaded.identity_id, now=now)  # before the turn, so that somebody who leaves stays away
    return Run(tx, incoming, loaded, house, now, real_now, answer_id), inbox_id


def _repeated(run: Run) -> Turn:
    """Do nothing again; a platform that asks again because it heard nothing is given the stored answer."""
    person_id = run.loaded.person_id
    if run.incoming.channel not in kept.ASKS_AGAIN:
        return Turn(person_id, repeat=True)
    match kept.answer_again(run.tx, run.incoming, run.loaded, now=run.now, real_now=run.real_now):
        case None:
            return Turn(person_id, repeat=True)
        case kept.Elsewhere(until):
            return Turn(person_id, repeat=True, elsewhere_until=until)
        case kept.Again(messages, held, lease):
            return Turn(person_id, repeat=True, messages=messages, held=held, lease=lease)


def guarded(run: Run, inbox_id: int, *, attempts: int) -> Turn:
    """Run the turn in a savepoint: what raises is undone, noted for another try, and answered with an apology once.

    A refusal of the trade that no flow foresaw is undone as well, and said in words. Only what the database asks to be
    run again leaves here: the whole unit is. The sender is rung only where there is something for it to send.
    """
    turn = _guarded(run, inbox_id, attempts=attempts)
    if run.tx.speaks:
        run.tx.after_commit(run.house.wake_sender)
    return turn


def _guarded(run: Run, inbox_id: int, *, attempts: int) -> Turn:
    try:
        try:
            with run.tx.savepoint():
                return _answer(run)
        except BookingError as refused:
            with run.tx.savepoint():
                return _answer(run, refused=refused)
    except (Retryable, DatabaseBusy):
        raise
    except AskFirst as unsure:
        return _wait(run, inbox_id, unsure.question)
    except Exception as error:  # noqa: BLE001  whatever one turn raises, it must not stop its neighbours
        why = kind_and_place(error)
        state = conversations.failed(run.tx, inbox_id, attempts=attempts, error=why, real_now=run.real_now)
        _log.exception(
            "turn failed",
            extra={"inbox_id": inbox_id, "attempts": attempts, "state": state, "error": type(error).__name__},
        )
        if attempts > 1:
            return not_done(run, state)
        return _sorry(run, stumbled(run.tx, run.loaded, now=run.now))


def _wait(run: Run, inbox_id: int, question: Question) -> Turn:
    """Leave the update to whoever asks the question, and to a worker should they not come back."""
    person_id, until = run.loaded.person_id, run.real_now + _ANSWER_AWAITED
    conversations.wait(run.tx, inbox_id, until=until)
    return Turn(person_id, waiting=Waiting(inbox_id, run.answer_id, person_id, run.loaded.version, until, question))


def not_done(run: Run, state: conversations.InboxState) -> Turn:
    """Keep silent of one more try that failed, but not of the last: whoever was promised another would wait for it."""
    if state is not conversations.InboxState.QUARANTINED:
        return Turn(run.loaded.person_id, failed=True)
    run.tx.after_commit(run.house.wake_sender)
    return _sorry(run, "engine.not_done")


def _put_off(run: Run, inbox_id: int, *, said_so: bool) -> Turn:
    """Leave the update for a moment later; the person is told so once, not at every word that has to wait."""
    conversations.put_off(run.tx, run.loaded, inbox_id, real_now=run.real_now)
    run.tx.after_commit(lambda: count("menling_turns_put_off", channel=run.incoming.channel))
    return Turn(run.loaded.person_id, failed=True) if said_so else _sorry(run, "engine.busy")


def _sorry(run: Run, key: str) -> Turn:
    """Say that this turn came to nothing for now; what was asked before stands."""
    body = Body(text=run.house.texts.say(run.loaded.lang, key))
    message, lease = _write(run, body, MessageKind.NOTICE, run.loaded.lang)
    return Turn(run.loaded.person_id, failed=True, messages=(message,), lease=lease)


def _answer(run: Run, *, refused: BookingError | None = None) -> Turn:
    """Answer the update, or, when that was `refused`, say so and give the step up."""
    tx, loaded, now = run.tx, run.loaded, run.now
    talk = _open_talk(run)
    if talk is None:
        conversations.save(tx, loaded, state=encode_state(State()), prompt_id=None, prompt_at=None, now=now)
        return Turn(loaded.person_id)
    talk.state.stumbles, misses = 0, talk.state.misses
    body = asking.give_way(talk, refused) if refused else respond(talk, run.incoming, real_now=run.real_now)
    if talk.state.misses == misses:
        talk.state.misses = 0
    learning.keep(talk)
    if body is None:
        return _silent(run, talk)
    talk.state.said = talk.said
    if talk.flow is not None and talk.flow.renew is not None:
        talk.flow.renew(talk.step())
    message, lease = _write(run, body, MessageKind.PROMPT, talk.lang)
    if talk.memo.get("language"):
        people.set_language(tx, loaded.person_id, lang=talk.lang)
    conversations.save(tx, loaded, state=encode_state(talk.state), prompt_id=message.message_id, prompt_at=now, now=now)
    if run.to_sender:
        tx.after_commit(run.house.wake_sender)
    held = _waited(run, lease, body.text)
    return Turn(loaded.person_id, messages=(message,), held=held, lease=lease, forgotten=tx.leaves_no_trace)


def _waited(run: Run, lease: int, answer: str | None) -> tuple[Outgoing, ...]:
    """Take what was held until this act, for the door to show beside the answer."""
    if run.leased_until is None:
        return ()
    return kept.waited(
        run.tx,
        run.incoming,
        run.loaded,
        house=run.house,
        lease=lease,
        until=run.leased_until,
        now=run.now,
        answer=answer,
    )


def _silent(run: Run, talk: Talk) -> Turn:
    """Say nothing, for a human owns the thread: the conversation stands where it stood, its question too.

    What was held until this act is shown all the same: the human's own answers may be among it.
    """
    loaded = run.loaded
    if talk.memo.get("language"):
        people.set_language(run.tx, loaded.person_id, lang=talk.lang)
    kept = loaded.state if loaded.state is not None else encode_state(State())
    conversations.save(run.tx, loaded, state=kept, prompt_id=loaded.prompt_id, prompt_at=loaded.prompt_at, now=run.now)
    lease = new_id()
    held = _waited(run, lease, None)
    return Turn(loaded.person_id, held=held, lease=lease if held else 0)


def _open_talk(run: Run) -> Talk | None:
    """Return the talk of this turn; None for an event that wants no answer (blocked, unfollowed)."""
    tx, incoming, loaded, house, now = run.tx, run.incoming, run.loaded, run.house, run.now
    if isinstance(incoming.content, coming.Event) and incoming.content.name == "stop":
        people.block(tx, channel=incoming.channel, account=incoming.account, external_id=incoming.sender, now=now)
        return None
    lead = []
    try:
        state = decode_state(loaded.state)
    except StaleState:
        state, lead = State(), [house.texts.say(loaded.lang, "engine.started_over")]
    if not mended(house, state):
        lead = [house.texts.say(loaded.lang, "engine.mended" if state.stack else "engine.started_over")]
    talk = Talk(
        tx=tx,
        house=house,
        loaded=loaded,
        state=state,
        lang=loaded.lang,
        now=now,
        channel=incoming.channel,
        account=incoming.account,
        lead=lead,
        advice=run.advice,
    )
    asking.drop(talk, [one for one in state.stack if not may_use(talk.step(), house.flows[one.flow].role)])
    if loaded.prompt_at is not None and now - loaded.prompt_at > _TALKED_OF:
        state.about = {}
    asking.taken_up(talk)
    arrivals.note_switch(talk)
    flow = talk.flow
    if flow is not None and flow.grave and loaded.prompt_at is not None and now - loaded.prompt_at > _GRAVE_STANDS:
        talk.lost = True
    return talk


def _write(run: Run, body: Body, kind: MessageKind, lang: str) -> tuple[Outgoing, int]:
    """Write the turn's answer and return it for the door, with the lease it is under.

    One that stands behind another in its chat is due no sooner, so that nothing overtakes should the door not show it.
    """
    incoming, loaded = run.incoming, run.loaded
    message_id, lease = run.answer_id, new_id()
    waits = loaded.owed and incoming.channel in IN_LINE
    before = in_line(run.tx, loaded.person_id, channel=incoming.channel, now=run.now) if waits else None
    write_own(
        run.tx,
        loaded.person_id,
        [(message_id, kind, ANSWER, loaded.key.seal(encode_body(body), BODY_PURPOSE))],
        channel=incoming.channel,
        account=incoming.account,
        lease=lease,
        leased_until=run.leased_until,
        now=run.now,
        due_at=None if before is None else max(run.now, before.due_at),
    )
    pressed_prompt = isinstance(incoming.content, coming.Press) and loaded.pressed_kind == MessageKind.PROMPT
    outgoing = Outgoing(
        message_id=message_id,
        person_id=loaded.person_id,
        kind=kind,
        channel=incoming.channel,
        account=incoming.account,
        external_id=incoming.sender,
        body=body,
        lang=lang,
        replaces=loaded.prompt_ref if pressed_prompt and loaded.prompt_channel == incoming.channel else None,
        behind=None if before is None else before.newest_id,
    )
    return outgoing, lease


__all__ = ["Turn", "put_off", "take_turn", "take_up"]
