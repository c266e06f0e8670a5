# ruff: noqa: E501 - one expression to a line
"""Bare numbers: a time only where the words around them make them one."""

import re
from itertools import pairwise

from nlu.when import opening
from nlu.when.atoms import Atom
from nlu.when.between import CORRECTION

_MAKES = re.compile(
    r"(?:(?<![a-z])(?:at|by|before|after|past|till?|until|since|from|around|about|approx\.?|circa|roughly|towards|between|make it|make that|should(?: have)? (?:be|been)|supposed to be|meant to be|instead of|rather than|i meant?|i said|let'?s say|lets say|say|starting|arriving|(?:no|not) (?:earlier|later|sooner) than|bang on|come for|o'clock or|near(?:er|ly)?|up to)|@|~|(?<![a-z])(?:move|change|push|shift|switch|bring|reschedule|swap)\b.{0,40}(?<![a-z])to)"
    r"(?: about| around| like| say| the)? ?$",
    re.ASCII,
)
_NOT_AFTER = re.compile(
    r"(?:\b(?:number|no\.?|room|flat|unit|house|door|option|apt|apartment|suite|technician|therapist|platform|terminal|zone|floor|for|table|of|age[d]?|level|gate|building|block)|#|[£$€¥])\s?$",
    re.ASCII,
)
_INSTEAD = re.compile(r" instead\b(?! of)", re.ASCII)
_NOT_BEFORE = re.compile(r"\b(?:not|instead of|rather than) (?:at )?$", re.ASCII)
_DAY_AFTER = re.compile(r",? ?(?:on |this |o'clock )?(?:the )?")
_DAY_BEFORE = re.compile(r"[,\s]*(?:-|–|:|and|at|around|about|say|like|for|maybe|preferably|ideally|@)?\s*")
_ENDS = re.compile(
    r"\s*(?:$|[,?!)]|\.(?![0-9])|-|/|(?:please|pls|plz|then|ok|okay|instead|for|or|and|to|till?|until|if|would|will|works?|suits?|is|in|at|on|with|thanks|thx|cheers|ta|x+|sharp|today|tomorrow|tonight|this|next|maybe|possible|poss|good|fine|great|perfect|best|latest|pm|am|onwards?|do(?:es)?|can|could|any|be|but|because|cos|so|though|as|not|it|i|we|you|my|a)\b)",
    re.ASCII,
)
_OR = re.compile(
    r"(?:[?,]? (?:if not|failing that|otherwise),? (?:at )?|\s*(?:or|/|,|-|to|till?|until|and|&|~)\s*|\s*,? or (?:maybe |even |at )?|,? ?(?:no, )?not )"
)
_ANSWERED = re.compile(
    r"(?:[\s,.!]|\b(?:no|nope|yes|yeah|yep|ok|okay|then|say|at|maybe|perhaps|let'?s|do|say|go|with|for|make|it|that|i|i'd|i'll|we|could|can|can't|you|how|what|about|try|prefer|like|would|please|pls|actually|sorry|meant?|think|take|the|um+|er+|hmm+|sure|great|cool|thanks|any|around|ideally|preferably|probably|hi|hiya|need|want|was|thinking|go for|wait)\b)*",
    re.ASCII,
)
_ANSWER_ENDS = re.compile(
    r"(?:[\s,.!?x]|\b(?:please|pls|plz|then|instead|is|would|will|be|it|fine|ok|okay|good|great|perfect|ideal|best|better|works?|suits?|me|us|for|thanks|thx|cheers|ta|if|possible|poss|you|can|that's|sounds|lovely|maybe|sharp|do|could|should|also|easier|just|a|bit|the|love|mate|hun|i|think|guess|suppose|too|well|about|right|so|any|free|available|have|got|that|okay|wonderful|nice|brilliant|preferably|ideally|available)\b)*",
    re.ASCII,
)


