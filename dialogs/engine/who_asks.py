"""What a short yes or no says to a card that asks whether another account is the same person's."""

from core.messages.outbox import open_body
from core.messages.shown_cards import cards_shown
from core.uniting import open_for
from dialogs.engine import hearing
from dialogs.engine.acting import begins, press
from dialogs.engine.actions import Begin, plain
from dialogs.engine.talk import Talk
from dialogs.outgoing import Body, decode_body
from nlu.intents import plain_yes
from nlu.text import normalise

_LONGEST = 24

_ME = frozenset(
    "是我|是我的|是我本人|是本人|我本人|就是我|对是我|是的是我|嗯是我|没错是我|是我呀|是我啊"
    "|thats me|that s me|that is me|it s me|its me|it is me|yes that s me|yes thats me|yes it s me|yes its me"
    "|yes that is me|yes it is me|yes me|this is me|it was me|that was me".split("|")
)
_NOT_ME = frozenset(
    "不是我|不是我的|不是我本人|不是本人|不是我呀|不是我啊|不不是我|这不是我|不是我弄的"
    "|not me|that s not me|thats not me|that is not me|it s not me|its not me|it is not me|this is not me|this isn t me"
    "|no not me|no that s not me|no it s not me|isn t me|it isn t me|it wasn t me|wasn t me|that wasn t me".split("|")
)
_NO = frozenset("不是|不是的|不|不对|否|没有|no|nope|no it isn t|no it s not".split("|"))


def said(talk: Talk, text: str, prompt: Body | None) -> Body | None:
    """Take the answer to a joining that waits for this person; None, at no cost, for all other words.

    To be one cannot be undone: a bare yes, which may be to anything, brings the question again with its two answers.
    """
    if len(text) > _LONGEST:
        return None
    folded = normalise(text).text
    words = hearing.letters(folded).replace(" ", "" if not folded.isascii() else " ")
    explicit, runs = words in _ME or words in _NOT_ME, talk.state.top is not None
    if not explicit and (runs or not (words in _NO or plain_yes(folded))):
        return None
    waiting = open_for(talk.tx, talk.loaded.person_id, talk.now)
    if waiting is None or not ((explicit and not runs) or _was_just_asked(talk, prompt)):
        return None
    about: dict[str, object] = {"joining": waiting.id}
    if words in _NOT_ME or words in _NO:
        about["no"] = True
    elif words not in _ME:
        about = {"_wondered": True}
    return press(talk, plain(Begin("link_account", about)))


def _was_just_asked(talk: Talk, prompt: Body | None) -> bool:
    """Whether the question is the last thing shown: by its card, or once more under the answer to who asks."""
    if prompt is not None and _asks(prompt):
        return True
    loaded = talk.loaded
    cards = cards_shown(talk.tx, loaded.person_id, now=talk.now, most=1)
    return any(
        (loaded.prompt_at is None or card.sent_at > loaded.prompt_at)
        and _asks(decode_body(open_body(loaded.key, card.body_sealed)))
        for card in cards
    )


def _asks(body: Body) -> bool:
    begun = (begins(button.action) for button in body.buttons if button.url is None)
    return any(one is not None and "joining" in one.values for one in begun)
