"""What is said of a setting that is not understood, and of a variable that is no setting at all."""

import difflib
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

from pydantic_core import ErrorDetails

_OURS: Final = ("MENLING_", "TELEGRAM_", "WECHAT_", "RASA_")
_OTHERS: Final = ("RASA_TELEMETRY_", "RASA_X_", "MENLING_TEST_", "MENLING_CRASH")  # Rasa's own, and those of tests
_NEAR: Final = 0.75
_SHAPES: Final[Mapping[str, str]] = {
    "TELEGRAM_NAME": "the bot's user name without @, such as menling_bot",
    "MENLING_CURRENCY": "three capital letters, such as CNY",
}
_KINDS: Final[Mapping[str, str]] = {
    "bool_parsing": "say 1 or 0",
    "bool_type": "say 1 or 0",
    "int_parsing": "say a whole number",
    "int_from_float": "say a whole number",
    "int_parsing_size": "say a smaller number",
    "float_parsing": "say a number",
    "finite_number": "say a number",
}
_BOUNDS: Final = {
    "greater_than_equal": ("at least", "ge"),
    "greater_than": ("more than", "gt"),
    "less_than_equal": ("at most", "le"),
    "less_than": ("less than", "lt"),
}


def misread(variable: str, error: ErrorDetails) -> str:
    """Return the sentence for a variable whose value is not understood; the value itself is never shown."""
    return f"{variable} is not understood: {_wanted(variable, error)}."


def strangers(environ: Iterable[str], known: Collection[str]) -> tuple[tuple[str, str], ...]:
    """Return the variables that look like ours and are none, each with the known name nearest to it, or nothing."""
    names = sorted(name for name in environ if name.startswith(_OURS) and not name.startswith(_OTHERS))
    return tuple((name, _nearest(name, known)) for name in names if name not in known)


def _wanted(variable: str, error: ErrorDetails) -> str:
    kind, facts = error["type"], error.get("ctx", {})
    if variable in _SHAPES:
        return _SHAPES[variable]
    if kind in _BOUNDS:
        words, limit = _BOUNDS[kind]
        return f"say a number, {words} {facts[limit]:g}"
    if kind == "literal_error":
        return f"say {_choices(facts)}"
    return _KINDS.get(kind, "it is not of the kind the manual tells")


def _choices(facts: Mapping[str, Any]) -> str:
    """Return the words that may be said; nothing at all may be, wherever it is among them, and needs no word."""
    return str(facts["expected"]).replace("'', ", "").replace("'", "")


def _nearest(name: str, known: Collection[str]) -> str:
    found = difflib.get_close_matches(name, known, n=1, cutoff=_NEAR)
    return found[0] if found else ""