def kept(atoms: list[Atom], text: str, *, asked: bool) -> list[Atom]:
    """The pieces with those bare numbers that are clock times; asked is whether a time was asked."""
    pieces = [atom for atom in atoms if atom.kind != "length"]
    rated = _RATED.search(text) is not None
    strong = [not atom.weak or (not rated and _made(atom, text)) for atom in pieces]
    for _ in range(2):
        for place in range(len(pieces)):
            if not strong[place]:
                strong[place] = _beside(pieces, strong, place, text)
    chosen = [atom for place, atom in enumerate(pieces) if strong[place]]
    if asked and not any(atom.kind in ("clock", "offset", "soon", "void", "impossible") for atom in chosen):
        chosen = [atom for atom in pieces if atom in chosen or _answers(atom, pieces, text)]
    return [atom._replace(weak=False) if atom.weak else atom for atom in chosen]


_RATED = re.compile(r"\b(?:rating|rate|stars?|out of|score)\b", re.ASCII)


def _made(atom: Atom, text: str) -> bool:
    if _MAKES.search(text, max(0, atom.start - 60), atom.start) is not None:
        return True
    if _INSTEAD.match(text, atom.end):
        return text[atom.start : atom.end] != "one"
    word = opening.after(text, atom.end)
    return word is not None and text[atom.start : atom.end] != "one"


def _beside(pieces: list[Atom], strong: list[bool], place: int, text: str) -> bool:
    """Whether a day, a part of day or another clock time stands next to this number."""
    atom = pieces[place]
    if _NOT_AFTER.search(text, max(0, atom.start - 14), atom.start) and not _is_clock(pieces, strong, place - 1):
        return False
    before = pieces[place - 1] if place and strong[place - 1] else None
    after = pieces[place + 1] if place + 1 < len(pieces) and strong[place + 1] else None
    if (
        before is not None
        and before.kind in ("day", "part", "half", "void")
        and _DAY_BEFORE.fullmatch(text, before.end, atom.start)
    ):
        return _ENDS.match(text, atom.end) is not None
    if before is not None and before.kind == "clock":
        gap = (text, before.end, atom.start)
        if _OR.fullmatch(*gap) or (CORRECTION.fullmatch(*gap) and _ENDS.match(text, atom.end)):
            return True
    if after is not None and after.kind in ("day", "part") and _DAY_AFTER.fullmatch(text, atom.end, after.start):
        return text[atom.start : atom.end] != "one" or after.kind == "part"
    if after is not None and after.kind == "clock" and _OR.fullmatch(text, atom.end, after.start):
        return True
    return place + 1 < len(pieces) and _day_then_range(pieces, before, place, text)


def _is_clock(pieces: list[Atom], strong: list[bool], place: int) -> bool:
    return place >= 0 and strong[place] and pieces[place].kind == "clock"


def _day_then_range(pieces: list[Atom], before: Atom | None, place: int, text: str) -> bool:
    """Till and until make times of the numbers on both sides."""
    other = pieces[place + 1]
    if other.kind != "clock":
        return False
    gap = text[pieces[place].end : other.start].strip()
    if gap == "," and _NOT_BEFORE.search(text, max(0, pieces[place].start - 40), pieces[place].start):
        return True
    return gap in ("till", "til", "until", "not", ", not") or (
        gap in ("-", "to") and before is None and text.strip() == text[pieces[place].start : other.end]
    )


def _answers(atom: Atom, pieces: list[Atom], text: str) -> bool:
    """Where a time was asked: could we say 3? 11 is good."""
    if not atom.weak:
        return False
    numbers = [each for each in pieces if each.weak]
    first, last = numbers[0], numbers[-1]
    gaps = [(text, one.end, other.start) for one, other in pairwise(numbers)]
    if len(numbers) > 3 or not all(_OR.fullmatch(*gap) or CORRECTION.fullmatch(*gap) for gap in gaps):
        return False
    if text[atom.start : atom.end] == "one" and len(text) > 14:
        return False
    head = max((each.end for each in pieces if not each.weak and each.end <= first.start), default=0)
    tail = min((each.start for each in pieces if not each.weak and each.start >= last.end), default=len(text))
    return (
        _ANSWERED.fullmatch(text, head, first.start) is not None
        and _ANSWER_ENDS.fullmatch(text, last.end, tail) is not None
    )
