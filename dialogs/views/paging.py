"""Long lists in views: eight at most at a time, frozen while somebody turns the pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dialogs.engine.actions import Look, plain
from dialogs.engine.step import Step
from dialogs.engine.talk import MOST_CHOICES, MOST_LISTED
from dialogs.outgoing import Button


@dataclass(frozen=True, slots=True)
class Page:
    """The ids of one page, and the button to the next one when there are more."""

    ids: tuple[int, ...]
    more: tuple[Button, ...]
    total: int


def page_of(step: Step, view: str, about: dict[str, Any], ids: Sequence[int]) -> Page:
    """Return the page that `about` asks for: of the list it carries from the first page, else of `ids`."""
    listed = [int(one) for one in about.get("ids") or ids][:MOST_LISTED]
    if len(listed) <= MOST_CHOICES:
        return Page(tuple(listed), (), len(listed))
    per_page = MOST_CHOICES - 1
    page = int(about.get("page") or 0) % -(-len(listed) // per_page)
    rest = {key: value for key, value in about.items() if key not in ("ids", "page")}
    following = Look(view, rest | {"ids": listed, "page": page + 1})
    more = (Button(step.say("word.more"), plain(following)),)
    return Page(tuple(listed[page * per_page : (page + 1) * per_page]), more, len(listed))
