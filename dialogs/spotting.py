"""Words that a flow or a view knows by themselves, told apart from all others at next to no cost."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spotted:
    """A pattern with stems of which every match holds one: most folded texts hold none, and are not searched."""

    stems: tuple[str, ...]
    pattern: re.Pattern[str]

    def search(self, text: str) -> re.Match[str] | None:
        """Find the pattern in a folded text."""
        for stem in self.stems:
            if stem in text:
                return self.pattern.search(text)
        return None
