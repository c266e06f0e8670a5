"""How a conversation is declared: fields, flows and views, and the closed set of what their functions return."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from dialogs.engine.step import Step
from dialogs.outgoing import Button
from nlu import Understanding


@dataclass(frozen=True, slots=True)
class Choice:
    """One tap's answer: its label and the field values it settles."""

    label: str
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Ask:
    """Put a question: words, choices (any number: the engine pages them), and further buttons of other meaning."""

    text: str
    choices: tuple[Choice, ...] = ()
    extra: tuple[Button, ...] = ()
    asks: Literal["phone", "location", "photo"] | None = None
    columns: int = 1
    photo_file_id: int | None = None


@dataclass(frozen=True, slots=True)
class Took:
    """The answer settles these values; a None forgets one. `note` is said before the next question."""

    values: dict[str, Any]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Missed:
    """The answer was meant for this field and cannot be taken: reason and example, in the person's language."""

    text: str
    field: str = ""
    """Which field it was meant for; the engine notes it."""


@dataclass(frozen=True, slots=True)
class Redo:
    """What was settled does not hold (a slot is gone): say why, forget these values, ask again."""

    text: str
    forget: tuple[str, ...]
    values: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """The flow has ended: what to say, and buttons of what can follow."""

    text: str
    buttons: tuple[Button, ...] = ()
    begin: str | None = None
    begin_values: dict[str, Any] | None = None
    columns: int = 1
    over: bool = False
    """Nothing is gone back to: what lay under this flow has ended with it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody said or sent, as a field sees it. `asked` tells whether this very field was asked."""

    text: str = ""
    understood: Understanding | None = None
    photo_file_id: int | None = None
    point: tuple[float, float, str] | None = None
    phone: str | None = None
    asked: bool = False
    sure: bool = False  # nothing else claimed these words: a field that takes raw text may have them


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a flow must know. `kind` is what the understanding is told is being asked."""

    name: str
    kind: str
    ask: Callable[[Step], Ask | Redo | Done]
    read: Callable[[Step, Answer], Took | Missed | None]
    needs: tuple[str, ...] = ()
    """Fields this one rests on: when one of them changes, `recheck` decides whether this still holds."""
    recheck: Callable[[Step], Redo | None] | None = None
    skip: Callable[[Step], bool] | None = None
    settle: Callable[[Step], Took | dict[str, Any] | None] | None = None
    """What can be assumed without asking (the last address, the only option); with a note where it should be told."""
    raw: bool = False
    """Takes words as they are when nothing else claims them (a name, a door)."""
    free: bool = False
    """Takes any words, questions and tasks too: they are the answer (review words, a reason)."""
    holds: Any = Any
    """The type of its value, as msgspec checks it: a stored one that does not fit is forgotten and asked again."""
    was: tuple[str, ...] = ()
    """Names it had in older versions: what was stored under them is its own."""
    tell: Callable[[Step], str] | None = None
    """Says what it has taken: where going back asks for it again, and where other words were heard. "" for nothing."""
    told_by: tuple[str, ...] = ()
    """Further values than its own that `tell` speaks of (a stretch of time before there is a start)."""
    hears: tuple[str, ...] = ()
    """Intents that mean this field while its flow runs, and not another task ("book" where a service is chosen)."""
    reopened_by: tuple[str, ...] = ()
    """Intents that ask for it again without its new value ("another time"); heard as its own, too."""


@dataclass(frozen=True, slots=True)
class Flow:
    """A conversation that ends in one act. `summary` is shown before `commit`; without one the last answer commits."""

    name: str
    role: Literal["customer", "technician", "anyone"]
    intents: tuple[str, ...]
    fields: tuple[Field, ...]
    commit: Callable[[Step], Done | Redo]
    summary: Callable[[Step], Ask | Redo | Done] | None = None
    """Done where the yes has been said already, elsewhere: nobody is asked twice."""
    again: Callable[[Step], Ask | Redo] | None = None
    """The summary said once more, shorter, after a question in between."""
    start: Callable[[Step], Done | Redo | None] | None = None
    """Refuses or prepares before anything is asked."""
    drop: Callable[[Step], str] | None = None
    """Lets go of what the flow held (slot, coupon) and says so; returns the words."""
    resume: Callable[[Step], bool] | None = None
    """Called as a turn of this flow begins: notes what it held and has lost meanwhile; True when it has lost some.

    A BookingError raised here drops the flow: what it was about has gone.
    """
    renew: Callable[[Step], None] | None = None
    """Called as such a turn ends: keeps what it holds a little longer. Last, so that it waits for nobody's guard."""
    before: Callable[[Step], Done | None] | None = None
    """What going back from the first question comes to, where the flow was begun from something shown."""
    undone_by: tuple[str, ...] = ()
    """Intents that undo what it does: said while it runs they drop it, for nothing is done yet."""
    claims: Callable[[Step, Understanding], bool] | None = None
    """With nothing running, words of no intent of its own that still mean this flow ("make it Saturday": the order)."""
    outspoken: bool = False
    """What it claims is for it whatever else the words could mean, also in the middle of something else."""
    anew: bool = False
    """Its own intent, said while it runs, begins it anew."""
    unsure: bool = False
    """A flow whose beginning always needs a clear word, never a guess."""
    deed: str = ""
    """The words (a pattern) that name what its yes does, where nothing brings that back: "好了" is no yes then."""
    keeps: Mapping[str, Any] = field(default_factory=dict)
    """Further values it stores between turns, with their types, as `Field.holds`."""
    was: tuple[str, ...] = ()
    """Names it had in older versions."""

    @property
    def grave(self) -> bool:
        """Whether nothing brings back what its yes does."""
        return bool(self.deed)

    def field(self, name: str) -> Field | None:
        """Return the field of this name."""
        return next((field for field in self.fields if field.name == name), None)


@dataclass(frozen=True, slots=True)
class Shown:
    """What a view or a card's verb says."""

    text: str
    buttons: tuple[Button, ...] = ()
    columns: int = 1
    photo_file_id: int | None = None
    beside: str | None = None
    """The words where a question is pending, whose own buttons take the place of these; else the same text."""
    about: dict[str, Any] | None = None
    """What is talked about now, as values of a flow: "how much is that one?", "is tomorrow evening possible?"."""


@dataclass(frozen=True, slots=True)
class View:
    """An answer in one turn; it may stand in the middle of a flow, which then asks its question once more."""

    name: str
    role: Literal["customer", "technician", "anyone"]
    intents: tuple[str, ...]
    show: Callable[[Step, Understanding | None, dict[str, Any]], Shown]
    between: bool = True
    """May answer in the middle of a flow."""
    claims: Callable[[Step, Understanding], bool] | None = None
    """As `Flow.claims`."""
    outspoken: bool = False
    """What it claims is for it, though it sounds like a complaint."""
