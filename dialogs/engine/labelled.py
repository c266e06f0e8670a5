"""What somebody means who types the very words of a button on a card that is not the last message."""

from functools import lru_cache

from core.messages.outbox import open_body
from core.messages.shown_cards import CardShown, cards_shown
from core.orders.moves import load
from dialogs.cards.visits import visit_in_brief
from dialogs.engine import hearing
from dialogs.engine.acting import as_it_stands, order_of_button, press
from dialogs.engine.actions import Act, Word, read_action
from dialogs.engine.confidence import SURE
from dialogs.engine.flow import Ask, Shown
from dialogs.engine.meaning import meant_by
from dialogs.engine.talk import Talk, fitting
from dialogs.outgoing import Body, Button, decode_body
from dialogs.texts import LANGUAGES, Texts
from nlu.intents import plain_yes

_MOST_CARDS = 8
_ANSWERS = frozenset({"coming", "confirm", "wait", "started", "agree_change"})
"""Verbs that answer what a card asked; the words of any other may mean as much without it."""
_LABELS_BESIDE = ("join.me", "join.not_me", "announcement.stop")

_Found = list[tuple[Button, CardShown]]


def said(talk: Talk, text: str) -> Body | None:
    """Do what the button of a living card says whose words these are; None, at no cost, for all other words.

    The question that runs, and what these words surely mean by themselves, come first.
    """
    plain = hearing.normal(text)
    words = hearing.letters(plain)
    if words not in _labels(talk.house.texts):
        return None
    item, runs = hearing.asked_field(talk), talk.state.top is not None
    if runs and item is not None and item.free:
        return None
    found = _found(talk, words)
    if runs and hearing.asks_yes_or_no(talk) and plain_yes(plain):  # to whichever of the two was shown last
        found = [(button, card) for button, card in found if _is_newer(talk, card)]
    if found and (runs or _means_by_itself(talk, text)):
        found = [(button, card) for button, card in found if _is_answer(button)]
    alive = _different([button for button, card in found if card.stands])
    if alive:
        return press(talk, alive[0].action) if len(alive) == 1 else _which(talk, alive)
    spent = next((card for button, card in found if _is_answer(button)), None)
    if spent is None:
        return None
    talk.lead.append(talk.say("engine.stale"))
    return as_it_stands(talk, spent.order_id)


@lru_cache(maxsize=4)
def _labels(texts: Texts) -> frozenset[str]:
    """Everything that may stand on a card's button, in any language: words beyond these cost no look at the cards."""
    keys = [key for key in texts.keys(LANGUAGES[0]) if key.startswith("card.")] + list(_LABELS_BESIDE)
    every = (texts.template(lang, key) for lang in LANGUAGES for key in keys)
    return frozenset(hearing.letters(hearing.normal(one)) for one in every if "{" not in one)


def _found(talk: Talk, words: str) -> _Found:
    """Return the buttons of the newest cards that say this, with their cards."""
    loaded = talk.loaded
    cards = cards_shown(talk.tx, loaded.person_id, now=talk.now, most=_MOST_CARDS)
    shown = ((one, card) for card in cards for one in decode_body(open_body(loaded.key, card.body_sealed)).buttons)
    return [(one, card) for one, card in shown if _says(one, words)]


def _says(button: Button, words: str) -> bool:
    if button.url is not None or hearing.letters(hearing.normal(button.label)) != words:
        return False
    return not isinstance(read_action(button.action), Word)


def _is_newer(talk: Talk, card: CardShown) -> bool:
    """Whether the card came after the question that runs was put."""
    return talk.loaded.prompt_at is not None and card.sent_at > talk.loaded.prompt_at


def _is_answer(button: Button) -> bool:
    action = read_action(button.action)
    return isinstance(action, Act) and action.verb in _ANSWERS


def _means_by_itself(talk: Talk, text: str) -> bool:
    """Whether the words begin something of this person's that finds out by itself which order is meant."""
    understood = hearing.understood_of(talk, text, None)
    return understood.confidence >= SURE and meant_by(talk, understood.intent) is not None


def _different(buttons: list[Button]) -> list[Button]:
    """Leave out what an earlier button does already: two reminders of one visit ask one thing."""
    return [one for at, one in enumerate(buttons) if all(one.action != other.action for other in buttons[:at])]


def _which(talk: Talk, buttons: list[Button]) -> Body:
    """Ask which of several orders these words are about."""
    choices = tuple(Button(_of_order(talk, one), one.action) for one in buttons)
    text = talk.say("engine.which_card")
    if talk.state.top is None:
        return talk.body_of_shown(Shown(text, choices))
    return talk.body_of_ask(Ask(text, extra=choices))


def _of_order(talk: Talk, button: Button) -> str:
    order_id = order_of_button(button.action)
    return button.label if order_id is None else fitting(visit_in_brief(talk.step(), load(talk.tx, order_id)))
