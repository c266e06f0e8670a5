"""One message explained to a person: what it means, because of which words, and what the conversation would do."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from dialogs.engine.confidence import GUESS, SURE
from menling.understanding.lines import Question
from menling.understanding.telling import told_value
from menling.understanding.wishes import still_asked
from nlu import Entity, Lexicon, Understanding, When
from nlu.explaining import Explanation

_MOST_INTENTS, _MOST_LEARNT = 4, 3
_LEAST_SHOWN = 0.01
_DAY = timedelta(days=1)


def explained(question: Question, found: Explanation, lexicon: Lexicon) -> str:
    """Return the explanation as lines of text."""
    understood = found.understood
    here = question.now.astimezone(ZoneInfo(question.zone)).replace(tzinfo=None)
    asked = f", asked: {question.asked.kind}" if question.asked.kind else ""
    rows = [
        f"{understood.text}",
        f"  [{understood.lang}, {_at(here)}, {question.zone}{asked}]",
        "",
        *_block("means", _meanings(understood)),
        *_block("because", _reasons(found)),
        *_block("names", (_entity(one, lexicon) for one in understood.entities)),
        *_block("denies", (_entity(one, lexicon) for one in understood.negated)),
        *_block("unknown", (f'"{words}"' for words in understood.unknown)),
        *_block("no such", (f'"{words}": there is no such day or hour' for words in understood.impossible)),
        *_block("next", [_next(understood)]),
    ]
    return "\n".join(rows)


def _block(title: str, rows: Iterable[str]) -> Iterator[str]:
    for place, row in enumerate(rows):
        yield f"  {title if place == 0 else '':<9}{row}"


def _meanings(understood: Understanding) -> Iterator[str]:
    for place, intent in enumerate(understood.intents[:_MOST_INTENTS]):
        if place and intent.confidence < _LEAST_SHOWN:
            break
        yield f"{intent.name:<20} {intent.confidence:.2f}"
    if understood.corrects:
        yield "(it changes something said before)"


def _reasons(found: Explanation) -> Iterator[str]:
    if found.set_phrase is not None:
        yield f"the whole message is a set phrase for {found.set_phrase}"
    for clue in found.clues:
        yield f'"{clue.text}" says {clue.intent} ({clue.strength:.2f})'
    if found.question:
        yield "it is a question"
    if found.learnt is not None:
        likely = ", ".join(f"{intent.name} {intent.confidence:.2f}" for intent in found.learnt.likely[:_MOST_LEARNT])
        yield f"learnt from examples: {likely}"
        yield f"    by {', '.join(found.learnt.reasons)}"
    kinds = dict.fromkeys(entity.kind for entity in found.understood.entities)
    if kinds and found.set_phrase is None:
        yield f"it names: {', '.join(kinds)}"


def _entity(entity: Entity, lexicon: Lexicon) -> str:
    return f'{entity.kind:<13}"{entity.text}"  ->  {_value(entity, lexicon)}'


def _value(entity: Entity, lexicon: Lexicon) -> str:
    value = entity.value
    if isinstance(value, When):
        others = "".join(f"; or {_when(other)}" for other in value.alternatives)
        return _when(value) + others
    if isinstance(value, tuple):
        return f"{value[0] / 100:.2f} {value[1]}"
    named = next((one.names[0] for one in lexicon.entries if (one.kind, one.id) == (entity.kind, value)), None)
    if named is not None:
        return f"{value} ({named})"
    unit = " minutes" if entity.kind == "duration" else ""
    return f"{told_value(entity.kind, value)}{unit}"


def _when(when: When) -> str:
    around = "about " if when.open_end == "around" else ""
    if when.start is None:
        return f"{when.seconds} seconds" if when.end is None else f"until {_at(when.end)}"
    if when.kind == "date":
        return f"{when.start:%a %-d %b %Y}"
    if when.end is None:
        return f"{around}{_at(when.start)}" + (" or any time after" if when.kind == "range" else "")
    if when.end - when.start <= _DAY and when.end.date() == when.start.date():
        return f"{_at(when.start)}-{when.end:%H:%M}"
    return f"{_at(when.start)} until {_at(when.end)}"


def _at(at: datetime) -> str:
    return f"{at:%a %-d %b %Y %H:%M}"


def _next(understood: Understanding) -> str:
    likely = [intent.name for intent in understood.intents if intent.confidence >= GUESS][:3]
    if understood.impossible and understood.first("when") is None:
        return "it says that there is no such day or hour, and asks for another"
    if understood.confidence < GUESS or understood.intent == "out_of_scope":
        return "it says that it did not understand, and what can be done here"
    if understood.confidence < SURE:
        return f"not sure enough ({understood.confidence:.2f} < {SURE}): it asks which is meant: {', '.join(likely)}"
    asked = still_asked(understood)
    return f"it asks {asked[0]}" + (f" (then: {', '.join(asked[1:])})" if asked[1:] else "") if asked else "it acts"
