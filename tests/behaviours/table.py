"""The 47 behaviours in few words, what keeps each, and the few that still wait for a part of the product."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

DOORS: Final = ("web", "telegram", "wechat")
FOLDER: Final = Path(__file__).parent

SECTIONS: Final = {
    "Turn shape": range(1, 7),
    "Filling": range(7, 14),
    "Correction, interruption, resuming": range(14, 25),
    "Confirming and money": range(25, 31),
    "Between several people": range(31, 36),
    "Notifications": range(36, 41),
    "Human, tone, language": range(41, 48),
}

BEHAVIOURS: Final = {
    1: "Each question has choices; a tap, a number, the label and free words answer it alike",
    2: "One question a turn, and never for what was said already",
    3: "Eight choices at most; the list stays while its pages are turned",
    4: "Back, cancel and a human within reach everywhere",
    5: "The same script ends in the same order through every door",
    6: "A newer question replaces the older; old numbers and buttons are told so",
    7: "Words are matched to closed lists; nothing invented is stored",
    8: "Relative times are worked out where the visit is, and echoed in full; real doubt is asked",
    9: "Each rule that forbids a time, a place or a customer has its own words and shows what can be had",
    10: "Loose words for a service are read back with what it includes",
    11: "Misses: reason and example, then fewer choices, then a human; nothing is lost",
    12: "A time just taken is dropped at once, three others at most are offered, a yes books nothing",
    13: "Not checked is never called full",
    14: "A correction changes what it names, re-checks what rests on it, and says so",
    15: "The newest word wins",
    16: "A question in between is answered once and the pending one comes back once",
    17: "A second task runs on top, then the first is offered again; there is a limit",
    18: "Small talk touches nothing; what can mean several things is asked by name",
    19: "Dropping a booking frees what it held; a paid one goes to the refund preview",
    20: "Back after a pause: the hold counts, then all but the time is kept",
    21: "A restart or another version never shows as an error",
    22: "Old taps are answered and do nothing",
    23: "Bursts and double taps end as slow typing does",
    24: "Repeat repeats; help says what is possible here",
    25: "A summary with every fact first; only a clear yes to it commits",
    26: "A yes counts for the summary shown last",
    27: "The price shown is the price charged",
    28: "Success is said when it is stored: number, link, deadline, one nudge, one tap to revive",
    29: "Money twice, late or after a cancel: the outcome is told and the books balance",
    30: "What a cancel or a move costs is shown before the yes",
    31: "A request is a card with yes, no and another time; both read the same status",
    32: "Until the last yes the old time stands and the new one is kept",
    33: "A technician's reason comes from a list; the customer reads neutral words",
    34: "Who grabs first has it; the others' cards say so",
    35: "No answer: the next is asked; after the last the customer chooses",
    36: "Each event is told once to each person",
    37: "No reminder too late, none of a visit that moved or died",
    38: "At night only what cannot wait rings",
    39: "On WeChat a closed window is never called sent; an operator sees what could not be told",
    40: "A reminder asks; unanswered it asks once more, then the house is told",
    41: "A human takes over with a summary, the bot is silent, the way back is announced",
    42: "Nobody free: an honest wait, soothed once, and back to the bot",
    43: "Nobody reaches another's commands or orders by typing them",
    44: "Three languages, each all the way",
    45: "Address and phone only while the work needs them; delete my data works",
    46: "Words that look like commands stay words",
    47: "A reply within a second",
}

WAITS: Final = {
    34: "offers go to one person at a time; waves that several may grab from come with dispatch in waves",
}
"""Behaviours that no test can keep yet, with what they wait for."""

PARTLY: Final = {
    39: "the fall-back to template messages and SMS waits for an account with approved templates and an SMS provider",
}
"""Behaviours kept but for a part that waits for something outside."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One test and what it says it keeps."""

    file: str
    name: str
    numbers: tuple[int, ...]
    doors: tuple[str, ...]


def kept() -> Iterator[Kept]:
    """Read from the tests themselves which behaviours they keep, and through which doors."""
    for path in sorted(FOLDER.glob("test_*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                for mark in node.decorator_list:
                    if isinstance(mark, ast.Call) and getattr(mark.func, "id", "") == "behaviour":
                        numbers = tuple(ast.literal_eval(one) for one in mark.args)
                        doors = next(
                            (ast.literal_eval(one.value) for one in mark.keywords if one.arg == "doors"), DOORS
                        )
                        yield Kept(path.name, node.name, numbers, doors)


def table() -> str:
    """Return the behaviours with their tests and doors, as the manual shows them."""
    tests = tuple(kept())
    lines = []
    for section, numbers in SECTIONS.items():
        lines += [f"### {section}", "", "| no. | behaviour | doors | tests |", "| --- | --- | --- | --- |"]
        lines += [_line(number, [one for one in tests if number in one.numbers]) for number in numbers]
        lines += [""]
    return "\n".join(lines).rstrip()


def waiting() -> str:
    """Return what still waits, as the manual shows it."""
    lines = [f"- {number}: {why}." for number, why in WAITS.items()]
    lines += [f"- {number}, in part: {why}." for number, why in PARTLY.items()]
    return "\n".join(lines)


def _line(number: int, tests: list[Kept]) -> str:
    doors = [door for door in DOORS if any(door in one.doors for one in tests)]
    names = "<br>".join(f"`{one.file}`: {_sentence(one.name)}" for one in tests)
    return f"| {number} | {BEHAVIOURS[number]} | {', '.join(doors) or 'none yet'} | {names or 'waits'} |"


def _sentence(name: str) -> str:
    """Return the name of a test as the words it stands for."""
    return name.removeprefix("test_").replace("_", " ").replace(" s ", "'s ")
