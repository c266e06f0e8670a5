"""English time words as people type them in a hurry, put right before they are read, with the way back."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
# Long enough that one slip leaves them recognisable.
_WORDS = (
    "monday tuesday wednesday thursday friday saturday sunday january february august september october november "
    "december tomorrow tonight yesterday morning afternoon evening weekend midnight midday lunchtime fortnight quarter "
    "minutes minute christmas immediately anytime o'clock beginning between"
).split()
# Words of their own that lie one slip away.
_REAL = frozenset(
    "mourning moaning corning horning sundae sundry minuet minuted minuter quartet quarters augusta gusts gust "
    "eventing weekender middays fridge sunda mondays monda morningside octobers betweens anytimes quartern"
    " novembers".split()
)
_KNOWN = {
    "tommorow": "tomorrow", "tommorrows": "tomorrow", "tomoro": "tomorrow", "tomoz": "tomorrow", "tomo": "tomorrow",
    "tmrw": "tomorrow", "tmr": "tomorrow", "tmrow": "tomorrow", "tmw": "tomorrow", "tmoro": "tomorrow",
    "tmorro": "tomorrow", "tomorro": "tomorrow", "tomrw": "tomorrow", "tomrow": "tomorrow", "tommrow": "tomorrow",
    "tomozz": "tomorrow", "morrow": "tomorrow", "tomos": "tomorrow", "2moro": "tomorrow", "2morrow": "tomorrow",
    "2morro": "tomorrow", "2mrw": "tomorrow", "2mr": "tomorrow", "2mro": "tomorrow", "2moz": "tomorrow",
    "2mora": "tomorrow", "tommoro": "tomorrow", "tommorro": "tomorrow", "tonite": "tonight", "2nite": "tonight",
    "2night": "tonight", "2nt": "tonight", "tnite": "tonight", "tnight": "tonight", "2day": "today", "tody": "today",
    "todya": "today", "todat": "today", "2dy": "today", "tday": "today", "nite": "night", "nght": "night",
    "wensday": "wednesday", "wendsday": "wednesday", "wedsday": "wednesday", "wensdy": "wednesday",
    "wendesday": "wednesday", "wednsdy": "wednesday", "wedneday": "wednesday", "tusday": "tuesday",
    "tueday": "tuesday", "teusday": "tuesday", "thurdsay": "thursday", "thirsday": "thursday", "satday": "saturday",
    "satdy": "saturday", "satrday": "saturday", "saturdy": "saturday", "frday": "friday", "fryday": "friday",
    "arvo": "afternoon", "afternn": "afternoon", "afternoom": "afternoon", "mornin": "morning", "aftn": "afternoon",
    "morn": "morning", "evnin": "evening", "evng": "evening", "evining": "evening", "eves": "evenings",
    "wknd": "weekend", "wkend": "weekend", "wkd": "weekend", "weekand": "weekend",
    "nxt": "next", "b4": "before", "oclock": "o'clock", "oclok": "o'clock", "ocklock": "o'clock",
    "janurary": "january", "jan'": "jan", "febuary": "february", "feburary": "february", "arpil": "april",
    "aprl": "april", "apirl": "april", "agust": "august", "ocotber": "october", "xmas": "christmas",
    "chrimbo": "christmas", "xmass": "christmas", "crimbo": "christmas", "noom": "noon", "nooon": "noon",
    "midnite": "midnight", "hrz": "hrs", "hous": "hours", "horus": "hours", "huor": "hour",
    "mns": "minutes", "qtr": "quarter",
    "untill": "until", "utnil": "until", "untl": "until", "btwn": "between", "betwen": "between",
    "arround": "around", "aroud": "around", "arnd": "around", "aftr": "after", "befor": "before", "beofre": "before",
    "assap": "asap", "asaap": "asap", "aasp": "asap", "imediately": "immediately",
    "immediatly": "immediately", "imediatly": "immediately", "immediatley": "immediately", "fortnite": "fortnight",
    "lunchtme": "lunchtime", "haf": "half", "hlf": "half",
}  # fmt: skip
_WORD = re.compile(r"(?<![a-z])(?:2[a-z]+|b4|[a-z]+)")


def _slips(word: str) -> Iterator[str]:
    """Everything one missing, doubled, wrong or swapped letter makes of a word."""
    for place in range(len(word)):
        head, tail = word[:place], word[place:]
        yield head + tail[1:]
        for letter in _LETTERS:
            if place:
                yield head + letter + tail[1:]
            yield head + letter + tail
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
    yield from (word + letter for letter in _LETTERS if letter != "s")


def _table() -> dict[str, str]:
    table: dict[str, str] = {}
    for word in _WORDS:
        for slip in _slips(word):
            if slip != word and slip not in _REAL and (slip not in table or slip[0] == word[0]):
                table[slip] = word
    return {slip: word for slip, word in (table | _KNOWN).items() if slip not in _WORDS}


_RIGHT = _table()


@dataclass(frozen=True, slots=True)
class Mended:
    """A text with its time words put right; before() leads back."""

    text: str
    _places: tuple[int, ...]
    _shifts: tuple[int, ...]

    def before(self, place: int) -> int:
        """Where this place was before the mending."""
        return place - self._shifts[bisect_right(self._places, place) - 1]


def mend(text: str) -> Mended | None:
    """The folded text with misspelt time words put right, or none when there is nothing to mend."""
    if _RIGHT.keys().isdisjoint(_WORD.findall(text)):
        return None
    parts, places, shifts, reach, shift = [], [0], [0], 0, 0
    for match in _WORD.finditer(text):
        right = _RIGHT.get(match.group())
        if right is None:
            continue
        parts += [text[reach : match.start()], right]
        reach = match.end()
        shift += len(right) - len(match.group())
        places.append(reach + shift)
        shifts.append(shift)
    return Mended("".join([*parts, text[reach:]]), tuple(places), tuple(shifts))
