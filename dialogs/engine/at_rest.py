"""With nothing running: what words begin, and what is said when they begin nothing."""

import re

from core.heard import How
from core.orders.views import orders_of
from dialogs.engine import asking, clarifying, handover
from dialogs.engine.acting import flow_begun, look, press
from dialogs.engine.actions import Word, plain
from dialogs.engine.confidence import MISSES_TO_HUMAN, MISSES_TO_OFFER, SURE
from dialogs.engine.deciding import CANCELS
from dialogs.engine.flow import Flow, Shown, View
from dialogs.engine.meaning import begin_said, claimed_by, meant_by, only_view
from dialogs.engine.talk import Talk
from dialogs.lexicon import trade_named
from dialogs.outgoing import Body
from dialogs.roles import may_use
from nlu import Understanding

_CLAIMABLE = ("correct", "out_of_scope", "thank", "finish_work", "affirm", "deny")
_FACTS_OF_A_BOOKING = ("service", "when", "address", "phone")
_TOLD_IN_FULL = 3
_ASKED_BESIDE = ("ask_service", "ask_policy", "ask_price")
_WISHES = re.compile(
    r"(?:我|我们|帮我|给我|先)?(?:约[个一下]|想约|要约|预约[个一]|想做[个一]|来[个一]|订[个一])"
    r"|\b(?:i'?d (?:like|love)|i (?:want|need)|can i (?:get|have|book)|book(?: me)?) an? "
)
"""Wishes for a visit, and does not only ask about one."""
_ON_A_CARD = "card.confirm"
"""What stands on a card that may have been shown on another channel than the one it is typed on."""
_NONE_OF_THESE = plain(Word("none_of_these"))
_ASKS = re.compile(r"[?？]\s*$")
"""The message asks: a yes is its answer, and not only a word that it has been read."""
_FACTS_OF_A_VISIT = ("service", "when", "technician")


def begin(talk: Talk, intent: str, understood: Understanding) -> Body:
    """Begin what is meant; facts without a verb ("manicure tomorrow") mean booking."""
    wished = _wish_told(talk, meant_by(talk, intent), understood)
    if wished is not None:
        return wished
    if intent == "keep" and CANCELS.search(understood.normal):
        return _nothing_meant(talk, intent)  # "don't cancel": nothing is, and no wish of theirs is taken back
    if intent == "cancel" and CANCELS.search(understood.normal) is None and not _has_orders(talk):
        return _nothing_meant(talk, intent)  # "forget it" of whoever has never ordered lets go of nothing
    meant, sure = _aimed_at(talk, intent, understood)
    if isinstance(meant, Flow) and (sure or not meant.unsure):
        return begin_said(talk, meant, understood)
    if intent == "greet":
        talk.lead.append(talk.say("engine.greet"))
    if isinstance(meant, View):
        return look(talk, meant.name, understood, {})
    return (_yes_to_what_is_shown(talk, understood) if intent == "affirm" and sure else None) or _otherwise(
        talk, intent, understood, foreign=meant is None and sure
    )


def _aimed_at(talk: Talk, intent: str, understood: Understanding) -> tuple[Flow | View | None, bool]:
    """Return what the intent means, else what claims the words, and whether that is sure."""
    meant, sure = meant_by(talk, intent), understood.confidence >= SURE
    if (
        not sure
        or understood.normal.strip() == talk.say(_ON_A_CARD).casefold()
        or (meant is None and (understood.entities or intent in _CLAIMABLE))
    ):
        claimed = claimed_by(talk, understood)
        meant, sure = (meant, sure) if claimed is None else (claimed, True)
    if intent in ("accept", "refuse"):
        asked_of_them = claimed_by(talk, understood)  # a change somebody has asked for, where no offer is open
        meant = asked_of_them if isinstance(asked_of_them, Flow) else meant
    return meant, sure


