"""One turn's talk: what is loaded, what is said first, and the body that comes of it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from core.conversations import Loaded
from core.db import Tx
from core.heard import How
from dialogs.advising import Advice
from dialogs.cutting import shortened
from dialogs.engine.actions import Word, plain
from dialogs.engine.flow import Ask, Flow, Shown
from dialogs.engine.state import Frame, Said, State
from dialogs.engine.step import Step
from dialogs.house import House
from dialogs.outgoing import Body, Button

MOST_CHOICES = 8
FEW_CHOICES = 4
"""After a second miss the choices are fewer (conversation behaviour 11)."""
MOST_LISTED = 64
"""Choices of one list, stored with the conversation while its pages are turned: nobody turns more pages than that."""
LONGEST_LABEL = 64


@dataclass(slots=True)
class Talk:
    """Everything one turn works with; `lead` are sentences said before the question."""

    tx: Tx
    house: House
    loaded: Loaded
    state: State
    lang: str
    now: datetime
    channel: str
    account: str
    lead: list[str] = field(default_factory=list)
    memo: dict[str, Any] = field(default_factory=dict)
    photo_file_id: int | None = None
    prompt: Body | None = None
    """The message shown last, when words were typed under it."""
    beyond: bool = False
    """Whether what was typed is a number the prompt does not have."""
    lost: bool = False
    """Whether something the prompt showed stands no longer: a yes to it shows it again."""
    said: Said | None = None
    """What was typed this turn, when it may be learnt from."""
    heard: How | None = None
    """Why something is to be learnt from this turn."""
    advice: Advice | None = None
    """What this turn may make of a remote understanding; None: our own reading stands."""
    advised: bool = False
    """Whether others may have had a part in what these words mean: nothing claims them then."""

    @property
    def before(self) -> Said | None:
        """What was typed the turn before, when it may be learnt from."""
        return self.state.said

    @property
    def flow(self) -> Flow | None:
        """The running flow."""
        top = self.state.top
        return None if top is None else self.house.flows[top.flow]

    def step(self, frame: Frame | None = None) -> Step:
        """Return the step a flow's or view's function is given."""
        return Step(
            tx=self.tx,
            house=self.house,
            person_id=self.loaded.person_id,
            lang=self.lang,
            zone=self.loaded.zone,
            now=self.now,
            frame=frame or self.state.top or Frame(flow="", values=dict(self.state.about)),
            channel=self.channel,
            account=self.account,
            memo=self.memo,
        )

    def say(self, key: str, /, **facts: object) -> str:
        """Return a sentence in the person's language."""
        return self.house.texts.say(self.lang, key, **facts)

    def word(self, word: str, *, minor: bool = False) -> Button:
        """Return the button that stands for a command word."""
        return Button(label=self.say(f"word.{word}"), action=plain(Word(word)), minor=minor)

    def body_of_ask(self, ask: Ask, *, page: int = 0, few: bool = False) -> Body:
        """Return the message of a question: where one is, what leads, the words, a page of choices, the ways out."""
        choices = [Button(label=fitting(c.label), action={"type": "pick", "values": c.values}) for c in ask.choices]
        text, most = ask.text, FEW_CHOICES if few else MOST_CHOICES
        if len(choices) + len(ask.extra) > most:
            most -= min(len(ask.extra), most // 2)
        if len(choices) > most:
            per_page = most - 1
            pages = -(-len(choices) // per_page)
            start = (page % pages) * per_page
            choices = [*choices[start : start + per_page], self.word("more")]
            text += self.say("engine.page", page=page % pages + 1, pages=pages)
        rows = in_rows(choices, ask.columns) + in_rows(list(ask.extra), 2)
        own = [button.action for button in ask.extra]
        words = ("back", "human") if plain(Word("drop")) in own else ("back", "cancel", "human")
        ways_out = [self.word(word, minor=True) for word in words]
        return Body(
            text=self._with_lead(self._placed(text)),
            rows=(*rows, tuple(ways_out)),
            photo_file_id=ask.photo_file_id or self.photo_file_id,
            asks=ask.asks,
        )

    def body_of_shown(self, shown: Shown) -> Body:
        """Return the message of a view or of a flow's end."""
        return Body(
            text=self._with_lead(shown.text),
            rows=in_rows(list(shown.buttons), shown.columns),
            photo_file_id=shown.photo_file_id or self.photo_file_id,
        )

    def _placed(self, text: str) -> str:
        """With one task on top of another, say which of them is asking."""
        if len(self.state.stack) < 2 or self.flow is None:
            return text
        return self.say("engine.on_top", flow=self.say(f"flow.{self.flow.name}"), text=text)

    def _with_lead(self, text: str) -> str:
        return "\n".join(part for part in (*self.lead, text) if part)


def fitting(label: str) -> str:
    """Return a label as a button can carry it: one line, not longer than every platform shows."""
    return shortened(" ".join(label.split()), LONGEST_LABEL)


def in_rows(buttons: list[Button], columns: int) -> tuple[tuple[Button, ...], ...]:
    """Lay buttons out in rows."""
    width = max(columns, 1)
    return tuple(tuple(buttons[at : at + width]) for at in range(0, len(buttons), width))
