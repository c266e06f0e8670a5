"""Offers and events of the house: one word to be told of them, one word to hear no more, and nobody is asked twice."""

import re

from core.orders.states import CANCELLABLE
from core.orders.views import orders_of
from core.people import identities_of
from core.people.consent import ConsentKind, consents, end_consent, give_consent
from dialogs.engine.actions import Begin, Look, plain
from dialogs.engine.flow import Done, Flow
from dialogs.engine.step import Step
from dialogs.engine.talk import MOST_LISTED
from dialogs.outgoing import NEWSLESS, Button
from dialogs.roles import may_use
from nlu import Understanding

_STOP = re.compile(r"(?:stop|stop ?all|quit|end)[\s.!]*")
"""Alone these end the offers of any text message."""
_NO_OFFERS = re.compile(
    r"(?:please |ok |and )*(?:no|no more|stop|end|without|(?:i )?don'?t want) (?:any |any more |the |your )?"
    r"offers(?: (?:please|thanks|thank you|any ?more|from you))*[\s.!]*"
)
"""So say customers; a technician's offers are visits."""


def _want(step: Step) -> Done:
    fresh = give_consent(step.tx, step.person_id, ConsentKind.NEWS, now=step.now)
    stop = Button(step.say("announcement.stop"), plain(Begin("stop_news")))
    if any(one.channel not in NEWSLESS for one in identities_of(step.tx, step.person_id)):
        return Done(step.say("want_news.done" if fresh else "want_news.already"), (stop,))
    return Done(
        step.say("want_news.in_centre"), (Button(step.say("my_messages.button"), plain(Look("my_messages"))), stop)
    )


def _stop(step: Step) -> Done:
    if end_consent(step.tx, step.person_id, ConsentKind.NEWS, now=step.now):
        again = Button(step.say("stop_news.undo"), plain(Begin("want_news")))
        return Done(step.say("stop_news.done"), (again, *_cancel(step)))
    return Done(step.say("stop_news.none"), _cancel(step))


def _cancel(step: Step) -> tuple[Button, ...]:
    """The same words may mean a visit (退订): whoever has one is shown the way."""
    found = orders_of(step.tx, step.person_id, most=MOST_LISTED)
    if not any(order.state in CANCELLABLE for order in found):
        return ()
    return (Button(step.say("stop_news.cancel"), plain(Begin("cancel_order"))),)


def _claims(step: Step, understood: Understanding) -> bool:
    """A bare STOP ends a text message's offers: here too, where nothing runs; a visit is a button away.

    Without offers it means a visit, and of who has none that they want to hear nothing.
    """
    said = understood.normal.strip()
    if _NO_OFFERS.fullmatch(said) is not None:
        return not may_use(step, "technician")
    if _STOP.fullmatch(said) is None or step.frame.flow:
        return False
    return consents(step.tx, step.person_id, ConsentKind.NEWS) or ("stop" in said and not _cancel(step))


WANT_NEWS = Flow(name="want_news", role="anyone", intents=("want_news",), fields=(), commit=_want, unsure=True)
STOP_NEWS = Flow(
    name="stop_news", role="anyone", intents=("stop_news",), fields=(), commit=_stop, claims=_claims, outspoken=True
)