def _yes_to_what_is_shown(talk: Talk, understood: Understanding) -> Body | None:
    """A yes with nothing asked: to what has to be paid, or to a suggestion with one button under it."""
    if clarifying.has_to_pay(talk):
        return look(talk, "pay", understood, {})
    if talk.prompt is None:
        return None
    offered = [one.action for _, one in talk.prompt.numbered if one.action != _NONE_OF_THESE]
    if len(offered) != 1:
        return None
    if flow_begun(offered[0]) is not None and not _ASKS.search(talk.prompt.text):
        return talk.body_of_shown(Shown(talk.say("engine.fine"), talk.prompt.buttons))  # "ok" to what is only told
    return press(talk, offered[0])


def _otherwise(talk: Talk, intent: str, understood: Understanding, *, foreign: bool) -> Body:
    """Nothing of theirs was meant: say so, take facts for a booking, or ask which of the likely things it is."""
    if foreign and talk.house.meant_by.get(intent):
        talk.lead.append(talk.say("engine.not_yours"))
        return asking.menu(talk)
    if intent == "cancel" and CANCELS.search(understood.normal) is None:
        return _nothing_meant(talk, intent)  # "算了": there is nothing to let go of, and no order is meant
    if _tells_of_a_visit(talk, understood) and intent != "deny":
        return begin_said(talk, talk.house.flows["book"], understood)
    return only_view(talk, understood) or clarifying.which(talk, understood) or _nothing_meant(talk, intent)


def _wish_told(talk: Talk, meant: Flow | View | None, understood: Understanding) -> Body | None:
    """A visit told in full is a booking, whatever else the words hold; a question beside it is answered."""
    book, told = talk.house.flows["book"], sum(understood.first(kind) is not None for kind in _FACTS_OF_A_BOOKING)
    sure = understood.confidence >= SURE
    if told >= _TOLD_IN_FULL and understood.first("order_code") is None and (isinstance(meant, View) or not sure):
        return begin_said(talk, book, understood)
    asks = isinstance(meant, View) and meant.between and sure and understood.intent in _ASKED_BESIDE
    if not asks or meant is None or understood.first("service") is None or not _WISHES.search(understood.normal):
        return None
    body, frame = begin_said(talk, book, understood), talk.state.top
    return body if frame is None else look(talk, meant.name, understood, {})


def _tells_of_a_visit(talk: Talk, understood: Understanding) -> bool:
    """Tell whether facts without a verb mean booking; a day alone in talk about the weather does not."""
    named = [kind for kind in _FACTS_OF_A_VISIT if understood.first(kind) is not None]
    if not named and trade_named(talk.step(), understood) is not None:  # "massage": there is a choice of them
        return understood.confidence < SURE
    if named != ["when"]:
        return bool(named)
    clear = not understood.unknown or (understood.confidence >= SURE and understood.intent != "out_of_scope")
    return clear and not may_use(talk.step(), "technician")  # whose bare "five is fine" speaks of work


def _nothing_meant(talk: Talk, intent: str) -> Body:
    if talk.house.texts.has(f"engine.{intent}"):
        talk.lead.append(talk.say(f"engine.{intent}"))
    elif intent == "keep" and _has_orders(talk):
        talk.lead.append(talk.say("engine.nothing_cancelled"))
    elif intent in ("cancel", "keep"):
        talk.lead.append(talk.say("engine.dropped"))
    elif intent not in ("greet", "affirm", "deny"):
        return missed(talk)
    return asking.menu(talk)


def _has_orders(talk: Talk) -> bool:
    return bool(orders_of(talk.tx, talk.loaded.person_id, most=1))


def missed(talk: Talk) -> Body:
    """With nothing running: say so, then how one can say it, then offer a human, then call one."""
    state, talk.heard = talk.state, How.MISSED
    state.misses += 1
    if state.misses >= MISSES_TO_HUMAN:
        state.misses = 0
        return handover.after_misses(talk)
    again = "engine.not_understood_working" if may_use(talk.step(), "technician") else "engine.not_understood_again"
    talk.lead.append(talk.say("engine.not_understood" if state.misses == 1 else again))
    if state.misses >= MISSES_TO_OFFER:
        talk.lead.append(talk.say("engine.miss_human"))  # the menu has the button
    return asking.menu(talk)
