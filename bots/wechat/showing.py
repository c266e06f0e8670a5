"""Messages as WeChat shows them: choices are numbered lines, texts are counted in bytes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bots.wechat.words import BETWEEN, link_line, said_at, ways_out, while_away
from bots.wechat.xml import clean
from dialogs import cutting
from dialogs.outgoing import Button, Outgoing, token_of

MOST_BYTES = 2048
_BETWEEN = "\n\n"
# WeChat shows <a href> in a text as a link, whoever wrote it: what people typed must not look like one.
_TAG = re.compile(r"<(?=[/!?a-zA-Z])([^<>]*)(>?)")


@dataclass(frozen=True, slots=True)
class Passive:
    """What goes into the reply, which messages are wholly in it, and which texts are left for customer service.

    `waiting` are those messages of before that did not fit: they wait on, or go by customer service too.
    """

    text: str
    shown: tuple[Outgoing, ...]
    left: tuple[tuple[Outgoing, tuple[str, ...]], ...]
    waiting: tuple[Outgoing, ...] = ()


def merge(messages: Sequence[Outgoing], *, tappable: bool) -> Passive:
    """Return as many messages as one reply of 2,048 bytes holds; a message too long by itself is cut at a line."""
    texts = _texts(messages, tappable=tappable)
    whole = 0
    while whole < len(texts) and _size(_BETWEEN.join(texts[: whole + 1])) <= MOST_BYTES:
        whole += 1
    if whole == 0 and texts:
        first, *rest = pieces(texts[0])
        left = [(messages[0], tuple(rest))]
    else:
        first, left = _BETWEEN.join(texts[:whole]), []
    start = max(whole, 1)
    left += [(message, tuple(pieces(text))) for message, text in zip(messages[start:], texts[start:], strict=True)]
    return Passive(first if texts else "", tuple(messages[:whole]), tuple(left))


def with_held(passive: Passive, held: Sequence[Outgoing], *, tappable: bool) -> Passive:
    """Put words that waited for this act above the answer, in their order, as far as the reply has room for them.

    One too long for it waits on, and holds up none behind it.
    """
    if not held or passive.left:
        return replace(passive, waiting=tuple(held))
    for lines_to_tap in (True, False) if tappable else (False,):
        text, shown = passive.text, list[Outgoing]()
        for message in held:
            whole = _above(passive.text, [*shown, message], tappable=lines_to_tap)
            if _size(whole) <= MOST_BYTES:
                text = whole
                shown.append(message)
        if len(shown) == len(held):
            break
    waiting = tuple(one for one in held if one not in shown)
    return replace(passive, text=text, shown=(*shown, *passive.shown), waiting=waiting)


def together(messages: Sequence[Outgoing], *, tappable: bool) -> tuple[str, int]:
    """Return the text of as many messages as one of 2,048 bytes holds whole, and how many they are."""
    text, many = "", 0
    for lines_to_tap in (True, False) if tappable else (False,):
        text, many = "", 0
        while many < len(messages):
            longer = _as_one(messages[: many + 1], tappable=lines_to_tap, marked=True)
            if _size(longer) > MOST_BYTES:
                break
            text, many = longer, many + 1
        if many == len(messages):
            break
    return text, many


def _above(answer: str, held: Sequence[Outgoing], *, tappable: bool) -> str:
    """Put words that waited above an answer; those a phone has told are called that, each or all of them."""
    texted = all(_texted(one) for one in held)
    head = f"{while_away(held[-1].lang, texted=texted)}\n{_as_one(held, tappable=tappable, marked=not texted)}"
    return f"{head}\n\n{BETWEEN}\n{answer}" if answer else head


def _as_one(messages: Sequence[Outgoing], *, tappable: bool, marked: bool) -> str:
    """Write words that waited as one text: the ways out of all of them stand once, at its end."""
    text = _BETWEEN.join(_at_its_time(one, tappable=tappable, marked=marked, ways=False) for one in messages)
    minor = dict.fromkeys(label for one in messages for label in _minor(one))
    return f"{text}\n{ways_out(list(minor), messages[-1].lang)}" if minor else text


def parts_of(messages: Sequence[Outgoing], *, tappable: bool) -> list[str]:
    """Return the texts of as few messages of 2,048 bytes as hold everything."""
    return pieces(_BETWEEN.join(_texts(messages, tappable=tappable)))


def _at_its_time(message: Outgoing, *, tappable: bool, marked: bool = True, ways: bool = True) -> str:
    """Return words that waited, after the time at which they would have been said: read now, "now" is long past."""
    text = text_of(message, tappable=tappable, ways=ways)
    if message.waited is None:
        return text
    return said_at(message.waited.when, text, message.lang, texted=marked and message.waited.texted)


def _texted(message: Outgoing) -> bool:
    return message.waited is not None and message.waited.texted


def text_of(message: Outgoing, *, tappable: bool, ways: bool = True) -> str:
    """Return a message's words with its choices as lines, its links, and its ways out unless those stand elsewhere."""
    body, first = message.body, message.first_number or 1
    numbers = {place: first + nth for nth, (place, _) in enumerate(body.numbered)}
    lines = [_safe(body.text)]
    place = 0
    for row in body.rows:
        shown = []
        for button in row:
            if place in numbers:
                shown.append(_choice(button, numbers[place], token_of(message.message_id, place), tappable=tappable))
            elif button.url is not None:
                lines.append(link_line(_line(button.label), button.url, message.lang))
            place += 1
        if shown:
            lines.append("  ".join(shown))
    minor = _minor(message) if ways else []
    return "\n".join([*lines, ways_out(minor, message.lang)] if minor else lines).strip()


def _minor(message: Outgoing) -> list[str]:
    return [_line(one.label) for one in message.body.buttons if one.minor and one.url is None]


def pieces(text: str) -> list[str]:
    """Cut a text into parts of at most 2,048 bytes, between lines; a line that is longer is cut where it must be."""
    return cutting.pieces(text, MOST_BYTES, _size)


def _texts(messages: Sequence[Outgoing], *, tappable: bool) -> list[str]:
    """Return the messages' texts: with lines to tap while they fit into one reply, else with plain numbers."""
    texts = [_at_its_time(message, tappable=tappable) for message in messages]
    if not tappable or _size(_BETWEEN.join(texts)) <= MOST_BYTES:
        return texts
    plain = [_at_its_time(message, tappable=False) for message in messages]
    return plain if _size(_BETWEEN.join(plain)) <= MOST_BYTES else texts


def _choice(button: Button, number: int, token: str, *, tappable: bool) -> str:
    said = _line(button.label)
    label = f"{number}. {said}" if said[:1].isdigit() else f"{number} {said}"  # 1. 2 小时 is not 12 小时
    if not tappable:
        return label
    return f'<a href="weixin://bizmsgmenu?msgmenucontent={number}&msgmenuid={token}">{label}</a>'


def _safe(text: str) -> str:
    return _TAG.sub(lambda found: f"＜{found[1]}{'＞' if found[2] else ''}", clean(text))


def _line(label: str) -> str:
    """Return a label as one line: a second one could pass for a choice of its own."""
    return " ".join(_safe(label).split())


def _size(text: str) -> int:
    return len(text.encode())
